import { defineDecoder, type Facts, type Message } from '../define.ts'
import { hex } from '../text.ts'
import { CryptoStream } from '../quic/crypto-stream.ts'
import { QUIC_EXAMPLES } from '../quic/examples.ts'
import { initialKeys, openInitial, type InitialKeys, type Opened } from '../quic/keys.ts'
import { beginsQuic, longHeader, readFrames, type LongHeader } from '../quic/packet.ts'
import { helloNames } from '../tls/fields.ts'
import { readHandshake, type Agreed } from '../tls/handshake.ts'

const NAMES = helloNames('tls')
const MOST_PACKETS = 16
/** Attempts to open Initial packets of one flow: each costs some microseconds. */
const MOST_ATTEMPTS = 256

type Keys = readonly [InitialKeys, InitialKeys]
interface QuicFlow extends Agreed {
  /** Of the connection id that the client chose first. */
  keys: Keys | null
  attempts: number
  readonly streams: readonly [CryptoStream, CryptoStream]
  /** Length of the connection ids that packets with a short header carry, by the direction; -1 before it is known. */
  readonly lengths: [number, number]
}

/** Opens an Initial packet with the keys of the flow, or with those of the id it states: the client may have begun anew. */
function open(m: Message, from: number, header: LongHeader, flow: QuicFlow): Opened | null {
  const { data, direction } = m
  const to = Math.min(header.end, m.to)
  if (header.end > m.to || flow.attempts >= MOST_ATTEMPTS) return null
  flow.attempts++
  const sides = direction === 0 ? ([0, 1] as const) : ([1, 0] as const)
  if (flow.keys !== null) {
    for (const side of sides) {
      const opened = openInitial(flow.keys[side], data, from, header.numberAt, to)
      if (opened !== null) return opened
    }
  }
  const keys = initialKeys(header.version, header.destination)
  if (keys === null) return null
  const opened = openInitial(keys[0], data, from, header.numberAt, to)
  if (opened !== null) flow.keys = keys
  return opened
}

/** Gives what the line says of the packet. */
function initial(m: Message, from: number, header: LongHeader, flow: QuicFlow, out: Facts): string {
  const opened = open(m, from, header, flow)
  if (opened === null) return ''
  const { names, pieces, good } = readFrames(opened.frames)
  out.fact('quic.packet_number', opened.packetNumber)
  const stream = flow.streams[m.direction]
  for (const { offset, from: first, to } of pieces) stream.add(offset, opened.frames, first, to)
  stream.messages((type, data, first, to) => {
    out.layer('tls')
    out.fact(NAMES.type, type)
    out.fact(NAMES.length, to - first)
    readHandshake(data, type, first, to, NAMES, 'q', false, flow, out)
  })
  if (!good) out.malformed()
  return `, PKN: ${opened.packetNumber}${names.map((name) => `, ${name}`).join('')}`
}

function shortHeader(m: Message, at: number, flow: QuicFlow, out: Facts): string {
  const length = flow.lengths[m.direction]
  out.fact('quic.header_form', 0, at, 1)
  let line = 'Protected Payload (KP0)'
  if (length > 0 && at + 1 + length <= m.to) {
    out.fact('quic.dcid', m.data.subarray(at + 1, at + 1 + length), at + 1, length)
    line += `, DCID=${hex(m.data, at + 1, at + 1 + length)}`
  }
  return line
}

export default defineDecoder<QuicFlow>({
  id: 'quic',
  title: 'QUIC',
  spec: 'https://www.rfc-editor.org/rfc/rfc9000',
  doc: 'Long and short headers of versions 1 and 2 and of the drafts from 23 on. Initial packets are opened with the keys that everybody knows; the hellos in them are read as those of TLS. What is encrypted further is not read.',
  on: [],
  also: ['tls'],
  fields: [
    { name: 'quic.header_form', type: 'uint', doc: '1 for a long header' },
    { name: 'quic.version', type: 'uint', doc: 'Version' },
    { name: 'quic.long.packet_type', type: 'uint', doc: 'Type of a packet with a long header of version 1' },
    { name: 'quic.dcid', type: 'bytes', doc: 'Destination connection id' },
    { name: 'quic.scid', type: 'bytes', doc: 'Source connection id' },
    { name: 'quic.packet_number', type: 'uint', doc: 'Packet number of an Initial packet' },
  ],
  begin: () => ({ version: 0, keys: null, attempts: 0, streams: [new CryptoStream(), new CryptoStream()], lengths: [-1, -1] }),
  guess: (data, from, to, transport) => transport === 'udp' && beginsQuic(data, from, to),
  message(m, flow, out) {
    const { data, to, direction } = m
    let at = m.from
    // As Wireshark has it: the last packet of the datagram.
    let line = ''
    for (let i = 0; i < MOST_PACKETS && at < to; i++) {
      if (data[at]! < 0x80) {
        // What fills the datagram up is no packet.
        if (at === m.from || (data[at]! & 0x40) !== 0) line = shortHeader(m, at, flow, out)
        break
      }
      const header = longHeader(data, at, to)
      if (header === null) {
        line = 'Unknown'
        out.malformed()
        break
      }
      const { type, destination, source, version } = header
      // Who states an id is sent to by it.
      flow.lengths[direction === 0 ? 1 : 0] = source.length
      out.fact('quic.header_form', 1, at, 1)
      out.fact('quic.version', version, at + 1, 4)
      if (type !== 'Version Negotiation' && version === 1) out.fact('quic.long.packet_type', (data[at]! >> 4) & 3, at, 1)
      out.fact('quic.dcid', destination, at + 6, destination.length)
      out.fact('quic.scid', source, at + 7 + destination.length, source.length)
      if (type === 'Retry') flow.keys = null
      const rest = type === 'Initial' ? initial(m, at, header, flow, out) : ''
      const ids =
        (destination.length > 0 ? `, DCID=${hex(destination)}` : '') + (source.length > 0 ? `, SCID=${hex(source)}` : '')
      line = `${type}${ids}${rest}`
      at = header.end
    }
    out.line(line)
    out.protocol('QUIC')
  },
  examples: QUIC_EXAMPLES,
})
