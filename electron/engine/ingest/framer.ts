/**
 * Bytes become records. A framer is given a stream piece by piece, in pieces of any size, and gives back chunks of whole
 * records with their exact places; what is not whole yet waits inside it. It never holds more than one chunk, one record
 * and one piece, whatever the input.
 */
import { say, type Sentence } from '../../../shared/model/sentence.ts'
import { BLOCK_ROWS } from '../store/limits.ts'

/** A longer record is refused: kept as rejected with its place, its length and its first {@link KEPT_OF_REFUSED} bytes. */
export const MAX_RECORD = 4 * 1024 * 1024
export const KEPT_OF_REFUSED = 64 * 1024
/** A chunk becomes one batch, and its events one block of the store. */
export const CHUNK_RECORDS = BLOCK_ROWS
export const CHUNK_BYTES = 6 * 1024 * 1024
/** So many bytes before a position tell whether a file is still the one that was read. */
export const TAIL_BYTES = 1024

const SMALL_BUFFER = 16 * 1024
/** From this size on a chunk's bytes are not copied. */
const HAND_OVER = 256 * 1024

/** A record that cannot be given to a parser. */
export interface Refused {
  /** Byte offset in the stream, 1-based record number, and the record's whole length in bytes. */
  readonly offset: number
  readonly record: number
  readonly length: number
  readonly reason: Sentence
  readonly raw: Uint8Array<ArrayBuffer>
}

export interface Chunk {
  readonly bytes: Uint8Array<ArrayBuffer>
  /** Start and end (exclusive, without the line end) of each record in `bytes`, in pairs. */
  readonly bounds: Uint32Array<ArrayBuffer>
  /** Offset of `bytes[0]` in the stream, and the 1-based number of the first record. */
  readonly offset: number
  readonly record: number
  /** Stands after the records of `bounds`. */
  readonly refused: Refused | null
  /** Where the stream stands after this chunk: bytes, and records of any kind (blank lines and refused ones too). */
  readonly end: number
  readonly records: number
  /** The last bytes before `end`, at most {@link TAIL_BYTES}. */
  readonly tail: Uint8Array<ArrayBuffer>
}

export interface FramerStart {
  /** Where in the stream the first byte stands, how many records came before, and the bytes just before it. */
  readonly offset?: number
  readonly records?: number
  readonly tail?: Uint8Array
  /** Of separated values; where it is not known, the first line that is not blank tells. */
  readonly delimiter?: string | undefined
  /** Lower limits, for tests and for network sources. */
  readonly maxRecord?: number
  readonly chunkRecords?: number
  readonly chunkBytes?: number
  readonly quotedLines?: number
  readonly quotedBytes?: number
}

/** Frames a stream; see {@link createFramer}. */
export abstract class Framer {
  protected buffer: Buffer<ArrayBuffer> = Buffer.allocUnsafeSlow(SMALL_BUFFER)
  protected filled = 0
  /** Next byte to look at, and start of the record that is being looked at (while none is: next byte to look at). */
  protected scanned = 0
  protected recordStart = 0
  /** End of what belongs to the chunk so far, separators included. */
  protected cut = 0
  protected refused: Refused | null = null
  /** Set while the rest of a record that is too long is passed over; `length` counts on. */
  protected passing: { readonly offset: number; length: number; readonly raw: Uint8Array<ArrayBuffer> } | null = null
  /** While a record is passed over: the last bytes seen. */
  protected passed: Uint8Array<ArrayBuffer> = new Uint8Array(0)
  protected readonly maxRecord: number
  readonly #chunkRecords: number
  readonly #chunkBytes: number
  #bounds = new Uint32Array(256)
  #count = 0
  /** Offset in the stream of `buffer[0]`, and records before it. */
  protected base: number
  #records: number
  #tail: Uint8Array<ArrayBuffer>
  /** Bytes of the refused record that were passed over: they follow the buffer's, and are in no buffer. */
  #beyond = 0
  /** Memory that was given back. */
  #spare: ArrayBuffer | null = null

