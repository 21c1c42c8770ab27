import { hash } from 'node:crypto'
import { ascii, printable } from '../bytes-text.ts'
import { defineDecoder, type Facts, type Message } from '../define.ts'

const MOST_PACKET = 262_144
const MOST_BANNER = 8192
const NEW_KEYS = 21

const MESSAGES: Readonly<Record<number, string>> = {
  1: 'Disconnect',
  2: 'Ignore',
  3: 'Unimplemented',
  4: 'Debug',
  5: 'Service Request',
  6: 'Service Accept',
  20: 'Key Exchange Init',
  21: 'New Keys',
}
/** Between the inits and the new keys: by what was agreed on. */
const EXCHANGES: Readonly<Record<string, Readonly<Record<number, string>>>> = {
  group: {
    30: 'Diffie-Hellman Key Exchange Init',
    31: 'Diffie-Hellman Key Exchange Reply',
  },
  gex: {
    30: 'Diffie-Hellman Group Exchange Request (Old)',
    31: 'Diffie-Hellman Group Exchange Group',
    32: 'Diffie-Hellman Group Exchange Init',
    33: 'Diffie-Hellman Group Exchange Reply',
    34: 'Diffie-Hellman Group Exchange Request',
  },
  curve: {
    30: 'Elliptic Curve Diffie-Hellman Key Exchange Init',
    31: 'Elliptic Curve Diffie-Hellman Key Exchange Reply',
  },
}

interface Side {
  banner: boolean
  encrypted: boolean
  /** What it proposes for the key exchange. */
  proposed: readonly string[]
}
interface SshFlow {
  readonly sides: readonly [Side, Side]
  version: '' | '1' | '2'
}

const LISTS = [
  'ssh.kex_algorithms',
  'ssh.server_host_key_algorithms',
  'ssh.encryption_algorithms_client_to_server',
  'ssh.encryption_algorithms_server_to_client',
  'ssh.mac_algorithms_client_to_server',
  'ssh.mac_algorithms_server_to_client',
  'ssh.compression_algorithms_client_to_server',
  'ssh.compression_algorithms_server_to_client',
] as const

/** Lists of names (RFC 4253, section 7.1), and their hash (https://github.com/salesforce/hassh). */
function proposal(m: Message, from: number, side: Side, out: Facts): boolean {
  const { data, view, to } = m
  const lists: string[] = []
  let at = from + 16
  for (const field of LISTS) {
    if (at + 4 > to) return false
    const length = view.getUint32(at)
    if (at + 4 + length > to) return false
    const text = ascii(data, at + 4, at + 4 + length, 16_384)
    out.fact(field, text, at + 4, length)
    lists.push(text)
    at += 4 + length
  }
  const [kex = '', , encryptOut, encryptIn, macOut, macIn, compressOut, compressIn] = lists
  side.proposed = kex.split(',').slice(0, 64)
  const client = m.direction === 0
  const full = client ? `${kex};${encryptOut};${macOut};${compressOut}` : `${kex};${encryptIn};${macIn};${compressIn}`
  out.fact(client ? 'ssh.kex.hassh_algorithms' : 'ssh.kex.hasshserver_algorithms', full)
  out.fact(client ? 'ssh.kex.hassh' : 'ssh.kex.hasshserver', hash('md5', full))
  return true
}

/** The first that both know; which family of messages it is. */
function exchange({ sides: [client, server] }: SshFlow): string {
  const agreed = client.proposed.find((one) => server.proposed.includes(one)) ?? client.proposed[0] ?? ''
  return agreed.includes('group-exchange') ? 'gex' : agreed.startsWith('diffie-hellman') ? 'group' : 'curve'
}

