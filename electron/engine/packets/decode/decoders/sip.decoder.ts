import { ascii, lineFeed, lineText, text } from '../bytes-text.ts'
import { defineDecoder, type Facts, type Message } from '../define.ts'
import { address, headers, media } from '../sip-message.ts'

const METHODS = [
  'INVITE', 'ACK', 'BYE', 'CANCEL', 'OPTIONS', 'REGISTER', 'INFO', 'MESSAGE', 'NOTIFY', 'PRACK', 'PUBLISH', 'REFER', 'SUBSCRIBE', 'UPDATE',
] as const // prettier-ignore
/** Longest header of a message over TCP. */
const MOST_HEADER = 64 << 10

/** True where the bytes begin as a message does; a first line that is not whole yet is no reason against it. */
function begins(data: Uint8Array, from: number, to: number): boolean {
  const start = ascii(data, from, Math.min(to, from + 12))
  return start.startsWith('SIP/2.0 ') || METHODS.some((method) => start.startsWith(`${method} `))
}

function addresses(name: 'from' | 'to', value: string, at: number, length: number, out: Facts): void {
  const found = address(value)
  if (found.address !== '') out.fact(`sip.${name}.addr`, `${found.scheme}${found.address}`, at, length)
  if (found.user !== '') out.fact(`sip.${name}.user`, found.user, at, length)
  if (found.host !== '') out.fact(`sip.${name}.host`, found.host, at, length)
}

/** What the first line says, without the headers. */
function firstLine(m: Message, to: number, out: Facts): { readonly kind: 'request' | 'status'; readonly line: string } | null {
  const { data, from } = m
  const line = text(data, from, to, 2048)
  if (line.startsWith('SIP/2.0 ')) {
    const code = Number.parseInt(line.slice(8, 11), 10)
    if (!(code >= 100 && code < 1000)) return null
    out.fact('sip.Status-Line', line, from, to - from)
    out.fact('sip.Status-Code', code, from + 8, 3)
    return { kind: 'status', line: `Status: ${line.slice(8)}` }
  }
  const space = line.indexOf(' ')
  const second = line.indexOf(' ', space + 1)
  if (space <= 0 || second < 0 || !line.startsWith('SIP/', second + 1)) return null
  const method = line.slice(0, space)
  const target = line.slice(space + 1, second)
  out.fact('sip.Request-Line', line, from, to - from)
  out.fact('sip.Method', method, from, space)
  out.fact('sip.r-uri', target, from + space + 1, second - space - 1)
  return { kind: 'request', line: `Request: ${method} ${target}` }
}

