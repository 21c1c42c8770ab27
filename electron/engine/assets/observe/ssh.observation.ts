import type { Sighting } from './define.ts'
import { defineObservation } from './define.ts'
import { osOf, portOf, textOf } from './reading.ts'

const SERVER = ['server', 'ssh.server.software_version']
const CLIENT = ['client', 'ssh.client.software_version']

/** `SSH-2.0-OpenSSH_8.9p1 Ubuntu-3` (RFC 4253 section 4.2) → OpenSSH, 8.9p1. */
function softwareOf(banner: string): { readonly product: string; readonly version: string } | null {
  const match = /^(?:SSH-[\d.]+-)?([A-Za-z][A-Za-z. -]{0,60}?)[_-]?(\d[\w.]{0,30})?(?:[ _-].*)?$/.exec(banner)
  return match?.[1] ? { product: match[1], version: match[2] ?? '' } : null
}

export default defineObservation({
  id: 'ssh',
  title: 'SSH banners',
  spec: 'https://www.rfc-editor.org/rfc/rfc4253#section-4.2',
  doc: 'The software that a server names in its banner, with its version and, where it says so, its distribution; and the operating system of a client that names it.',
  types: ['ssh'],
  fields: ['src.ip', 'dst.ip', 'dst.port', ...SERVER, ...CLIENT],
  learn({ fields }) {
    const found: Sighting[] = []
    const address = textOf(fields, 'dst.ip', 64)
    const port = portOf(fields, 'dst.port')
    const banner = SERVER.map((name) => textOf(fields, name)).find((text) => text !== '') ?? ''
    const software = softwareOf(banner)
    if (address !== '' && port !== null && software)
      found.push({
        address,
        os: osOf(banner.replaceAll('-', ' ')) || undefined,
        service: { port, transport: 'tcp', name: 'ssh', ...software },
        source: 'ssh banner',
      })
    const client = textOf(fields, 'src.ip', 64)
    const os = osOf((CLIENT.map((name) => textOf(fields, name)).find((text) => text !== '') ?? '').replaceAll('-', ' '))
    if (client !== '' && os !== '') found.push({ address: client, os, source: 'ssh client banner' })
    return found
  },
  examples: [
    {
      name: 'OpenSSH of Ubuntu',
      event: {
        type: 'ssh',
        format: 'zeek-json',
        fields: {
          'src.ip': '10.0.0.9',
          'dst.ip': '10.0.0.5',
          'dst.port': 22,
          server: 'SSH-2.0-OpenSSH_8.9p1 Ubuntu-3ubuntu0.10',
          client: 'SSH-2.0-libssh_0.9.6',
        },
      },
      expect: [
        {
          address: '10.0.0.5',
          os: 'Ubuntu',
          service: { port: 22, transport: 'tcp', name: 'ssh', product: 'OpenSSH', version: '8.9p1' },
          source: 'ssh banner',
        },
      ],
    },
    {
      name: 'as EVE has it',
      event: {
        type: 'ssh',
        format: 'eve',
        fields: { 'dst.ip': '10.0.0.5', 'dst.port': 2222, 'ssh.server.software_version': 'dropbear_2020.81' },
      },
      expect: [
        {
          address: '10.0.0.5',
          os: undefined,
          service: { port: 2222, transport: 'tcp', name: 'ssh', product: 'dropbear', version: '2020.81' },
          source: 'ssh banner',
        },
      ],
    },
  ],
})
