/**
 * Rules and scenarios over what is stored: before a rule is switched on, or to find later what it would have found. Rows are made of the
 * columns that the rules read; where a record is longer than its columns, it is parsed again. Runs in a process of its own.
 */
import type { DetectionText } from '../../../../shared/model/alert.ts'
import { ok, type Result } from '../../../../shared/model/result.ts'
import { isoFromMicros } from '../../../../shared/model/time.ts'
import type { HistoryFind } from '../../../../shared/workbench-contract.ts'
import { PartyReader, type Parties } from '../../detection/asset.ts'
import { keyOf } from '../../detection/hits.ts'
import { FieldRegistry } from '../../event/field-registry.ts'
import { EventRow } from '../../event/row.ts'
import type { RecordParser } from '../../ingest/parsers/define.ts'
import { parserById } from '../../ingest/parsers/registry.ts'
import { compileRules } from '../../sigma/compile.ts'
import { eventsOf, ScenarioRun } from '../../sigma/scenarios/scenario-run.ts'
import type { LogSource } from '../../sigma/logsources/log-source.ts'
import type { ScenarioPlan } from '../../sigma/scenarios/scenario.ts'
import { soughtBy } from '../../sigma/sought.ts'
import type { SigmaRule } from '../../sigma/types.ts'
import type { LaterHit } from '../scenarios/told.ts'
import { ask, type Asked } from './evaluate.ts'
import { eventsById } from './events-by-id.ts'
import { blocksFor, planFor, type Scope } from './events.ts'
import { KnownEvents } from './known-events.ts'
import { LaterDraft } from './later-draft.ts'
import { Library } from './library.ts'
import type { BlockInfo } from './partition.ts'
import { RowColumns } from './row-columns.ts'
import { SoughtRows } from './sought-rows.ts'

export interface HistoryTask {
  readonly dataDir: string
  readonly days: readonly number[]
  readonly aliases: ReadonlyMap<string, readonly string[]>
  /** As the matcher has them; `alerts: false` where one is only a step. */
  readonly rules: readonly SigmaRule[]
  readonly plans: readonly ScenarioPlan[]
  /** What the log sources of rules mean. */
  readonly sources: readonly LogSource[]
  /** Of rules and scenarios that raise alerts, by id. */
  readonly texts: Readonly<Record<string, DetectionText>>
  readonly from: string | null
  readonly to: string | null
  readonly samples: number
  readonly raise: boolean
}
export interface HistoryDone {
  readonly finds: readonly HistoryFind[]
  readonly scanned: number
  readonly seconds: number
  readonly cost: number
  /** What no alert has yet, where it was asked for. */
  readonly later: readonly LaterHit[]
}
type Progress = (value: { scanned: number; of: number; count: number }) => void

/** In place of some rows. */
const ALL = new Uint8Array(0)
const PROGRESS_MS = 200
const MOST_DAYS = 400
/** Alerts that a run may raise. */
const MOST_LATER = 5000
const DAY = 86_400_000_000

export function runHistory(task: HistoryTask, progress: Progress): Result<HistoryDone> {
  const library = new Library(task.dataDir)
  library.setDays(task.days)
  const scope: Scope = { library, aliases: (name) => task.aliases.get(name) ?? [], now: Date.now() * 1000 }
  try {
    const plan = planFor('', { from: task.from, to: task.to }, scope)
    if (!plan.ok) return plan
    for (const partition of library.newestFirst()) {
      // What blocks are made of stays as it is while this runs.
      partition.db.prepare('BEGIN').run()
      partition.db.prepare('SELECT 1 FROM meta').get()
    }
    const blocks = blocksFor(plan.value, library).sort((a, b) => a.partition.day - b.partition.day || a.seq - b.seq)
    const run = new HistoryRun(task, scope)
    const of = blocks.reduce((sum, { rows }) => sum + rows, 0)
    const began = performance.now()
    const cpu = process.cpuUsage()
    let told = began
    for (const info of blocks) {
      run.block(info)
      if (performance.now() - told <= PROGRESS_MS) continue
      told = performance.now()
      progress({ scanned: run.scanned, of, count: run.matches })
    }
    const used = process.cpuUsage(cpu)
    progress({ scanned: run.scanned, of, count: run.matches })
    const { finds, later } = run.finish()
    return ok({
      finds,
      later,
      scanned: run.scanned,
      seconds: (performance.now() - began) / 1000,
      cost: run.scanned === 0 ? 0 : (used.user + used.system) / run.scanned,
    })
  } finally {
    library.close()
  }
}

/** What one rule found so far. */
interface Tally {
  matches: number
  readonly days: Map<number, number>
  /** Newest events by time: id and time. */
  readonly newest: { readonly id: number; readonly time: number }[]
}

