import { namedDecoder } from '../named.ts'
import { OTHER } from '../other.ts'

export default namedDecoder({
  id: 'pwach',
  title: 'PWACH',
  spec: 'https://www.rfc-editor.org/rfc/rfc4385',
  doc: 'A pseudowire’s associated channel. It is named only.',
  on: [{ table: 'other', keys: [OTHER.pwAssociated] }],
  examples: [
    {
      name: 'a message',
      packet: { link: 1, hex: '020000000001 020000000002 8847 00064140 10000007 01' },
      expect: { stack: 'eth:ethertype:mpls:pwach' },
    },
  ],
})
