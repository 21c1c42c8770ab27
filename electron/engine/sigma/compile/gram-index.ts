/**
 * Many literals looked for in one pass over a text. Each literal is found by one of its short pieces (its rarest); a table
 * of the pieces' hashes says at every position whether any literal may stand there, and only then is it compared.
 */

export type Place = 'start' | 'end' | 'anywhere'

interface Literal {
  readonly literal: string
  readonly place: Place
  readonly targets: number[]
}

interface Entry extends Literal {
  /** Offset in the literal just after its piece. */
  readonly after: number
}

interface Piece {
  /** Its characters, packed. */
  readonly packed: number
  readonly after: number
}

const LONG = 4
const SHORT = 2

/** False for a single character, which would be found everywhere, unless it is one that hardly occurs. */
export const worthFinding = (literal: string): boolean => literal.length >= SHORT || literal.charCodeAt(0) >= 128

const FOLD = Uint8Array.from({ length: 128 }, (_, code) => (code >= 0x41 && code <= 0x5a ? code + 32 : code))

/** Packs the next character behind the last ones; after four more, nothing of it is left. */
const pack = (packed: number, code: number): number => (packed << 8) ^ code

function pieces({ literal }: Literal): Piece[] {
  const width = literal.length < LONG ? SHORT : LONG
  const found: Piece[] = []
  let packed = 0
  for (let i = 0; i < literal.length; i++) {
    packed = pack(packed, literal.charCodeAt(i))
    if (i >= width - 1) found.push({ packed: width === LONG ? packed : packed & 0xffff, after: i + 1 })
  }
  return found
}

/**
 * Literals by the hash of a piece. Whether any has such a piece is one bit: the bits of all fields together are small enough to stay
 * near the processor, and mostly not set, so that the table behind them is hardly ever looked at.
 */
class PieceTable {
  readonly bits: Int32Array
  readonly bitShift: number
  readonly #shift: number
  readonly #table: Uint16Array
  /** Bucket 0 stays empty. */
  readonly buckets: Entry[][] = [[]]

