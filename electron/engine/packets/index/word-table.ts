/**
 * Rows found by a key of a fixed number of 32-bit words, numbered as they were made. A row costs its words and two to four slots;
 * nothing of it lies in the heap, so that a million of them are no matter.
 */
const FIRST_ROWS = 1024

export class WordTable {
  /** Filled by the caller before `row`. */
  readonly key: Uint32Array
  readonly #width: number
  readonly #most: number
  #rows: Uint32Array
  /** Row + 1 by hash; 0 is free. Twice as many as rows, or more. */
  #slots = new Uint32Array(FIRST_ROWS * 2)
  #size = 0

  /** `width` words are a key; `most` rows there are at most. */
  constructor(width: number, most: number) {
    this.key = new Uint32Array(width)
    this.#width = width
    this.#most = most
    this.#rows = new Uint32Array(FIRST_ROWS * width)
  }

  get size(): number {
    return this.#size
  }
  /** Rows there is room for: what is kept beside the table need not be larger. */
  get capacity(): number {
    return this.#slots.length / 2
  }

  /** Number of the row that has the key, made where there is none; -1 where there are too many. */
  row(): number {
    const { key } = this
    const width = this.#width
    const rows = this.#rows
    const mask = this.#slots.length - 1
    for (let slot = hashOf(key, 0, width) & mask; ; slot = (slot + 1) & mask) {
      const row = this.#slots[slot]! - 1
      if (row < 0) return this.#insert(slot)
      const at = row * width
      let i = 0
      while (i < width && rows[at + i] === key[i]) i++
      if (i === width) return row
    }
  }

  #insert(slot: number): number {
    if (this.#size >= this.#most) return -1
    const row = this.#size++
    this.#rows.set(this.key, row * this.#width)
    this.#slots[slot] = row + 1
    if (this.#size * 2 >= this.#slots.length) this.#grow()
    return row
  }

  #grow(): void {
    const width = this.#width
    const rows = new Uint32Array(this.#rows.length * 2)
    rows.set(this.#rows)
    this.#rows = rows
    const slots = new Uint32Array(this.#slots.length * 2)
    const mask = slots.length - 1
    for (let row = 0; row < this.#size; row++) {
      let slot = hashOf(rows, row * width, width) & mask
      while (slots[slot] !== 0) slot = (slot + 1) & mask
      slots[slot] = row + 1
    }
    this.#slots = slots
  }

  /** Where all keys stand, one after the other; another array once rows were made. */
  get words(): Uint32Array {
    return this.#rows
  }
}

function hashOf(words: Uint32Array, at: number, width: number): number {
  let hash = SEED
  for (let i = 0; i < width; i++) {
    hash = Math.imul(hash ^ words[at + i]!, 0x9e3779b1)
    hash ^= hash >>> 15
  }
  hash = Math.imul(hash, 0x85ebca77)
  return (hash ^ (hash >>> 13)) >>> 0
}
/** Another one in every run: who sends cannot choose keys that collide. */
const SEED = (Math.random() * 2 ** 32) | 0
