/**
 * What an event's fields hold, in lower case, one text behind the other in one list of numbers: many things are looked for in a text,
 * and a string would be fetched anew for each.
 */
import { bitOf, FOLD, PAIR_WORDS } from './pairs.ts'
import type { RowView } from './row-view.ts'

/** The field is not there. */
export const ABSENT = -1
/** It holds several texts, or a long one: to be asked for from the view. */
export const ELSEWHERE = -2

/** Longer texts are rare, and many literals are searched in them faster one after the other. UTF-16 units. */
const LONGEST = 1024

export class SlotTexts {
  readonly #view: RowView
  #chars = new Uint16Array(8 * LONGEST)
  #filled = 0
  /** The ids of the fields that a slot may be, all slots in one list; none for slots that are more than that. */
  #ids = new Int32Array(0)
  #firstId = new Int32Array(1)
  #starts = new Int32Array(0)
  #lengths = new Int32Array(0)
  #at = new Int32Array(0)
  #pairs = new Int32Array(0)
  #pairsAt = new Int32Array(0)
  #stamp = 0

  constructor(view: RowView) {
    this.#view = view
  }

  /** When the view knows all of its slots. */
  build(): void {
    const { size } = this.#view
    const ids = Array.from({ length: size }, (_, slot) => this.#view.fieldsOf(slot) ?? [])
    this.#ids = Int32Array.from(ids.flat())
    this.#firstId = new Int32Array(size + 1)
    ids.forEach((own, slot) => (this.#firstId[slot + 1] = this.#firstId[slot]! + own.length))
    this.#starts = new Int32Array(size)
    this.#lengths = new Int32Array(size)
    this.#at = new Int32Array(size)
    this.#pairs = new Int32Array(size * PAIR_WORDS)
    this.#pairsAt = new Int32Array(size)
  }

  /** A new event is shown by the view. */
  next(): void {
    this.#filled = 0
    if (++this.#stamp > 0x7fff_fff0) {
      this.#at.fill(0)
      this.#pairsAt.fill(0)
      this.#stamp = 1
    }
  }

  /** How long the text of a slot is, or {@link ABSENT}, or {@link ELSEWHERE}. */
  length(slot: number): number {
    return this.#at[slot] === this.#stamp ? this.#lengths[slot]! : this.#fill(slot)
  }

  /** Of all texts of the event: other ones when further texts are asked for. */
  get chars(): Uint16Array {
    return this.#chars
  }

  /** Where the text of a slot begins. */
  start(slot: number): number {
    return this.#starts[slot]!
  }

  /** The pairs of all texts: those of a slot, which has a text, begin at slot × {@link PAIR_WORDS}. */
  pairs(slot: number): Int32Array {
    if (this.#pairsAt[slot] !== this.#stamp) {
      this.#pairsAt[slot] = this.#stamp
      this.#pair(slot)
    }
    return this.#pairs
  }

  /** Puts another text behind those of the event, until the next one. Gives how long it is there; it begins at `end`. */
  put(text: string): number {
    const at = this.#filled
    if (at + text.length > this.#chars.length) this.#grow(at + text.length)
    const chars = this.#chars
    const fold = FOLD
    const { length } = text
    for (let i = 0; i < length; i++) {
      const code = text.charCodeAt(i)
      if (code >= 256) return this.#putLower(text.toLowerCase())
      chars[at + i] = fold[code]!
    }
    return length
  }

  /** Where the event's texts end. */
  get end(): number {
    return this.#filled
  }

  #putLower(text: string): number {
    const at = this.#filled
    if (at + text.length > this.#chars.length) this.#grow(at + text.length)
    for (let i = 0; i < text.length; i++) this.#chars[at + i] = text.charCodeAt(i)
    return text.length
  }

  #fill(slot: number): number {
    this.#at[slot] = this.#stamp
    const first = this.#firstId[slot]!
    const last = this.#firstId[slot + 1]!
    if (first === last) return this.#keep(slot, this.#view.text(slot))
    const { values } = this.#view.row
    for (let i = first; i < last; i++) {
      const value = values[this.#ids[i]!]
      if (value !== undefined)
        return this.#keep(slot, typeof value === 'number' || typeof value === 'boolean' ? String(value) : value)
    }
    return (this.#lengths[slot] = ABSENT)
  }

  #keep(slot: number, text: string | readonly string[] | undefined): number {
    if (text === undefined) return (this.#lengths[slot] = ABSENT)
    if (typeof text === 'object' || text.length > LONGEST) return (this.#lengths[slot] = ELSEWHERE)
    const length = this.put(text)
    this.#starts[slot] = this.#filled
    this.#filled += length
    return (this.#lengths[slot] = length)
  }

  #pair(slot: number): void {
    const pairs = this.#pairs
    const chars = this.#chars
    const words = slot * PAIR_WORDS
    for (let i = 0; i < PAIR_WORDS; i++) pairs[words + i] = 0
    const start = this.#starts[slot]!
    const end = start + this.#lengths[slot]!
    let before = 0
    for (let i = start; i < end; i++) {
      const code = chars[i]!
      const bit = bitOf(before, code)
      pairs[words + (bit >>> 5)]! |= 1 << (bit & 31)
      before = code
    }
  }

  #grow(size: number): void {
    const grown = new Uint16Array(size * 2)
    grown.set(this.#chars)
    this.#chars = grown
  }
}
