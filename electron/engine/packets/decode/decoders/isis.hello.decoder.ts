import { namedDecoder } from '../named.ts'
import { isisId } from '../isis-names.ts'
import { OTHER } from '../other.ts'

const KINDS = ['L1', 'L2', 'P2P'] as const

export default namedDecoder({
  id: 'isis.hello',
  title: 'ISIS HELLO',
  spec: 'https://www.rfc-editor.org/rfc/rfc1142',
  doc: 'A message of IS-IS. It is named only.',
  on: [{ table: 'other', keys: [OTHER.isisHello] }],
  // The common header before it ends with its kind.
  line: (p, at, end) =>
    at + 7 > end || at < 8
      ? 'ISIS HELLO'
      : `${KINDS[(p.data[at - 4]! & 31) - 15] ?? ''} HELLO, System-ID: ${isisId(p.data, at + 1, 6)}`,
  examples: [
    {
      name: 'a message',
      packet: { link: 1, hex: '020000000001 020000000002 000d fefe03 831b010010010000 0102' },
      expect: { stack: 'eth:llc:osi:isis:isis.hello' },
    },
  ],
})
