import { defineDecoder } from '../define.ts'
import { TABLE } from '../dispatch.ts'
import { either, u16 } from '../fields.ts'

const source = u16('udp.srcport', 'Source port', 0)
const destination = u16('udp.dstport', 'Destination port', 2)

export default defineDecoder({
  id: 'udp',
  title: 'UDP',
  spec: 'https://www.rfc-editor.org/rfc/rfc768',
  doc: 'Datagrams. What reads the payload is chosen by the lower port first, then the higher one; what is no tunnel is read with the messages.',
  on: [{ table: 'ip', keys: [17] }],
  fields: [
    source,
    destination,
    either('udp.port', 'Source or destination port', source, destination),
    u16('udp.length', 'Length', 4),
    u16('udp.checksum', 'Checksum', 6),
  ],
  header(p) {
    if (!p.has(8)) return
    const { view, at } = p
    const from = view.getUint16(at)
    const to = view.getUint16(at + 2)
    const length = view.getUint16(at + 4)
    if (!p.quoted) {
      p.transport = 17
      p.sourcePort = from
      p.destinationPort = to
    }
    if (length >= 8) p.room(length)
    else if (length !== 0) p.malformed = true
    p.at += 8
    if (p.quoted) return
    p.payload()
    if (p.payloadLength === 0) return
    const lower = Math.min(from, to)
    const found = p.dispatch.find(TABLE.udpPort, lower)
    p.app = found >= 0 ? found : p.dispatch.find(TABLE.udpPort, lower === from ? to : from)
    // A tunnel is read at once; a message is not: then the loop ends here.
    p.next = p.app
  },
  line: (p, at, end) =>
    at + 8 > end
      ? 'UDP'
      : `${p.view.getUint16(at)} → ${p.view.getUint16(at + 2)} Len=${Math.max(0, p.view.getUint16(at + 4) - 8)}`,
  examples: [
    {
      name: 'a datagram to a port that is not known',
      packet: { link: 228, hex: '45000020 00010000 40110000 c0000201 c0000202 c350 7531 000c 0000 01020304' },
      expect: { stack: 'ip:udp', line: '50000 → 30001 Len=4' },
    },
  ],
})
