import { defineDecoder } from '../define.ts'
import { TABLE } from '../dispatch.ts'
import { OTHER } from '../other.ts'

export default defineDecoder({
  id: 'pwethheuristic',
  title: 'Ethernet PW',
  spec: 'https://www.rfc-editor.org/rfc/rfc4448',
  doc: 'Ethernet over MPLS. Nothing says whether a control word comes first: it does where four zero bits do, unless a known Ethernet type stands where it stands without one.',
  on: [{ table: 'other', keys: [OTHER.pwEthernet] }],
  fields: [],
  header(p) {
    if (!p.has(14)) return
    const { data, at, view } = p
    const plain =
      data[at]! >> 4 !== 0 || (view.getUint32(at) !== 0 && p.dispatch.find(TABLE.etherType, view.getUint16(at + 12)) >= 0)
    p.goTo(TABLE.other, plain ? OTHER.pwWithoutControlWord : OTHER.pwWithControlWord)
  },
  line: () => 'Ethernet PW',
  examples: [
    {
      name: 'a frame behind a control word',
      packet: { link: 1, hex: '020000000001 020000000002 8847 00064140 00000000 020000000003 020000000004 88b5 01020304' },
      expect: {
        stack: 'eth:ethertype:mpls:pwethheuristic:pwethcw:eth:ethertype:data',
        facts: { 'eth.dst': ['02:00:00:00:00:01', '02:00:00:00:00:03'] },
      },
    },
  ],
})
