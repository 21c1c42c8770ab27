import { namedDecoder } from '../named.ts'
import { controlLine } from '../ppp-control.ts'

export default namedDecoder({
  id: 'ipcp',
  title: 'PPP IPCP',
  spec: 'https://www.rfc-editor.org/rfc/rfc1332',
  doc: 'How IPv4 is set up on a PPP link: the kind of message, not its options.',
  on: [{ table: 'ppp', keys: [0x8021] }],
  line: controlLine,
  examples: [
    {
      name: 'a request',
      packet: { link: 9, hex: 'ff03 8021 01 01 0004' },
      expect: { stack: 'ppp:ipcp', line: 'Configuration Request' },
    },
  ],
})
