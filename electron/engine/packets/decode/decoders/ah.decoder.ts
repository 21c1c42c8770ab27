import { defineDecoder } from '../define.ts'
import { skipExtension } from '../extension.ts'
import { readUint, u32, u8 } from '../fields.ts'

const spi = readUint(4, 4)

export default defineDecoder({
  id: 'ah',
  title: 'AH',
  spec: 'https://www.rfc-editor.org/rfc/rfc4302',
  doc: 'What proves who sent a packet. It hides nothing: what follows is read.',
  on: [{ table: 'ip', keys: [51] }],
  fields: [
    u8('ah.next_header', 'Next header', 0),
    u8('ah.length', 'Length, units of 4 bytes', 1),
    u32('ah.spi', 'Security parameters', 4),
    u32('ah.sequence', 'Number', 8),
  ],
  header(p) {
    skipExtension(p, 4, 8)
  },
  line: (p, at, end) => `AH (SPI=0x${(spi(p, at, end) ?? 0).toString(16).padStart(8, '0')})`,
  examples: [
    {
      name: 'before a protocol that is not known',
      packet: {
        link: 228,
        hex: '4500 0028 00010000 40330000 c0000201 c0000202 fd 02 0000 00000100 00000001 aabbccdd 01020304',
      },
      expect: { stack: 'ip:ah:data', facts: { 'ah.spi': 256, 'ah.sequence': 1 } },
    },
  ],
})
