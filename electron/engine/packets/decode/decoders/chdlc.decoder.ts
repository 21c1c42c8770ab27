import { defineDecoder } from '../define.ts'
import { TABLE } from '../dispatch.ts'
import { u16, u8 } from '../fields.ts'
import { OTHER } from '../other.ts'

export default defineDecoder({
  id: 'chdlc',
  title: 'CHDLC',
  spec: 'https://www.rfc-editor.org/rfc/rfc1547',
  doc: 'Cisco’s HDLC: address, control and an Ethernet type.',
  on: [{ table: 'link', keys: [104] }],
  fields: [u8('chdlc.address', 'Address', 0), u16('chdlc.protocol', 'Protocol', 2)],
  header(p) {
    if (!p.has(4)) return
    const type = p.view.getUint16(p.at + 2)
    p.at += 4
    if (type === 0x8035) p.goTo(TABLE.other, OTHER.slarp)
    else if (type === 0x2000) p.goTo(TABLE.other, type)
    else p.goTo(TABLE.etherType, type)
  },
  line: () => 'CHDLC',
  examples: [
    {
      name: 'IPv4',
      packet: { link: 104, hex: '0f00 0800 45000018 00010000 40fd0000 c0000201 c0000202 01020304' },
      expect: { stack: 'chdlc:ip:data', facts: { 'chdlc.protocol': 0x800 } },
    },
  ],
})