export default defineDecoder({
  id: 'sip',
  title: 'SIP',
  spec: 'https://www.rfc-editor.org/rfc/rfc3261',
  doc: 'SIP requests and answers over UDP and TCP: method, addresses, call, user agent. Where a body names them, the media streams that follow are read as RTP.',
  also: ['sdp'],
  on: [
    { table: 'udpPort', keys: [5060] },
    { table: 'tcpPort', keys: [5060] },
  ],
  fields: [
    { name: 'sip.Request-Line', type: 'text', doc: 'First line of a request' },
    { name: 'sip.Method', type: 'text', doc: 'Method' },
    { name: 'sip.r-uri', type: 'text', doc: 'What is asked for' },
    { name: 'sip.Status-Line', type: 'text', doc: 'First line of an answer' },
    { name: 'sip.Status-Code', type: 'uint', doc: 'Status' },
    { name: 'sip.From', type: 'text', doc: 'From' },
    { name: 'sip.from.addr', type: 'text', doc: 'Address of the caller' },
    { name: 'sip.from.user', type: 'text', doc: 'User of the caller' },
    { name: 'sip.from.host', type: 'text', doc: 'Host of the caller' },
    { name: 'sip.To', type: 'text', doc: 'To' },
    { name: 'sip.to.addr', type: 'text', doc: 'Address of the called' },
    { name: 'sip.to.user', type: 'text', doc: 'User of the called' },
    { name: 'sip.to.host', type: 'text', doc: 'Host of the called' },
    { name: 'sip.Call-ID', type: 'text', doc: 'Call' },
    { name: 'sip.CSeq', type: 'text', doc: 'Sequence of the call' },
    { name: 'sip.User-Agent', type: 'text', doc: 'User agent' },
    { name: 'sip.Contact', type: 'text', doc: 'Contact' },
  ],
  stream: {
    length(data, from, to) {
      // An empty line keeps a connection alive.
      if (data[from] === 13 || data[from] === 10) {
        let at = from
        while (at < to && (data[at] === 13 || data[at] === 10)) at++
        return at - from
      }
      if (to - from < 12) return 0
      if (!begins(data, from, to)) return -1
      for (let at = from; at < to;) {
        const feed = lineFeed(data, at, to)
        if (feed < 0) return to - from > MOST_HEADER ? -1 : 0
        if (lineText(data, at, feed) === at) {
          const length = headers(data, from, feed + 1).list.find(({ name }) => name === 'content-length')
          const bytes = length === undefined ? 0 : Number.parseInt(length.value, 10)
          return feed + 1 - from + (bytes >= 0 && bytes <= 1 << 24 ? bytes : 0)
        }
        at = feed + 1
        if (at - from > MOST_HEADER) return -1
      }
      return 0
    },
  },
  guess: (data, from, to) => to - from >= 12 && begins(data, from, to) && ascii(data, from, to, 512).includes('SIP/2.0'),
  message(m, _, out) {
    const { data, from, to } = m
    if (data[from] === 13 || data[from] === 10 || (to - from <= 4 && data[from] === 0)) return out.line('Keep alive')
    const feed = lineFeed(data, from, to)
    const first = firstLine(m, feed < 0 ? to : lineText(data, from, feed), out)
    if (first === null) return out.line('Continuation')
    let line = first.line
    let described = false
    const { list, body } = headers(data, feed < 0 ? to : feed + 1, to)
    for (const { name, value, from: at, length } of list) {
      if (name === 'from' || name === 'to') {
        out.fact(name === 'from' ? 'sip.From' : 'sip.To', value, at, length)
        addresses(name, value, at, length, out)
      } else if (name === 'call-id') out.fact('sip.Call-ID', value, at, length)
      else if (name === 'user-agent') out.fact('sip.User-Agent', value, at, length)
      else if (name === 'contact') out.fact('sip.Contact', value, at, length)
      else if (name === 'content-type') described = value.toLowerCase().startsWith('application/sdp')
      else if (name === 'cseq') {
        out.fact('sip.CSeq', value, at, length)
        if (first.kind === 'status') line += ` (${value.split(/\s+/)[1] ?? ''})`
      }
    }
    if (described && body < to) {
      out.layer('sdp')
      for (const { kind, address: host, port } of media(data, body, to)) {
        if (kind !== 'audio' && kind !== 'video') continue
        out.expect('rtp', 'udp', host, port)
        out.expect('rtcp', 'udp', host, port + 1)
      }
    }
    out.line(`${line} | `)
    out.protocol(described && body < to ? 'SIP/SDP' : 'SIP')
  },
  examples: [
    {
      name: 'a call with its media',
      messages: {
        transport: 'udp',
        port: 5060,
        sent: [
          {
            by: 0,
            text: 'INVITE sip:bob@example.com SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKa1\r\nFrom: "Alice" <sip:alice@example.com>;tag=1\r\nTo: <sip:bob@example.com>\r\nCall-ID: a1b2c3@192.0.2.1\r\nCSeq: 1 INVITE\r\nUser-Agent: Phone/1.0\r\nContent-Type: application/sdp\r\nContent-Length: 80\r\n\r\nv=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nm=audio 4000 RTP/AVP 0\r\n',
          },
          {
            by: 1,
            text: 'SIP/2.0 200 OK\r\nf: <sip:alice@example.com>;tag=1\r\nt: <sip:bob@example.com>;tag=2\r\ni: a1b2c3@192.0.2.1\r\nCSeq: 1 INVITE\r\nl: 0\r\n\r\n',
          },
        ],
      },
      expect: {
        stack: 'sip:sdp',
        line: 'Request: INVITE sip:bob@example.com | ',
        facts: {
          'sip.Method': 'INVITE',
          'sip.r-uri': 'sip:bob@example.com',
          'sip.from.user': 'alice',
          'sip.to.addr': 'sip:bob@example.com',
          'sip.Call-ID': 'a1b2c3@192.0.2.1',
          'sip.User-Agent': 'Phone/1.0',
          'sip.Status-Code': 200,
        },
      },
    },
    {
      name: 'the same over TCP',
      messages: {
        transport: 'tcp',
        port: 5060,
        sent: [
          {
            by: 0,
            text: 'INVITE sip:bob@example.com SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKa1\r\nFrom: "Alice" <sip:alice@example.com>;tag=1\r\nTo: <sip:bob@example.com>\r\nCall-ID: a1b2c3@192.0.2.1\r\nCSeq: 1 INVITE\r\nUser-Agent: Phone/1.0\r\nContent-Type: application/sdp\r\nContent-Length: 80\r\n\r\nv=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nm=audio 4000 RTP/AVP 0\r\n',
          },
          {
            by: 1,
            text: 'SIP/2.0 200 OK\r\nf: <sip:alice@example.com>;tag=1\r\nt: <sip:bob@example.com>;tag=2\r\ni: a1b2c3@192.0.2.1\r\nCSeq: 1 INVITE\r\nl: 0\r\n\r\n',
          },
        ],
      },
      expect: {
        stack: 'sip:sdp',
        line: 'Status: 200 OK (INVITE) | ',
        facts: {
          'sip.CSeq': '1 INVITE',
        },
      },
    },
  ],
})
