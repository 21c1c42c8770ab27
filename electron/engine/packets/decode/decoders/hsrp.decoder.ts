import { namedDecoder } from '../named.ts'
import { u8 } from '../fields.ts'

export default namedDecoder({
  id: 'hsrp',
  title: 'HSRP',
  spec: 'https://www.rfc-editor.org/rfc/rfc2281',
  doc: 'Routers that stand in for each other: kind of message, state and priority (version 1).',
  on: [{ table: 'udpPort', keys: [1985] }],
  fields: [
    u8('hsrp.opcode', 'Kind of message', 1),
    u8('hsrp.state', 'State', 2),
    u8('hsrp.priority', 'Priority', 5),
    u8('hsrp.group', 'Group', 6),
  ],
  line: (p, at, end) => (at + 1 < end ? (['Hello', 'Coup', 'Resign', 'Advertise'][p.data[at + 1]!] ?? 'HSRP') : 'HSRP'),
  examples: [
    {
      name: 'a message',
      packet: { link: 228, hex: '45000024 00010000 40110000 c0000201 c0000202 c350 07c1 0010 0000 0000100103648000' },
      expect: { stack: 'ip:udp:hsrp', line: 'Hello' },
    },
  ],
})
