/**
 * Learns of assets from what is stored: a few seconds after commits it asks for the new events that can tell something, a bounded stretch at
 * a time, and never while a stretch before it is still read. What waits is a list of ranges of ids, so a large import is caught up with
 * behind it, and nothing of it waits in memory.
 */
import { isoFromMicros } from '../../../../shared/model/time.ts'
import { quote } from '../../../../shared/query/escape.ts'
import type { Committed, Store } from '../../store/types.ts'
import type { Assets } from '../assets.ts'
import { mergeSightings, type TimedSighting } from './merge-sightings.ts'
import { observations } from './registry.ts'

/** Between two stretches, milliseconds. */
const PAUSE = 3000
/** Ids that one stretch goes over, and events of them that are read. */
const STRETCH = 20_000
const MOST_EVENTS = 2000
const MOST_RANGES = 256

interface Range {
  from: number
  to: number
}

export const OBSERVED_WHERE = [
  `type:(${[...new Set(observations.flatMap(({ types }) => types))].map(quote).join(' or ')})`,
  'win.channel:*',
].join(' or ')
const FIELDS = [...new Set(observations.flatMap(({ fields }) => fields))]

export class Observer {
  readonly #store: Store
  readonly #assets: Assets
  readonly #abort = new AbortController()
  readonly #pause: number
  #ranges: Range[] = []
  #timer: NodeJS.Timeout | null = null
  #running: Promise<void> | null = null
  #remove: () => void = () => undefined

  constructor(store: Store, assets: Assets, pause = PAUSE) {
    this.#store = store
    this.#assets = assets
    this.#pause = pause
  }

  start(): void {
    this.#remove = this.#store.onCommitted((committed) => this.#note(committed))
  }

  #note({ firstId, rows }: Committed): void {
    if (firstId === null || rows === 0) return
    const last = this.#ranges.at(-1)
    if (last?.to === firstId) last.to += rows
    else {
      this.#ranges.push({ from: firstId, to: firstId + rows })
      // Days do not mix, so this is a store that is far behind: its oldest is let go.
      if (this.#ranges.length > MOST_RANGES) this.#ranges.shift()
    }
    this.#plan()
  }

  #plan(): void {
    if (this.#timer || this.#running || this.#abort.signal.aborted || this.#ranges.length === 0) return
    this.#timer = setTimeout(() => {
      this.#timer = null
      this.#running = this.#step()
        .catch((error: unknown) => {
          process.stderr.write(`assets: observing failed: ${error instanceof Error ? (error.stack ?? '') : String(error)}\n`)
        })
        .finally(() => {
          this.#running = null
          this.#plan()
        })
    }, this.#pause)
    this.#timer.unref()
  }

  /** Reads one stretch now. */
  async #step(): Promise<void> {
    const range = this.#ranges[0]
    if (!range) return
    const to = Math.min(range.to, range.from + STRETCH)
    const { from } = range
    range.from = to
    if (range.from >= range.to) this.#ranges.shift()
    const found = await this.#store.watching.events(
      { where: OBSERVED_WHERE, fields: FIELDS, limit: MOST_EVENTS, from, to },
      this.#abort.signal,
    )
    if (!found.ok || found.value.events.length === 0) return
    const sightings: TimedSighting[] = []
    for (const event of found.value.events)
      for (const observation of observations) {
        if (observation.types.length > 0 && !observation.types.includes(event.type)) continue
        for (const sighting of observation.learn(event)) sightings.push({ ...sighting, time: event.time })
      }
    if (sightings.length === 0) return
    await this.#assets.change(() => ({
      assets: mergeSightings(
        this.#assets.directory,
        sightings,
        (address) => this.#assets.isOurs(address),
        isoFromMicros(Date.now() * 1000),
      ),
      findings: [],
    }))
  }

  async close(): Promise<void> {
    this.#remove()
    this.#abort.abort()
    if (this.#timer) clearTimeout(this.#timer)
    await this.#running
  }
}
