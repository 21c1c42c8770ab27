import { namedDecoder } from '../named.ts'

export default namedDecoder({
  id: 'lldp',
  title: 'LLDP',
  spec: 'https://standards.ieee.org/ieee/802.1AB/6047/',
  doc: 'What a device says of itself to its neighbours. It is named only.',
  on: [{ table: 'etherType', keys: [0x88cc] }],
  examples: [
    {
      name: 'an empty announcement',
      packet: { link: 1, hex: '0180c200000e 020000000002 88cc 0000' },
      expect: { stack: 'eth:ethertype:lldp' },
    },
  ],
})
