/** What each source has brought, over all partitions. */
import { isoFromMicros } from '../../../shared/model/time.ts'
import type { SourceTotal } from './partition-writer.ts'

/** `last` is a time of ISO 8601, null where nothing came yet. */
export type ShownTotal = Omit<SourceTotal, 'last'> & { readonly last: string | null }

export class SourceTotals {
  readonly #totals = new Map<string, SourceTotal>()
  #events = 0

  /** Events of all sources. */
  get events(): number {
    return this.#events
  }

  /** Without a source only the events are counted. */
  add(source: string | undefined, more: SourceTotal): void {
    this.#events += more.events
    if (source === undefined) return
    const total = this.#totals.get(source)
    if (!total) {
      const { records, events, rejected, bytes, last } = more
      this.#totals.set(source, { records, events, rejected, bytes, last })
      return
    }
    total.records += more.records
    total.events += more.events
    total.rejected += more.rejected
    total.bytes += more.bytes
    if (more.last !== null) total.last = Math.max(total.last ?? 0, more.last)
  }

  clear(): void {
    this.#totals.clear()
    this.#events = 0
  }

  /** By source. */
  shown(): Record<string, ShownTotal> {
    const all = Object.create(null) as Record<string, ShownTotal>
    for (const [source, { last, ...rest }] of this.#totals)
      all[source] = { ...rest, last: last === null ? null : isoFromMicros(last) }
    return all
  }
}
