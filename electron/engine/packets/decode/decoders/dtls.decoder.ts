import { defineDecoder, type Facts, type Message } from '../define.ts'
import { DTLS_EXAMPLES } from '../tls/examples.ts'
import { CERTIFICATE_LAYERS, helloNames, recordFields } from '../tls/fields.ts'
import { readHandshake, type Agreed } from '../tls/handshake.ts'
import { alertLine, handshakeName, versionTitle } from '../tls/numbers.ts'

const NAMES = helloNames('dtls')
const HEAD = 13
/** A handshake message that is longer is none, and more of them are not put together at a time. */
const MOST_HANDSHAKE = 131_072
const MOST_PARTIAL = 16
const MOST_RECORDS = 64

interface Partial {
  readonly bytes: Uint8Array
  readonly type: number
  /** Bytes from the first on that are there. */
  have: number
}
interface Side {
  /** By number of the message. */
  readonly partial: Map<number, Partial>
  encrypted: boolean
}
interface DtlsFlow extends Agreed {
  readonly sides: readonly [Side, Side]
}

const isVersion = (version: number): boolean =>
  version === 0xfeff || version === 0xfefd || version === 0xfefc || version === 0x0100

const isRecord = (data: Uint8Array, at: number, to: number): boolean =>
  at + HEAD <= to && data[at]! >= 20 && data[at]! <= 25 && isVersion((data[at + 1]! << 8) | data[at + 2]!)

/** Fragments of handshake messages (RFC 6347, section 4.2.3). Those that come out of order wait for a retransmission. */
function handshakes(m: Message, from: number, to: number, side: Side, flow: DtlsFlow, out: Facts): void {
  const { data, view } = m
  let at = from
  while (at + 12 <= to) {
    const type = data[at]!
    const length = view.getUint32(at) & 0xffffff
    const number = view.getUint16(at + 4)
    const offset = view.getUint32(at + 5) & 0xffffff
    const piece = view.getUint32(at + 8) & 0xffffff
    const name = handshakeName(type)
    if (name === '' || length > MOST_HANDSHAKE || offset + piece > length) return out.line('Encrypted Handshake Message')
    const body = at + 12
    if (body + piece > to) return
    at = body + piece
    out.fact(NAMES.type, type, body - 12, 1)
    out.fact(NAMES.length, length, body - 11, 3)
    if (piece === length) {
      out.line(name)
      if (!readHandshake(data, type, body, at, NAMES, 'd', true, flow, out)) out.malformed()
      continue
    }
    let partial = side.partial.get(number)
    if (partial === undefined || partial.type !== type || partial.bytes.length !== length) {
      if (side.partial.size >= MOST_PARTIAL) side.partial.clear()
      partial = { bytes: new Uint8Array(length), type, have: 0 }
      side.partial.set(number, partial)
    }
    if (offset <= partial.have) {
      partial.bytes.set(data.subarray(body, at), offset)
      partial.have = Math.max(partial.have, offset + piece)
    }
    if (partial.have < length) {
      out.line(`${name} (Fragment)`)
      continue
    }
    side.partial.delete(number)
    out.line(`${name} (Reassembled)`)
    readHandshake(partial.bytes, type, 0, length, NAMES, 'd', false, flow, out)
  }
}

export default defineDecoder<DtlsFlow>({
  id: 'dtls',
  title: 'DTLS',
  spec: 'https://www.rfc-editor.org/rfc/rfc6347',
  doc: 'Records and handshakes of DTLS 1.0 and 1.2, known by their records on any port: what is read of TLS. Unified headers of DTLS 1.3 are not read.',
  on: [],
  also: CERTIFICATE_LAYERS,
  fields: [...recordFields('dtls'), { name: 'dtls.record.epoch', type: 'uint', doc: 'Epoch' }],
  begin: () => ({
    version: 0,
    sides: [
      { partial: new Map(), encrypted: false },
      { partial: new Map(), encrypted: false },
    ],
  }),
  guess: (data, from, to, transport) =>
    transport === 'udp' && isRecord(data, from, to) && from + HEAD + ((data[from + 11]! << 8) | data[from + 12]!) <= to,
  message(m, flow, out) {
    const { data, view, from, to, direction } = m
    let at = from
    for (let i = 0; i < MOST_RECORDS && at < to; i++) {
      if (!isRecord(data, at, to)) {
        // The same ports carry STUN and RTP.
        if (i === 0) out.become('')
        else out.line('Continuation Data')
        return
      }
      const side = flow.sides[direction]
      const type = data[at]!
      const version = view.getUint16(at + 1)
      const epoch = view.getUint16(at + 3)
      const length = view.getUint16(at + 11)
      const body = at + HEAD
      const end = Math.min(to, body + length)
      out.fact('dtls.record.content_type', type, at, 1)
      out.fact('dtls.record.version', version, at + 1, 2)
      out.fact('dtls.record.epoch', epoch, at + 3, 2)
      out.fact('dtls.record.length', length, at + 11, 2)
      const encrypted = epoch > 0 || side.encrypted
      if (type === 20) out.line('Change Cipher Spec')
      else if (type === 21 && !encrypted && body + 2 <= end) {
        out.fact('dtls.alert_message.level', data[body]!, body, 1)
        out.fact('dtls.alert_message.desc', data[body + 1]!, body + 1, 1)
        out.line(alertLine(data[body]!, data[body + 1]!))
      } else if (type === 21) out.line('Encrypted Alert')
      else if (type === 22 && encrypted) out.line('Encrypted Handshake Message')
      else if (type === 22) handshakes(m, body, end, side, flow, out)
      else if (type === 23) out.line('Application Data')
      else out.line(type === 24 ? 'Encrypted Heartbeat' : 'Connection ID')
      // A client's hello does not settle the version.
      out.protocol(versionTitle(flow.version) || (type === 22 && !encrypted ? 'DTLS' : versionTitle(version)))
      at = body + length
    }
  },
  examples: DTLS_EXAMPLES,
})
