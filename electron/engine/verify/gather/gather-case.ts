/** From an alert to what the tests read of it: a few bounded questions to the store, and the bytes of its flows. */
import type { Alert } from '../../../../shared/model/alert.ts'
import { ok, type Result } from '../../../../shared/model/result.ts'
import { isoFromMicros, microsFromIso } from '../../../../shared/model/time.ts'
import { quote } from '../../../../shared/query/escape.ts'
import { isInternal } from '../../detection/asset.ts'
import type { LocateAsked } from '../../packets/bench/locate-flow.ts'
import type { AlertStanding, OthersAsked } from '../../store/queries/impact.ts'
import type { InputOf, OutputOf } from '../../store/types.ts'
import { attackClassOf } from '../attack-class.ts'
import type { CaseAsset, CaseEnd, CaseEvent, Conversation, Exchange, ImpactCase, OtherTarget, UsualAnswer } from '../case.ts'
import { exchangesOf } from '../reading/http-stream.ts'
import { onceEach } from '../reading/once-each.ts'
import type { CaseAnswers } from './case-answers.ts'
import { caseEvent } from './case-event.ts'
import { HOUR } from './hours.ts'
import { onTheWay, type NamingRecords } from './naming-records.ts'
import { alertPayload, joinExchanges, sensorExchange } from './sensor-exchanges.ts'
import { askedOf, type FoundStream } from './streams.ts'
import { firstOfEach, together } from './target-events.ts'

export interface CaseSources {
  readonly store: {
    alert(id: string, signal: AbortSignal): Promise<Result<AlertStanding>>
    alertEvents(input: InputOf<'alerts.events'>, signal: AbortSignal): Promise<Result<OutputOf<'alerts.events'>>>
    events(input: InputOf<'events.search'>, signal: AbortSignal): Promise<Result<OutputOf<'events.search'>>>
    others(asked: OthersAsked, signal: AbortSignal): Promise<Result<readonly OtherTarget[]>>
    /** The file that an event came from. */
    origin(event: string, signal: AbortSignal): Promise<Result<string>>
  }
  readonly answers: CaseAnswers
  /** What a flow carried; null where no capture that is at hand has it. `origin`: the capture that the event came from. */
  conversation(asked: { readonly asked: LocateAsked; readonly origin: string | null }): Promise<FoundStream | null>
  /** What the inventory says of a host; null where it says nothing. `time` in microseconds. */
  asset(asked: { readonly end: CaseEnd; readonly cves: readonly string[]; readonly time: number }): Promise<CaseAsset | null>
  isOurs(ip: string): boolean
}

const MOST_OWN = 300
const MOST_FLOWS = 16
const MOST_FLOW_EVENTS = 300
const MOST_STREAMS = 8
const MOST_BEFORE = 200
const MOST_BETWEEN = 400

export const isoOf = (micros: number): string => isoFromMicros(micros)

const text = (value: unknown): string => (typeof value === 'string' ? value : '')
const number = (value: unknown): number | null => (typeof value === 'number' ? value : null)

