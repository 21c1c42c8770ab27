/** What scenarios have seen, and why an alert of one was raised. The desk names the events; `scenarios.db` knows the groups. */
import { existsSync } from 'node:fs'
import type { EventRow } from '../../../../shared/model/event.ts'
import { fail, ok, type Result } from '../../../../shared/model/result.ts'
import type { NearMiss, ScenarioExplanation, ScenarioState } from '../../../../shared/model/scenario.ts'
import { isoFromMicros } from '../../../../shared/model/time.ts'
import { findMatches, measure } from '../../sigma/scenarios/find-matches.ts'
import type { Entry } from '../../sigma/scenarios/judging.ts'
import { progressOf, type Progress } from '../../sigma/scenarios/progress.ts'
import type { ScenarioPlan } from '../../sigma/scenarios/scenario.ts'
import { shapeOf } from '../../sigma/scenarios/shape.ts'
import { openForReading, prepared, type ReadDatabase } from '../database.ts'
import { hashOf } from '../scenarios/numbers.ts'
import { scenariosPath } from '../scenarios/open-state.ts'
import { SCENARIO_DAY, type ToldStep } from '../scenarios/told.ts'
import type { DeskScope } from './alerts.ts'
import { eventsById } from './events-by-id.ts'
import type { Search } from './events.ts'

/** Groups that are looked at for near misses, the newest, and events of one. */
const MOST_GROUPS = 2000
const MOST_ENTRIES = 2000
/** Events of an alert that are listed. */
const MOST_EVENTS = 500
const NEAR = 5
/** Groups that came less far than this are not near. */
const NEAR_PART = 0.5
const SLICE = 50
/** What the timeline shows of an event. */
const TELLING = [
  'src.ip',
  'dst.ip',
  'dst.port',
  'host.name',
  'user.name',
  'target.user',
  'process.command',
  'http.url',
  'dns.query',
  'tls.sni',
  'file.path',
  'registry.path',
  'sig.name',
  'message',
]

/** Opened for a question and closed after it: what was set aside must not be held. */
function* withState<T>(
  dataDir: string,
  none: T,
  ask: (db: ReadDatabase) => Generator<{ scanned: number }, T, void>,
): Generator<{ scanned: number }, T, void> {
  const path = scenariosPath(dataDir)
  if (!existsSync(path)) return none
  const db = openForReading(path)
  try {
    return yield* ask(db)
  } finally {
    db.close()
  }
}

const numberOf = (db: ReadDatabase, id: string): number | undefined =>
  prepared(db, 'SELECT max(num) FROM scenario WHERE id = ?').pluck().get(id) as number | undefined

const groupOf = ({ groupBy }: ScenarioPlan, shown: string): { field: string; value: string }[] => {
  const values = JSON.parse(shown) as string[]
  return groupBy.map((field, i) => ({ field, value: values[i] ?? '' }))
}

export function* scenarioState(
  input: { readonly plan: ScenarioPlan; readonly near: number },
  { dataDir, now }: DeskScope,
): Search<ScenarioState> {
  const nothing: ScenarioState = { groups: 0, entries: 0, matches: 0, waiting: 0, near: [] }
  const state = yield* withState(dataDir, nothing, function* (db) {
    const num = numberOf(db, input.plan.id)
    if (num === undefined || num === null) return nothing
    const count = (sql: string): number => prepared(db, sql).pluck().get(num) as number
    const near = yield* nearMisses(db, input.plan, num, input.near, null, now)
    return {
      groups: count('SELECT count(*) FROM grp WHERE scenario = ?'),
      entries: count('SELECT count(*) FROM entry e JOIN grp g ON g.id = e.grp WHERE g.scenario = ?'),
      matches: count('SELECT count(*) FROM match m JOIN grp g ON g.id = m.grp WHERE g.scenario = ?'),
      waiting: count('SELECT count(*) FROM due d JOIN grp g ON g.id = d.grp WHERE g.scenario = ?'),
      near,
    }
  })
  return ok(state)
}

