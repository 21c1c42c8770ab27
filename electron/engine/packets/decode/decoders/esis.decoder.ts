import { namedDecoder } from '../named.ts'
import { OTHER } from '../other.ts'

export default namedDecoder({
  id: 'esis',
  title: 'ESIS',
  spec: 'https://www.iso.org/standard/15977.html',
  doc: 'How OSI’s hosts and routers find each other. It is named only.',
  on: [{ table: 'other', keys: [OTHER.esis] }],
  examples: [
    {
      name: 'a message',
      packet: { link: 1, hex: '020000000001 020000000002 0005 fefe03 8201' },
      expect: { stack: 'eth:llc:osi:esis' },
    },
  ],
})
