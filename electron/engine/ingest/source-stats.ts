/** Figures of one source: totals, and rates over the last ten minutes. */
import type { Batch } from '../store/batch.ts'

const STEP_MS = 10_000
const STEPS = 60
/** The last so many seconds make the rate. */
const WINDOW_S = 10

export interface Totals {
  records: number
  events: number
  rejected: number
  bytes: number
  /** ISO-8601 UTC. */
  last: string | null
}

export class SourceStats {
  readonly totals: Totals
  readonly formats = new Set<string>()
  /** Records per second of the clock, for the last WINDOW_S + 1 of them. */
  readonly #seconds = new Map<number, number>()
  readonly #steps: number[] = Array.from({ length: STEPS }, () => 0)
  #step = Math.floor(Date.now() / STEP_MS)
  #inStep = 0

  constructor(totals: Totals = { records: 0, events: 0, rejected: 0, bytes: 0, last: null }) {
    this.totals = { ...totals }
  }

  add(batch: Batch, now = Date.now()): void {
    const { totals } = this
    totals.records += batch.records
    totals.events += batch.block?.rows ?? 0
    totals.rejected += batch.rejectedCount
    totals.bytes += batch.bytes
    if (batch.records > 0) totals.last = new Date(now).toISOString()
    // A file that was only begun has no format yet.
    for (const { format } of batch.positions) if (format !== '' && this.formats.size < 32) this.formats.add(format)
    this.#turn(now)
    this.#inStep += batch.records
    const second = Math.floor(now / 1000)
    this.#seconds.set(second, (this.#seconds.get(second) ?? 0) + batch.records)
    for (const old of this.#seconds.keys()) if (old < second - WINDOW_S) this.#seconds.delete(old)
  }

  /** Records per second over the last ten seconds. */
  rate(now = Date.now()): number {
    const from = Math.floor(now / 1000) - WINDOW_S
    let sum = 0
    for (const [second, count] of this.#seconds) if (second > from) sum += count
    return Math.round((sum / WINDOW_S) * 10) / 10
  }

  /** Rate of each of the last 60 × 10 s, oldest first. */
  rates(now = Date.now()): number[] {
    this.#turn(now)
    return this.#steps.map((count) => Math.round((count / (STEP_MS / 1000)) * 10) / 10)
  }

  #turn(now: number): void {
    const step = Math.floor(now / STEP_MS)
    for (let turns = Math.min(STEPS, step - this.#step); turns > 0; turns--) {
      this.#steps.push(this.#inStep)
      this.#steps.shift()
      this.#inStep = 0
    }
    this.#step = step
  }
}
