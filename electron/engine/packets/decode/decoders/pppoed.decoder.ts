import { namedDecoder } from '../named.ts'

const CODES: Readonly<Record<number, string>> = {
  0x07: 'Active Discovery Offer (PADO)',
  0x09: 'Active Discovery Initiation (PADI)',
  0x19: 'Active Discovery Request (PADR)',
  0x65: 'Active Discovery Session-confirmation (PADS)',
  0xa7: 'Active Discovery Terminate (PADT)',
}

export default namedDecoder({
  id: 'pppoed',
  title: 'PPPoED',
  spec: 'https://www.rfc-editor.org/rfc/rfc2516',
  doc: 'How a session of PPP over Ethernet is found, begun and ended: the kind of message, not its tags.',
  on: [{ table: 'etherType', keys: [0x8863] }],
  line: (p, at, end) => (at + 1 < end ? (CODES[p.data[at + 1]!] ?? `Code ${p.data[at + 1]!}`) : 'PPPoED'),
  examples: [
    {
      name: 'looking for a server',
      packet: { link: 1, hex: 'ffffffffffff 020000000002 8863 11 09 0000 0004 0101 0000' },
      expect: { stack: 'eth:ethertype:pppoed', line: 'Active Discovery Initiation (PADI)' },
    },
  ],
})
