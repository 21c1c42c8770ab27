import { defineDecoder } from '../define.ts'
import { TABLE } from '../dispatch.ts'
import { bits, u16, u8 } from '../fields.ts'

export default defineDecoder({
  id: 'pppoes',
  title: 'PPPoES',
  spec: 'https://www.rfc-editor.org/rfc/rfc2516',
  doc: 'PPP over Ethernet, once the session stands.',
  on: [
    { table: 'etherType', keys: [0x8864] },
    { table: 'link', keys: [51] },
  ],
  fields: [
    bits('pppoe.version', 'Version', 0, 1, 0xf0),
    bits('pppoe.type', 'Type', 0, 1, 0x0f),
    u8('pppoe.code', 'Code', 1),
    u16('pppoe.session_id', 'Session', 2),
    u16('pppoe.payload_length', 'Length', 4),
  ],
  header(p) {
    if (!p.has(6)) return
    const length = p.view.getUint16(p.at + 4)
    p.at += 6
    p.room(length)
    p.goTo(TABLE.link, 9)
  },
  line: () => 'Session',
  examples: [
    {
      name: 'IPv4 in a session',
      packet: {
        link: 1,
        hex: '020000000001 020000000002 8864 11 00 0007 001a 0021 45000018 00010000 40fd0000 c0000201 c0000202 01020304 0000',
      },
      expect: { stack: 'eth:ethertype:pppoes:ppp:ip:data', facts: { 'pppoe.session_id': 7, 'ppp.protocol': 0x21 } },
    },
  ],
})
