import { namedDecoder } from '../named.ts'

export default namedDecoder({
  id: 'loop',
  title: 'LOOP',
  spec: 'https://en.wikipedia.org/wiki/Ethernet_Configuration_Testing_Protocol',
  doc: 'Ethernet’s test frames, as Cisco switches send them to themselves. They are named only.',
  on: [{ table: 'etherType', keys: [0x9000] }],
  // A skip count, then the function, both little-endian.
  line: (p, at, end) => (at + 4 > end ? 'LOOP' : p.view.getUint16(at + 2, true) === 1 ? 'Reply' : 'Forward data'),
  examples: [
    {
      name: 'a reply',
      packet: { link: 1, hex: '020000000001 020000000002 9000 0000 0100 0000' },
      expect: { stack: 'eth:ethertype:loop' },
    },
  ],
})
