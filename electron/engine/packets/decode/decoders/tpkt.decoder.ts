import { defineDecoder } from '../define.ts'

/** Header and the shortest thing inside. */
const LEAST = 7

export default defineDecoder({
  id: 'tpkt',
  title: 'TPKT',
  spec: 'https://www.rfc-editor.org/rfc/rfc1006#section-6',
  doc: 'Frames of ISO transport over TCP: remote desktop, and controllers of Siemens.',
  on: [{ table: 'tcpPort', keys: [102, 3389] }],
  fields: [
    { name: 'tpkt.version', type: 'uint', doc: 'Version' },
    { name: 'tpkt.length', type: 'uint', doc: 'Length' },
  ],
  stream: {
    length(data, from, to) {
      if (data[from] !== 3 || (to - from > 1 && data[from + 1] !== 0)) return -1
      if (to - from < 4) return 0
      const length = (data[from + 2]! << 8) | data[from + 3]!
      return length < LEAST ? -1 : length
    },
  },
  // A connection request of ISO transport whose length fits, as remote desktop begins on any port.
  guess: (data, from, to, transport) =>
    transport === 'tcp' &&
    to - from >= 11 &&
    data[from] === 3 &&
    data[from + 1] === 0 &&
    ((data[from + 2]! << 8) | data[from + 3]!) === data[from + 4]! + 5 &&
    (data[from + 5] === 0xe0 || data[from + 5] === 0xd0),
  message({ data, view, from, to }, _, out) {
    out.fact('tpkt.version', data[from]!, from, 1)
    out.fact('tpkt.length', view.getUint16(from + 2), from + 2, 2)
    if (from + 4 < to) out.inner('cotp', data, from + 4, to)
  },
  examples: [
    {
      name: 'a connection is asked for',
      messages: {
        transport: 'tcp',
        port: 102,
        sent: [{ by: 0, hex: '0300000f0ae00000000100c1020100' }],
      },
      expect: {
        stack: 'tpkt:cotp',
        facts: {
          'tpkt.version': 3,
          'tpkt.length': 15,
        },
      },
    },
  ],
})
