/**
 * Many literals looked for in one pass over a text, for several fields, each with literals of its own. A literal is found by one of its
 * short pieces (its rarest); a filter of the pieces' hashes says at every position whether any literal may stand there, and only then is
 * it compared. All of it is in a few lists of numbers: objects would lie all over the memory, and to fetch them is what looking costs.
 */

export type Place = 'start' | 'end' | 'anywhere'

/** Is given the targets of a literal that was found: `targets[from..to)`. */
export type Hit = (targets: Int32Array, from: number, to: number) => void

interface Literal {
  readonly literal: string
  readonly place: Place | 'whole'
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
/** Odd, with its bits well mixed. */
const FACTOR = 0x9e3779b1 | 0

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

/** Of a field: the tables of its long, its short and its whole literals, and what is known of all. */
const FIELD = 16
const LONG_TABLE = 0
const SHORT_TABLE = 4
/** Of a table: where its filter begins and how far a hash is shifted to be a word of it; where its pieces begin, and how many there can be less one. */
const FILTER = 0
const SHIFT = 1
const PIECES = 2
const MASK = 3
const WHOLE_PIECES = 8
const WHOLE_MASK = 9
/** Lengths of whole literals, as bits: most texts are told apart by theirs. */
const WHOLE_LENGTHS = 10
/** The shortest of the others. */
const SHORTEST = 11
/** Single characters beyond ASCII are literals too where this is 127. */
const HIGHEST = 12

/** Of a literal: the next one of the same piece; the offset in it just after its piece; its length, its place, its characters, its targets. */
const ENTRY = 8
const NEXT = 0
const AFTER = 1
const LENGTH = 2
const PLACE = 3
const CHARS = 4
const TARGETS = 5
const TARGETS_END = 6
const PLACES: readonly Literal['place'][] = ['start', 'end', 'anywhere', 'whole']
const [AT_START, AT_END] = [0, 1]

/** While it is made. */
interface Draft {
  readonly fields: number[]
  /** Two words that hold nothing come first. */
  readonly filters: number[]
  /** A piece and its first entry, by the piece's hash, or behind the place that is taken. Entry 0 is none. */
  readonly pieces: number[]
  readonly entries: number[]
  readonly chars: number[]
  readonly targets: number[]
}

export class LiteralIndex {
  readonly #literals: Map<string, Literal>[] = []
  #fields = new Int32Array(0)
  #filters = new Int32Array(0)
  #pieces = new Int32Array(0)
  #entries = new Int32Array(0)
  #chars = new Uint16Array(0)
  #targets = new Int32Array(0)
  /** By field: single characters beyond ASCII. */
  readonly #single: Map<number, Literal[]>[] = []

