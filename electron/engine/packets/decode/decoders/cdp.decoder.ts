import { namedDecoder } from '../named.ts'
import { u8 } from '../fields.ts'

export default namedDecoder({
  id: 'cdp',
  title: 'CDP',
  spec: 'https://www.wireshark.org/docs/dfref/c/cdp.html',
  doc: 'What Cisco devices say of themselves: version and time to live.',
  on: [{ table: 'other', keys: [0x2000] }],
  fields: [u8('cdp.version', 'Version', 0), u8('cdp.ttl', 'Time to live, seconds', 1)],
  examples: [
    {
      name: 'an announcement',
      packet: { link: 1, hex: '01000ccccccc 020000000002 000c aaaa03 00000c 2000 02b40000' },
      expect: { stack: 'eth:llc:cdp' },
    },
  ],
})
