import { defineDecoder } from '../define.ts'
import { TABLE } from '../dispatch.ts'
import { OTHER } from '../other.ts'

export default defineDecoder({
  id: 'pwethcw',
  title: 'PW (CW)',
  spec: 'https://www.rfc-editor.org/rfc/rfc4448',
  doc: 'Ethernet over MPLS behind a control word.',
  on: [{ table: 'other', keys: [OTHER.pwWithControlWord] }],
  fields: [],
  header(p) {
    if (!p.has(4)) return
    p.at += 4
    p.goTo(TABLE.link, 1)
  },
  line: () => 'Ethernet PW',
  examples: [
    {
      name: 'a frame',
      packet: { link: 1, hex: '020000000001 020000000002 8847 00064140 00000007 020000000003 020000000004 88b5 01020304' },
      expect: { stack: 'eth:ethertype:mpls:pwethheuristic:pwethcw:eth:ethertype:data' },
    },
  ],
})
