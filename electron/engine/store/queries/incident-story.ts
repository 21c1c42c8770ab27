/** Which alerts belong to an incident's story without being in it, and which incidents alerts would fit. */
import type { AlertId } from '../../../../shared/model/alert.ts'
import { IMPACTS } from '../../../../shared/model/impact.ts'
import type { Incident } from '../../../../shared/model/incident.ts'
import { ok } from '../../../../shared/model/result.ts'
import { microsFromIso } from '../../../../shared/model/time.ts'
import { ALERT_COLUMNS, alertOf, STATES, type AlertRow } from '../alert-row.ts'
import { headOf, INCIDENT_COLUMNS, incidentOf, noIncident, rowOfIncident, type IncidentRow } from '../incidents/incident-row.ts'
import { partsOf } from '../incidents/part-row.ts'
import { SCENARIO_DAY, type ToldStep } from '../scenarios/told.ts'
import type { InputOf, OutputOf } from '../types.ts'
import type { DeskScope } from './alerts.ts'
import type { Desk } from './desk.ts'
import type { Search } from './events.ts'

type Offered = OutputOf<'incidents.offered'>['alerts'][number]
type Why = Offered['why']

/** How far from the incident's own alerts. Microseconds. */
const NEAR = 86_400_000_000
const PAGE = 2000
/** Alerts that are looked at, the newest first, and those that are offered. */
const MOST_LOOKED = 100_000
const MOST_OFFERED = 200
const MOST_NAMES = 2000
const MOST_STEPS = 5000
const ORDER: readonly Why[] = ['scenario', 'attacker', 'target', 'entity']

/** What the incident is known by. The first of the reasons counts. */
interface Names {
  readonly attacker: ReadonlySet<string>
  readonly target: ReadonlySet<string>
  readonly entity: ReadonlySet<string>
  /** Titles of scenarios that are in it, by their id and by the events that are their steps. */
  readonly scenarios: ReadonlyMap<string, string>
  readonly steps: ReadonlyMap<number, string>
}

type Candidate = Pick<
  AlertRow,
  | 'id'
  | 'kind'
  | 'detection'
  | 'title'
  | 'severity'
  | 'src_ip'
  | 'src_name'
  | 'dst_ip'
  | 'dst_name'
  | 'asset'
  | 'user'
  | 'last'
  | 'impact'
  | 'impact_confidence'
> & { readonly event: number }

/** Alerts of a day around it that share an address, a host, a user or a scenario with it. The best reason first, then the worst alert. */
export function* offeredAlerts(
  { number }: InputOf<'incidents.offered'>,
  { desk, now }: DeskScope,
): Search<OutputOf<'incidents.offered'>> {
  const row = rowOfIncident(desk, number)
  if (!row) return noIncident(number)
  if (row.status === 'closed' || row.status === 'merged') return ok({ alerts: [] })
  const names = namesOf(desk, row)
  const [from, to] = spanOf(desk, row)
  const found: {
    readonly id: number
    readonly why: Why
    readonly value: string
    readonly chosen: boolean
    readonly severity: number
    readonly last: number
  }[] = []
  let scanned = 0
  for (const state of STATES.keys()) {
    for (let [last, id] = [to + NEAR, Number.MAX_SAFE_INTEGER]; scanned < MOST_LOOKED;) {
      const page = desk.all<Candidate>(
        `SELECT id, kind, detection, title, severity, src_ip, src_name, dst_ip, dst_name, asset, user, last, event, impact, impact_confidence FROM alert
         WHERE state = ? AND last >= ? AND first <= ? AND (last, id) < (?, ?) AND verdict IS NOT 'false_positive'
         AND NOT EXISTS (SELECT 1 FROM incident_alert WHERE alert = alert.id) ORDER BY last DESC, id DESC LIMIT ${PAGE}`,
        state,
        from - NEAR,
        to + NEAR,
        last,
        id,
      )
      for (const alert of page) {
        const why = reasonOf(alert, names)
        if (why)
          found.push({
            id: alert.id,
            ...why,
            chosen: isOfStory(alert, why.why, names),
            severity: alert.severity,
            last: alert.last,
          })
      }
      scanned += page.length
      const end = page.at(-1)
      if (!end || page.length < PAGE) break
      ;[last, id] = [end.last, end.id]
      yield { scanned }
    }
  }
  found.sort((a, b) => ORDER.indexOf(a.why) - ORDER.indexOf(b.why) || b.severity - a.severity || b.last - a.last)
  const alerts = found.slice(0, MOST_OFFERED).flatMap(({ id, why, value, chosen }): Offered[] => {
    const alert = desk.get<AlertRow>(`SELECT ${ALERT_COLUMNS} FROM alert WHERE id = ?`, id)
    return alert ? [{ alert: alertOf(alert, now), why, value, chosen }] : []
  })
  return ok({ alerts })
}

