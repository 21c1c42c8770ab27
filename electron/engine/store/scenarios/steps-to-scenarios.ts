/**
 * From matches of step rules, as partitions hold them, to what scenarios have seen, and from there to alerts of the desk: at once,
 * gathered for a moment while much is imported, or later where there was no room. Three files are written one after the other, each
 * with the mark that says how far it came, so every event counts exactly once (docs/adr/0005).
 */
import { severityRank } from '../../../../shared/model/severity.ts'
import type { DetectionText } from '../../../../shared/model/alert.ts'
import type { ScenarioPlan } from '../../sigma/scenarios/scenario.ts'
import { openForReading, type WriteDatabase } from '../database.ts'
import { DeskAlerts } from '../desk-alerts.ts'
import { SLOT_MICROS } from '../hits.ts'
import { SEQUENCES } from '../limits.ts'
import { partitionPath } from '../partition-files.ts'
import { PartitionWriter, partiesIn, type StoredHit } from '../partition-writer.ts'
import { openState } from './open-state.ts'
import { ScenarioState, type StepLog } from './state.ts'
import { SCENARIO_DAY, type LaterHit, type Told } from './told.ts'

/** Step events and milliseconds after which what is gathered is applied. */
const MOST_GATHERED = 4000
const LONGEST = 1000
/** Logs of a partition that are read at a time. */
const PAGE = 50
const MOST_TOLD = 500
/** Of judging when the store is closed. */
const MOST_ROUNDS = 50

/** A scenario that runs, and its text as it stands now. */
export interface RunningScenario {
  readonly plan: ScenarioPlan
  readonly text: DetectionText
}

/** What the writer knows and this needs. Times in microseconds. */
export interface StepsParts {
  readonly dir: string
  readonly desk: WriteDatabase
  readonly bulkRows: number
  /** Matches this far apart are still one alert. */
  readonly window: number
  now(): number
  /** The partition that is written to. */
  current(): PartitionWriter | null
  /** True, with the banner up, where an error means that the disk is full. */
  outOfRoom(error: unknown): boolean
  /** Alerts that changed, and whether any of them is new. */
  changed(ids: readonly number[], raised: boolean): void
}

export class StepsToScenarios {
  readonly #parts: StepsParts
  readonly #alerts: DeskAlerts
  readonly #state: ScenarioState
  /** The file that was set aside when this was opened, because it could not be read. */
  readonly lost: string | null
  readonly #fresh: boolean
  #gathered: StepLog[] = []
  #events = 0
  #since = 0
  /** Nothing is applied before it is known which scenarios run: it would count as seen. */
  #running: ReadonlyMap<string, RunningScenario> | null = null
  /** Days whose steps wait. */
  readonly #waiting = new Set<number>()
  /** The desk has not been told everything. */
  #untold = true
  readonly #texts = new Set<string>()
  #closed = false

