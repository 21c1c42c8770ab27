/** Bytes of single packets, read from the capture's files. */
import { closeSync, openSync, readSync } from 'node:fs'
import { CHUNK, type Columns } from '../index/columns.ts'

/** Files that stay open. */
const MOST_OPEN = 32

export class PacketBytes {
  readonly #columns: Columns
  /** Path of each file's uncompressed bytes. */
  readonly #paths: readonly string[]
  readonly #open = new Map<number, number>()
  #buffer = new Uint8Array(1 << 16)

  constructor(columns: Columns, paths: readonly string[]) {
    this.#columns = columns
    this.#paths = paths
  }

  /** The captured bytes of a packet (index from 0); fewer where its file was cut meanwhile. Good until the next call. */
  read(packet: number): Uint8Array {
    const chunk = this.#columns.chunk(Math.floor(packet / CHUNK))
    const row = packet % CHUNK
    const length = chunk.captured[row]!
    if (length > this.#buffer.length) this.#buffer = new Uint8Array(length * 2)
    let read = 0
    try {
      read = readSync(this.#fd(chunk.file[row]!), this.#buffer, 0, length, chunk.offset[row]!)
    } catch {
      // The file is gone, or its medium: the index is still there.
    }
    return this.#buffer.subarray(0, read)
  }

  #fd(file: number): number {
    const known = this.#open.get(file)
    if (known !== undefined) return known
    if (this.#open.size >= MOST_OPEN) {
      const [oldest] = this.#open
      closeSync(oldest![1])
      this.#open.delete(oldest![0])
    }
    const fd = openSync(this.#paths[file]!, 'r')
    this.#open.set(file, fd)
    return fd
  }

  close(): void {
    for (const fd of this.#open.values()) closeSync(fd)
    this.#open.clear()
  }
}
