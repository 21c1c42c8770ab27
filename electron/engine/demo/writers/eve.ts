/** EVE JSON as Suricata 7 writes it (https://docs.suricata.io/en/latest/output/eve/eve-json-format.html). */
import { isoFromMicros, type Micros } from '../../../../shared/model/time.ts'
import { communityId } from '../community-id.ts'
import { count, firstAt, lastAt, type Flow, type SignatureHit } from '../flow.ts'
import { MINUTE, SECOND } from '../rhythm.ts'
import type {
  Certificate,
  DnsTransaction,
  FileObject,
  HttpTransaction,
  KerberosTransaction,
  SmbTransaction,
  Transaction,
} from '../transactions.ts'
import { type World } from '../world.ts'
import type { Piece } from './piece.ts'

type Fields = Record<string, unknown>
const stamp = (at: Micros): string =>
  isoFromMicros(at).replace(/(\.\d+)?Z$/, (_, fraction: string | undefined) => `${(fraction ?? '.').padEnd(7, '0')}+0000`)

/** Everything Suricata would log of a flow, each with the moment it would. */
export function evePieces(world: World, flow: Flow): Piece[] {
  const pieces: Piece[] = []
  const dmz = [flow.client.ip, flow.server.ip].some((ip) => world.byIp.get(ip)?.zone === 'dmz')
  const community = communityId(flow)
  const add = (at: Micros, type: string, fields: Fields, back = false): void => {
    const [from, to] = back ? [flow.server, flow.client] : [flow.client, flow.server]
    const ends =
      flow.transport === 'icmp'
        ? { src_ip: from.ip, dest_ip: to.ip, proto: 'ICMP', icmp_type: back ? to.port : from.port, icmp_code: 0 }
        : { src_ip: from.ip, src_port: from.port, dest_ip: to.ip, dest_port: to.port, proto: flow.transport.toUpperCase() }
    const record = {
      timestamp: stamp(at),
      flow_id: flow.id,
      in_iface: dmz ? 'dmz0' : 'core0',
      event_type: type,
      ...ends,
      pkt_src: 'wire/pcap',
      community_id: community,
      ...fields,
    }
    pieces.push({ at, file: 'eve.json', data: JSON.stringify(record) })
  }

  for (const hit of flow.hits) add(hit.at, 'alert', alert(flow, hit), !hit.toServer)
  flow.transactions.forEach((transaction, i) => {
    switch (transaction.kind) {
      case 'dns':
        add(transaction.at, 'dns', {
          tx_id: 0,
          dns: { type: 'query', id: transaction.id, rrname: transaction.name, rrtype: transaction.type, tx_id: 0, opcode: 0 },
        })
        add(transaction.answered, 'dns', { dns: dnsAnswer(transaction) })
        break
      case 'http':
        if (transaction.sent)
          add(transaction.requested, 'fileinfo', {
            http: http(transaction),
            app_proto: 'http',
            fileinfo: fileinfo(transaction.sent, i),
          })
        add(transaction.end, 'http', { tx_id: i, http: http(transaction) })
        if (transaction.received)
          add(
            transaction.end,
            'fileinfo',
            { http: http(transaction), app_proto: 'http', fileinfo: fileinfo(transaction.received, i) },
            true,
          )
        break
      case 'tls':
        add(transaction.established, 'tls', { tls: tls(transaction) })
        break
      case 'smb':
        add(transaction.answered, 'smb', { smb: smb(transaction) })
        if (transaction.object) {
          add(
            transaction.answered,
            'fileinfo',
            { smb: smb(transaction), app_proto: 'smb', fileinfo: fileinfo(transaction.object, i) },
            transaction.command === 'READ',
          )
        }
        break
      case 'krb5':
        add(transaction.answered, 'krb5', { krb5: kerberos(transaction) })
        break
      case 'smtp':
        add(transaction.end, 'smtp', {
          tx_id: 0,
          smtp: { helo: transaction.helo, mail_from: `<${transaction.from}>`, rcpt_to: transaction.to.map((to) => `<${to}>`) },
          ...(transaction.subject === ''
            ? {}
            : {
                email: {
                  status: 'PARSE_DONE',
                  from: transaction.from,
                  to: transaction.to,
                  subject: transaction.subject,
                  ...(transaction.attachment ? { attachment: [transaction.attachment.name] } : {}),
                },
              }),
        })
        if (transaction.attachment)
          add(transaction.end, 'fileinfo', { app_proto: 'smtp', fileinfo: fileinfo(transaction.attachment, i) })
        break
      case 'ssh':
        add(transaction.at, 'ssh', {
          ssh: {
            client: { proto_version: '2.0', software_version: transaction.client },
            server: { proto_version: '2.0', software_version: transaction.server },
          },
        })
        break
      case 'ntp':
        break
    }
  })

  const sum = count(flow)
  const start = firstAt(flow)
  const end = lastAt(flow)
  const tcp = flow.transport === 'tcp'
  const state = tcp ? (flow.state === 'S0' ? 'new' : 'closed') : sum.packetsToClient > 0 ? 'established' : 'new'
  add(end + (tcp ? (flow.state === 'S0' ? MINUTE : 10 * SECOND) : 30 * SECOND), 'flow', {
    ...(flow.app !== null ? { app_proto: flow.app } : tcp && sum.payloadToServer > 0 ? { app_proto: 'failed' } : {}),
    flow: {
      pkts_toserver: sum.packetsToServer,
      pkts_toclient: sum.packetsToClient,
      bytes_toserver: sum.bytesToServer,
      bytes_toclient: sum.bytesToClient,
      start: stamp(start),
      end: stamp(end),
      age: Math.floor((end - start) / SECOND),
      state,
      reason: 'timeout',
      alerted: flow.hits.length > 0,
    },
    ...(tcp ? { tcp: flags(flow) } : {}),
  })
  return pieces
}

