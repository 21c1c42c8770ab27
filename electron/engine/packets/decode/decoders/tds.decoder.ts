import { defineDecoder, type Facts, type Message } from '../define.ts'
import { utf16 } from '../little-endian.ts'
import { latin1 } from '../text.ts'

const TYPES: Readonly<Record<number, string>> = {
  1: 'SQL batch',
  2: 'TDS4/5 login',
  3: 'Remote Procedure Call',
  4: 'Response',
  6: 'Attention',
  7: 'Bulk load data',
  14: 'Transaction Manager Request',
  15: 'TDS5 query',
  16: 'TDS7 login',
  17: 'SSPI message',
  18: 'TDS7 pre-login message',
}
const HEADER = 8
const LAST = 1
/** Texts of a login: where their offset and length stand, behind the header. */
const LOGIN: readonly (readonly [place: number, field: string])[] = [
  [36, 'tds.7login.clientname'],
  [40, 'tds.7login.username'],
  [48, 'tds.7login.appname'],
  [52, 'tds.7login.servername'],
  [60, 'tds.7login.libraryname'],
  [68, 'tds.7login.databasename'],
]

function login({ data, view, from, to }: Message, out: Facts): void {
  const at = from + HEADER
  for (const [place, field] of LOGIN) {
    if (at + place + 4 > to) return
    const text = at + view.getUint16(at + place, true)
    const length = 2 * view.getUint16(at + place + 2, true)
    if (length > 0 && text + length <= to) out.fact(field, utf16(data, text, text + Math.min(length, 2048)), text, length)
  }
  if (at + 82 > to) return
  const token = at + view.getUint16(at + 78, true)
  const length = view.getUint16(at + 80, true)
  if (length > 0 && token + length <= to) out.inner('ntlmssp', data, token, token + length)
}

/** The login of TDS 4 and 5: texts in fields of 30 bytes, each with its length behind it. */
function oldLogin({ data, from, to }: Message, out: Facts): void {
  for (const [place, field] of [
    [0, 'tds.login.hostname'],
    [31, 'tds.login.username'],
    [140, 'tds.login.appname'],
    [171, 'tds.login.servname'],
  ] as const) {
    const at = from + HEADER + place
    if (at + 31 > to) return
    const length = Math.min(30, data[at + 30]!)
    if (length > 0) out.fact(field, latin1(data, at, at + length), at, length)
  }
}

function batch({ data, view, from, to }: Message, out: Facts): void {
  let at = from + HEADER
  // Headers of TDS 7.2 and later: a total length that is small.
  if (at + 4 <= to) {
    const total = view.getUint32(at, true)
    if (total >= 4 && total <= 64 && at + total <= to) at += total
  }
  if (at < to) out.fact('tds.query', utf16(data, at, Math.min(to, at + 8192)), at, to - at)
}

export default defineDecoder({
  id: 'tds',
  title: 'TDS',
  spec: 'https://learn.microsoft.com/openspecs/windows_protocols/ms-tds/b46a581a-39de-4745-b076-ec4dbb7d13ec',
  doc: 'SQL Server and Sybase: kinds of packet, names of a login, statements of a batch (of its first packet), NTLM. Results are not read.',
  also: ['data'],
  on: [{ table: 'tcpPort', keys: [1433, 2433] }],
  fields: [
    { name: 'tds.type', type: 'uint', doc: 'Kind of packet' },
    { name: 'tds.status', type: 'uint', doc: 'Status: 1 last packet' },
    { name: 'tds.length', type: 'uint', doc: 'Length' },
    { name: 'tds.channel', type: 'uint', doc: 'Channel' },
    { name: 'tds.packet_number', type: 'uint', doc: 'Number of the packet' },
    { name: 'tds.query', type: 'text', doc: 'Statement' },
    ...LOGIN.map(([, name]) => ({ name, type: 'text' as const, doc: 'Of the login' })),
    { name: 'tds.login.hostname', type: 'text', doc: 'Host of an old login' },
    { name: 'tds.login.username', type: 'text', doc: 'User of an old login' },
    { name: 'tds.login.appname', type: 'text', doc: 'Program of an old login' },
    { name: 'tds.login.servname', type: 'text', doc: 'Server of an old login' },
  ],
  stream: {
    length(data, from, to) {
      if (TYPES[data[from]!] === undefined) return -1
      if (to - from < HEADER) return 0
      const length = (data[from + 2]! << 8) | data[from + 3]!
      return length < HEADER || data[from + 1]! > 0x1f ? -1 : length
    },
  },
  // A login, or what comes before one, whose lengths fit.
  guess(data, from, to, transport) {
    if (transport !== 'tcp' || to - from < 32) return false
    const length = (data[from + 2]! << 8) | data[from + 3]!
    if (data[from + 4] !== 0 || data[from + 5] !== 0 || data[from + 6]! > 1) return false
    const [type, status] = [data[from]!, data[from + 1]!]
    if (type === 2) return length === 512 && status <= 1
    if (status !== LAST || length !== to - from) return false
    const total = data[from + 8]! | (data[from + 9]! << 8)
    return (type === 16 && total === length - HEADER) || (type === 18 && data[from + 8] === 0 && data[from + 9] === 0)
  },
  message(m, _, out) {
    const { data, view, from, to } = m
    if (to - from < HEADER) return
    const type = data[from]!
    const status = data[from + 1]!
    const last = (status & LAST) !== 0
    out.fact('tds.type', type, from, 1)
    out.fact('tds.status', status, from + 1, 1)
    out.fact('tds.length', view.getUint16(from + 2), from + 2, 2)
    out.fact('tds.channel', view.getUint16(from + 4), from + 4, 2)
    out.fact('tds.packet_number', data[from + 6]!, from + 6, 1)
    out.line(`${TYPES[type] ?? `Unknown type ${type}`}${last ? '' : ' (Not last buffer)'}`)
    const first = data[from + 6]! <= 1
    if (first && type === 1) batch(m, out)
    else if (first && type === 2) oldLogin(m, out)
    else if (first && type === 16) login(m, out)
    else if (type === 17 && to - from > HEADER) out.inner('ntlmssp', data, from + HEADER, to)
    else if (type === 4 && data[from + HEADER] === 0xed && from + HEADER + 3 < to)
      out.inner('ntlmssp', data, from + HEADER + 3, Math.min(to, from + HEADER + 3 + view.getUint16(from + HEADER + 1, true)))
    if (!last && to - from > HEADER) out.layer('data')
    out.protocol('TDS')
  },
  examples: [
    {
      name: 'a login and a batch',
      messages: {
        transport: 'tcp',
        port: 1433,
        sent: [
          {
            by: 0,
            hex: '100100aa00000100a20000000400007400100000070000000100000000000000 0000000000000000000000005e0006006a00050074000600800006008c000300 92000000920004009a0000009a000400000000000000a2000000a2000000a200 0000000000004400450053004b002d00370061006c0069006300650073006500 63007200650074004c00650064006700650072006400620031006f0064006200 6300730068006f007000',
          },
          { by: 0, hex: '0101002e00000100160000001200000002000000000001000000000000005300 45004c0045004300540020003100' },
        ],
      },
      expect: {
        stack: 'tds',
        line: 'SQL batch',
        facts: {
          'tds.type': ['16', '1'],
          'tds.7login.clientname': 'DESK-7',
          'tds.7login.username': 'alice',
          'tds.7login.appname': 'Ledger',
          'tds.7login.databasename': 'shop',
          'tds.query': 'SELECT 1',
        },
      },
    },
  ],
})
