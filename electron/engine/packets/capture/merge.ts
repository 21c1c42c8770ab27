/**
 * Several files as one capture, merged by time. Files are opened when their time has come, so that a thousand rolling files need
 * no more memory than those that overlap. Packets without a time come as soon as they are met.
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

const timeOf = ({ source: { batch }, at }: Head): number => {
  const seconds = batch.seconds[at]!
  return Number.isNaN(seconds) ? -Infinity : seconds + batch.nanos[at]! / 1e9
}

export class Merge {
  readonly #files: readonly { readonly file: number; readonly first: number; open(): PacketSource | Promise<PacketSource> }[]
  #opened = 0
  readonly #heads: Head[] = []
  #run: Run | null = null

  constructor(files: readonly MergeFile[]) {
    this.#files = files
      .map(({ first, open }, file) => ({ file, first, open }))
      .sort((a, b) => a.first - b.first || a.file - b.file)
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
    let bestTime = Infinity
    let second = Infinity
    for (const head of this.#heads) {
      const time = timeOf(head)
      if (best === null || time < bestTime) {
        second = bestTime
        bestTime = time
        best = head
      } else if (time < second) second = time
    }
    const waiting = this.#files[this.#opened]
    if (waiting !== undefined && (best === null || waiting.first <= bestTime)) return this.#open()
    if (best === null) return null
    const limit = waiting === undefined ? second : Math.min(second, waiting.first)
    const { batch } = best.source
    let to = best.at + 1
    if (limit === Infinity) to = batch.length
    else {
      const head = { ...best }
      while (to < batch.length) {
        head.at = to
        if (timeOf(head) > limit) break
        to++
      }
    }
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
