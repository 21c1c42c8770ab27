/**
 * Flows as sensors and hosts tell of them: EVE flow records and what they log of applications, Zeek's conn and its other logs, events of
 * captures, Sysmon 3. One flow that several tell of is one.
 */
import type { CaseEnd, CaseEvent, ImpactCase } from '../case.ts'
import { onceEach } from './once-each.ts'
import { eventsOf, numberOf, plainAddress, textOf } from './values.ts'

export interface FlowEnd {
  readonly ip: string
  readonly port: number | null
}
export interface FlowSeen {
  readonly client: FlowEnd
  readonly server: FlowEnd
  /** Lower case; '' where not known. */
  readonly transport: string
  readonly app: string
  /** Microseconds. */
  readonly begin: number
  readonly end: number
  /** TCP: the handshake was completed; else: the server sent something. Null where the records do not tell. */
  readonly answered: boolean | null
  /** Bytes by the client and by the server, without headers where a record counts so. Null where not known. */
  readonly sent: number | null
  readonly received: number | null
  readonly packetsSent: number | null
  readonly packetsReceived: number | null
  /** How TCP ended: in order, by a reset, or neither (seen). */
  readonly ended: 'closed' | 'reset' | null
  /** Ids of the events. */
  readonly events: readonly string[]
}

const DAY = 86_400_000_000
/** Further apart, records of the same addresses and ports are of two flows. */
const SAME = 300_000_000

/** Applications' records have the client as their source. */
const APPLICATIONS = new Set([
  'http', 'tls', 'ssl', 'ssh', 'smb', 'smb_mapping', 'smb_files', 'smtp', 'ftp', 'rdp', 'ntlm', 'kerberos', 'krb5', 'dce_rpc', 'quic', 'socks',
]) // prettier-ignore
const isZeek = (format: string): boolean => format.startsWith('zeek') || format === 'capture'

/** RFC 9293 as Zeek puts it: the states in which both sides have sent SYN. */
const ESTABLISHED = new Set(['SF', 'S1', 'S2', 'S3', 'RSTO', 'RSTR'])

/** Text of a time with a zone (`+0000` and `Z`) in microseconds. */
function micros(text: string): number | null {
  const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d):?(\d\d)?$/.exec(text)
  if (match === null) return null
  const zone = match[3] === 'Z' ? 'Z' : `${match[3]}:${match[4] ?? '00'}`
  const seconds = Date.parse(`${match[1]}${zone}`)
  return Number.isNaN(seconds) ? null : seconds * 1000 + Number((match[2] ?? '').padEnd(6, '0').slice(0, 6))
}

const endsOf = ({ fields }: CaseEvent): readonly [FlowEnd, FlowEnd] => [
  { ip: plainAddress(textOf(fields, 'src.ip')), port: numberOf(fields, 'src.port') },
  { ip: plainAddress(textOf(fields, 'dst.ip')), port: numberOf(fields, 'dst.port') },
]

function eveFlow(event: CaseEvent): FlowSeen {
  const { fields } = event
  const [client, server] = endsOf(event)
  const transport = textOf(fields, 'net.transport')
  const packetsSent = numberOf(fields, 'src.packets')
  const packetsReceived = numberOf(fields, 'dst.packets')
  const sent = numberOf(fields, 'src.bytes')
  const received = numberOf(fields, 'dst.bytes')
  const age = (numberOf(fields, 'flow.duration') ?? 0) * 1e6
  const stated = micros(textOf(fields, 'flow.start'))
  const begin = stated !== null && stated <= event.time && event.time - stated < DAY ? stated : event.time - age
  const flags = Number.parseInt(textOf(fields, 'tcp.tcp_flags_tc') || 'x', 16)
  const state = textOf(fields, 'flow.state')
  const answered =
    transport !== 'tcp'
      ? packetsReceived === null ? null : packetsReceived > 0
      : !Number.isNaN(flags)
        ? (flags & 0x12) === 0x12 && (packetsSent ?? 0) > 1
        : packetsReceived === 0 || state === 'new'
          ? false
          : // A refused one has a reset for each SYN and nothing else: headers only.
            packetsReceived !== null && received !== null && packetsReceived > 1 && received > packetsReceived * 66
            ? true
            : null // prettier-ignore
  const all = Number.parseInt(textOf(fields, 'tcp.tcp_flags') || 'x', 16)
  return {
    client, server, transport, app: textOf(fields, 'net.app'), begin, end: begin + age, answered, sent, received, packetsSent, packetsReceived,
    ended: Number.isNaN(all) ? null : (all & 4) !== 0 ? 'reset' : (all & 1) !== 0 ? 'closed' : null,
    events: [event.id],
  } // prettier-ignore
}

