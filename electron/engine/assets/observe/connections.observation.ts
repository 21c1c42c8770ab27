import { defineObservation } from './define.ts'
import { numberOf, portOf, textOf, transportOf } from './reading.ts'

/** States of Zeek in which the other side had accepted the connection. */
const ANSWERED = new Set(['SF', 'S1', 'S2', 'S3', 'RSTO', 'RSTR', 'SHR', 'RSTRH'])
/** From here on systems take ports for calls of their own (RFC 6335 section 6): without a known protocol they are no service. */
const EPHEMERAL = 32_768

export default defineObservation({
  id: 'connections',
  title: 'Ports that answer',
  spec: 'https://docs.zeek.org/en/master/logs/conn.html',
  doc: 'Ends of connections (Zeek conn, EVE flow, captures) that answered, with the protocol that was seen: a port with that service. Ports that systems take for calls of their own count only where a protocol was seen.',
  types: ['conn', 'flow'],
  fields: ['dst.ip', 'dst.port', 'net.transport', 'net.app', 'flow.state', 'dst.bytes', 'src.bytes'],
  learn({ type, fields }) {
    const address = textOf(fields, 'dst.ip', 64)
    const port = portOf(fields, 'dst.port')
    const state = textOf(fields, 'flow.state', 32)
    const transport = transportOf(fields)
    if (address === '' || port === null || (transport !== 'tcp' && transport !== 'udp')) return []
    const said = textOf(fields, 'net.app', 64).toLowerCase()
    const name = said === 'failed' || said === 'unknown' || said === '-' ? '' : (said.split(',')[0] ?? '')
    if (name === '' && port >= EPHEMERAL) return []
    const answered = type === 'conn' ? ANSWERED.has(state) : state !== 'new' && numberOf(fields, 'dst.bytes') > 0
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
