import { defineDecoder, type Facts, type Message } from '../define.ts'
import { TLS_EXAMPLES } from '../tls/examples.ts'
import { CERTIFICATE_FIELDS, CERTIFICATE_LAYERS, helloNames, recordFields } from '../tls/fields.ts'
import { isRetry, readHandshake, type Agreed } from '../tls/handshake.ts'
import { alertLine, handshakeName, versionTitle } from '../tls/numbers.ts'

const NAMES = helloNames('tls')
/** RFC 5246, section 6.2.3, and some room. */
const MOST_RECORD = 16_384 + 2048
/** A handshake message that is longer is none. */
const MOST_HANDSHAKE = 131_072
const NOTHING = new Uint8Array(0)

interface Side {
  /** Handshake bytes of records before that are no whole message. */
  partial: Uint8Array
  /** What it sends is encrypted from here on. */
  encrypted: boolean
}
interface TlsFlow extends Agreed {
  readonly sides: readonly [Side, Side]
  /** A record was read: what is none is a piece of one. */
  seen: boolean
}

/** A hello of SSL 2, which stands in no record. */
const isOldHello = (data: Uint8Array, from: number, to: number): boolean =>
  to - from >= 5 &&
  data[from]! >= 0x80 &&
  data[from + 2] === 1 &&
  ((data[from + 3] === 3 && data[from + 4]! <= 4) || (data[from + 3] === 0 && data[from + 4] === 2))

const isRecord = (data: Uint8Array, at: number): boolean =>
  data[at]! >= 20 &&
  data[at]! <= 24 &&
  data[at + 1] === 3 &&
  data[at + 2]! <= 4 &&
  ((data[at + 3]! << 8) | data[at + 4]!) <= MOST_RECORD

/** Handshake messages of a record, with what came before it. */
function handshakes(m: Message, from: number, to: number, side: Side, flow: TlsFlow, out: Facts): void {
  let data = m.data
  let at = from
  let end = to
  const placed = side.partial.length === 0
  if (!placed) {
    data = Buffer.concat([side.partial, m.data.subarray(from, to)])
    at = 0
    end = data.length
    side.partial = NOTHING
  }
  while (at + 4 <= end) {
    const type = data[at]!
    const length = (data[at + 1]! << 16) | (data[at + 2]! << 8) | data[at + 3]!
    const name = handshakeName(type)
    if (name === '' || length > MOST_HANDSHAKE) {
      out.line('Encrypted Handshake Message')
      return
    }
    if (at + 4 + length > end) break
    const retry = type === 2 && isRetry(data, at + 4, end)
    out.line(retry ? 'Hello Retry Request' : name)
    out.fact(NAMES.type, type, placed ? at : -1, 1)
    out.fact(NAMES.length, length, placed ? at + 1 : -1, 3)
    if (!readHandshake(data, type, at + 4, at + 4 + length, NAMES, 't', placed, flow, out)) out.malformed()
    at += 4 + length
  }
  // A truncated capture has no rest.
  if (at < end && m.to - m.from >= m.length) side.partial = data.slice(at, end)
}

function oldHello(m: Message, out: Facts): void {
  const { data, from, to } = m
  const version = (data[from + 3]! << 8) | data[from + 4]!
  out.protocol('SSLv2')
  out.fact(NAMES.version, version, from + 3, 2)
  out.line('Client Hello')
  if (from + 11 > to) return
  const ciphers = (data[from + 5]! << 8) | data[from + 6]!
  for (let at = from + 11; at + 3 <= Math.min(to, from + 11 + ciphers); at += 3) {
    if (data[at] === 0) out.fact(NAMES.cipher, (data[at + 1]! << 8) | data[at + 2]!, at + 1, 2)
  }
}

