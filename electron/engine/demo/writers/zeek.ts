/** Zeek's tab-separated logs (https://docs.zeek.org/en/master/log-formats.html), with the columns of Zeek 7. */
import type { Micros } from '../../../../shared/model/time.ts'
import { communityId } from '../community-id.ts'
import { ACK, count, ETHERNET, FIN, firstAt, lastAt, RST, SYN, type Flow } from '../flow.ts'
import { DNS_RCODES, DNS_TYPES } from '../protocols/dns.ts'
import { SECOND } from '../rhythm.ts'
import type { Certificate, FileObject } from '../transactions.ts'
import { isInside, type World } from '../world.ts'
import type { OutputFile, Piece } from './piece.ts'

const CONNECTION = 'ts:time uid:string id.orig_h:addr id.orig_p:port id.resp_h:addr id.resp_p:port'
const columns = (text: string): readonly (readonly [name: string, type: string])[] =>
  text.split(' ').map((column) => {
    const at = column.indexOf(':')
    return [column.slice(0, at), column.slice(at + 1)] as const
  })
const LOGS: Readonly<Record<string, readonly (readonly [name: string, type: string])[]>> = {
  conn: columns(`${CONNECTION} proto:enum service:string duration:interval orig_bytes:count resp_bytes:count conn_state:string local_orig:bool local_resp:bool missed_bytes:count history:string orig_pkts:count orig_ip_bytes:count resp_pkts:count resp_ip_bytes:count tunnel_parents:set[string] ip_proto:count community_id:string`),
  dns: columns(`${CONNECTION} proto:enum trans_id:count rtt:interval query:string qclass:count qclass_name:string qtype:count qtype_name:string rcode:count rcode_name:string AA:bool TC:bool RD:bool RA:bool Z:count answers:vector[string] TTLs:vector[interval] rejected:bool`),
  http: columns(`${CONNECTION} trans_depth:count method:string host:string uri:string referrer:string version:string user_agent:string origin:string request_body_len:count response_body_len:count status_code:count status_msg:string info_code:count info_msg:string tags:set[enum] username:string password:string proxied:set[string] orig_fuids:vector[string] orig_filenames:vector[string] orig_mime_types:vector[string] resp_fuids:vector[string] resp_filenames:vector[string] resp_mime_types:vector[string]`),
  ssl: columns(`${CONNECTION} version:string cipher:string curve:string server_name:string resumed:bool last_alert:string next_protocol:string established:bool ssl_history:string cert_chain_fps:vector[string] client_cert_chain_fps:vector[string] sni_matches_cert:bool ja3:string ja3s:string`),
  x509: columns('ts:time fingerprint:string certificate.version:count certificate.serial:string certificate.subject:string certificate.issuer:string certificate.not_valid_before:time certificate.not_valid_after:time certificate.key_alg:string certificate.sig_alg:string certificate.key_type:string certificate.key_length:count certificate.exponent:string certificate.curve:string san.dns:vector[string] san.uri:vector[string] san.email:vector[string] san.ip:vector[addr] basic_constraints.ca:bool basic_constraints.path_len:count host_cert:bool client_cert:bool'),
  files: columns('ts:time fuid:string uid:string id.orig_h:addr id.orig_p:port id.resp_h:addr id.resp_p:port source:string depth:count analyzers:set[string] mime_type:string filename:string duration:interval local_orig:bool is_orig:bool seen_bytes:count total_bytes:count missing_bytes:count overflow_bytes:count timedout:bool parent_fuid:string md5:string sha1:string sha256:string'),
  smb_mapping: columns(`${CONNECTION} path:string service:string native_file_system:string share_type:string`),
  smb_files: columns(`${CONNECTION} fuid:string action:enum path:string name:string size:count prev_name:string times.modified:time times.accessed:time times.created:time times.changed:time`),
  dce_rpc: columns(`${CONNECTION} rtt:interval named_pipe:string endpoint:string operation:string`),
  ntlm: columns(`${CONNECTION} username:string hostname:string domainname:string server_nb_computer_name:string server_dns_computer_name:string server_tree_name:string success:bool`),
  kerberos: columns(`${CONNECTION} request_type:string client:string service:string success:bool error_msg:string from:time till:time cipher:string forwardable:bool renewable:bool client_cert_subject:string client_cert_fuid:string server_cert_subject:string server_cert_fuid:string`),
  smtp: columns(`${CONNECTION} trans_depth:count helo:string mailfrom:string rcptto:set[string] date:string from:string to:set[string] cc:set[string] reply_to:string msg_id:string in_reply_to:string subject:string x_originating_ip:addr first_received:string second_received:string last_reply:string path:vector[addr] user_agent:string tls:bool fuids:vector[string]`),
  ssh: columns(`${CONNECTION} version:count auth_success:bool auth_attempts:count direction:enum client:string server:string cipher_alg:string mac_alg:string compression_alg:string kex_alg:string host_key_alg:string host_key_fingerprint:string`),
  ntp: columns(`${CONNECTION} version:count mode:count stratum:count poll:interval precision:interval root_delay:interval root_disp:interval ref_id:string ref_time:time org_time:time rec_time:time xmt_time:time num_exts:count`),
} // prettier-ignore

