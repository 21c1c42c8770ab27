import { defineDecoder } from '../define.ts'

const MODES: readonly string[] = [
  'reserved',
  'symmetric active',
  'symmetric passive',
  'client',
  'server',
  'broadcast',
  'control',
  'private',
]
/** Seconds from 1900 to 1970. */
const EPOCH = 2_208_988_800
/** Times below are of the era that begins in 2036 (RFC 5905, section 6). */
const TURN = 0x8000_0000

/** Seconds since 1970, or null where the time is not set. */
function time(view: DataView, at: number): number | null {
  const seconds = view.getUint32(at)
  const fraction = view.getUint32(at + 4)
  if (seconds === 0 && fraction === 0) return null
  return (seconds < TURN ? seconds + 2 ** 32 : seconds) - EPOCH + fraction / 2 ** 32
}

const TIMES = [
  ['ntp.reftime', 16],
  ['ntp.org', 24],
  ['ntp.rec', 32],
  ['ntp.xmt', 40],
] as const

export default defineDecoder({
  id: 'ntp',
  title: 'NTP',
  spec: 'https://www.rfc-editor.org/rfc/rfc5905',
  doc: 'Times and stratum of NTP; of control and private messages (which answer with many times what is asked) the operation.',
  on: [{ table: 'udpPort', keys: [123] }],
  fields: [
    { name: 'ntp.flags', type: 'uint', doc: 'Leap indicator, version and mode' },
    { name: 'ntp.flags.li', type: 'uint', doc: 'Leap indicator' },
    { name: 'ntp.flags.vn', type: 'uint', doc: 'Version' },
    { name: 'ntp.flags.mode', type: 'uint', doc: 'Mode' },
    { name: 'ntp.stratum', type: 'uint', doc: 'Stratum' },
    { name: 'ntp.ppoll', type: 'uint', doc: 'Interval of polls' },
    { name: 'ntp.precision', type: 'uint', doc: 'Precision' },
    { name: 'ntp.rootdelay', type: 'uint', doc: 'Delay to the root' },
    { name: 'ntp.rootdispersion', type: 'uint', doc: 'Dispersion to the root' },
    { name: 'ntp.refid', type: 'bytes', doc: 'Reference' },
    { name: 'ntp.reftime', type: 'time', doc: 'Time at which the clock was set' },
    { name: 'ntp.org', type: 'time', doc: 'Time at which the request left' },
    { name: 'ntp.rec', type: 'time', doc: 'Time at which the request came' },
    { name: 'ntp.xmt', type: 'time', doc: 'Time at which the answer left' },
    { name: 'ntp.ctrl.flags2.opcode', type: 'uint', doc: 'Operation of a control message' },
    { name: 'ntp.priv.reqcode', type: 'uint', doc: 'Request of a private message' },
  ],
  message(m, _, out) {
    const { data, view, from, to } = m
    if (from >= to) return out.malformed()
    const first = data[from]!
    const mode = first & 7
    out.fact('ntp.flags', first, from, 1)
    // A private message has other bits there.
    if (mode !== 7) out.fact('ntp.flags.li', first >> 6, from, 1)
    out.fact('ntp.flags.vn', (first >> 3) & 7, from, 1)
    out.fact('ntp.flags.mode', mode, from, 1)
    out.line(`NTP Version ${(first >> 3) & 7}, ${MODES[mode]!}`)
    if (mode === 6) {
      if (from + 2 <= to) out.fact('ntp.ctrl.flags2.opcode', data[from + 1]! & 31, from + 1, 1)
      return
    }
    if (mode === 7) {
      if (from + 4 <= to) out.fact('ntp.priv.reqcode', data[from + 3]!, from + 3, 1)
      return
    }
    if (from + 48 > to) {
      if (m.to - m.from >= m.length) out.malformed()
      return
    }
    out.fact('ntp.stratum', data[from + 1]!, from + 1, 1)
    out.fact('ntp.ppoll', data[from + 2]!, from + 2, 1)
    out.fact('ntp.precision', data[from + 3]!, from + 3, 1)
    out.fact('ntp.rootdelay', view.getUint32(from + 4), from + 4, 4)
    out.fact('ntp.rootdispersion', view.getUint32(from + 8), from + 8, 4)
    out.fact('ntp.refid', data.subarray(from + 12, from + 16), from + 12, 4)
    for (const [field, offset] of TIMES) {
      const seconds = time(view, from + offset)
      if (seconds !== null) out.fact(field, seconds, from + offset, 8)
    }
  },
  examples: [
    {
      name: 'a request',
      messages: {
        transport: 'udp',
        port: 123,
        sent: [{ by: 0, hex: `23 00 06 ec ${'00000000'.repeat(3)} ${'0000000000000000'.repeat(3)} 83aa7e80 80000000` }],
      },
      expect: {
        stack: 'ntp',
        line: 'NTP Version 4, client',
        facts: { 'ntp.flags.vn': 4, 'ntp.stratum': 0, 'ntp.precision': 236 },
      },
    },
    {
      name: 'a private request for all peers',
      messages: { transport: 'udp', port: 123, sent: [{ by: 0, hex: '17 00 03 2a 00000000' }] },
      expect: { line: 'NTP Version 2, private', facts: { 'ntp.priv.reqcode': 42 } },
    },
  ],
})