/** The groups that came furthest without fulfilling it, the furthest first. */
function* nearMisses(
  db: ReadDatabase,
  plan: ScenarioPlan,
  num: number,
  most: number,
  except: string | null,
  now: number,
): Generator<{ scanned: number }, NearMiss[], void> {
  if (most === 0) return []
  const groups = prepared(
    db,
    'SELECT g.id, g.key, coalesce(g.shown, g.key) AS shown FROM grp g WHERE g.scenario = ? AND NOT EXISTS (SELECT 1 FROM match m WHERE m.grp = g.id) ORDER BY g.id DESC LIMIT ?',
  ).all(num, MOST_GROUPS) as { id: number; key: string; shown: string }[]
  const found: { readonly shown: string; readonly progress: Progress; readonly entries: readonly Entry[] }[] = []
  for (const [i, { id, key, shown }] of groups.entries()) {
    if (i % SLICE === SLICE - 1) yield { scanned: i }
    if (key === except) continue
    const entries = entriesOf(db, id)
    const progress = progressOf(plan, entries)
    if (progress !== null && progress.part >= NEAR_PART) found.push({ shown, progress, entries })
  }
  found.sort((a, b) => b.progress.part - a.progress.part || b.entries.at(-1)!.time - a.entries.at(-1)!.time)
  return found.slice(0, most).map(({ shown, progress, entries }) => {
    const last = entries[progress.to]!.time
    return {
      group: groupOf(plan, shown),
      first: isoFromMicros(entries[progress.from]!.time),
      last: isoFromMicros(last),
      reached: progress.reached,
      needed: progress.needed,
      missing: progress.missing.map((step) => plan.steps[step]!.id),
      open: last + plan.timespan > now,
    }
  })
}

const entriesOf = (db: ReadDatabase, group: number): Entry[] =>
  (
    prepared(
      db,
      'SELECT time, event AS id, step, value FROM entry WHERE grp = ? ORDER BY time DESC, event DESC, step DESC LIMIT ?',
    ).all(group, MOST_ENTRIES) as Entry[]
  ).reverse()

interface HitRow {
  readonly scenario: string
  readonly grp: string
  readonly fulfilled: number
  readonly steps: string
}

/** `plans`: those that run, by which its steps are named. */
export function* explainAlert(
  input: { readonly alert: string; readonly plans: readonly ScenarioPlan[] },
  scope: DeskScope,
): Search<ScenarioExplanation> {
  const { desk, dataDir, now } = scope
  const alert = desk.get<{ detection: string; first: number; last: number; count: number }>(
    "SELECT detection, first, last, count FROM alert WHERE id = ? AND kind = 'scn'",
    Number(input.alert),
  )
  const hits = desk.all<HitRow>(
    'SELECT s.scenario, s.grp, s.fulfilled, s.steps FROM alert_hit a JOIN scenario_hit s ON s.seq = a.seq WHERE a.alert = ? AND a.day = ? ORDER BY s.seq LIMIT 1000',
    Number(input.alert),
    SCENARIO_DAY,
  )
  const first = hits[0]
  if (alert === undefined || first === undefined) return noScenario(input.alert)
  const steps = new Map<string, ToldStep>()
  for (const hit of hits) for (const step of JSON.parse(hit.steps) as ToldStep[]) steps.set(`${step[0]} ${step[2]}`, step)
  const all = [...steps.values()].sort((a, b) => a[1] - b[1] || a[0] - b[0])
  const listed = all.slice(0, MOST_EVENTS)
  const rows = new Map(
    eventsById(
      listed.map(([event]) => event),
      TELLING,
      scope,
    ).map((row: EventRow) => [row.id, row]),
  )
  const plan = input.plans.find(({ id }) => id === alert.detection)
  const group = (JSON.parse(first.grp) as [string, string][]).map(([field, value]) => ({ field, value }))
  const known = yield* withState<Seen>(dataDir, { near: [], reached: null }, function* (db): Generator<
    { scanned: number },
    Seen,
    void
  > {
    const num = plan === undefined ? undefined : numberOf(db, plan.id)
    if (plan === undefined || num === undefined || num === null) return { near: [], reached: null }
    const key = JSON.stringify(group.map(({ value }) => value.toLowerCase()))
    const id = prepared(db, 'SELECT id FROM grp WHERE hash = ? AND scenario = ? AND key = ?')
      .pluck()
      .get(hashOf(`${num} ${key}`), num, key) as number | undefined
    return {
      near: yield* nearMisses(db, plan, num, NEAR, key, now),
      reached: id === undefined ? null : reachedOf(plan, entriesOf(db, id), alert.first, alert.last),
    }
  })
  const closes = plan === undefined ? null : alert.last + plan.timespan
  return ok({
    scenario: plan === undefined ? null : shapeOf(plan),
    group,
    first: isoFromMicros(alert.first),
    last: isoFromMicros(alert.last),
    fulfilled: isoFromMicros(Math.min(...hits.map(({ fulfilled }) => fulfilled))),
    closes: closes === null ? null : isoFromMicros(closes),
    closed: closes === null || closes <= now,
    reached: known.reached,
    steps: stepsOf(plan, input.plans, all),
    events: listed.flatMap(([event, , rule]) => {
      const row = rows.get(String(event))
      return row === undefined ? [] : [{ step: rule, event: row }]
    }),
    more: Math.max(0, alert.count - listed.length),
    near: known.near,
  })
}

