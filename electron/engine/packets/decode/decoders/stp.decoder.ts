import { namedDecoder } from '../named.ts'
import { u16, u8 } from '../fields.ts'
import { ether, hex } from '../text.ts'

export default namedDecoder({
  id: 'stp',
  title: 'STP',
  spec: 'https://standards.ieee.org/ieee/802.1D/3387/',
  doc: 'Bridge messages of the spanning tree: kind, root and port.',
  on: [
    { table: 'llc', keys: [0x42] },
    { table: 'other', keys: [0x010b] },
  ],
  fields: [u16('stp.protocol', 'Protocol', 0), u8('stp.version', 'Version', 2), u8('stp.type', 'Message type', 3)],
  line(p, at, end) {
    if (at + 4 > end) return 'STP'
    if (p.data[at + 3] === 0x80) return 'Topology Change Notification'
    const word = p.data[at + 3] !== 2 ? 'Conf.' : p.data[at + 2]! >= 3 ? 'MST.' : 'RST.'
    if (at + 27 > end) return word
    const priority = p.view.getUint16(at + 5)
    const change = p.data[at + 4]! & 1 ? 'TC + ' : ''
    return `${word} ${change}Root = ${priority & 0xf000}/${priority & 0xfff}/${ether(p.data, at + 7)}  Cost = ${p.view.getUint32(at + 13)}  Port = 0x${hex(p.data, at + 25, at + 27)}`
  },
  examples: [
    {
      name: 'a configuration message',
      packet: {
        link: 1,
        hex: '0180c2000000 020000000002 0026 424203 0000 00 00 00 8001 020000000003 00000004 8001 020000000002 8002 0000 1400 0200 0f00',
      },
      expect: { stack: 'eth:llc:stp', line: 'Conf. Root = 32768/1/02:00:00:00:00:03  Cost = 4  Port = 0x8002' },
    },
  ],
})
