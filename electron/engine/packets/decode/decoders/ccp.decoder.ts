import { namedDecoder } from '../named.ts'
import { controlLine } from '../ppp-control.ts'

export default namedDecoder({
  id: 'ccp',
  title: 'PPP CCP',
  spec: 'https://www.rfc-editor.org/rfc/rfc1962',
  doc: 'How compression is agreed on a PPP link: the kind of message, not its options.',
  on: [{ table: 'ppp', keys: [0x80fd] }],
  line: controlLine,
  examples: [
    {
      name: 'a request',
      packet: { link: 9, hex: 'ff03 80fd 01 01 0004' },
      expect: { stack: 'ppp:ccp', line: 'Configuration Request' },
    },
  ],
})
