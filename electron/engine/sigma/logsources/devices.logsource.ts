import { defineLogSources, TAXONOMY, type LogSource } from './define.ts'

const FORMAT = ['cef', 'leef']
const ENDS = {
  src_ip: 'src.ip',
  src_port: 'src.port',
  dst_ip: 'dst.ip',
  dst_port: 'dst.port',
  srcip: 'src.ip',
  dstip: 'dst.ip',
  username: 'user.name',
  user: 'user.name',
} as const

const vendor = (product: string, service: string | undefined, vendors: readonly string[]): LogSource => ({
  names: [service === undefined ? { product } : { product, service }],
  when: { format: FORMAT, fields: { 'device.vendor': vendors } },
  fields: ENDS,
})

export default defineLogSources({
  id: 'devices',
  title: 'Firewalls and other devices (CEF, LEEF)',
  spec: TAXONOMY,
  doc: 'Records with a source and a destination are asked about by rules for firewalls; products are told by the vendor in the record’s header.',
  sources: [
    {
      names: [{ category: 'firewall' }, { category: 'network', service: 'connection' }],
      when: { format: FORMAT, has: ['src.ip', 'dst.ip'] },
      fields: ENDS,
    },
    {
      names: [{ category: 'proxy' }],
      when: { format: FORMAT, has: ['http.url'] },
      fields: {
        ...ENDS,
        'c-uri': { derive: 'url' },
        'cs-uri': { derive: 'url' },
        'cs-uri-query': 'http.url',
        'c-uri-query': { derive: 'query' },
        'c-uri-extension': { derive: 'extension' },
        'cs-host': ['http.host', 'dst.host'],
        'r-dns': ['http.host', 'dst.host'],
        'cs-method': 'http.method',
        'c-useragent': 'http.user_agent',
        'cs-user-agent': 'http.user_agent',
        'sc-status': 'http.status',
      },
    },
    {
      names: [{ category: 'antivirus' }],
      when: { format: FORMAT, has: ['file.path'] },
      fields: { Filename: ['file.path', 'file.name'], Signature: ['sig.name', 'message'], Action: 'action' },
    },
    vendor('fortigate', 'event', ['Fortinet']),
    vendor('paloalto', undefined, ['Palo Alto Networks']),
    vendor('checkpoint', undefined, ['Check Point']),
    { names: [{ product: 'cisco' }], when: { format: FORMAT, fields: { 'device.vendor': ['Cisco'] } }, fields: ENDS },
  ],
})
