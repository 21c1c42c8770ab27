/** Bytes of single packets, read from the capture's files; what lies close behind is read with them. */
import { closeSync, openSync, readSync } from 'node:fs'
import { CHUNK, type Columns } from '../index/columns.ts'

/** Files that stay open. */
const MOST_OPEN = 32
/** Read at once, where packets are read in order. */
const AHEAD = 256 << 10
/** A packet further behind the last one is read alone. */
const NEAR = 64 << 10

export class PacketBytes {
  readonly #columns: Columns
  /** Path of each file's uncompressed bytes. */
  readonly #paths: readonly string[]
  readonly #open = new Map<number, number>()
  #single = new Uint8Array(1 << 16)
  readonly #block = new Uint8Array(AHEAD)
  /** Where the block's bytes are from. */
  #file = -1
  #from = 0
  #to = 0
  /** Behind the last packet that was read. */
  #last = 0

  constructor(columns: Columns, paths: readonly string[]) {
    this.#columns = columns
    this.#paths = paths
  }

  /** The captured bytes of a packet (index from 0); fewer where its file was cut meanwhile. Good until the next call. */
  read(packet: number): Uint8Array {
    const chunk = this.#columns.chunk(Math.floor(packet / CHUNK))
    const row = packet % CHUNK
    const length = chunk.captured[row]!
    const offset = chunk.offset[row]!
    const file = chunk.file[row]!
    const inOrder = file === this.#file && offset >= this.#last && offset - this.#last < NEAR
    this.#last = offset + length
    if (file === this.#file && offset >= this.#from && offset + length <= this.#to)
      return this.#block.subarray(offset - this.#from, offset - this.#from + length)
    if (!inOrder || length > AHEAD) {
      // Remembered as the place from which reading may go on in order.
      if (file !== this.#file) this.#from = this.#to = 0
      this.#file = file
      return this.#alone(file, offset, length)
    }
    const read = this.#fill(file, this.#block, offset, AHEAD)
    this.#from = offset
    this.#to = offset + read
    return this.#block.subarray(0, Math.min(read, length))
  }

  /** The bytes in front of a packet's, which say more of it. */
  before(packet: number, count: number): Uint8Array {
    const chunk = this.#columns.chunk(Math.floor(packet / CHUNK))
    const row = packet % CHUNK
    const offset = chunk.offset[row]!
    const bytes = new Uint8Array(Math.min(count, offset))
    return bytes.subarray(0, this.#fill(chunk.file[row]!, bytes, offset - bytes.length, bytes.length))
  }

  #alone(file: number, offset: number, length: number): Uint8Array {
    if (length > this.#single.length) this.#single = new Uint8Array(length * 2)
    return this.#single.subarray(0, this.#fill(file, this.#single, offset, length))
  }

  #fill(file: number, into: Uint8Array, offset: number, length: number): number {
    try {
      return readSync(this.#fd(file), into, 0, length, offset)
    } catch {
      // The file is gone, or its medium: the index is still there.
      return 0
    }
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
