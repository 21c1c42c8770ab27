import { ascii, isWord, printable } from '../bytes-text.ts'
import { defineDecoder, type Facts, type Message } from '../define.ts'
import { lineEnd, lineLength, readCommand, replyCode, replyLength } from '../lines.ts'
import { DottedText } from '../mail/dotted-text.ts'
import { handMail } from '../mail/hand-mail.ts'

const MOST_WAITING = 256

interface SmtpFlow {
  /** The mail that is being sent. */
  mail: DottedText | null
  /** What the client sends: commands, a mail up to a dot, a chunk of one (BDAT, RFC 3030). */
  mode: 'command' | 'dots' | 'chunk'
  /** Bytes of the chunk that are to come, and whether it is the last. */
  chunk: number
  lastChunk: boolean
  /** Commands without a reply, oldest first. */
  readonly waiting: string[]
  /** What the client's next line is, where it is no command. */
  login: 'user' | 'password' | 'plain' | 'other' | null
}

const base64 = (text: string): Buffer => Buffer.from(text.slice(0, 4096), 'base64')

/** The user of a PLAIN response: identity, user and password with zeros between (RFC 4616). */
function plainUser(text: string): string {
  const bytes = base64(text)
  const first = bytes.indexOf(0)
  const second = bytes.indexOf(0, first + 1)
  return first < 0 || second < 0 ? '' : printable(bytes, first + 1, second, 256)
}

function user(name: string, out: Facts): void {
  if (name !== '') out.fact('smtp.auth.user', name)
}

/** A line of the client that answers a challenge. */
function answer(m: Message, flow: SmtpFlow, out: Facts): void {
  const text = ascii(m.data, m.from, lineEnd(m.data, m.from, m.to))
  if (flow.login === 'user') user(printable(base64(text), 0, 256), out)
  else if (flow.login === 'plain') user(plainUser(text), out)
  out.line(flow.login === 'user' ? `C: User: ${text}` : flow.login === 'password' ? `C: Pass: ${text}` : `C: ${text}`)
  flow.login = flow.login === 'user' ? 'password' : null
}

function command(m: Message, flow: SmtpFlow, out: Facts): void {
  const { data, from, to } = m
  const { word, wordEnd, rest, restAt, end } = readCommand(data, from, to)
  const upper = word.toUpperCase()
  out.fact('smtp.req', true)
  out.fact('smtp.req.command', word, from, wordEnd - from)
  if (rest !== '') out.fact('smtp.req.parameter', rest, restAt, end - restAt)
  out.line(`C: ${word}${rest === '' ? '' : ` ${rest}`}`)
  if (flow.waiting.length >= MOST_WAITING) flow.waiting.shift()
  flow.waiting.push(upper)
  if (upper === 'DATA') {
    flow.mail = new DottedText()
    flow.mode = 'dots'
  } else if (upper === 'BDAT') {
    const size = Number.parseInt(rest, 10)
    flow.chunk = Number.isSafeInteger(size) && size > 0 ? size : 0
    flow.lastChunk = rest.toUpperCase().includes('LAST')
    flow.mail ??= new DottedText()
    if (flow.chunk > 0) flow.mode = 'chunk'
    else if (flow.lastChunk) mailEnds(m, flow, flow.mail, out)
  } else if (upper === 'AUTH') {
    const [kind = '', initial = ''] = rest.split(' ')
    const method = kind.toUpperCase()
    if (method === 'PLAIN' && initial !== '') user(plainUser(initial), out)
    else if (method === 'LOGIN' && initial !== '') {
      user(printable(base64(initial), 0, 256), out)
      flow.login = 'password'
    } else flow.login = method === 'PLAIN' ? 'plain' : method === 'LOGIN' ? 'user' : 'other'
  }
}

function mailPiece(m: Message, flow: SmtpFlow, mail: DottedText, out: Facts): void {
  const { data, from, to } = m
  const chunked = flow.mode === 'chunk'
  if (chunked) mail.ends = false
  mail.take(data, from, to, out.wantsObjects)
  if (chunked) flow.chunk -= Math.min(flow.chunk, to - from)
  const over = chunked ? flow.chunk === 0 : mail.ends
  if (over) flow.mode = 'command'
  if (over && (!chunked || flow.lastChunk)) mailEnds(m, flow, mail, out, !chunked)
  else {
    out.line(`C: DATA fragment, ${to - from} bytes`)
    out.layer('data-text-lines')
  }
}

function mailEnds(m: Message, flow: SmtpFlow, mail: DottedText, out: Facts, dotted = false): void {
  flow.mail = null
  handMail(dotted ? mail.text() : mail.raw(), m.destination, !mail.dropped, out)
  out.protocol('SMTP/IMF')
}

