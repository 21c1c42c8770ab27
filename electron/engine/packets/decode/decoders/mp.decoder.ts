import { namedDecoder } from '../named.ts'

export default namedDecoder({
  id: 'mp',
  title: 'PPP MP',
  spec: 'https://www.rfc-editor.org/rfc/rfc1990',
  doc: 'A fragment of a frame that was spread over several PPP links. It is named; fragments are not put together.',
  on: [{ table: 'ppp', keys: [0x003d] }],
  line: () => 'PPP Multilink',
  examples: [
    {
      name: 'a fragment',
      packet: { link: 9, hex: 'ff03 003d c0000001 0102' },
      expect: { stack: 'ppp:mp', line: 'PPP Multilink' },
    },
  ],
})
