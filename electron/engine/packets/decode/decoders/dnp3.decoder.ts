import { defineDecoder, type Facts, type Message } from '../define.ts'

const FUNCTIONS: Readonly<Record<number, string>> = {
  0: 'Confirm', 1: 'Read', 2: 'Write', 3: 'Select', 4: 'Operate', 5: 'Direct Operate', 6: 'Direct Operate No Ack', 7: 'Immediate Freeze',
  8: 'Immediate Freeze No Ack', 9: 'Freeze and Clear', 10: 'Freeze and Clear No Ack', 11: 'Freeze With Time', 12: 'Freeze With Time No Ack',
  13: 'Cold Restart', 14: 'Warm Restart', 15: 'Initialize Data', 16: 'Initialize Application', 17: 'Start Application', 18: 'Stop Application',
  19: 'Save Configuration', 20: 'Enable Spontaneous Messages', 21: 'Disable Spontaneous Messages', 22: 'Assign Classes', 23: 'Delay Measurement',
  24: 'Record Current Time', 25: 'Open File', 26: 'Close File', 27: 'Delete File', 28: 'Get File Info', 29: 'Authenticate File', 30: 'Abort File',
  129: 'Response', 130: 'Unsolicited Response', 131: 'Authentication Response',
} // prettier-ignore
const PRIMARY: Readonly<Record<number, string>> = {
  0: 'Reset of Remote Link',
  1: 'Reset of User Process',
  2: 'Test Function For Link',
  3: 'User Data',
  4: 'Unconfirmed User Data',
  9: 'Request Link Status',
}
const SECONDARY: Readonly<Record<number, string>> = {
  0: 'ACK',
  1: 'NACK',
  11: 'Status of Link',
  14: 'Link Service Not Functioning',
  15: 'Link Service Not Used',
}
/** Objects by group and variation that say what a request is about. */
const OBJECTS: Readonly<Record<number, string>> = {
  0x3c01: 'Class 0',
  0x3c02: 'Class 1',
  0x3c03: 'Class 2',
  0x3c04: 'Class 3',
  0x3201: 'Time and Date',
  0x5001: 'Internal Indications',
}
const HEADER = 10
/** Bytes between two checksums. */
const BLOCK = 16

/** Checksum of the header's first eight bytes (IEEE 1815, section 9.2.4.3): low byte first. */
function headerHolds(data: Uint8Array, from: number): boolean {
  let sum = 0
  for (let i = from; i < from + 8; i++) {
    sum ^= data[i]!
    for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? (sum >> 1) ^ 0xa6bc : sum >> 1
  }
  sum ^= 0xffff
  return data[from + 8] === (sum & 255) && data[from + 9] === sum >> 8
}

/** User data without its checksums; at most 250 bytes. */
function userData({ data, from, to }: Message): Uint8Array {
  const length = Math.max(0, data[from + 2]! - 5)
  const whole = new Uint8Array(length)
  let filled = 0
  for (let at = from + HEADER; filled < length && at < to; at += BLOCK + 2) {
    const piece = data.subarray(at, Math.min(to, at + Math.min(BLOCK, length - filled)))
    whole.set(piece, filled)
    filled += piece.length
  }
  return whole.subarray(0, filled)
}

/** The application's header; its line. */
function application(user: Uint8Array, out: Facts): string {
  const transport = user[0]!
  out.fact('dnp3.tr.fin', (transport & 0x80) !== 0)
  out.fact('dnp3.tr.fir', (transport & 0x40) !== 0)
  out.fact('dnp3.tr.seq', transport & 0x3f)
  if ((transport & 0x40) === 0 || user.length < 3) return ''
  const code = user[2]!
  out.fact('dnp3.al.ctl', user[1]!)
  out.fact('dnp3.al.func', code)
  let line = FUNCTIONS[code] ?? `Unknown function (0x${code.toString(16).padStart(2, '0')})`
  if (code >= 129) {
    if (user.length >= 5) out.fact('dnp3.al.iin', (user[3]! << 8) | user[4]!)
    return line
  }
  if (user.length >= 5) {
    const name = OBJECTS[(user[3]! << 8) | user[4]!]
    if (name !== undefined && (code === 1 || code === 2)) line += `, ${name}`
  }
  return line
}

