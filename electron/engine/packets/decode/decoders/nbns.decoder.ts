import { printable } from '../bytes-text.ts'
import { defineDecoder, type Facts, type Message } from '../define.ts'
import { kindName, netbios, readNetbiosName } from '../dns/netbios-name.ts'
import { ipv4 } from '../text.ts'

const OPERATIONS: Readonly<Record<number, string>> = {
  0: 'Name query',
  5: 'Registration',
  6: 'Release',
  7: 'Wait and acknowledge',
  8: 'Refresh',
  9: 'Refresh(altcode)',
  15: 'Multi-homed registration',
}
const RESULTS: Readonly<Record<number, string>> = {
  1: 'Request was invalidly formatted',
  2: 'Problem with NAME server',
  3: 'Requested name does not exist',
  4: 'Unsupported request',
  5: 'Request was refused',
  6: 'Active error',
  7: 'Name in conflict',
}
const TYPES: Readonly<Record<number, string>> = { 1: 'A', 2: 'NS', 10: 'NULL', 32: 'NB', 33: 'NBSTAT' }
const typeName = (type: number): string => TYPES[type] ?? `Unknown (${type})`
const MOST_RECORDS = 64

/** Gives where the next record is, or -1; the line of an answer is `shown.text`. */
const shown = { text: '' }
function record(m: Message, base: number, at: number, out: Facts): number {
  const { data, view, to } = m
  if (!readNetbiosName(data, base, at, to) || netbios.end + 10 > to) return -1
  const fixed = netbios.end
  const type = view.getUint16(fixed)
  const length = view.getUint16(fixed + 8)
  const body = fixed + 10
  const named = type === 32 ? `${netbios.text} (${kindName(netbios.kind)})` : netbios.text
  out.fact('nbns.name', named, at, fixed - at)
  out.fact('nbns.type', type, fixed, 2)
  out.fact('nbns.class', view.getUint16(fixed + 2), fixed + 2, 2)
  out.fact('nbns.ttl', view.getUint32(fixed + 4), fixed + 4, 4)
  shown.text = typeName(type)
  if (body + length > to) return -1
  if (type === 32) {
    for (let i = body; i + 6 <= body + length; i += 6) {
      out.fact('nbns.addr', view.getUint32(i + 2), i + 2, 4)
      shown.text += ` ${ipv4(view.getUint32(i + 2))}`
    }
  } else if (type === 33 && length > 0) {
    const count = data[body]!
    for (let i = 0; i < count && body + 1 + (i + 1) * 18 <= body + length; i++) {
      const from = body + 1 + i * 18
      out.fact('nbns.netbios_name', printable(data, from, from + 15).trimEnd(), from, 15)
    }
  }
  return body + length
}

export default defineDecoder({
  id: 'nbns',
  title: 'NBNS',
  spec: 'https://www.rfc-editor.org/rfc/rfc1002',
  doc: 'NetBIOS name service over UDP: queries, registrations and their answers, with names, what they are for, and addresses. Of a node status the names are read.',
  on: [{ table: 'udpPort', keys: [137] }],
  fields: [
    { name: 'nbns.id', type: 'uint', doc: 'Transaction id' },
    { name: 'nbns.flags', type: 'uint', doc: 'Flags' },
    { name: 'nbns.flags.response', type: 'bool', doc: 'A response' },
    { name: 'nbns.flags.opcode', type: 'uint', doc: 'Operation' },
    { name: 'nbns.flags.broadcast', type: 'bool', doc: 'Sent to all' },
    { name: 'nbns.flags.rcode', type: 'uint', doc: 'Result' },
    { name: 'nbns.count.queries', type: 'uint', doc: 'Questions' },
    { name: 'nbns.count.answers', type: 'uint', doc: 'Answers' },
    { name: 'nbns.name', type: 'text', doc: 'Name, and what it is for' },
    { name: 'nbns.type', type: 'uint', doc: 'Type' },
    { name: 'nbns.class', type: 'uint', doc: 'Class' },
    { name: 'nbns.ttl', type: 'uint', doc: 'Time to live, seconds' },
    { name: 'nbns.addr', type: 'ipv4', doc: 'Address' },
    { name: 'nbns.netbios_name', type: 'text', doc: 'Name in a node status' },
  ],
  message(m, _, out) {
    const { data, view, from, to } = m
    if (from + 12 > to) return out.malformed()
    const flags = view.getUint16(from + 2)
    const response = flags >= 0x8000
    const operation = (flags >> 11) & 15
    const [questions, answers] = [view.getUint16(from + 4), view.getUint16(from + 6)]
    const others = view.getUint16(from + 8) + view.getUint16(from + 10)
    out.fact('nbns.id', view.getUint16(from), from, 2)
    out.fact('nbns.flags', flags, from + 2, 2)
    out.fact('nbns.flags.response', response, from + 2, 1)
    out.fact('nbns.flags.opcode', operation, from + 2, 1)
    out.fact('nbns.flags.broadcast', (flags & 0x10) !== 0, from + 3, 1)
    if (response) out.fact('nbns.flags.rcode', flags & 15, from + 3, 1)
    out.fact('nbns.count.queries', questions, from + 4, 2)
    out.fact('nbns.count.answers', answers, from + 6, 2)
    let line = (OPERATIONS[operation] ?? `Unknown operation (${operation})`) + (response ? ' response' : '')
    if (response && (flags & 15) !== 0) line += `, ${RESULTS[flags & 15] ?? `Unknown error (${flags & 15})`}`
    let at = from + 12
    for (let i = 0; i < Math.min(questions, MOST_RECORDS) && at >= 0; i++) {
      if (!readNetbiosName(data, from, at, to) || netbios.end + 4 > to) {
        at = -1
        break
      }
      const type = view.getUint16(netbios.end)
      out.fact('nbns.name', netbios.text, at, netbios.end - at)
      out.fact('nbns.type', type, netbios.end, 2)
      out.fact('nbns.class', view.getUint16(netbios.end + 2), netbios.end + 2, 2)
      line += ` ${typeName(type)} ${netbios.text}`
      at = netbios.end + 4
    }
    for (let i = 0; i < Math.min(answers + others, MOST_RECORDS) && at >= 0; i++) {
      at = record(m, from, at, out)
      // What is registered stands in the question.
      if (at >= 0 && i < answers) line += ` ${shown.text}`
    }
    out.line(line)
    if (at < 0 && m.to - m.from >= m.length) out.malformed()
  },
  examples: [
    {
      name: 'who is FILES, and the answer',
      messages: {
        transport: 'udp',
        port: 137,
        sent: [
          {
            by: 0,
            hex: `8001 0110 0001 0000 0000 0000 20 4547454a454d45464644434143414341 43414341434143414341434143414341 00 0020 0001`,
          },
          {
            by: 1,
            hex: `8001 8580 0000 0001 0000 0000 20 4547454a454d45464644434143414341 43414341434143414341434143414341 00 0020 0001 00000e10 0006 0000 c0000215`,
          },
        ],
      },
      expect: {
        stack: 'nbns',
        line: 'Name query response NB 192.0.2.21',
        facts: { 'nbns.addr': '192.0.2.21' },
      },
    },
  ],
})