class HistoryRun {
  readonly #task: HistoryTask
  readonly #scope: Scope
  readonly #fields = new FieldRegistry()
  readonly #matcher
  readonly #parties: PartyReader | null
  /** Fields that log sources ask for: read before all others. */
  readonly #asked: ReadonlySet<string>
  readonly #scenarios: ScenarioRun
  readonly #row = new EventRow()
  readonly #parsers = new Map<string, RecordParser | null>()
  readonly #tallies: Tally[]
  /** Some rule looks through every field. */
  readonly #everything: boolean
  /** Which rows rules may match; null where they may match any. */
  readonly #sought: SoughtRows | null
  /** What raises alerts: by key. */
  readonly #later = new Map<string, LaterDraft>()
  readonly #known: KnownEvents | null
  readonly #seen = new Map<number, Parties>()
  scanned = 0
  matches = 0

  constructor(task: HistoryTask, scope: Scope) {
    this.#task = task
    this.#scope = scope
    this.#matcher = compileRules(task.rules, this.#fields, task.sources).matcher
    this.#parties = task.raise ? new PartyReader(this.#fields) : null
    this.#asked = new Set(task.sources.flatMap(({ when }) => [...Object.keys(when.fields ?? {}), ...(when.has ?? [])]))
    this.#scenarios = new ScenarioRun(task.plans)
    this.#tallies = task.rules.map(() => ({ matches: 0, days: new Map<number, number>(), newest: [] }))
    this.#everything = task.rules.some(({ detection }) => JSON.stringify(detection).includes('"field":null'))
    const sought = soughtBy(task.rules, task.sources)
    this.#sought = sought === null ? null : new SoughtRows(sought)
    this.#known = task.raise ? new KnownEvents(task.dataDir, scope) : null
  }

