import { defineDecoder } from '../define.ts'
import { ipv4 } from '../text.ts'

const TYPES: Readonly<Record<number, string>> = {
  0x10: 'Direct_unique datagram',
  0x11: 'Direct_group datagram',
  0x12: 'Broadcast datagram',
  0x13: 'Datagram error',
  0x14: 'Datagram query request',
  0x15: 'Positive query response',
  0x16: 'Negative query response',
}

/** Behind a name of first-level encoding and its scope; -1 where it does not end. */
function behindName(data: Uint8Array, at: number, to: number): number {
  for (let n = 0; n < 128 && at < to; n++) {
    const length = data[at]!
    if (length === 0) return at + 1
    if (length >= 0xc0) return at + 2
    at += 1 + length
  }
  return -1
}

export default defineDecoder({
  id: 'nbdgm',
  title: 'NBDS',
  spec: 'https://www.rfc-editor.org/rfc/rfc1002#section-4.4',
  doc: "Datagrams of NetBIOS, which carry the browser's announcements in SMB.",
  on: [{ table: 'udpPort', keys: [138] }],
  fields: [
    { name: 'nbdgm.type', type: 'uint', doc: 'Message type' },
    { name: 'nbdgm.dgram_id', type: 'uint', doc: 'Datagram id' },
    { name: 'nbdgm.src.ip', type: 'ipv4', doc: 'Source address, as stated' },
    { name: 'nbdgm.src.port', type: 'uint', doc: 'Source port, as stated' },
  ],
  message({ data, view, from, to }, _, out) {
    if (to - from < 10) return out.malformed()
    const type = data[from]!
    out.fact('nbdgm.type', type, from, 1)
    out.fact('nbdgm.dgram_id', view.getUint16(from + 2), from + 2, 2)
    out.fact('nbdgm.src.ip', view.getUint32(from + 4), from + 4, 4)
    out.fact('nbdgm.src.port', view.getUint16(from + 8), from + 8, 2)
    const line = `${TYPES[type] ?? `Unknown type ${type}`} from ${ipv4(view.getUint32(from + 4))}`
    if (type < 0x10 || type > 0x12) return out.line(line)
    const middle = behindName(data, from + 14, to)
    const at = middle < 0 ? -1 : behindName(data, middle, to)
    if (at >= 0 && at + 4 <= to && view.getUint32(at) === 0xff534d42) out.inner('smb', data, at, to)
    else out.line(line)
  },
  examples: [
    {
      name: "a browser's announcement",
      messages: {
        transport: 'udp',
        port: 138,
        sent: [
          {
            by: 0,
            hex: '110a0007c0000201008a0000000020454545464644454c434e44484341434143 4143414341434143414341434141410020455045474547454a45444546434143 414341434143414341434143414341424e00ff534d4225000000001800000000 000000000000000000000000fffe000001001100000600000000000000000000 00000000000000000006005600030001000100020017005c4d41494c534c4f54 5c42524f57534500010001000000',
          },
        ],
      },
      expect: {
        stack: 'nbdgm:smb:browser',
        facts: {
          'nbdgm.type': 17,
          'nbdgm.src.ip': '192.0.2.1',
          'smb.cmd': 37,
        },
      },
    },
  ],
})
