/** Which addresses a host had called, and on which ports it had answered, before an alert. */
import type { Result } from '../../../../shared/model/result.ts'
import { isoFromMicros } from '../../../../shared/model/time.ts'
import { quote } from '../../../../shared/query/escape.ts'
import type { FirstsAsked, FirstValues } from '../../store/queries/first-values.ts'
import type { InputOf, OutputOf } from '../../store/types.ts'
import { HOUR, WEEK, hourOf } from './hours.ts'
import { KeptAnswers } from './kept-answers.ts'

const MOST_KEPT = 500
/** Of one host and field. */
const MOST_VALUES = 2000
const MOST_HOURS_VALUES = 50_000

/** The host's address stands in `at`, the values that are asked about in `field`. */
export interface Asked {
  readonly ip: string
  readonly at: 'src.ip' | 'dst.ip'
  readonly field: 'dst.ip' | 'dst.port'
}

export interface AsksValues {
  stats(input: InputOf<'events.stats'>, signal: AbortSignal): Promise<Result<OutputOf<'events.stats'>>>
  firsts(input: FirstsAsked, signal: AbortSignal): Promise<Result<FirstValues>>
}

/** Times in microseconds. */
export class EarlierValues {
  readonly #store: AsksValues
  /** Of the week before an hour: value → whether it was there. */
  readonly #weeks = new KeptAnswers<Map<string, boolean>>(MOST_KEPT, MOST_KEPT, () => 1)
  /** Of an hour: the first event with each value. */
  readonly #hours = new KeptAnswers<FirstValues>(MOST_KEPT, MOST_HOURS_VALUES, ({ firsts }) => firsts.size + 1)

  constructor(store: AsksValues) {
    this.#store = store
  }

  forget(from: number, to: number): void {
    this.#weeks.forget(from, to)
    this.#hours.forget(from, to)
  }

  /** Those of the values that there were in the week before a time; all of them where it cannot be told. */
  async of(asked: Asked, values: readonly string[], before: number, signal: AbortSignal): Promise<string[]> {
    if (values.length === 0) return []
    const hour = hourOf(before)
    const known = await this.#week(asked, values, hour, signal)
    const rest = values.filter((value) => !known.has(value))
    const lately = rest.length === 0 ? known : await this.#inHour(asked, rest, hour, before, signal)
    return values.filter((value) => known.has(value) || lately.has(value))
  }

  /** Each value is asked about once: alerts of one attack have most of them in common. */
  async #week(asked: Asked, values: readonly string[], end: number, signal: AbortSignal): Promise<ReadonlySet<string>> {
    const from = end - WEEK
    const key = `${asked.ip} ${asked.at} ${asked.field} ${end / HOUR}`
    const known = await this.#weeks.get(key, from, end, () => Promise.resolve(new Map<string, boolean>()), new Map())
    const fresh = values.filter((value) => !known.has(value))
    if (fresh.length > 0) {
      const found = await this.#ask(asked, fresh, from, end, signal)
      if (found === null) return new Set(values)
      if (known.size > MOST_VALUES) known.clear()
      for (const value of fresh) known.set(value, found.has(value))
    }
    return new Set(values.filter((value) => known.get(value) === true))
  }

  /** Of the hour that the time is in. */
  async #inHour(
    asked: Asked,
    values: readonly string[],
    hour: number,
    before: number,
    signal: AbortSignal,
  ): Promise<ReadonlySet<string>> {
    const { ip, at, field } = asked
    const window = { from: isoFromMicros(hour), to: isoFromMicros(hour + HOUR) }
    const { firsts, complete } = await this.#hours.get(
      `${ip} ${at} ${field} ${hour / HOUR}`,
      hour,
      hour + HOUR,
      async () => {
        const found = await this.#store.firsts({ where: `${at}:${quote(ip)}`, window, field, most: MOST_VALUES }, signal)
        return found.ok ? found.value : null
      },
      { firsts: new Map(), complete: false },
    )
    if (!complete) return (await this.#ask(asked, values, hour, before, signal)) ?? new Set(values)
    return new Set(values.filter((value) => (firsts.get(value) ?? Infinity) < before))
  }

  async #ask(
    { ip, at, field }: Asked,
    values: readonly string[],
    from: number,
    to: number,
    signal: AbortSignal,
  ): Promise<ReadonlySet<string> | null> {
    const where = `${at}:${quote(ip)} and ${field}:(${values.map((value) => quote(value)).join(' or ')})`
    const window = { from: isoFromMicros(from), to: isoFromMicros(to) }
    const found = await this.#store.stats({ field, where, window, limit: values.length }, signal)
    return found.ok ? new Set(found.value.top.map(({ value }) => value)) : null
  }
}