  constructor(parts: StepsParts) {
    this.#parts = parts
    this.#alerts = new DeskAlerts(parts.desk)
    const { db, fresh, lost } = openState(parts.dir, parts.now() / 1000)
    this.lost = lost
    this.#fresh = fresh
    this.#state = new ScenarioState({
      db,
      lastTold: this.#alerts.applied(SCENARIO_DAY),
      now: () => parts.now(),
      partiesOf: (event) => this.#partiesOf(event),
    })
  }

  /** The partitions there are, and the number of the newest step of each: called once, before anything is stored. */
  begin(days: readonly { readonly day: number; readonly seq: number }[]): void {
    if (this.#fresh) this.#state.skip(days)
    for (const { day, seq } of days) if (seq > this.applied(day)) this.#waiting.add(day)
  }

  /** Which scenarios run from now on. */
  run(scenarios: readonly RunningScenario[]): void {
    this.apply()
    this.#running = new Map(scenarios.map((scenario) => [scenario.plan.id, scenario]))
    this.#texts.clear()
    this.#state.setPlans(scenarios.map(({ plan }) => plan))
    this.tick()
  }

  /** Up to which step of a partition scenarios are made. */
  applied(day: number): number {
    return this.#state.applied(day)
  }

  /** These steps of one commit of `rows` events are stored. */
  stored(day: number, steps: StepLog | null, rows: number): void {
    const now = this.#parts.now() / 1000
    if (steps !== null) {
      if (this.#running === null) this.#waiting.add(day)
      else {
        if (this.#gathered.length === 0) this.#since = now
        this.#gathered.push(steps)
        this.#events += steps.steps.reduce((sum, { events }) => sum + events.length, 0)
      }
    }
    if (this.gathers && (rows < this.#parts.bulkRows || this.#events >= MOST_GATHERED || now - this.#since >= LONGEST))
      this.apply()
  }

  /** Whether stored steps wait to be applied, for a moment. */
  get gathers(): boolean {
    return this.#gathered.length > 0
  }

  /** Applies what is gathered; it waits where it cannot be written now, and is not lost: the partition has it. */
  apply(): void {
    const logs = this.#gathered
    this.#gathered = []
    this.#events = 0
    const writer = this.#parts.current()
    if (logs.length === 0 || writer === null) return
    if (this.#waiting.has(writer.day)) return
    this.#guarded(writer.day, () => this.#state.apply(writer.day, logs))
    this.#tell()
  }

  /** Between commits: what waits, windows that are over, what the desk has not been told. False where there is nothing more to do now. */
  tick(): boolean {
    this.apply()
    if (this.#running === null) return false
    this.#catchUp()
    let more = false
    this.#guarded(null, () => (more = this.#state.judge()))
    if (!more) this.#guarded(null, () => (more = this.#state.tidy()))
    this.#tell()
    return more
  }

  /** What was found later, in history, raises alerts or joins them. Gives how many. */
  later(hits: readonly LaterHit[]): number {
    this.apply()
    this.#state.tellLater(hits)
    this.#untold = true
    this.#tell()
    return hits.length
  }

  /** The partition is gone, and its steps with it. */
  drop(day: number): void {
    if (this.#parts.current()?.day === day) this.#gathered = []
    this.#waiting.delete(day)
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    try {
      this.apply()
      // Nothing follows: what is over need not wait for the next start.
      if (this.#running !== null) {
        for (let round = 0, more = true; more && round < MOST_ROUNDS; round++) {
          more = false
          this.#guarded(null, () => (more = this.#state.judge(true)))
        }
        this.#tell()
      }
    } finally {
      this.#state.close()
    }
  }

  #catchUp(): void {
    const current = this.#parts.current()
    for (const day of [...this.#waiting].sort((a, b) => a - b)) {
      const own = current?.day === day ? current : null
      const writer = own ?? new PartitionWriter(partitionPath(this.#parts.dir, day), day)
      try {
        let page: StepLog[] = []
        const apply = (): boolean => {
          const done = page.length === 0 || this.#guarded(null, () => this.#state.apply(day, page))
          page = []
          return done
        }
        let whole = true
        for (const log of writer.stepsAfter(this.applied(day)))
          if (page.push(log) >= PAGE && !apply()) {
            whole = false
            break
          }
        if (!whole || !apply()) return
        this.#waiting.delete(day)
      } finally {
        if (own === null) writer.close()
      }
    }
  }

  /** False where there is no room now; `day` then waits. */
  #guarded(day: number | null, work: () => void): boolean {
    try {
      work()
      this.#untold = true
      return true
    } catch (error) {
      if (!this.#parts.outOfRoom(error)) process.stderr.write(`store: scenarios cannot be evaluated: ${String(error)}\n`)
      if (day !== null) this.#waiting.add(day)
      return false
    }
  }

  /** Tells the desk what it has not been told, in order. */
  #tell(): void {
    if (!this.#untold || this.#running === null) return
    try {
      for (;;) {
        const told = this.#state.toldAfter(this.#alerts.applied(SCENARIO_DAY), MOST_TOLD)
        if (told.length === 0) break
        this.#parts.current()?.flushLog()
        this.#state.flushLog()
        const byNumber = new Map(told.map(({ seq, told: one }) => [seq, one]))
        const hits = told.map(({ seq, told: one }) =>
          one.kind === 'found' ? this.#hitOf(seq, one) : one.kind === 'later' ? laterHit(seq, one.hit) : nothing(seq),
        )
        const changed = new Set<number>()
        const applied = this.#alerts.apply(SCENARIO_DAY, hits, this.#parts.now(), this.#parts.window, (seq) => {
          const one = byNumber.get(seq)
          if (one?.kind === 'found') this.#keep(seq, one)
          else if (one?.kind === 'later')
            this.#keep(seq, { ...one.hit, scenario: one.hit.detection, match: 0, fulfilled: one.hit.first })
          else if (one?.kind === 'withdrawn') for (const alert of this.#withdraw(one.match)) changed.add(alert)
        })
        this.#markLater(applied.raised.filter((seq) => byNumber.get(seq)?.kind === 'later'))
        this.#state.dropTold(told.at(-1)!.seq)
        this.#parts.changed([...new Set([...applied.changed, ...changed])], applied.raised.length > 0)
      }
      this.#untold = false
    } catch (error) {
      this.#alerts.forget()
      this.#texts.clear()
      if (!this.#parts.outOfRoom(error)) process.stderr.write(`store: the desk cannot be told of scenarios: ${String(error)}\n`)
    }
  }

  #keep(seq: number, { scenario, match, group, fulfilled, steps }: Kept): void {
    this.#parts.desk
      .prepare('INSERT OR REPLACE INTO scenario_hit (seq, scenario, match, grp, fulfilled, steps) VALUES (?, ?, ?, ?, ?, ?)')
      .run(seq, scenario, match, JSON.stringify(group), fulfilled, JSON.stringify(steps))
  }

  /** These alerts say that they were found later. */
  #markLater(raised: readonly number[]): void {
    const { desk } = this.#parts
    for (const seq of raised) {
      const alert = desk.prepare('SELECT alert FROM alert_hit WHERE day = ? AND seq = ?').pluck().get(SCENARIO_DAY, seq)
      if (alert !== undefined)
        desk
          .prepare("INSERT INTO alert_action (step, alert, at, by, action) VALUES (0, ?, ?, 'watchfloor', 'found_later')")
          .run(alert, this.#parts.now())
    }
  }

  /** Alerts that were raised from a match which late records have disproved; they stay for somebody to decide. */
  #withdraw(match: number): number[] {
    const { desk } = this.#parts
    const alerts = desk
      .prepare(
        'SELECT DISTINCT a.alert FROM scenario_hit s JOIN alert_hit a ON a.day = ? AND a.seq = s.seq WHERE s.match = ? LIMIT 100',
      )
      .pluck()
      .all(SCENARIO_DAY, match) as number[]
    for (const alert of alerts) {
      desk
        .prepare("INSERT INTO alert_action (step, alert, at, by, action) VALUES (0, ?, ?, 'watchfloor', 'withdrawn')")
        .run(alert, this.#parts.now())
      desk.prepare('UPDATE alert SET revision = revision + 1 WHERE id = ?').run(alert)
    }
    return alerts
  }

  #hitOf(seq: number, told: Extract<Told, { kind: 'found' }>): StoredHit {
    const running = this.#running?.get(told.scenario)
    const { steps, parties, first, last, count } = told
    const slots = new Map<number, number>()
    for (const [, time] of steps) {
      const slot = Math.floor(time / SLOT_MICROS)
      slots.set(slot, (slots.get(slot) ?? 0) + 1)
    }
    if (slots.size === 0) slots.set(Math.floor(last / SLOT_MICROS), count)
    const text = running !== undefined && !this.#texts.has(told.scenario) ? running.text : null
    if (text !== null) this.#texts.add(told.scenario)
    return {
      seq,
      key: `scn|${told.scenario}|${JSON.stringify(told.group).toLowerCase()}`,
      severity: severityRank(running?.plan.level ?? 'medium'),
      count,
      // An inner match takes part when it was fulfilled, and its own events were before that.
      first: steps.reduce((earliest, [, time]) => Math.min(earliest, time), first),
      last,
      slots: [...slots],
      event: (steps.find(([, time]) => time >= told.fulfilled) ?? steps.at(-1))?.[0] ?? 0,
      kept: false,
      body: {
        kind: 'scn',
        detection: told.scenario,
        title: running?.plan.title ?? told.scenario,
        attack: running?.plan.attack ?? [],
        category: running?.plan.type ?? null,
        ...parties,
        marks: [],
        text,
      },
    }
  }

  #partiesOf(event: number): ReturnType<PartitionWriter['partiesOf']> {
    const day = Math.floor(event / SEQUENCES)
    const current = this.#parts.current()
    try {
      if (current?.day === day) return current.partiesOf(event)
      const db = openForReading(partitionPath(this.#parts.dir, day))
      try {
        return partiesIn(db, event)
      } finally {
        db.close()
      }
    } catch {
      // Its partition is gone or set aside: the alert names nobody, and is raised all the same.
      return undefined
    }
  }
}

type Kept = Pick<Extract<Told, { kind: 'found' }>, 'scenario' | 'match' | 'group' | 'fulfilled' | 'steps'>

const laterHit = (seq: number, hit: LaterHit): StoredHit => ({
  seq,
  key: hit.key,
  severity: hit.severity,
  count: hit.count,
  first: hit.first,
  last: hit.last,
  slots: hit.slots,
  event: hit.steps[0]?.[0] ?? 0,
  kept: false,
  body: {
    kind: hit.kind,
    detection: hit.detection,
    title: hit.title,
    attack: hit.attack,
    category: null,
    source: hit.source,
    destination: hit.destination,
    asset: hit.asset,
    user: hit.user,
    marks: [],
    text: hit.text,
  },
})

/** In the place of what raises nothing: it has a number like all others. */
const nothing = (seq: number): StoredHit => ({
  seq,
  key: `scn||${seq}`,
  severity: 0,
  count: 0,
  first: 0,
  last: 0,
  slots: [],
  event: 0,
  body: null,
  kept: false,
})
