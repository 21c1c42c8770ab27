import { namedDecoder } from '../named.ts'

export default namedDecoder({
  id: 'wol',
  title: 'WOL',
  spec: 'https://en.wikipedia.org/wiki/Wake-on-LAN',
  doc: 'A frame that wakes a machine. It is named only.',
  on: [{ table: 'etherType', keys: [0x0842] }],
  examples: [
    {
      name: 'a frame',
      packet: { link: 1, hex: '020000000001 020000000002 0842 ffffffffffff' },
      expect: { stack: 'eth:ethertype:wol' },
    },
  ],
})