  constructor(literals: readonly Literal[]) {
    const size = Math.ceil(Math.log2(literals.length * 64))
    const bits = Math.min(17, Math.max(8, size))
    this.bitShift = 32 - bits
    this.bits = new Int32Array(1 << (bits - 5))
    const slots = Math.min(16, Math.max(6, size - 4))
    this.#shift = 32 - slots
    this.#table = new Uint16Array(1 << slots)
    const frequency = new Map<number, number>()
    for (const literal of literals)
      for (const packed of new Set(pieces(literal).map((piece) => piece.packed)))
        frequency.set(packed, (frequency.get(packed) ?? 0) + 1)
    for (const literal of literals) {
      let best: Piece = { packed: 0, after: 0 }
      let rarest = Infinity
      for (const piece of pieces(literal)) {
        const count = frequency.get(piece.packed)!
        if (count < rarest) {
          rarest = count
          best = piece
        }
      }
      const hash = Math.imul(best.packed, FACTOR)
      const bit = hash >>> this.bitShift
      this.bits[bit >>> 5]! |= 1 << (bit & 31)
      const at = hash >>> this.#shift
      if (this.#table[at] === 0) {
        this.#table[at] = this.buckets.length
        this.buckets.push([])
      }
      this.buckets[this.#table[at]!]!.push({ ...literal, after: best.after })
    }
  }

  /** Compares the literals whose piece, of this hash, may end at `after` in a text in lower case. */
  check(hash: number, text: string, after: number, hit: (targets: readonly number[]) => void): void {
    const entries = this.buckets[this.#table[hash >>> this.#shift]!]!
    for (let i = 0; i < entries.length; i++) {
      const entry = entries[i]!
      const start = after - entry.after
      if (
        start < 0 ||
        (entry.place === 'start' && start !== 0) ||
        (entry.place === 'end' && start + entry.literal.length !== text.length)
      )
        continue
      if (text.startsWith(entry.literal, start)) hit(entry.targets)
    }
  }
}

/** Odd, with its bits well mixed. */
const FACTOR = 0x9e3779b1 | 0

export class GramIndex {
  readonly #literals = new Map<string, Literal>()
  #long: PieceTable | null = null
  #short: PieceTable | null = null
  /** Single characters beyond ASCII. */
  #single: Map<number, Literal[]> | null = null
  #shortest = Infinity

  /** `literal` in lower case and {@link worthFinding}; `target` is given to `scan`'s callback. */
  add(literal: string, place: Place, target: number): void {
    const key = `${place}${literal}`
    const known = this.#literals.get(key)
    if (known === undefined) this.#literals.set(key, { literal, place, targets: [target] })
    else if (known.targets.at(-1) !== target) known.targets.push(target)
  }

  get size(): number {
    return this.#literals.size
  }

  /** True where a literal must stand at the start. Before `build`, like all that is said of the literals. */
  get starts(): boolean {
    return [...this.#literals.values()].some(({ place }) => place === 'start')
  }

  /** Calls `each` for every literal. */
  each(each: (literal: string, place: Place, targets: readonly number[]) => void): void {
    for (const { literal, place, targets } of this.#literals.values()) each(literal, place, targets)
  }

  /** After the last `add`. */
  build(): void {
    const all = [...this.#literals.values()]
    const long = all.filter(({ literal }) => literal.length >= LONG)
    const short = all.filter(({ literal }) => literal.length >= SHORT && literal.length < LONG)
    for (const one of all)
      if (one.literal.length < SHORT) {
        this.#single ??= new Map()
        const code = one.literal.charCodeAt(0)
        this.#single.set(code, [...(this.#single.get(code) ?? []), one])
      }
    this.#long = long.length > 0 ? new PieceTable(long) : null
    this.#short = short.length > 0 ? new PieceTable(short) : null
    // One letter (İ) is longer in lower case: a text with it may be shorter than what it holds.
    for (const { literal } of all)
      this.#shortest = Math.min(this.#shortest, literal.length - (literal.split('i\u0307').length - 1))
  }

  /** Calls `hit` with the targets of every literal that stands where it must in `text`, in any case; perhaps more than once. */
  scan(text: string, hit: (targets: readonly number[]) => void): void {
    const { length } = text
    if (length < this.#shortest) return
    const long = this.#long
    const short = this.#short
    const longBits = long === null ? NOTHING : long.bits
    const longShift = long === null ? 24 : long.bitShift
    const shortBits = short === null ? NOTHING : short.bits
    const shortShift = short === null ? 24 : short.bitShift
    // Made only where it is needed: most texts hold no literal at all.
    let lower = ''
    let packed = 0
    for (let i = 0; i < length; i++) {
      let code = text.charCodeAt(i)
      if (code < 128) code = FOLD[code]!
      else {
        if (lower === '') lower = text.toLowerCase()
        // Letters whose lower case is longer: positions would not be the same in both.
        if (lower.length !== length) {
          if (lower !== text) this.scan(lower, hit)
          return
        }
        code = lower.charCodeAt(i)
        const single = this.#single?.get(code)
        if (single !== undefined)
          for (const { place, targets } of single)
            if (place === 'anywhere' || (place === 'start' ? i === 0 : i === length - 1)) hit(targets)
      }
      packed = (packed << 8) ^ code
      const hash = Math.imul(packed, FACTOR)
      const bit = hash >>> longShift
      if ((longBits[bit >>> 5]! & (1 << (bit & 31))) !== 0) {
        if (lower === '') lower = text.toLowerCase()
        long!.check(hash, lower, i + 1, hit)
      }
      if (short !== null) {
        const pair = Math.imul(packed & 0xffff, FACTOR)
        const place = pair >>> shortShift
        if ((shortBits[place >>> 5]! & (1 << (place & 31))) !== 0) {
          if (lower === '') lower = text.toLowerCase()
          short.check(pair, lower, i + 1, hit)
        }
      }
    }
  }
}

const NOTHING = new Int32Array(8)
