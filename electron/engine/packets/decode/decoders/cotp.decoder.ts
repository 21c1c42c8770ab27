import { defineDecoder } from '../define.ts'

const TYPES: Readonly<Record<number, string>> = {
  0x10: 'ED',
  0x20: 'EA',
  0x50: 'RJ',
  0x60: 'AK',
  0x70: 'ER',
  0x80: 'DR',
  0xc0: 'DC',
  0xd0: 'CC',
  0xe0: 'CR',
  0xf0: 'DT',
}
const reference = (value: number): string => `0x${value.toString(16).padStart(4, '0')}`

export default defineDecoder({
  id: 'cotp',
  title: 'COTP',
  spec: 'https://www.itu.int/rec/T-REC-X.224-199511-I/en',
  doc: 'ISO transport (X.224): connection requests and confirms with what remote desktop puts into them, and data, in which S7 is recognised.',
  also: ['data'],
  on: [],
  fields: [
    { name: 'cotp.li', type: 'uint', doc: 'Length of the header' },
    { name: 'cotp.type', type: 'uint', doc: 'Type' },
    { name: 'cotp.srcref', type: 'uint', doc: "Sender's reference" },
    { name: 'cotp.destref', type: 'uint', doc: "Receiver's reference" },
    { name: 'cotp.eot', type: 'bool', doc: 'Last unit of its data' },
  ],
  message({ data, view, from, to }, _, out) {
    if (to - from < 3) return out.malformed()
    const length = data[from]!
    const kind = data[from + 1]!
    // Low bits of some types hold a credit.
    const type = kind & 0xf0
    const behind = Math.min(to, from + 1 + length)
    out.fact('cotp.li', length, from, 1)
    out.fact('cotp.type', kind >> 4, from + 1, 1)
    const name = TYPES[type] ?? `Unknown type ${type}`
    if (type === 0xf0) {
      const last = (data[from + 2]! & 0x80) !== 0
      // In the classes that are used over TCP it is not sent; Wireshark states 0.
      out.fact('cotp.destref', 0)
      out.fact('cotp.eot', last, from + 2, 1)
      out.line(`DT TPDU (${data[from + 2]! & 0x7f})${last ? ' EOT' : ''}`)
      if (behind >= to) return
      if (data[behind] === 0x32 && to - behind >= 10) out.inner('s7comm', data, behind, to)
      else out.layer('data')
      return
    }
    if (to - from < 7 || (type !== 0xe0 && type !== 0xd0 && type !== 0x80 && type !== 0xc0)) return out.line(`${name} TPDU`)
    const destination = view.getUint16(from + 2)
    const source = view.getUint16(from + 4)
    out.fact('cotp.destref', destination, from + 2, 2)
    out.fact('cotp.srcref', source, from + 4, 2)
    out.line(`${name} TPDU src-ref: ${reference(source)} dst-ref: ${reference(destination)}`)
    if ((type !== 0xe0 && type !== 0xd0) || from + 7 >= behind) return
    const first = data[from + 7]!
    // A routing token, a cookie, or a negotiation: parameters of ISO begin with other bytes.
    if (first === 0x43 || (first >= 1 && first <= 6)) out.inner('rdp', data, from + 7, behind)
  },
  examples: [
    {
      name: 'a connection is asked for and confirmed',
      messages: {
        transport: 'tcp',
        port: 102,
        sent: [
          { by: 0, hex: '0300000b06e00000000100' },
          { by: 1, hex: '0300000b06d00001000200' },
        ],
      },
      expect: {
        stack: 'tpkt:cotp',
        line: 'CR TPDU src-ref: 0x0001 dst-ref: 0x0000',
        facts: {
          'cotp.type': ['14', '13'],
          'cotp.srcref': ['1', '2'],
        },
      },
    },
  ],
})
