/**
 * Texts of a log as strings. What a log says it says again and again (computers, accounts, programs): a short text that was read
 * lately is the same string again, which costs less than a new one, also for those who look at it. They are known by the bytes that they
 * were read from, four at once.
 */
import { Buffer } from 'node:buffer'
import { GUID_LENGTH, writeGuid, type Bytes } from './values.ts'

/** One place for each hash: what comes later takes it. */
const PLACES = 4096
/** UTF-16 units of a text that is remembered. */
const LONGEST = 96
const WORDS = LONGEST / 2
const GUID_WORDS = 4
const FACTOR = 0x01000193
/** Set in the halves of a word that are no ISO 8859-1. */
const BEYOND = 0xff00_ff00 | 0

/** Strings by the words they were read from. */
class Known {
  readonly #strings: string[]
  /** Of each place: how many units its text has (-1: nothing is there), and its words. */
  readonly #words: Int32Array
  readonly #width: number
  /** What is asked for next. */
  readonly asked: Int32Array

  constructor(most: number) {
    this.#strings = new Array<string>(PLACES).fill('')
    this.#width = most + 1
    this.#words = new Int32Array(PLACES * this.#width).fill(-1)
    this.asked = new Int32Array(most)
  }

  /** Where words of this hash are, or belong. */
  place(hash: number): number {
    return (hash ^ (hash >>> 13)) & (PLACES - 1)
  }

  /** The string of the first `count` words of `asked`; `units` tells apart what differs in length alone. */
  get(place: number, count: number, units: number): string | undefined {
    const words = this.#words
    const asked = this.asked
    const at = place * this.#width
    if (words[at] !== units) return undefined
    for (let i = 0; i < count; i++) if (words[at + 1 + i] !== asked[i]) return undefined
    return this.#strings[place]
  }

  set(place: number, count: number, units: number, text: string): string {
    const at = place * this.#width
    this.#words[at] = units
    for (let i = 0; i < count; i++) this.#words[at + 1 + i] = this.asked[i]!
    return (this.#strings[place] = text)
  }
}

export class KnownTexts {
  /** Where texts are put together, as ISO 8859-1: as long as the longest in a chunk. */
  readonly bytes = Buffer.alloc(65_536)
  readonly #texts = new Known(WORDS)
  readonly #guids = new Known(GUID_WORDS)

  /** The first `length` of {@link bytes}. */
  take(length: number): string {
    return this.bytes.toString('latin1', 0, length)
  }

  /** UTF-16 (little-endian) from `at` to `to`; a half of a pair alone is U+FFFD. */
  utf16({ data, view }: Bytes, at: number, to: number): string {
    const length = (to - at) >> 1
    if (length > LONGEST) return this.#long(data, at, length)
    const { asked } = this.#texts
    const pairs = length >> 1
    let hash = length
    let all = 0
    for (let i = 0; i < pairs; i++) {
      const word = view.getInt32(at + 4 * i, true)
      all |= word
      hash = Math.imul(hash ^ word, FACTOR)
      asked[i] = word
    }
    let count = pairs
    if ((length & 1) === 1) {
      const word = view.getUint16(at + 4 * pairs, true)
      all |= word
      hash = Math.imul(hash ^ word, FACTOR)
      asked[count++] = word
    }
    // The upper half of a word reaches its lower bits too: characters of a place differ mostly there.
    const place = this.#texts.place(hash ^ (hash >>> 16))
    return (
      this.#texts.get(place, count, length) ??
      this.#texts.set(place, count, length, (all & BEYOND) === 0 ? this.#latin1(data, at, length) : decoded(data, at, length))
    )
  }

  /** A GUID in its braces. */
  guid({ data, view }: Bytes, at: number): string {
    const { asked } = this.#guids
    let hash = 0
    for (let i = 0; i < GUID_WORDS; i++) {
      const word = view.getInt32(at + 4 * i, true)
      hash = Math.imul(hash ^ word, FACTOR)
      asked[i] = word
    }
    const place = this.#guids.place(hash ^ (hash >>> 16))
    const known = this.#guids.get(place, GUID_WORDS, GUID_WORDS)
    if (known !== undefined) return known
    writeGuid(this.bytes, 0, data, at)
    return this.#guids.set(place, GUID_WORDS, GUID_WORDS, this.take(GUID_LENGTH))
  }

  #long(data: Uint8Array, at: number, length: number): string {
    let high = 0
    for (let from = at + 1; from < at + 2 * length; from += 2) high |= data[from]!
    return high === 0 ? this.#latin1(data, at, length) : decoded(data, at, length)
  }

  #latin1(data: Uint8Array, at: number, length: number): string {
    const { bytes } = this
    for (let i = 0; i < length; i++) bytes[i] = data[at + 2 * i]!
    return this.take(length)
  }
}

const decoded = (data: Uint8Array, at: number, length: number): string =>
  Buffer.from(data.buffer, data.byteOffset + at, 2 * length)
    .toString('utf16le')
    .toWellFormed()
