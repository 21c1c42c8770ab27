import { namedDecoder } from '../named.ts'
import { OTHER } from '../other.ts'

export default namedDecoder({
  id: 'clnp',
  title: 'CLNP',
  spec: 'https://www.iso.org/standard/30931.html',
  doc: 'OSI’s datagrams. They are named only.',
  on: [{ table: 'other', keys: [OTHER.clnp] }],
  examples: [
    {
      name: 'a datagram',
      packet: { link: 1, hex: '020000000001 020000000002 0005 fefe03 8101' },
      expect: { stack: 'eth:llc:osi:clnp' },
    },
  ],
})
