import { namedDecoder } from '../named.ts'

const CODES = ['', 'Authenticate-Request', 'Authenticate-Ack', 'Authenticate-Nak'] as const

export default namedDecoder({
  id: 'pap',
  title: 'PPP PAP',
  spec: 'https://www.rfc-editor.org/rfc/rfc1334',
  doc: 'Log-in with a password in the clear: the kind of message only.',
  on: [{ table: 'ppp', keys: [0xc023] }],
  line: (p, at, end) => (at < end ? CODES[p.data[at]!] : undefined) || 'PAP',
  examples: [
    {
      name: 'accepted',
      packet: { link: 9, hex: 'ff03 c023 02 01 0005 00' },
      expect: { stack: 'ppp:pap', line: 'Authenticate-Ack' },
    },
  ],
})
