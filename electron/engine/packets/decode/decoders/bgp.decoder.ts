import { defineDecoder } from '../define.ts'

const TYPES = ['', 'OPEN', 'UPDATE', 'NOTIFICATION', 'KEEPALIVE', 'ROUTE-REFRESH', 'CAPABILITY'] as const
const HEADER = 19
/** Longest message (RFC 8654). */
const MOST = 65_535

function marked(data: Uint8Array, from: number, to: number): boolean {
  for (let i = from; i < Math.min(to, from + 16); i++) if (data[i] !== 0xff) return false
  return true
}

export default defineDecoder({
  id: 'bgp',
  title: 'BGP',
  spec: 'https://www.rfc-editor.org/rfc/rfc4271#section-4',
  doc: 'BGP: kinds of message, the opening with its system and identifier, notifications, sizes of an update. Routes are not read.',
  on: [{ table: 'tcpPort', keys: [179] }],
  fields: [
    { name: 'bgp.length', type: 'uint', doc: 'Length' },
    { name: 'bgp.type', type: 'uint', doc: 'Kind of message' },
    { name: 'bgp.open.version', type: 'uint', doc: 'Version' },
    { name: 'bgp.open.myas', type: 'uint', doc: "Sender's system" },
    { name: 'bgp.open.holdtime', type: 'uint', doc: 'Hold time, seconds' },
    { name: 'bgp.open.identifier', type: 'ipv4', doc: 'Identifier' },
    { name: 'bgp.notify.major_error', type: 'uint', doc: 'Error' },
    { name: 'bgp.update.withdrawn_routes.length', type: 'uint', doc: 'Bytes of routes that are withdrawn' },
    { name: 'bgp.update.path_attributes.length', type: 'uint', doc: 'Bytes of attributes' },
  ],
  stream: {
    length(data, from, to) {
      if (!marked(data, from, to)) return -1
      if (to - from < HEADER) return 0
      const length = (data[from + 16]! << 8) | data[from + 17]!
      return length < HEADER || length > MOST ? -1 : length
    },
  },
  message({ data, view, from, to }, _, out) {
    if (to - from < HEADER) return
    const type = data[from + 18]!
    out.fact('bgp.length', view.getUint16(from + 16), from + 16, 2)
    out.fact('bgp.type', type, from + 18, 1)
    out.line(`${TYPES[type] || `Unknown type ${type}`} Message`)
    const at = from + HEADER
    if (type === 1 && at + 9 <= to) {
      out.fact('bgp.open.version', data[at]!, at, 1)
      out.fact('bgp.open.myas', view.getUint16(at + 1), at + 1, 2)
      out.fact('bgp.open.holdtime', view.getUint16(at + 3), at + 3, 2)
      out.fact('bgp.open.identifier', view.getUint32(at + 5), at + 5, 4)
    } else if (type === 2 && at + 4 <= to) {
      const withdrawn = view.getUint16(at)
      out.fact('bgp.update.withdrawn_routes.length', withdrawn, at, 2)
      if (at + 4 + withdrawn <= to)
        out.fact('bgp.update.path_attributes.length', view.getUint16(at + 2 + withdrawn), at + 2 + withdrawn, 2)
    } else if (type === 3 && at + 2 <= to) out.fact('bgp.notify.major_error', data[at]!, at, 1)
  },
  examples: [
    {
      name: 'an opening, and a refusal',
      messages: {
        transport: 'tcp',
        port: 179,
        sent: [
          { by: 0, hex: 'ffffffffffffffffffffffffffffffff001d0104fc0000b4c000020100' },
          { by: 1, hex: 'ffffffffffffffffffffffffffffffff0015030202' },
        ],
      },
      expect: {
        stack: 'bgp',
        line: 'OPEN Message',
        facts: {
          'bgp.type': ['1', '3'],
          'bgp.open.myas': 64512,
          'bgp.open.holdtime': 180,
          'bgp.open.identifier': '192.0.2.1',
          'bgp.notify.major_error': 2,
        },
      },
    },
  ],
})
