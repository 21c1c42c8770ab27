import { namedDecoder } from '../named.ts'
import { u8 } from '../fields.ts'

export default namedDecoder({
  id: 'rsvp',
  title: 'RSVP',
  spec: 'https://www.rfc-editor.org/rfc/rfc2205',
  doc: 'Reservations: kind of message.',
  on: [{ table: 'ip', keys: [46] }],
  fields: [u8('rsvp.msg', 'Kind of message', 1)],
  line: (p, at, end) =>
    at + 1 < end
      ? ([
          '',
          'PATH Message.',
          'RESV Message.',
          'PATH ERROR Message.',
          'RESV ERROR Message.',
          'PATH TEAR Message.',
          'RESV TEAR Message.',
          'CONFIRM Message.',
        ][p.data[at + 1]!] ?? (p.data[at + 1] === 20 ? 'HELLO Message.' : 'RSVP'))
      : 'RSVP',
  examples: [
    {
      name: 'a message',
      packet: { link: 228, hex: '45000018 00010000 402e0000 c0000201 e0000005 10010000' },
      expect: { stack: 'ip:rsvp', line: 'PATH Message.' },
    },
  ],
})
