/**
 * Cuts a zstd stream into its frames (RFC 8878, section 3): Node's decompressor ends after the first one, without a word. Only
 * headers are read here; skippable frames are left out.
 */
import { say } from '../../../shared/model/sentence.ts'
import { ReadProblem } from './read-problem.ts'

const MAGIC = 0xfd2fb528
const SKIPPABLE = 0x184d2a50
const NOTHING = new Uint8Array(0)

export class ZstdFrames {
  readonly #pieces: AsyncIterator<Uint8Array, void>
  #rest: Uint8Array = NOTHING

  constructor(pieces: AsyncIterable<Uint8Array, void>) {
    this.#pieces = pieces[Symbol.asyncIterator]()
  }

  /** Passes skippable frames over; false where no frame follows. */
  async next(): Promise<boolean> {
    for (;;) {
      if (!(await this.#fill(1))) return false
      if (!(await this.#fill(4))) throw new ReadProblem(say('cut_off', { compression: 'zstd' }))
      const magic = u32(this.#rest)
      if (magic === MAGIC) return true
      if ((magic & 0xfffffff0) >>> 0 !== SKIPPABLE) throw new ReadProblem(say('something_follows', { compression: 'zstd' }))
      if (!(await this.#fill(8))) throw new ReadProblem(say('cut_off', { compression: 'zstd' }))
      const size = u32(this.#rest.subarray(4))
      for await (const piece of this.#take(8 + size)) void piece
    }
  }

  /** The bytes of the frame that begins here, to its end or to the end of the stream. */
  async *frame(): AsyncGenerator<Uint8Array, void> {
    if (!(await this.#fill(5))) return yield* this.#take(this.#rest.length)
    const descriptor = this.#rest[4]!
    const single = (descriptor & 0x20) !== 0
    const dictionary = [0, 1, 2, 4][descriptor & 3]!
    const contentSize = [single ? 1 : 0, 2, 4, 8][descriptor >> 6]!
    yield* this.#take(5 + (single ? 0 : 1) + dictionary + contentSize)
    for (;;) {
      if (!(await this.#fill(3))) return yield* this.#take(this.#rest.length)
      const header = this.#rest[0]! | (this.#rest[1]! << 8) | (this.#rest[2]! << 16)
      const repeated = ((header >> 1) & 3) === 1
      yield* this.#take(3 + (repeated ? 1 : header >> 3))
      if (header & 1) break
    }
    if (descriptor & 4) yield* this.#take(4)
  }

  async *#take(length: number): AsyncGenerator<Uint8Array, void> {
    let left = length
    while (left > 0 && (await this.#fill(1))) {
      const part = this.#rest.subarray(0, left)
      this.#rest = this.#rest.subarray(part.length)
      left -= part.length
      yield part
    }
  }

  /** True where so many bytes are there. */
  async #fill(length: number): Promise<boolean> {
    while (this.#rest.length < length) {
      const { value, done } = await this.#pieces.next()
      if (done === true || value === undefined) return false
      this.#rest = this.#rest.length === 0 ? value : Buffer.concat([this.#rest, value])
    }
    return true
  }
}

const u32 = (bytes: Uint8Array): number => (bytes[0]! | (bytes[1]! << 8) | (bytes[2]! << 16) | (bytes[3]! << 24)) >>> 0
