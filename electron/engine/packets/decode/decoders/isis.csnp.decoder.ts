import { namedDecoder } from '../named.ts'
import { isisId } from '../isis-names.ts'
import { OTHER } from '../other.ts'

export default namedDecoder({
  id: 'isis.csnp',
  title: 'ISIS CSNP',
  spec: 'https://www.rfc-editor.org/rfc/rfc1142',
  doc: 'A message of IS-IS. It is named only.',
  on: [{ table: 'other', keys: [OTHER.isisCsnp] }],
  line: (p, at, end) =>
    at + 25 > end || at < 8
      ? 'ISIS CSNP'
      : `${(p.data[at - 4]! & 31) === 24 ? 'L1' : 'L2'} CSNP, Source-ID: ${isisId(p.data, at + 2, 7)}, Start LSP-ID: ${isisId(p.data, at + 9, 8)}, End LSP-ID: ${isisId(p.data, at + 17, 8)}`,
  examples: [
    {
      name: 'a message',
      packet: { link: 1, hex: '020000000001 020000000002 000d fefe03 831b010019010000 0102' },
      expect: { stack: 'eth:llc:osi:isis:isis.csnp' },
    },
  ],
})
