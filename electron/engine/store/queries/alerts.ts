/** Searches over alerts. They live in the desk; their events in the partitions. */
import type { AlertDetail, DetectionText, Mark } from '../../../../shared/model/alert.ts'
import { fail, ok } from '../../../../shared/model/result.ts'
import { prepared } from '../database.ts'
import type { Result } from '../../../../shared/model/result.ts'
import { severityOf } from '../../../../shared/model/severity.ts'
import { isoFromMicros, microsFromIso } from '../../../../shared/model/time.ts'
import { parseQuery } from '../../../../shared/query/parse.ts'
import { quote } from '../../../../shared/query/escape.ts'
import { ACTION_COLUMNS, ALERT_COLUMNS, STATES, actionOf, alertOf } from '../alert-row.ts'
import type { ActionRow, AlertRow } from '../alert-row.ts'
import type { InputOf, OutputOf } from '../types.ts'
import { alertTest } from './alert-filter.ts'
import type { AlertTest } from './alert-filter.ts'
import type { Desk } from './desk.ts'
import { eventsById } from './events-by-id.ts'
import { eventHistogram, searchEvents } from './events.ts'
import type { Scope, Search } from './events.ts'
import { SCENARIO_DAY, type ToldStep } from '../scenarios/told.ts'
import { reading } from './library.ts'

export interface DeskScope extends Scope {
  readonly desk: Desk
  /** Where the store lies. */
  readonly dataDir: string
}

type Order = InputOf<'alerts.search'>['order']
/** Sort keys; each order ends with the id, so that it is total. Long text is cut, so that it fits into a page's mark. */
const ORDERS: Readonly<Record<Order, readonly (readonly [expression: string, down: boolean])[]>> = {
  urgency: [
    ['severity', true],
    ['impact', true],
    ['raised', true],
    ['id', true],
  ],
  newest: [
    ['last', true],
    ['id', true],
  ],
  oldest: [
    ['last', false],
    ['id', false],
  ],
  count: [
    ['count', true],
    ['last', true],
    ['id', true],
  ],
  title: [
    ['lower(substr(title, 1, 60))', false],
    ['last', true],
    ['id', true],
  ],
  source: [
    ["lower(substr(coalesce(src_name, src_ip, ''), 1, 60))", false],
    ['last', true],
    ['id', true],
  ],
  destination: [
    ["lower(substr(coalesce(dst_name, dst_ip, ''), 1, 60))", false],
    ['last', true],
    ['id', true],
  ],
}
const PAGE = 2000

interface Filter {
  readonly sql: string
  readonly values: (string | number)[]
  readonly test: AlertTest
}

function filterOf(input: InputOf<'alerts.counts'>['filters'][number], now: number): Result<Filter> {
  const parsed = parseQuery(input.where)
  if (!parsed.ok) return parsed
  const states = [...new Set(input.states.map((state) => STATES.indexOf(state)))]
  const values: (string | number)[] = [...states]
  let sql = states.length === 0 ? '0' : `state IN (${states.map(() => '?').join(', ')})`
  const from = input.window.from === null ? undefined : microsFromIso(input.window.from)
  const to = input.window.to === null ? undefined : microsFromIso(input.window.to)
  if (from !== undefined) {
    sql += ' AND last >= ?'
    values.push(from)
  }
  if (to !== undefined) {
    sql += ' AND last < ?'
    values.push(to)
  }
  return ok({ sql, values, test: alertTest(parsed.value, now) })
}

function* countAlerts({ sql, values, test }: Filter, desk: Desk): Generator<{ scanned: number }, number, void> {
  if (test.columns.size === 0) return desk.get<{ n: number }>(`SELECT count(*) AS n FROM alert WHERE ${sql}`, ...values)!.n
  const columns = ['id', ...[...test.columns].filter((name) => name !== 'id')].join(', ')
  let count = 0
  let scanned = 0
  for (let after = 0; ;) {
    const rows = desk.all<AlertRow>(
      `SELECT ${columns} FROM alert WHERE ${sql} AND id > ? ORDER BY id LIMIT ${PAGE}`,
      ...values,
      after,
    )
    for (const row of rows) if (test.fits(row)) count++
    scanned += rows.length
    if (rows.length < PAGE) return count
    after = rows.at(-1)!.id
    yield { scanned }
  }
}

