/** Records that are JSON documents, over any number of lines. */
import { say } from '../../../shared/model/sentence.ts'
import { Framer } from './framer.ts'

/** JSON documents nested deeper are refused. */
export const MAX_DEPTH = 512

const LF = 0x0a
const QUOTE = 0x22
const BACKSLASH = 0x5c
const COLON = 0x3a
const COMMA = 0x2c
const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d
const OPEN_BRACKET = 0x5b
const CLOSE_BRACKET = 0x5d

const marked = (...bytes: readonly number[]): Uint8Array => {
  const marks = new Uint8Array(256)
  for (const byte of bytes) marks[byte] = 1
  return marks
}
/** Bytes that mean something inside a string, and outside of one: all others are run over. */
const IN_STRING = marked(QUOTE, BACKSLASH, LF)
const OUTSIDE = marked(QUOTE, OPEN_BRACE, OPEN_BRACKET, CLOSE_BRACE, CLOSE_BRACKET)

/** The highest bit of each byte of a word that is 0, and perhaps of bytes behind the first that is. */
const zeros = (word: number): number => (word - 0x0101_0101) & ~word & 0x8080_8080
const QUOTES = 0x0101_0101 * QUOTE
const BACKSLASHES = 0x0101_0101 * BACKSLASH
const LINE_ENDS = 0x0101_0101 * LF

/** Where the next byte is that means something inside a string, or `to`. Four bytes at once: most mean nothing. */
function nextInString(bytes: Uint8Array, view: DataView, from: number, to: number): number {
  let i = from
  for (; i + 4 <= to; i += 4) {
    const word = view.getInt32(i, true)
    const found = zeros(word ^ QUOTES) | zeros(word ^ BACKSLASHES) | zeros(word ^ LINE_ENDS)
    if (found !== 0) return i + ((31 - Math.clz32(found & -found)) >> 3)
  }
  while (i < to && IN_STRING[bytes[i]!] === 0) i++
  return i
}

/**
 * JSON objects one after another, or as elements of arrays, each over any number of lines; commas, brackets and white space
 * between them are separators. Two things end a broken one, so that it does not swallow those behind it: a line end inside
 * a string (which JSON forbids), and, once it is longer than a record may be, a line that begins with `{`. Anything else
 * between objects is a record of its own up to the line end.
 */
export class JsonFramer extends Framer {
  #state: 'between' | 'object' | 'other' = 'between'
  #depth = 0
  #deepest = 0
  #inString = false
  #escaped = false
  /** The bytes that were looked at last, and the same as numbers. */
  #viewed: Uint8Array = new Uint8Array(0)
  #view: DataView = new DataView(this.#viewed.buffer)

  protected scan(): void {
    const { buffer, filled } = this
    while (!this.full && this.scanned < filled) {
      if (this.#state === 'between') {
        const byte = buffer[this.scanned]!
        if (byte <= 0x20 || byte === COMMA || byte === OPEN_BRACKET || byte === CLOSE_BRACKET) {
          this.scanned++
          this.recordStart = this.scanned
          this.cut = this.scanned
          continue
        }
        this.#begin(byte)
      }
      // No further than to where a record is too long: there `pass` takes over, wherever the pieces were cut.
      const limit = Math.min(filled, this.recordStart + this.maxRecord + 2)
      const end = this.#state === 'object' ? this.#objectEnd(buffer, this.scanned, limit) : endOfLine(buffer, this.scanned, limit)
      if (end < 0) {
        this.scanned = limit
        return
      }
      if (this.#deepest > MAX_DEPTH) this.#refuseDeep(end)
      else this.add(this.recordStart, trimmed(buffer, this.recordStart, end), end)
      this.#state = 'between'
      this.recordStart = end
      this.scanned = end
    }
  }

  protected pass(piece: Uint8Array): { length: number; lineEnd: number } {
    if (this.#state === 'object') {
      for (let i = 0; i < piece.length; i++) {
        if (piece[i] === OPEN_BRACE && (i > 0 ? piece[i - 1] : this.passed.at(-1)) === LF) {
          this.#state = 'between'
          return { length: i, lineEnd: 0 }
        }
        if (this.#objectEnd(piece, i, i + 1) >= 0) {
          this.#state = 'between'
          return { length: i + 1, lineEnd: 0 }
        }
      }
      return { length: piece.length, lineEnd: -1 }
    }
    const end = endOfLine(piece, 0, piece.length)
    if (end < 0) return { length: piece.length, lineEnd: -1 }
    this.#state = 'between'
    return { length: end, lineEnd: 0 }
  }

  protected last(): void {
    if (this.#state === 'between') {
      this.cut = this.filled
      return
    }
    this.#state = 'between'
    this.add(this.recordStart, trimmed(this.buffer, this.recordStart, this.filled), this.filled)
    this.recordStart = this.filled
    this.scanned = this.filled
  }

  #begin(byte: number): void {
    this.#state = byte === OPEN_BRACE ? 'object' : 'other'
    this.#depth = 0
    this.#deepest = 0
    this.#inString = false
    this.#escaped = false
  }

  #refuseDeep(end: number): void {
    this.cut = end
    this.refuse(this.recordStart, end, say('too_deep', { levels: MAX_DEPTH }))
  }

  /** End (exclusive) of the object that is open, or -1; keeps its state for the next call. */
  #objectEnd(bytes: Uint8Array, from: number, to: number): number {
    let depth = this.#depth
    let deepest = this.#deepest
    let inString = this.#inString
    let escaped = this.#escaped
    let end = -1
    if (bytes !== this.#viewed) {
      this.#viewed = bytes
      this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
    }
    const view = this.#view
    for (let i = from; i < to; i++) {
      if (inString) {
        if (escaped) {
          escaped = false
          if (bytes[i] !== LF) continue
        }
        i = nextInString(bytes, view, i, to)
        if (i === to) break
        let byte = bytes[i]!
        // Most of what is escaped is at hand: it is passed over here.
        while (byte === BACKSLASH && i + 2 < to && bytes[i + 1] !== LF) {
          i += 2
          i = nextInString(bytes, view, i, to)
          byte = i < to ? bytes[i]! : 0
        }
        if (i === to) break
        // Mostly the next string follows at once.
        if (byte === QUOTE && i + 2 < to && bytes[i + 2] === QUOTE && (bytes[i + 1] === COLON || bytes[i + 1] === COMMA)) i += 2
        else if (byte === QUOTE) inString = false
        else if (byte === BACKSLASH) escaped = true
        else {
          end = i
          break
        }
        continue
      }
      while (i < to && OUTSIDE[bytes[i]!] === 0) i++
      if (i === to) break
      const byte = bytes[i]
      if (byte === QUOTE) inString = true
      else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
        if (++depth > deepest) deepest = depth
      } else if (--depth === 0) {
        end = i + 1
        break
      }
    }
    this.#deepest = deepest
    this.#depth = depth
    this.#inString = inString
    this.#escaped = escaped
    return end
  }
}

function endOfLine(bytes: Uint8Array, from: number, to: number): number {
  for (let i = from; i < to; i++) if (bytes[i] === LF) return i
  return -1
}

/** `end` moved before white space at the end of the record. */
function trimmed(bytes: Uint8Array, start: number, end: number): number {
  while (end > start + 1 && bytes[end - 1]! <= 0x20) end--
  return end
}
