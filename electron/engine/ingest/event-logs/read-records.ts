/**
 * What was read of one event log: all records from the first to the last that was read, but for those that are missing. It is stored as
 * the `tail` of a position, so with the records themselves. Numbers, not places: a full log is overwritten from its beginning, and a copy of
 * a log has the same records elsewhere.
 */
import { z } from 'zod'
import type { Position } from '../../store/batch.ts'

const Id = z.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER)
const State = z.object({
  first: Id,
  last: Id,
  missing: z.array(z.tuple([Id, Id])).max(1024),
  time: z.string().regex(/^\d{1,20}$/),
  checks: z.array(z.tuple([Id, z.string().max(64)])).max(1024),
  paths: z.array(z.string()).max(64),
})

/** Stretches of missing records that are remembered; with more the oldest is given up. */
const MOST_MISSING = 256
/** Names under which a log was seen, the latest first. */
const MOST_PATHS = 16

export class ReadRecords {
  readonly key: string
  readonly first: number
  /** Of what was read and what was passed over the highest number. */
  last: number
  /** When the last record that was read was written, as it says: 100 ns since 1601; 0 where that is not known. */
  time = 0n
  records: number
  /** Of the lines that the records became. */
  bytes: number
  /** Ascending, both ends included. */
  #missing: [number, number][] = []
  /** Ascending by number: what some records are known by. The first and the last one that was read are always among them. */
  #checks: [number, string][] = []
  #paths: string[] = []

  /** Nothing was read, and reading begins at record `first`. */
  constructor(key: string, first: number, records = 0, bytes = 0) {
    this.key = key
    this.first = first
    this.last = first - 1
    this.records = records
    this.bytes = bytes
  }

  /** Null where the position is of something else. */
  static of({ file, tail, records, offset }: Pick<Position, 'file' | 'tail' | 'records' | 'offset'>): ReadRecords | null {
    let state
    try {
      state = State.safeParse(JSON.parse(tail))
    } catch {
      return null
    }
    if (!state.success) return null
    const { first, last, time, missing, checks, paths } = state.data
    const read = new ReadRecords(file, first, records, offset)
    read.last = last
    read.time = BigInt(time)
    read.#missing = missing
    read.#checks = checks
    read.#paths = paths
    return read
  }

  /** A copy with another key. */
  under(key: string): ReadRecords {
    const { records, bytes: offset, state: tail } = this
    return ReadRecords.of({ file: key, records, offset, tail })!
  }

  /** `Position.tail`. */
  get state(): string {
    const { first, last } = this
    return JSON.stringify({
      first,
      last,
      time: String(this.time),
      missing: this.#missing,
      checks: this.#checks,
      paths: this.#paths,
    } satisfies z.input<typeof State>)
  }

  get missing(): readonly (readonly [number, number])[] {
    return this.#missing
  }
  get checks(): readonly (readonly [number, string])[] {
    return this.#checks
  }
  isAt(path: string): boolean {
    return this.#paths.includes(path)
  }
  seenAt(path: string): void {
    if (this.#paths[0] === path) return
    this.#paths = [path, ...this.#paths.filter((other) => other !== path)].slice(0, MOST_PATHS)
  }

  wants(id: number): boolean {
    return id > this.last || this.wantsAny(id, id)
  }
  /** Any of these numbers, both ends included. */
  wantsAny(from: number, to: number): boolean {
    return to > this.last || this.#missing.some(([begin, end]) => begin <= to && end >= from)
  }

  /** Records were read that were wanted and follow each other; `check` is what the last of them is known by, `time` when it was written. */
  take(from: number, to: number, check: string, time: bigint): void {
    if (to > this.last) this.time = time
    this.records += to - from + 1
    this.passOver(from - 1)
    this.#missing = this.#missing.flatMap(([begin, end]) => without(begin, end, from, to))
    this.last = Math.max(this.last, to)
    this.know(to, check)
  }

  /** Those up to `to` are missing, though they may be found yet. */
  passOver(to: number): void {
    if (to <= this.last) return
    this.#missing.push([this.last + 1, to])
    if (this.#missing.length > MOST_MISSING) this.#missing.shift()
    this.last = to
  }

  /** What a record is known by. Dense where the log ends, and thinner the longer ago: an older copy has some of them, whatever it begins with. */
  know(id: number, check: string): void {
    const all = [...this.#checks.filter(([other]) => other !== id), [id, check] as [number, string]].sort((a, b) => a[0] - b[0])
    const [newest] = all.at(-1)!
    const kept: [number, string][] = []
    for (let i = all.length - 1; i >= 0; i--) {
      const before = all[i - 1]
      const after = kept.at(-1)
      if (before !== undefined && after !== undefined && after[0] - before[0] <= (newest - before[0]) / 8) continue
      kept.push(all[i]!)
    }
    this.#checks = kept.reverse()
  }
}

const without = (begin: number, end: number, from: number, to: number): [number, number][] => [
  ...(begin < from ? [[begin, Math.min(end, from - 1)] as [number, number]] : []),
  ...(end > to ? [[Math.max(begin, to + 1), end] as [number, number]] : []),
]
