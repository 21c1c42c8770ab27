import { text as utf8 } from '../bytes-text.ts'
import { defineDecoder, type Facts, type Message } from '../define.ts'

const TYPES = [
  'Reserved', 'Connect Command', 'Connect Ack', 'Publish Message', 'Publish Ack', 'Publish Received', 'Publish Release', 'Publish Complete',
  'Subscribe Request', 'Subscribe Ack', 'Unsubscribe Request', 'Unsubscribe Ack', 'Ping Request', 'Ping Response', 'Disconnect Req',
  'Authentication Exchange',
] as const // prettier-ignore
const MOST_TOPICS = 128

interface Connection {
  version: number
}
interface Text {
  readonly value: string
  readonly next: number
}

/** A length of 7 bits an octet, at most four octets: value and its octets; null where it does not end. */
function variable(data: Uint8Array, at: number, to: number): { readonly value: number; readonly next: number } | null {
  let value = 0
  for (let i = 0; i < 4 && at + i < to; i++) {
    value += (data[at + i]! & 0x7f) * 128 ** i
    if ((data[at + i]! & 0x80) === 0) return { value, next: at + i + 1 }
  }
  return null
}
function text(m: Message, at: number): Text | null {
  if (at + 2 > m.to) return null
  const length = m.view.getUint16(at)
  return at + 2 + length > m.to ? null : { value: utf8(m.data, at + 2, at + 2 + length, 4096), next: at + 2 + length }
}
/** A text as a fact; null where the message ends before. */
function textFact(m: Message, at: number, field: string, out: Facts): Text | null {
  const found = text(m, at)
  if (found !== null) out.fact(field, found.value, at + 2, found.next - at - 2)
  return found
}
/** Behind the properties of version 5. */
function properties(m: Message, at: number, state: Connection): number {
  if (state.version < 5) return at
  const length = variable(m.data, at, m.to)
  return length === null ? m.to : Math.min(m.to, length.next + length.value)
}

function connect(m: Message, at: number, state: Connection, out: Facts): void {
  const protocol = textFact(m, at, 'mqtt.protoname', out)
  if (protocol === null || protocol.next + 4 > m.to) return out.malformed()
  state.version = m.data[protocol.next]!
  const flags = m.data[protocol.next + 1]!
  out.fact('mqtt.ver', state.version, protocol.next, 1)
  out.fact('mqtt.kalive', m.view.getUint16(protocol.next + 2), protocol.next + 2, 2)
  let next: Text | null = textFact(m, properties(m, protocol.next + 4, state), 'mqtt.clientid', out)
  if (next !== null && flags & 0x04) {
    const topic = textFact(m, properties(m, next.next, state), 'mqtt.willtopic', out)
    next = topic === null ? null : text(m, topic.next)
  }
  if (next !== null && flags & 0x80) textFact(m, next.next, 'mqtt.username', out)
}

/** Topics of a subscription. */
function topics(m: Message, from: number, subscribing: boolean, out: Facts): string {
  let line = ''
  let at = from
  for (let n = 0; n < MOST_TOPICS && at < m.to; n++) {
    const topic = textFact(m, at, 'mqtt.topic', out)
    if (topic === null) break
    if (subscribing) line += ` [${topic.value}]`
    at = topic.next + (subscribing ? 1 : 0)
  }
  return line
}

