/** Whole values looked up at once. */

/** Of a value: its hash, where its characters begin and end, its targets (counted from 1; 0 where the place is free). */
const VALUE = 4
const FACTOR = 0x01000193
const START = 0x811c9dc5 | 0

export class WholeIndex {
  readonly #values = new Map<string, number[]>()
  /** Lengths that occur, as bits: most texts are told apart by theirs. */
  #lengths = 0
  #table = new Int32Array(0)
  #mask = 0
  #chars = new Uint16Array(0)
  #targets: readonly (readonly number[])[] = []

  /** `text` in lower case. */
  add(text: string, target: number): void {
    const known = this.#values.get(text)
    if (known === undefined) this.#values.set(text, [target])
    else if (known.at(-1) !== target) known.push(target)
  }

  get size(): number {
    return this.#values.size
  }

  /** After the last `add`. */
  build(): void {
    const slots = 1 << Math.ceil(Math.log2(this.#values.size * 2 + 1))
    this.#mask = slots - 1
    this.#table = new Int32Array(slots * VALUE)
    this.#targets = [...this.#values.values()]
    const texts = [...this.#values.keys()]
    this.#chars = new Uint16Array(texts.reduce((sum, { length }) => sum + length, 0))
    let chars = 0
    texts.forEach((text, i) => {
      this.#lengths |= 1 << (text.length & 31)
      const start = chars
      for (let j = 0; j < text.length; j++) this.#chars[chars++] = text.charCodeAt(j)
      const hash = hashOf(this.#chars, start, text.length)
      let at = hash & this.#mask
      while (this.#table[at * VALUE + 3] !== 0) at = (at + 1) & this.#mask
      this.#table.set([hash, start, chars, i + 1], at * VALUE)
    })
  }

  /** Targets of the value that the characters (in lower case) are. */
  find(chars: Uint16Array, start: number, length: number): readonly number[] | undefined {
    if ((this.#lengths & (1 << (length & 31))) === 0) return undefined
    const hash = hashOf(chars, start, length)
    const table = this.#table
    for (let at = (hash & this.#mask) * VALUE; table[at + 3] !== 0; at = (at + VALUE) & (this.#mask * VALUE))
      if (table[at] === hash && this.#same(chars, start, length, table[at + 1]!, table[at + 2]!))
        return this.#targets[table[at + 3]! - 1]
    return undefined
  }

  #same(chars: Uint16Array, start: number, length: number, from: number, to: number): boolean {
    if (to - from !== length) return false
    for (let i = 0; i < length; i++) if (chars[start + i] !== this.#chars[from + i]) return false
    return true
  }
}

function hashOf(chars: Uint16Array, start: number, length: number): number {
  let hash = START
  for (let i = start; i < start + length; i++) hash = Math.imul(hash ^ chars[i]!, FACTOR)
  return hash ^ (hash >>> 15)
}
