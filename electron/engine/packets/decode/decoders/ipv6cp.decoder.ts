import { namedDecoder } from '../named.ts'
import { controlLine } from '../ppp-control.ts'

export default namedDecoder({
  id: 'ipv6cp',
  title: 'PPP IPV6CP',
  spec: 'https://www.rfc-editor.org/rfc/rfc5072',
  doc: 'How IPv6 is set up on a PPP link: the kind of message, not its options.',
  on: [{ table: 'ppp', keys: [0x8057] }],
  line: controlLine,
  examples: [
    {
      name: 'a request',
      packet: { link: 9, hex: 'ff03 8057 01 01 0004' },
      expect: { stack: 'ppp:ipv6cp', line: 'Configuration Request' },
    },
  ],
})