function reasonOf(alert: Candidate, names: Names): { readonly why: Why; readonly value: string } | null {
  const scenario = (alert.kind === 'scn' ? names.scenarios.get(alert.detection) : undefined) ?? names.steps.get(alert.event)
  if (scenario !== undefined) return { why: 'scenario', value: scenario }
  const own = [alert.src_ip, alert.dst_ip, alert.src_name, alert.dst_name, alert.asset, alert.user]
  for (const why of ['attacker', 'target', 'entity'] as const)
    for (const value of own) if (value !== null && value !== '' && names[why].has(value)) return { why, value }
  return null
}

/**
 * The attacker and the scenario are the story's. A stranger who only tried something on the same host is not; what worked there, or
 * came from one of its hosts, or from nowhere else, is.
 */
function isOfStory(alert: Candidate, why: Why, { attacker, target, entity }: Names): boolean {
  if (why === 'scenario' || why === 'attacker') return true
  const result = alert.impact_confidence === null ? null : IMPACTS[alert.impact]
  const { src_ip: from } = alert
  return result === 'succeeded' || result === 'likely' || from === null || [attacker, target, entity].some((of) => of.has(from))
}

function namesOf(desk: Desk, row: IncidentRow): Names {
  const [attacker, target, entity] = [new Set<string>(), new Set<string>(), new Set<string>()]
  const alerts = desk.all<Candidate>(
    `SELECT id, kind, detection, title, severity, src_ip, src_name, dst_ip, dst_name, asset, user, last, event, impact, impact_confidence FROM alert
     WHERE id IN (SELECT alert FROM incident_alert WHERE incident = ?) ORDER BY id DESC LIMIT ${MOST_NAMES}`,
    row.id,
  )
  const add = (to: Set<string>, ...values: readonly (string | null)[]): void => {
    for (const value of values) if (value !== null && value !== '') to.add(value)
  }
  for (const { src_ip, src_name, dst_ip, dst_name, asset } of alerts) {
    add(attacker, src_ip, src_name)
    add(target, dst_ip, dst_name, asset)
  }
  const attackers = new Set<string>()
  for (const { fields } of partsOf(desk, row.id, 'entity')) {
    const { role, value } = fields
    add(role === 'attacker' ? attackers : role === 'target' ? target : entity, String(value))
  }
  // An alert about an answer has them the other way round.
  for (const value of attackers) {
    attacker.add(value)
    target.delete(value)
  }
  // A target that attacks in turn is still known as the target.
  for (const value of target) attacker.delete(value)
  const told = alerts.filter(({ kind }) => kind === 'scn')
  const scenarios = new Map(told.map(({ detection, title }) => [detection, title]))
  const titles = new Map(told.map(({ id, title }) => [id, title]))
  const steps = new Map(
    told.length === 0
      ? []
      : desk
          .all<{ alert: number; steps: string }>(
            `SELECT i.alert, s.steps FROM incident_alert i JOIN alert_hit h ON h.alert = i.alert JOIN scenario_hit s ON s.seq = h.seq
             WHERE i.incident = ? AND h.day = ? LIMIT 500`,
            row.id,
            SCENARIO_DAY,
          )
          .flatMap((hit) => (JSON.parse(hit.steps) as ToldStep[]).map(([event]) => [event, titles.get(hit.alert) ?? ''] as const))
          .slice(0, MOST_STEPS),
  )
  return { attacker, target, entity, scenarios, steps }
}

