import { defineDecoder } from '../define.ts'
import { TABLE } from '../dispatch.ts'
import { bits, u8 } from '../fields.ts'
import { OTHER } from '../other.ts'

const KINDS: Readonly<Record<number, number>> = {
  15: OTHER.isisHello,
  16: OTHER.isisHello,
  17: OTHER.isisHello,
  18: OTHER.isisLsp,
  20: OTHER.isisLsp,
  24: OTHER.isisCsnp,
  25: OTHER.isisCsnp,
  26: OTHER.isisPsnp,
  27: OTHER.isisPsnp,
}

export default defineDecoder({
  id: 'isis',
  title: 'ISIS',
  spec: 'https://www.rfc-editor.org/rfc/rfc1142',
  doc: 'The common header of IS-IS, which says what kind of message follows.',
  on: [{ table: 'other', keys: [OTHER.isis] }],
  fields: [u8('isis.len', 'Length of the header', 1), u8('isis.version', 'Version', 2), bits('isis.type', 'Type', 4, 1, 0x1f)],
  header(p) {
    if (!p.has(8)) return
    const kind = KINDS[p.data[p.at + 4]! & 31]
    p.at += 8
    if (kind === undefined) p.at = p.end
    else p.goTo(TABLE.other, kind)
  },
  line: () => 'ISIS',
  examples: [
    {
      name: 'a type that is not known',
      packet: { link: 1, hex: '020000000001 020000000002 000b fefe03 831b010001010000' },
      expect: { stack: 'eth:llc:osi:isis', facts: { 'isis.type': 1 } },
    },
  ],
})
