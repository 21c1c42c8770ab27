import { namedDecoder } from '../named.ts'
import { u16, u8 } from '../fields.ts'

export default namedDecoder({
  id: 'eapol',
  title: 'EAPOL',
  spec: 'https://standards.ieee.org/ieee/802.1X/7345/',
  doc: 'Log-in to a port: version and kind of message.',
  on: [{ table: 'etherType', keys: [0x888e, 0x88c7] }],
  fields: [u8('eapol.version', 'Version', 0), u8('eapol.type', 'Type', 1), u16('eapol.len', 'Length', 2)],
  line: (p, at, end) =>
    at + 1 < end ? (['EAP Packet', 'Start', 'Logoff', 'Key', 'Encapsulated ASF Alert'][p.data[at + 1]!] ?? 'EAPOL') : 'EAPOL',
  examples: [
    {
      name: 'a start',
      packet: { link: 1, hex: '0180c2000003 020000000002 888e 01 01 0000' },
      expect: { stack: 'eth:ethertype:eapol', line: 'Start' },
    },
  ],
})
