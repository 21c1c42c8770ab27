import { namedDecoder } from '../named.ts'
import { u8 } from '../fields.ts'

export default namedDecoder({
  id: 'eigrp',
  title: 'EIGRP',
  spec: 'https://www.rfc-editor.org/rfc/rfc7868',
  doc: 'Routing: kind of message.',
  on: [{ table: 'ip', keys: [88] }],
  fields: [u8('eigrp.version', 'Version', 0), u8('eigrp.opcode', 'Kind of message', 1)],
  line: (p, at, end) =>
    at + 1 < end
      ? ({ 1: 'Update', 3: 'Query', 4: 'Reply', 5: 'Hello', 10: 'SIA-Query', 11: 'SIA-Reply' }[p.data[at + 1]!] ?? 'EIGRP')
      : 'EIGRP',
  examples: [
    {
      name: 'a message',
      packet: { link: 228, hex: '45000018 00010000 40580000 c0000201 e0000005 02050000' },
      expect: { stack: 'ip:eigrp', line: 'Hello' },
    },
  ],
})
