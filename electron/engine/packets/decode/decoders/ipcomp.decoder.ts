import { namedDecoder } from '../named.ts'

export default namedDecoder({
  id: 'ipcomp',
  title: 'IPComp',
  spec: 'https://www.rfc-editor.org/rfc/rfc3173',
  doc: 'Compressed packets. What is inside is not read.',
  on: [{ table: 'ip', keys: [108] }],
  examples: [
    {
      name: 'a message',
      packet: { link: 228, hex: '45000018 00010000 406c0000 c0000201 e0000005 06000002' },
      expect: { stack: 'ip:ipcomp' },
    },
  ],
})
