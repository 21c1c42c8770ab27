import { namedDecoder } from '../named.ts'

export default namedDecoder({
  id: 'netbios',
  title: 'NetBIOS',
  spec: 'https://en.wikipedia.org/wiki/NetBIOS_Frames',
  doc: 'NetBIOS without IP. It is named only.',
  on: [{ table: 'llc', keys: [0xf0] }],
  examples: [
    {
      name: 'a frame',
      packet: { link: 1, hex: '020000000001 020000000002 0005 f0f003 2c00' },
      expect: { stack: 'eth:llc:netbios' },
    },
  ],
})
