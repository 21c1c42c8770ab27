/** Single tests of single fields, each made once however many rules ask it, and answered at most once per event. */
import type { Mark } from '../../../../shared/model/alert.ts'
import type { RowValue } from '../../event/row.ts'
import type { CompareOp, Test } from '../detection.ts'
import { timePartOf } from '../encoding.ts'
import { inNetwork, parseNetwork } from '../network.ts'
import { compileRegex } from '../regular-expression.ts'
import { decimalOf } from './decimal.ts'
import { requiredBy } from './regex-literals.ts'
import type { RowView, Text } from './row-view.ts'
import { textTest, type TextTest } from './text-test.ts'

export interface Literal {
  /** In lower case. */
  readonly text: string
  readonly place: 'whole' | 'start' | 'end' | 'anywhere'
}

export interface Atom {
  readonly id: number
  readonly slot: number
  readonly ask: (view: RowView) => boolean
  /** Span in one value of the field, as it was sent; null where it does not fit. */
  readonly span: (value: string, view: RowView) => readonly [number, number] | null
  /** One of these stands in the field whenever the answer is yes; null where nothing is known. */
  readonly literals: readonly Literal[] | null
  /** And the answer is yes wherever one of them stands. */
  readonly exact: boolean
  /** The answer is whether the field is there, or is not; null where it is about a value. */
  readonly present: boolean | null
}

/** Its lower case depends on what stands behind it, so what stands in a text need not stand in the text's lower case. */
const SIGMA = /[σς]/

const some = (text: Text | undefined, fits: (text: string) => boolean): boolean => {
  if (text === undefined) return false
  if (typeof text === 'string') return fits(text)
  for (let i = 0; i < text.length; i++) if (fits(text[i]!)) return true
  return false
}

const none = (): null => null
const whole =
  (fits: (value: string) => boolean) =>
  (value: string): readonly [number, number] | null =>
    fits(value) ? [0, value.length] : null

/** Makes the atom of a test on a slot. `other` is the slot of the field that a `field` test names. */
export function makeAtom(id: number, slot: number, test: Test, other: number): Atom {
  const base = { id, slot, literals: null, exact: false, present: null }
  switch (test.kind) {
    case 'text':
      return { ...base, ...textAtom(slot, test) }
    case 'regex': {
      // Made when it is first run: most never are, since their literals are nowhere.
      let made: ReturnType<typeof compileRegex> | undefined
      const expression = () => (made ??= compileRegex(test.source, test.flags))
      const { texts, length } = requiredBy(test.source)
      const required = texts?.some((text) => SIGMA.test(text)) === true ? null : texts
      const fits = (text: string) => text.length >= length && expression().test(text)
      const span = (value: string) => expression().find(value)
      if (required === null) return { ...base, ask: (view) => some(view.text(slot), fits), span }
      // Looking for plain text costs a fraction of running the expression.
      const may = (text: string) => {
        for (let i = 0; i < required.length; i++) if (text.includes(required[i]!)) return true
        return false
      }
      return {
        ...base,
        ask: (view) => some(view.lower(slot), may) && some(view.text(slot), fits),
        span,
        literals: required.map((text): Literal => ({ text, place: 'anywhere' })),
      }
    }
    case 'cidr': {
      const network = parseNetwork(test.network)
      if (network === null) return { ...base, ask: () => false, span: none }
      const fits = (text: string) => inNetwork(text, network)
      return { ...base, ask: (view) => some(view.text(slot), fits), span: whole(fits) }
    }
    case 'exists':
      return { ...base, ask: (view) => (view.text(slot) !== undefined) === test.value, span: none, present: test.value }
    case 'null':
      return { ...base, ask: (view) => view.text(slot) === undefined, span: none, present: false }
    case 'compare': {
      const { op, value: limit, unit } = test
      const number = (value: string): number | null => (unit === null ? numberOf(value) : timePartOf(value, unit))
      const fits = (value: string) => {
        const own = number(value)
        return own !== null && compares(own, op, limit)
      }
      const ask = (view: RowView): boolean => {
        const value: RowValue | undefined = unit === null ? view.value(slot) : undefined
        return typeof value === 'number' ? compares(value, op, limit) : some(view.text(slot), fits)
      }
      return { ...base, ask, span: whole(fits) }
    }
    case 'field': {
      const { place, cased } = test
      const against = (value: string, theirs: Text | undefined): boolean =>
        some(theirs, (their) =>
          place === 'whole'
            ? value === their
            : place === 'start'
              ? value.startsWith(their)
              : place === 'end'
                ? value.endsWith(their)
                : value.includes(their),
        )
      const ask = (view: RowView): boolean => {
        const theirs = cased ? view.text(other) : view.lower(other)
        return some(cased ? view.text(slot) : view.lower(slot), (value) => against(value, theirs))
      }
      return {
        ...base,
        ask,
        span: (value, view) =>
          against(cased ? value : value.toLowerCase(), cased ? view.text(other) : view.lower(other)) ? [0, value.length] : null,
      }
    }
    case 'never':
      return { ...base, ask: () => false, span: none }
  }
}