  constructor(start: FramerStart) {
    this.base = start.offset ?? 0
    this.#records = start.records ?? 0
    this.#tail = Uint8Array.from(start.tail ?? [])
    this.maxRecord = start.maxRecord ?? MAX_RECORD
    this.#chunkRecords = start.chunkRecords ?? CHUNK_RECORDS
    this.#chunkBytes = start.chunkBytes ?? CHUNK_BYTES
  }

  /** Looks at `buffer[scanned..filled)`, calling `add`; stops when `full`. */
  protected abstract scan(): void
  /**
   * While `passing`: how many bytes of `piece` are passed over with it, and, where the record ends there, how many bytes of
   * line end stand behind it (-1 where it goes on).
   */
  protected abstract pass(piece: Uint8Array): { readonly length: number; readonly lineEnd: number }
  /** The stream is over: makes what is left a record, or part of the chunk. */
  protected abstract last(): void

  /** Bytes taken in that are in no chunk yet. */
  get waiting(): number {
    return this.filled + (this.passing?.length ?? 0)
  }

  protected get full(): boolean {
    return this.#count >= this.#chunkRecords || this.cut >= this.#chunkBytes || this.refused !== null
  }

  /** Takes the next piece of the stream. After it, call `take()` until it gives null. Copies; the piece stays the caller's. */
  push(piece: Uint8Array): void {
    let at = 0
    while (this.passing !== null && at < piece.length) {
      const part = piece.subarray(at)
      const { length, lineEnd } = this.pass(part)
      this.passed = tailOf(this.passed, part.subarray(0, length))
      this.passing.length += length
      at += length
      if (lineEnd >= 0) this.#endPassing(lineEnd)
    }
    const rest = at === 0 ? piece : piece.subarray(at)
    if (rest.length > 0) this.#append(rest)
    if (!this.full) this.#scan()
  }

  /**
   * The next chunk, or null. Without `now` only full chunks are given (an import wants big ones); with it whatever whole
   * records there are.
   */
  take(now = false): Chunk | null {
    if (!this.full && !(now && (this.#count > 0 || this.cut > 0))) return null
    const offset = this.base
    const bytes = this.#detach()
    const chunk: Chunk = {
      bytes,
      bounds: this.#bounds.slice(0, this.#count * 2),
      offset,
      record: this.#records + 1,
      refused: this.refused,
      end: this.base,
      records: this.#records + this.#count + (this.refused === null ? 0 : 1),
      tail: this.#tail,
    }
    this.#records = chunk.records
    this.#count = 0
    this.refused = null
    this.#scan()
    return chunk
  }

  /** Nobody needs a chunk's bytes any more: later ones may lie where they were. To ask for new memory each time costs collections. */
  giveBack({ bytes }: Chunk): void {
    const known = this.#spare?.byteLength ?? HAND_OVER - 1
    if (bytes.buffer.byteLength > known && bytes.buffer !== this.buffer.buffer) this.#spare = bytes.buffer
  }

  /** The stream is over; what is left becomes a record. After it, call `take(true)` until it gives null. */
  finish(): void {
    if (this.passing !== null) this.#endPassing(0)
    else this.last()
  }

  protected add(start: number, end: number, cut: number): void {
    this.cut = cut
    if (end - start > this.maxRecord) {
      this.refuse(start, end, say('too_long', { bytes: this.maxRecord }))
      return
    }
    const at = this.#count * 2
    if (at === this.#bounds.length) {
      const grown = new Uint32Array(this.#bounds.length * 2)
      grown.set(this.#bounds)
      this.#bounds = grown
    }
    this.#bounds[at] = start
    this.#bounds[at + 1] = end
    this.#count++
  }

  /** A whole record that is in the buffer, but not for a parser. */
  protected refuse(start: number, end: number, reason: Sentence): void {
    this.refused = {
      offset: this.base + start,
      record: this.#records + this.#count + 1,
      length: end - start,
      reason,
      raw: Uint8Array.from(this.buffer.subarray(start, Math.min(end, start + KEPT_OF_REFUSED))),
    }
  }

  #scan(): void {
    if (
      this.base === 0 &&
      this.recordStart === 0 &&
      this.buffer[0] === 0xef &&
      this.buffer[1] === 0xbb &&
      this.buffer[2] === 0xbf &&
      this.filled >= 3
    ) {
      this.recordStart = 3
      this.scanned = Math.max(this.scanned, 3)
    }
    this.scan()
    const open = this.scanned - this.recordStart
    // One byte more than a record may have: it can be the CR of a line end.
    if (this.full || open <= this.maxRecord + 1) return
    const rest = Uint8Array.from(this.buffer.subarray(this.scanned, this.filled))
    this.passing = {
      offset: this.base + this.recordStart,
      length: open,
      raw: Uint8Array.from(this.buffer.subarray(this.recordStart, this.recordStart + KEPT_OF_REFUSED)),
    }
    this.passed = tailOf(new Uint8Array(0), this.buffer.subarray(this.recordStart, this.scanned))
    this.filled = this.recordStart
    this.scanned = this.filled
    if (rest.length > 0) this.push(rest)
  }

  /** Nothing is in the buffer behind the records that came before, so the refused record follows them. */
  #endPassing(lineEnd: number): void {
    const passing = this.passing!
    this.passing = null
    this.refused = {
      offset: passing.offset,
      record: this.#records + this.#count + 1,
      length: passing.length - lineEnd,
      reason: say('too_long', { bytes: this.maxRecord }),
      raw: passing.raw,
    }
    this.#beyond = passing.length
    this.cut = this.filled
  }

  #append(bytes: Uint8Array): void {
    const needed = this.filled + bytes.length
    if (needed > this.buffer.length) {
      const grown = this.#memory(Math.max(needed, Math.min(this.buffer.length * 2, needed + CHUNK_BYTES / 2)))
      this.buffer.copy(grown, 0, 0, this.filled)
      this.buffer = grown
    }
    this.buffer.set(bytes, this.filled)
    this.filled = needed
  }

  #memory(size: number): Buffer<ArrayBuffer> {
    const spare = this.#spare
    this.#spare = null
    // Not much larger than wanted either, or one long record's memory would be kept for good.
    return spare !== null && spare.byteLength >= size && spare.byteLength <= 2 * CHUNK_BYTES
      ? Buffer.from(spare)
      : Buffer.allocUnsafeSlow(size)
  }

  #copy(length: number): Uint8Array<ArrayBuffer> {
    const bytes = this.buffer.subarray(0, length)
    if (length < HAND_OVER) return Uint8Array.from(bytes)
    const memory = this.#memory(length)
    memory.set(bytes)
    return new Uint8Array(memory.buffer, 0, length)
  }

