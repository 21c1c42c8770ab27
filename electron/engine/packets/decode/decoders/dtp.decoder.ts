import { namedDecoder } from '../named.ts'

export default namedDecoder({
  id: 'dtp',
  title: 'DTP',
  spec: 'https://www.wireshark.org/docs/dfref/d/dtp.html',
  doc: 'How Cisco switches agree on a trunk. It is named only.',
  line: () => 'Dynamic Trunk Protocol',
  on: [{ table: 'other', keys: [0x2004] }],
  examples: [
    {
      name: 'an announcement',
      packet: { link: 1, hex: '01000ccccccc 020000000002 0009 aaaa03 00000c 2004 01' },
      expect: { stack: 'eth:llc:dtp' },
    },
  ],
})
