/** Searches over events. Each is a generator that yields between blocks, so that a thread can cancel it or let a shorter one pass. */
import type { EventRow } from '../../../../shared/model/event.ts'
import { fail, ok } from '../../../../shared/model/result.ts'
import { prepared } from '../database.ts'
import type { Result } from '../../../../shared/model/result.ts'
import { isoFromMicros, microsFromIso } from '../../../../shared/model/time.ts'
import { parseQuery } from '../../../../shared/query/parse.ts'
import { COLUMN_KINDS } from '../column-format.ts'
import { SEQUENCES } from '../limits.ts'
import { SYSTEM, fieldOfColumn } from '../system-columns.ts'
import type { InputOf, OutputOf } from '../types.ts'
import { ask, countOf, mayFit, rowsThatFit } from './evaluate.ts'
import type { Asked, Mask } from './evaluate.ts'
import { eventRows, shownFields } from './event-rows.ts'
import type { Found, Shown } from './event-rows.ts'
import { isCanonical, resolveField } from './field-names.ts'
import type { Aliases } from './field-names.ts'
import { reading } from './library.ts'
import type { Library } from './library.ts'
import type { BlockInfo } from './partition.ts'
import { boundsOf, planOf } from './plan.ts'
import type { Plan } from './plan.ts'
import { ValueCounter } from './value-counter.ts'

/** Given back between blocks: how far it is, for the log of slow queries and for progress. */
export interface Step {
  readonly scanned: number
}
export type Search<T> = Generator<Step, Result<T>, void>

export interface Scope {
  readonly library: Library
  readonly aliases: Aliases
  /** Microseconds. */
  readonly now: number
}
interface Window {
  readonly from: string | null
  readonly to: string | null
}

/** The plan of a query inside a window. */
export function planFor(where: string, window: Window, { aliases, now }: Pick<Scope, 'aliases' | 'now'>): Result<Plan> {
  const parsed = parseQuery(where)
  if (!parsed.ok) return parsed
  const from = window.from === null ? -Infinity : (microsFromIso(window.from) ?? -Infinity)
  const to = window.to === null ? Infinity : (microsFromIso(window.to) ?? Infinity) - 1
  const plan = planOf(parsed.value, aliases, now)
  if (from > to) return ok({ kind: 'none' })
  if (from === -Infinity && to === Infinity) return ok(plan)
  const inside: Plan = { kind: 'system', of: 'time', from, to, test: null }
  if (plan.kind === 'all') return ok(inside)
  if (plan.kind === 'none') return ok(plan)
  return ok(plan.kind === 'and' ? { kind: 'and', items: [inside, ...plan.items] } : { kind: 'and', items: [inside, plan] })
}

/** Blocks that lie within the plan's times and ids. */
export function blocksFor(plan: Plan, library: Library): BlockInfo[] {
  const time = boundsOf(plan, 'time')
  const id = boundsOf(plan, 'id')
  const found: BlockInfo[] = []
  if (plan.kind === 'none') return found
  for (const partition of library.newestFirst()) {
    if (partition.base + SEQUENCES <= id.from || partition.base > id.to) continue
    for (const block of reading(partition.day, () => partition.blocks())) {
      if (block.maxTime < time.from || block.minTime > time.to) continue
      const first = partition.base + block.seq
      if (first + block.rows <= id.from || first > id.to) continue
      found.push(block)
    }
  }
  return found
}

/** The block asked, where some of its rows fit. */
export function fitting(plan: Plan, info: BlockInfo): { readonly block: Asked; readonly mask: Mask } | null {
  return reading(info.partition.day, () => {
    const block = ask(info)
    if (!mayFit(plan, block)) return null
    const mask = rowsThatFit(plan, block)
    return mask === false ? null : { block, mask }
  })
}

export const timesOf = ({ info, reader }: Asked): Float64Array =>
  reader.column(info.partition.field(SYSTEM.time))?.numbers ?? new Float64Array(info.rows)

/* ---------------------------------------------------------------- search */

/** Events made at a time: between them a shorter search may pass. */
const MOST_MADE = 256
const CURSOR = /^(-?\d{1,16}):(\d{1,16})$/

/** The first `limit` events in the total order (time, id) after a place in it. */
class Best {
  readonly #limit: number
  readonly #sign: number
  readonly #after: { readonly time: number; readonly id: number } | null
  #found: Found[] = []
  #worst: Found | null = null

  constructor(limit: number, newest: boolean, after: { readonly time: number; readonly id: number } | null) {
    this.#limit = limit
    this.#sign = newest ? -1 : 1
    this.#after = after
  }

