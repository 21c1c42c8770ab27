/**
 * What rules ask of an event, each question once however many rules ask it, and answered at most once per event. What is asked of
 * plain texts is kept as lists of numbers, in the order in which it is read: there are thousands of questions, an event is asked a few,
 * and what costs is to fetch them.
 */
import type { Literal } from './atoms.ts'
import { mayHold, PAIR_WORDS, pairsAsked } from './pairs.ts'
import type { RowView } from './row-view.ts'
import { ABSENT, type SlotTexts } from './slot-texts.ts'

export interface Question {
  /**
   * `any`, `all`: the answer is whether any, or each, of the literals stands in the field. `gated`: only where any of them does it is
   * asked. `present`, `absent`: whether the field is there. `asked`: always asked.
   */
  readonly kind: 'any' | 'all' | 'gated' | 'present' | 'absent' | 'asked'
  readonly slot: number
  readonly literals: readonly Literal[]
  /** The answer, whatever the field holds. */
  readonly ask: (view: RowView) => boolean
}

const KINDS: readonly Question['kind'][] = ['any', 'all', 'gated', 'present', 'absent', 'asked']
const [ANY, ALL, PRESENT, MISSING] = [0, 1, 3, 4]

/** Of a question: its kind, its slot, where its literals begin and end. */
const QUESTION = 4
/** Of a literal: what is asked of the text's pairs, its place, where its characters begin and end. */
const LITERAL = 4
const PLACES: readonly Literal['place'][] = ['whole', 'start', 'end', 'anywhere']
const [WHOLE, START, END] = [0, 1, 2]

export class Questions {
  readonly #view: RowView
  readonly #asks: ((view: RowView) => boolean)[] = []
  readonly #texts: SlotTexts
  #questions = new Int32Array(0)
  #literals = new Int32Array(0)
  #chars = new Uint16Array(0)
  /** By question: the event it was answered for × 2 + the answer. */
  #answers = new Int32Array(0)
  #event = 0
  #added: number[] = []
  #addedLiterals: number[] = []
  #addedChars: number[] = []

  constructor(view: RowView, texts: SlotTexts) {
    this.#view = view
    this.#texts = texts
  }

  /** Gives the question's number. */
  add({ kind, slot, literals, ask }: Question): number {
    const first = this.#addedLiterals.length / LITERAL
    for (const { text, place } of literals) {
      const start = this.#addedChars.length
      for (let i = 0; i < text.length; i++) this.#addedChars.push(text.charCodeAt(i))
      this.#addedLiterals.push(pairsAsked(text), PLACES.indexOf(place), start, start + text.length)
    }
    this.#added.push(KINDS.indexOf(kind), slot, first, first + literals.length)
    return this.#asks.push(ask) - 1
  }

  /** After the last `add`. */
  build(): void {
    this.#questions = Int32Array.from(this.#added)
    this.#literals = Int32Array.from(this.#addedLiterals)
    this.#chars = Uint16Array.from(this.#addedChars)
    this.#answers = new Int32Array(this.#asks.length)
    this.#added = this.#addedLiterals = this.#addedChars = []
  }

  /** The view shows a new event: all questions are open. */
  next(): void {
    if (++this.#event > 0x3fff_fff0) {
      this.#answers.fill(0)
      this.#event = 1
    }
  }

  /** The answer, of the event that is shown. */
  answer(question: number): boolean {
    const known = this.#answers[question]!
    if (known >> 1 === this.#event) return (known & 1) === 1
    const answer = this.#ask(question)
    this.#answers[question] = this.#event * 2 + (answer ? 1 : 0)
    return answer
  }

  #ask(question: number): boolean {
    const at = question * QUESTION
    const kind = this.#questions[at]!
    if (kind > MISSING) return this.#asks[question]!(this.#view)
    const slot = this.#questions[at + 1]!
    const length = this.#texts.length(slot)
    if (kind >= PRESENT) return (length === ABSENT) === (kind === MISSING)
    if (length < 0) return length !== ABSENT && this.#asks[question]!(this.#view)
    const first = this.#questions[at + 2]! * LITERAL
    const last = this.#questions[at + 3]! * LITERAL
    if (kind === ALL) return this.#allStand(first, last, slot, length)
    return this.#anyStands(first, last, slot, length) && (kind === ANY || this.#asks[question]!(this.#view))
  }

  #anyStands(first: number, last: number, slot: number, length: number): boolean {
    const literals = this.#literals
    const pairs = this.#texts.pairs(slot)
    const words = slot * PAIR_WORDS
    for (let at = first; at < last; at += LITERAL)
      if (mayHold(pairs, words, literals[at]!) && this.#stands(at, slot, length)) return true
    return false
  }

  #allStand(first: number, last: number, slot: number, length: number): boolean {
    const literals = this.#literals
    const pairs = this.#texts.pairs(slot)
    const words = slot * PAIR_WORDS
    for (let at = first; at < last; at += LITERAL) if (!mayHold(pairs, words, literals[at]!)) return false
    for (let at = first; at < last; at += LITERAL) if (!this.#stands(at, slot, length)) return false
    return true
  }

  #stands(at: number, slot: number, length: number): boolean {
    const place = this.#literals[at + 1]!
    const from = this.#literals[at + 2]!
    const to = this.#literals[at + 3]!
    const size = to - from
    if (size > length || (place === WHOLE && size !== length)) return false
    const start = this.#texts.start(slot)
    if (place === WHOLE || place === START) return this.#same(start, from, to)
    if (place === END) return this.#same(start + length - size, from, to)
    if (size === 0) return true
    const chars = this.#texts.chars
    const initial = this.#chars[from]!
    const end = start + length - size
    for (let i = start; i <= end; i++) if (chars[i] === initial && this.#same(i, from, to)) return true
    return false
  }

  /** Whether the text's characters from `at` on are the literal's, compared from the end, since beginnings are often the same. */
  #same(at: number, from: number, to: number): boolean {
    const chars = this.#texts.chars
    const literal = this.#chars
    const offset = at - from
    for (let i = to - 1; i >= from; i--) if (chars[offset + i] !== literal[i]) return false
    return true
  }
}
