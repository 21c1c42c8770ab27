import { defineDecoder } from '../define.ts'

export default defineDecoder({
  id: 'data',
  title: 'Data',
  spec: 'https://www.wireshark.org/docs/dfref/d/data.html',
  doc: 'Bytes of which nothing more is known.',
  on: [],
  fields: [
    {
      name: 'data.len',
      type: 'int',
      doc: 'Length',
      read: (_, at, end) => end - at,
    },
    { name: 'data.data', type: 'bytes', doc: 'Data', read: (p, at, end) => p.data.subarray(at, end) },
  ],
  header(p) {
    p.at = p.end
  },
  line: (_, at, end) => `Len=${Math.max(0, end - at)}`,
  examples: [
    { name: 'a link type that is not known', packet: { link: 147, hex: '0102' }, expect: { stack: 'data', line: 'Len=2' } },
  ],
})
