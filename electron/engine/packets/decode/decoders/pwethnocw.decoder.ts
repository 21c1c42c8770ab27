import { defineDecoder } from '../define.ts'
import { TABLE } from '../dispatch.ts'
import { OTHER } from '../other.ts'

export default defineDecoder({
  id: 'pwethnocw',
  title: 'PW (no CW)',
  spec: 'https://www.rfc-editor.org/rfc/rfc4448',
  doc: 'Ethernet over MPLS without a control word.',
  on: [{ table: 'other', keys: [OTHER.pwWithoutControlWord] }],
  fields: [],
  header(p) {
    p.goTo(TABLE.link, 1)
  },
  line: () => 'Ethernet PW',
  examples: [
    {
      name: 'a frame',
      packet: {
        link: 1,
        hex: '020000000001 020000000002 8847 00064140 020000000003 020000000004 0806 0001 0800 06 04 0001 020000000004 c0000202 000000000000 c0000201',
      },
      expect: { stack: 'eth:ethertype:mpls:pwethheuristic:pwethnocw:eth:ethertype:arp' },
    },
  ],
})