type Value = string | number | boolean | readonly (string | number)[] | null

/** Times and intervals, as Zeek prints them: seconds with six decimals. */
function seconds(micros: number): string {
  const whole = Math.floor(micros / SECOND)
  return `${whole}.${String(Math.round(micros - whole * SECOND)).padStart(6, '0')}`
}

const escaped = (value: string): string =>
  // eslint-disable-next-line no-control-regex
  value.replace(/[\x00-\x1f\x7f\\]/g, (c) => (c === '\\' ? '\\\\' : `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`))

function printed(value: Value): string {
  if (value === null) return '-'
  if (typeof value === 'boolean') return value ? 'T' : 'F'
  if (typeof value === 'number') return String(value)
  if (typeof value === 'string') return value === '' ? '(empty)' : value === '-' ? '\\x2d' : escaped(value)
  return value.length === 0 ? '(empty)' : value.map((item) => escaped(String(item)).replaceAll(',', '\\x2c')).join(',')
}

/** The lines above the first record. */
export function zeekHeader(file: OutputFile, opened: Micros): string[] {
  const path = file.slice('zeek/'.length, -'.log'.length)
  const log = LOGS[path]
  if (!log) throw new RangeError(`no Zeek log is called ${path}`)
  return [
    '#separator \\x09', '#set_separator\t,', '#empty_field\t(empty)', '#unset_field\t-', `#path\t${path}`, `#open\t${day(opened)}`,
    `#fields\t${log.map(([name]) => name).join('\t')}`, `#types\t${log.map(([, type]) => type).join('\t')}`,
  ] // prettier-ignore
}
export const zeekFooter = (closed: Micros): string => `#close\t${day(closed)}`
const day = (at: Micros): string => new Date(Math.floor(at / 1000)).toISOString().slice(0, 19).replace(/[T:]/g, '-')

