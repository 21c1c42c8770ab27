import { namedDecoder } from '../named.ts'

const CODES = ['', 'Challenge', 'Response', 'Success', 'Failure'] as const

export default namedDecoder({
  id: 'chap',
  title: 'PPP CHAP',
  spec: 'https://www.rfc-editor.org/rfc/rfc1994',
  doc: 'Log-in by challenge and response: the kind of message only.',
  on: [{ table: 'ppp', keys: [0xc223] }],
  line: (p, at, end) => (at < end ? CODES[p.data[at]!] : undefined) || 'CHAP',
  examples: [
    {
      name: 'accepted',
      packet: { link: 9, hex: 'ff03 c223 03 01 0004' },
      expect: { stack: 'ppp:chap', line: 'Success' },
    },
  ],
})
