import { defineLogSources, TAXONOMY, type FieldSource, type LogSource, type LogSourceName } from './define.ts'

const FORMAT = ['zeek-tsv', 'zeek-json']
const ENDS = { src_ip: 'src.ip', src_port: 'src.port', dst_ip: 'dst.ip', dst_port: 'dst.port' } as const

const log = (type: string, names: readonly LogSourceName[] = [], fields: Readonly<Record<string, FieldSource>> = {}): LogSource => ({
  names: [{ product: 'zeek', service: type }, ...names],
  when: { format: FORMAT, type: [type] },
  fields: { ...ENDS, ...fields },
})

/** Logs without a name or fields of their own in the taxonomy. */
const OTHERS = [
  'dce_rpc', 'dhcp', 'dnp3', 'dpd', 'files', 'ftp', 'intel', 'irc', 'kerberos', 'known_certs', 'known_hosts', 'known_services', 'ldap', 'ldap_search', 'modbus',
  'mqtt_connect', 'mqtt_publish', 'mysql', 'notice', 'ntlm', 'ntp', 'pe', 'quic', 'radius', 'rdp', 'rfb', 'sip', 'smb_files', 'smb_mapping', 'smtp', 'snmp', 'socks',
  'software', 'ssh', 'ssl', 'syslog', 'traceroute', 'tunnel', 'weird', 'x509',
]

export default defineLogSources({
  id: 'zeek',
  title: 'Zeek logs',
  spec: TAXONOMY,
  doc: 'Each log is a service of its own name. Requests in http.log are also asked about by rules for proxies and web servers, dns.log by rules for DNS, conn.log by rules for firewalls.',
  sources: [
    log('http', [{ category: 'proxy' }, { category: 'webserver' }], {
      'c-uri': { derive: 'url' },
      'cs-uri': { derive: 'url' },
      'cs-uri-query': 'http.url',
      'cs-uri-stem': { derive: 'stem' },
      'c-uri-stem': { derive: 'stem' },
      'c-uri-query': { derive: 'query' },
      'c-uri-extension': { derive: 'extension' },
      'cs-host': 'http.host',
      'r-dns': 'http.host',
      'cs-method': 'http.method',
      'c-useragent': 'http.user_agent',
      'cs-user-agent': 'http.user_agent',
      'cs-useragent': 'http.user_agent',
      'cs-referer': 'http.referrer',
      'cs-referrer': 'http.referrer',
      'cs-version': 'version',
      'sc-status': 'http.status',
      'sc-bytes': 'http.length',
      'cs-username': 'user.name',
      'c-ip': 'src.ip',
      's-ip': 'dst.ip',
      's-port': 'dst.port',
    }),
    log('dns', [{ category: 'dns' }, { category: 'network', service: 'dns' }], { QueryName: 'dns.query', record_type: 'dns.type', answer: 'dns.answers' }),
    log('conn', [{ category: 'firewall' }, { category: 'network', service: 'connection' }, { category: 'network_connection' }]),
    ...OTHERS.map((type) => log(type)),
    { names: [{ product: 'zeek' }], when: { format: FORMAT }, fields: ENDS },
  ],
})