function alert(flow: Flow, hit: SignatureHit): Fields {
  const { signature, transaction } = hit
  const sum = count(flow, hit.at)
  return {
    ...(transaction?.kind === 'http' ? { tx_id: transaction.depth - 1 } : {}),
    alert: {
      action: signature.action,
      gid: 1,
      signature_id: signature.sid,
      rev: signature.rev,
      signature: signature.name,
      category: signature.category,
      severity: signature.priority,
      metadata: {
        created_at: ['2026_01_05'],
        mitre_tactic_id: [signature.tactic],
        mitre_technique_id: [signature.technique],
        signature_severity: [
          signature.critical
            ? 'Critical'
            : signature.priority === 1
              ? 'Major'
              : signature.priority === 2
                ? 'Minor'
                : 'Informational',
        ],
        updated_at: ['2026_01_05'],
      },
    },
    ...application(transaction, hit),
    ...(flow.app === null ? {} : { app_proto: flow.app }),
    direction: hit.toServer ? 'to_server' : 'to_client',
    flow: {
      pkts_toserver: sum.packetsToServer,
      pkts_toclient: sum.packetsToClient,
      bytes_toserver: sum.bytesToServer,
      bytes_toclient: sum.bytesToClient,
      start: stamp(firstAt(flow)),
      src_ip: flow.client.ip,
      dest_ip: flow.server.ip,
      ...(flow.transport === 'icmp' ? {} : { src_port: flow.client.port, dest_port: flow.server.port }),
    },
  }
}

function application(transaction: Transaction | null, hit: SignatureHit): Fields {
  switch (transaction?.kind) {
    case 'http': {
      // In the request nothing is known of the answer yet.
      const { status, length, http_content_type, ...asked } = http(transaction)
      const bodies = {
        ...(transaction.sentPrintable === null ? {} : { http_request_body_printable: transaction.sentPrintable }),
        ...(transaction.printable === null || hit.toServer ? {} : { http_response_body_printable: transaction.printable }),
      }
      return {
        http: hit.toServer ? { ...asked, length: 0, ...bodies } : { ...asked, http_content_type, status, length, ...bodies },
      }
    }
    case 'dns':
      return {
        dns: {
          query: [{ type: 'query', id: transaction.id, rrname: transaction.name, rrtype: transaction.type, tx_id: 0, opcode: 0 }],
        },
      }
    case 'tls':
      return {
        tls: {
          ...(transaction.sni === null ? {} : { sni: transaction.sni }),
          version: transaction.version,
          ja3: transaction.ja3,
          ja4: transaction.ja4,
        },
      }
    case 'smb':
      return { smb: smb(transaction) }
    default:
      return {}
  }
}

function http(transaction: HttpTransaction): Fields {
  return {
    hostname: transaction.host,
    ...(transaction.port === 80 ? {} : { http_port: transaction.port }),
    url: transaction.url,
    http_user_agent: transaction.userAgent,
    ...(transaction.contentType === null ? {} : { http_content_type: transaction.contentType }),
    ...(transaction.referrer === null ? {} : { http_refer: transaction.referrer }),
    http_method: transaction.method,
    protocol: 'HTTP/1.1',
    status: transaction.status,
    length: transaction.length,
    ...(transaction.printable === null ? {} : { http_response_body_printable: transaction.printable }),
  }
}

