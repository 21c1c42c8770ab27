import { defineDecoder } from '../define.ts'

const KINDS: Readonly<Record<number, string>> = { 1: 'Job', 2: 'Ack', 3: 'Ack_Data', 7: 'Userdata' }
const FUNCTIONS: Readonly<Record<number, string>> = {
  0x00: 'CPU services',
  0x04: 'Read Var',
  0x05: 'Write Var',
  0x1a: 'Request download',
  0x1b: 'Download block',
  0x1c: 'Download ended',
  0x1d: 'Start upload',
  0x1e: 'Upload',
  0x1f: 'End upload',
  0x28: 'PI-Service',
  0x29: 'PLC Stop',
  0xf0: 'Setup communication',
}
const GROUPS = [
  'Mode-transition',
  'Programmer commands',
  'Cyclic data',
  'Block functions',
  'CPU functions',
  'Security',
  'PBC',
  'Time functions',
]

export default defineDecoder({
  id: 's7comm',
  title: 'S7COMM',
  spec: 'https://gmiru.com/article/s7comm/',
  doc: 'Siemens S7 controllers: kind of message, function, errors. Items that are read and written are not told apart.',
  on: [],
  fields: [
    { name: 's7comm.header.rosctr', type: 'uint', doc: 'Kind of message' },
    { name: 's7comm.header.pduref', type: 'uint', doc: 'Reference' },
    { name: 's7comm.param.func', type: 'uint', doc: 'Function' },
    { name: 's7comm.header.errcls', type: 'uint', doc: 'Class of error' },
    { name: 's7comm.header.errcod', type: 'uint', doc: 'Error' },
  ],
  message({ data, view, from, to }, _, out) {
    if (to - from < 10) return out.malformed()
    const kind = data[from + 1]!
    const answer = kind === 2 || kind === 3
    const parameters = from + (answer ? 12 : 10)
    const length = view.getUint16(from + 6)
    out.fact('s7comm.header.rosctr', kind, from + 1, 1)
    out.fact('s7comm.header.pduref', view.getUint16(from + 4), from + 4, 2)
    let line = `ROSCTR:[${(KINDS[kind] ?? `Unknown ${kind}`).padEnd(8)}]`
    if (parameters > to) return out.malformed()
    if (length > 0 && parameters < to) {
      const code = data[parameters]!
      if (kind === 7) {
        if (parameters + 6 <= to) line += ` Function:[${GROUPS[data[parameters + 5]! & 15] ?? 'Unknown'}]`
      } else {
        out.fact('s7comm.param.func', code, parameters, 1)
        line += ` Function:[${FUNCTIONS[code] ?? `0x${code.toString(16).padStart(2, '0')}`}]`
      }
    }
    if (answer) {
      out.fact('s7comm.header.errcls', data[from + 10]!, from + 10, 1)
      out.fact('s7comm.header.errcod', data[from + 11]!, from + 11, 1)
      const error = view.getUint16(from + 10)
      if (error !== 0) line += ` -> Errorcode:[0x${error.toString(16).padStart(4, '0')}]`
    }
    out.line(line)
  },
  examples: [
    {
      name: 'a controller is stopped',
      messages: {
        transport: 'tcp',
        port: 102,
        sent: [{ by: 0, hex: '0300001302f080320100000005000200002900' }],
      },
      expect: {
        stack: 'tpkt:cotp:s7comm',
        line: 'DT TPDU (0) EOT, ROSCTR:[Job     ] Function:[PLC Stop]',
        facts: {
          's7comm.header.rosctr': 1,
          's7comm.header.pduref': 5,
          's7comm.param.func': 41,
        },
      },
    },
  ],
})
