/**
 * Runs what is due over what was received since it ran last, one run after the other, in a process of its own; raises what it finds, once.
 * A rule that never ran reads everything that is stored.
 */
import type { RuleRun } from '../../../../shared/model/rule.ts'
import { isoFromMicros } from '../../../../shared/model/time.ts'
import type { Store } from '../../store/types.ts'
import type { KnownRules } from '../workbench/check-text.ts'
import type { RuleSchedules } from './rule-schedules.ts'
import { scheduledTask } from './scheduled-task.ts'

const LOOK_EVERY = 60_000
const DAY = 86_400_000

export interface RunProgress {
  readonly rules: number
  readonly scanned: number
  readonly of: number
}

/** What it needs of the rule library. */
export interface ScheduledOf {
  readonly known: KnownRules
  mayRun(id: string): boolean
}

export class ScheduledRuns {
  readonly #store: Pick<Store, 'history'>
  readonly #rules: ScheduledOf
  readonly #schedules: RuleSchedules
  readonly #now: () => number
  readonly #listeners = new Set<() => void>()
  #timer: NodeJS.Timeout | null = null
  #progress: RunProgress | null = null
  #runs = 0
  #stop = new AbortController()
  #working: Promise<void> = Promise.resolve()
  #waiting = false
  #closed = false

  constructor(store: Pick<Store, 'history'>, rules: ScheduledOf, schedules: RuleSchedules, now: () => number = Date.now) {
    this.#store = store
    this.#rules = rules
    this.#schedules = schedules
    this.#now = now
  }

  start(): void {
    this.#timer = setInterval(() => this.look(), LOOK_EVERY).unref()
  }

  /** Of the run that goes on; null where none does. */
  get progress(): RunProgress | null {
    return this.#progress
  }

  /** Runs that are over. */
  get runs(): number {
    return this.#runs
  }

  /** Called when a run begins, goes on, or is over. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Runs what is due now. */
  look(): void {
    if (this.#waiting || this.#closed) return
    this.#waiting = true
    this.#working = this.#working.then(async () => {
      this.#waiting = false
      await this.#runDue()
    })
  }

  /** Ends the run that goes on. */
  stop(): void {
    this.#stop.abort()
  }

  /** Resolves when nothing runs any more. */
  async settled(): Promise<void> {
    await this.#working
  }

  async close(): Promise<void> {
    this.#closed = true
    if (this.#timer !== null) clearInterval(this.#timer)
    this.stop()
    await this.#working
    this.#listeners.clear()
  }

  async #runDue(): Promise<void> {
    const due = this.#schedules.due().filter((id) => this.#rules.mayRun(id))
    const first = due.filter((id) => this.#schedules.ran(id) === null)
    const again = due.filter((id) => this.#schedules.ran(id) !== null)
    for (const ids of [again, first]) if (ids.length > 0 && !this.#closed) await this.#run(ids)
  }

  async #run(ids: readonly string[]): Promise<void> {
    const began = this.#now()
    const { task, longest } = scheduledTask(new Set(ids), this.#rules.known)
    const since = Math.min(...ids.map((id) => this.#schedules.ran(id) ?? -Infinity))
    // Days of receipt: the one before also, since a day's last batch may be stored when the next has begun.
    const receivedFrom = since === -Infinity ? null : since - DAY - longest / 1000
    this.#stop = new AbortController()
    this.#schedules.begin(ids)
    this.#tell({ rules: ids.length, scanned: 0, of: 0 })
    const done = await this.#store.history(
      { ...task, from: null, to: null, samples: 0, raise: true, receivedFrom },
      ({ scanned, of }) => this.#tell({ rules: ids.length, scanned, of }),
      this.#stop.signal,
    )
    if (this.#closed) return
    const run: Omit<RuleRun, 'matches'> = {
      at: isoFromMicros(began * 1000),
      seconds: done.ok ? done.value.seconds : (this.#now() - began) / 1000,
      scanned: done.ok ? done.value.scanned : 0,
      problem: done.ok ? null : done.error.message,
    }
    const matches = new Map(done.ok ? done.value.finds.map((find) => [find.id, find.matches]) : [])
    await this.#schedules.done(
      done.ok ? began : null,
      ids.map((id) => ({ id, run: { ...run, matches: matches.get(id) ?? 0 } })),
    )
    this.#runs++
    this.#tell(null)
  }

  #tell(progress: RunProgress | null): void {
    this.#progress = progress
    for (const listener of this.#listeners) listener()
  }
}
