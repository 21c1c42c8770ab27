import { namedDecoder } from '../named.ts'
import { bits } from '../fields.ts'

export default namedDecoder({
  id: 'pim',
  title: 'PIM',
  spec: 'https://www.rfc-editor.org/rfc/rfc7761',
  doc: 'Multicast routing: version and kind of message.',
  on: [{ table: 'ip', keys: [103] }],
  fields: [bits('pim.version', 'Version', 0, 1, 0xf0), bits('pim.type', 'Kind of message', 0, 1, 0x0f)],
  column: (p, at) => `PIMv${(p.data[at] ?? 0) >> 4}`,
  line: (p, at, end) =>
    at < end
      ? ([
          'Hello',
          'Register',
          'Register-stop',
          'Join/Prune',
          'Bootstrap',
          'Assert',
          'Graft',
          'Graft-Ack',
          'Candidate-RP-Advertisement',
        ][p.data[at]! & 15] ?? 'PIM')
      : 'PIM',
  examples: [
    {
      name: 'a message',
      packet: { link: 228, hex: '45000018 00010000 40670000 c0000201 e0000005 20000000' },
      expect: { stack: 'ip:pim', line: 'Hello' },
    },
  ],
})
