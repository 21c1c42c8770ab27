/**
 * Several files as one capture, merged by time. Files are opened when their time has come, so that a thousand rolling files need
 * no more memory than those that overlap. Packets without a time come as soon as they are met; of packets of the same time those
 * of the file that was named first come first.
 */
import type { PacketSource } from './packet-source.ts'

export interface MergeFile {
  /** Seconds since 1970 of its first packet; -Infinity where unknown. */
  readonly first: number
  open(): PacketSource | Promise<PacketSource>
}

/** A stretch of one file's batch: packets `from` to `to` of it are next. Good until the next one is asked for. */
export interface Run {
  file: number
  source: PacketSource
  from: number
  to: number
}

interface Head {
  readonly file: number
  readonly source: PacketSource
  at: number
}

const secondsAt = ({ source: { batch } }: Head, at: number): number => {
  const seconds = batch.seconds[at]!
  return Number.isNaN(seconds) ? -Infinity : seconds
}

/** Whether packet `at` of a head comes before the next one of another. Exactly: a double does not hold nanoseconds of our time. */
function comesFirst(head: Head, at: number, other: Head): boolean {
  const seconds = secondsAt(head, at)
  const others = secondsAt(other, other.at)
  if (seconds !== others) return seconds < others
  const nanos = head.source.batch.nanos[at]! - other.source.batch.nanos[other.at]!
  return nanos !== 0 && seconds !== -Infinity ? nanos < 0 : head.file < other.file
}

export class Merge {
  readonly #files: readonly { readonly file: number; readonly first: number; open(): PacketSource | Promise<PacketSource> }[]
  #opened = 0
  readonly #heads: Head[] = []
  #run: Run | null = null

  constructor(files: readonly MergeFile[]) {
    this.#files = files
      .map(({ first, open }, file) => ({ file, first, open }))
      .sort((a, b) => (a.first < b.first ? -1 : a.first > b.first ? 1 : a.file - b.file))
  }

  /** The next run, or null at the end. Gives a promise only where bytes must be waited for. */
  next(): Run | null | Promise<Run | null> {
    const run = this.#run
    if (run !== null) {
      const head = this.#heads.find(({ file }) => file === run.file)
      this.#run = null
      if (head !== undefined) {
        head.at = run.to
        if (head.at >= head.source.batch.length) {
          const more = head.source.next()
          if (typeof more !== 'boolean') return more.then((has) => this.#advanced(head, has))
          return this.#advanced(head, more)
        }
      }
    }
    return this.#pick()
  }

  #advanced(head: Head, more: boolean): Run | null | Promise<Run | null> {
    if (more) head.at = 0
    else this.#heads.splice(this.#heads.indexOf(head), 1)
    return this.#pick()
  }

  #pick(): Run | null | Promise<Run | null> {
    let best: Head | null = null
    let second: Head | null = null
    for (const head of this.#heads) {
      if (best === null || comesFirst(head, head.at, best)) {
        second = best
        best = head
      } else if (second === null || comesFirst(head, head.at, second)) second = head
    }
    const waiting = this.#files[this.#opened]
    if (waiting !== undefined && (best === null || waiting.first <= timeOf(best, best.at))) return this.#open()
    if (best === null) return null
    const to = endOfRun(best, second, waiting?.first ?? Infinity)
    this.#run = { file: best.file, source: best.source, from: best.at, to }
    return this.#run
  }

  async #open(): Promise<Run | null> {
    const { file, open } = this.#files[this.#opened++]!
    const source = await open()
    if (await source.next()) this.#heads.push({ file, source, at: 0 })
    return this.#pick()
  }
}

const timeOf = (head: Head, at: number): number => secondsAt(head, at) + head.source.batch.nanos[at]! / 1e9

/** Behind the last packet of the head's batch that comes before the next one of another head, and before a time. */
function endOfRun(head: Head, other: Head | null, before: number): number {
  const { length } = head.source.batch
  if (other === null && before === Infinity) return length
  for (let to = head.at + 1; to < length; to++)
    if ((other !== null && !comesFirst(head, to, other)) || timeOf(head, to) >= before) return to
  return length
}