  /** `field` counts from 0; `literal` in lower case and {@link worthFinding}, unless it is a whole one; `target` is given to `scan`'s callback. */
  add(field: number, literal: string, place: Literal['place'], target: number): void {
    while (this.#literals.length <= field) this.#literals.push(new Map())
    const literals = this.#literals[field]!
    const key = `${place}${literal}`
    const known = literals.get(key)
    if (known === undefined) literals.set(key, { literal, place, targets: [target] })
    else if (known.targets.at(-1) !== target) known.targets.push(target)
  }

  /** How many literals a field has in these places. Before `build`, as what follows. */
  count(field: number, ...places: readonly Literal['place'][]): number {
    return [...(this.#literals[field]?.values() ?? [])].filter(({ place }) => places.includes(place)).length
  }

  /** The literals of a field. */
  literals(field: number): readonly Literal[] {
    return [...(this.#literals[field]?.values() ?? [])]
  }

  /** After the last `add`. */
  build(): void {
    const draft: Draft = {
      fields: [],
      filters: [0, 0],
      pieces: [0, 0],
      entries: new Array<number>(ENTRY).fill(0),
      chars: [],
      targets: [],
    }
    for (const literals of this.#literals) this.#buildField([...literals.values()], draft)
    this.#fields = Int32Array.from(draft.fields)
    this.#filters = Int32Array.from(draft.filters)
    this.#pieces = Int32Array.from(draft.pieces)
    this.#entries = Int32Array.from(draft.entries)
    this.#chars = Uint16Array.from(draft.chars)
    this.#targets = Int32Array.from(draft.targets)
    this.#literals.length = 0
  }

  #buildField(all: readonly Literal[], draft: Draft): void {
    const at = draft.fields.length
    for (let i = 0; i < FIELD; i++) draft.fields.push(0)
    const parts = all.filter(({ place }) => place !== 'whole')
    const single = new Map<number, Literal[]>()
    for (const one of parts)
      if (one.literal.length < SHORT) {
        const code = one.literal.charCodeAt(0)
        single.set(code, [...(single.get(code) ?? []), one])
      }
    this.#single.push(single)
    draft.fields[at + HIGHEST] = single.size === 0 ? 0xffff : 127
    draft.fields[at + SHORTEST] = parts.reduce((least, { literal }) => Math.min(least, literal.length), 0x7fff_ffff)
    table(
      parts.filter(({ literal }) => literal.length >= LONG),
      at + LONG_TABLE,
      draft,
    )
    table(
      parts.filter(({ literal }) => literal.length >= SHORT && literal.length < LONG),
      at + SHORT_TABLE,
      draft,
    )
    const whole = all.filter(({ place }) => place === 'whole')
    draft.fields[at + WHOLE_LENGTHS] = whole.reduce((bits, { literal }) => bits | (1 << (literal.length & 31)), 0)
    const mask = openPieces(whole.length, draft)
    draft.fields[at + WHOLE_PIECES] = draft.pieces.length - 2 * (mask + 1)
    draft.fields[at + WHOLE_MASK] = mask
    for (const one of whole) {
      const hash = hashOf(
        Uint16Array.from({ length: one.literal.length }, (_, i) => one.literal.charCodeAt(i)),
        0,
        one.literal.length,
      )
      enter(one, { packed: hash, after: 0 }, Math.imul(hash, FACTOR), draft.fields[at + WHOLE_PIECES]!, mask, draft)
    }
  }

  /** Calls `hit` for every literal that stands where it must in `text`, in any case; perhaps more than once. */
  scanText(field: number, text: string, hit: Hit): void {
    const lower = text.toLowerCase()
    if (lower.length > buffer.length) buffer = new Uint16Array(lower.length * 2)
    for (let i = 0; i < lower.length; i++) buffer[i] = lower.charCodeAt(i)
    this.scan(field, buffer, 0, lower.length, hit)
  }

  /** The same of a text in lower case: its UTF-16 units. */
  scan(field: number, chars: Uint16Array, start: number, length: number, hit: Hit): void {
    const fields = this.#fields
    const at = field * FIELD
    if ((fields[at + WHOLE_LENGTHS]! & (1 << (length & 31))) !== 0) this.#checkWhole(at, chars, start, length, hit)
    if (length < fields[at + SHORTEST]!) return
    const filters = this.#filters
    const longFilter = fields[at + LONG_TABLE + FILTER]!
    const longShift = fields[at + LONG_TABLE + SHIFT]!
    const shortFilter = fields[at + SHORT_TABLE + FILTER]!
    const shortShift = fields[at + SHORT_TABLE + SHIFT]!
    const highest = fields[at + HIGHEST]!
    const factor = FACTOR
    const end = start + length
    let packed = 0
    let i = start
    while (i < end) {
      let hash = 0
      let pair = 0
      let found = false
      let foundPair = false
      let code = 0
      // In the innermost loop nothing is called: it runs for every character of every event.
      if (shortFilter === 0)
        while (i < end) {
          code = chars[i++]!
          packed = (packed << 8) ^ code
          hash = Math.imul(packed, factor)
          const both = (1 << (hash >>> 12)) | (1 << (hash >>> 7))
          found = (filters[longFilter + (hash >>> longShift)]! & both) === both
          if (found || code > highest) break
        }
      else
        while (i < end) {
          code = chars[i++]!
          packed = (packed << 8) ^ code
          hash = Math.imul(packed, factor)
          pair = Math.imul(packed & 0xffff, factor)
          const both = (1 << (hash >>> 12)) | (1 << (hash >>> 7))
          const bothOfPair = (1 << (pair >>> 12)) | (1 << (pair >>> 7))
          found = (filters[longFilter + (hash >>> longShift)]! & both) === both
          foundPair = (filters[shortFilter + (pair >>> shortShift)]! & bothOfPair) === bothOfPair
          if (found || foundPair || code > highest) break
        }
      if (found) this.#check(at + LONG_TABLE, packed, hash, chars, start, i, end, hit)
      if (foundPair) this.#check(at + SHORT_TABLE, packed & 0xffff, pair, chars, start, i, end, hit)
      if (code > highest) this.#checkSingle(field, code, i === start + 1, i === end, hit)
    }
  }

  /** Compares the literals that have this piece (of this hash), which ends at `after` in the text from `begin` to `end`. */
  #check(
    table: number,
    packed: number,
    hash: number,
    chars: Uint16Array,
    begin: number,
    after: number,
    end: number,
    hit: Hit,
  ): void {
    const entries = this.#entries
    const slot = slotOf(this.#pieces, this.#fields[table + PIECES]!, this.#fields[table + MASK]!, packed, hash)
    for (let entry = this.#pieces[slot + 1]!; entry !== 0; entry = entries[entry + NEXT]!) {
      const from = after - entries[entry + AFTER]!
      const to = from + entries[entry + LENGTH]!
      const place = entries[entry + PLACE]!
      if (from < begin || to > end || (place === AT_START && from !== begin) || (place === AT_END && to !== end)) continue
      if (this.#stands(chars, from, to, entries[entry + CHARS]!))
        hit(this.#targets, entries[entry + TARGETS]!, entries[entry + TARGETS_END]!)
    }
  }

  #checkWhole(at: number, chars: Uint16Array, start: number, length: number, hit: Hit): void {
    const entries = this.#entries
    const hash = hashOf(chars, start, length)
    const slot = slotOf(
      this.#pieces,
      this.#fields[at + WHOLE_PIECES]!,
      this.#fields[at + WHOLE_MASK]!,
      hash,
      Math.imul(hash, FACTOR),
    )
    for (let entry = this.#pieces[slot + 1]!; entry !== 0; entry = entries[entry + NEXT]!)
      if (entries[entry + LENGTH] === length && this.#stands(chars, start, start + length, entries[entry + CHARS]!))
        hit(this.#targets, entries[entry + TARGETS]!, entries[entry + TARGETS_END]!)
  }

  #checkSingle(field: number, code: number, first: boolean, last: boolean, hit: Hit): void {
    for (const { place, targets } of this.#single[field]!.get(code) ?? [])
      if (place === 'anywhere' || (place === 'start' ? first : last)) hit(Int32Array.from(targets), 0, targets.length)
  }

  #stands(chars: Uint16Array, from: number, to: number, own: number): boolean {
    for (let i = from; i < to; i++) if (chars[i] !== this.#chars[own++]) return false
    return true
  }
}

/** For one text at a time. */
let buffer = new Uint16Array(4096)

function hashOf(chars: Uint16Array, start: number, length: number): number {
  let hash = 0
  for (let i = start; i < start + length; i++) hash = (Math.imul(hash, 31) + chars[i]!) | 0
  return hash
}

/** Where a piece is among the pieces of a table, or would be. */
function slotOf(all: ArrayLike<number>, first: number, mask: number, packed: number, hash: number): number {
  let slot = mask === 0 ? 0 : hash >>> Math.clz32(mask)
  while (all[first + slot * 2 + 1] !== 0 && all[first + slot * 2] !== packed) slot = (slot + 1) & mask
  return first + slot * 2
}

/** Room for so many pieces; gives how many there can be, less one. */
function openPieces(count: number, draft: Draft): number {
  const slots = 1 << Math.ceil(Math.log2(count * 2 + 1))
  for (let i = 0; i < slots * 2; i++) draft.pieces.push(0)
  return slots - 1
}

/** A literal is entered with one of its pieces. */
function enter(
  { literal, place, targets }: Literal,
  { packed, after }: Piece,
  hash: number,
  first: number,
  mask: number,
  draft: Draft,
): void {
  const slot = slotOf(draft.pieces, first, mask, packed, hash)
  const entry = draft.entries.length
  draft.entries.push(
    draft.pieces[slot + 1]!,
    after,
    literal.length,
    PLACES.indexOf(place),
    draft.chars.length,
    draft.targets.length,
    draft.targets.length + targets.length,
    0,
  )
  draft.pieces[slot] = packed
  draft.pieces[slot + 1] = entry
  for (let i = 0; i < literal.length; i++) draft.chars.push(literal.charCodeAt(i))
  for (const target of targets) draft.targets.push(target)
}

/** The table of some literals, described at `at` of the fields. */
function table(literals: readonly Literal[], at: number, draft: Draft): void {
  if (literals.length === 0) {
    draft.fields[at + SHIFT] = 31
    return
  }
  const words = Math.min(12, Math.max(1, Math.ceil(Math.log2(literals.length * 2))))
  const filter = draft.filters.length
  for (let i = 0; i < 1 << words; i++) draft.filters.push(0)
  const mask = openPieces(literals.length, draft)
  const first = draft.pieces.length - 2 * (mask + 1)
  draft.fields[at + FILTER] = filter
  draft.fields[at + SHIFT] = 32 - words
  draft.fields[at + PIECES] = first
  draft.fields[at + MASK] = mask
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
    draft.filters[filter + (hash >>> (32 - words))]! |= (1 << (hash >>> 12)) | (1 << (hash >>> 7))
    enter(literal, best, hash, first, mask, draft)
  }
}