/** Errors: `not_found` where the alert is gone, `cancelled`. */
export async function gatherCase(id: string, sources: CaseSources, signal: AbortSignal): Promise<Result<ImpactCase>> {
  const { store, answers } = sources
  const got = await store.alert(id, signal)
  if (!got.ok) return got
  const { alert, description } = got.value
  const events = await store.alertEvents({ id, limit: MOST_OWN, after: null }, signal)
  if (!events.ok) return events
  const own = events.value.events.map(caseEvent).sort(byTime)
  const first = microsFromIso(alert.first) ?? 0
  const last = microsFromIso(alert.last) ?? first
  const ends = endsOf(alert, own)
  const { attacker } = ends

  const search = async (
    where: string,
    from: number,
    to: number,
    limit: number,
    order: 'oldest' | 'newest' = 'oldest',
  ): Promise<CaseEvent[]> => {
    if (where === '') return []
    const found = await store.events(
      { where, window: { from: isoOf(from), to: isoOf(to) }, order, fields: [], limit, after: null },
      signal,
    )
    return found.ok ? found.value.events.map(caseEvent) : []
  }

  const tuples = flowsOf(own)
  const target =
    ends.target.name === null
      ? { ...ends.target, name: await nameOf(ends.target, tuples, answers.naming, search, first, last, signal) }
      : ends.target
  const ownIds = new Set(own.map((event) => event.id))
  const targetIs = whereHost(target)
  const between = attacker.ip !== null && target.ip !== null ? `ip:${quote(attacker.ip)} and (${targetIs})` : ''
  const around = await answers.targets.of(targetIs, between, { from: first - HOUR, at: first, to: last + HOUR }, signal)
  const ofPair = tuples.every(
    ({ source, destination }) =>
      (source === target.ip || destination === target.ip) &&
      (around.whole || source === attacker.ip || destination === attacker.ip),
  )
  const flow = (
    around.cut || target.ip === null || !ofPair
      ? await search(whereFlows(tuples), first - HOUR, last + HOUR, MOST_FLOW_EVENTS)
      : ofFlows(around.events, tuples).slice(0, MOST_FLOW_EVENTS)
  ).filter((event) => !ownIds.has(event.id))
  const found = await streamsOf(own, sources, await originOf(store, [...own, ...flow], signal))
  const fromPackets = found.flatMap(({ conversation, first: began }) =>
    exchangesOf(conversation.sent, conversation.answered, {
      client: conversation.client.ip ?? '',
      server: conversation.server.ip ?? '',
      time: began,
    }),
  )
  const fromSensors = [...own, ...flow].flatMap((event) => sensorExchange(event, ownIds.has(event.id)) ?? [])
  const exchanges = joinExchanges(fromPackets, fromSensors)
  const conversations = [...found.map(({ conversation }) => conversation), ...payloadsOf(own, found.length)]

  const begin = firstSince(around.events, first)
  // What the attacker did must be there, however much others did meanwhile.
  const before = around.cut
    ? (await search(between, first - HOUR, first, MOST_BEFORE, 'newest')).reverse()
    : lastOf(around.events.slice(0, begin), attacker.ip, MOST_BEFORE)
  const later = around.events.slice(begin)
  const after = together(
    firstOfEach(later),
    around.cut
      ? await search(between, first, last + HOUR, MOST_BETWEEN)
      : later.filter((event) => isOf(event, attacker.ip)).slice(0, MOST_BETWEEN),
  )
  const known = await knownOf(answers, target, after, first, signal)
  const cves = cvesOf(got.value)
  return ok({
    alert: {
      id,
      kind: alert.kind,
      detection: alert.detection,
      title: alert.title,
      category: alert.category ?? '',
      attack: alert.attack,
      description,
      cves,
      first,
      last,
      count: alert.count,
      user: alert.user,
    },
    attackClass: attackClassOf(
      [alert.title, alert.category ?? '', description],
      alert.attack,
      exchanges.filter((one) => one.own).flatMap(requestTexts),
    ),
    target,
    attacker,
    own,
    flow,
    exchanges,
    conversations,
    before,
    after,
    ...known,
    usual: await usualOf(answers, target, exchanges, first, signal),
    otherTargets: await othersOf(store, alert, attacker, signal),
    asset: await sources.asset({ end: target, cves, time: first }),
    isOurs: (ip) => isInternal(ip) || sources.isOurs(ip),
    complete: events.value.after === null,
  })
}

/** Where the events of this time and later begin; they are the oldest first. */
function firstSince(events: readonly CaseEvent[], time: number): number {
  let from = 0
  let to = events.length
  while (from < to) {
    const middle = (from + to) >>> 1
    if (events[middle]!.time < time) from = middle + 1
    else to = middle
  }
  return from
}

const addressesOf = onceEach(({ fields }: CaseEvent) => ({
  source: fields['src.ip'],
  destination: fields['dst.ip'],
  port: fields['dst.port'],
  host: fields['host.ip'],
}))
/** The address is one of the event's. */
function isOf(event: CaseEvent, ip: string | null): boolean {
  if (ip === null) return false
  const { source, destination, host } = addressesOf(event)
  return source === ip || destination === ip || host === ip
}

/** The last ones that the address has to do with, the oldest first. */
function lastOf(events: readonly CaseEvent[], ip: string | null, most: number): CaseEvent[] {
  const found: CaseEvent[] = []
  for (let i = events.length - 1; i >= 0 && found.length < most; i--) if (isOf(events[i]!, ip)) found.push(events[i]!)
  return found.reverse()
}

const wayOf = onceEach(
  ({ fields }: CaseEvent): string =>
    `${text(fields['src.ip'])} ${number(fields['src.port'])} ${text(fields['dst.ip'])} ${number(fields['dst.port'])}`,
)

/** Those of these flows, whichever way the record has them. */
function ofFlows(events: readonly CaseEvent[], tuples: readonly Tuple[]): CaseEvent[] {
  const ways = new Set(
    tuples.flatMap(({ source, sourcePort, destination, destinationPort }) => [
      `${source} ${sourcePort} ${destination} ${destinationPort}`,
      `${destination} ${destinationPort} ${source} ${sourcePort}`,
    ]),
  )
  return events.filter((event) => ways.has(wayOf(event)))
}

const byTime = (a: CaseEvent, b: CaseEvent): number => a.time - b.time

const requestTexts = ({ url, requestBody, userAgent }: Exchange): string[] => [
  url,
  requestBody?.text.slice(0, 4096) ?? '',
  userAgent,
]

