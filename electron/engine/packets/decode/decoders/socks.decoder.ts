import { ascii, printable } from '../bytes-text.ts'
import { defineDecoder, type Facts, type Message } from '../define.ts'
import { ipv4, ipv6Bytes } from '../text.ts'

interface SocksFlow {
  version: 0 | 4 | 5
  /** Who asks: the one that connected, as a rule; -1 before the greeting. */
  asking: -1 | 0 | 1
  /** What comes next of the client, and of the server. */
  client: 'hello' | 'login' | 'request' | 'done'
  server: 'method' | 'login' | 'reply' | 'done'
}

const COMMANDS: Readonly<Record<number, string>> = { 1: 'Connect', 2: 'Bind', 3: 'UdpAssociate' }

/** Length of an address of version 5 with its type and port; 0 where more is needed, -1 where it is none. */
function addressLength(data: Uint8Array, at: number, to: number): number {
  if (at + 2 > to) return 0
  const type = data[at]!
  return type === 1 ? 7 : type === 4 ? 19 : type === 3 ? 4 + data[at + 1]! : -1
}

function address(m: Message, at: number, to: number, out: Facts): string {
  const { data, view } = m
  const length = addressLength(data, at, to)
  if (length <= 0 || at + length > to) return ''
  const type = data[at]!
  const port = view.getUint16(at + length - 2)
  out.fact('socks.port', port, at + length - 2, 2)
  if (type === 1) {
    out.fact('socks.dst', view.getUint32(at + 1), at + 1, 4)
    return `${ipv4(view.getUint32(at + 1))}:${port}`
  }
  if (type === 4) {
    out.fact('socks.dstV6', data.subarray(at + 1, at + 17), at + 1, 16)
    return `[${ipv6Bytes(data, at + 1)}]:${port}`
  }
  const name = printable(data, at + 2, at + length - 2)
  out.fact('socks.remote_name', name, at + 2, length - 4)
  return `${name}:${port}`
}

/** Behind two strings that end with a zero, of which the second is there where the address says so; 0 where more is needed. */
function fourLength(data: Uint8Array, from: number, to: number): number {
  if (to - from < 9) return 0
  let end = data.indexOf(0, from + 8)
  const named = data[from + 4] === 0 && data[from + 5] === 0 && data[from + 6] === 0 && data[from + 7] !== 0
  if (named && end >= 0 && end < to) end = data.indexOf(0, end + 1)
  return end < 0 || end >= to ? (to - from > 1024 ? -1 : 0) : end + 1 - from
}

function clientLength(data: Uint8Array, from: number, to: number, flow: SocksFlow): number {
  if (to - from < 2) return 0
  if (flow.client === 'hello') {
    if (data[from] === 4) return data[from + 1] === 1 || data[from + 1] === 2 ? fourLength(data, from, to) : -1
    return data[from] === 5 && data[from + 1]! > 0 ? 2 + data[from + 1]! : -1
  }
  if (flow.client === 'login') {
    const user = data[from + 1]!
    if (data[from] !== 1) return -1
    return to - from < 3 + user ? 0 : 3 + user + data[from + 2 + user]!
  }
  if (data[from] !== 5) return -1
  const length = addressLength(data, from + 3, to)
  return length <= 0 ? length : 3 + length
}

function serverLength(data: Uint8Array, from: number, to: number, flow: SocksFlow): number {
  if (flow.version === 4 || data[from] === 0) return to - from < 8 ? 0 : 8
  if (flow.server !== 'reply') return to - from < 2 ? 0 : 2
  const length = addressLength(data, from + 3, to)
  return length <= 0 ? length : 3 + length
}

function client(m: Message, flow: SocksFlow, out: Facts): void {
  const { data, view, from, to } = m
  if (flow.client === 'hello' && data[from] === 4) {
    if (to - from < 9) return out.malformed()
    flow.version = 4
    flow.client = 'done'
    flow.server = 'reply'
    out.fact('socks.version', 4, from, 1)
    out.fact('socks.command', data[from + 1]!, from + 1, 1)
    out.fact('socks.port', view.getUint16(from + 2), from + 2, 2)
    out.fact('socks.dst', view.getUint32(from + 4), from + 4, 4)
    out.line(
      `Version: 4, Command: ${COMMANDS[data[from + 1]!] ?? 'Unknown'}, ${ipv4(view.getUint32(from + 4))}:${view.getUint16(from + 2)}`,
    )
    return
  }
  if (flow.client === 'hello') {
    flow.version = 5
    flow.client = 'request'
    out.fact('socks.version', 5, from, 1)
    out.line('Version: 5')
    return
  }
  if (flow.client === 'login') {
    flow.client = 'request'
    const length = from + 2 <= to ? data[from + 1]! : 0
    out.fact('socks.username', ascii(data, from + 2, Math.min(to, from + 2 + length)), from + 2, length)
    return out.line('Version: 5, User')
  }
  if (to - from < 4) return out.malformed()
  flow.client = 'done'
  flow.server = 'reply'
  out.fact('socks.version', 5, from, 1)
  out.fact('socks.command', data[from + 1]!, from + 1, 1)
  out.line(`Version: 5, Command: ${COMMANDS[data[from + 1]!] ?? 'Unknown'}, ${address(m, from + 3, to, out)}`)
}