function textAtom(
  slot: number,
  { parts, cased }: Extract<Test, { kind: 'text' }>,
): Pick<Atom, 'ask' | 'span' | 'literals' | 'exact'> {
  const test: TextTest = textTest(cased ? parts : parts.map((part) => (typeof part === 'string' ? part.toLowerCase() : part)))
  const { fits } = test
  const decimal = test.literal?.place === 'whole' ? decimalOf(test.literal.text) : null
  if (decimal !== null) {
    const hex = test.literal!.text.toLowerCase()
    const either = (text: string) => text === decimal || text.toLowerCase() === hex
    const both = [hex, decimal].map((text): Literal => ({ text, place: 'whole' }))
    return { ask: (view) => some(view.text(slot), either), span: whole(either), literals: both, exact: true }
  }
  const literals = test.literal === null ? null : [{ text: test.literal.text.toLowerCase(), place: test.literal.place }]
  if (cased)
    return {
      ask: (view) => some(view.text(slot), fits),
      span: test.span,
      literals: literals?.some(({ text }) => SIGMA.test(text)) === true ? null : literals,
      exact: false,
    }
  return {
    ask: (view) => some(view.lower(slot), fits),
    span(value) {
      const lower = value.toLowerCase()
      const span = test.span(lower)
      // A few letters change their length with their case: then no span can be told.
      return span === null || lower.length === value.length ? span : [0, value.length]
    },
    literals,
    exact: test.exact,
  }
}

function compares(own: number, op: CompareOp, limit: number): boolean {
  switch (op) {
    case 'lt':
      return own < limit
    case 'lte':
      return own <= limit
    case 'gt':
      return own > limit
    case 'gte':
      return own >= limit
    case 'eq':
      return own === limit
  }
}

function numberOf(text: string): number | null {
  const trimmed = text.trim()
  if (trimmed === '' || trimmed.length > 40) return null
  const number = Number(trimmed)
  return Number.isFinite(number) ? number : null
}

/** Longest value given in a mark; the span is cut to it. */
const MAX_MARK = 8192

/** Where the atom fits in the event, one mark for each of the first values that fit. */
export function marksOf(atom: Atom, path: string, line: number, view: RowView, negated: boolean): Mark[] {
  if (atom.present !== null || negated) {
    const [source] = view.sources(atom.slot)
    return [
      {
        part: path,
        line,
        field: source?.field ?? view.fieldName(atom.slot),
        value: (source?.text ?? '').slice(0, MAX_MARK),
        start: 0,
        end: 0,
      },
    ]
  }
  for (const { field, text } of view.sources(atom.slot)) {
    const span = atom.span(text, view)
    if (span === null) continue
    const value = text.slice(0, MAX_MARK)
    return [{ part: path, line, field, value, start: Math.min(span[0], value.length), end: Math.min(span[1], value.length) }]
  }
  return []
}
