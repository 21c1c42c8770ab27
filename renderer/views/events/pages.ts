/**
 * Rows by number over keyset pages. Pages are read from the nearest place that is known; a far one is reached by time: the
 * histogram says how many events lie before a moment, so the row 900,000 is found in a few questions instead of 4,500 pages.
 */
import type { TimeWindow } from '../../../shared/contract.ts'
import type { EventRow } from '../../../shared/model/event.ts'
import { ok, type Result } from '../../../shared/model/result.ts'
import { isoFromMicros, microsFromIso, type Micros } from '../../../shared/model/time.ts'

export interface PageSource {
  search(input: {
    window: TimeWindow
    after: string | null
    limit: number
    fields: readonly string[]
  }): Promise<Result<{ events: readonly EventRow[]; after: string | null; took: number }>>
  histogram(input: {
    window: TimeWindow
    slots: number
  }): Promise<Result<{ from: string; to: string; counts: readonly number[] }>>
}

export interface Rows {
  readonly rows: readonly EventRow[]
  /** How many rows there are in all, where the end was reached. */
  readonly last: number | null
  /** Milliseconds the engine took for the last page. */
  readonly took: number
}

/** Row `index` is the first one a search with this window and cursor gives. */
interface Mark {
  readonly index: number
  readonly window: TimeWindow
  readonly after: string | null
}

/** Largest page the contract allows. */
const PAGE = 1000
/** Fields of rows that are only read past. */
const PASSED = ['type']
/** Rows that are rather read past than asked about. */
const NEAR = 2000
const SLOTS = 400
const MAX_MARKS = 4000
const MINUTE: Micros = 60_000_000
const QUARTER: Micros = 15 * MINUTE

export class PageBook {
  readonly #source: PageSource
  readonly #order: 'newest' | 'oldest'
  #window: TimeWindow
  /** Sorted by index. */
  readonly #marks: Mark[]

  constructor(source: PageSource, window: TimeWindow, order: 'newest' | 'oldest') {
    this.#source = source
    this.#window = window
    this.#order = order
    this.#marks = [{ index: 0, window, after: null }]
  }

  /** Rows `start` to before `end`, or fewer at the end of all, with these fields. */
  async rows(start: number, end: number, fields: readonly string[]): Promise<Result<Rows>> {
    let mark = this.#nearest(start)
    if (start - mark.index > NEAR) {
      const jumped = await this.#jump(start)
      if (!jumped.ok) return jumped
      mark = jumped.value ?? mark
    }
    const rows: EventRow[] = []
    let took = 0
    for (;;) {
      const skip = start - mark.index
      const limit = Math.min(PAGE, skip > 0 ? skip : end - start - rows.length)
      const page = await this.#source.search({
        window: mark.window,
        after: mark.after,
        limit,
        fields: skip > 0 ? PASSED : fields,
      })
      if (!page.ok) return page
      const { events, after } = page.value
      took = page.value.took
      if (mark.index === 0 && mark.after === null) mark = this.#pin(mark, events[0])
      if (skip <= 0) rows.push(...events)
      const index = mark.index + events.length
      if (after === null || events.length === 0) return ok({ rows, last: index, took })
      mark = { index, window: mark.window, after }
      this.#remember(mark)
      if (rows.length >= end - start) return ok({ rows, last: null, took })
    }
  }

  /** What arrives later must not push rows down: the end of an open window is the newest row that was there. */
  #pin(mark: Mark, newest: EventRow | undefined): Mark {
    if (this.#order !== 'newest' || this.#window.to !== null || !newest) return mark
    const at = microsFromIso(newest.time)
    if (at === undefined) return mark
    this.#window = { from: this.#window.from, to: isoFromMicros(at + 1) }
    const pinned = { ...mark, window: this.#window }
    this.#marks[0] = pinned
    return pinned
  }

  #nearest(index: number): Mark {
    let low = 0
    let high = this.#marks.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((this.#marks[middle] as Mark).index <= index) low = middle
      else high = middle - 1
    }
    return this.#marks[low] as Mark
  }

  #remember(mark: Mark): void {
    const before = this.#marks.findLastIndex(({ index }) => index <= mark.index)
    if (this.#marks[before]?.index === mark.index) return
    this.#marks.splice(before + 1, 0, mark)
    if (this.#marks.length > MAX_MARKS) {
      // Every second one goes; the first, which is the beginning, stays.
      const kept = this.#marks.filter((_, place) => place % 2 === 0)
      this.#marks.splice(0, this.#marks.length, ...kept)
    }
  }

  /** A mark close before `index`, found by counting events in ever narrower stretches of time. Null where counting does not help. */
  async #jump(index: number): Promise<Result<Mark | null>> {
    const newest = this.#order === 'newest'
    const whole = await this.#source.histogram({ window: this.#window, slots: 1 })
    if (!whole.ok) return whole
    let from = given(this.#window.from) ?? given(whole.value.from)
    let to = given(this.#window.to) ?? given(whole.value.to)
    if (from === undefined || to === undefined || to <= from) return ok(null)
    /** Rows before the stretch, in the order of the rows. */
    let base = 0
    if ((to - from) / SLOTS >= MINUTE) {
      // Long stretches may be counted by whole quarters of an hour. What lies between the first row and the first whole quarter is
      // counted by itself, in slots too short for that.
      const edge = newest ? Math.floor(to / QUARTER) * QUARTER : Math.ceil(from / QUARTER) * QUARTER
      const head = newest ? { from: edge, to } : { from, to: edge }
      if (head.to > head.from) {
        const found = await this.#source.histogram({ window: windowOf(head.from, head.to), slots: 20 })
        if (!found.ok) return found
        const count = found.value.counts.reduce((sum, one) => sum + one, 0)
        if (index < count) ({ from, to } = head)
        else {
          base = count
          if (newest) to = edge
          else from = edge
        }
      }
    }
    let mark: Mark | null = null
    for (let level = 0; level < 6; level++) {
      // Slots of whole microseconds, so that both sides cut at the same places. The stretch grows at its far end only.
      const width: Micros = Math.ceil((to - from) / SLOTS)
      const slots = Math.ceil((to - from) / width)
      const found = await this.#source.histogram({
        window: newest ? windowOf(to - width * slots, to) : windowOf(from, from + width * slots),
        slots,
      })
      if (!found.ok) return found
      const { counts } = found.value
      // The slots of the answer, which may be fewer and wider than those that were asked for.
      const first = given(found.value.from)
      const last = given(found.value.to)
      if (first === undefined || last === undefined || counts.length === 0) break
      const step: Micros = (last - first) / counts.length
      let slot = newest ? counts.length - 1 : 0
      while ((newest ? slot > 0 : slot < counts.length - 1) && base + (counts[slot] ?? 0) <= index) {
        base += counts[slot] ?? 0
        slot += newest ? -1 : 1
      }
      const near = first + step * (newest ? slot + 1 : slot)
      mark = {
        index: base,
        window: newest
          ? { from: this.#window.from, to: isoFromMicros(Math.min(near, to)) }
          : { from: isoFromMicros(Math.max(near, from)), to: this.#window.to },
        after: null,
      }
      if (index - base <= NEAR || step <= 1) break
      if (newest) [from, to] = [near - step, Math.min(near, to)]
      else [from, to] = [Math.max(near, from), near + step]
    }
    if (mark) this.#remember(mark)
    return ok(mark)
  }
}

const given = (iso: string | null): Micros | undefined => (iso === null ? undefined : microsFromIso(iso))
const windowOf = (from: Micros, to: Micros): TimeWindow => ({ from: isoFromMicros(from), to: isoFromMicros(to) })
