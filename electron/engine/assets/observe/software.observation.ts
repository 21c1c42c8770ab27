import { defineObservation } from './define.ts'
import { osOf, portOf, textOf } from './reading.ts'

export default defineObservation({
  id: 'software',
  title: 'Software that Zeek saw',
  spec: 'https://docs.zeek.org/en/master/logs/software.html',
  doc: "Zeek's software log: servers with their port become services with product and version; of browsers only the operating system is taken.",
  types: ['software'],
  fields: [
    'host.ip',
    'host_p',
    'software_type',
    'name',
    'version.major',
    'version.minor',
    'version.minor2',
    'version.addl',
    'unparsed_version',
  ],
  learn({ fields }) {
    const address = textOf(fields, 'host.ip', 64)
    if (address === '') return []
    const kind = textOf(fields, 'software_type', 64)
    const product = textOf(fields, 'name', 200)
    const raw = textOf(fields, 'unparsed_version')
    const os = osOf(raw) || (kind.startsWith('OS::') ? product : '') || undefined
    const source = 'zeek software'
    const port = portOf(fields, 'host_p')
    if (!kind.includes('SERVER') || port === null || product === '') return os === undefined ? [] : [{ address, os, source }]
    const numbers = ['version.major', 'version.minor', 'version.minor2'].map((name) => textOf(fields, name, 16))
    const dotted = numbers.slice(0, numbers.indexOf('') < 0 ? 3 : numbers.indexOf('')).join('.')
    const more = textOf(fields, 'version.addl', 32)
    const version = /^[a-z]\w{0,5}$/.test(more) ? dotted + more : dotted
    const name = kind.startsWith('HTTP')
      ? 'http'
      : kind.startsWith('SSH')
        ? 'ssh'
        : kind.startsWith('SMTP')
          ? 'smtp'
          : kind.startsWith('FTP')
            ? 'ftp'
            : ''
    return [{ address, os, service: { port, transport: 'tcp', name, product, version }, source }]
  },
  examples: [
    {
      name: 'a server',
      event: {
        type: 'software',
        format: 'zeek-json',
        fields: {
          'host.ip': '10.0.0.5',
          host_p: 80,
          software_type: 'HTTP::SERVER',
          name: 'Apache',
          'version.major': 2,
          'version.minor': 4,
          'version.minor2': 49,
          unparsed_version: 'Apache/2.4.49 (Unix)',
        },
      },
      expect: [
        {
          address: '10.0.0.5',
          os: undefined,
          service: { port: 80, transport: 'tcp', name: 'http', product: 'Apache', version: '2.4.49' },
          source: 'zeek software',
        },
      ],
    },
    {
      name: 'a browser',
      event: {
        type: 'software',
        format: 'zeek-json',
        fields: {
          'host.ip': '10.0.0.9',
          software_type: 'HTTP::BROWSER',
          name: 'Firefox',
          unparsed_version: 'Mozilla/5.0 (X11; Ubuntu; Linux x86_64)',
        },
      },
      expect: [{ address: '10.0.0.9', os: 'Ubuntu', source: 'zeek software' }],
    },
  ],
})