/** Everything Zeek would log of a flow, each with the moment it would. */
export function zeekPieces(world: World, flow: Flow): Piece[] {
  const pieces: Piece[] = []
  const start = firstAt(flow)
  const end = lastAt(flow)
  const ends = [flow.uid, flow.client.ip, flow.client.port, flow.server.ip, flow.server.port] as const
  const add = (path: string, at: Micros, ts: Micros, values: readonly Value[]): void => {
    pieces.push({ at, file: `zeek/${path}.log`, data: [seconds(ts), ...values.map(printed)].join('\t') })
  }
  const connection = (path: string, at: Micros, ts: Micros, values: readonly Value[]): void =>
    add(path, at, ts, [...ends, ...values])
  const seen = (file: FileObject, at: Micros, took: number, source: string, sent: boolean): void => {
    const hashes = file.md5 === null ? [null, null, null] : [file.md5, file.sha1, file.sha256]
    add('files', at, at - took, [
      file.fuid, ...ends, source, 0, file.md5 === null ? [] : ['MD5', 'SHA1', 'SHA256'], file.mime, file.name, seconds(took), isInside((sent ? flow.client : flow.server).ip), sent, file.size,
      file.size, 0, 0, false, null, ...hashes,
    ]) // prettier-ignore
  }

  const opened = new Set<string>()
  for (const transaction of flow.transactions) {
    switch (transaction.kind) {
      case 'dns': {
        const { answers } = transaction
        connection('dns', transaction.answered, transaction.at, [
          'udp', transaction.id, seconds(transaction.answered - transaction.at), transaction.name, 1, 'C_INTERNET', DNS_TYPES[transaction.type]!, transaction.type, DNS_RCODES[transaction.rcode]!,
          transaction.rcode, false, false, true, true, 0, answers.length === 0 ? null : answers.map((answer) => answer.type === 'SRV' ? answer.data.split(' ').pop()! : answer.data),
          answers.length === 0 ? null : answers.map((answer) => `${answer.ttl}.000000`), false,
        ]) // prettier-ignore
        break
      }
      case 'http': {
        const { sent, received } = transaction
        const list = (file: FileObject | null, of: (file: FileObject) => string | null): string[] | null => {
          const value = file && of(file)
          return value ? [value] : null
        }
        connection('http', transaction.end, transaction.at, [
          transaction.depth, transaction.method, transaction.host, transaction.url, transaction.referrer, '1.1', transaction.userAgent, null, transaction.requestLength, transaction.length,
          transaction.status, transaction.reason, null, null, [], null, null, null, list(sent, (f) => f.fuid), list(sent, (f) => f.name), list(sent, (f) => f.mime), list(received, (f) => f.fuid),
          null, list(received, (f) => f.mime),
        ]) // prettier-ignore
        if (sent) seen(sent, transaction.requested, transaction.requested - transaction.at, 'HTTP', true)
        // Without a Content-Disposition a download has no name for Zeek.
        if (received) seen({ ...received, name: null }, transaction.end, transaction.end - transaction.answered, 'HTTP', false)
        break
      }
      case 'tls': {
        const { certificate } = transaction
        connection('ssl', transaction.established, transaction.at, [
          { 'TLS 1.3': 'TLSv13', 'TLS 1.2': 'TLSv12', TLSv1: 'TLSv10' }[transaction.version], transaction.cipher, transaction.curve, transaction.sni, false, null, transaction.alpn, true,
          transaction.version === 'TLS 1.3' ? 'CsiI' : 'CsxknGIi', certificate === null ? null : [certificate.sha256], certificate === null ? null : [],
          certificate === null || transaction.sni === null ? null : certificate.names.includes(transaction.sni), transaction.ja3.hash, transaction.ja3s.hash,
        ]) // prettier-ignore
        if (certificate) {
          const backwards = (parts: Certificate['subject']): string =>
            parts
              .toReversed()
              .map(([type, value]) => `${type}=${value}`)
              .join(',')
          add('x509', transaction.established, transaction.established, [
            certificate.sha256, 3, certificate.serial, backwards(certificate.subject), backwards(certificate.issuer), seconds(certificate.notBefore), seconds(certificate.notAfter), 'rsaEncryption',
            'sha256WithRSAEncryption', 'rsa', 2048, '65537', null, certificate.names, null, null, null, null, null, true, false,
          ]) // prettier-ignore
        }
        break
      }
      case 'smb': {
        const { user, share, file, rpc } = transaction
        if (user) {
          connection('ntlm', transaction.answered, transaction.at, [
            user.name, user.host, user.domain, transaction.server ?? null, null, world.domain, transaction.status === 'STATUS_SUCCESS',
          ]) // prettier-ignore
        }
        if (share !== undefined)
          connection('smb_mapping', transaction.answered, transaction.at, [
            share,
            null,
            transaction.shareType === 'FILE' ? 'NTFS' : null,
            transaction.shareType === 'FILE' ? 'DISK' : (transaction.shareType ?? null),
          ])
        if (rpc)
          connection('dce_rpc', transaction.answered, transaction.at, [
            seconds(transaction.answered - transaction.at),
            rpc.pipe,
            rpc.endpoint,
            rpc.operation,
          ])
        else if (file !== undefined && transaction.command === 'CREATE' && file !== 'svcctl') {
          const times = Array.from({ length: 4 }, () => seconds(transaction.at))
          connection('smb_files', transaction.answered, transaction.at, [
            null,
            'SMB::FILE_OPEN',
            transaction.tree ?? null,
            file,
            transaction.size ?? 0,
            null,
            ...times,
          ])
        } else if (file !== undefined && transaction.command === 'WRITE' && !opened.has(file)) {
          opened.add(file)
          connection('smb_files', transaction.answered, transaction.at, [
            transaction.object?.fuid ?? null,
            'SMB::FILE_WRITE',
            transaction.tree ?? null,
            file,
            transaction.object?.size ?? 0,
            null,
            null,
            null,
            null,
            null,
          ])
        }
        if (transaction.object)
          seen(
            transaction.object,
            transaction.answered,
            transaction.answered - transaction.at,
            'SMB',
            transaction.command === 'WRITE',
          )
        break
      }
      case 'krb5':
        connection('kerberos', transaction.answered, transaction.at, [
          transaction.request, `${transaction.client}/${transaction.realm}`, transaction.service, transaction.error === null, transaction.error, null, seconds(transaction.till),
          transaction.error === null ? transaction.cipher : null, true, true, null, null, null, null,
        ]) // prettier-ignore
        break
      case 'smtp':
        connection('smtp', transaction.end, transaction.at, [
          1, transaction.helo, transaction.from, transaction.to, transaction.subject === '' ? null : transaction.date, transaction.subject === '' ? null : `<${transaction.from}>`,
          transaction.subject === '' ? null : transaction.to.map((to) => `<${to}>`), null, null, transaction.subject === '' ? null : transaction.messageId, null, transaction.subject || null, null, null, null,
          transaction.reply, [flow.server.ip, flow.client.ip], transaction.userAgent, false, transaction.attachment ? [transaction.attachment.fuid] : [],
        ]) // prettier-ignore
        if (transaction.attachment) seen(transaction.attachment, transaction.end, transaction.end - transaction.at, 'SMTP', true)
        break
      case 'ssh':
        connection('ssh', end, transaction.at, [
          2, transaction.success, transaction.attempts, isInside(flow.client.ip) ? null : 'INBOUND', `SSH-2.0-${transaction.client}`, `SSH-2.0-${transaction.server}`, 'chacha20-poly1305@openssh.com',
          'umac-128-etm@openssh.com', 'none', 'curve25519-sha256', 'ssh-ed25519', null,
        ]) // prettier-ignore
        break
      case 'ntp':
        connection('ntp', transaction.at, transaction.at, [
          4, 4, transaction.stratum, '64.000000', '0.000001', '0.004395', '0.012695', transaction.reference, seconds(transaction.at - 64 * SECOND), seconds(start), seconds(transaction.at - 30),
          seconds(transaction.at), 0,
        ]) // prettier-ignore
        break
    }
  }

  const sum = count(flow)
  const answered = sum.packetsToClient > 0
  const tcp = flow.transport === 'tcp'
  const state = flow.transport === 'icmp' ? 'OTH' : flow.state
  const history = tcp ? tcpHistory(flow) : flow.transport === 'icmp' ? null : answered ? 'Dd' : 'D'
  const silent = flow.state === 'S0' && tcp
  const services: Readonly<Record<string, string>> = {
    tls: 'ssl',
    smb: flow.transactions.some((one) => one.kind === 'smb' && one.user) ? 'ntlm,gssapi,smb' : 'smb',
    krb5: 'krb_tcp',
  }
  const service = flow.app === null ? null : (services[flow.app] ?? flow.app)
  connection('conn', end + (tcp ? 5 * SECOND : 10 * SECOND), start, [
    flow.transport, service === null ? null : service.split(','), silent ? null : seconds(end - start), silent ? null : sum.payloadToServer, silent ? null : sum.payloadToClient, state,
    isInside(flow.client.ip), isInside(flow.server.ip), 0, history, sum.packetsToServer, sum.bytesToServer - sum.packetsToServer * ETHERNET, sum.packetsToClient,
    sum.bytesToClient - sum.packetsToClient * ETHERNET, null, { tcp: 6, udp: 17, icmp: 1 }[flow.transport], communityId(flow),
  ]) // prettier-ignore
  return pieces
}

/** One letter for each new thing that happened, capitals for the client: `ShADadFf`. */
function tcpHistory(flow: Flow): string {
  let history = ''
  for (const packet of flow.packets) {
    let letters = ''
    if (packet.flags & SYN) letters = packet.flags & ACK ? 'h' : 's'
    else if (packet.flags & RST) letters = 'r'
    else {
      if (packet.length > 0) letters += 'd'
      else if (!(packet.flags & FIN)) letters += 'a'
      if (packet.flags & FIN) letters += 'f'
    }
    for (const letter of letters) {
      const written = packet.fromClient ? letter.toUpperCase() : letter
      if (!history.includes(written)) history += written
    }
  }
  return history
}