export function* searchAlerts(input: InputOf<'alerts.search'>, { desk, now }: DeskScope): Search<OutputOf<'alerts.search'>> {
  const filter = filterOf(input, now)
  if (!filter.ok) return filter
  const order = ORDERS[input.order]
  let mark: (string | number)[] | null = null
  if (input.after !== null) {
    mark = markOf(input.after, order.length)
    if (!mark) return fail({ code: 'invalid_input', message: 'This is no place to go on from.', path: 'after' })
  }
  const { sql, values, test } = filter.value
  const by = order.map(([expression, down]) => `${expression} ${down ? 'DESC' : 'ASC'}`).join(', ')
  const keys = order.map(([expression], i) => `${expression} AS key${i}`).join(', ')
  const found: (AlertRow & Record<`key${number}`, string | number>)[] = []
  const size = test.columns.size === 0 ? input.limit : Math.max(PAGE, input.limit)
  for (let scanned = 0; found.length < input.limit;) {
    const [clause, after] = mark ? afterMark(order, mark) : ['', []]
    const rows = desk.all<AlertRow & Record<`key${number}`, string | number>>(
      `SELECT ${ALERT_COLUMNS}, ${keys} FROM alert WHERE ${sql}${clause} ORDER BY ${by} LIMIT ${size}`,
      ...values,
      ...after,
    )
    for (const row of rows) if (found.length < input.limit && test.fits(row)) found.push(row)
    if (rows.length < size) break
    mark = order.map((_, i) => rows.at(-1)![`key${i}`]!)
    scanned += rows.length
    yield { scanned }
  }
  const last = found.at(-1)
  const total = yield* countAlerts(filter.value, desk)
  return ok({
    alerts: found.map((row) => alertOf(row, now)),
    total,
    after: last && found.length === input.limit ? JSON.stringify(order.map((_, i) => last[`key${i}`])) : null,
  })
}

function markOf(text: string, length: number): (string | number)[] | null {
  try {
    const mark: unknown = JSON.parse(text)
    return Array.isArray(mark) &&
      mark.length === length &&
      mark.every((one) => typeof one === 'string' || typeof one === 'number')
      ? mark
      : null
  } catch {
    return null
  }
}

/** `(a, b, c)` after the mark in the order, as SQL with its values. */
function afterMark(order: (typeof ORDERS)[Order], mark: readonly (string | number)[]): [string, (string | number)[]] {
  const values: (string | number)[] = []
  const from = (i: number): string => {
    const [expression, down] = order[i]!
    values.push(mark[i]!)
    const beyond = `${expression} ${down ? '<' : '>'} ?`
    if (i === order.length - 1) return beyond
    values.push(mark[i]!)
    return `(${beyond} OR (${expression} = ? AND ${from(i + 1)}))`
  }
  return [` AND ${from(0)}`, values]
}

export function* alertCounts(input: InputOf<'alerts.counts'>, { desk, now }: DeskScope): Search<OutputOf<'alerts.counts'>> {
  const counts: number[] = []
  for (const one of input.filters) {
    const filter = filterOf(one, now)
    if (!filter.ok) return filter
    counts.push(yield* countAlerts(filter.value, desk))
    yield { scanned: 0 }
  }
  return ok({ counts })
}

/** Of these alerts those that fit a filter now, and how many fit it altogether: what a watcher needs after a change. */
export function* pickAlerts(
  input: { readonly filter: InputOf<'alerts.watch'>; readonly ids: readonly string[] },
  { desk, now }: DeskScope,
): Search<{
  readonly changed: OutputOf<'alerts.search'>['alerts']
  readonly removed: readonly string[]
  readonly total: number
}> {
  const filter = filterOf(input.filter, now)
  if (!filter.ok) return filter
  const { sql, values, test } = filter.value
  const changed = []
  const removed: string[] = []
  for (const id of input.ids) {
    const row = desk.get<AlertRow>(`SELECT ${ALERT_COLUMNS} FROM alert WHERE id = ? AND ${sql}`, Number(id), ...values)
    if (row && test.fits(row)) changed.push(alertOf(row, now))
    else removed.push(id)
  }
  const total = yield* countAlerts(filter.value, desk)
  return ok({ changed, removed, total })
}

const rowOf = (desk: Desk, id: string): AlertRow | undefined =>
  desk.get<AlertRow>(`SELECT ${ALERT_COLUMNS} FROM alert WHERE id = ?`, Number(id))
const unknown = (id: string): Result<never> => fail({ code: 'not_found', message: `There is no alert ${id}.` })

