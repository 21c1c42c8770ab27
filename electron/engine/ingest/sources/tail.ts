/** One open file that may grow: reads what is new, and notices when it is no longer the file that was read. */
import type { FileHandle } from 'node:fs/promises'
import { TAIL_BYTES, tailOf } from '../framer.ts'
import { LogReader, type LogReaderOptions, type LogStart } from '../log-reader.ts'
import type { OpenLog } from '../open-log.ts'

const READ_BYTES = 1024 * 1024

/** `grew` there was something new · `same` nothing · `truncated` what was read is no longer there. */
export type Growth = 'grew' | 'same' | 'truncated'

export class Tail {
  readonly id: string
  readonly reader: LogReader
  readonly #handle: FileHandle
  readonly #feed: LogReaderOptions['feed']
  /** Next byte to read, and the bytes before it. */
  #at: number
  #recent: Uint8Array
  #mtimeNs = -1n
  #size = 0
  /** When something new was read last, by `Date.now()`. */
  lastGrowth = Date.now()

  /** Takes the open file over. */
  constructor({ id, handle }: OpenLog, options: LogReaderOptions, start: LogStart) {
    this.id = id
    this.#handle = handle
    this.#feed = options.feed
    this.reader = new LogReader({ ...options, start })
    this.#at = start.offset
    this.#recent = start.tail
  }

  /** Bytes of the file that were not read, as of the last look, and those that are no whole record. */
  get waiting(): number {
    return Math.max(0, this.#size - this.#at)
  }
  get mtimeNs(): bigint {
    return this.#mtimeNs
  }

  /** Reads to the end, or until `stopped`, waiting for room on the way. */
  async read(stopped: () => boolean): Promise<Growth> {
    let growth: Growth = 'same'
    for (;;) {
      const { size: big, mtimeNs } = await this.#handle.stat({ bigint: true })
      const size = Number(big)
      const touched = mtimeNs !== this.#mtimeNs
      this.#mtimeNs = mtimeNs
      this.#size = size
      if (size < this.#at) return 'truncated'
      if (size === this.#at) {
        // Cut and written anew to the very same length: only the bytes tell.
        if (touched && !(await this.#unchanged())) return 'truncated'
        return growth
      }
      while (this.#at < size) {
        await this.#feed.room()
        if (stopped() || this.#feed.error !== null) return growth
        const before = this.#recent.length
        const buffer = Buffer.allocUnsafeSlow(before + Math.min(READ_BYTES, size - this.#at))
        const { bytesRead } = await this.#handle.read(buffer, 0, buffer.length, this.#at - before)
        if (bytesRead < before || !buffer.subarray(0, before).equals(this.#recent)) return 'truncated'
        if (bytesRead === before) break
        const fresh = buffer.subarray(before, bytesRead)
        this.reader.push(fresh)
        this.#at += fresh.length
        this.#recent = tailOf(this.#recent, fresh)
        this.lastGrowth = Date.now()
        growth = 'grew'
      }
      this.reader.flush()
    }
  }

  async #unchanged(): Promise<boolean> {
    const length = Math.min(TAIL_BYTES, this.#recent.length)
    if (length === 0) return true
    const buffer = Buffer.alloc(length)
    const { bytesRead } = await this.#handle.read(buffer, 0, length, this.#at - length)
    return bytesRead === length && buffer.equals(this.#recent.subarray(this.#recent.length - length))
  }

  /** The file will not grow: an unterminated last line is a record. */
  async finish(): Promise<void> {
    this.reader.finish(true)
    await this.#handle.close()
  }

  async close(): Promise<void> {
    this.reader.close()
    await this.#handle.close()
  }
}
