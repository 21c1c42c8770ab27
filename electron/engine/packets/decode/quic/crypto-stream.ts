/** Bytes of the handshake, put together from CRYPTO frames of several packets, in any order. Memory is bounded. */

/** No hello is longer. */
const MOST = 65_536
const MOST_GAPS = 256

export class CryptoStream {
  #bytes = new Uint8Array(0)
  /** What is there: half-open, in order, apart from each other. */
  #ranges: [number, number][] = []
  /** Bytes of messages that were read. */
  read = 0

  add(offset: number, data: Uint8Array, from: number, to: number): void {
    const end = offset + to - from
    if (end > MOST || to <= from || this.#ranges.length > MOST_GAPS) return
    if (end > this.#bytes.length) {
      const larger = new Uint8Array(Math.min(MOST, Math.max(end, 2 * this.#bytes.length, 1024)))
      larger.set(this.#bytes)
      this.#bytes = larger
    }
    this.#bytes.set(data.subarray(from, to), offset)
    let merged: [number, number] = [offset, end]
    const others: [number, number][] = []
    for (const range of this.#ranges) {
      if (range[1] < merged[0] || range[0] > merged[1]) others.push(range)
      else merged = [Math.min(range[0], merged[0]), Math.max(range[1], merged[1])]
    }
    this.#ranges = [...others, merged].sort(([a], [b]) => a - b)
  }

  /** Calls with every whole message that was not read yet: its type and its body. */
  messages(each: (type: number, data: Uint8Array, from: number, to: number) => void): void {
    const first = this.#ranges[0]
    const there = first !== undefined && first[0] === 0 ? first[1] : 0
    const data = this.#bytes
    while (this.read + 4 <= there) {
      const at = this.read
      const length = (data[at + 1]! << 16) | (data[at + 2]! << 8) | data[at + 3]!
      if (at + 4 + length > there) return
      this.read = at + 4 + length
      each(data[at]!, data, at + 4, at + 4 + length)
    }
  }
}
