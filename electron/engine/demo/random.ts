/** Seeded random numbers (sfc32): the same key gives the same numbers on every machine. Never for secrets. */
const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

export class Random {
  #a = 0
  #b = 0
  #c = 0
  #d = 1

  /** `key` is any text, for example `1/web-browsing/12`: streams with different keys are independent. */
  constructor(key: string) {
    let h1 = 1779033703
    let h2 = 3144134277
    let h3 = 1013904242
    let h4 = 2773480762
    for (let i = 0; i < key.length; i++) {
      const k = key.charCodeAt(i)
      h1 = h2 ^ Math.imul(h1 ^ k, 597399067)
      h2 = h3 ^ Math.imul(h2 ^ k, 2869860233)
      h3 = h4 ^ Math.imul(h3 ^ k, 951274213)
      h4 = h1 ^ Math.imul(h4 ^ k, 2716044179)
    }
    this.#a = h1 | 0
    this.#b = h2 | 0
    this.#c = h3 | 0
    this.#d = h4 | 1
    for (let i = 0; i < 12; i++) this.uint32()
  }

  /** 0 … 2^32 − 1 */
  uint32(): number {
    const t = (((this.#a + this.#b) | 0) + this.#d) | 0
    this.#d = (this.#d + 1) | 0
    this.#a = this.#b ^ (this.#b >>> 9)
    this.#b = (this.#c + (this.#c << 3)) | 0
    this.#c = (this.#c << 21) | (this.#c >>> 11)
    this.#c = (this.#c + t) | 0
    return t >>> 0
  }

  /** 0 ≤ x < 1 */
  float(): number {
    return this.uint32() / 4294967296
  }

  /** A whole number from `low` to `high`, both possible. */
  int(low: number, high: number): number {
    return low + Math.floor(this.float() * (high - low + 1))
  }

  chance(probability: number): boolean {
    return this.float() < probability
  }

  pick<T>(list: readonly T[]): T {
    const item = list[Math.floor(this.float() * list.length)]
    if (item === undefined) throw new RangeError('nothing to pick from')
    return item
  }

  weighted<T>(list: readonly (readonly [T, number])[]): T {
    let rest = this.float() * list.reduce((sum, [, weight]) => sum + weight, 0)
    for (const [item, weight] of list) {
      rest -= weight
      if (rest < 0) return item
    }
    return list[list.length - 1]![0]
  }

  /** Time between arrivals that come `mean` apart. */
  exponential(mean: number): number {
    return -Math.log(1 - this.float()) * mean
  }

  /** Long-tailed sizes and durations: half of them below `median`. */
  longTail(median: number, spread = 0.8): number {
    return median * Math.exp(this.normal() * spread)
  }

  normal(): number {
    const u = 1 - this.float()
    return Math.sqrt(-2 * Math.log(u)) * Math.cos(2 * Math.PI * this.float())
  }

  poisson(mean: number): number {
    const limit = Math.exp(-mean)
    let product = this.float()
    let count = 0
    while (product > limit) {
      product *= this.float()
      count++
    }
    return count
  }

  bytes(length: number): Uint8Array {
    const words = new Uint32Array((length + 3) >> 2)
    for (let i = 0; i < words.length; i++) words[i] = this.uint32()
    return new Uint8Array(words.buffer, 0, length)
  }

  hex(length: number): string {
    let text = ''
    while (text.length < length) text += this.uint32().toString(16).padStart(8, '0')
    return text.slice(0, length)
  }

  base62(length: number): string {
    let text = ''
    for (let i = 0; i < length; i++) text += BASE62[this.int(0, 61)]!
    return text
  }

  /** A GUID in Windows' upper case, with its braces. */
  guid(): string {
    const h = this.hex(32).toUpperCase()
    return `{${h.slice(0, 8)}-${h.slice(8, 12)}-${h.slice(12, 16)}-${h.slice(16, 20)}-${h.slice(20)}}`
  }
}
