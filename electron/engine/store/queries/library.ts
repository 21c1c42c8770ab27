/** The partitions a reader has open. */
import { existsSync } from 'node:fs'
import { isDamage } from '../database.ts'
import { partitionPath } from '../partition-files.ts'
import { BlockCache, HeadCache, Partition } from './partition.ts'

/** A partition that was found damaged while it was read; the writer sets it aside. */
export class DamagedPartition extends Error {
  override readonly name = 'DamagedPartition'
  readonly day: number
  constructor(day: number, cause: unknown) {
    super(`partition ${day} is damaged: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
    this.day = day
  }
}

/** Runs what reads one partition, and says which one where it turns out damaged. */
export function reading<T>(day: number, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (isDamage(error)) throw new DamagedPartition(day, error)
    throw error
  }
}

export class Library {
  readonly #dir: string
  #days: readonly number[] = []
  readonly #heads = new HeadCache()
  readonly #opened: BlockCache
  readonly #open = new Map<number, Partition>()

  /** `keptRows`: rows of blocks that stay unpacked between questions. */
  constructor(dataDir: string, keptRows = 0) {
    this.#dir = dataDir
    this.#opened = new BlockCache(keptRows)
  }

  /** Days there are; others are closed. */
  setDays(days: readonly number[]): void {
    this.#days = days
    this.#opened.clear()
    for (const [day, partition] of this.#open) {
      if (days.includes(day)) continue
      partition.close()
      this.#open.delete(day)
    }
  }

  get days(): readonly number[] {
    return this.#days
  }

  partition(day: number): Partition | null {
    const known = this.#open.get(day)
    if (known) return known
    const path = partitionPath(this.#dir, day)
    if (!this.#days.includes(day) || !existsSync(path)) return null
    const opened = reading(day, () => new Partition(path, day, this.#heads, this.#opened))
    this.#open.set(day, opened)
    return opened
  }

  /** All partitions, newest first. */
  *newestFirst(): Generator<Partition> {
    for (const day of this.#days.toReversed()) {
      const partition = this.partition(day)
      if (partition) yield partition
    }
  }

  close(): void {
    for (const partition of this.#open.values()) partition.close()
    this.#open.clear()
  }
}
