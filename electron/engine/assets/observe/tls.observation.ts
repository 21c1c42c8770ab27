import { defineObservation } from './define.ts'
import { portOf, textOf } from './reading.ts'

export default defineObservation({
  id: 'tls',
  title: 'TLS servers',
  spec: 'https://www.rfc-editor.org/rfc/rfc8446',
  doc: 'A handshake with a version that was agreed on (Zeek ssl, EVE tls): a TLS service at that port, and the name that the client asked it by.',
  types: ['ssl', 'tls'],
  fields: ['dst.ip', 'dst.port', 'tls.version', 'tls.sni'],
  learn({ fields }) {
    const address = textOf(fields, 'dst.ip', 64)
    const port = portOf(fields, 'dst.port')
    if (address === '' || port === null || !/^(?:TLS|SSL)/i.test(textOf(fields, 'tls.version', 32))) return []
    return [
      {
        address,
        service: { port, transport: 'tcp', name: port === 443 ? 'https' : 'tls', product: '', version: '' },
        source: 'tls handshake',
      },
    ]
  },
  examples: [
    {
      name: 'a handshake',
      event: {
        type: 'ssl',
        format: 'zeek-json',
        fields: { 'dst.ip': '10.0.0.5', 'dst.port': 443, 'tls.version': 'TLSv12', 'tls.sni': 'shop.example' },
      },
      expect: [
        {
          address: '10.0.0.5',
          service: { port: 443, transport: 'tcp', name: 'https', product: '', version: '' },
          source: 'tls handshake',
        },
      ],
    },
    {
      name: 'none was agreed on',
      event: { type: 'tls', format: 'eve', fields: { 'dst.ip': '10.0.0.5', 'dst.port': 443 } },
      expect: [],
    },
  ],
})
