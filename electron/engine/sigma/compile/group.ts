/**
 * All rules that are asked about one kind of event, compiled together. From each rule a cover is chosen: literals of which
 * at least one stands in every event that the rule matches. One pass over each field finds the literals that are there, and
 * only the rules they belong to are evaluated; so an event's cost hardly grows with the number of rules.
 */
import type { Mark } from '../../../../shared/model/alert.ts'
import type { FieldRegistry } from '../../event/field-registry.ts'
import type { EventRow } from '../../event/row.ts'
import { itemsOf, type Detection, type Expression, type Item, type Test } from '../detection.ts'
import { manyTexts, VERY_MANY } from './any-text.ts'
import { makeAtom, marksOf, type Atom } from './atoms.ts'
import { coverOf, popularity, type CoverItem, type Trigger } from './cover.ts'
import { LiteralIndex, worthFinding } from './literal-index.ts'
import { Program } from './program.ts'
import { Questions, type Question } from './questions.ts'
import { RowView, type SlotSource, type Text } from './row-view.ts'
import type { RuleWatch } from './rule-watch.ts'
import { ABSENT, SlotTexts } from './slot-texts.ts'

export interface GroupRule {
  /** Index among all rules. */
  readonly index: number
  readonly detection: Detection
  /** Fields that scenarios want of the events it matches. */
  readonly reads: readonly string[]
  /** Where a field of the rule is read. */
  readonly read: (field: string) => SlotSource
}

interface CompiledItem extends CoverItem {
  readonly slot: number
  readonly atoms: readonly Atom[]
}

interface CompiledRule {
  readonly index: number
  /** Its first step in the program. */
  readonly first: number
  /** It runs regular expressions. */
  readonly heavy: boolean
  readonly explain: () => Mark[]
}

const MAX_MARKS = 64

/** Keywords, which may stand in any field: looked for in those that no other scan looks through. */
interface KeywordScan {
  /** Their place among the fields of the index. */
  readonly at: number
  /** By field id. */
  readonly elsewhere: ReadonlySet<number>
  /** Some keyword may stand in a number or in true or false. */
  readonly numbers: boolean
}

export class RuleGroup {
  readonly #view: RowView
  readonly #texts: SlotTexts
  readonly #questions: Questions
  readonly #program: Program
  readonly #atoms = new Map<string, Atom>()
  /** Questions by what they ask, however many rules ask it. */
  readonly #asked = new Map<string, number>()
  readonly #watch: RuleWatch
  readonly #rules: readonly CompiledRule[]
  readonly #always: readonly number[]
  /** What is looked for in the fields: in the slots of {@link #scanned}, in this order, and behind them keywords. */
  readonly #index = new LiteralIndex()
  readonly #scanned: Int32Array
  /** By place in {@link #scanned}: 1 where the last text holds the others, and no literal is at a start. */
  readonly #lastOnly: Uint8Array
  readonly #keywords: KeywordScan | null
  readonly #seen: Int32Array
  /** By index among all rules: slots of what scenarios want to know. */
  readonly #reads: ReadonlyMap<number, readonly number[]>
  #stamp = 0
  #candidates = new Int32Array(0)
  #found = 0
  #matched: number[] = []
  readonly #hit = (targets: Int32Array, from: number, to: number): void => {
    for (let i = from; i < to; i++) {
      const rule = targets[i]!
      if (this.#seen[rule] === this.#stamp) continue
      this.#seen[rule] = this.#stamp
      this.#candidates[this.#found++] = rule
    }
  }

  readonly #run = (first: number): boolean => this.#program.run(first)

