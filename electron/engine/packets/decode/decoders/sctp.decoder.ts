import { defineDecoder } from '../define.ts'
import { TABLE } from '../dispatch.ts'
import { either, u16, u32, u8 } from '../fields.ts'

const CHUNKS = [
  'DATA', 'INIT', 'INIT_ACK', 'SACK', 'HEARTBEAT', 'HEARTBEAT_ACK', 'ABORT', 'SHUTDOWN', 'SHUTDOWN_ACK', 'ERROR', 'COOKIE_ECHO',
  'COOKIE_ACK', 'ECNE', 'CWR', 'SHUTDOWN_COMPLETE', 'AUTH',
] as const // prettier-ignore
const DATA = 0
const I_DATA = 64
/** No packet has more; what is behind is not looked at. */
const MOST_CHUNKS = 256

const source = u16('sctp.srcport', 'Source port', 0)
const destination = u16('sctp.dstport', 'Destination port', 2)

export default defineDecoder({
  id: 'sctp',
  title: 'SCTP',
  spec: 'https://www.rfc-editor.org/rfc/rfc9260',
  doc: 'Ports, the first chunk, and the first message that is whole within its chunk. Messages in several chunks are not put together.',
  on: [
    { table: 'ip', keys: [132] },
    { table: 'udpPort', keys: [9899] },
  ],
  fields: [
    source,
    destination,
    either('sctp.port', 'Source or destination port', source, destination),
    u32('sctp.verification_tag', 'Verification tag', 4),
    u32('sctp.checksum', 'Checksum', 8),
    u8('sctp.chunk_type', 'Kind of the first chunk', 12),
    u8('sctp.chunk_flags', 'Flags of the first chunk', 13),
    u16('sctp.chunk_length', 'Length of the first chunk', 14),
  ],
  header(p) {
    if (!p.has(12)) return
    const { view, data } = p
    if (!p.quoted) {
      p.transport = 132
      p.sourcePort = view.getUint16(p.at)
      p.destinationPort = view.getUint16(p.at + 2)
    }
    p.at += 12
    if (p.quoted) return
    for (let i = 0; i < MOST_CHUNKS && p.at + 4 <= p.end; i++) {
      const kind = data[p.at]!
      const length = view.getUint16(p.at + 2)
      if (length < 4) {
        p.malformed = true
        return
      }
      const header = kind === DATA ? 16 : kind === I_DATA ? 20 : 0
      // Beginning and end of a message in one chunk.
      if (header > 0 && (data[p.at + 1]! & 3) === 3 && length > header) {
        if (!p.has(header)) return
        const protocol = view.getUint32(p.at + 12)
        p.at += header
        p.room(length - header)
        p.payload()
        p.app = p.dispatch.find(TABLE.sctpPayload, protocol)
        if (p.app < 0) p.app = p.dispatch.find(TABLE.sctpPort, p.sourcePort)
        if (p.app < 0) p.app = p.dispatch.find(TABLE.sctpPort, p.destinationPort)
        p.next = p.app
        return
      }
      p.at += (length + 3) & ~3
    }
  },
  line(p, at, end) {
    const names: string[] = []
    for (let i = at + 12; i + 4 <= end && names.length < 16;) {
      const kind = p.data[i]!
      const length = p.view.getUint16(i + 2)
      names.push(kind === I_DATA ? 'I_DATA' : (CHUNKS[kind] ?? `CHUNK ${kind}`))
      if (length < 4) break
      i += (length + 3) & ~3
    }
    return `${names.join(' ')} `.trimEnd() || 'SCTP'
  },
  examples: [
    {
      name: 'a message',
      packet: {
        link: 228,
        hex: '45000034 00010000 40840000 c0000201 c0000202 c350 7531 00000001 00000000 00 03 0014 00000001 0000 0000 00000000 01020304',
      },
      expect: { stack: 'ip:sctp', line: 'DATA', facts: { 'sctp.srcport': 50000, 'sctp.verification_tag': 1 } },
    },
  ],
})