function zeekConn(event: CaseEvent): FlowSeen {
  const { fields } = event
  const [client, server] = endsOf(event)
  const transport = textOf(fields, 'net.transport')
  const state = textOf(fields, 'flow.state')
  const received = numberOf(fields, 'dst.bytes')
  const packetsReceived = numberOf(fields, 'dst.packets')
  return {
    client, server, transport, app: textOf(fields, 'net.app'),
    begin: event.time,
    end: event.time + (numberOf(fields, 'flow.duration') ?? 0) * 1e6,
    answered: transport === 'tcp'
      ? state === '' ? null : ESTABLISHED.has(state) || (state === 'OTH' && (received ?? 0) > 0)
      : packetsReceived === null && received === null ? null : (packetsReceived ?? 0) > 0 || (received ?? 0) > 0,
    sent: numberOf(fields, 'src.bytes'),
    received,
    packetsSent: numberOf(fields, 'src.packets'),
    packetsReceived,
    ended: state === 'SF' ? 'closed' : state.startsWith('RST') ? 'reset' : null,
    events: [event.id],
  } // prettier-ignore
}

/** A flow of which something else than its own record tells. */
function told(event: CaseEvent, answered: boolean | null): FlowSeen {
  const [client, server] = endsOf(event)
  const { fields } = event
  return {
    client, server,
    transport: textOf(fields, 'net.transport') || 'tcp',
    app: textOf(fields, 'net.app') || (APPLICATIONS.has(event.type) ? event.type : ''),
    begin: event.time, end: event.time, answered, sent: null, received: null, packetsSent: null, packetsReceived: null, ended: null, events: [event.id],
  } // prettier-ignore
}

const flowOf = onceEach(readFlow)

function readFlow(event: CaseEvent): FlowSeen | null {
  const { type, format, fields } = event
  if (textOf(fields, 'src.ip') === '' || textOf(fields, 'dst.ip') === '') return null
  if (format === 'eve' && type === 'flow') return eveFlow(event)
  if (isZeek(format) && type === 'conn') return zeekConn(event)
  if (format === 'eve' || isZeek(format)) {
    if (!APPLICATIONS.has(type)) return null
    if (type === 'http') return told(event, numberOf(fields, 'http.status') !== null ? true : null)
    if (type === 'tls') return told(event, textOf(fields, 'tls.subject') !== '' || textOf(fields, 'ja3s.hash') !== '' || null)
    return told(event, fields['established'] === true || null)
  }
  if (type === '3' && textOf(fields, 'win.channel').includes('Sysmon') && /^true$/i.test(textOf(fields, 'Initiated')))
    return told(event, null)
  return null
}

const least = (a: number | null, b: number | null): number | null => (a === null ? b : b === null ? a : Math.min(a, b))
const most = (a: number | null, b: number | null): number | null => (a === null ? b : b === null ? a : Math.max(a, b))

function joined(a: FlowSeen, b: FlowSeen): FlowSeen {
  return {
    client: a.client, server: a.server,
    transport: a.transport || b.transport,
    app: a.app || b.app,
    begin: Math.min(a.begin, b.begin),
    end: Math.max(a.end, b.end),
    answered: a.answered === true || b.answered === true ? true : (a.answered ?? b.answered),
    // Zeek counts without headers, Suricata with them: what was carried is no less than the smaller.
    sent: least(a.sent, b.sent),
    received: least(a.received, b.received),
    packetsSent: most(a.packetsSent, b.packetsSent),
    packetsReceived: most(a.packetsReceived, b.packetsReceived),
    ended: a.ended === 'reset' || b.ended === 'reset' ? 'reset' : (a.ended ?? b.ended),
    events: [...a.events, ...b.events],
  } // prettier-ignore
}

/** In order of their beginning. Of each event once. */
export const flowsOf = onceEach(joinFlows)

