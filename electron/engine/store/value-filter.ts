/**
 * Bloom filter over the keys (hashes of field and value) of a block, in parts of at most 2 KiB: a probe reads one part only.
 * It is filled at its largest size and folded to what the number of keys needs.
 */
const PART_BITS_LOG = 14
/** Largest part of a filter. */
export const FILTER_PART_BYTES = 1 << (PART_BITS_LOG - 3)
const LARGEST_LOG = 20
const PLACES = (1 << PART_BITS_LOG) - 1
const PROBES_SPREAD = 0xc2b2ae35
/** Share of set bits up to which a filter is folded; four probes then answer wrongly about once in sixty. */
const FULL_ENOUGH = 0.36

export class ValueFilterBuilder {
  readonly #words = new Uint32Array(2 ** (LARGEST_LOG - 5))
  #keys = 0

  add(key: number): void {
    const words = this.#words
    const base = (key >>> (32 - (LARGEST_LOG - PART_BITS_LOG))) << (PART_BITS_LOG - 5)
    const other = Math.imul(key ^ (key >>> 15), PROBES_SPREAD)
    const third = Math.imul(other ^ (other >>> 13), 0x27d4eb2f)
    words[base + ((key & PLACES) >>> 5)]! |= 1 << (key & 31)
    words[base + ((other & PLACES) >>> 5)]! |= 1 << (other & 31)
    words[base + (((other >>> 16) & PLACES) >>> 5)]! |= 1 << ((other >>> 16) & 31)
    words[base + (((third >>> 16) & PLACES) >>> 5)]! |= 1 << ((third >>> 16) & 31)
    this.#keys++
  }

  /** The folded filter; the builder is empty again. No bytes where no key was added. */
  finish(): Uint8Array<ArrayBuffer> {
    const words = this.#words
    if (this.#keys === 0) return new Uint8Array(0)
    let log = LARGEST_LOG
    let length = words.length
    // A fold can at most double the share of set bits, so it is counted only when it may be too much.
    let share = bitsSet(words, length) / 2 ** log
    while (log > 9) {
      if (share * 2 > FULL_ENOUGH && foldedShare(words, length) > FULL_ENOUGH) break
      const half = length >> 1
      const partWords = 1 << (PART_BITS_LOG - 5)
      if (length > partWords) {
        // Parts p and p ^ 1 become one, so that the top bits of a key still name the part.
        for (let part = 0; part < half / partWords; part++) {
          const into = part * partWords
          const from = part * 2 * partWords
          for (let i = 0; i < partWords; i++) words[into + i] = words[from + i]! | words[from + partWords + i]!
        }
      } else for (let i = 0; i < half; i++) words[i] = words[i]! | words[half + i]!
      length = half
      log--
      share = bitsSet(words, length) / 2 ** log
    }
    const out = new Uint8Array(new Uint8Array(words.buffer, 0, length * 4))
    words.fill(0)
    this.#keys = 0
    return out
  }
}

function foldedShare(words: Uint32Array, length: number): number {
  const partWords = 1 << (PART_BITS_LOG - 5)
  let set = 0
  if (length > partWords) {
    for (let i = 0; i < length; i += 2 * partWords)
      for (let j = 0; j < partWords; j++) set += popcount(words[i + j]! | words[i + partWords + j]!)
  } else for (let i = 0; i < length >> 1; i++) set += popcount(words[i]! | words[(length >> 1) + i]!)
  return set / (length * 16)
}

function bitsSet(words: Uint32Array, length: number): number {
  let set = 0
  for (let i = 0; i < length; i++) set += popcount(words[i]!)
  return set
}

function popcount(v: number): number {
  v -= (v >>> 1) & 0x55555555
  v = (v & 0x33333333) + ((v >>> 2) & 0x33333333)
  return Math.imul((v + (v >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}

/** Bytes of the part that holds a key, of a filter of this many bytes: `[start, end)`. */
export function partOf(key: number, filterBytes: number): { readonly start: number; readonly end: number } {
  const partBytes = 1 << (PART_BITS_LOG - 3)
  if (filterBytes <= partBytes) return { start: 0, end: filterBytes }
  const parts = filterBytes / partBytes
  const part = Math.floor((key / 2 ** 32) * parts)
  return { start: part * partBytes, end: (part + 1) * partBytes }
}

/** False where the key is certainly not in the block. `part` is the bytes that {@link partOf} names. */
export function mayHold(part: Uint8Array, key: number): boolean {
  const mask = part.length * 8 - 1
  const other = Math.imul(key ^ (key >>> 15), PROBES_SPREAD)
  const third = Math.imul(other ^ (other >>> 13), 0x27d4eb2f)
  return (
    bit(part, key & PLACES & mask) &&
    bit(part, other & PLACES & mask) &&
    bit(part, (other >>> 16) & PLACES & mask) &&
    bit(part, (third >>> 16) & PLACES & mask)
  )
}
const bit = (bytes: Uint8Array, at: number): boolean => ((bytes[at >>> 3]! >>> (at & 7)) & 1) === 1