  #compare(a: { readonly time: number; readonly id: number }, b: { readonly time: number; readonly id: number }): number {
    return this.#sign * (a.time - b.time || a.id - b.id)
  }

  /** True where no event of these times can be among the first any more. */
  past(min: number, max: number): boolean {
    const worst = this.#worst
    return worst !== null && (this.#sign < 0 ? max < worst.time : min > worst.time)
  }

  /** True where every event of these times comes before the place to begin after. */
  before(min: number, max: number): boolean {
    return this.#after !== null && (this.#sign < 0 ? min > this.#after.time : max < this.#after.time)
  }

  offer(block: Asked, mask: Mask): void {
    const times = timesOf(block)
    const { info } = block
    const first = info.partition.base + info.seq
    const newest = this.#sign < 0
    const after = this.#after
    for (let i = 0; i < info.rows; i++) {
      const row = newest ? info.rows - 1 - i : i
      if (mask !== true && (mask as Uint8Array)[row] === 0) continue
      const time = times[row]!
      const worst = this.#worst
      if (worst && (newest ? time < worst.time : time > worst.time)) continue
      const found: Found = { block, row, time, id: first + row }
      if (after && this.#compare(found, after) <= 0) continue
      if (worst && this.#compare(found, worst) >= 0) continue
      this.#found.push(found)
      if (this.#found.length >= this.#limit * 2 + 32) this.#cut()
    }
    if (this.#found.length >= this.#limit) this.#cut()
  }

  #cut(): void {
    this.#found.sort((a, b) => this.#compare(a, b))
    this.#found.length = Math.min(this.#found.length, this.#limit)
    this.#worst = this.#found.length === this.#limit ? this.#found.at(-1)! : null
  }

  result(): Found[] {
    this.#cut()
    return this.#found
  }
}

/**
 * Events in the order given, made block by block, whose columns are looked up once: events of several sources alternate in time, so a
 * page has as many changes of block as it has events.
 */
function* rowsOf(found: readonly Found[], shown: Shown, scanned: number): Generator<Step, EventRow[], void> {
  const events: EventRow[] = []
  const places = new Map<Asked, number[]>()
  found.forEach(({ block }, place) => {
    const known = places.get(block)
    if (known === undefined) places.set(block, [place])
    else known.push(place)
  })
  for (const [block, all] of places)
    for (let from = 0; from < all.length; from += MOST_MADE) {
      const part = all.slice(from, from + MOST_MADE)
      const made = reading(block.info.partition.day, () =>
        eventRows(
          part.map((place) => found[place]!),
          shown,
        ),
      )
      part.forEach((place, k) => (events[place] = made[k]!))
      yield { scanned }
    }
  return events
}

export function* searchEvents(input: InputOf<'events.search'>, scope: Scope): Search<OutputOf<'events.search'>> {
  const began = performance.now()
  const plan = planFor(input.where, input.window, scope)
  if (!plan.ok) return plan
  const cursor = input.after === null ? null : CURSOR.exec(input.after)
  if (input.after !== null && !cursor)
    return fail({ code: 'invalid_input', message: 'This is no place to go on from.', path: 'after' })
  const newest = input.order === 'newest'
  const best = new Best(input.limit, newest, cursor ? { time: Number(cursor[1]), id: Number(cursor[2]) } : null)
  const blocks = blocksFor(plan.value, scope.library)
  blocks.sort(newest ? (a, b) => b.maxTime - a.maxTime : (a, b) => a.minTime - b.minTime)
  let scanned = 0
  for (const info of blocks) {
    if (best.past(info.minTime, info.maxTime)) break
    if (best.before(info.minTime, info.maxTime)) continue
    scanned += info.rows
    const found = fitting(plan.value, info)
    if (found) reading(info.partition.day, () => best.offer(found.block, found.mask))
    yield { scanned }
  }
  const found = best.result()
  const last = found.at(-1)
  const shown = shownFields(input.fields, scope.aliases)
  const events = yield* rowsOf(found, shown, scanned)
  return ok({
    events,
    after: last && found.length === input.limit ? `${last.time}:${last.id}` : null,
    scanned,
    took: performance.now() - began,
  })
}

/** New events of a commit that fit, newest last, and how many more there were. */
export function* tailEvents(
  input: {
    readonly from: number
    readonly to: number
    readonly where: string
    readonly fields: readonly string[]
    readonly limit: number
  },
  scope: Scope,
): Search<OutputOfTail> {
  const where = planFor(input.where, { from: null, to: null }, scope)
  if (!where.ok) return where
  const these: Plan = { kind: 'system', of: 'id', from: input.from, to: input.to - 1, test: null }
  const both: Plan =
    where.value.kind === 'all' ? these : where.value.kind === 'none' ? where.value : { kind: 'and', items: [these, where.value] }
  const all: Found[] = []
  let total = 0
  for (const info of blocksFor(both, scope.library).reverse()) {
    const found = fitting(both, info)
    if (found) {
      reading(info.partition.day, () => {
        const times = timesOf(found.block)
        for (let row = info.rows - 1; row >= 0; row--) {
          if (found.mask !== true && (found.mask as Uint8Array)[row] === 0) continue
          total++
          if (all.length < input.limit)
            all.push({ block: found.block, row, time: times[row]!, id: info.partition.base + info.seq + row })
        }
      })
    }
    yield { scanned: 0 }
  }
  all.reverse()
  const events = yield* rowsOf(all, shownFields(input.fields, scope.aliases), 0)
  return ok({ events, missed: total - all.length })
}
export interface OutputOfTail {
  readonly events: OutputOf<'events.search'>['events']
  readonly missed: number
}

/* ---------------------------------------------------------------- counts */

const MINUTE = 60_000_000

export function* eventHistogram(input: InputOf<'events.histogram'>, scope: Scope): Search<OutputOf<'events.histogram'>> {
  const plan = planFor(input.where, input.window, scope)
  if (!plan.ok) return plan
  const blocks = blocksFor(plan.value, scope.library)
  const given = {
    from: input.window.from === null ? undefined : microsFromIso(input.window.from),
    to: input.window.to === null ? undefined : microsFromIso(input.window.to),
  }
  let from = given.from ?? blocks.reduce((least, block) => Math.min(least, block.minTime), Infinity)
  let to = given.to ?? blocks.reduce((most, block) => Math.max(most, block.maxTime + 1), -Infinity)
  if (!(from < to)) {
    from = given.from ?? given.to ?? scope.now
    to = from + input.slots * MINUTE
  }
  const everything =
    plan.value.kind === 'all' ||
    (plan.value.kind === 'system' && plan.value.of === 'time' && plan.value.test === null && parsesToAll(input.where))
  if (everything && (to - from) / input.slots >= MINUTE) return ok(histogramFromRollups(from, to, input.slots, scope))
  const counts = new Array<number>(input.slots).fill(0)
  const width = (to - from) / input.slots
  const slot = (time: number): number => Math.min(input.slots - 1, Math.floor((time - from) / width))
  let total = 0
  let scanned = 0
  for (const info of blocks) {
    scanned += info.rows
    const found = fitting(plan.value, info)
    if (found) {
      const { mask, block } = found
      const first = slot(info.minTime)
      if (first === slot(info.maxTime) && info.minTime >= from && info.maxTime < to) {
        const count = countOf(mask, info.rows)
        counts[first]! += count
        total += count
      } else
        reading(info.partition.day, () => {
          const times = timesOf(block)
          for (let row = 0; row < info.rows; row++) {
            const time = times[row]!
            if ((mask !== true && (mask as Uint8Array)[row] === 0) || time < from || time >= to) continue
            counts[slot(time)]! += 1
            total++
          }
        })
    }
    yield { scanned }
  }
  return ok({ from: isoFromMicros(Math.floor(from)), to: isoFromMicros(Math.ceil(to)), counts, total })
}

const parsesToAll = (where: string): boolean => {
  const parsed = parseQuery(where)
  return parsed.ok && parsed.value.kind === 'all'
}

/** Whole minutes, or quarters of an hour where slots are long: what is given back begins and ends on them. */
function histogramFromRollups(from: number, to: number, slots: number, { library }: Scope): OutputOf<'events.histogram'> {
  const quarters = (to - from) / slots >= 15 * MINUTE
  const unit = quarters ? 15 * MINUTE : MINUTE
  const first = Math.floor(from / unit)
  const end = Math.ceil(to / unit)
  const perSlot = Math.ceil((end - first) / slots)
  const counts = new Array<number>(Math.ceil((end - first) / perSlot)).fill(0)
  let total = 0
  const name = quarters ? 'quarter' : 'minute'
  for (const partition of library.newestFirst()) {
    reading(partition.day, () => {
      const rows = prepared(
        partition.db,
        `SELECT ${name} AS at, sum(count) AS count FROM event_${name} WHERE ${name} >= ? AND ${name} < ? GROUP BY 1`,
      ).all(first, end) as { at: number; count: number }[]
      for (const { at, count } of rows) {
        counts[Math.floor((at - first) / perSlot)]! += count
        total += count
      }
    })
  }
  return { from: isoFromMicros(first * unit), to: isoFromMicros((first + counts.length * perSlot) * unit), counts, total }
}

/** Blocks, newest first, that the list of fields of a query is made from. */
const FIELD_BLOCKS = 64

export function* eventFields(input: InputOf<'events.fields'>, scope: Scope): Search<OutputOf<'events.fields'>> {
  const plan = planFor(input.where, input.window, scope)
  if (!plan.ok) return plan
  const found = new Map<string, { events: number; kinds: Map<string, number> }>()
  const add = (name: string, kind: string, events: number): void => {
    const known = found.get(name) ?? { events: 0, kinds: new Map<string, number>() }
    known.events += events
    known.kinds.set(kind, (known.kinds.get(kind) ?? 0) + events)
    found.set(name, known)
  }
  const blocks = blocksFor(plan.value, scope.library).sort((a, b) => b.maxTime - a.maxTime)
  const time = boundsOf(plan.value, 'time')
  const plain = plan.value.kind === 'all' || plan.value.kind === 'system'
  let asked = 0
  let scanned = 0
  let looked = 0
  let passed = false
  for (const info of blocks) {
    scanned += info.rows
    const whole = plain && info.minTime >= time.from && info.maxTime <= time.to
    if (!whole && asked >= FIELD_BLOCKS) {
      passed = true
      continue
    }
    looked += info.rows
    reading(info.partition.day, () => {
      const head = info.partition.head(info)
      const fitted = whole ? null : fitting(plan.value, info)
      if (!whole && !fitted) return
      if (!whole) asked++
      for (let i = 0; i < head.columns; i++) {
        const name = fieldOfColumn(info.partition.fieldName(head.field(i)))
        if (name === null) continue
        const count =
          !fitted || fitted.mask === true ? head.count(i) : presentIn(fitted.block, head.field(i), fitted.mask as Uint8Array)
        if (count > 0) add(name, COLUMN_KINDS[head.kind(i)] ?? 'text', count)
      }
    })
    yield { scanned }
  }
  const fields = [...found].map(([name, { events, kinds }]) => ({
    name,
    type: [...kinds].reduce((a, b) => (b[1] > a[1] ? b : a))[0],
    events,
    canonical: isCanonical(name),
  }))
  fields.sort((a, b) => b.events - a.events || (a.name < b.name ? -1 : 1))
  return ok({ fields, sampled: passed ? looked : null })
}

function presentIn({ reader }: Asked, field: number, mask: Uint8Array): number {
  const column = reader.column(field)
  if (!column) return 0
  const list = column.rowList
  let count = 0
  if (list) for (let i = 0; i < list.length; i++) count += mask[list[i]!]!
  else for (let i = 0; i < mask.length; i++) count += mask[i]!
  return count
}

/** Most frequent values of a field among the events that fit; beyond a bound of distinct values their number is an estimate. */
export function* eventStats(input: InputOf<'events.stats'>, scope: Scope): Search<OutputOf<'events.stats'>> {
  const plan = planFor(input.where, input.window, scope)
  if (!plan.ok) return plan
  const named = resolveField(input.field, scope.aliases)
  const columns = 'system' in named ? [] : named.columns
  const counter = new ValueCounter()
  let total = 0
  let having = 0
  let scanned = 0
  for (const info of blocksFor(plan.value, scope.library)) {
    scanned += info.rows
    const found = fitting(plan.value, info)
    if (found) {
      reading(info.partition.day, () => {
        const { mask, block } = found
        total += countOf(mask, info.rows)
        if ('system' in named) {
          having += countOf(mask, info.rows)
          const numbers =
            named.system === 'id'
              ? null
              : block.reader.column(info.partition.field(named.system === 'time' ? SYSTEM.time : SYSTEM.received))?.numbers
          for (let row = 0; row < info.rows; row++) {
            if (mask !== true && (mask as Uint8Array)[row] === 0) continue
            counter.addText(numbers ? isoFromMicros(numbers[row]!) : String(info.partition.base + info.seq + row), 1)
          }
          return
        }
        const present = new Uint8Array(columns.length > 1 ? info.rows : 0)
        for (const name of columns) {
          const column = block.reader.column(info.partition.field(name))
          if (!column) continue
          const rows = counter.addColumn(column, mask)
          if (columns.length === 1) having += rows
          else {
            const list = column.rowList
            for (let i = 0; i < column.count; i++) present[list ? list[i]! : i] = 1
          }
        }
        for (let row = 0; row < present.length; row++)
          if (present[row] === 1 && (mask === true || (mask as Uint8Array)[row] === 1)) having++
      })
    }
    yield { scanned }
  }
  return ok({ total, with: having, ...counter.result(input.limit) })
}
