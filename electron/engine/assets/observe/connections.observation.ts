import { defineObservation } from './define.ts'
import type { EventRow } from '../../../../shared/model/event.ts'
import { numberOf, portOf, textOf, transportOf } from './reading.ts'

/** States of Zeek in which the other side had accepted the connection. */
const ANSWERED = new Set(['SF', 'S1', 'S2', 'S3', 'RSTO', 'RSTR', 'SHR', 'RSTRH'])
/** From here on systems take ports for calls of their own (RFC 6335 section 6): without a known protocol they are no service. */
const EPHEMERAL = 32_768

/** SYN and ACK: what accepts a connection (RFC 9293 section 3.5). */
const SYN_ACK = 0x12

/**
 * The other side of a flow that Suricata tells of had accepted it. A port that is closed answers too, with a reset: its flow is closed and
 * has bytes of headers, and nothing but the flags says that nobody took it. Where they are not told, an answer of more than headers counts.
 */
function accepted(fields: EventRow['fields']): boolean {
  if (textOf(fields, 'flow.state', 32) === 'new') return false
  const flags = Number.parseInt(textOf(fields, 'tcp.tcp_flags_tc', 8) || 'x', 16)
  if (!Number.isNaN(flags)) return (flags & SYN_ACK) === SYN_ACK
  const packets = numberOf(fields, 'dst.packets')
  return packets === 0 || numberOf(fields, 'dst.bytes') > packets * MOST_HEADERS
}
/** Bytes of Ethernet, IPv6 and TCP headers with all options that are usual. */
const MOST_HEADERS = 94

export default defineObservation({
  id: 'connections',
  title: 'Ports that answer',
  spec: 'https://docs.zeek.org/en/master/logs/conn.html',
  doc: 'Ends of connections (Zeek conn, EVE flow, captures) that answered, with the protocol that was seen: a port with that service. Ports that systems take for calls of their own count only where a protocol was seen.',
  types: ['conn', 'flow'],
  fields: [
    'dst.ip',
    'dst.port',
    'net.transport',
    'net.app',
    'flow.state',
    'dst.bytes',
    'dst.packets',
    'src.bytes',
    'tcp.tcp_flags_tc',
  ],
  learn({ type, fields }) {
    const address = textOf(fields, 'dst.ip', 64)
    const port = portOf(fields, 'dst.port')
    const state = textOf(fields, 'flow.state', 32)
    const transport = transportOf(fields)
    if (address === '' || port === null || (transport !== 'tcp' && transport !== 'udp')) return []
    const said = textOf(fields, 'net.app', 64).toLowerCase()
    const name = said === 'failed' || said === 'unknown' || said === '-' ? '' : (said.split(',')[0] ?? '')
    if (name === '' && port >= EPHEMERAL) return []
    const answered = type === 'conn' ? ANSWERED.has(state) : transport === 'udp' ? state !== 'new' : accepted(fields)
    // An answer without payload says little of a UDP port, and a TCP reset none.
    if (!answered || numberOf(fields, 'dst.bytes') <= 0) return []
    return [{ address, service: { port, transport, name, product: '', version: '' }, source: 'connection' }]
  },
  examples: [
    {
      name: 'a web server answers',
      event: {
        type: 'conn',
        format: 'zeek-json',
        fields: {
          'src.ip': '10.0.0.9',
          'dst.ip': '10.0.0.5',
          'dst.port': 443,
          'net.transport': 'tcp',
          'net.app': 'ssl,http',
          'flow.state': 'SF',
          'dst.bytes': 900,
        },
      },
      expect: [
        {
          address: '10.0.0.5',
          service: { port: 443, transport: 'tcp', name: 'ssl', product: '', version: '' },
          source: 'connection',
        },
      ],
    },
    {
      name: 'a scan that nobody answers',
      event: {
        type: 'conn',
        format: 'zeek-json',
        fields: { 'dst.ip': '10.0.0.5', 'dst.port': 23, 'net.transport': 'tcp', 'flow.state': 'REJ', 'dst.bytes': 0 },
      },
      expect: [],
    },
    {
      name: 'a closed port, whose reset is bytes of headers',
      event: {
        type: 'flow',
        format: 'eve',
        fields: {
          'dst.ip': '10.0.0.5',
          'dst.port': 81,
          'net.transport': 'tcp',
          'flow.state': 'closed',
          'dst.bytes': 54,
          'dst.packets': 1,
          'tcp.tcp_flags_tc': '14',
        },
      },
      expect: [],
    },
    {
      name: 'an open port that nobody said a word to',
      event: {
        type: 'flow',
        format: 'eve',
        fields: {
          'dst.ip': '10.0.0.5',
          'dst.port': 5432,
          'net.transport': 'tcp',
          'flow.state': 'closed',
          'dst.bytes': 74,
          'dst.packets': 1,
          'tcp.tcp_flags_tc': '12',
        },
      },
      expect: [
        {
          address: '10.0.0.5',
          service: { port: 5432, transport: 'tcp', name: '', product: '', version: '' },
          source: 'connection',
        },
      ],
    },
    {
      name: 'a call back to a port of its own',
      event: {
        type: 'flow',
        format: 'eve',
        fields: { 'dst.ip': '10.0.0.5', 'dst.port': 50123, 'net.transport': 'tcp', 'flow.state': 'closed', 'dst.bytes': 10 },
      },
      expect: [],
    },
  ],
})