/** From the first to the last event of its alerts; where it has none, when it happened, or was opened. Microseconds. */
function spanOf(desk: Desk, row: IncidentRow): readonly [number, number] {
  const span = desk.get<{ first: number | null; last: number | null }>(
    'SELECT min(a.first) AS first, max(a.last) AS last FROM incident_alert i JOIN alert a ON a.id = i.alert WHERE i.incident = ?',
    row.id,
  )
  const { occurred } = headOf(row).times
  const began = occurred === null ? undefined : microsFromIso(occurred)
  return [Math.min(span?.first ?? Infinity, began ?? Infinity, row.created), Math.max(span?.last ?? 0, began ?? 0, row.created)]
}

const MOST_SUGGESTED = 10
const CHUNK = 200

/** Open incidents that share most with the alerts: one that has some of them first, then by addresses, hosts and entities in common. */
export function* suggestIncidents(
  { alerts }: InputOf<'incidents.suggest'>,
  { desk }: DeskScope,
): Search<OutputOf<'incidents.suggest'>> {
  const scores = new Map<number, number>()
  const score = (incident: number, points: number): void => void scores.set(incident, (scores.get(incident) ?? 0) + points)
  const names = new Set<string>()
  let [first, last] = [Infinity, -Infinity]
  const ids: readonly AlertId[] = [...new Set(alerts)]
  for (let i = 0; i < ids.length; i += CHUNK) {
    const chunk = ids.slice(i, i + CHUNK).map(Number)
    const holes = chunk.map(() => '?').join(', ')
    for (const { incident, n } of desk.all<{ incident: number; n: number }>(
      `SELECT incident, count(*) AS n FROM incident_alert WHERE alert IN (${holes}) GROUP BY incident`,
      ...chunk,
    ))
      score(incident, 1000 * n)
    for (const alert of desk.all<
      Pick<AlertRow, 'src_ip' | 'dst_ip' | 'src_name' | 'dst_name' | 'asset' | 'user' | 'first' | 'last'>
    >(`SELECT src_ip, dst_ip, src_name, dst_name, asset, user, first, last FROM alert WHERE id IN (${holes})`, ...chunk)) {
      for (const value of [alert.src_ip, alert.dst_ip, alert.src_name, alert.dst_name, alert.asset, alert.user])
        if (value !== null && value !== '') names.add(value)
      first = Math.min(first, alert.first)
      last = Math.max(last, alert.last)
    }
    yield { scanned: i }
  }
  const asked = [...names].slice(0, MOST_NAMES)
  const open = "('open', 'contained', 'eradicated', 'recovered')"
  for (let i = 0; i < asked.length; i += CHUNK) {
    const chunk = asked.slice(i, i + CHUNK)
    const holes = chunk.map(() => '?').join(', ')
    for (const { incident, n } of desk.all<{ incident: number; n: number }>(
      `SELECT i.incident, count(*) AS n FROM incident h CROSS JOIN incident_alert i ON i.incident = h.id CROSS JOIN alert a ON a.id = i.alert
       WHERE h.status IN ${open} AND a.last >= ? AND a.first <= ?
       AND (a.src_ip IN (${holes}) OR a.dst_ip IN (${holes}) OR a.src_name IN (${holes}) OR a.dst_name IN (${holes}) OR a.asset IN (${holes}))
       GROUP BY i.incident`,
      first - NEAR,
      last + NEAR,
      ...chunk,
      ...chunk,
      ...chunk,
      ...chunk,
      ...chunk,
    ))
      score(incident, Math.min(n, 50))
    for (const { incident, n } of desk.all<{ incident: number; n: number }>(
      `SELECT p.incident, count(*) AS n FROM incident_part p JOIN incident h ON h.id = p.incident
       WHERE p.key IN (${holes}) AND p.kind = 'entity' AND p.gone = 0 AND h.status IN ${open} GROUP BY p.incident`,
      ...chunk,
    ))
      score(incident, 5 * n)
    yield { scanned: ids.length + i }
  }
  const incidents = [...scores]
    .sort(([a, x], [b, y]) => y - x || b - a)
    .map(([id]) => desk.get<IncidentRow>(`SELECT ${INCIDENT_COLUMNS} FROM incident WHERE id = ?`, id))
    .filter((row) => row !== undefined && row.status !== 'closed' && row.status !== 'merged')
    .slice(0, MOST_SUGGESTED)
    .map((row): Incident => incidentOf(desk, row!))
  return ok({ incidents })
}