/** Which end is attacked. For a host's own records the asset is that host, whose address they may not name. */
function endsOf(alert: Alert, own: readonly CaseEvent[]): { readonly target: CaseEnd; readonly attacker: CaseEnd } {
  const { source, destination, asset } = alert
  const is = (end: CaseEnd): boolean => asset !== '' && (end.name === asset || end.ip === asset)
  const attacked = is(source) && !is(destination) ? source : destination
  const other = attacked === source ? destination : source
  const ip = attacked.ip ?? own.map(({ fields }) => text(fields['host.ip'])).find((one) => one !== '') ?? null
  const name = attacked.name ?? (asset !== '' && asset !== attacked.ip ? asset : null)
  return { target: { ip, port: attacked.port, name }, attacker: other }
}

interface Tuple {
  readonly source: string
  readonly sourcePort: number
  readonly destination: string
  readonly destinationPort: number
  readonly communityId: string
}

/** Flows of the first and the last events: those in between are like them. */
function flowsOf(own: readonly CaseEvent[]): Tuple[] {
  const tuples = new Map<string, Tuple>()
  for (const { fields } of own) {
    const [source, destination] = [text(fields['src.ip']), text(fields['dst.ip'])]
    const [sourcePort, destinationPort] = [number(fields['src.port']), number(fields['dst.port'])]
    if (source === '' || destination === '' || sourcePort === null || destinationPort === null) continue
    const key = [`${source} ${sourcePort}`, `${destination} ${destinationPort}`].sort().join(' ')
    tuples.set(key, { source, sourcePort, destination, destinationPort, communityId: text(fields['net.community_id']) })
  }
  const all = [...tuples.values()]
  return all.length <= MOST_FLOWS ? all : [...all.slice(0, MOST_FLOWS / 2), ...all.slice(-MOST_FLOWS / 2)]
}

const MOST_NAMING = 50
/** Clients whose records are asked for by all their ports: of more, those of the flows alone. */
const MOST_CLIENTS = 4

/**
 * The name of a target that is known by its address only. A host's own record that names the client and the client's port of a flow to
 * the target was written by the target: nobody else was spoken to from there. Null where no record does, or several hosts' do.
 */
async function nameOf(
  { ip }: CaseEnd,
  tuples: readonly Tuple[],
  naming: NamingRecords,
  search: (where: string, from: number, to: number, limit: number) => Promise<CaseEvent[]>,
  first: number,
  last: number,
  signal: AbortSignal,
): Promise<string | null> {
  const clients = tuples.filter(({ destination }) => destination === ip)
  const names = new Set<string>()
  let many = new Set(clients.map(({ source }) => source)).size > MOST_CLIENTS
  for (const { source, sourcePort } of clients) {
    if (many) break
    const found = await naming.of(source, sourcePort, first - HOUR, last + HOUR, signal)
    if (found === null) many = true
    for (const name of found ?? []) names.add(name)
  }
  if (many) {
    const where = clients.map(({ source, sourcePort }) => `(src.ip:${quote(source)} and src.port:${sourcePort})`).join(' or ')
    for (const event of await search(where, first - HOUR, last + HOUR, MOST_NAMING)) {
      const name = onTheWay(event) ? '' : text(event.fields['host.name'])
      if (name !== '') names.add(name)
    }
  }
  const [only] = names
  return names.size === 1 ? (only ?? null) : null
}

function whereFlows(tuples: readonly Tuple[]): string {
  return tuples
    .map(({ source, sourcePort, destination, destinationPort }) => {
      const way = (a: string, ap: number, b: string, bp: number): string =>
        `(src.ip:${quote(a)} and src.port:${ap} and dst.ip:${quote(b)} and dst.port:${bp})`
      return `${way(source, sourcePort, destination, destinationPort)} or ${way(destination, destinationPort, source, sourcePort)}`
    })
    .join(' or ')
}

function whereHost({ ip, name }: CaseEnd): string {
  return [ip === null ? '' : `ip:${quote(ip)}`, name === null || name === ip ? '' : `host:${quote(name)}`]
    .filter((one) => one !== '')
    .join(' or ')
}

/** The capture that events of these flows were made of; null where none was. */
async function originOf(store: CaseSources['store'], events: readonly CaseEvent[], signal: AbortSignal): Promise<string | null> {
  const made = events.find(({ format }) => format === 'capture')
  if (made === undefined) return null
  const origin = await store.origin(made.id, signal)
  return origin.ok ? origin.value : null
}

async function streamsOf(own: readonly CaseEvent[], sources: CaseSources, origin: string | null): Promise<FoundStream[]> {
  const found = new Map<string, FoundStream>()
  const tried = new Set<string>()
  for (const event of spread(own, MOST_STREAMS)) {
    const { fields } = event
    const key = [fields['src.ip'], fields['src.port'], fields['dst.ip'], fields['dst.port']].join(' ')
    if (tried.has(key)) continue
    tried.add(key)
    const asked = askedOf(event)
    const stream = asked === null ? null : await sources.conversation({ asked, origin })
    if (stream !== null) found.set(stream.key, stream)
  }
  return [...found.values()]
}

