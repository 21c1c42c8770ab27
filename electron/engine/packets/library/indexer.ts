/** Reads one capture after the other: its time at once, its flows when its turn comes. What is found goes into the catalogue. */
import { createHash } from 'node:crypto'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { reasonOf } from '../../ingest/read-problem.ts'
import type { Catalogue, Entry } from './catalogue.ts'
import { firstTime } from './first-time.ts'
import { summarise } from './summarise.ts'
import type { Breathe } from './write-summary.ts'

const NO_ROOM: ReadonlySet<unknown> = new Set(['ENOSPC', 'EDQUOT', 'EROFS'])

export class Indexer {
  readonly #folder: string
  readonly #catalogue: Catalogue
  readonly #now: () => number
  readonly #breathe: Breathe
  #works = 0

  constructor(folder: string, catalogue: Catalogue, now: () => number, breathe: Breathe) {
    this.#folder = folder
    this.#catalogue = catalogue
    this.#now = now
    this.#breathe = breathe
  }

  /** Another path every time: what expands a file for one reader may remove its copy when the next one has begun. */
  get #work(): string {
    return join(this.#folder, `work.${++this.#works}`)
  }

  /** Reads the time of the first packet. */
  async look({ path }: Entry): Promise<void> {
    let next: Pick<Entry, 'state' | 'first' | 'problem'>
    try {
      const first = await firstTime(path, this.#work)
      next = first === 'other' ? { state: 'other', first: null, problem: null } : { state: 'waiting', first, problem: null }
    } catch (error) {
      next = { state: 'failed', first: null, problem: reasonOf(error) }
    }
    const now = this.#catalogue.get(path)
    if (now !== undefined) this.#catalogue.set({ ...now, ...next })
  }

  /** Reads a capture up to its last whole packet. */
  async index({ path, id, size, modified }: Entry): Promise<'done' | 'stopped' | 'no room'> {
    const name = `${createHash('sha256').update(`${path}\0${id} ${size} ${modified}`).digest('hex').slice(0, 32)}.flows`
    let made: Awaited<ReturnType<typeof summarise>>
    let problem: string | null = null
    try {
      made = await summarise(path, join(this.#folder, name), this.#work, this.#breathe)
    } catch (error) {
      if (NO_ROOM.has((error as NodeJS.ErrnoException).code)) return 'no room'
      made = 'other'
      problem = reasonOf(error)
    }
    if (made === 'stopped') return 'stopped'
    // It may have been removed meanwhile, and scans and searches may have changed what is known.
    const now = this.#catalogue.get(path)
    if (now === undefined) this.remove(name)
    else if (now.summary !== name) this.remove(now.summary)
    if (now === undefined) return 'done'
    if (made === 'other') {
      this.#catalogue.set({ ...withoutIndex(now, problem === null ? 'other' : 'failed'), problem })
      return 'done'
    }
    const { first, last, flows, bytes } = made
    this.#catalogue.set({
      ...now,
      state: 'indexed',
      first,
      last,
      flows,
      summary: name,
      summaryBytes: bytes,
      summarySize: size,
      summaryMade: this.#now(),
      problem: null,
    })
    return 'done'
  }

  /** A summary that nothing needs any more. */
  remove(summary: string | null): void {
    if (summary !== null) rmSync(join(this.#folder, summary), { force: true })
  }
}

export const withoutIndex = (entry: Entry, state: Entry['state']): Entry => ({
  ...entry,
  state,
  summary: null,
  summaryBytes: 0,
  summarySize: 0,
  flows: 0,
})
