import { namedDecoder } from '../named.ts'
import { controlLine } from '../ppp-control.ts'

export default namedDecoder({
  id: 'lcp',
  title: 'PPP LCP',
  spec: 'https://www.rfc-editor.org/rfc/rfc1661',
  doc: 'How a PPP link is set up: the kind of message, not its options.',
  on: [{ table: 'ppp', keys: [0xc021] }],
  line: controlLine,
  examples: [
    {
      name: 'a request',
      packet: { link: 9, hex: 'ff03 c021 01 01 0004' },
      expect: { stack: 'ppp:lcp', line: 'Configuration Request' },
    },
  ],
})
