/**
 * Many literals looked for in one pass over a text. Each literal is found by one of its short pieces (its rarest); a table
 * of the pieces' hashes says at every position whether any literal may stand there, and only then is it compared.
 */

export type Place = 'start' | 'end' | 'anywhere'

interface Entry {
  readonly literal: string
  readonly place: Place
  /** Offset in the literal just after its piece. */
  readonly after: number
  readonly targets: readonly number[]
}

const LONG = 4
const SHORT = 2
/** Shorter literals would be found everywhere. */
export const MIN_LITERAL = SHORT
const MASK = 0xffff

/** Depends on the last four characters only: the bits of older ones are shifted out. */
const roll = (hash: number, code: number): number => ((hash << 4) ^ code) & MASK
const pair = (previous: number, code: number): number => ((previous << 8) ^ code) & MASK

export class GramIndex {
  readonly #literals = new Map<string, { readonly literal: string; readonly place: Place; readonly targets: number[] }>()
  #long: Uint16Array | null = null
  #short: Uint16Array | null = null
  /** Bucket 0 stays empty. */
  #buckets: Entry[][] = [[]]

  /** `literal` in lower case, at least {@link MIN_LITERAL} long; `target` is given to `scan`'s callback. */
  add(literal: string, place: Place, target: number): void {
    const key = `${place}${literal}`
    const known = this.#literals.get(key)
    if (known === undefined) this.#literals.set(key, { literal, place, targets: [target] })
    else if (known.targets.at(-1) !== target) known.targets.push(target)
  }

  get size(): number {
    return this.#literals.size
  }

  /** After the last `add`. */
  build(): void {
    const all = [...this.#literals.values()]
    const frequency = new Map<number, number>()
    const pieces = (literal: string): { hash: number; after: number }[] => {
      const found = []
      if (literal.length < LONG) for (let i = 1; i < literal.length; i++) found.push({ hash: pair(literal.charCodeAt(i - 1), literal.charCodeAt(i)), after: i + 1 })
      else {
        let hash = 0
        for (let i = 0; i < literal.length; i++) {
          hash = roll(hash, literal.charCodeAt(i))
          if (i >= LONG - 1) found.push({ hash, after: i + 1 })
        }
      }
      return found
    }
    for (const { literal } of all) if (literal.length >= LONG) for (const hash of new Set(pieces(literal).map((piece) => piece.hash))) frequency.set(hash, (frequency.get(hash) ?? 0) + 1)
    for (const { literal, place, targets } of all) {
      let best = { hash: 0, after: 0 }
      let rarest = Infinity
      for (const piece of pieces(literal)) {
        const count = literal.length < LONG ? 0 : (frequency.get(piece.hash) ?? 0)
        if (count < rarest) {
          rarest = count
          best = piece
        }
      }
      const table = literal.length < LONG ? (this.#short ??= new Uint16Array(MASK + 1)) : (this.#long ??= new Uint16Array(MASK + 1))
      if (table[best.hash] === 0) {
        table[best.hash] = this.#buckets.length
        this.#buckets.push([])
      }
      this.#buckets[table[best.hash]!]!.push({ literal, place, after: best.after, targets })
    }
    this.#literals.clear()
  }

  /** Calls `hit` with the targets of every literal that stands where it must in `text` (in lower case); perhaps more than once. */
  scan(text: string, hit: (targets: readonly number[]) => void): void {
    const long = this.#long
    const short = this.#short
    const { length } = text
    let hash = 0
    let previous = 0
    if (short === null) {
      if (long === null) return
      for (let i = 0; i < length; i++) {
        hash = ((hash << 4) ^ text.charCodeAt(i)) & MASK
        const bucket = long[hash]!
        if (bucket !== 0) this.#check(bucket, text, i + 1, hit)
      }
      return
    }
    for (let i = 0; i < length; i++) {
      const code = text.charCodeAt(i)
      if (long !== null) {
        hash = ((hash << 4) ^ code) & MASK
        const bucket = long[hash]!
        if (bucket !== 0) this.#check(bucket, text, i + 1, hit)
      }
      const bucket = short[((previous << 8) ^ code) & MASK]!
      if (bucket !== 0) this.#check(bucket, text, i + 1, hit)
      previous = code
    }
  }

  #check(bucket: number, text: string, after: number, hit: (targets: readonly number[]) => void): void {
    const entries = this.#buckets[bucket]!
    for (let i = 0; i < entries.length; i++) {
      const entry = entries[i]!
      const start = after - entry.after
      if (start < 0 || (entry.place === 'start' && start !== 0) || (entry.place === 'end' && start + entry.literal.length !== text.length)) continue
      if (text.startsWith(entry.literal, start)) hit(entry.targets)
    }
  }
}
