import type { Sighting } from './define.ts'
import { defineObservation } from './define.ts'
import { bannerOf, osOf, portOf, textOf } from './reading.ts'

/** Names under which sensors keep the header `Server`. */
const SERVER = ['server_software', 'http.server', 'http.response_headers.server', 'server']

export default defineObservation({
  id: 'http',
  title: 'Web servers and browsers',
  spec: 'https://www.rfc-editor.org/rfc/rfc9110#section-10.2.4',
  doc: 'The product and version that a server names in its header `Server`, and the operating system that a client names in `User-Agent`. An answer is one of the server, whatever it names.',
  types: ['http'],
  fields: ['src.ip', 'dst.ip', 'dst.port', 'http.user_agent', 'http.status', 'http.hostname', ...SERVER],
  learn({ fields }) {
    const found: Sighting[] = []
    const server = textOf(fields, 'dst.ip', 64)
    const client = textOf(fields, 'src.ip', 64)
    const port = portOf(fields, 'dst.port')
    const header = SERVER.map((name) => textOf(fields, name)).find((text) => text !== '') ?? ''
    const banner = bannerOf(header)
    if (server !== '' && port !== null && (banner || fields['http.status'] !== undefined))
      found.push({
        address: server,
        os: osOf(header) || undefined,
        service: { port, transport: 'tcp', name: 'http', product: banner?.product ?? '', version: banner?.version ?? '' },
        source: banner ? 'http server header' : 'http answer',
      })
    const os = osOf(textOf(fields, 'http.user_agent'))
    if (client !== '' && os !== '') found.push({ address: client, os, source: 'http user agent' })
    return found
  },
  examples: [
    {
      name: 'a server and a browser',
      event: {
        type: 'http',
        format: 'capture',
        fields: {
          'src.ip': '10.0.0.9',
          'dst.ip': '10.0.0.5',
          'dst.port': 80,
          'http.status': 200,
          server_software: 'Apache/2.4.49 (Debian)',
          'http.user_agent': 'Mozilla/5.0 (Windows NT 10.0; Win64; x64)',
        },
      },
      expect: [
        {
          address: '10.0.0.5',
          os: 'Debian',
          service: { port: 80, transport: 'tcp', name: 'http', product: 'Apache', version: '2.4.49' },
          source: 'http server header',
        },
        { address: '10.0.0.9', os: 'Windows 10 or later', source: 'http user agent' },
      ],
    },
    {
      name: 'a request that was not answered',
      event: {
        type: 'http',
        format: 'eve',
        fields: { 'src.ip': '10.0.0.9', 'dst.ip': '10.0.0.5', 'dst.port': 80, 'http.user_agent': 'curl/8.5' },
      },
      expect: [],
    },
  ],
})
