/** Records that hosts wrote of a client, by the client's port: what a host calls itself where only its address is known. */
import type { EventRow } from '../../../../shared/model/event.ts'
import { isoFromMicros, microsFromIso } from '../../../../shared/model/time.ts'
import { quote } from '../../../../shared/query/escape.ts'
import type { Store } from '../../store/types.ts'
import { HOUR, hourOf } from './hours.ts'
import { KeptAnswers } from './kept-answers.ts'

const MOST_RECORDS = 4000
const MOST_CLIENTS = 500
const MOST_KEPT = 20_000
/** Sensors and devices on the way saw it, and name both ends. */
export const onTheWay = ({ format, fields }: Pick<EventRow, 'format' | 'fields'>): boolean =>
  format === 'eve' || format === 'capture' || format.startsWith('zeek') || (fields['dst.ip'] ?? '') !== ''

interface Naming {
  /** Microseconds. */
  readonly time: number
  readonly port: number
  readonly name: string
}

export class NamingRecords {
  readonly #events: Pick<Store['events'], 'search'>
  readonly #kept = new KeptAnswers<readonly Naming[] | 'many'>(MOST_CLIENTS, MOST_KEPT, (one) =>
    one === 'many' ? 1 : one.length,
  )

  constructor(events: Pick<Store['events'], 'search'>) {
    this.#events = events
  }

  forget(from: number, to: number): void {
    this.#kept.forget(from, to)
  }

  /** Names that hosts gave themselves in records of this client's port between two times; null where there are too many to be kept. */
  async of(client: string, port: number, from: number, to: number, signal: AbortSignal): Promise<readonly string[] | null> {
    const [first, end] = [hourOf(from), hourOf(to) + HOUR]
    const records = await this.#kept.get(`${client} ${first} ${end}`, first, end, () => this.#ask(client, first, end, signal), [])
    if (records === 'many') return null
    return records.flatMap((one) => (one.port === port && one.time >= from && one.time < to ? [one.name] : []))
  }

  async #ask(client: string, from: number, to: number, signal: AbortSignal): Promise<readonly Naming[] | 'many' | null> {
    const found = await this.#events.search(
      {
        where: `src.ip:${quote(client)} and src.port:* and host.name:* and not dst.ip:*`,
        window: { from: isoFromMicros(from), to: isoFromMicros(to) },
        order: 'oldest',
        fields: ['src.port', 'host.name'],
        limit: MOST_RECORDS,
        after: null,
      },
      signal,
    )
    if (!found.ok) return null
    if (found.value.after !== null) return 'many'
    return found.value.events.flatMap((event) => {
      const port = event.fields['src.port']
      const name = event.fields['host.name']
      if (onTheWay(event) || typeof port !== 'number' || typeof name !== 'string' || name === '') return []
      return [{ time: microsFromIso(event.time) ?? 0, port, name }]
    })
  }
}
