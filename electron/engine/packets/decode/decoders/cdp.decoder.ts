import { namedDecoder } from '../named.ts'
import { u8 } from '../fields.ts'
import { latin1 } from '../text.ts'
import type { DecoderField } from '../define.ts'
import type { Packet } from '../packet.ts'

const DEVICE = 1
const PORT = 3
const VERSION = 5
const PLATFORM = 6
const MOST_ELEMENTS = 64

/** Text of the first element of this kind. */
function element(p: Packet, at: number, end: number, kind: number): string | undefined {
  for (let i = at + 4, n = 0; i + 4 <= end && n < MOST_ELEMENTS; n++) {
    const length = p.view.getUint16(i + 2)
    if (length < 4 || i + length > end) return undefined
    if (p.view.getUint16(i) === kind) return latin1(p.data, i + 4, i + length)
    i += length
  }
  return undefined
}
const text = (name: string, doc: string, kind: number): DecoderField => ({
  name,
  type: 'text',
  doc,
  read: (p, at, end) => element(p, at, end, kind),
})

export default namedDecoder({
  id: 'cdp',
  title: 'CDP',
  spec: 'https://www.wireshark.org/docs/dfref/c/cdp.html',
  doc: 'What Cisco devices say of themselves: name, port, software and platform.',
  on: [{ table: 'other', keys: [0x2000] }],
  fields: [
    u8('cdp.version', 'Version', 0),
    u8('cdp.ttl', 'Time to live, seconds', 1),
    text('cdp.deviceid', 'Device', DEVICE),
    text('cdp.portid', 'Port', PORT),
    text('cdp.software_version', 'Software', VERSION),
    text('cdp.platform', 'Platform', PLATFORM),
  ],
  line(p, at, end) {
    const device = element(p, at, end, DEVICE)
    const port = element(p, at, end, PORT)
    return `${device === undefined ? '' : `Device ID: ${device}  `}${port === undefined ? '' : `Port ID: ${port}  `}` || 'CDP'
  },
  examples: [
    {
      name: 'an announcement',
      packet: {
        link: 1,
        hex: '01000ccccccc 020000000002 001a aaaa03 00000c 2000 02b40000 0001 0007 737731 0003 0007 476931',
      },
      expect: { stack: 'eth:llc:cdp', line: 'Device ID: sw1  Port ID: Gi1  ', facts: { 'cdp.deviceid': 'sw1', 'cdp.ttl': 180 } },
    },
  ],
})
