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

interface Piece {
  /** Its characters, packed. */
  readonly packed: number
  readonly after: number
}

const LONG = 4
const SHORT = 2

/** False for a single character, which would be found everywhere, unless it is one that hardly occurs. */
export const worthFinding = (literal: string): boolean => literal.length >= SHORT || literal.charCodeAt(0) >= 128

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

/** Of an entry, in a list of numbers: the next entry of the same piece, and so on. */
const NEXT = 0
/** Offset in the literal just after its piece. */
const AFTER = 1
const LENGTH = 2
const PLACE = 3
/** Where its characters begin in those of all literals. */
const CHARS = 4
const ENTRY = 8
const PLACES: readonly Place[] = ['start', 'end', 'anywhere']
const [AT_START, AT_END] = [0, 1]

/**
 * Literals by a piece of each. Whether any has such a piece is one bit: the bits of all fields together are small enough to stay
 * near the processor, and mostly not set. Behind them all is in a few lists of numbers: objects would lie all over the memory, and
 * to fetch them is what looking costs.
 */
class PieceTable {
  /** Words of a filter: a piece's hash says which word, and which two bits of it are set if any literal has such a piece. */
  readonly bits: Int32Array
  readonly bitShift: number
  readonly #shift: number
  readonly #mask: number
  /** A piece and its first entry, by the piece's hash, or behind the place that is taken. Entry 0 is none. */
  readonly #pieces: Int32Array
  readonly #entries: Int32Array
  readonly #chars: Uint16Array
  readonly #targets: (readonly number[])[] = [[]]

  constructor(literals: readonly Literal[]) {
    const words = Math.min(12, Math.max(3, Math.ceil(Math.log2(literals.length * 2))))
    this.bitShift = 32 - words
    this.bits = new Int32Array(1 << words)
    const slots = Math.max(4, Math.ceil(Math.log2(literals.length * 2)))
    this.#shift = 32 - slots
    this.#mask = (1 << slots) - 1
    this.#pieces = new Int32Array(2 << slots)
    this.#entries = new Int32Array((literals.length + 1) * ENTRY)
    this.#chars = new Uint16Array(literals.reduce((sum, { literal }) => sum + literal.length, 0))
    const frequency = new Map<number, number>()
    for (const literal of literals)
      for (const packed of new Set(pieces(literal).map((piece) => piece.packed)))
        frequency.set(packed, (frequency.get(packed) ?? 0) + 1)
    let chars = 0
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
      this.bits[hash >>> this.bitShift]! |= (1 << (hash >>> 12)) | (1 << (hash >>> 7))
      const slot = this.#slot(best.packed, hash)
      const entry = this.#targets.length
      this.#targets.push(literal.targets)
      const at = entry * ENTRY
      this.#entries[at + NEXT] = this.#pieces[slot + 1]!
      this.#entries[at + AFTER] = best.after
      this.#entries[at + LENGTH] = literal.literal.length
      this.#entries[at + PLACE] = PLACES.indexOf(literal.place)
      this.#entries[at + CHARS] = chars
      this.#pieces[slot] = best.packed
      this.#pieces[slot + 1] = entry
      for (let i = 0; i < literal.literal.length; i++) this.#chars[chars++] = literal.literal.charCodeAt(i)
    }
  }

  /** Where a piece is among the pieces, or would be. */
  #slot(packed: number, hash: number): number {
    let slot = hash >>> this.#shift
    while (this.#pieces[slot * 2 + 1] !== 0 && this.#pieces[slot * 2] !== packed) slot = (slot + 1) & this.#mask
    return slot * 2
  }

  /** Compares the literals that have this piece (of this hash), which ends at `after` in the text from `begin` to `end`. */
  check(
    packed: number,
    hash: number,
    chars: Uint16Array,
    begin: number,
    after: number,
    end: number,
    hit: (targets: readonly number[]) => void,
  ): void {
    const entries = this.#entries
    for (let entry = this.#pieces[this.#slot(packed, hash) + 1]!; entry !== 0; entry = entries[entry * ENTRY + NEXT]!) {
      const at = entry * ENTRY
      const from = after - entries[at + AFTER]!
      const to = from + entries[at + LENGTH]!
      const place = entries[at + PLACE]!
      if (from < begin || to > end || (place === AT_START && from !== begin) || (place === AT_END && to !== end)) continue
      if (this.#stands(chars, from, to, entries[at + CHARS]!)) hit(this.#targets[entry]!)
    }
  }

  #stands(chars: Uint16Array, from: number, to: number, own: number): boolean {
    for (let i = from; i < to; i++) if (chars[i] !== this.#chars[own++]) return false
    return true
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
    for (const { literal } of all) this.#shortest = Math.min(this.#shortest, literal.length)
  }

  /** Calls `hit` with the targets of every literal that stands where it must in `text`, in any case; perhaps more than once. */
  scan(text: string, hit: (targets: readonly number[]) => void): void {
    const lower = text.toLowerCase()
    if (lower.length > buffer.length) buffer = new Uint16Array(lower.length * 2)
    for (let i = 0; i < lower.length; i++) buffer[i] = lower.charCodeAt(i)
    this.scanChars(buffer, 0, lower.length, hit)
  }

  /** The same of a text in lower case: its UTF-16 units. */
  scanChars(chars: Uint16Array, start: number, length: number, hit: (targets: readonly number[]) => void): void {
    if (length < this.#shortest) return
    const long = this.#long
    const short = this.#short
    const longBits = long === null ? NOTHING : long.bits
    const longShift = long === null ? 31 : long.bitShift
    const shortBits = short === null ? NOTHING : short.bits
    const shortShift = short === null ? 31 : short.bitShift
    const end = start + length
    // In the innermost loop nothing is called, and nothing is read that does not change: it runs for every character of every event.
    const factor = FACTOR
    const highest = this.#single === null ? 0xffff : 127
    let packed = 0
    let i = start
    while (i < end) {
      let hash = 0
      let found = false
      let code = 0
      if (short === null)
        while (i < end) {
          code = chars[i++]!
          packed = (packed << 8) ^ code
          hash = Math.imul(packed, factor)
          const both = (1 << (hash >>> 12)) | (1 << (hash >>> 7))
          found = (longBits[hash >>> longShift]! & both) === both
          if (found || code > highest) break
        }
      else
        while (i < end) {
          code = chars[i++]!
          packed = (packed << 8) ^ code
          hash = Math.imul(packed, factor)
          const both = (1 << (hash >>> 12)) | (1 << (hash >>> 7))
          found = (longBits[hash >>> longShift]! & both) === both
          const pair = Math.imul(packed & 0xffff, factor)
          const bothOfPair = (1 << (pair >>> 12)) | (1 << (pair >>> 7))
          if ((shortBits[pair >>> shortShift]! & bothOfPair) === bothOfPair) {
            short.check(packed & 0xffff, pair, chars, start, i, end, hit)
            break
          }
          if (found || code > highest) break
        }
      if (found) long!.check(packed, hash, chars, start, i, end, hit)
      if (code > highest) this.#hitSingle(code, i === start + 1, i === end, hit)
    }
  }

  #hitSingle(code: number, first: boolean, last: boolean, hit: (targets: readonly number[]) => void): void {
    for (const { place, targets } of this.#single?.get(code) ?? [])
      if (place === 'anywhere' || (place === 'start' ? first : last)) hit(targets)
  }
}

/** For one text at a time. */
let buffer = new Uint16Array(4096)
const NOTHING = new Int32Array(2)
