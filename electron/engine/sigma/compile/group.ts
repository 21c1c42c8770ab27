/**
 * All rules that are asked about one kind of event, compiled together. From each rule a cover is chosen: literals of which
 * at least one stands in every event that the rule matches. One pass over each field finds the literals that are there, and
 * only the rules they belong to are evaluated; so an event's cost hardly grows with the number of rules.
 */
import type { Mark } from '../../../../shared/model/alert.ts'
import type { FieldRegistry } from '../../event/field-registry.ts'
import type { EventRow } from '../../event/row.ts'
import { itemsOf, type Detection, type Expression, type Item, type Test } from '../detection.ts'
import { manyTexts } from './any-text.ts'
import { Answers, makeAtom, marksOf, type Atom, type Question } from './atoms.ts'
import { coverOf, popularity, type CoverItem, type Trigger } from './cover.ts'
import { GramIndex, worthFinding } from './gram-index.ts'
import { RowView, type SlotSource, type Text } from './row-view.ts'
import type { RuleWatch } from './rule-watch.ts'
import { SeenTexts } from './seen-texts.ts'

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
  readonly matches: () => boolean
  /** It runs regular expressions. */
  readonly heavy: boolean
  readonly explain: () => Mark[]
}

const MAX_MARKS = 64

interface Scan {
  readonly slot: number
  readonly grams: GramIndex | null
  readonly whole: WholeIndex | null
  /** The last text holds the others: no literal is at a start. */
  readonly lastOnly: boolean
  readonly seen: SeenTexts | null
}

/** Keywords, which may stand in any field: looked for in those that no other scan looks through. */
interface KeywordScan {
  readonly grams: GramIndex
  /** By field id. */
  readonly elsewhere: ReadonlySet<number>
  /** Some keyword may stand in a number or in true or false. */
  readonly numbers: boolean
}

/** Whole values looked up at once. */
class WholeIndex {
  readonly #texts = new Map<string, number[]>()
  readonly #numbers = new Map<number, number[]>()
  /** Lengths that occur, as bits: most texts are told apart by theirs. */
  #lengths = 0

  add(text: string, target: number): void {
    const known = this.#texts.get(text)
    if (known === undefined) {
      const targets = [target]
      this.#texts.set(text, targets)
      // One letter (İ) is longer in lower case: texts with it are shorter before.
      const longer = text.split('i\u0307').length - 1
      for (let less = 0; less <= Math.min(longer, 31); less++) this.#lengths |= 1 << ((text.length - less) & 31)
      if (String(Number(text)) === text) this.#numbers.set(Number(text), targets)
    } else if (known.at(-1) !== target) known.push(target)
  }

  get size(): number {
    return this.#texts.size
  }

  find(text: string): readonly number[] | undefined {
    return (this.#lengths & (1 << (text.length & 31))) === 0 ? undefined : this.#texts.get(text.toLowerCase())
  }

  findNumber(number: number): readonly number[] | undefined {
    return this.#numbers.get(number)
  }
}

export class RuleGroup {
  readonly #view: RowView
  readonly #answers = new Answers()
  readonly #atoms = new Map<string, Atom>()
  /** Items that are asked as a whole, however many rules have them. */
  readonly #questions = new Map<string, Question>()
  #asked = 0
  readonly #watch: RuleWatch
  readonly #rules: readonly CompiledRule[]
  readonly #always: readonly number[]
  readonly #scans: readonly Scan[]
  readonly #keywords: KeywordScan | null
  readonly #seen: Int32Array
  /** By index among all rules: slots of what scenarios want to know. */
  readonly #reads: ReadonlyMap<number, readonly number[]>
  #stamp = 0
  #candidates: number[] = []
  readonly #matched: number[] = []
  readonly #hit = (targets: readonly number[]): void => {
    for (let i = 0; i < targets.length; i++) {
      const rule = targets[i]!
      if (this.#seen[rule] === this.#stamp) continue
      this.#seen[rule] = this.#stamp
      this.#candidates.push(rule)
    }
  }

