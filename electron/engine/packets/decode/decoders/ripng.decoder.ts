import { namedDecoder } from '../named.ts'
import { u8 } from '../fields.ts'

export default namedDecoder({
  id: 'ripng',
  title: 'RIPng',
  spec: 'https://www.rfc-editor.org/rfc/rfc2080',
  doc: 'Routing: version and kind of message.',
  on: [{ table: 'udpPort', keys: [521] }],
  fields: [u8('ripng.cmd', 'Kind of message', 0), u8('ripng.version', 'Version', 1)],
  line: (p, at, end) =>
    at + 1 < end ? `Command ${['', 'Request', 'Response'][p.data[at]!] ?? p.data[at]!}, Version ${p.data[at + 1]!}` : 'RIPng',
  examples: [
    {
      name: 'a message',
      packet: { link: 228, hex: '45000020 00010000 40110000 c0000201 c0000202 c350 0209 000c 0000 01010000' },
      expect: { stack: 'ip:udp:ripng', line: 'Command Request, Version 1' },
    },
  ],
})