/** The first and the last of them, by flow. */
function spread(events: readonly CaseEvent[], most: number): CaseEvent[] {
  const byFlow = new Map<string, CaseEvent>()
  for (const event of events) {
    const { fields } = event
    const key = [fields['src.ip'], fields['src.port'], fields['dst.ip'], fields['dst.port']].join(' ')
    if (!byFlow.has(key)) byFlow.set(key, event)
  }
  const all = [...byFlow.values()]
  return all.length <= most ? all : [...all.slice(0, most / 2), ...all.slice(-most / 2)]
}

/** What an IDS wrote of the payload, where no capture has the flow. */
function payloadsOf(own: readonly CaseEvent[], streams: number): Conversation[] {
  if (streams > 0) return []
  return own.slice(0, MOST_STREAMS).flatMap((event) => {
    const payload = alertPayload(event)
    if (payload === null) return []
    const { fields } = event
    const source: CaseEnd = { ip: text(fields['src.ip']) || null, port: number(fields['src.port']), name: null }
    const destination: CaseEnd = { ip: text(fields['dst.ip']) || null, port: number(fields['dst.port']), name: null }
    const nothing = { ...payload.octets, text: '' }
    return {
      client: payload.answer ? destination : source,
      server: payload.answer ? source : destination,
      transport: text(fields['net.transport']),
      state: '',
      sent: payload.answer ? nothing : payload.octets,
      answered: payload.answer ? payload.octets : nothing,
    }
  })
}

const MOST_PEERS = 60

/** Of what the target called, and answered on, after it: what it had called and answered on in the week before. */
async function knownOf(
  { earlier }: CaseAnswers,
  { ip }: CaseEnd,
  after: readonly CaseEvent[],
  first: number,
  signal: AbortSignal,
): Promise<Pick<ImpactCase, 'knownPeers' | 'knownPorts'>> {
  if (ip === null) return { knownPeers: new Set(), knownPorts: new Set() }
  const peers = new Set<string>()
  const ports = new Set<string>()
  for (const event of after) {
    const { source, destination, port } = addressesOf(event)
    if (source === ip && typeof destination === 'string') peers.add(destination)
    if (destination === ip && typeof port === 'number') ports.add(String(port))
  }
  const some = (values: ReadonlySet<string>): string[] => [...values].slice(0, MOST_PEERS)
  return {
    knownPeers: new Set(await earlier.of({ ip, at: 'src.ip', field: 'dst.ip' }, some(peers), first, signal)),
    knownPorts: new Set((await earlier.of({ ip, at: 'dst.ip', field: 'dst.port' }, some(ports), first, signal)).map(Number)),
  }
}

const MOST_PATHS = 2

/** How large answers of the paths that were attacked are to others. */
async function usualOf(
  { usual }: CaseAnswers,
  { ip }: CaseEnd,
  exchanges: readonly Exchange[],
  first: number,
  signal: AbortSignal,
): Promise<UsualAnswer[]> {
  if (ip === null) return []
  const own = exchanges.filter((one) => one.own)
  const clients = [...new Set(own.map(({ client }) => client))].slice(0, 4)
  const paths = [...new Set(own.map(({ url }) => url.split('?', 1)[0] ?? ''))].filter((one) => one.length > 1)
  const found: UsualAnswer[] = []
  for (const path of paths.slice(0, MOST_PATHS)) {
    const answer = await usual.of({ server: ip, path, clients }, first, signal)
    if (answer !== null) found.push(answer)
  }
  return found
}

const MOST_OTHERS = 50

/** Other targets of the same attacker, by the same detection. */
async function othersOf(
  store: CaseSources['store'],
  { id, detection, asset }: Alert,
  attacker: CaseEnd,
  signal: AbortSignal,
): Promise<readonly OtherTarget[]> {
  if (attacker.ip === null) return []
  const found = await store.others({ id, detection, asset, attacker: attacker.ip, most: MOST_OTHERS }, signal)
  return found.ok ? found.value : []
}

const CVE = /CVE[-_ ]?(\d{4})[-_ ](\d{4,7})/gi

/** CVE ids that the detection names, in its text, references and title. */
function cvesOf({ alert, references, text: rule }: AlertStanding): string[] {
  const found = new Set<string>()
  for (const words of [alert.title, ...references, rule.slice(0, 20_000)])
    for (const [, year, digits] of words.matchAll(CVE)) found.add(`CVE-${year}-${digits}`)
  return [...found].slice(0, 20)
}