  /** `unfiltered` evaluates every rule on every event: what filtering must not change. */
  constructor(rules: readonly GroupRule[], fields: FieldRegistry, watch: RuleWatch, unfiltered = false) {
    this.#view = new RowView(fields)
    this.#texts = new SlotTexts(this.#view)
    this.#questions = new Questions(this.#view, this.#texts)
    this.#program = new Program(this.#questions)
    this.#watch = watch
    const items = rules.map((rule) => this.#items(rule))
    this.#reads = new Map(rules.map(({ index, reads, read }) => [index, reads.map((field) => this.#view.slot(read(field)))]))
    this.#rules = rules.map((rule, position) => this.#compile(rule, items[position]!))
    const popular = popularity(items)
    const always: number[] = []
    const triggers: { readonly trigger: Trigger; readonly position: number }[] = []
    rules.forEach((rule, position) => {
      const cover = unfiltered ? null : coverOf(rule.detection.condition, rule.detection, items[position]!, popular)
      if (cover === null) always.push(position)
      else for (const trigger of cover.triggers) triggers.push({ trigger: this.#held(trigger), position })
    })
    this.#always = always
    const slots = [...new Set(triggers.map(({ trigger }) => trigger.slot))].sort(
      (a, b) => Number(this.#view.isEverything(a)) - Number(this.#view.isEverything(b)),
    )
    const places = new Map(slots.map((slot, at) => [slot, at]))
    for (const { trigger, position } of triggers)
      this.#index.add(places.get(trigger.slot)!, trigger.text, trigger.place, position)
    const everything = slots.findIndex((slot) => this.#view.isEverything(slot))
    this.#scanned = Int32Array.from(everything < 0 ? slots : slots.slice(0, everything))
    this.#keywords = everything < 0 ? null : this.#keywordScan(everything)
    this.#lastOnly = Uint8Array.from(this.#scanned, (slot, at) =>
      this.#view.nested(slot) && this.#index.count(at, 'whole', 'start') === 0 ? 1 : 0,
    )
    this.#index.build()
    this.#seen = new Int32Array(rules.length)
    this.#candidates = new Int32Array(rules.length)
    this.#texts.build()
    this.#questions.build()
    this.#program.build()
  }

  /** Rules that are evaluated whatever the event holds: none of their literals must be there. */
  get unfiltered(): number {
    return this.#always.length
  }

  /** Indexes of the rules that match, ascending; an empty array is used again for the next event. */
  match(row: EventRow): readonly number[] {
    const began = this.#watch.begin()
    const timed = began >= 0
    this.#show(row)
    this.#found = 0
    if (++this.#stamp > 0x7fff_fff0) {
      this.#seen.fill(0)
      this.#stamp = 1
    }
    this.#look()
    if (this.#keywords !== null) this.#lookForKeywords(this.#keywords)
    if (this.#matched.length > 0) this.#matched = []
    const matched = this.#matched
    for (let i = 0; i < this.#always.length; i++) this.#evaluate(this.#always[i]!, timed)
    for (let i = 0; i < this.#found; i++) this.#evaluate(this.#candidates[i]!, timed)
    if (matched.length > 1) matched.sort((a, b) => a - b)
    if (timed) this.#watch.end(began)
    return matched
  }

  #evaluate(position: number, timed: boolean): void {
    const { index, first, heavy } = this.#rules[position]!
    if (this.#watch.aside[index] !== 0) return
    if (timed || heavy ? this.#watch.timed(index, heavy, this.#run, first) : this.#program.run(first)) this.#matched.push(index)
  }

  /** Marks of a rule (index among all) that matched this row. */
  explain(index: number, row: EventRow): Mark[] {
    const rule = this.#rules.find((candidate) => candidate.index === index)
    if (rule === undefined) return []
    this.#show(row)
    return rule.explain().slice(0, MAX_MARKS)
  }

  /** What a rule (index among all) `reads` of the row that was matched last. */
  read(index: number): (Text | undefined)[] {
    return (this.#reads.get(index) ?? []).map((slot) => this.#view.text(slot))
  }

  #show(row: EventRow): void {
    this.#view.show(row)
    this.#texts.next()
    this.#questions.next()
  }

  /** A trigger on a part of a text, as one on the text. */
  #held(trigger: Trigger): Trigger {
    const { slot, text, place } = trigger
    if (!worthFinding(text) || (place !== 'anywhere' && place !== 'end')) return trigger
    const holder = this.#view.holder(slot)
    return holder === slot ? trigger : { slot: holder, text, place: 'anywhere' }
  }

  /** Keywords join the literals of fields that are looked through anyway. */
  #keywordScan(at: number): KeywordScan {
    const keywords = this.#index.literals(at)
    const elsewhere = new Set<number>()
    const numbers = keywords.some(
      ({ literal }) => /^[\d.e+-]+$/.test(literal) || 'true'.includes(literal) || 'false'.includes(literal),
    )
    this.#scanned.forEach((slot, other) => {
      const field = this.#view.onlyField(slot)
      if (field < 0 || this.#index.count(other, 'start', 'end', 'anywhere') === 0) return
      elsewhere.add(field)
      for (const { literal, targets } of keywords)
        for (const target of targets) this.#index.add(other, literal, 'anywhere', target)
    })
    return { at, elsewhere, numbers }
  }

  #lookForKeywords({ at, elsewhere, numbers }: KeywordScan): void {
    const { fields, values } = this.#view.row
    for (let i = 0; i < fields.length; i++) {
      const field = fields[i]!
      if (elsewhere.has(field)) continue
      const value = values[field]!
      if (typeof value === 'string') this.#lookIn(at, value)
      else if (typeof value === 'object') for (let j = 0; j < value.length; j++) this.#lookIn(at, value[j]!)
      else if (numbers) this.#lookIn(at, String(value))
    }
  }

  #look(): void {
    const texts = this.#texts
    const scanned = this.#scanned
    for (let at = 0; at < scanned.length; at++) {
      const slot = scanned[at]!
      const length = texts.length(slot)
      if (length >= 0) this.#index.scan(at, texts.chars, texts.start(slot), length, this.#hit)
      else if (length !== ABSENT) {
        const text: Text = this.#view.text(slot)!
        if (typeof text === 'string') this.#lookIn(at, text)
        else for (let i = this.#lastOnly[at] === 1 ? text.length - 1 : 0; i < text.length; i++) this.#lookIn(at, text[i]!)
      }
    }
  }

  #lookIn(at: number, text: string): void {
    const length = this.#texts.put(text)
    this.#index.scan(at, this.#texts.chars, this.#texts.end, length, this.#hit)
  }

  #items({ detection, read }: GroupRule): Map<Item, CompiledItem> {
    const found = new Map<Item, CompiledItem>()
    for (const { expression } of detection.searches)
      for (const item of itemsOf(expression)) {
        const slot = this.#view.slot(item.field === null ? 'everything' : read(item.field))
        found.set(item, { item, slot, atoms: item.values.map(({ test }) => this.#atom(slot, test, read)) })
      }
    return found
  }

  #atom(slot: number, test: Test, read: (field: string) => SlotSource): Atom {
    const other = test.kind === 'field' ? this.#view.slot(read(test.field)) : -1
    const key = `${slot}\n${other}\n${JSON.stringify(test)}`
    let atom = this.#atoms.get(key)
    if (atom === undefined) this.#atoms.set(key, (atom = makeAtom(this.#atoms.size, slot, test, other)))
    return atom
  }

  #compile({ index, detection }: GroupRule, items: ReadonlyMap<Item, CompiledItem>): CompiledRule {
    const explain = (expression: Expression): Mark[] | null => {
      switch (expression.op) {
        case 'and': {
          const marks: Mark[] = []
          for (const one of expression.of) {
            const inner = explain(one)
            if (inner === null) return null
            marks.push(...inner)
          }
          return marks
        }
        case 'or':
        case 'count': {
          const inner = expression.of.map(explain).filter((marks) => marks !== null)
          return inner.length < (expression.op === 'count' ? expression.least : 1) ? null : inner.flat()
        }
        case 'not':
          // What is not there decides too, but there is nothing to point at.
          return explain(expression.of) === null ? [] : null
        case 'search':
          return explain(detection.searches[expression.search]!.expression)
        case 'item':
          return this.#marks(items.get(expression.item)!)
      }
    }
    let heavy = false
    for (const { item } of items.values()) heavy ||= item.values.some(({ test }) => test.kind === 'regex')
    const first = this.#program.write(
      detection.condition,
      detection.searches,
      // What is quickly asked comes first.
      (operands) => [...operands].sort((a, b) => effortOf(a, detection) - effortOf(b, detection)),
      (item) => this.#questionsOf(items.get(item)!),
    )
    return { index, first, heavy, explain: () => explain(detection.condition) ?? [] }
  }

  /** What an item asks: any of these questions, or each, as its values are joined. */
  #questionsOf({ item, slot, atoms }: CompiledItem): readonly number[] {
    const key = (what: string, of: readonly Atom[]): string => `${what}\n${of.map(({ id }) => id).join()}`
    const { join, negate } = item
    if (negate) {
      const ask = (view: RowView): boolean => view.text(slot) !== undefined && !atoms.some((atom) => atom.ask(view))
      return [this.#question(key('none', atoms), { kind: 'asked', slot, literals: [], ask })]
    }
    const plain =
      atoms.length > 1 ? atoms.filter(({ exact, literals }) => exact && (join === 'any' || literals?.length === 1)) : []
    const others = plain.length === 0 ? atoms : atoms.filter((atom) => !plain.includes(atom))
    const questions = others.map((atom) => this.#question(key('one', [atom]), questionOf(atom)))
    if (plain.length === 0) return questions
    const fits = manyTexts(
      item.values.map(({ test }) => test).filter((_, i) => plain.includes(atoms[i]!)),
      join,
    )
    const each = (view: RowView): boolean =>
      join === 'all' ? plain.every((atom) => atom.ask(view)) : plain.some((atom) => atom.ask(view))
    const ask = (view: RowView): boolean => {
      const text = view.lower(slot)
      if (fits === null) return each(view)
      if (typeof text === 'string') return fits(text)
      // Of several texts one may fit one value, and another the next.
      return text !== undefined && (join === 'all' ? each(view) : text.some(fits))
    }
    const kind = plain.length < VERY_MANY ? join : 'asked'
    const literals = kind === 'asked' ? [] : plain.flatMap(({ literals }) => literals ?? [])
    return [this.#question(key(join, plain), { kind, slot, literals, ask }), ...questions]
  }

  #question(key: string, question: Question): number {
    let number = this.#asked.get(key)
    if (number === undefined) this.#asked.set(key, (number = this.#questions.add(question)))
    return number
  }

  #marks({ item, slot, atoms }: CompiledItem): Mark[] | null {
    const view = this.#view
    const yes = item.values.map((_, i) => atoms[i]!.ask(this.#view))
    if (item.negate) {
      if (view.text(slot) === undefined || yes.includes(true)) return null
      return item.values.slice(0, 1).flatMap(({ path, line }, i) => marksOf(atoms[i]!, path, line, view, true))
    }
    if (item.join === 'all' ? yes.includes(false) : !yes.includes(true)) return null
    // One value of the rule may stand for several texts (base64offset): it is marked once.
    const done = new Set<string>()
    return item.values.flatMap(({ path, line }, i) => {
      if (!yes[i]! || done.has(path)) return []
      done.add(path)
      return marksOf(atoms[i]!, path, line, view, false)
    })
  }
}

/** Roughly how much work it is to ask. */
function effortOf(expression: Expression, detection: Detection): number {
  switch (expression.op) {
    case 'and':
    case 'or':
    case 'count':
      return expression.of.reduce((sum, one) => sum + effortOf(one, detection), 1)
    case 'not':
      return 1 + effortOf(expression.of, detection)
    case 'search':
      return effortOf(detection.searches[expression.search]!.expression, detection)
    case 'item':
      return expression.item.values.reduce((sum, { test }) => sum + effortOfTest(test), expression.item.field === null ? 20 : 1)
  }
}
function effortOfTest(test: Test): number {
  if (test.kind === 'regex') return 100
  return test.kind !== 'text' || test.parts.length > 3 ? 4 : test.parts.length
}

/** An atom by itself as a question. */
function questionOf({ slot, literals, exact, present, ask }: Atom): Question {
  if (present !== null) return { kind: present ? 'present' : 'absent', slot, literals: [], ask }
  if (literals === null) return { kind: 'asked', slot, literals: [], ask }
  return { kind: exact ? 'any' : 'gated', slot, literals, ask }
}
