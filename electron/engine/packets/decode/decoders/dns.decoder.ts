import { defineDecoder } from '../define.ts'

/** Replaced by the full decoder: the shape of a message decoder. */
export default defineDecoder({
  id: 'dns',
  title: 'DNS',
  spec: 'https://www.rfc-editor.org/rfc/rfc1035',
  doc: 'Queries and answers.',
  on: [
    { table: 'udpPort', keys: [53] },
    { table: 'tcpPort', keys: [53] },
  ],
  fields: [{ name: 'dns.id', type: 'uint', doc: 'Transaction id' }],
  stream: {
    length: (data, from, to) => (to - from < 2 ? 0 : 2 + ((data[from]! << 8) | data[from + 1]!)),
  },
  message(m, _, out) {
    const at = m.from + (m.transport === 'tcp' ? 2 : 0)
    if (at + 12 > m.to) return out.malformed()
    out.fact('dns.id', m.view.getUint16(at), at, 2)
    out.line(`Standard query 0x${m.view.getUint16(at).toString(16).padStart(4, '0')}`)
  },
  examples: [],
})