const fileinfo = (file: FileObject, transaction: number): Fields => ({
  filename: file.name ?? '',
  magic: file.mime,
  mimetype: file.mime,
  gaps: false,
  state: 'CLOSED',
  ...(file.md5 === null ? {} : { md5: file.md5, sha1: file.sha1, sha256: file.sha256 }),
  stored: false,
  size: file.size,
  tx_id: transaction,
})

function dnsAnswer(transaction: DnsTransaction): Fields {
  const grouped: Record<string, string[]> = {}
  for (const answer of transaction.answers) (grouped[answer.type] ??= []).push(answer.data)
  return {
    version: 2,
    type: 'answer',
    id: transaction.id,
    flags: transaction.rcode === 'NXDOMAIN' ? '8183' : '8180',
    qr: true,
    rd: true,
    ra: true,
    opcode: 0,
    rrname: transaction.name,
    rrtype: transaction.type,
    rcode: transaction.rcode,
    ...(transaction.answers.length === 0
      ? {}
      : {
          answers: transaction.answers.map((answer) => ({
            rrname: answer.name,
            rrtype: answer.type,
            ttl: answer.ttl,
            rdata: answer.data,
          })),
          grouped,
        }),
  }
}

const coloned = (hex: string): string => hex.replace(/..(?=.)/g, '$&:')
const name = (parts: Certificate['subject']): string => parts.map(([type, value]) => `${type}=${value}`).join(', ')

function tls(transaction: Transaction & { kind: 'tls' }): Fields {
  const { certificate } = transaction
  return {
    ...(certificate === null
      ? {}
      : {
          subject: name(certificate.subject),
          issuerdn: name(certificate.issuer),
          serial: coloned(certificate.serial),
          fingerprint: coloned(certificate.sha1),
        }),
    ...(transaction.sni === null ? {} : { sni: transaction.sni }),
    version: transaction.version,
    ...(certificate === null
      ? {}
      : {
          notbefore: isoFromMicros(certificate.notBefore).slice(0, 19),
          notafter: isoFromMicros(certificate.notAfter).slice(0, 19),
        }),
    ja3: transaction.ja3,
    ja3s: transaction.ja3s,
    ja4: transaction.ja4,
  }
}

function smb(transaction: SmbTransaction): Fields {
  return {
    id: transaction.id,
    dialect: '3.02',
    command: `SMB2_COMMAND_${transaction.command}`,
    status: transaction.status,
    status_code: `0x${transaction.statusCode.toString(16)}`,
    session_id: transaction.sessionId,
    tree_id: transaction.treeId,
    ...(transaction.user
      ? { ntlmssp: { domain: transaction.user.domain, user: transaction.user.name, host: transaction.user.host } }
      : {}),
    ...(transaction.share === undefined ? {} : { share: transaction.share, share_type: transaction.shareType }),
    ...(transaction.file === undefined ? {} : { filename: transaction.file }),
    ...(transaction.disposition === undefined
      ? {}
      : { disposition: transaction.disposition, access: transaction.access, size: transaction.size }),
    ...(transaction.rpc
      ? {
          dcerpc: {
            request: 'REQUEST',
            response: 'RESPONSE',
            opnum: transaction.rpc.opnum,
            interface: { uuid: transaction.rpc.uuid, version: transaction.rpc.version },
            call_id: transaction.id,
          },
        }
      : {}),
  }
}

const kerberos = (transaction: KerberosTransaction): Fields => ({
  msg_type: transaction.error !== null ? 'KRB_ERROR' : transaction.request === 'AS' ? 'KRB_AS_REP' : 'KRB_TGS_REP',
  ...(transaction.error !== null
    ? { failed_request: transaction.request === 'AS' ? 'KRB_AS_REQ' : 'KRB_TGS_REQ', error_code: transaction.error }
    : {}),
  cname: transaction.client,
  realm: transaction.realm,
  sname: transaction.service,
  encryption: transaction.cipher,
  weak_encryption: transaction.cipher === 'rc4-hmac',
})

function flags(flow: Flow): Fields {
  let toServer = 0
  let toClient = 0
  for (const packet of flow.packets) {
    if (packet.fromClient) toServer |= packet.flags
    else toClient |= packet.flags
  }
  const all = toServer | toClient
  const hex = (value: number): string => value.toString(16).padStart(2, '0')
  const names = [['fin', 1], ['syn', 2], ['rst', 4], ['psh', 8], ['ack', 16]] as const // prettier-ignore
  return {
    tcp_flags: hex(all),
    tcp_flags_ts: hex(toServer),
    tcp_flags_tc: hex(toClient),
    ...Object.fromEntries(names.filter(([, bit]) => (all & bit) !== 0).map(([flag]) => [flag, true])),
    state: flow.state === 'S0' ? 'syn_sent' : 'closed',
  }
}
