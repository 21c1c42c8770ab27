import { defineDecoder } from '../define.ts'
import { modbusFunction } from '../modbus-functions.ts'

const PORT = 502
const HEADER = 7

export default defineDecoder({
  id: 'mbtcp',
  title: 'Modbus/TCP',
  spec: 'https://www.modbus.org/docs/Modbus_Messaging_Implementation_Guide_V1_0b.pdf',
  doc: 'Frames of Modbus over TCP: transaction, unit, and the function inside.',
  on: [{ table: 'tcpPort', keys: [PORT] }],
  fields: [
    { name: 'mbtcp.trans_id', type: 'uint', doc: 'Transaction' },
    { name: 'mbtcp.prot_id', type: 'uint', doc: 'Protocol, 0' },
    { name: 'mbtcp.len', type: 'uint', doc: 'Length' },
    { name: 'mbtcp.unit_id', type: 'uint', doc: 'Unit' },
  ],
  stream: {
    length(data, from, to) {
      if (to - from < HEADER + 1) return to - from > 3 && (data[from + 2] !== 0 || data[from + 3] !== 0) ? -1 : 0
      if (data[from + 2] !== 0 || data[from + 3] !== 0) return -1
      const length = (data[from + 4]! << 8) | data[from + 5]!
      // A unit and a function at least; a message has 253 bytes at most.
      return length < 2 || length > 254 ? -1 : 6 + length
    },
  },
  message(m, _, out) {
    const { data, view, from, to } = m
    const transaction = view.getUint16(from)
    out.fact('mbtcp.trans_id', transaction, from, 2)
    out.fact('mbtcp.prot_id', view.getUint16(from + 2), from + 2, 2)
    out.fact('mbtcp.len', view.getUint16(from + 4), from + 4, 2)
    if (to < from + HEADER + 1) return
    const unit = data[from + 6]!
    const code = data[from + 7]!
    out.fact('mbtcp.unit_id', unit, from + 6, 1)
    const kind = m.direction === 1 ? 'Response' : '   Query'
    const shown = `Trans: ${String(transaction).padStart(5)}; Unit: ${String(unit).padStart(3)}, Func: ${String(code & 0x7f).padStart(3)}`
    out.line(`${kind}: ${shown}: ${modbusFunction(code)}${code & 0x80 ? '. Exception returned ' : ''}`)
    out.inner('modbus', data, from + HEADER, to)
    out.protocol('Modbus/TCP')
  },
  examples: [
    {
      name: 'registers are read',
      messages: {
        transport: 'tcp',
        port: 502,
        sent: [
          { by: 0, hex: '0001000000061103006b0003' },
          { by: 1, hex: '000100000009110306000100020003' },
        ],
      },
      expect: {
        stack: 'mbtcp:modbus',
        line: '   Query: Trans:     1; Unit:  17, Func:   3: Read Holding Registers',
        facts: {
          'mbtcp.trans_id': 1,
          'mbtcp.unit_id': 17,
          'modbus.func_code': 3,
        },
      },
    },
  ],
})
