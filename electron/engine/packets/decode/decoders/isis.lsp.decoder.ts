import { namedDecoder } from '../named.ts'
import { isisId } from '../isis-names.ts'
import { OTHER } from '../other.ts'
import { hex } from '../text.ts'

export default namedDecoder({
  id: 'isis.lsp',
  title: 'ISIS LSP',
  spec: 'https://www.rfc-editor.org/rfc/rfc1142',
  doc: 'A message of IS-IS. It is named only.',
  on: [{ table: 'other', keys: [OTHER.isisLsp] }],
  line: (p, at, end) =>
    at + 16 > end || at < 8
      ? 'ISIS LSP'
      : `${(p.data[at - 4]! & 31) === 18 ? 'L1' : 'L2'} LSP, LSP-ID: ${isisId(p.data, at + 4, 8)}, Sequence: 0x${hex(p.data, at + 12, at + 16)}, Lifetime: ${String(p.view.getUint16(at + 2)).padStart(5)}s`,
  examples: [
    {
      name: 'a message',
      packet: { link: 1, hex: '020000000001 020000000002 000d fefe03 831b010014010000 0102' },
      expect: { stack: 'eth:llc:osi:isis:isis.lsp' },
    },
  ],
})
