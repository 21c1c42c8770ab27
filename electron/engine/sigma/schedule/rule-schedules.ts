/** Which rules run over what is stored instead of being evaluated as records arrive: when they did, and when they will. */
import type { Result } from '../../../../shared/model/result.ts'
import type { RuleRun, RuleSchedule } from '../../../../shared/model/rule.ts'
import { isoFromMicros } from '../../../../shared/model/time.ts'
import type { StoredSchedule } from '../../store/desk-schedules.ts'
import type { Store } from '../../store/types.ts'

const HOUR = 3_600_000

export class RuleSchedules {
  readonly #store: Pick<Store['rules'], 'schedules' | 'schedule' | 'scheduledRun'>
  readonly #now: () => number
  #all = new Map<string, StoredSchedule>()
  /** Asked for by hand: due whatever the hour. */
  readonly #asked = new Set<string>()
  #running: ReadonlySet<string> = new Set()

  /** `now`: milliseconds. */
  constructor(store: Pick<Store, 'rules'>, now: () => number = Date.now) {
    this.#store = store.rules
    this.#now = now
  }

  async load(): Promise<void> {
    this.#all = new Map((await this.#store.schedules()).map((one) => [one.id, one]))
  }

  has(id: string): boolean {
    return this.#all.has(id)
  }

  /** When its last run that came to its end began, in milliseconds; null where there was none. */
  ran(id: string): number | null {
    return this.#all.get(id)?.ran ?? null
  }

  /** As the screen shows it; null where the rule is evaluated live. */
  of(id: string): Omit<RuleSchedule, 'step'> | null {
    const stored = this.#all.get(id)
    if (stored === undefined) return null
    const { hours, run } = stored
    return { hours, last: run, next: isoFromMicros(this.#next(stored) * 1000), running: this.#running.has(id) }
  }

  /** `hours` null: evaluated live again. */
  async set(ids: readonly string[], hours: number | null): Promise<Result<void>> {
    const saved = await this.#store.schedule(ids, hours)
    if (!saved.ok) return saved
    for (const id of ids) {
      const known = this.#all.get(id)
      if (hours === null) this.#all.delete(id)
      else this.#all.set(id, known === undefined ? { id, hours, ran: null, run: null } : { ...known, hours })
    }
    return saved
  }

  /** Due at once. */
  ask(ids: readonly string[]): void {
    for (const id of ids) if (this.has(id)) this.#asked.add(id)
  }

  /** Ids that are due. A run that failed is tried again when the next one would be. */
  due(): string[] {
    const now = this.#now()
    return [...this.#all.values()].filter((one) => this.#asked.has(one.id) || this.#next(one) <= now).map(({ id }) => id)
  }

  /** These run from now on. */
  begin(ids: readonly string[]): void {
    this.#running = new Set(ids)
    for (const id of ids) this.#asked.delete(id)
  }

  /** They ran; `ran` as in {@link StoredSchedule}, null where the run did not come to its end. */
  async done(ran: number | null, runs: readonly { readonly id: string; readonly run: RuleRun }[]): Promise<void> {
    this.#running = new Set()
    const saved = await this.#store.scheduledRun(ran, runs)
    if (!saved.ok) process.stderr.write(`watchfloor: a run of rules was not noted: ${saved.error.message}\n`)
    for (const { id, run } of runs) {
      const known = this.#all.get(id)
      if (known !== undefined) this.#all.set(id, { ...known, ran: ran ?? known.ran, run })
    }
  }

  /** Milliseconds. */
  #next({ hours, run }: StoredSchedule): number {
    return run === null ? this.#now() : Date.parse(run.at) + hours * HOUR
  }
}
