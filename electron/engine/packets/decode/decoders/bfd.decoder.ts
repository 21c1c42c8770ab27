import { namedDecoder } from '../named.ts'
import { bits, u32 } from '../fields.ts'

const STATES = ['AdminDown', 'Down', 'Init', 'Up'] as const
const DIAGNOSTICS = [
  'No Diagnostic', 'Control Detection Time Expired', 'Echo Function Failed', 'Neighbor Signaled Session Down', 'Forwarding Plane Reset',
  'Path Down', 'Concatenated Path Down', 'Administratively Down', 'Reverse Concatenated Path Down',
] as const // prettier-ignore

export default namedDecoder({
  id: 'bfd',
  title: 'BFD Control',
  spec: 'https://www.rfc-editor.org/rfc/rfc5880',
  doc: 'Whether a path is alive: state of the sender.',
  on: [{ table: 'udpPort', keys: [3784, 4784] }],
  fields: [
    bits('bfd.version', 'Version', 0, 1, 0xe0),
    bits('bfd.sta', 'State', 1, 1, 0xc0),
    u32('bfd.my_discriminator', 'Sender’s number', 4),
    u32('bfd.your_discriminator', 'Receiver’s number', 8),
  ],
  line(p, at, end) {
    if (at + 2 > end) return 'BFD Control'
    const [first, second] = [p.data[at]!, p.data[at + 1]!]
    return `Diag: ${DIAGNOSTICS[first & 31] ?? 'Reserved'}, State: ${STATES[second >> 6]!}, Flags: 0x${(second & 63).toString(16).padStart(2, '0')}`
  },
  examples: [
    {
      name: 'a message',
      packet: {
        link: 228,
        hex: '45000034 00010000 40110000 c0000201 c0000202 c350 0ec8 0020 0000 20c003180000000100000002000f4240000f424000000000',
      },
      expect: { stack: 'ip:udp:bfd', line: 'Diag: No Diagnostic, State: Up, Flags: 0x00' },
    },
  ],
})