  /** Cuts the chunk's bytes off the buffer and moves `base` behind them and behind the refused record. */
  #detach(): Uint8Array<ArrayBuffer> {
    const { cut, buffer } = this
    const rest = this.filled - cut
    // A chunk that fills most of the buffer takes it along; a small one is copied out of it.
    const whole = cut >= HAND_OVER && cut >= buffer.length / 2
    const bytes = whole ? new Uint8Array(buffer.buffer, 0, cut) : this.#copy(cut)
    this.#tail = tailOf(this.#tail, bytes)
    let length = cut
    if (this.#beyond > 0) {
      length += this.#beyond
      this.#tail = tailOf(this.#tail, this.passed)
      this.#beyond = 0
    }
    if (whole || (buffer.length > 2 * CHUNK_BYTES && rest < SMALL_BUFFER)) {
      // Nor is a buffer that grew for one long record kept for good.
      this.buffer = this.#memory(Math.max(SMALL_BUFFER, rest, whole ? Math.min(cut + cut / 8, CHUNK_BYTES + CHUNK_BYTES / 4) : 0))
      buffer.copy(this.buffer, 0, cut, this.filled)
    } else buffer.copyWithin(0, cut, this.filled)
    this.base += length
    this.filled = rest
    this.scanned -= cut
    this.recordStart -= cut
    this.cut = 0
    return bytes
  }
}

/** The last {@link TAIL_BYTES} of `before` followed by `bytes`. */
export function tailOf(before: Uint8Array, bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  if (bytes.length >= TAIL_BYTES) return Uint8Array.from(bytes.subarray(bytes.length - TAIL_BYTES))
  const kept = before.subarray(Math.max(0, before.length + bytes.length - TAIL_BYTES))
  const tail = new Uint8Array(kept.length + bytes.length)
  tail.set(kept)
  tail.set(bytes, kept.length)
  return tail
}
