import { defineLogSources } from './define.ts'

const FORMAT = ['eve']
const ENDS = { src_ip: 'src.ip', src_port: 'src.port', dst_ip: 'dst.ip', dst_port: 'dst.port', dest_ip: 'dst.ip', dest_port: 'dst.port' } as const

export default defineLogSources({
  id: 'suricata',
  title: 'Suricata EVE',
  spec: 'https://docs.suricata.io/en/latest/output/eve/eve-json-format.html',
  doc: 'Requests seen on the wire are asked about by rules for proxies and for web servers, names that were asked for by rules for DNS, flows by rules for firewalls. `product: suricata` with the event type as the service is ours. `cs-uri-query` is the whole path with its query, as rules for web servers use it.',
  sources: [
    {
      names: [{ category: 'proxy' }, { category: 'webserver' }, { product: 'suricata', service: 'http' }],
      when: { format: FORMAT, type: ['http', 'http2'] },
      fields: {
        ...ENDS,
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
        'cs-version': 'http.protocol',
        'sc-status': 'http.status',
        'sc-bytes': 'http.length',
        'cs-content-type': 'http.content_type',
        'c-ip': 'src.ip',
        's-ip': 'dst.ip',
        's-port': 'dst.port',
      },
    },
    {
      names: [{ category: 'dns' }, { category: 'network', service: 'dns' }, { product: 'suricata', service: 'dns' }],
      when: { format: FORMAT, type: ['dns'] },
      fields: { ...ENDS, query: 'dns.query', QueryName: 'dns.query', record_type: 'dns.type', answer: 'dns.answers', answers: 'dns.answers' },
    },
    {
      names: [{ category: 'firewall' }, { category: 'network', service: 'connection' }, { category: 'network_connection' }, { product: 'suricata', service: 'flow' }],
      when: { format: FORMAT, type: ['flow'] },
      fields: ENDS,
    },
    { names: [{ service: 'netflow' }, { product: 'suricata', service: 'netflow' }], when: { format: FORMAT, type: ['netflow', 'flow'] }, fields: { ...ENDS, destination: 'dst.ip', 'destination.port': 'dst.port', 'source.port': 'src.port' } },
    ...['alert', 'anomaly', 'tls', 'ssh', 'smb', 'smtp', 'fileinfo', 'rdp', 'krb5', 'ftp', 'nfs', 'dcerpc', 'ldap', 'mqtt', 'snmp', 'tftp', 'quic', 'dhcp', 'files', 'email'].map((type) => ({
      names: [{ product: 'suricata', service: type }],
      when: { format: FORMAT, type: [type] },
      fields: ENDS,
    })),
    { names: [{ product: 'suricata' }], when: { format: FORMAT }, fields: ENDS },
  ],
})
