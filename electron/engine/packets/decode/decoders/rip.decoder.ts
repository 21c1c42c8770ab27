import { namedDecoder } from '../named.ts'
import { u8 } from '../fields.ts'

export default namedDecoder({
  id: 'rip',
  title: 'RIP',
  spec: 'https://www.rfc-editor.org/rfc/rfc2453',
  doc: 'Routing: version and kind of message.',
  on: [{ table: 'udpPort', keys: [520] }],
  fields: [u8('rip.command', 'Kind of message', 0), u8('rip.version', 'Version', 1)],
  column: (p, at) => `RIPv${p.data[at + 1] ?? ''}`,
  line: (p, at, end) => (at < end ? (['', 'Request', 'Response'][p.data[at]!] ?? 'RIP') : 'RIP'),
  examples: [
    {
      name: 'a message',
      packet: { link: 228, hex: '45000020 00010000 40110000 c0000201 c0000202 c350 0208 000c 0000 01020000' },
      expect: { stack: 'ip:udp:rip', line: 'Request' },
    },
  ],
})
