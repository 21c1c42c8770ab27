/**
 * A capture file's uncompressed bytes, at any place. Plain files are read where they are; compressed ones are expanded once into
 * a file beside the index, and can be read as far as that has come. Expansion is bounded: an archive that is a bomb ends there, and
 * says so.
 */
import { closeSync, fstatSync, openSync, readSync, constants } from 'node:fs'
import { open, rm, type FileHandle } from 'node:fs/promises'
import { compressionOf, MAX_RATIO, openLog, type Compression } from '../../ingest/open-log.ts'
import { ReadProblem, reasonOf } from '../../ingest/read-problem.ts'

/** Bytes that are expanded before somebody asks for them. */
const AHEAD = 64 << 20
/**
 * What expands more than {@link MAX_RATIO} times is given up, beyond these bytes: packets, with a time in front of each, never do.
 * Logs may be longer (see ingest/open-log.ts), but are not laid on the disk.
 */
export const RATIO_FREE = 64 << 20
/** Uncompressed bytes a compressed capture may have. */
export const MOST_EXPANDED = 256 * 1024 ** 3

export interface Content {
  /** Bytes on disk, of the file that was named. */
  readonly size: number
  readonly compression: Compression | null
  /** Bytes on disk that were gone through. */
  readonly done: number
  /** Why expansion ended early: the archive's own fault. */
  readonly problem: string | null
  /**
   * Reads up to `length` bytes at `position`; 0 is the end. A promise where they are not there yet. Throws, or rejects with, the file
   * system's error, also where there is no room for expanded bytes.
   */
  read(into: Uint8Array, offset: number, length: number, position: number): number | Promise<number>
  close(): void
}

/** Throws the file system's error, or one that says what the file is. `spool` is where expanded bytes go. */
export function openContent(path: string, spool: string): Content {
  // A FIFO without a writer must not hold the thread.
  const fd = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
  try {
    const stat = fstatSync(fd)
    if (!stat.isFile()) throw new Error(stat.isDirectory() ? 'a folder' : 'no regular file')
    const head = new Uint8Array(16)
    const compression = compressionOf(head.subarray(0, readSync(fd, head, 0, 16, 0)))
    if (compression === null) return new PlainContent(fd, stat.size)
    closeSync(fd)
    return new ExpandedContent(path, spool, stat.size, compression)
  } catch (error) {
    try {
      closeSync(fd)
    } catch {
      // Closed above.
    }
    throw error
  }
}

class PlainContent implements Content {
  readonly size: number
  readonly compression = null
  readonly problem = null
  done = 0
  readonly #fd: number

  constructor(fd: number, size: number) {
    this.#fd = fd
    this.size = size
  }

  read(into: Uint8Array, offset: number, length: number, position: number): number {
    const read = readSync(this.#fd, into, offset, length, position)
    this.done = Math.max(this.done, position + read)
    return read
  }

  close(): void {
    closeSync(this.#fd)
  }
}

class ExpandedContent implements Content {
  readonly size: number
  readonly compression: Compression
  problem: string | null = null
  done = 0
  #fd: number
  #written = 0
  #ended = false
  /** There was no room for its bytes. */
  #failed: Error | null = null
  #closed = false
  #waiting: (() => void)[] = []
  /** Behind the last byte that somebody asked for; what goes on when more is asked for. */
  #wanted = 0
  #goOn: (() => void) | null = null

  constructor(path: string, spool: string, size: number, compression: Compression) {
    this.size = size
    this.compression = compression
    this.#fd = openSync(spool, 'w+', 0o600)
    void this.#expand(path, spool)
  }

  async #expand(path: string, spool: string): Promise<void> {
    let out: FileHandle | null = null
    try {
      const log = await openLog(path)
      try {
        out = await open(spool, 'r+')
        for await (const piece of log.pieces()) {
          if (this.#closed) break
          await this.#write(out, piece)
          this.done = log.read
          if (this.#written > MOST_EXPANDED) throw new ReadProblem(`it expands to more than ${MOST_EXPANDED} bytes`)
          if (this.#written > RATIO_FREE && this.#written > log.read * MAX_RATIO)
            throw new ReadProblem(`it expands more than ${MAX_RATIO} times: given up after ${this.#written} bytes`)
          this.#wake()
          while (!this.#closed && this.#written > this.#wanted + AHEAD)
            await new Promise<void>((resolve) => (this.#goOn = resolve))
        }
        this.done = this.size
      } finally {
        await log.close()
      }
    } catch (error) {
      this.problem = reasonOf(error)
    } finally {
      await out?.close().catch(() => undefined)
      this.#ended = true
      this.#wake()
      // Not whole: it would be taken for the capture.
      if (this.#closed) await rm(spool, { force: true })
    }
  }

  /** All of it: a disk that fills up takes a part first. */
  async #write(out: FileHandle, piece: Uint8Array): Promise<void> {
    try {
      for (let at = 0; at < piece.length;) {
        const { bytesWritten } = await out.write(piece, at, piece.length - at, this.#written)
        at += bytesWritten
        this.#written += bytesWritten
      }
    } catch (error) {
      this.#failed = error instanceof Error ? error : new Error(String(error))
      throw error
    }
  }

  #wake(): void {
    const waiting = this.#waiting
    this.#waiting = []
    for (const wake of waiting) wake()
  }

  read(into: Uint8Array, offset: number, length: number, position: number): number | Promise<number> {
    if (this.#closed) return 0
    this.#wanted = Math.max(this.#wanted, position + length)
    this.#goOn?.()
    this.#goOn = null
    if (position < this.#written) return readSync(this.#fd, into, offset, Math.min(length, this.#written - position), position)
    if (this.#failed !== null) throw this.#failed
    if (this.#ended) return 0
    return new Promise<void>((resolve) => this.#waiting.push(resolve)).then(() => this.read(into, offset, length, position))
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    closeSync(this.#fd)
    this.#wake()
    this.#goOn?.()
  }
}
