/**
 * Filter over the text of a column, for searches of a part of a value. `trigrams`: every three neighbouring characters of every
 * value (full-text option). `words`: whole words only, of use where a search holds whole words.
 */
import { finishHash, hashStep } from './value-hash.ts'

export type Fulltext = 'words' | 'trigrams'
export const FULLTEXT_KINDS: readonly Fulltext[] = ['words', 'trigrams']

const LARGEST_LOG = 16
const SMALLEST_LOG = 6
const FULL_ENOUGH = 0.25
/** Classes of characters, six bits: a trigram is a number below 2^18. */
const CLASSES = new Uint8Array(128)
{
  const named = 'abcdefghijklmnopqrstuvwxyz0123456789.-_/: =&?%"@,;()\\+'
  CLASSES.fill(63)
  for (let i = 0; i < named.length; i++) CLASSES[named.charCodeAt(i)] = i
  for (let c = 65; c <= 90; c++) CLASSES[c] = c - 65
}
/** Classes past the named ones are shared by all other characters. */
const classOf = (unit: number): number => (unit < 128 ? CLASSES[unit]! : 55 + (((unit * 0x9e37) >>> 8) & 7))
const isWord = (unit: number): boolean =>
  unit >= 128 || (unit >= 48 && unit <= 57) || (unit >= 97 && unit <= 122) || (unit >= 65 && unit <= 90)
const lower = (unit: number): number => (unit >= 65 && unit <= 90 ? unit | 32 : unit)
/** Place of a trigram; a smaller filter takes the lower bits. */
const placeOf = (gram: number): number => Math.imul(gram, 0x9e3779b1) >>> (32 - LARGEST_LOG)

export class TextFilterBuilder {
  readonly kind: Fulltext
  readonly #words = new Uint32Array(2 ** (LARGEST_LOG - 5))
  #log = SMALLEST_LOG
  #mask = 0
  #used = false

  constructor(kind: Fulltext) {
    this.kind = kind
  }

  /** Begins the filter of a column whose text has this many UTF-16 units. */
  begin(units: number): void {
    this.#log = Math.min(LARGEST_LOG, Math.max(SMALLEST_LOG, 35 - Math.clz32(units)))
    this.#mask = 2 ** this.#log - 1
    this.#words.fill(0, 0, 1 << (this.#log - 5))
    this.#used = false
  }

  /** Adds one ASCII value that stands in bytes `[from, to)`, and gives the value's key for the field's seed. */
  addAscii(bytes: Uint8Array, from: number, to: number, seed: number): number {
    const set = this.#words
    const mask = this.#mask
    this.#used = true
    let h = seed
    if (this.kind === 'trigrams') {
      let gram = 0
      const second = from + 2
      for (let i = from; i < to; i++) {
        const unit = bytes[i]!
        h = hashStep(h, unit >= 65 && unit <= 90 ? unit | 32 : unit)
        gram = ((gram << 6) | CLASSES[unit & 127]!) & 0x3ffff
        if (i >= second) {
          const at = placeOf(gram) & mask
          set[at >>> 5]! |= 1 << (at & 31)
        }
      }
    } else {
      let word = 0
      let inside = false
      for (let i = from; i < to; i++) {
        const unit = lower(bytes[i]!)
        h = hashStep(h, unit)
        if (isWord(unit)) {
          word = hashStep(inside ? word : 0, unit)
          inside = true
        } else if (inside) {
          this.#word(word)
          inside = false
        }
      }
      if (inside) this.#word(word)
    }
    return finishHash(h)
  }

  /** Adds any value; gives its key like {@link addAscii}. */
  addText(text: string, seed: number): number {
    const value = text.toLowerCase()
    this.#used = true
    let h = seed
    if (this.kind === 'trigrams') {
      let gram = 0
      for (let i = 0; i < value.length; i++) {
        const unit = value.charCodeAt(i)
        h = hashStep(h, unit)
        gram = ((gram << 6) | classOf(unit)) & 0x3ffff
        if (i < 2) continue
        const at = placeOf(gram) & this.#mask
        this.#words[at >>> 5]! |= 1 << (at & 31)
      }
    } else {
      for (let i = 0; i < value.length; i++) h = hashStep(h, value.charCodeAt(i))
      for (const word of wordsOf(value, 0, value.length)) this.#word(word)
    }
    return finishHash(h)
  }

  #word(rolling: number): void {
    const at = placeOf(finishHash(rolling)) & this.#mask
    this.#words[at >>> 5]! |= 1 << (at & 31)
  }

  /** The folded bits; no bytes where nothing was added since `begin`. */
  finish(): Uint8Array<ArrayBuffer> {
    const words = this.#words
    if (!this.#used) return new Uint8Array(0)
    let log = this.#log
    while (log > SMALLEST_LOG) {
      const half = 1 << (log - 6)
      let set = 0
      for (let i = 0; i < half; i++) set += popcount(words[i]! | words[half + i]!)
      if (set / (half * 32) > FULL_ENOUGH) break
      for (let i = 0; i < half; i++) words[i]! |= words[half + i]!
      log--
    }
    return new Uint8Array(new Uint8Array(words.buffer, 0, 1 << (log - 3)))
  }
}

function popcount(v: number): number {
  v -= (v >>> 1) & 0x55555555
  v = (v & 0x33333333) + ((v >>> 2) & 0x33333333)
  return Math.imul((v + (v >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}

/** Rolling hashes of the whole words in lower-cased text; a word that touches `from` or `to` counts as whole. */
function wordsOf(value: string, from: number, to: number): number[] {
  const found: number[] = []
  let word = 0
  let inside = false
  for (let i = from; i < to; i++) {
    const unit = value.charCodeAt(i)
    if (isWord(unit)) {
      word = hashStep(inside ? word : 0, unit)
      inside = true
    } else if (inside) {
      found.push(word)
      inside = false
    }
  }
  if (inside) found.push(word)
  return found
}

/** What a column must hold for `part` to stand somewhere inside a value: made once per search, asked of every column. */
export class TextProbe {
  readonly #grams: number[] = []
  readonly #wholeWords: number[] = []

  constructor(part: string) {
    const value = part.toLowerCase()
    let gram = 0
    for (let i = 0; i < value.length; i++) {
      gram = ((gram << 6) | classOf(value.charCodeAt(i))) & 0x3ffff
      if (i >= 2) this.#grams.push(placeOf(gram))
    }
    // The first and last word may go on outside the searched part: only those between two delimiters are whole.
    let from = 0
    while (from < value.length && isWord(value.charCodeAt(from))) from++
    let to = value.length
    while (to > from && isWord(value.charCodeAt(to - 1))) to--
    for (const word of wordsOf(value, from, to)) this.#wholeWords.push(placeOf(finishHash(word)))
  }

  /** False where no value that was added to the filter can hold the part. */
  mayHold(filter: Uint8Array, kind: Fulltext): boolean {
    if (filter.length === 0) return false
    const mask = filter.length * 8 - 1
    for (const probe of kind === 'trigrams' ? this.#grams : this.#wholeWords) {
      const at = probe & mask
      if (((filter[at >>> 3]! >>> (at & 7)) & 1) === 0) return false
    }
    return true
  }
}