function server(m: Message, flow: SocksFlow, out: Facts): void {
  const { data, from, to } = m
  if (to - from < 2) return out.malformed()
  if (flow.version !== 4 && flow.server === 'method') {
    out.fact('socks.auth_accepted_method', data[from + 1]!, from + 1, 1)
    flow.server = 'reply'
    if (data[from + 1] === 2) {
      flow.client = 'login'
      flow.server = 'login'
    }
    return out.line('Version: 5')
  }
  if (flow.version !== 4 && flow.server === 'login') {
    out.fact('socks.auth_status', data[from + 1]!, from + 1, 1)
    flow.server = 'reply'
    return out.line('Version: 5')
  }
  const result = data[from + 1]!
  const good = result === 0 || result === 90
  out.fact('socks.results', result, from + 1, 1)
  out.line(`Version: ${flow.version === 4 ? 4 : 5}, ${good ? 'Granted' : `Refused (${result})`}`)
  // What is carried is known by its first bytes.
  if (good) out.become('', true)
}

export default defineDecoder<SocksFlow>({
  id: 'socks',
  title: 'Socks',
  spec: 'https://www.rfc-editor.org/rfc/rfc1928',
  doc: 'SOCKS 4 and 5 up to the answer of the proxy: user, host and port that are asked for. What follows is read by whoever knows it.',
  on: [{ table: 'tcpPort', keys: [1080] }],
  fields: [
    { name: 'socks.version', type: 'uint', doc: 'Version' },
    { name: 'socks.command', type: 'uint', doc: 'Command' },
    { name: 'socks.dst', type: 'ipv4', doc: 'Address that is asked for' },
    { name: 'socks.dstV6', type: 'ipv6', doc: 'IPv6 address that is asked for' },
    { name: 'socks.remote_name', type: 'text', doc: 'Host that is asked for' },
    { name: 'socks.port', type: 'uint', doc: 'Port that is asked for' },
    { name: 'socks.username', type: 'text', doc: 'User' },
    { name: 'socks.auth_accepted_method', type: 'uint', doc: 'Kind of login that the proxy wants' },
    { name: 'socks.auth_status', type: 'uint', doc: 'Result of the login' },
    { name: 'socks.results', type: 'uint', doc: 'Answer of the proxy' },
  ],
  begin: () => ({ version: 0, asking: -1, client: 'hello', server: 'method' }),
  stream: {
    length(data, from, to, direction, flow) {
      if (flow.asking === -1) {
        const length = clientLength(data, from, to, flow)
        if (length > 0) flow.asking = direction
        return length
      }
      return direction === flow.asking ? clientLength(data, from, to, flow) : serverLength(data, from, to, flow)
    },
  },
  guess(data, from, to, transport) {
    if (transport !== 'tcp' || to - from < 3) return false
    // All there is: greetings are followed by nothing.
    if (data[from] === 5)
      return data[from + 1]! > 0 && data[from + 1]! < 8 && to - from === 2 + data[from + 1]! && data[from + 2]! < 10
    return data[from] === 4 && data[from + 1] === 1 && fourLength(data, from, to) === to - from
  },
  message(m, flow, out) {
    if (m.direction === flow.asking || flow.asking === -1) client(m, flow, out)
    else server(m, flow, out)
  },
  examples: [
    {
      name: 'a connection by name, and HTTP inside',
      messages: {
        transport: 'tcp',
        port: 1080,
        sent: [
          { by: 0, hex: '05 01 00' },
          { by: 1, hex: '05 00' },
          { by: 0, hex: '05 01 00 03 09 612e6578616d706c65 0050' },
          { by: 1, hex: '05 00 00 01 c0000201 0050' },
          { by: 0, text: 'GET / HTTP/1.1\r\nHost: a.example\r\n\r\n' },
        ],
      },
      expect: {
        line: 'Version: 5, Command: Connect, a.example:80',
        facts: { 'socks.remote_name': 'a.example', 'http.host': 'a.example' },
      },
    },
  ],
})
