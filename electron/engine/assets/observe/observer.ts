/**
 * Learns of assets from what is stored: a few seconds after commits it asks for the new events that can tell something, a bounded stretch at
 * a time, and never while a stretch before it is still read. What waits is a list of ranges of ids, so a large import is caught up with
 * behind it, and nothing of it waits in memory. How far it came is kept in the desk: what was stored and not looked through before the
 * engine ended, by an import from a terminal above all, is looked through when it is there again.
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
  /** All events with lower ids have been looked through. */
  #mark = 0

  constructor(store: Store, assets: Assets, pause = PAUSE) {
    this.#store = store
    this.#assets = assets
    this.#pause = pause
  }

  start(): void {
    this.#remove = this.#store.onCommitted((committed) => this.#note(committed))
    this.#run(this.#begin())
  }

  #run(work: Promise<void>): void {
    this.#running = work
      .catch((error: unknown) => {
        process.stderr.write(`assets: observing failed: ${error instanceof Error ? (error.stack ?? '') : String(error)}\n`)
      })
      .finally(() => {
        this.#running = null
        this.#plan()
      })
  }

  /** What was stored before and is not looked through yet comes first. */
  async #begin(): Promise<void> {
    const mark = await this.#store.assets.observedTo()
    if (!mark.ok) return
    this.#mark = mark.value
    const before = (await this.#store.found()).filter(({ to }) => to > this.#mark)
    this.#ranges.unshift(...before.slice(-MOST_RANGES).map(({ from, to }) => ({ from: Math.max(from, this.#mark), to })))
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
      this.#run(this.#step())
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
    await this.#learn(from, to)
    // Ids of a day that the clock went back to are below it.
    if (to <= this.#mark || this.#abort.signal.aborted) return
    this.#mark = to
    await this.#store.assets.setObservedTo(to)
  }

  async #learn(from: number, to: number): Promise<void> {
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