function joinFlows(events: readonly CaseEvent[]): readonly FlowSeen[] {
  const open = new Map<string, FlowSeen[]>()
  for (const event of events) {
    const flow = flowOf(event)
    if (flow === null) continue
    const key = flow.client.port === null ? event.id : transportKeyOf(flow)
    const known = open.get(key) ?? []
    const at = known.findIndex(({ begin, end }) => flow.begin <= end + SAME && begin <= flow.end + SAME)
    if (at < 0) known.push(flow)
    else known[at] = joined(known[at]!, flow)
    open.set(key, known)
  }
  return [...open.values()].flat().sort((a, b) => a.begin - b.begin)
}

/** Of the alert's own events, those of its flows, and what came after. */
const flowsOfCase = (of: Pick<ImpactCase, 'own' | 'flow' | 'after'>): readonly FlowSeen[] =>
  flowsOf(eventsOf(of.own, of.flow, of.after))

/** Client and server of the flow that an event belongs to: an alert may stand the other way round. */
export const sidesOf = onceEach((event: CaseEvent): { readonly client: FlowEnd; readonly server: FlowEnd } => {
  const [from, to] = endsOf(event)
  const { fields } = event
  const stated = plainAddress(textOf(fields, 'flow.src_ip'))
  const turned = stated !== '' ? stated === to.ip && stated !== from.ip : textOf(fields, 'net.direction') === 'to_client'
  return turned ? { client: to, server: from } : { client: from, server: to }
})

/** The target opened the flows that the alert was raised on: it called, it was not called. */
export function targetCalled({ own, target, exchanges }: ImpactCase): boolean {
  if (target.ip === null) return false
  if (own.length === 0) return exchanges.some(({ client, own: isOwn }) => isOwn && client === target.ip)
  return own.some((event) => sidesOf(event).client.ip === target.ip && sidesOf(event).server.ip !== '')
}

const isGroup = (ip: string): boolean => /^(?:22[4-9]|23\d|255)\.|^ff/i.test(ip) || ip === '0.0.0.0' || ip.endsWith('.255')
const isItself = (ip: string): boolean => ip.startsWith('127.') || ip === '::1'

/** Every flow of the case that has begun since the alert did. */
function since(of: ImpactCase): FlowSeen[] {
  return flowsOfCase(of).filter(({ begin }) => begin >= of.alert.first)
}

/** Flows of the target that began after the alert did and were opened by it, to somebody else. Those of the alert itself are left out. */
export function callsOut(of: ImpactCase): FlowSeen[] {
  const { target, own } = of
  if (target.ip === null) return []
  const itself = new Set(own.map((event) => keyOf(sidesOf(event))))
  return since(of).filter(
    (flow) =>
      flow.client.ip === target.ip &&
      flow.server.ip !== target.ip &&
      !isGroup(flow.server.ip) &&
      !isItself(flow.server.ip) &&
      !itself.has(keyOf(flow)),
  )
}

/** Flows to the target that began after the alert did. */
export function callsIn(of: ImpactCase): FlowSeen[] {
  return of.target.ip === null ? [] : since(of).filter(({ server }) => server.ip === of.target.ip)
}

const keyOf = onceEach(
  ({ client, server }: { readonly client: FlowEnd; readonly server: FlowEnd }): string =>
    `${client.ip} ${client.port} ${server.ip} ${server.port}`,
)

const transportKeyOf = onceEach((flow: FlowSeen): string => `${flow.transport} ${keyOf(flow)}`)

/** Those between the two ends of the alert that the alert was raised on, or of the same flows. */
export function ownFlows(of: ImpactCase): FlowSeen[] {
  const keys = new Set(of.own.map((event) => keyOf(sidesOf(event))))
  return flowsOfCase(of).filter((flow) => keys.has(keyOf(flow)))
}

/** `end` may be known by name only. */
export const isEnd = (ip: string, end: CaseEnd): boolean => end.ip !== null && ip === end.ip

/** What any host does by itself: DNS, DHCP, NTP, NetBIOS, SNMP traps, syslog, mDNS, LLMNR, SSDP. */
const HOUSEKEEPING = new Set([53, 67, 68, 123, 137, 138, 161, 162, 323, 514, 546, 547, 1900, 5353, 5355, 6514])
export const isHousekeeping = ({ server, transport }: FlowSeen): boolean =>
  transport === 'icmp' || transport === 'ipv6-icmp' || (server.port !== null && HOUSEKEEPING.has(server.port))

/** `203.0.113.9:443`. */
export const endText = ({ ip, port }: FlowEnd): string => (port === null ? ip : `${ip.includes(':') ? `[${ip}]` : ip}:${port}`)
