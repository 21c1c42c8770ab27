import { namedDecoder } from '../named.ts'
import { isisId } from '../isis-names.ts'
import { OTHER } from '../other.ts'

export default namedDecoder({
  id: 'isis.psnp',
  title: 'ISIS PSNP',
  spec: 'https://www.rfc-editor.org/rfc/rfc1142',
  doc: 'A message of IS-IS. It is named only.',
  on: [{ table: 'other', keys: [OTHER.isisPsnp] }],
  line: (p, at, end) =>
    at + 9 > end || at < 8
      ? 'ISIS PSNP'
      : `${(p.data[at - 4]! & 31) === 26 ? 'L1' : 'L2'} PSNP, Source-ID: ${isisId(p.data, at + 2, 7)}`,
  examples: [
    {
      name: 'a message',
      packet: { link: 1, hex: '020000000001 020000000002 000d fefe03 831b01001b010000 0102' },
      expect: { stack: 'eth:llc:osi:isis:isis.psnp' },
    },
  ],
})