export default defineDecoder<TlsFlow>({
  id: 'tls',
  title: 'TLS',
  spec: 'https://www.rfc-editor.org/rfc/rfc8446',
  doc: 'Records and handshakes of SSL 3 to TLS 1.3: server name, protocols, versions, cipher suites, JA3, JA3S and JA4; certificates where they are sent in the clear. Nothing is decrypted.',
  on: [{ table: 'tcpPort', keys: [443, 465, 563, 585, 614, 636, 853, 989, 990, 992, 993, 994, 995, 3269, 5061, 8443, 8883] }],
  also: CERTIFICATE_LAYERS,
  fields: [
    ...recordFields('tls'),
    { name: 'tls.record.opaque_type', type: 'uint', doc: 'Content type of an encrypted record of TLS 1.3' },
    ...CERTIFICATE_FIELDS,
  ],
  begin: () => ({
    version: 0,
    seen: false,
    sides: [
      { partial: NOTHING, encrypted: false },
      { partial: NOTHING, encrypted: false },
    ],
  }),
  stream: {
    begins: true,
    length(data, from, to, _, flow) {
      if (to - from < 5) return data[from]! >= 0x80 || (data[from]! >= 20 && data[from]! <= 24) ? 0 : flow.seen ? to - from : -1
      if (isRecord(data, from)) return 5 + ((data[from + 3]! << 8) | data[from + 4]!)
      if (isOldHello(data, from, to)) return 2 + (((data[from]! & 0x7f) << 8) | data[from + 1]!)
      return flow.seen ? to - from : -1
    },
  },
  guess: (data, from, to, transport) =>
    transport === 'tcp' &&
    to - from >= 6 &&
    isRecord(data, from) &&
    ((data[from] === 22 && (data[from + 5] === 1 || data[from + 5] === 2)) ||
      (data[from] === 21 && ((data[from + 3]! << 8) | data[from + 4]!) === 2)),
  message(m, flow, out) {
    const { data, from, to, direction } = m
    if (to - from < 5 || !isRecord(data, from)) {
      if (!flow.seen && isOldHello(data, from, to)) return oldHello(m, out)
      out.line(flow.seen ? 'Continuation Data' : 'Ignored Unknown Record')
      return
    }
    flow.seen = true
    const side = flow.sides[direction]
    const type = data[from]!
    const version = (data[from + 1]! << 8) | data[from + 2]!
    const body = from + 5
    const before = flow.version
    out.fact(before === 0x0304 && type === 23 ? 'tls.record.opaque_type' : 'tls.record.content_type', type, from, 1)
    out.fact('tls.record.version', version, from + 1, 2)
    out.fact('tls.record.length', (data[from + 3]! << 8) | data[from + 4]!, from + 3, 2)
    switch (type) {
      case 20:
        side.encrypted = true
        side.partial = NOTHING
        out.line('Change Cipher Spec')
        break
      case 21:
        if (side.encrypted || to - body !== 2) out.line('Encrypted Alert')
        else {
          out.fact('tls.alert_message.level', data[body]!, body, 1)
          out.fact('tls.alert_message.desc', data[body + 1]!, body + 1, 1)
          out.line(alertLine(data[body]!, data[body + 1]!))
        }
        break
      case 22:
        if (!side.encrypted) handshakes(m, body, to, side, flow, out)
        // A hello behind the change of ciphers of TLS 1.3 is still plain: the client was sent back.
        else if (flow.version === 0x0304 && body < to && data[body]! <= 2) handshakes(m, body, to, side, flow, out)
        else out.line('Encrypted Handshake Message')
        break
      case 23:
        out.line('Application Data')
        break
      default:
        out.line(
          side.encrypted || body >= to ? 'Encrypted Heartbeat' : data[body] === 1 ? 'Heartbeat Request' : 'Heartbeat Response',
        )
    }
    const title = versionTitle(flow.version === 0 ? version : flow.version)
    out.protocol(title === '' ? 'TLS' : title)
  },
  examples: TLS_EXAMPLES,
})
