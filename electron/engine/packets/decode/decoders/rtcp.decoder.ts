import { defineDecoder } from '../define.ts'

const TYPES: Readonly<Record<number, string>> = {
  200: 'Sender Report',
  201: 'Receiver Report',
  202: 'Source description',
  203: 'Goodbye',
  204: 'Application specific',
  205: 'Generic RTP Feedback',
  206: 'Payload-specific Feedback',
  207: 'Extended report (RFC 3611)',
}

export default defineDecoder({
  id: 'rtcp',
  title: 'RTCP',
  spec: 'https://www.rfc-editor.org/rfc/rfc3550#section-6',
  doc: 'Kinds of control packets beside a media stream, and who sent them.',
  on: [{ table: 'udpPort', keys: [5005] }],
  fields: [
    { name: 'rtcp.version', type: 'uint', doc: 'Version' },
    { name: 'rtcp.pt', type: 'uint', doc: 'Kind of packet' },
    { name: 'rtcp.length', type: 'uint', doc: 'Length in words, less one' },
    { name: 'rtcp.senderssrc', type: 'uint', doc: 'Sender' },
  ],
  message({ data, view, from, to }, _, out) {
    const said: string[] = []
    for (let at = from, n = 0; at + 4 <= to && n < 32; n++) {
      const type = data[at + 1]!
      if (data[at]! >> 6 !== 2 || type < 192) break
      out.fact('rtcp.version', 2, at, 1)
      out.fact('rtcp.pt', type, at + 1, 1)
      out.fact('rtcp.length', view.getUint16(at + 2), at + 2, 2)
      if ((type === 200 || type === 201 || type >= 204) && at + 8 <= to)
        out.fact('rtcp.senderssrc', view.getUint32(at + 4), at + 4, 4)
      said.push(TYPES[type] ?? `Type ${type}`)
      at += 4 + 4 * view.getUint16(at + 2)
    }
    if (said.length === 0) out.malformed()
    else out.line(said.join('   '))
  },
  examples: [
    {
      name: 'a receiver report',
      messages: {
        transport: 'udp',
        port: 5005,
        sent: [{ by: 0, hex: '80c900011234abcd' }],
      },
      expect: {
        stack: 'rtcp',
        line: 'Receiver Report',
        facts: {
          'rtcp.pt': 201,
          'rtcp.senderssrc': 305441741,
        },
      },
    },
  ],
})