interface Seen {
  readonly near: NearMiss[]
  readonly reached: number | null
}

function reachedOf(plan: ScenarioPlan, entries: readonly Entry[], first: number, last: number): number | null {
  const match = findMatches(plan, entries).find(({ from, to }) => entries[to]!.time >= first && entries[from]!.time <= last)
  return match === undefined ? null : measure(plan.judge, entries.slice(match.from, match.to + 1))
}

/** The rules that take part, those of scenarios that it speaks of among them, with who fulfilled them. */
function stepsOf(
  plan: ScenarioPlan | undefined,
  plans: readonly ScenarioPlan[],
  all: readonly ToldStep[],
): ScenarioExplanation['steps'] {
  const byRule = new Map<string, { events: number; first: number; last: number }>()
  for (const [, time, rule] of all) {
    const known = byRule.get(rule)
    if (known === undefined) byRule.set(rule, { events: 1, first: time, last: time })
    else {
      known.events++
      known.first = Math.min(known.first, time)
      known.last = Math.max(known.last, time)
    }
  }
  const steps: ScenarioExplanation['steps'] = []
  const add = (rule: string, title: string, wanted: boolean): void => {
    if (steps.some((step) => step.rule === rule)) return
    const found = byRule.get(rule)
    steps.push({
      rule,
      title,
      kind: 'rule',
      wanted,
      events: found?.events ?? 0,
      first: found === undefined ? null : isoFromMicros(found.first),
      last: found === undefined ? null : isoFromMicros(found.last),
    })
  }
  const walk = (one: ScenarioPlan, wanted: boolean, depth: number): void => {
    one.steps.forEach((step, i) => {
      const own = wanted && isWanted(one, i)
      const inner = step.kind === 'scenario' ? plans.find(({ id }) => id === step.id) : undefined
      if (inner !== undefined && depth < 16) walk(inner, own, depth + 1)
      else add(step.id, step.title, own)
    })
  }
  if (plan !== undefined) walk(plan, true, 0)
  for (const rule of byRule.keys()) add(rule, rule, true)
  return steps
}

const isWanted = ({ judge }: ScenarioPlan, step: number): boolean =>
  judge.by !== 'alternatives' || judge.of.some((one) => one.with.includes(step))

const noScenario = (id: string): Result<never> => fail({ code: 'not_found', message: `There is no alert ${id} of a scenario.` })