export function* getAlert(input: InputOf<'alerts.get'>, scope: DeskScope): Search<OutputOf<'alerts.get'>> {
  const { desk, now } = scope
  const row = rowOf(desk, input.id)
  if (!row) return unknown(input.id)
  const more = desk.get<{ text: number | null; event: number; marks: string }>(
    'SELECT text, event, marks FROM alert WHERE id = ?',
    row.id,
  )!
  const text =
    more.text === null ? undefined : desk.get<{ body: string }>('SELECT body FROM detection_text WHERE id = ?', more.text)
  const alert = alertOf(row, now)
  const detection: DetectionText = text
    ? (JSON.parse(text.body) as DetectionText)
    : {
        kind: alert.kind,
        detection: alert.detection,
        title: alert.title,
        file: null,
        revision: null,
        text: '',
        description: null,
        references: [],
        falsePositives: [],
      }
  const earlier = desk.all<{ id: number; last: number; verdict: string | null; decided_by: string | null }>(
    'SELECT id, last, verdict, decided_by FROM alert WHERE key = ? AND id <> ? ORDER BY last DESC, id DESC LIMIT 50',
    row.key,
    row.id,
  )
  const detail: AlertDetail = {
    alert,
    detection,
    marks: JSON.parse(more.marks) as Mark[],
    event: String(more.event),
    history: desk.all<ActionRow>(`SELECT ${ACTION_COLUMNS} FROM alert_action WHERE alert = ? ORDER BY id`, row.id).map(actionOf),
    earlier: earlier.map(({ id, last, verdict, decided_by }) => ({
      id: String(id),
      last: isoFromMicros(last),
      verdict: verdict as AlertDetail['earlier'][number]['verdict'],
      decidedBy: decided_by,
    })),
    firstSeen: { source: yield* firstSeen(row.src_ip, scope), destination: yield* firstSeen(row.dst_ip, scope) },
  }
  return ok(detail)
}

/** Time for finding when an address was first seen; where it runs out, nothing is said. Milliseconds. */
const FIRST_SEEN_MS = 150

function* firstSeen(ip: string | null, scope: Scope): Generator<{ scanned: number }, string | null, void> {
  if (ip === null) return null
  const until = performance.now() + FIRST_SEEN_MS
  const search = searchEvents(
    { where: `ip:${quote(ip)}`, window: { from: null, to: null }, order: 'oldest', fields: ['src.ip'], limit: 1, after: null },
    scope,
  )
  for (;;) {
    const step = search.next()
    if (step.done) return step.value.ok ? (step.value.value.events[0]?.time ?? null) : null
    if (performance.now() > until) return null
    yield step.value
  }
}

const EVENTS_CURSOR = /^(-1|\d{1,6}):(\d{1,16}):(\d{1,6})$/

/** Events of an alert, the one stored last first. */
export function* alertEvents(input: InputOf<'alerts.events'>, scope: DeskScope): Search<OutputOf<'alerts.events'>> {
  const began = performance.now()
  const { desk, library } = scope
  const id = Number(input.id)
  const alert = rowOf(desk, input.id)
  if (!alert) return unknown(input.id)
  if (alert.kind === 'scn') return scenarioEvents(input, scope, began)
  const cursor = input.after === null ? null : EVENTS_CURSOR.exec(input.after)
  if (input.after !== null && !cursor)
    return fail({ code: 'invalid_input', message: 'This is no place to go on from.', path: 'after' })
  let [day, seq, skip] = cursor ? [Number(cursor[1]), Number(cursor[2]), Number(cursor[3])] : [Number.MAX_SAFE_INTEGER, 0, 0]
  const ids: number[] = []
  let after: string | null = null
  let inclusive = cursor !== null
  gather: for (;;) {
    const page = desk.all<{ day: number; seq: number }>(
      `SELECT day, seq FROM alert_hit WHERE alert = ? AND (day < ? OR (day = ? AND seq ${inclusive ? '<=' : '<'} ?)) ORDER BY day DESC, seq DESC LIMIT 500`,
      id,
      day,
      day,
      seq,
    )
    if (page.length === 0) break
    for (const hit of page) {
      const events = hit.day === SCENARIO_DAY ? namedEvents(desk, hit.seq) : hitEvents(library, hit)
      for (let i = inclusive ? events.length - 1 - skip : events.length - 1; i >= 0; i--) {
        if (ids.length === input.limit) {
          after = `${hit.day}:${hit.seq}:${events.length - 1 - i}`
          break gather
        }
        ids.push(events[i]!)
      }
      inclusive = false
      skip = 0
      day = hit.day
      seq = hit.seq
    }
    yield { scanned: ids.length }
  }
  return ok({ events: eventsById(ids, [], scope), after, scanned: ids.length, took: performance.now() - began })
}

/** Events of a hit in their partition, in order of storage; none where that is gone. */
function hitEvents(library: DeskScope['library'], { day, seq }: { readonly day: number; readonly seq: number }): number[] {
  const partition = library.partition(day)
  if (!partition) return []
  const row = reading(
    day,
    () =>
      prepared(partition.db, 'SELECT base, rows FROM hit WHERE seq = ?').get(seq) as
        { base: number; rows: Uint8Array } | undefined,
  )
  return row ? Array.from(new Uint16Array(new Uint8Array(row.rows).buffer), (at) => row.base + at) : []
}

