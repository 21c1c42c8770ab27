import { namedDecoder } from '../named.ts'
import { OTHER } from '../other.ts'

export default namedDecoder({
  id: 'ossp',
  title: 'OSSP',
  spec: 'https://standards.ieee.org/ieee/802.3/10422/',
  doc: 'A slow protocol of an organization of its own, as for clocks. It is named only.',
  on: [{ table: 'other', keys: [OTHER.ossp] }],
  examples: [
    {
      name: 'a message',
      packet: { link: 1, hex: '0180c2000002 020000000002 8809 0a 0019a7' },
      expect: { stack: 'eth:ethertype:slow:ossp' },
    },
  ],
})
