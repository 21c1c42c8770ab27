import type { Sighting } from './define.ts'
import { defineObservation } from './define.ts'
import { textOf } from './reading.ts'

const host = (text: string): string =>
  /^[\p{L}\p{N}_][\p{L}\p{N}_.-]{0,252}$/u.test(text) ? text.toLowerCase().replace(/\.$/, '') : ''

export default defineObservation({
  id: 'names',
  title: 'Host names in DHCP and NTLM',
  spec: 'https://www.rfc-editor.org/rfc/rfc2132#section-3.14',
  doc: 'The name that a host gives when it asks for an address, with the address that it was given, and the names that both sides of an NTLM login (also inside of SMB) give themselves.',
  types: ['dhcp', 'ntlm'],
  fields: [
    'src.ip',
    'dst.ip',
    'src.host',
    'assigned_addr',
    'client_fqdn',
    'server_dns_computer_name',
    'server_nb_computer_name',
    'dhcp.hostname',
    'dhcp.assigned_ip',
  ],
  learn({ type, fields }) {
    const found: Sighting[] = []
    const add = (address: string, name: string, source: string, os?: string): void => {
      if (address !== '' && address !== '0.0.0.0' && name !== '')
        found.push({ address, name, ...(os === undefined ? {} : { os }), source })
    }
    if (type === 'dhcp') {
      const given = textOf(fields, 'assigned_addr', 64) || textOf(fields, 'dhcp.assigned_ip', 64)
      // What was not granted is nobody's address.
      add(given, host(textOf(fields, 'client_fqdn') || textOf(fields, 'src.host') || textOf(fields, 'dhcp.hostname')), 'dhcp')
    } else {
      add(textOf(fields, 'src.ip', 64), host(textOf(fields, 'src.host')), 'ntlm client')
      add(
        textOf(fields, 'dst.ip', 64),
        host(textOf(fields, 'server_dns_computer_name') || textOf(fields, 'server_nb_computer_name')),
        'ntlm server',
        'Windows',
      )
    }
    return found
  },
  examples: [
    {
      name: 'a lease',
      event: {
        type: 'dhcp',
        format: 'zeek-json',
        fields: { 'src.host': 'LAPTOP-7', assigned_addr: '10.0.3.7', 'dst.ip': '10.0.0.1' },
      },
      expect: [{ address: '10.0.3.7', name: 'laptop-7', source: 'dhcp' }],
    },
    {
      name: 'a login to a file server',
      event: {
        type: 'ntlm',
        format: 'capture',
        fields: {
          'src.ip': '10.0.3.7',
          'dst.ip': '10.0.0.20',
          'src.host': 'LAPTOP-7',
          server_dns_computer_name: 'files.corp.example',
        },
      },
      expect: [
        { address: '10.0.3.7', name: 'laptop-7', source: 'ntlm client' },
        { address: '10.0.0.20', name: 'files.corp.example', os: 'Windows', source: 'ntlm server' },
      ],
    },
    {
      name: 'a name that is none',
      event: { type: 'dhcp', format: 'eve', fields: { 'dhcp.hostname': '<script>', 'dhcp.assigned_ip': '10.0.3.8' } },
      expect: [],
    },
  ],
})