function reply(m: Message, flow: SmtpFlow, out: Facts): void {
  const { data, from, to } = m
  const shown: string[] = []
  const code = replyCode(data, from, to)
  out.fact('smtp.rsp', true)
  if (code > 0) out.fact('smtp.response.code', code, from, 3)
  for (let at = from, i = 0; at < to && i < 64; i++) {
    const end = lineEnd(data, at, to)
    const text = code > 0 && replyCode(data, at, end) === code ? Math.min(end, at + 4) : at
    const parameter = printable(data, text, end, 1024)
    if (parameter !== '') out.fact('smtp.rsp.parameter', parameter, text, end - text)
    shown.push(i === 0 ? printable(data, at, end, 1024) : parameter)
    const feed = data.indexOf(10, end)
    if (feed < 0) break
    at = feed + 1
  }
  out.line(`S: ${shown.join(' | ')}`)
  const answered = flow.waiting.shift() ?? ''
  if (answered === 'DATA' && code >= 400 && flow.mail !== null && flow.mail.bytes === 0) {
    flow.mail = null
    flow.mode = 'command'
  }
  if (code === 334) flow.waiting.unshift('AUTH')
  else if (answered === 'AUTH') flow.login = null
  // TLS, as a rule: it is known by its first bytes.
  if (answered === 'STARTTLS' && code === 220) out.become('')
}

export default defineDecoder<SmtpFlow>({
  id: 'smtp',
  title: 'SMTP',
  spec: 'https://www.rfc-editor.org/rfc/rfc5321',
  doc: 'Commands and replies, the user of a login, mails by DATA and by BDAT; behind STARTTLS it is TLS.',
  on: [{ table: 'tcpPort', keys: [25, 587, 2525] }],
  also: ['data-text-lines'],
  fields: [
    { name: 'smtp.req', type: 'bool', doc: 'A command' },
    { name: 'smtp.req.command', type: 'text', doc: 'Command' },
    { name: 'smtp.req.parameter', type: 'text', doc: 'What stands behind the command' },
    { name: 'smtp.rsp', type: 'bool', doc: 'A reply' },
    { name: 'smtp.response.code', type: 'uint', doc: 'Code of the reply' },
    { name: 'smtp.rsp.parameter', type: 'text', doc: 'Text of the reply' },
    { name: 'smtp.auth.user', type: 'text', doc: 'User of a login, decoded (own field)' },
  ],
  begin: () => ({ mail: null, mode: 'command', chunk: 0, lastChunk: false, waiting: [], login: null }),
  stream: {
    length(data, from, to, direction, flow) {
      if (direction === 1) return replyLength(data, from, to)
      if (flow.mode === 'chunk') return Math.min(flow.chunk, to - from)
      return flow.mode === 'dots' && flow.mail !== null ? flow.mail.length(data, from, to) : lineLength(data, from, to)
    },
  },
  guess(data, from, to, transport, direction) {
    if (transport !== 'tcp') return false
    if (direction === 0) return isWord(data, from, to, 'EHLO ') || isWord(data, from, to, 'HELO ')
    return replyCode(data, from, to) === 220 && /ESMTP|SMTP/.test(ascii(data, from, Math.min(to, from + 256)))
  },
  message(m, flow, out) {
    if (m.direction === 1) return reply(m, flow, out)
    if (flow.mode !== 'command' && flow.mail !== null) return mailPiece(m, flow, flow.mail, out)
    if (flow.login !== null) return answer(m, flow, out)
    command(m, flow, out)
  },
  examples: [
    {
      name: 'a mail, and the change to TLS',
      messages: {
        transport: 'tcp',
        port: 25,
        sent: [
          { by: 1, text: '220 mx.example ESMTP\r\n' },
          { by: 0, text: 'EHLO a.example\r\n' },
          { by: 1, text: '250-mx.example\r\n250 STARTTLS\r\n' },
          { by: 0, text: 'MAIL FROM:<amy@example.com>\r\nRCPT TO:<bob@example.net>\r\n' },
          { by: 1, text: '250 ok\r\n250 ok\r\n' },
          { by: 0, text: 'STARTTLS\r\n' },
          { by: 1, text: '220 go\r\n' },
          { by: 0, hex: '1503010002 0228' },
        ],
      },
      expect: {
        line: 'S: 250-mx.example | STARTTLS',
        facts: {
          'smtp.req.command': ['EHLO', 'MAIL', 'RCPT', 'STARTTLS'],
          'smtp.response.code': [220, 250, 250, 250, 220],
          'tls.alert_message.desc': 40,
        },
      },
    },
    {
      name: 'a login',
      messages: {
        transport: 'tcp',
        port: 587,
        sent: [
          { by: 0, text: 'AUTH LOGIN\r\n' },
          { by: 1, text: '334 VXNlcm5hbWU6\r\n' },
          { by: 0, text: 'YW15\r\n' },
          { by: 1, text: '334 UGFzc3dvcmQ6\r\n' },
          { by: 0, text: 'c2VjcmV0\r\n' },
          { by: 1, text: '235 ok\r\n' },
        ],
      },
      expect: { facts: { 'smtp.auth.user': 'amy', 'smtp.req.command': 'AUTH' } },
    },
  ],
})
