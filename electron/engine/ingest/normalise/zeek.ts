/** Zeek's names, for its two forms. The same name means different things in different logs, so some aliases hold for one log only. */

const everywhere: Readonly<Record<string, string>> = {
  ts: 'time',
  _path: 'type',
  uid: 'flow.id',
  'id.orig_h': 'src.ip',
  'id.orig_p': 'src.port',
  'id.resp_h': 'dst.ip',
  'id.resp_p': 'dst.port',
  id_orig_h: 'src.ip',
  id_orig_p: 'src.port',
  id_resp_h: 'dst.ip',
  id_resp_p: 'dst.port',
  proto: 'net.transport',
  community_id: 'net.community_id',
}

const byLog: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  conn: {
    service: 'net.app',
    duration: 'flow.duration',
    orig_bytes: 'src.bytes',
    resp_bytes: 'dst.bytes',
    orig_pkts: 'src.packets',
    resp_pkts: 'dst.packets',
    conn_state: 'flow.state',
    orig_l2_addr: 'src.mac',
    resp_l2_addr: 'dst.mac',
    vlan: 'net.vlan',
    inner_vlan: 'net.vlan',
  },
  dns: { query: 'dns.query', qtype_name: 'dns.type', rcode_name: 'dns.rcode', answers: 'dns.answers' },
  http: {
    method: 'http.method',
    host: 'http.host',
    uri: 'http.url',
    status_code: 'http.status',
    user_agent: 'http.user_agent',
    referrer: 'http.referrer',
    resp_mime_types: 'http.content_type',
    response_body_len: 'http.length',
    username: 'user.name',
  },
  ssl: {
    version: 'tls.version',
    server_name: 'tls.sni',
    subject: 'tls.subject',
    issuer: 'tls.issuer',
    ja3: 'tls.ja3',
    ja4: 'tls.ja4',
  },
  quic: { server_name: 'tls.sni', version: 'tls.version', ja3: 'tls.ja3', ja4: 'tls.ja4' },
  x509: { 'certificate.subject': 'tls.subject', 'certificate.issuer': 'tls.issuer', fingerprint: 'tls.fingerprint' },
  files: {
    filename: 'file.name',
    mime_type: 'file.type',
    total_bytes: 'file.size',
    md5: 'file.md5',
    sha1: 'file.sha1',
    sha256: 'file.sha256',
  },
  smtp: { from: 'email.from', to: 'email.to', subject: 'email.subject' },
  ftp: { user: 'user.name', file_size: 'file.size', mime_type: 'file.type' },
  smb_files: { path: 'file.path', name: 'file.name', size: 'file.size' },
  kerberos: { client: 'user.name', service: 'service.name' },
  ntlm: { username: 'user.name', domainname: 'user.domain', hostname: 'src.host' },
  radius: { username: 'user.name' },
  socks: { user: 'user.name' },
  rdp: { cookie: 'user.name' },
  dhcp: { client_addr: 'src.ip', server_addr: 'dst.ip', mac: 'src.mac', host_name: 'src.host' },
  notice: { msg: 'message', src: 'src.ip', dst: 'dst.ip' },
  software: { host: 'host.ip' },
  known_hosts: { host: 'host.ip' },
  known_services: { host: 'host.ip' },
  known_certs: { host: 'host.ip', subject: 'tls.subject', issuer_subject: 'tls.issuer' },
  syslog: { facility: 'log.facility', severity: 'log.level', message: 'message' },
}

/** Native → canonical over all logs, for queries and rules. */
export const zeekAliases: Readonly<Record<string, string>> = Object.assign(
  {},
  ...Object.values(byLog).reverse(),
  everywhere,
) as Record<string, string>

/** Native → canonical in one log. */
export const zeekAliasesOf = (log: string): Readonly<Record<string, string>> => ({
  ...everywhere,
  ...(Object.hasOwn(byLog, log) ? byLog[log] : undefined),
})

/**
 * Fields of type `time` in Zeek's own logs. JSON shows no types and writes them as epoch or ISO, as configured: both forms,
 * and those of typed headers, become the same ISO text.
 */
export const zeekTimes: readonly string[] = [
  '_write_ts',
  'certificate.not_valid_before',
  'certificate.not_valid_after',
  'from',
  'till',
  'ref_time',
  'org_time',
  'rec_time',
  'xmt_time',
  'thisUpdate',
  'nextUpdate',
  'revoketime',
  'times.modified',
  'times.accessed',
  'times.created',
  'times.changed',
  'compile_ts',
  'boot_time',
  'current_time',
]
/** In the mail log `from` is the sender. */
export const zeekTimesOf = (log: string): readonly string[] =>
  log === 'kerberos' ? zeekTimes : zeekTimes.filter((name) => name !== 'from' && name !== 'till')

/** Type of an event: the log's name, where it is a sane one. */
export const logName = (path: unknown): string | undefined =>
  typeof path === 'string' && /^[\w.:-]{1,64}$/.test(path) ? path : undefined

/**
 * Undoes the escapes of Zeek's ASCII writer: `\xNN` are bytes of UTF-8, `\\` is a backslash. Bytes that are no UTF-8 and
 * control characters other than \b \f \n \r \t stay as `\xNN`, which is also what Zeek's JSON writer shows for them.
 */
export function unescapeZeek(text: string): string {
  if (!text.includes('\\')) return text
  let out = ''
  let at = 0
  while (at < text.length) {
    const back = text.indexOf('\\', at)
    if (back < 0) break
    out += text.slice(at, back)
    if (text.charCodeAt(back + 1) === 92) {
      out += '\\'
      at = back + 2
      continue
    }
    let byte = byteAt(text, back)
    if (byte < 0) {
      out += '\\'
      at = back + 1
      continue
    }
    const size =
      byte < 0x80 ? 1 : byte >= 0xc2 && byte < 0xe0 ? 2 : byte >= 0xe0 && byte < 0xf0 ? 3 : byte >= 0xf0 && byte < 0xf5 ? 4 : 0
    let code = size === 1 ? byte : size === 2 ? byte & 0x1f : size === 3 ? byte & 0x0f : byte & 0x07
    let next = back + 4
    let valid = size > 0
    for (let i = 1; i < size && valid; i++) {
      byte = byteAt(text, next)
      valid = byte >= 0x80 && byte < 0xc0
      code = code * 64 + (byte & 0x3f)
      next += 4
    }
    if (valid)
      valid =
        size === 1
          ? code >= 32
            ? code !== 127
            : (code >= 8 && code <= 10) || code === 12 || code === 13
          : size === 2 || (size === 3 ? code >= 0x800 && (code < 0xd800 || code > 0xdfff) : code >= 0x10000 && code <= 0x10ffff)
    if (valid) {
      out += String.fromCodePoint(code)
      at = next
    } else {
      out += text.slice(back, back + 4)
      at = back + 4
    }
  }
  return out + text.slice(at)
}

/** The byte of `\xNN` at `at`, or -1. */
function byteAt(text: string, at: number): number {
  if (text.charCodeAt(at) !== 92 || text.charCodeAt(at + 1) !== 120) return -1
  const high = hexDigit(text.charCodeAt(at + 2))
  const low = hexDigit(text.charCodeAt(at + 3))
  return high < 0 || low < 0 ? -1 : high * 16 + low
}
const hexDigit = (code: number): number =>
  code >= 48 && code <= 57 ? code - 48 : code >= 97 && code <= 102 ? code - 87 : code >= 65 && code <= 70 ? code - 55 : -1