export default defineDecoder<SshFlow>({
  id: 'ssh',
  title: 'SSH',
  spec: 'https://www.rfc-editor.org/rfc/rfc4253',
  doc: 'Versions, what both propose for the key exchange with its HASSH, and the names of messages up to the new keys. Behind them lengths are told only.',
  on: [{ table: 'tcpPort', keys: [22] }],
  fields: [
    { name: 'ssh.protocol', type: 'text', doc: 'Version and software' },
    { name: 'ssh.message_code', type: 'uint', doc: 'Kind of message' },
    ...LISTS.map((name) => ({ name, type: 'text' as const, doc: 'Algorithms that are proposed' })),
    { name: 'ssh.kex.hassh', type: 'text', doc: 'HASSH of a client' },
    { name: 'ssh.kex.hassh_algorithms', type: 'text', doc: 'Text of which it is the hash' },
    { name: 'ssh.kex.hasshserver', type: 'text', doc: 'HASSH of a server' },
    { name: 'ssh.kex.hasshserver_algorithms', type: 'text', doc: 'Text of which it is the hash' },
  ],
  begin: () => ({
    version: '',
    sides: [
      { banner: false, encrypted: false, proposed: [] },
      { banner: false, encrypted: false, proposed: [] },
    ],
  }),
  stream: {
    length(data, from, to, direction, flow) {
      const side = flow.sides[direction]
      if (!side.banner) {
        // A server may say something before its version, in lines.
        const feed = data.indexOf(10, from)
        if (feed >= 0 && feed < to) return feed + 1 - from
        return to - from > MOST_BANNER ? -1 : 0
      }
      if (side.encrypted || flow.version === '1') return to - from
      if (to - from < 4) return 0
      const length = ((data[from]! << 24) | (data[from + 1]! << 16) | (data[from + 2]! << 8) | data[from + 3]!) >>> 0
      // What is no packet is one that is encrypted already.
      return length < 2 || length > MOST_PACKET ? to - from : 4 + length
    },
  },
  guess: (data, from, to, transport) => transport === 'tcp' && to - from >= 8 && ascii(data, from, from + 4) === 'SSH-',
  message(m, flow, out) {
    const { data, from, to, direction } = m
    const side = flow.sides[direction]
    const who = direction === 0 ? 'Client' : 'Server'
    if (!side.banner) {
      let end = to
      while (end > from && (data[end - 1] === 10 || data[end - 1] === 13)) end--
      const text = printable(data, from, end, 512)
      if (!text.startsWith('SSH-')) return out.line(`${who}: ${text}`)
      side.banner = true
      // 1.99 speaks both.
      if (flow.version !== '1') flow.version = text.startsWith('SSH-2') || text.startsWith('SSH-1.99') ? '2' : '1'
      out.fact('ssh.protocol', text, from, end - from)
      out.line(`${who}: Protocol (${text})`)
    } else {
      const length = m.view.byteLength >= from + 4 && from + 4 <= to ? m.view.getUint32(from) : 0
      const code = from + 6 <= to ? data[from + 5]! : -1
      if (side.encrypted || flow.version === '1' || length < 2 || length > MOST_PACKET || code < 0)
        out.line(`${who}: Encrypted packet (len=${m.length})`)
      else {
        out.fact('ssh.message_code', code, from + 5, 1)
        if (code === 20 && !proposal(m, from + 6, side, out)) out.malformed()
        if (code === NEW_KEYS) side.encrypted = true
        const name = MESSAGES[code] ?? EXCHANGES[exchange(flow)]?.[code] ?? `Unknown (${code})`
        out.line(`${who}: ${name}`)
      }
    }
    // The version is settled once both have told theirs.
    const settled = flow.sides[0].banner && flow.sides[1].banner
    out.protocol(flow.version !== '' && settled ? `SSHv${flow.version}` : 'SSH')
  },
  examples: [
    {
      name: 'a key exchange',
      messages: {
        transport: 'tcp',
        port: 22,
        sent: [
          { by: 1, text: 'SSH-2.0-made_1\r\n' },
          { by: 0, text: 'SSH-2.0-other_2 comment\r\n' },
          {
            by: 0,
            hex: `000000a40814070707070707070707070707070707070000001c637572766532353531392d7368613235362c6578742d696e
                666f2d630000000b7373682d656432353531390000000a6165733132382d6374720000000a6165733235362d637472000000
                0d686d61632d736861322d3235360000000d686d61632d736861322d353132000000046e6f6e65000000046e6f6e65000000
                000000000000000000000000000000000000`,
          },
          {
            by: 1,
            hex: `0000009908140707070707070707070707070707070700000011637572766532353531392d7368613235360000000b737368
                2d656432353531390000000a6165733132382d6374720000000a6165733235362d6374720000000d686d61632d736861322d
                3235360000000d686d61632d736861322d353132000000046e6f6e65000000046e6f6e650000000000000000000000000000
                00000000000000`,
          },
          { by: 0, hex: '00000012081e00000004616263640000000000000000' },
          { by: 0, hex: '0000000a08150000000000000000' },
        ],
      },
      expect: {
        stack: 'ssh',
        line: 'Client: Elliptic Curve Diffie-Hellman Key Exchange Init',
        facts: {
          'ssh.protocol': ['SSH-2.0-made_1', 'SSH-2.0-other_2 comment'],
          'ssh.message_code': [20, 20, 30, 21],
          'ssh.kex.hassh': 'cafb69eb1dbb2a4a505b5b25342a4940',
          'ssh.kex.hasshserver_algorithms': 'curve25519-sha256;aes256-ctr;hmac-sha2-512;none',
        },
      },
    },
  ],
})
