import { printable } from '../bytes-text.ts'
import { defineDecoder, type Facts, type Message } from '../define.ts'
import { lineEnd, lineLength, readCommand } from '../lines.ts'
import { DottedText } from '../mail/dotted-text.ts'
import { handMail } from '../mail/hand-mail.ts'

const MOST_WAITING = 256
/** Commands that are answered by many lines, as soon as they are answered well. */
const LONG = ['RETR', 'TOP', 'LIST', 'UIDL', 'CAPA']

interface PopFlow {
  /** Commands without a reply, oldest first. */
  readonly waiting: string[]
  /** The answer that is being sent, and whether it is a mail. */
  text: DottedText | null
  mail: boolean
}

function request(m: Message, flow: PopFlow, out: Facts): void {
  const { data, from, to } = m
  const { word, wordEnd, rest, restAt, end } = readCommand(data, from, to)
  const upper = word.toUpperCase()
  out.fact('pop.request.command', word, from, wordEnd - from)
  if (rest !== '') out.fact('pop.request.parameter', rest, restAt, end - restAt)
  out.line(`C: ${word}${rest === '' ? '' : ` ${rest}`}`)
  if (flow.waiting.length >= MOST_WAITING) flow.waiting.shift()
  // LIST and UIDL of one message are answered by one line.
  flow.waiting.push((upper === 'LIST' || upper === 'UIDL') && rest !== '' ? '' : upper)
}

function response(m: Message, flow: PopFlow, out: Facts): void {
  const { data, from, to } = m
  const { word, wordEnd, rest, restAt, end } = readCommand(data, from, to)
  out.fact('pop.response.indicator', word, from, wordEnd - from)
  if (rest !== '') out.fact('pop.response.description', rest, restAt, end - restAt)
  out.line(`S: ${printable(data, from, lineEnd(data, from, to), 1024)}`)
  // A challenge is no answer yet.
  if (word === '+') return
  const answered = flow.waiting.shift() ?? ''
  if (word !== '+OK') return
  if (answered === 'STLS') out.become('tls')
  else if (LONG.includes(answered)) {
    flow.text = new DottedText()
    flow.mail = answered === 'RETR' || answered === 'TOP'
  }
}

function piece(m: Message, flow: PopFlow, text: DottedText, out: Facts): void {
  text.take(m.data, m.from, m.to, out.wantsObjects)
  if (!flow.mail || !text.ends) out.line(`S: DATA fragment, ${m.to - m.from} bytes`)
  if (!text.ends) return
  flow.text = null
  if (!flow.mail) return
  handMail(text.text(), m.source, !text.dropped, out)
  out.protocol('POP/IMF')
}

export default defineDecoder<PopFlow>({
  id: 'pop',
  title: 'POP',
  spec: 'https://www.rfc-editor.org/rfc/rfc1939',
  doc: 'Commands and answers of POP3, and the mails that are fetched; behind STLS it is TLS.',
  on: [{ table: 'tcpPort', keys: [110] }],
  fields: [
    { name: 'pop.request.command', type: 'text', doc: 'Command' },
    { name: 'pop.request.parameter', type: 'text', doc: 'What stands behind the command' },
    { name: 'pop.response.indicator', type: 'text', doc: '+OK or -ERR' },
    { name: 'pop.response.description', type: 'text', doc: 'Text of the answer' },
  ],
  begin: () => ({ waiting: [], text: null, mail: false }),
  stream: {
    length: (data, from, to, direction, { text }) =>
      direction === 1 && text !== null ? text.length(data, from, to) : lineLength(data, from, to),
  },
  message(m, flow, out) {
    if (m.direction === 0) request(m, flow, out)
    else if (flow.text !== null) piece(m, flow, flow.text, out)
    else response(m, flow, out)
  },
  examples: [
    {
      name: 'a mail is fetched',
      messages: {
        transport: 'tcp',
        port: 110,
        sent: [
          { by: 1, text: '+OK ready\r\n' },
          { by: 0, text: 'USER amy\r\n' },
          { by: 1, text: '+OK\r\n' },
          { by: 0, text: 'RETR 1\r\n' },
          { by: 1, text: '+OK 40 octets\r\nSubject: hi\r\n\r\nhello\r\n.\r\n' },
          { by: 0, text: 'QUIT\r\n' },
          { by: 1, text: '+OK bye\r\n' },
        ],
      },
      expect: {
        line: 'S: +OK bye',
        facts: { 'pop.request.command': ['USER', 'RETR', 'QUIT'], 'imf.subject': 'hi' },
      },
    },
  ],
})
