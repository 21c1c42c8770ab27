/** The chunks of an event log file that is open, in the order of their records: a full log begins again at its first chunk. */
import type { FileHandle } from 'node:fs/promises'
import { firstNumber, recordCheck, recordIdAt, wholeRecords } from './chunk-records.ts'
import { CHUNK, FIRST_RECORD, HEADER, isChunk } from './evtx-chunks.ts'
import { RECORD_HEADER } from './whole-record.ts'

/** A chunk by its place in the file and the number of its first record. */
export interface ChunkHead {
  readonly index: number
  readonly first: number
}

export const chunkOffset = (index: number): number => HEADER + index * CHUNK

export class EventLogFile {
  readonly #handle: FileHandle

  /** The handle stays the caller's. */
  constructor(handle: FileHandle) {
    this.#handle = handle
  }

  /** Chunks that have a record, ascending by its number. Of two with the same one the later in the file counts. */
  async heads(): Promise<ChunkHead[]> {
    const count = await this.count()
    const heads = new Map<number, ChunkHead>()
    let empty: number[] = []
    for (let index = 0; index < count; index++) {
      let first = await this.first(index)
      if (first === null) {
        empty.push(index)
        continue
      }
      heads.set(first, { index, first })
      // What stands before a chunk was one, though it may begin with a hole now.
      for (const before of empty) {
        first = await this.#firstWhole(before)
        if (first !== null && !heads.has(first)) heads.set(first, { index: before, first })
      }
      empty = []
    }
    return [...heads.values()].sort((a, b) => a.first - b.first)
  }

  /** Chunks there are, with records or not; the last one may be cut. */
  async count(): Promise<number> {
    return Math.max(0, Math.ceil(((await this.#handle.stat()).size - HEADER) / CHUNK))
  }

  /** The number that a chunk begins with (see `firstNumber`); null where there is none, as in one that nothing was written to. */
  async first(index: number): Promise<number | null> {
    const bytes = await this.#read(chunkOffset(index), FIRST_RECORD + RECORD_HEADER)
    if (bytes === null) return null
    const id = isChunk(bytes) ? recordIdAt(bytes, FIRST_RECORD) : null
    return id ?? (bytes.every((byte) => byte === 0) ? null : this.#firstWhole(index))
  }

  async #firstWhole(index: number): Promise<number | null> {
    const data = await this.chunk(index)
    return data === null ? null : firstNumber(data)
  }

  /** Number of the record that stands at byte `at` of a chunk; null where there is none. */
  async idAt(index: number, at: number): Promise<number | null> {
    if (at + RECORD_HEADER > CHUNK) return null
    const bytes = await this.#read(chunkOffset(index) + at, RECORD_HEADER)
    return bytes === null ? null : recordIdAt(bytes, 0)
  }

  /** All bytes of a chunk, zeros where the file is cut; null where no record can be in it. */
  chunk(index: number): Promise<Uint8Array<ArrayBuffer> | null> {
    return this.#read(chunkOffset(index), CHUNK, FIRST_RECORD + RECORD_HEADER)
  }

  /** What records with these numbers are known by, of those that are there. Reads each chunk once. */
  async checks(heads: readonly ChunkHead[], ids: readonly number[]): Promise<Map<number, string>> {
    const found = new Map<number, string>()
    const wanted = [...new Set(ids)].sort((a, b) => a - b)
    for (let next = 0, head = 0; next < wanted.length;) {
      const id = wanted[next]!
      while (head + 1 < heads.length && heads[head + 1]!.first <= id) head++
      const to = heads[head + 1]?.first ?? Infinity
      const of = heads[head]
      const data = of === undefined || id < of.first ? null : await this.chunk(of.index)
      const records = new Map((data === null ? [] : wholeRecords(data)).map((record) => [record.id, record]))
      do {
        const record = records.get(wanted[next]!)
        if (record !== undefined) found.set(record.id, recordCheck(data!, record))
        next++
      } while (next < wanted.length && wanted[next]! < to)
    }
    return found
  }

  /** All bytes from the first one on, each piece only good until the next one is asked for. */
  async *pieces(): AsyncGenerator<Uint8Array, void> {
    const buffer = new Uint8Array(16 * CHUNK)
    for (let at = 0; ;) {
      const { bytesRead } = await this.#handle.read(buffer, 0, buffer.length, at)
      if (bytesRead === 0) return
      at += bytesRead
      yield buffer.subarray(0, bytesRead)
    }
  }

  async #read(offset: number, length: number, least = length): Promise<Uint8Array<ArrayBuffer> | null> {
    const bytes = new Uint8Array(length)
    const { bytesRead } = await this.#handle.read(bytes, 0, length, offset)
    return bytesRead >= least ? bytes : null
  }
}
