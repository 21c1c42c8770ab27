import { namedDecoder } from '../named.ts'
import { bits, u8 } from '../fields.ts'

export default namedDecoder({
  id: 'vrrp',
  title: 'VRRP',
  spec: 'https://www.rfc-editor.org/rfc/rfc5798',
  doc: 'Routers that stand in for each other: group and priority.',
  on: [{ table: 'ip', keys: [112] }],
  fields: [
    bits('vrrp.version', 'Version', 0, 1, 0xf0),
    bits('vrrp.type', 'Kind of message', 0, 1, 0x0f),
    u8('vrrp.virt_rtr_id', 'Group', 1),
    u8('vrrp.prio', 'Priority', 2),
  ],
  line: (p, at, end) => (at < end ? `Announcement (v${p.data[at]! >> 4})` : 'VRRP'),
  examples: [
    {
      name: 'a message',
      packet: { link: 228, hex: '45000018 00010000 40700000 c0000201 e0000005 31076401' },
      expect: { stack: 'ip:vrrp', line: 'Announcement (v3)' },
    },
  ],
})
