/** The packets that a filter lets through: one bit for each packet, with counts for each chunk, so that any row is found at once. */
import { CHUNK } from '../index/columns.ts'

const WORDS = CHUNK / 32

export class View {
  readonly id: number
  readonly filter: string
  readonly #bits: (Uint32Array | null)[] = []
  readonly #counts: number[] = []
  #total = 0
  /** Packets that were looked at. */
  scanned = 0

  constructor(id: number, filter: string) {
    this.id = id
    this.filter = filter
  }

  get total(): number {
    return this.#total
  }

  /** A packet (index from 0) is let through. */
  add(packet: number): void {
    const chunk = Math.floor(packet / CHUNK)
    while (this.#bits.length <= chunk) {
      this.#bits.push(null)
      this.#counts.push(0)
    }
    const bits = (this.#bits[chunk] ??= new Uint32Array(WORDS))
    const row = packet % CHUNK
    const bit = 1 << (row & 31)
    if (bits[row >> 5]! & bit) return
    bits[row >> 5]! |= bit
    this.#counts[chunk]!++
    this.#total++
  }

  has(packet: number): boolean {
    const bits = this.#bits[Math.floor(packet / CHUNK)]
    const row = packet % CHUNK
    return bits != null && (bits[row >> 5]! & (1 << (row & 31))) !== 0
  }

  /** How many of a chunk's packets are in the view. */
  countOf(chunk: number): number {
    return this.#counts[chunk] ?? 0
  }

  /** The packets of rows `from` to `from + count`. */
  packets(from: number, count: number): number[] {
    const found: number[] = []
    let skip = from
    for (let chunk = 0; chunk < this.#bits.length && found.length < count; chunk++) {
      const here = this.#counts[chunk]!
      if (skip >= here) {
        skip -= here
        continue
      }
      const bits = this.#bits[chunk]!
      for (let word = 0; word < WORDS && found.length < count; word++) {
        let rest = bits[word]!
        if (rest === 0) continue
        const inWord = ones(rest)
        if (skip >= inWord) {
          skip -= inWord
          continue
        }
        while (rest !== 0 && found.length < count) {
          const low = rest & -rest
          rest ^= low
          if (skip > 0) skip--
          else found.push(chunk * CHUNK + word * 32 + (31 - Math.clz32(low)))
        }
      }
    }
    return found
  }

  /** How many packets of the view come before this one. */
  rank(packet: number): number {
    const chunk = Math.floor(packet / CHUNK)
    let before = 0
    for (let i = 0; i < Math.min(chunk, this.#counts.length); i++) before += this.#counts[i]!
    const bits = this.#bits[chunk]
    if (bits == null) return before
    const row = packet % CHUNK
    for (let word = 0; word < row >> 5; word++) before += ones(bits[word]!)
    return before + ones(bits[row >> 5]! & ((1 << (row & 31)) - 1))
  }
}

function ones(value: number): number {
  let x = value - ((value >>> 1) & 0x55555555)
  x = (x & 0x33333333) + ((x >>> 2) & 0x33333333)
  return Math.imul((x + (x >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}
