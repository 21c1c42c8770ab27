import { ascii, printable } from '../bytes-text.ts'
import { defineDecoder, type Facts, type Message } from '../define.ts'
import { lineEnd, lineLength, readCommand } from '../lines.ts'
import { handMail } from '../mail/hand-mail.ts'

const MOST_WAITING = 64

interface ImapFlow {
  /** Tags of STARTTLS without an answer. */
  readonly starting: string[]
}

/** Bytes of the literal that the line ends with (RFC 9051, section 4.3); -1 where it has none. */
function literal(data: Uint8Array, from: number, end: number): number {
  if (data[end - 1] !== 125) return -1
  let size = 0
  let place = 1
  let i = end - 2
  if (data[i] === 43) i--
  const last = i
  for (; i >= from && last - i < 10 && data[i]! >= 48 && data[i]! <= 57; i--) {
    size += (data[i]! - 48) * place
    place *= 10
  }
  return data[i] === 123 && i < last ? size : -1
}

/** The user of a LOGIN, with or without quotes. */
const firstWord = (text: string): string =>
  text.startsWith('"') ? text.slice(1, Math.max(1, text.indexOf('"', 1))) : text.split(' ', 1)[0]!

function request(m: Message, flow: ImapFlow, out: Facts): void {
  const { data, from, to } = m
  const tag = readCommand(data, from, to)
  const { word, wordEnd, rest, restAt } = readCommand(data, tag.restAt, to)
  out.fact('imap.isrequest', true)
  if (word === '') return out.line(`Request: ${tag.word}`)
  out.fact('imap.request_tag', tag.word, from, tag.wordEnd - from)
  out.fact('imap.request.command', word, tag.restAt, wordEnd - tag.restAt)
  const upper = word.toUpperCase()
  if (upper === 'LOGIN') {
    out.fact('imap.request.username', firstWord(rest), restAt)
  }
  out.line(`Request: ${printable(data, from, tag.end, 1024)}`)
  if (upper === 'STARTTLS' && flow.starting.length < MOST_WAITING) flow.starting.push(tag.word)
}

function response(m: Message, flow: ImapFlow, out: Facts): void {
  const { data, from, to } = m
  const tag = readCommand(data, from, to)
  const { word } = readCommand(data, tag.restAt, to)
  out.fact('imap.isrequest', false)
  out.fact('imap.response_tag', tag.word, from, tag.wordEnd - from)
  if (/^(OK|NO|BAD|PREAUTH|BYE)$/i.test(word)) out.fact('imap.response.status', word, tag.restAt, word.length)
  out.line(`Response: ${printable(data, from, tag.end, 1024)}`)
  const size = literal(data, from, tag.end)
  const body = to - size
  if (size > 0 && body > from && /BODY(\.PEEK)?\[\]|RFC822 \{/i.test(ascii(data, from, tag.end))) {
    handMail(data.subarray(lineStart(data, tag.end, to), to), m.source, m.to - m.from >= m.length, out)
    out.protocol('IMAP/IMF')
  }
  const started = flow.starting.indexOf(tag.word)
  if (started < 0) return
  flow.starting.splice(started, 1)
  if (word.toUpperCase() === 'OK') out.become('tls')
}
function lineStart(data: Uint8Array, end: number, to: number): number {
  const feed = data.indexOf(10, end)
  return feed < 0 ? to : Math.min(to, feed + 1)
}

export default defineDecoder<ImapFlow>({
  id: 'imap',
  title: 'IMAP',
  spec: 'https://www.rfc-editor.org/rfc/rfc9051',
  doc: 'Commands and answers, the user of a login, and mails that are fetched as a whole; behind STARTTLS it is TLS.',
  on: [{ table: 'tcpPort', keys: [143] }],
  fields: [
    { name: 'imap.isrequest', type: 'bool', doc: 'A command' },
    { name: 'imap.request_tag', type: 'text', doc: 'Tag of a command' },
    { name: 'imap.request.command', type: 'text', doc: 'Command' },
    { name: 'imap.request.username', type: 'text', doc: 'User of a login' },
    { name: 'imap.response_tag', type: 'text', doc: 'Tag of an answer' },
    { name: 'imap.response.status', type: 'text', doc: 'Status of an answer' },
  ],
  begin: () => ({ starting: [] }),
  stream: {
    length(data, from, to) {
      const line = lineLength(data, from, to)
      if (line <= 0) return line
      const size = literal(data, from, lineEnd(data, from, from + line))
      // What stands behind a literal is read as another line.
      return size > 0 ? line + size : line
    },
  },
  message(m, flow, out) {
    if (m.direction === 0) request(m, flow, out)
    else response(m, flow, out)
  },
  examples: [
    {
      name: 'a login and a mail',
      messages: {
        transport: 'tcp',
        port: 143,
        sent: [
          { by: 1, text: '* OK ready\r\n' },
          { by: 0, text: 'a1 LOGIN "amy" secret\r\n' },
          { by: 1, text: 'a1 OK in\r\n' },
          { by: 0, text: 'a2 FETCH 1 BODY[]\r\n' },
          { by: 1, text: '* 1 FETCH (BODY[] {20}\r\nSubject: hi\r\n\r\nhello)\r\n' },
          { by: 1, text: 'a2 OK done\r\n' },
        ],
      },
      expect: {
        line: 'Response: a2 OK done',
        facts: { 'imap.request.username': 'amy', 'imap.request.command': ['LOGIN', 'FETCH'], 'imf.subject': 'hi' },
      },
    },
  ],
})
