import { defineDecoder } from '../define.ts'

export default defineDecoder({
  id: 'zzz-try',
  title: 'ZZZ-TRY',
  spec: 'https://',
  doc: 'What is read of it, what is not.',
  // Numbers of headers and ports that lead here; `guess` knows it on any port, other decoders reach it by its id.
  on: [{ table: 'udpPort', keys: [] }],
  fields: [{ name: 'zzz-try.type', type: 'uint', doc: 'Type' }],
  // Where it runs over TCP: how long the message at `from` is.
  stream: { length: (data, from, to) => (to - from < 2 ? 0 : (data[from]! << 8) | data[from + 1]!) },
  message({ data, from, to }, _, out) {
    if (from >= to) return out.malformed()
    out.fact('zzz-try.type', data[from]!, from, 1)
    out.line(`Type ${data[from]!}`)
  },
  examples: [
    {
      name: 'a message',
      messages: { transport: 'udp', port: 0, sent: [{ by: 0, hex: '01' }] },
      expect: { stack: 'zzz-try', line: 'Type 1', facts: { 'zzz-try.type': 1 } },
    },
  ],
})