  block(info: BlockInfo): void {
    const block = ask(info)
    const sought = this.#sought === null ? ALL : this.#sought.of(block)
    const from = this.#task.from === null ? -Infinity : Date.parse(this.#task.from) * 1000
    const to = this.#task.to === null ? Infinity : Date.parse(this.#task.to) * 1000
    if (sought === null && info.minTime >= from && info.maxTime < to) {
      this.scanned += info.rows
      return
    }
    const columns = new RowColumns(block, this.#fields, this.#everything, this.#asked, sought === ALL)
    const row = this.#row
    const base = info.partition.base + info.seq
    for (let at = 0; at < info.rows; at++) {
      const time = columns.time(at)
      if (time < from || time >= to) continue
      this.scanned++
      if (sought === null || (sought !== ALL && sought[at] === 0)) continue
      columns.begin(row, at)
      // Most rows are of no log source that is asked for, and need not be made.
      if (!this.#matcher.wants(row)) continue
      columns.fill(row, at)
      if (columns.cut(at)) this.#parseAgain(block, at, row)
      const matched = this.#matcher.match(row)
      for (let i = 0; i < matched.length; i++) this.#matched(matched[i]!, base + at, time)
    }
  }

  #matched(place: number, id: number, time: number): void {
    const rule = this.#task.rules[place]!
    const row = this.#row
    if (rule.reads !== undefined) {
      const values = this.#matcher.read(place, row)
      this.#scenarios.add(rule.id, id, time, (field) => values[rule.reads!.indexOf(field)])
      if (this.#known !== null && !this.#seen.has(id) && this.#seen.size < 1_000_000)
        this.#seen.set(id, this.#parties!.parties(row))
    }
    if (rule.alerts === false) return
    this.matches++
    const tally = this.#tallies[place]!
    tally.matches++
    const day = Math.floor(time / DAY)
    tally.days.set(day, (tally.days.get(day) ?? 0) + 1)
    keepNewest(tally.newest, { id, time }, this.#task.samples)
    if (this.#known === null || this.#known.has(rule.id, id)) return
    const parties = this.#parties!.parties(row)
    const key = keyOf('rule', rule.id, parties)
    const known = this.#later.get(key)
    if (known !== undefined) known.add(id, time, rule.id)
    else if (this.#later.size < MOST_LATER)
      this.#later.set(
        key,
        new LaterDraft({
          key,
          kind: 'rule',
          detection: rule.id,
          title: rule.title,
          level: rule.level,
          attack: rule.attack,
          parties,
          group: [],
        }).add(id, time, rule.id),
      )
  }

  /** A record of which the columns do not hold everything. */
  #parseAgain({ reader }: Asked, at: number, row: EventRow): void {
    const { format, type, time } = row
    let parser = this.#parsers.get(format)
    if (parser === undefined) {
      const definition = parserById(format)
      parser = definition?.create({ fields: this.#fields, zone: 'UTC', received: Date.now() * 1000, fileName: '' }) ?? null
      this.#parsers.set(format, parser)
    }
    if (parser === null) return
    const text = Buffer.from(reader.raw(at)).toString('utf8')
    const again = new EventRow()
    again.format = format
    try {
      if (parser.parse(text, again) !== 'event') return
    } catch {
      // Its columns are what there is.
      return
    }
    row.clear()
    row.format = format
    row.type = type
    row.time = time
    for (const field of again.fields) row.set(field, again.values[field]!)
  }

  finish(): { finds: HistoryFind[]; later: LaterHit[] } {
    const finds: HistoryFind[] = []
    this.#task.rules.forEach((rule, place) => {
      const { matches, days, newest } = this.#tallies[place]!
      if (rule.alerts === false) return
      finds.push({
        id: rule.id,
        title: rule.title,
        kind: 'rule',
        matches,
        days: daysOf(days),
        samples: this.#events(newest.map(({ id }) => ({ id, group: null, events: 1 }))),
      })
    })
    const found = this.#scenarios.finish()
    for (const plan of this.#task.plans) {
      if (!plan.alerts) continue
      const own = found.filter((one) => one.plan.id === plan.id)
      this.matches += own.length
      const days = new Map<number, number>()
      for (const { first } of own) days.set(Math.floor(first / DAY), (days.get(Math.floor(first / DAY)) ?? 0) + 1)
      const newest = own.toSorted((a, b) => b.last - a.last).slice(0, this.#task.samples)
      finds.push({
        id: plan.id,
        title: plan.title,
        kind: 'scenario',
        matches: own.length,
        days: daysOf(days),
        samples: this.#events(
          newest.map((one) => {
            const events = eventsOf(one)
            const group = plan.groupBy.map((name, i) => `${name}=${one.group[i] ?? ''}`).join(', ')
            return { id: events[0]!.event, group, events: events.length }
          }),
        ),
      })
      if (this.#known !== null) for (const one of own) this.#laterOf(plan, one)
    }
    return { finds, later: [...this.#later.values()].map((draft) => draft.done(this.#task.texts)) }
  }

  #laterOf(plan: ScenarioPlan, found: Parameters<typeof eventsOf>[0]): void {
    const events = eventsOf(found)
    if (events.every(({ event }) => this.#known!.has(plan.id, event)) || this.#later.size >= MOST_LATER) return
    const steps = stepsOf(found)
    const begin = this.#seen.get(events[0]!.event)
    const end = this.#seen.get(events.at(-1)!.event) ?? begin
    if (begin === undefined || end === undefined) return
    const group = plan.groupBy.map((name, i): [string, string] => [name, found.group[i] ?? ''])
    const key = `scn|${plan.id}|${JSON.stringify(group).toLowerCase()}`
    const parties: Parties = { ...end, source: begin.source, user: end.user ?? begin.user }
    const draft = new LaterDraft({
      key,
      kind: 'scn',
      detection: plan.id,
      title: plan.title,
      level: plan.level,
      attack: plan.attack,
      parties,
      group,
    })
    for (const { event, time } of events) draft.add(event, time, steps.get(event) ?? '')
    this.#later.set(`${key} ${found.first}`, draft)
  }

  #events(wanted: readonly { id: number; group: string | null; events: number }[]): HistoryFind['samples'] {
    const rows = eventsById(
      wanted.map(({ id }) => id),
      [],
      this.#scope,
    )
    const byId = new Map(rows.map((row) => [row.id, row]))
    return wanted.flatMap(({ id, group, events }) => {
      const event = byId.get(String(id))
      return event === undefined ? [] : [{ event, group, events }]
    })
  }
}

/** Event → the rule it fulfilled. */
function stepsOf(found: Parameters<typeof eventsOf>[0]): Map<number, string> {
  const steps = new Map<number, string>()
  const walk = ({ entries, plan }: Parameters<typeof eventsOf>[0]): void => {
    for (const { event, match, step } of entries)
      if (match !== null) walk(match)
      else if (event !== null && !steps.has(event)) steps.set(event, plan.steps[step]?.id ?? '')
  }
  walk(found)
  return steps
}

function keepNewest(all: { id: number; time: number }[], one: { id: number; time: number }, most: number): void {
  if (most === 0) return
  if (all.length >= most && all.at(-1)!.time >= one.time) return
  let at = all.length
  while (at > 0 && all[at - 1]!.time < one.time) at--
  all.splice(at, 0, one)
  if (all.length > most) all.pop()
}

const daysOf = (days: ReadonlyMap<number, number>): HistoryFind['days'] =>
  [...days]
    .sort((a, b) => a[0] - b[0])
    .slice(-MOST_DAYS)
    .map(([day, matches]) => ({ day: isoFromMicros(day * DAY).slice(0, 10), matches }))
