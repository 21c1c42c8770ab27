import { defineDecoder, type Facts, type Message } from '../define.ts'
import { lineEnd, lineLength, readCommand, replyCode, replyLength } from '../lines.ts'
import { ascii, printable } from '../bytes-text.ts'
import { ipv4 } from '../text.ts'
import type { FtpTransfer } from '../ftp-transfer.ts'

interface FtpFlow {
  /** Transfer that was agreed, and waits for the command that says what it is. */
  transfer: FtpTransfer | null
}

const TRANSFERS = ['RETR', 'STOR', 'STOU', 'APPE', 'LIST', 'NLST', 'MLSD']

/** Six numbers with commas (RFC 959, section 3.2.2): address and port. */
function sixNumbers(text: string): { readonly address: number; readonly port: number } | null {
  const found = /(\d{1,3}),(\d{1,3}),(\d{1,3}),(\d{1,3}),(\d{1,3}),(\d{1,3})/.exec(text)
  if (found === null) return null
  const [a, b, c, d, high, low] = found.slice(1).map(Number) as [number, number, number, number, number, number]
  if ([a, b, c, d, high, low].some((one) => one > 255)) return null
  return { address: ((a << 24) | (b << 16) | (c << 8) | d) >>> 0, port: high * 256 + low }
}

function agree(flow: FtpFlow, method: string, address: string, port: number, out: Facts): void {
  if (port < 1 || port > 65_535) return
  flow.transfer = { method, command: '', name: '', wantsObjects: out.wantsObjects }
  out.expect('ftp-data', 'tcp', address, port, flow.transfer)
}

function request(m: Message, flow: FtpFlow, out: Facts): void {
  const { data, from, to } = m
  const { word, wordEnd, rest, restAt, end } = readCommand(data, from, to)
  const upper = word.toUpperCase()
  out.fact('ftp.request', true)
  out.fact('ftp.request.command', word, from, wordEnd - from)
  if (rest !== '') out.fact('ftp.request.arg', rest, restAt, end - restAt)
  out.line(`Request: ${word}${rest === '' ? '' : ` ${rest}`}`)
  if (upper === 'PORT') {
    const found = sixNumbers(rest)
    if (found === null) return
    out.fact('ftp.active.cip', found.address, restAt, end - restAt)
    out.fact('ftp.active.port', found.port, restAt, end - restAt)
    agree(flow, 'PORT', ipv4(found.address), found.port, out)
  } else if (upper === 'EPRT') {
    const [, , address = '', port = ''] = rest.slice(1, 2) === '' ? [] : rest.split(rest[0]!)
    agree(flow, 'EPRT', address.includes(':') ? shortened(address) : address, Number(port), out)
  } else if (TRANSFERS.includes(upper) && flow.transfer !== null) {
    flow.transfer.command = upper
    flow.transfer.name = rest
  }
}

/** IPv6 addresses are compared as text: leading zeros and case are made the same. */
const shortened = (address: string): string =>
  address
    .toLowerCase()
    .split(':')
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')

function response(m: Message, flow: FtpFlow, out: Facts): void {
  const { data, from, to } = m
  const code = replyCode(data, from, to)
  const end = lineEnd(data, from, to)
  const text = code > 0 ? Math.min(end, from + 4) : from
  const argument = printable(data, text, end)
  out.fact('ftp.response', true)
  if (code > 0) out.fact('ftp.response.code', code, from, 3)
  if (argument !== '') out.fact('ftp.response.arg', argument, text, end - text)
  out.line(`Response: ${ascii(data, from, text)}${argument}`)
  if (code === 227) {
    const found = sixNumbers(argument)
    if (found === null) return
    out.fact('ftp.passive.ip', found.address, text, end - text)
    out.fact('ftp.passive.port', found.port, text, end - text)
    // Some servers leave the address to the client.
    agree(flow, 'PASV', found.address === 0 ? m.source : ipv4(found.address), found.port, out)
  } else if (code === 229) {
    const port = Number(/\|\|\|(\d{1,5})\|/.exec(argument)?.[1] ?? 0)
    if (port > 0) out.fact('ftp.epsv.port', port, text, end - text)
    agree(flow, 'EPSV', m.source, port, out)
  } else if (code === 234) out.become('tls')
}

export default defineDecoder<FtpFlow>({
  id: 'ftp',
  title: 'FTP',
  spec: 'https://www.rfc-editor.org/rfc/rfc959',
  doc: 'Commands and replies; connections for data are found by PORT, PASV, EPRT and EPSV. Behind AUTH TLS it is TLS.',
  on: [{ table: 'tcpPort', keys: [21] }],
  fields: [
    { name: 'ftp.request', type: 'bool', doc: 'A command' },
    { name: 'ftp.request.command', type: 'text', doc: 'Command' },
    { name: 'ftp.request.arg', type: 'text', doc: 'What stands behind the command' },
    { name: 'ftp.response', type: 'bool', doc: 'A reply' },
    { name: 'ftp.response.code', type: 'uint', doc: 'Code of the reply' },
    { name: 'ftp.response.arg', type: 'text', doc: 'Text of the reply' },
    { name: 'ftp.passive.ip', type: 'ipv4', doc: 'Address for data (PASV)' },
    { name: 'ftp.passive.port', type: 'uint', doc: 'Port for data (PASV)' },
    { name: 'ftp.active.cip', type: 'ipv4', doc: 'Address for data (PORT)' },
    { name: 'ftp.active.port', type: 'uint', doc: 'Port for data (PORT)' },
    { name: 'ftp.epsv.port', type: 'uint', doc: 'Port for data (EPSV)' },
  ],
  begin: () => ({ transfer: null }),
  stream: {
    length: (data, from, to, direction) => (direction === 1 ? replyLength(data, from, to) : lineLength(data, from, to)),
  },
  guess: (data, from, to, transport, direction) =>
    transport === 'tcp' &&
    direction === 1 &&
    replyCode(data, from, to) === 220 &&
    /\bFTP\b/i.test(ascii(data, from, Math.min(to, from + 256))),
  message(m, flow, out) {
    if (m.direction === 0) request(m, flow, out)
    else response(m, flow, out)
  },
  examples: [
    {
      name: 'a passive transfer is agreed',
      messages: {
        transport: 'tcp',
        port: 21,
        sent: [
          { by: 1, text: '220-hello\r\n220 FTP ready\r\n' },
          { by: 0, text: 'USER amy\r\n' },
          { by: 1, text: '331 password\r\n' },
          { by: 0, text: 'PASS secret\r\n' },
          { by: 1, text: '230 in\r\n' },
          { by: 0, text: 'PASV\r\n' },
          { by: 1, text: '227 Entering Passive Mode (192,0,2,2,7,208).\r\n' },
          { by: 0, text: 'RETR plan.pdf\r\n' },
        ],
      },
      expect: {
        stack: 'ftp',
        line: 'Request: RETR plan.pdf',
        facts: {
          'ftp.request.command': ['USER', 'PASS', 'PASV', 'RETR'],
          'ftp.request.arg': ['amy', 'secret', 'plan.pdf'],
          'ftp.response.code': [220, 331, 230, 227],
          'ftp.passive.port': 2000,
          'ftp.passive.ip': '192.0.2.2',
        },
      },
    },
  ],
})
