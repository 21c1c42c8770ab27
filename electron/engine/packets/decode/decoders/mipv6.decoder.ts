import { namedDecoder } from '../named.ts'
import { u8 } from '../fields.ts'

export default namedDecoder({
  id: 'mipv6',
  title: 'MIPv6',
  spec: 'https://www.rfc-editor.org/rfc/rfc6275',
  doc: 'Hosts that move: kind of message.',
  on: [{ table: 'ip', keys: [62, 135] }],
  fields: [u8('mip6.mhtype', 'Kind of message', 2)],
  line: (p, at, end) =>
    at + 2 < end
      ? ([
          'Binding Refresh Request',
          'Home Test Init',
          'Care-of Test Init',
          'Home Test',
          'Care-of Test',
          'Binding Update',
          'Binding Acknowledgement',
          'Binding Error',
        ][p.data[at + 2]!] ?? 'Mobile IPv6')
      : 'Mobile IPv6',
  examples: [
    {
      name: 'a message',
      packet: {
        link: 229,
        hex: '60000000 0008 87 40 20010db8000000000000000000000001 20010db8000000000000000000000002 3b00 01 00 0000 0000',
      },
      expect: { stack: 'ipv6:mipv6', line: 'Home Test Init' },
    },
  ],
})
