/** A capture file's uncompressed bytes, read once from the first to the last, and hashed on the way. */
import { createHash } from 'node:crypto'
import { openContent, type Content } from '../capture/content.ts'
import { ContentHash } from '../../ingest/content-hash.ts'
import { openLog, type OpenLog } from '../../ingest/open-log.ts'
import { reasonOf } from '../../ingest/read-problem.ts'

/** So many of its bytes name a capture. */
const BEGIN = 1024

export interface HashedContent extends Content {
  /** Names the capture, by its beginning, when that was read. */
  readonly begin: string
  /** As of a `Position`: bytes that were read, and their hash. */
  readonly tail: string
}

export async function openHashed(path: string): Promise<HashedContent> {
  const log = await openLog(path, true)
  if (log.compression !== null) return new Hashed(new Expanding(log))
  await log.close()
  return new Hashed(openContent(path, ''))
}

class Hashed implements HashedContent {
  readonly size: number
  readonly compression: Content['compression']
  readonly #content: Content
  readonly #hash = new ContentHash()
  readonly #begin = createHash('sha256')
  #bytes = 0
  #named = ''

  constructor(content: Content) {
    this.#content = content
    this.size = content.size
    this.compression = content.compression
  }

  get done(): number {
    return this.#content.done
  }
  get problem(): string | null {
    return this.#content.problem
  }
  get begin(): string {
    if (this.#named === '') this.#named = this.#begin.digest('hex').slice(0, 12)
    return this.#named
  }
  get tail(): string {
    return this.#hash.tail
  }

  read(into: Uint8Array, offset: number, length: number, position: number): number | Promise<number> {
    const read = this.#content.read(into, offset, length, position)
    return typeof read === 'number' ? this.#took(into, offset, read) : read.then((count) => this.#took(into, offset, count))
  }

  #took(into: Uint8Array, offset: number, count: number): number {
    const bytes = into.subarray(offset, offset + count)
    this.#hash.push(bytes)
    if (this.#bytes < BEGIN && this.#named === '') this.#begin.update(bytes.subarray(0, BEGIN - this.#bytes))
    this.#bytes += count
    return count
  }

  close(): void {
    this.#content.close()
  }
}

/** A compressed file, expanded as it is asked for: nothing of it is written. */
class Expanding implements Content {
  readonly size: number
  readonly compression: Content['compression']
  problem: string | null = null
  readonly #log: OpenLog
  readonly #pieces: AsyncGenerator<Uint8Array, void>
  #piece: Uint8Array = new Uint8Array(0)

  constructor(log: OpenLog) {
    this.#log = log
    this.size = log.size
    this.compression = log.compression
    this.#pieces = log.pieces()
  }

  get done(): number {
    return this.#log.read
  }

  read(into: Uint8Array, offset: number, length: number): number | Promise<number> {
    if (this.#piece.length === 0) return this.#next().then((more) => (more ? this.read(into, offset, length) : 0))
    const part = this.#piece.subarray(0, length)
    into.set(part, offset)
    this.#piece = this.#piece.subarray(part.length)
    return part.length
  }

  async #next(): Promise<boolean> {
    if (this.problem !== null) return false
    try {
      for (;;) {
        const { done, value } = await this.#pieces.next()
        if (done === true) return false
        this.#piece = value
        if (value.length > 0) return true
      }
    } catch (error) {
      // What came before counts.
      this.problem = reasonOf(error)
      return false
    }
  }

  close(): void {
    void this.#pieces
      .return()
      .catch(() => undefined)
      .then(() => this.#log.close())
      .catch(() => undefined)
  }
}
