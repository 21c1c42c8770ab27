/** Events like those of a busy sensor, made from a seed: about 520 bytes and twenty fields each, most of them repeated, some rare. */
import type { FieldRegistry } from '../../electron/engine/event/field-registry.ts'
import type { EventRow, RowValue } from '../../electron/engine/event/row.ts'

export class SensorEvents {
  readonly #fields: FieldRegistry
  #state: number
  #time: number
  #count = 0
  readonly #hosts: string[] = []
  readonly #servers: string[] = []
  readonly #names: string[] = []

  /** `start` in microseconds; about 60 events a second. */
  constructor(fields: FieldRegistry, start: number, seed = 1) {
    this.#fields = fields
    this.#state = seed
    this.#time = start
    for (let i = 0; i < 4000; i++) this.#hosts.push(`10.${i >> 10}.${(i >> 3) & 127}.${(i * 37) & 255}`)
    for (let i = 0; i < 40_000; i++) this.#servers.push(`${20 + (i % 180)}.${(i * 7) & 255}.${(i * 13) & 255}.${(i * 29) & 255}`)
    const words = [
      'cdn',
      'api',
      'img',
      'mail',
      'static',
      'login',
      'update',
      'news',
      'shop',
      'data',
      'video',
      'track',
      'ads',
      'edge',
      'cloud',
      'files',
    ]
    for (let i = 0; i < 6000; i++)
      this.#names.push(
        `${words[i & 15]}${i % 97}.${words[(i >> 4) & 15]}-${(i * 31) % 1009}.example.${['com', 'net', 'org'][i % 3]}`,
      )
  }

  #random(): number {
    this.#state = (Math.imul(this.#state, 1664525) + 1013904223) >>> 0
    return this.#state / 2 ** 32
  }
  /** Small numbers far more often than large ones. */
  #often(below: number): number {
    const r = this.#random()
    return Math.floor(r * r * r * below)
  }

  /** Fills the row; gives the raw record. */
  next(row: EventRow): string {
    const n = this.#count++
    this.#time += Math.floor(this.#random() * 33_000)
    const kind = this.#random()
    const type =
      kind < 0.42 ? 'flow' : kind < 0.62 ? 'dns' : kind < 0.75 ? 'http' : kind < 0.84 ? 'fileinfo' : kind < 0.94 ? 'alert' : 'tls'
    const host = this.#hosts[this.#often(this.#hosts.length)]!
    const server = this.#servers[this.#often(this.#servers.length)]!
    const time = new Date(this.#time / 1000).toISOString().replace('Z', '000+0000')
    const raw: Record<string, unknown> = {
      timestamp: time,
      flow_id: 1e15 + Math.floor(this.#random() * 1e15),
      in_iface: 'eth0',
      event_type: type,
      src_ip: host,
      src_port: 1024 + Math.floor(this.#random() * 60_000),
      dest_ip: server,
      dest_port: [443, 443, 80, 53, 53, 22, 25, 8080][this.#often(8)],
      proto: kind < 0.62 && kind > 0.42 ? 'UDP' : 'TCP',
    }
    row.clear()
    row.time = this.#time
    row.received = this.#time
    row.type = type
    row.format = 'eve'
    row.source = 'bench'
    const set = (name: string, native: string, value: RowValue): void => {
      row.set(this.#fields.id(name), value)
      if (!(native in raw)) raw[native] = value
    }
    set('src.ip', 'src_ip', host)
    set('src.port', 'src_port', raw['src_port'] as number)
    set('dst.ip', 'dest_ip', server)
    set('dst.port', 'dest_port', raw['dest_port'] as number)
    set('net.transport', 'proto', String(raw['proto']).toLowerCase())
    set('flow.id', 'flow_id', String(raw['flow_id']))
    set('net.interface', 'in_iface', 'eth0')
    set('pcap_cnt', 'pcap_cnt', n * 3)
    set('sensor', 'sensor', `sensor-${n % 4}`)
    const name = this.#names[this.#often(this.#names.length)]!
    if (type === 'flow' || type === 'alert') {
      set('flow.pkts_toserver', 'pkts_toserver', 1 + this.#often(400))
      set('flow.pkts_toclient', 'pkts_toclient', this.#often(400))
      set('src.bytes', 'bytes_toserver', 60 + this.#often(200_000))
      set('dst.bytes', 'bytes_toclient', this.#often(n % 50_000 === 7 ? 2_000_000_000 : 900_000))
      set('flow.start', 'start', new Date(this.#time / 1000 - this.#often(600_000)).toISOString())
      set('flow.state', 'state', ['established', 'closed', 'new'][this.#often(3)]!)
      set('flow.age', 'age', this.#often(600))
    }
    if (type === 'flow') {
      set('flow.end', 'end', time)
      set('net.app', 'app_proto', ['tls', 'http', 'dns', 'failed', 'ssh'][this.#often(5)]!)
      set('flow.reason', 'reason', 'timeout')
    }
    if (type === 'dns') {
      set('dns.query', 'rrname', n % 20_000 < 7 ? 'beacon.evil-domain.test' : name)
      set('dns.type', 'rrtype', ['A', 'AAAA', 'TXT', 'PTR'][this.#often(4)]!)
      set('dns.rcode', 'rcode', this.#random() < 0.04 ? 'NXDOMAIN' : 'NOERROR')
      set('dns.answers', 'rdata', [this.#servers[this.#often(40_000)]!, this.#servers[this.#often(40_000)]!])
      set('dns.id', 'id', Math.floor(this.#random() * 65_536))
      set('dns.flags', 'flags', '8180')
    }
    if (type === 'http' || type === 'fileinfo') {
      set('http.host', 'hostname', name)
      set(
        'http.url',
        'url',
        n % 20_000 < 12
          ? '/cgi-bin/../../etc/passwd'
          : `/${['index', 'assets', 'api/v2/items', 'search', 'login'][this.#often(5)]!}/${this.#often(90_000).toString(36)}?id=${Math.floor(this.#random() * 1e9).toString(16)}`,
      )
      set('http.method', 'http_method', this.#random() < 0.9 ? 'GET' : 'POST')
      set('http.status', 'status', [200, 200, 304, 404, 302, 500][this.#often(6)]!)
      set(
        'http.user_agent',
        'http_user_agent',
        n % 20_000 < 8
          ? 'sqlmap/1.4'
          : `Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/${90 + this.#often(40)}.0 Safari/537.36`,
      )
      set('http.content_type', 'http_content_type', ['text/html', 'application/json', 'image/png', 'text/css'][this.#often(4)]!)
      set('http.length', 'length', this.#often(400_000))
    }
    if (type === 'fileinfo') {
      set('file.name', 'filename', `/${name}/${this.#often(5000).toString(36)}.bin`)
      set('file.size', 'size', this.#often(9_000_000))
      set(
        'file.sha256',
        'sha256',
        Array.from({ length: 8 }, () =>
          Math.floor(this.#random() * 2 ** 32)
            .toString(16)
            .padStart(8, '0'),
        ).join(''),
      )
    }
    if (type === 'alert') {
      const sid = 2_000_000 + this.#often(600)
      set('sig.id', 'signature_id', sid)
      set('sig.name', 'signature', `ET ${['POLICY', 'SCAN', 'MALWARE', 'INFO'][sid & 3]!} Observed pattern ${sid}`)
      set('sig.category', 'category', ['Misc activity', 'Attempted Information Leak', 'A Network Trojan was detected'][sid % 3]!)
      set('sig.priority', 'severity', 1 + (sid % 3))
      set('action', 'action', 'allowed')
      if (n % 100_000 < 10) set('payload_printable', 'payload_printable', 'powershell -enc SQBFAFgA')
    }
    if (type === 'tls') {
      set('tls.sni', 'sni', name)
      set('tls.version', 'version', 'TLS 1.3')
      set('tls.subject', 'subject', `CN=${name}`)
      set('tls.issuer', 'issuerdn', 'C=US, O=Example Trust Services, CN=Example CA 1')
      set(
        'tls.ja3',
        'ja3',
        Math.floor(this.#often(400) * 1e9)
          .toString(16)
          .padStart(32, '7'),
      )
    }
    return JSON.stringify(raw)
  }

  get time(): number {
    return this.#time
  }
}
