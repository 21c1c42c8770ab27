import { namedDecoder } from '../named.ts'

export default namedDecoder({
  id: 'macsec',
  title: 'MACSEC',
  spec: 'https://standards.ieee.org/ieee/802.1AE/6948/',
  doc: 'Protected Ethernet. What is inside is not read.',
  on: [{ table: 'etherType', keys: [0x88e5] }],
  examples: [
    {
      name: 'a frame',
      packet: { link: 1, hex: '020000000001 020000000002 88e5 2000 00000001' },
      expect: { stack: 'eth:ethertype:macsec' },
    },
  ],
})