  /** `unfiltered` evaluates every rule on every event: what filtering must not change. */
  constructor(rules: readonly GroupRule[], fields: FieldRegistry, watch: RuleWatch, unfiltered = false) {
    this.#view = new RowView(fields)
    this.#watch = watch
    const items = rules.map((rule) => this.#items(rule))
    this.#reads = new Map(rules.map(({ index, reads, read }) => [index, reads.map((field) => this.#view.slot(read(field)))]))
    this.#rules = rules.map((rule, position) => this.#compile(rule, items[position]!))
    this.#answers.reserve(this.#asked + 1)
    const popular = popularity(items)
    const always: number[] = []
    const bySlot = new Map<number, { grams: GramIndex; whole: WholeIndex }>()
    rules.forEach((rule, position) => {
      const cover = unfiltered ? null : coverOf(rule.detection.condition, rule.detection, items[position]!, popular)
      if (cover === null) {
        always.push(position)
        return
      }
      for (const trigger of cover.triggers) {
        const { slot, text, place } = this.#held(trigger)
        let scan = bySlot.get(slot)
        if (scan === undefined) bySlot.set(slot, (scan = { grams: new GramIndex(), whole: new WholeIndex() }))
        if (place !== 'whole') scan.grams.add(text, place, position)
        else scan.whole.add(text, position)
      }
    })
    this.#always = always
    const everything = [...bySlot.keys()].find((slot) => this.#view.isEverything(slot))
    this.#keywords = everything === undefined ? null : this.#keywordScan(bySlot, everything)
    this.#scans = [...bySlot]
      .filter(([slot]) => slot !== everything)
      .map(([slot, { grams, whole }]) => {
        const any = grams.size > 0
        const lastOnly = this.#view.nested(slot) && whole.size === 0 && !grams.starts
        grams.build()
        return {
          slot,
          grams: any ? grams : null,
          whole: whole.size > 0 ? whole : null,
          lastOnly,
          seen: any ? new SeenTexts() : null,
        }
      })
    this.#seen = new Int32Array(rules.length)
  }

  /** Rules that are evaluated whatever the event holds: none of their literals must be there. */
  get unfiltered(): number {
    return this.#always.length
  }

  /** Indexes of the rules that match, ascending; the array is reused. */
  match(row: EventRow): readonly number[] {
    const began = this.#watch.begin()
    const timed = began >= 0
    this.#show(row)
    this.#candidates.length = 0
    if (++this.#stamp > 0x7fff_fff0) {
      this.#seen.fill(0)
      this.#stamp = 1
    }
    for (const scan of this.#scans) this.#look(scan)
    if (this.#keywords !== null) this.#lookForKeywords(this.#keywords)
    const matched = this.#matched
    matched.length = 0
    for (let i = 0; i < this.#always.length; i++) this.#evaluate(this.#always[i]!, timed)
    for (let i = 0; i < this.#candidates.length; i++) this.#evaluate(this.#candidates[i]!, timed)
    if (matched.length > 1) matched.sort((a, b) => a - b)
    if (timed) this.#watch.end(began)
    return matched
  }

  #evaluate(position: number, timed: boolean): void {
    const { index, matches, heavy } = this.#rules[position]!
    if (this.#watch.aside[index] !== 0) return
    if (timed || heavy ? this.#watch.timed(index, heavy, matches) : matches()) this.#matched.push(index)
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
    this.#answers.next()
  }

  /** A trigger on a part of a text, as one on the text. */
  #held(trigger: Trigger): Trigger {
    const { slot, text, place } = trigger
    if (!worthFinding(text) || (place !== 'anywhere' && place !== 'end')) return trigger
    const holder = this.#view.holder(slot)
    return holder === slot ? trigger : { slot: holder, text, place: 'anywhere' }
  }

  /** Keywords join the literals of fields that are looked through anyway. */
  #keywordScan(bySlot: ReadonlyMap<number, { grams: GramIndex; whole: WholeIndex }>, everything: number): KeywordScan {
    const { grams } = bySlot.get(everything)!
    const elsewhere = new Set<number>()
    let numbers = false
    grams.each((literal) => {
      numbers ||= /^[\d.e+-]+$/.test(literal) || 'true'.includes(literal) || 'false'.includes(literal)
    })
    for (const [slot, scan] of bySlot) {
      const field = this.#view.onlyField(slot)
      if (slot === everything || field < 0 || scan.grams.size === 0) continue
      elsewhere.add(field)
      grams.each((literal, _, targets) => {
        for (const target of targets) scan.grams.add(literal, 'anywhere', target)
      })
    }
    grams.build()
    return { grams, elsewhere, numbers }
  }

  #lookForKeywords({ grams, elsewhere, numbers }: KeywordScan): void {
    const { fields, values } = this.#view.row
    for (let i = 0; i < fields.length; i++) {
      const field = fields[i]!
      if (elsewhere.has(field)) continue
      const value = values[field]!
      if (typeof value === 'string') grams.scan(value, this.#hit)
      else if (typeof value === 'object') for (let j = 0; j < value.length; j++) grams.scan(value[j]!, this.#hit)
      else if (numbers) grams.scan(String(value), this.#hit)
    }
  }

  #look({ slot, grams, whole, lastOnly, seen }: Scan): void {
    if (grams === null) {
      const value = this.#view.value(slot)
      if (typeof value === 'number') {
        const targets = whole!.findNumber(value)
        if (targets !== undefined) this.#hit(targets)
        return
      }
    }
    const text: Text | undefined = this.#view.text(slot)
    if (text === undefined) return
    if (typeof text === 'string') {
      if (seen === null || !seen.wants(text)) this.#lookIn(text, grams, whole)
      else {
        let targets = seen.get(text)
        if (targets === undefined) {
          const found: number[] = []
          whole?.find(text)?.forEach((target) => found.push(target))
          grams?.scan(text, (some) => found.push(...some))
          seen.add(text, (targets = [...new Set(found)]))
        }
        this.#hit(targets)
      }
    } else for (let i = lastOnly ? text.length - 1 : 0; i < text.length; i++) this.#lookIn(text[i]!, grams, whole)
  }

  #lookIn(text: string, grams: GramIndex | null, whole: WholeIndex | null): void {
    if (whole !== null) {
      const targets = whole.find(text)
      if (targets !== undefined) this.#hit(targets)
    }
    grams?.scan(text, this.#hit)
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
    if (atom === undefined) this.#atoms.set(key, (atom = makeAtom(this.#asked++, slot, test, other)))
    return atom
  }

  #compile({ index, detection }: GroupRule, items: ReadonlyMap<Item, CompiledItem>): CompiledRule {
    const build = (expression: Expression): (() => boolean) => {
      switch (expression.op) {
        case 'and': {
          // What is quickly asked comes first.
          const of = [...expression.of].sort((a, b) => effortOf(a, detection) - effortOf(b, detection)).map(build)
          return () => {
            for (let i = 0; i < of.length; i++) if (!of[i]!()) return false
            return true
          }
        }
        case 'or': {
          const of = [...expression.of].sort((a, b) => effortOf(a, detection) - effortOf(b, detection)).map(build)
          return () => {
            for (let i = 0; i < of.length; i++) if (of[i]!()) return true
            return false
          }
        }
        case 'count': {
          const of = expression.of.map(build)
          return () => {
            let left = expression.least
            for (const one of of) if (one() && --left === 0) return true
            return false
          }
        }
        case 'not': {
          const one = build(expression.of)
          return () => !one()
        }
        case 'search':
          return build(detection.searches[expression.search]!.expression)
        case 'item':
          return this.#ask(items.get(expression.item)!)
      }
    }
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
    return { index, matches: build(detection.condition), heavy, explain: () => explain(detection.condition) ?? [] }
  }

  #ask({ item, slot, atoms }: CompiledItem): () => boolean {
    const view = this.#view
    const answers = this.#answers
    const [only] = atoms
    if (item.negate) return () => view.text(slot) !== undefined && !atoms.some((atom) => answers.of(atom, view))
    if (atoms.length === 1) return () => answers.of(only!, view)
    const fits = manyTexts(
      item.values.map(({ test }) => test),
      item.join,
    )
    if (fits !== null) {
      const key = `${item.join}\n${atoms.map(({ id }) => id).join()}`
      let question = this.#questions.get(key)
      if (question === undefined) {
        const each = (): boolean => atoms.every((atom) => answers.of(atom, view))
        const ask = (): boolean => {
          const text = view.lower(slot)
          if (typeof text === 'string') return fits(text)
          // Of several texts one may fit one value, and another the next.
          return text !== undefined && (item.join === 'all' ? each() : text.some(fits))
        }
        this.#questions.set(key, (question = { id: this.#asked++, ask }))
      }
      return () => answers.of(question, view)
    }
    if (item.join === 'all') return () => atoms.every((atom) => answers.of(atom, view))
    return () => {
      for (let i = 0; i < atoms.length; i++) if (answers.of(atoms[i]!, view)) return true
      return false
    }
  }

  #marks({ item, slot, atoms }: CompiledItem): Mark[] | null {
    const view = this.#view
    const yes = item.values.map((_, i) => this.#answers.of(atoms[i]!, view))
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
