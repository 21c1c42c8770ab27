import { defineDecoder } from '../define.ts'

export default defineDecoder({
  id: 'modbus',
  title: 'Modbus',
  spec: 'https://www.modbus.org/docs/Modbus_Application_Protocol_V1_1b3.pdf',
  doc: 'A function of Modbus: its code, first address and count of a request, and exceptions.',
  on: [],
  fields: [
    { name: 'modbus.func_code', type: 'uint', doc: 'Function' },
    { name: 'modbus.exception_code', type: 'uint', doc: 'Exception' },
    { name: 'modbus.reference_num', type: 'uint', doc: 'First address' },
    { name: 'modbus.bit_cnt', type: 'uint', doc: 'Coils or inputs' },
    { name: 'modbus.word_cnt', type: 'uint', doc: 'Registers' },
    { name: 'modbus.byte_cnt', type: 'uint', doc: 'Bytes of values' },
  ],
  message({ data, view, from, to, direction }, _, out) {
    if (from >= to) return out.malformed()
    const code = data[from]! & 0x7f
    out.fact('modbus.func_code', code, from, 1)
    if (data[from]! & 0x80) {
      if (from + 2 <= to) out.fact('modbus.exception_code', data[from + 1]!, from + 1, 1)
      return
    }
    const answer = direction === 1
    if (answer && code >= 1 && code <= 4) {
      if (from + 2 <= to) out.fact('modbus.byte_cnt', data[from + 1]!, from + 1, 1)
      return
    }
    if (![1, 2, 3, 4, 5, 6, 15, 16].includes(code) || from + 5 > to) return
    out.fact('modbus.reference_num', view.getUint16(from + 1), from + 1, 2)
    if (code === 1 || code === 2 || code === 15) out.fact('modbus.bit_cnt', view.getUint16(from + 3), from + 3, 2)
    else if (code === 3 || code === 4 || code === 16) out.fact('modbus.word_cnt', view.getUint16(from + 3), from + 3, 2)
    if (!answer && (code === 15 || code === 16) && from + 6 <= to) out.fact('modbus.byte_cnt', data[from + 5]!, from + 5, 1)
  },
  examples: [
    {
      name: 'a coil is written, and an exception',
      messages: {
        transport: 'tcp',
        port: 502,
        sent: [
          { by: 0, hex: '000200000006110500acff00' },
          { by: 1, hex: '000200000003118502' },
        ],
      },
      expect: {
        stack: 'mbtcp:modbus',
        line: 'Response: Trans:     2; Unit:  17, Func:   5: Write Single Coil. Exception returned ',
        facts: {
          'modbus.func_code': 5,
          'modbus.reference_num': 172,
          'modbus.exception_code': 2,
        },
      },
    },
  ],
})
