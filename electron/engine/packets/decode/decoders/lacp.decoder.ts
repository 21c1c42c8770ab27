import { namedDecoder } from '../named.ts'
import { OTHER } from '../other.ts'

export default namedDecoder({
  id: 'lacp',
  title: 'LACP',
  spec: 'https://standards.ieee.org/ieee/802.1AX/6768/',
  doc: 'How links are bundled. It is named only.',
  on: [{ table: 'other', keys: [OTHER.lacp] }],
  examples: [
    {
      name: 'a message',
      packet: { link: 1, hex: '0180c2000002 020000000002 8809 01 01' },
      expect: { stack: 'eth:ethertype:slow:lacp' },
    },
  ],
})