export default defineDecoder({
  id: 'dnp3',
  title: 'DNP 3.0',
  spec: 'https://standards.ieee.org/ieee/1815/5414/',
  doc: 'Frames of DNP3 over TCP and UDP: link addresses, function of the application, internal indications. Objects beyond the first are not read, nor are checksums tested but that of the header.',
  on: [
    { table: 'tcpPort', keys: [20_000] },
    { table: 'udpPort', keys: [20_000] },
  ],
  fields: [
    { name: 'dnp3.start', type: 'uint', doc: 'Start bytes' },
    { name: 'dnp3.len', type: 'uint', doc: 'Length' },
    { name: 'dnp3.ctl', type: 'uint', doc: 'Control' },
    { name: 'dnp3.ctl.dir', type: 'bool', doc: 'From the master' },
    { name: 'dnp3.ctl.prm', type: 'bool', doc: 'Of the primary station' },
    { name: 'dnp3.dst', type: 'uint', doc: 'Destination' },
    { name: 'dnp3.src', type: 'uint', doc: 'Source' },
    { name: 'dnp3.tr.fin', type: 'bool', doc: 'Last piece' },
    { name: 'dnp3.tr.fir', type: 'bool', doc: 'First piece' },
    { name: 'dnp3.tr.seq', type: 'uint', doc: 'Number of the piece' },
    { name: 'dnp3.al.ctl', type: 'uint', doc: 'Application control' },
    { name: 'dnp3.al.func', type: 'uint', doc: 'Function' },
    { name: 'dnp3.al.iin', type: 'uint', doc: 'Internal indications' },
  ],
  stream: {
    length(data, from, to) {
      if (data[from] !== 0x05 || (to - from > 1 && data[from + 1] !== 0x64)) return -1
      if (to - from < HEADER) return 0
      const user = data[from + 2]! - 5
      return user < 0 ? -1 : HEADER + user + 2 * Math.ceil(user / BLOCK)
    },
  },
  guess: (data, from, to) => to - from >= HEADER && data[from] === 0x05 && data[from + 1] === 0x64 && headerHolds(data, from),
  message(m, _, out) {
    const { data, view, from, to } = m
    if (to - from < HEADER || view.getUint16(from) !== 0x0564) return out.malformed()
    // A datagram on the port that only looks like it.
    if (m.transport === 'udp' && !headerHolds(data, from)) return
    const control = data[from + 3]!
    out.fact('dnp3.start', 0x0564, from, 2)
    out.fact('dnp3.len', data[from + 2]!, from + 2, 1)
    out.fact('dnp3.ctl', control, from + 3, 1)
    out.fact('dnp3.ctl.dir', (control & 0x80) !== 0, from + 3, 1)
    out.fact('dnp3.ctl.prm', (control & 0x40) !== 0, from + 3, 1)
    const destination = view.getUint16(from + 4, true)
    const source = view.getUint16(from + 6, true)
    out.fact('dnp3.dst', destination, from + 4, 2)
    out.fact('dnp3.src', source, from + 6, 2)
    const user = userData(m)
    const link = ((control & 0x40) === 0 ? SECONDARY : PRIMARY)[control & 15] ?? 'Unknown function'
    const line = user.length > 0 ? application(user, out) : ''
    out.line(line === '' ? `from ${source} to ${destination}, len=${data[from + 2]}, ${link}` : line)
  },
  examples: [
    {
      name: 'a restart, and its answer',
      messages: {
        transport: 'tcp',
        port: 20000,
        sent: [
          { by: 0, hex: '056408c404000300b4b8c0c10dd22d' },
          { by: 1, hex: '05640a44030004007caec0c1810000742a' },
        ],
      },
      expect: {
        stack: 'dnp3',
        line: 'Cold Restart',
        facts: {
          'dnp3.src': ['3', '4'],
          'dnp3.dst': ['4', '3'],
          'dnp3.al.func': ['13', '129'],
          'dnp3.al.iin': 0,
        },
      },
    },
  ],
})
