import { defineDecoder } from '../define.ts'
import { TABLE } from '../dispatch.ts'
import type { Packet } from '../packet.ts'

const port = (offset: number) => (p: Packet, at: number) => p.view.getUint16(at + offset)

export default defineDecoder({
  id: 'udp',
  title: 'UDP',
  spec: 'https://www.rfc-editor.org/rfc/rfc768',
  doc: 'Datagrams. What reads the payload is chosen by the lower port first, then the higher one; what is no tunnel is read with the messages.',
  on: [{ table: 'ip', keys: [17] }],
  fields: [
    { name: 'udp.srcport', type: 'uint', doc: 'Source port', place: [0, 2], read: port(0) },
    { name: 'udp.dstport', type: 'uint', doc: 'Destination port', place: [2, 2], read: port(2) },
    {
      name: 'udp.port',
      type: 'uint',
      doc: 'Source or destination port',
      read: (p, at) => [p.view.getUint16(at), p.view.getUint16(at + 2)],
    },
    { name: 'udp.length', type: 'uint', doc: 'Length', place: [4, 2], read: port(4) },
    { name: 'udp.checksum', type: 'uint', doc: 'Checksum', place: [6, 2], read: port(6) },
  ],
  header(p) {
    if (!p.has(8)) return
    const { view, at } = p
    const source = view.getUint16(at)
    const destination = view.getUint16(at + 2)
    const length = view.getUint16(at + 4)
    if (!p.quoted) {
      p.transport = 17
      p.sourcePort = source
      p.destinationPort = destination
    }
    if (length >= 8) p.room(length)
    else if (length !== 0) p.malformed = true
    p.at += 8
    if (p.quoted) return
    p.payload()
    if (p.payloadLength === 0) return
    const lower = Math.min(source, destination)
    const found = p.dispatch.find(TABLE.udpPort, lower)
    p.app = found >= 0 ? found : p.dispatch.find(TABLE.udpPort, lower === source ? destination : source)
    // A tunnel is read at once; a message is not: then the loop ends here.
    p.next = p.app
  },
  line: (p, at, end) =>
    `${p.view.getUint16(at)} → ${p.view.getUint16(at + 2)} Len=${Math.max(0, Math.min(p.view.getUint16(at + 4) - 8, end - at - 8))}`,
  examples: [
    {
      name: 'a datagram to a port that is not known',
      packet: { link: 228, hex: '45000020 00010000 40110000 c0000201 c0000202 c350 7531 000c 0000 01020304' },
      expect: { stack: 'ip:udp', line: '50000 → 30001 Len=4' },
    },
  ],
})
