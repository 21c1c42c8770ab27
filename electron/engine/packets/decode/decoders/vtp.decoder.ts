import { namedDecoder } from '../named.ts'

export default namedDecoder({
  id: 'vtp',
  title: 'VTP',
  spec: 'https://www.wireshark.org/docs/dfref/v/vtp.html',
  doc: 'How Cisco switches tell each other of VLANs. It is named only.',
  on: [{ table: 'other', keys: [0x2003] }],
  examples: [
    {
      name: 'an announcement',
      packet: { link: 1, hex: '01000ccccccc 020000000002 000a aaaa03 00000c 2003 0201' },
      expect: { stack: 'eth:llc:vtp' },
    },
  ],
})
