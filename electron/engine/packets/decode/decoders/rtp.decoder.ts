import { defineDecoder } from '../define.ts'

/** Kinds of payload (RFC 3551, section 6). */
const KINDS: Readonly<Record<number, string>> = {
  0: 'ITU-T G.711 PCMU',
  3: 'GSM 06.10',
  4: 'ITU-T G.723',
  8: 'ITU-T G.711 PCMA',
  9: 'ITU-T G.722',
  13: 'Comfort noise',
  18: 'ITU-T G.729',
  26: 'JPEG-compressed video',
  31: 'ITU-T H.261',
  34: 'ITU-T H.263',
}

export default defineDecoder({
  id: 'rtp',
  title: 'RTP',
  spec: 'https://www.rfc-editor.org/rfc/rfc3550#section-5',
  doc: 'Headers of media streams that a call of SIP announced. The media themselves are not read.',
  on: [{ table: 'udpPort', keys: [5004] }],
  fields: [
    { name: 'rtp.version', type: 'uint', doc: 'Version' },
    { name: 'rtp.marker', type: 'bool', doc: 'Marker' },
    { name: 'rtp.p_type', type: 'uint', doc: 'Kind of payload' },
    { name: 'rtp.seq', type: 'uint', doc: 'Sequence number' },
    { name: 'rtp.timestamp', type: 'uint', doc: 'Timestamp' },
    { name: 'rtp.ssrc', type: 'uint', doc: 'Source of the stream' },
  ],
  message({ data, view, from, to }, _, out) {
    if (to - from < 12 || data[from]! >> 6 !== 2) return
    const kind = data[from + 1]! & 0x7f
    const marker = (data[from + 1]! & 0x80) !== 0
    const [sequence, time, source] = [view.getUint16(from + 2), view.getUint32(from + 4), view.getUint32(from + 8)]
    out.fact('rtp.version', 2, from, 1)
    out.fact('rtp.marker', marker, from + 1, 1)
    out.fact('rtp.p_type', kind, from + 1, 1)
    out.fact('rtp.seq', sequence, from + 2, 2)
    out.fact('rtp.timestamp', time, from + 4, 4)
    out.fact('rtp.ssrc', source, from + 8, 4)
    const name = KINDS[kind] ?? (kind >= 96 ? `DynamicRTP-Type-${kind}` : `Type ${kind}`)
    out.line(`PT=${name}, SSRC=0x${source.toString(16).toUpperCase()}, Seq=${sequence}, Time=${time}${marker ? ', Mark' : ''}`)
  },
  examples: [
    {
      name: 'a packet of G.711',
      messages: {
        transport: 'udp',
        port: 5004,
        sent: [{ by: 0, hex: '80800007000000a01234abcd0000000000000000' }],
      },
      expect: {
        stack: 'rtp',
        line: 'PT=ITU-T G.711 PCMU, SSRC=0x1234ABCD, Seq=7, Time=160, Mark',
        facts: {
          'rtp.p_type': 0,
          'rtp.seq': 7,
          'rtp.marker': 'true',
        },
      },
    },
  ],
})
