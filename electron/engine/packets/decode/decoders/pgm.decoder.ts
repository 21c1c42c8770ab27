import { namedDecoder } from '../named.ts'

export default namedDecoder({
  id: 'pgm',
  title: 'PGM',
  spec: 'https://www.rfc-editor.org/rfc/rfc3208',
  doc: 'Reliable multicast. It is named only.',
  on: [{ table: 'ip', keys: [113] }],
  examples: [
    {
      name: 'a message',
      packet: { link: 228, hex: '45000018 00010000 40710000 c0000201 e0000005 c3507531' },
      expect: { stack: 'ip:pgm' },
    },
  ],
})