/** Of what was found later, in history: the desk names its events. */
const namedEvents = (desk: Desk, seq: number): number[] =>
  desk
    .all<{ steps: string }>('SELECT steps FROM scenario_hit WHERE seq = ?', seq)
    .flatMap(({ steps }) => (JSON.parse(steps) as ToldStep[]).map(([event]) => event))
    .sort((x, y) => x - y)

/** Events of a scenario's alert lie in many partitions: the desk names them. */
function scenarioEvents(input: InputOf<'alerts.events'>, scope: DeskScope, began: number): Result<OutputOf<'alerts.events'>> {
  const from = input.after === null ? 0 : Number(input.after)
  if (!Number.isSafeInteger(from) || from < 0)
    return fail({ code: 'invalid_input', message: 'This is no place to go on from.', path: 'after' })
  const steps = scope.desk
    .all<{ steps: string }>(
      'SELECT s.steps FROM alert_hit a JOIN scenario_hit s ON s.seq = a.seq WHERE a.alert = ? AND a.day = ?',
      Number(input.id),
      SCENARIO_DAY,
    )
    .flatMap((row) => JSON.parse(row.steps) as ToldStep[])
  const ids = [...new Set(steps.map(([event]) => event))].sort((a, b) => b - a)
  const page = ids.slice(from, from + input.limit)
  return ok({
    events: eventsById(page, [], scope),
    after: from + page.length < ids.length ? String(from + page.length) : null,
    scanned: page.length,
    took: performance.now() - began,
  })
}

const MINUTE = 60_000_000

/** What happened around an alert's last event: in the same flow, and at both hosts. */
export function* alertAround(input: InputOf<'alerts.around'>, scope: DeskScope): Search<OutputOf<'alerts.around'>> {
  const { desk } = scope
  const row = rowOf(desk, input.id)
  if (!row) return unknown(input.id)
  const eventId = desk.get<{ event: number }>('SELECT event FROM alert WHERE id = ?', row.id)!.event
  const event = eventsById([eventId], ['net.community_id', 'flow.id'], scope)[0]
  const at = event ? (microsFromIso(event.time) ?? row.last) : row.last
  const from = at - input.minutes * MINUTE
  const to = at + input.minutes * MINUTE
  const window = { from: isoFromMicros(from), to: isoFromMicros(to) }
  const flow = ['net.community_id', 'flow.id'].flatMap((name) => {
    const value = event?.fields[name]
    return typeof value === 'string' || typeof value === 'number' ? [`${name}:${quote(String(value))}`] : []
  })
  type Lane = OutputOf<'alerts.around'>['lanes'][number]
  const lanes: (Pick<Lane, 'label' | 'kind' | 'where'> & { readonly mine: (other: AlertRow) => boolean })[] = []
  if (flow.length > 0)
    lanes.push({
      label: 'flow',
      kind: 'flow',
      where: flow.join(' or '),
      mine: (other) =>
        other.src_ip === row.src_ip &&
        other.dst_ip === row.dst_ip &&
        other.src_port === row.src_port &&
        other.dst_port === row.dst_port,
    })
  const host = (kind: 'source' | 'destination', ip: string | null, name: string | null): void => {
    const where = [...(ip === null ? [] : [`ip:${quote(ip)}`]), ...(name === null ? [] : [`host:${quote(name)}`])].join(' or ')
    if (where === '') return
    lanes.push({
      label: name ?? ip ?? kind,
      kind,
      where,
      mine: (other) =>
        (ip !== null && (other.src_ip === ip || other.dst_ip === ip)) ||
        (name !== null && (other.src_name === name || other.dst_name === name || other.asset === name)),
    })
  }
  host('source', row.src_ip, row.src_name)
  if (row.dst_ip !== row.src_ip || row.dst_name !== row.src_name) host('destination', row.dst_ip, row.dst_name)
  const alerts = desk.all<AlertRow>(
    `SELECT ${ALERT_COLUMNS} FROM alert WHERE last >= ? AND first < ? ORDER BY severity DESC, last DESC LIMIT 500`,
    from,
    to,
  )
  const out: Lane[] = []
  for (const { mine, ...lane } of lanes) {
    const histogram = yield* eventHistogram({ where: lane.where, window, slots: input.slots }, scope)
    if (!histogram.ok) return histogram
    out.push({
      ...lane,
      ticks: histogram.value.counts,
      alerts: alerts.filter(mine).map((other) => ({
        id: String(other.id),
        time: isoFromMicros(Math.min(Math.max(other.last < to ? other.last : other.first, from), to)),
        severity: severityOf(other.severity),
        title: other.title,
      })),
    })
  }
  const all = yield* eventHistogram(
    { where: lanes.map(({ where }) => `(${where})`).join(' or ') || 'id:0', window, slots: 1 },
    scope,
  )
  return ok({ from: window.from, to: window.to, events: all.ok ? all.value.total : 0, lanes: out })
}
