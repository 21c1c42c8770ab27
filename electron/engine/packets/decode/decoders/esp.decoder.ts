import { namedDecoder } from '../named.ts'
import { readUint, u32 } from '../fields.ts'

const spi = readUint(0, 4)

export default namedDecoder({
  id: 'esp',
  title: 'ESP',
  spec: 'https://www.rfc-editor.org/rfc/rfc4303',
  doc: 'Encrypted IP packets: security parameters and number. What is inside is not read.',
  on: [{ table: 'ip', keys: [50] }],
  fields: [u32('esp.spi', 'Security parameters', 0), u32('esp.sequence', 'Number', 4)],
  line: (p, at, end) => `ESP (SPI=0x${(spi(p, at, end) ?? 0).toString(16).padStart(8, '0')})`,
  examples: [
    {
      name: 'a packet',
      packet: { link: 228, hex: '45000020 00010000 40320000 c0000201 c0000202 00000100 00000001 aabbccdd' },
      expect: { stack: 'ip:esp', line: 'ESP (SPI=0x00000100)', facts: { 'esp.sequence': 1 } },
    },
  ],
})
