/** How large a server's answers to a path are to others than the attacker, before an alert. */
import type { FieldValue } from '../../../../shared/model/event.ts'
import { isoFromMicros, microsFromIso } from '../../../../shared/model/time.ts'
import { quote } from '../../../../shared/query/escape.ts'
import type { Store } from '../../store/types.ts'
import type { UsualAnswer } from '../case.ts'
import { HOUR, WEEK, hourOf } from './hours.ts'
import { KeptAnswers } from './kept-answers.ts'

/** Of one path. */
const MOST_ANSWERS = 50
/** Of one path in one hour, and in the week before it: of more, those that count are asked for. */
const MOST_IN_HOUR = 1000
const MOST_IN_WEEK = 200
const MOST_PATHS = 500
const MOST_KEPT = 20_000

export interface AskedPath {
  readonly server: string
  readonly path: string
  /** Those that are left out. */
  readonly clients: readonly string[]
}
type Fields = Readonly<Record<string, FieldValue>>
interface Answer {
  /** Microseconds. */
  readonly time: number
  readonly client: string
  /** Bytes. */
  readonly size: number
}
interface Answers {
  /** The newest first. */
  readonly answers: readonly Answer[]
  /** There are more. */
  readonly cut: boolean
}

export class UsualAnswers {
  readonly #events: Pick<Store['events'], 'search'>
  readonly #kept = new KeptAnswers<Answers>(MOST_PATHS, MOST_KEPT, ({ answers }) => answers.length + 1)

  constructor(events: Pick<Store['events'], 'search'>) {
    this.#events = events
  }

  forget(from: number, to: number): void {
    this.#kept.forget(from, to)
  }

  /** Null where there was none in the week before the time (microseconds). */
  async of(asked: AskedPath, before: number, signal: AbortSignal): Promise<UsualAnswer | null> {
    const hour = hourOf(before)
    const lately = await this.#before(asked, hour, hour + HOUR, before, MOST_IN_HOUR, signal)
    const week = lately.length < MOST_ANSWERS ? await this.#before(asked, hour - WEEK, hour, hour, MOST_IN_WEEK, signal) : []
    const sizes = [...lately, ...week]
      .slice(0, MOST_ANSWERS)
      .map(({ size }) => size)
      .sort((a, b) => a - b)
    if (sizes.length === 0) return null
    return { path: asked.path, answers: sizes.length, median: sizes[sizes.length >> 1] ?? 0, largest: sizes.at(-1) ?? 0 }
  }

  /** From one time up to another, before a third; what is kept is of all clients up to the second. */
  async #before(
    { server, path, clients }: AskedPath,
    from: number,
    to: number,
    before: number,
    most: number,
    signal: AbortSignal,
  ): Promise<readonly Answer[]> {
    const ask = (): Promise<Answers | null> => this.#ask({ server, path, clients: [] }, from, to, most, signal)
    const all = await this.#kept.get(`${server} ${from} ${to} ${path}`, from, to, ask, { answers: [], cut: false })
    const counted = all.answers.filter(({ time, client }) => time < before && !clients.includes(client))
    if (!all.cut || counted.length >= MOST_ANSWERS) return counted
    return (await this.#ask({ server, path, clients }, from, before, MOST_ANSWERS, signal))?.answers ?? []
  }

  async #ask(asked: AskedPath, from: number, to: number, most: number, signal: AbortSignal): Promise<Answers | null> {
    const { server, path, clients } = asked
    const begins = `${path}*`.replaceAll(/[\\?"()[\]:<>=!\s-]/g, '\\$&')
    const but = clients.length === 0 ? '' : ` and not src.ip:(${clients.map((ip) => quote(ip)).join(' or ')})`
    const found = await this.#events.search(
      {
        where: `dst.ip:${quote(server)} and http.url:${begins} and http.status:200${but}`,
        window: { from: isoFromMicros(from), to: isoFromMicros(to) },
        order: 'newest',
        fields: ['http.length', 'http.url', 'src.ip'],
        limit: most,
        after: null,
      },
      signal,
    )
    if (!found.ok) return null
    const answers = found.value.events.flatMap(({ time, fields }) => {
      const size = fields['http.length']
      const client = fields['src.ip']
      return pathOf(fields) === path && typeof size === 'number'
        ? [{ time: microsFromIso(time) ?? 0, client: typeof client === 'string' ? client : '', size }]
        : []
    })
    return { answers, cut: found.value.after !== null }
  }
}

const pathOf = (fields: Fields): string => {
  const url = fields['http.url']
  return typeof url === 'string' ? (url.split('?', 1)[0] ?? '') : ''
}