export default defineDecoder<Connection>({
  id: 'mqtt',
  title: 'MQTT',
  spec: 'https://docs.oasis-open.org/mqtt/mqtt/v5.0/mqtt-v5.0.html',
  doc: 'MQTT 3.1, 3.1.1 and 5: kinds of message, client, user, topics, results. Payloads and passwords are not read.',
  on: [{ table: 'tcpPort', keys: [1883] }],
  fields: [
    { name: 'mqtt.msgtype', type: 'uint', doc: 'Kind of message' },
    { name: 'mqtt.qos', type: 'uint', doc: 'Quality of service' },
    { name: 'mqtt.retain', type: 'bool', doc: 'To be retained' },
    { name: 'mqtt.len', type: 'uint', doc: 'Length' },
    { name: 'mqtt.msgid', type: 'uint', doc: 'Message id' },
    { name: 'mqtt.topic', type: 'text', doc: 'Topic' },
    { name: 'mqtt.protoname', type: 'text', doc: 'Protocol' },
    { name: 'mqtt.ver', type: 'uint', doc: 'Version' },
    { name: 'mqtt.kalive', type: 'uint', doc: 'Keep alive, seconds' },
    { name: 'mqtt.clientid', type: 'text', doc: 'Client' },
    { name: 'mqtt.username', type: 'text', doc: 'User' },
    { name: 'mqtt.willtopic', type: 'text', doc: "Topic of the client's will" },
    { name: 'mqtt.conack.val', type: 'uint', doc: 'Result of a connection' },
  ],
  begin: () => ({ version: 4 }),
  stream: {
    length(data, from, to) {
      if (data[from]! >> 4 === 0) return -1
      const length = variable(data, from + 1, to)
      return length !== null ? length.next - from + length.value : to - from >= 5 ? -1 : 0
    },
  },
  guess: (data, from, to, transport) =>
    transport === 'tcp' &&
    to - from >= 12 &&
    data[from] === 0x10 &&
    data[from + 1]! < 0x80 &&
    data[from + 2] === 0 &&
    data[from + 3] === 4 &&
    data[from + 4] === 0x4d &&
    data[from + 5] === 0x51 &&
    data[from + 6] === 0x54 &&
    data[from + 7] === 0x54,
  message(m, state, out) {
    const { data, view, from, to } = m
    const type = data[from]! >> 4
    const length = variable(data, from + 1, to)
    if (length === null) return out.malformed()
    const at = length.next
    out.fact('mqtt.msgtype', type, from, 1)
    out.fact('mqtt.len', length.value, from + 1, at - from - 1)
    let line: string = TYPES[type]!
    const id = (place: number): void => {
      if (place + 2 > to) return
      out.fact('mqtt.msgid', view.getUint16(place), place, 2)
      line += ` (id=${view.getUint16(place)})`
    }
    if (type === 1) connect(m, at, state, out)
    else if (type === 2) {
      if (at + 2 <= to && state.version < 5) out.fact('mqtt.conack.val', data[at + 1]!, at + 1, 1)
    } else if (type === 3) {
      const quality = (data[from]! >> 1) & 3
      out.fact('mqtt.qos', quality, from, 1)
      out.fact('mqtt.retain', (data[from]! & 1) !== 0, from, 1)
      const topic = textFact(m, at, 'mqtt.topic', out)
      if (topic !== null && quality > 0) id(topic.next)
      if (topic !== null) line += ` [${topic.value}]`
    } else if (type >= 4 && type <= 11) {
      id(at)
      if (type === 8 || type === 10) line += topics(m, properties(m, at + 2, state), type === 8, out)
    }
    out.line(line)
  },
  examples: [
    {
      name: 'a connection, a message, a subscription',
      messages: {
        transport: 'tcp',
        port: 1883,
        sent: [
          { by: 0, hex: '101a00044d5154540482003c00076d657465722d340005706c616e74' },
          { by: 1, hex: '20020000' },
          { by: 0, hex: '321a001268616c6c2f322f74656d7065726174757265000932312e35' },
          { by: 0, hex: '820b000a000668616c6c2f2301' },
        ],
      },
      expect: {
        stack: 'mqtt',
        line: 'Publish Message (id=9) [hall/2/temperature]',
        facts: {
          'mqtt.msgtype': ['1', '2', '3', '8'],
          'mqtt.clientid': 'meter-4',
          'mqtt.username': 'plant',
          'mqtt.topic': ['hall/2/temperature', 'hall/#'],
          'mqtt.conack.val': 0,
        },
      },
    },
  ],
})
