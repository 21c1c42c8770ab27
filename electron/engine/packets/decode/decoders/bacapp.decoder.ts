import { namedDecoder } from '../named.ts'
import { bits } from '../fields.ts'
import { OTHER } from '../other.ts'

const WORDS = [
  'Confirmed-REQ', 'Unconfirmed-REQ', 'Simple-ACK', 'Complex-ACK', 'Segment-ACK', 'Error', 'Reject', 'Abort',
] as const // prettier-ignore

export default namedDecoder({
  id: 'bacapp',
  title: 'BACnet-APDU',
  spec: 'https://bacnet.org/',
  doc: 'Building control: the kind of request or answer. Services are not read.',
  on: [{ table: 'other', keys: [OTHER.bacapp] }],
  fields: [bits('bacapp.type', 'Kind', 0, 1, 0xf0)],
  line: (p, at, end) => (at < end ? WORDS[p.data[at]! >> 4] : undefined) ?? 'BACnet-APDU',
  examples: [
    {
      name: 'a request without answer',
      packet: { link: 1, hex: '020000000001 020000000002 0007 828203 0100 1008' },
      expect: { stack: 'eth:llc:bacnet:bacapp', line: 'Unconfirmed-REQ' },
    },
  ],
})
