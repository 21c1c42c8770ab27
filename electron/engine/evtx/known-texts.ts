/**
 * Texts of a log as strings. What a log says it says again and again (computers, accounts, programs): a short text that was read
 * lately is the same string again, which costs less than a new one, also for those who look at it.
 */
import { Buffer } from 'node:buffer'

/** One place for each hash: what comes later takes it. */
const PLACES = 4096
/** UTF-16 units of a text that is remembered. */
const LONGEST = 160

export class KnownTexts {
  /** Where texts are put together, as ISO 8859-1: as long as the longest in a chunk. */
  readonly bytes = Buffer.alloc(65_536)
  readonly #strings = new Array<string>(PLACES).fill('')

  /** The first `length` of {@link bytes}. */
  take(length: number): string {
    const { bytes } = this
    if (length > LONGEST) return bytes.toString('latin1', 0, length)
    let hash = length
    for (let i = 0; i < length; i++) hash = Math.imul(hash ^ bytes[i]!, FACTOR)
    return this.#known(hash, length)
  }

  /** UTF-16 (little-endian) from `at` to `to`; a half of a pair alone is U+FFFD. */
  utf16(data: Uint8Array, at: number, to: number): string {
    const { bytes } = this
    const length = (to - at) >> 1
    let hash = length
    let high = 0
    for (let i = 0, from = at; i < length; i++, from += 2) {
      const low = data[from]!
      high |= data[from + 1]!
      bytes[i] = low
      hash = Math.imul(hash ^ low, FACTOR)
    }
    if (high !== 0)
      return Buffer.from(data.buffer, data.byteOffset + at, 2 * length)
        .toString('utf16le')
        .toWellFormed()
    return length > LONGEST ? bytes.toString('latin1', 0, length) : this.#known(hash, length)
  }

  #known(hash: number, length: number): string {
    const { bytes } = this
    const place = (hash ^ (hash >>> 13)) & (PLACES - 1)
    const known = this.#strings[place]!
    if (known.length === length) {
      let i = 0
      while (i < length && known.charCodeAt(i) === bytes[i]) i++
      if (i === length) return known
    }
    return (this.#strings[place] = bytes.toString('latin1', 0, length))
  }
}

const FACTOR = 0x01000193
