import { namedDecoder } from '../named.ts'

export default namedDecoder({
  id: 'udld',
  title: 'UDLD',
  spec: 'https://www.rfc-editor.org/rfc/rfc5171',
  doc: 'How a link of one direction only is noticed. It is named only.',
  on: [{ table: 'other', keys: [0x0111] }],
  examples: [
    {
      name: 'an announcement',
      packet: { link: 1, hex: '01000ccccccc 020000000002 000c aaaa03 00000c 0111 21000000' },
      expect: { stack: 'eth:llc:udld' },
    },
  ],
})
