/** What could stand at the caret: fields with their type and meaning, keywords, and values where they are given. */
import { CANONICAL_FIELDS, FIELD_GROUPS, SYSTEM_FIELDS } from '../model/fields.ts'
import { definitionOf } from './lookup.ts'
import { writeField, writeValue } from './print.ts'
import { tokensOf, type Token } from './tokens.ts'

/** A field that a query may name. */
export interface KnownField {
  readonly name: string
  /** A `FieldType`, `group`, or what the store found a native field to hold. */
  readonly type: string
  readonly doc: string
  /** False where a search for it reads the values one by one: long texts. */
  readonly indexed: boolean
  /** How many events have it, where that is known. */
  readonly events?: number
  /** Its name in the Elastic Common Schema, found by completion and accepted in queries. */
  readonly ecs?: string | null
}

/** The fields that every event may have, and the group names. Native fields come from `events.fields`. */
export const EVENT_FIELDS: readonly KnownField[] = [
  ...[...SYSTEM_FIELDS, ...CANONICAL_FIELDS].map(({ name, type, doc, ecs }) => ({
    name,
    type,
    doc,
    ecs,
    indexed: type !== 'text',
  })),
  ...Object.entries(FIELD_GROUPS).map(([name, members]) => ({
    name,
    type: 'group',
    doc: `${members.join(', ')}.`,
    indexed: true,
  })),
]

/** `EVENT_FIELDS` with what occurs in the store: counts, and native fields after them. */
export function withOccurring(
  occurring: readonly { readonly name: string; readonly type: string; readonly events: number }[],
): KnownField[] {
  const byName = new Map<string, KnownField>(EVENT_FIELDS.map((field) => [field.name, field]))
  for (const { name, type, events } of occurring) {
    const known = byName.get(name)
    byName.set(name, known ? { ...known, events } : { name, type, doc: '', indexed: type !== 'text', events })
  }
  return [...byName.values()]
}

export interface Suggestion {
  readonly kind: 'field' | 'keyword' | 'value' | 'time'
  /** What is shown; `matched` are its parts that the person typed. */
  readonly label: string
  readonly matched: { readonly start: number; readonly end: number } | null
  /** What replaces the text from `from` to `to`. */
  readonly insert: string
  readonly field: KnownField | null
  /** Events with this value, where that is known. */
  readonly count: number | null
}

export interface Completion {
  /** Part of the text that a suggestion replaces. */
  readonly from: number
  readonly to: number
  readonly suggestions: readonly Suggestion[]
  /** The field whose values are wanted here, so that a caller can fetch them. */
  readonly valuesOf: string | null
}

export interface KnownValue {
  readonly value: string
  readonly count: number
}

const LIMIT = 50
const RELATIVE_TIMES = ['now-15m', 'now-1h', 'now-4h', 'now-24h', 'now-7d', 'now']

/**
 * Suggestions for the caret's place (UTF-16 offset), best first, at most 50.
 * @param values known values of the field named by `valuesOf`, most frequent first
 */
export function complete(
  text: string,
  caret: number,
  fields: readonly KnownField[],
  values: readonly KnownValue[] = [],
): Completion {
  const tokens = tokensOf(text)
  let index = tokens.findIndex(
    (token) =>
      caret <= token.end &&
      caret > token.start &&
      token.kind !== 'open' &&
      token.kind !== 'rangeOpen' &&
      token.kind !== 'operator' &&
      token.kind !== 'minus',
  )
  let under = tokens[index]
  if (
    under?.kind === 'close' ||
    under?.kind === 'rangeClose' ||
    (under?.kind === 'quoted' && under.closed && caret === under.end)
  )
    under = undefined
  if (under === undefined) {
    const after = tokens.findIndex((token) => token.start >= caret)
    index = after < 0 ? tokens.length : after
  }
  const from = under?.start ?? caret
  const to = under?.end ?? caret
  const prefix = under === undefined ? '' : text.slice(from, caret)
  const before = tokens.slice(0, index)
  const scope = scopeOf(before)
  const done = (suggestions: Suggestion[], valuesOf: string | null = null): Completion => ({
    from,
    to,
    suggestions: suggestions.slice(0, LIMIT),
    valuesOf,
  })

  if (scope.kind === 'value') {
    const suggestions = valueSuggestions(scope.field, prefix, values, fields)
    if (scope.keyword !== null && under === undefined) return done([keyword(scope.keyword, '')], scope.field)
    return done(suggestions, scope.field)
  }
  if (under?.kind === 'quoted') return done([])
  const next = tokens[index + 1]
  const isField = next?.kind === 'operator' && under !== undefined
  const found = fieldSuggestions(prefix, fields, !isField)
  if (isField) return done(found)
  const continues = endsTerm(before.at(-1))
  const words = (continues ? ['and', 'or', 'not'] : ['not']).filter(
    (word) => word.startsWith(prefix.toLowerCase()) && word !== prefix.toLowerCase(),
  )
  return done(
    prefix === '' && continues
      ? [...words.map((word) => keyword(word, '')), ...found]
      : [...found, ...words.map((word) => keyword(word, prefix))],
  )
}

type Scope =
  | { readonly kind: 'term' }
  /** `keyword` is what must come before the next value: `or` in a list, `to` in a range. */
  | { readonly kind: 'value'; readonly field: string; readonly keyword: string | null }

/** Where in the query the caret is, from the tokens before it. */
function scopeOf(before: readonly Token[]): Scope {
  const last = before.at(-1)
  if (last?.kind === 'operator') return { kind: 'value', field: fieldBefore(before, before.length - 1), keyword: null }
  const closers: ('paren' | 'bracket')[] = []
  for (let at = before.length - 1; at >= 0; at--) {
    const token = before[at] as Token
    if (token.kind === 'close') closers.push('paren')
    else if (token.kind === 'rangeClose') closers.push('bracket')
    else if (token.kind === 'open' || token.kind === 'rangeOpen') {
      if (closers.pop() !== undefined) continue
      // Lists may hold ranges: the operator stands before the outermost.
      let outer = at
      while (outer > 0 && before[outer - 1]?.kind === 'open') outer--
      const owner =
        token.kind === 'rangeOpen' ? before.slice(0, at).findLastIndex((earlier) => earlier.kind === 'operator') : outer - 1
      if (before[owner]?.kind !== 'operator') return { kind: 'term' }
      const continues = last?.kind === 'value' || (last?.kind === 'quoted' && last.inValue) || last?.kind === 'rangeClose'
      const word = token.kind === 'rangeOpen' ? 'to' : 'or'
      return { kind: 'value', field: fieldBefore(before, owner), keyword: continues ? word : null }
    }
  }
  return { kind: 'term' }
}

/** The field's name before the operator at `index` (two operators may follow each other: `a:>5`). */
function fieldBefore(tokens: readonly Token[], index: number): string {
  let at = index
  while (tokens[at]?.kind === 'operator') at--
  const token = tokens[at]
  return token?.kind === 'word' || token?.kind === 'quoted' ? token.literal : ''
}

const endsTerm = (token: Token | undefined): boolean =>
  token?.kind === 'word' ||
  token?.kind === 'value' ||
  token?.kind === 'quoted' ||
  token?.kind === 'close' ||
  token?.kind === 'rangeClose'

const keyword = (word: string, prefix: string): Suggestion => ({
  kind: 'keyword',
  label: word,
  matched: prefix === '' ? null : { start: 0, end: prefix.length },
  insert: `${word} `,
  field: null,
  count: null,
})

function fieldSuggestions(prefix: string, fields: readonly KnownField[], colon: boolean): Suggestion[] {
  const typed = prefix.replace(/^"/, '').toLowerCase()
  const ranked: { rank: number; at: number; field: KnownField }[] = []
  for (const field of fields) {
    const name = field.name.toLowerCase()
    const at = name.indexOf(typed)
    const rank =
      at === 0
        ? 0
        : at > 0 && /[._@/-]/.test(name[at - 1] as string)
          ? 1
          : at > 0
            ? 2
            : field.ecs?.toLowerCase().startsWith(typed)
              ? 3
              : undefined
    if (rank !== undefined) ranked.push({ rank, at, field })
  }
  ranked.sort(
    (a, b) =>
      a.rank - b.rank ||
      (b.field.events ?? 0) - (a.field.events ?? 0) ||
      (typed === '' ? 0 : a.field.name < b.field.name ? -1 : 1),
  )
  return ranked.slice(0, LIMIT).map(({ at, field }) => ({
    kind: 'field',
    label: field.name,
    matched: typed === '' || at < 0 ? null : { start: at, end: at + typed.length },
    insert: writeField(field.name) + (colon ? ':' : ''),
    field,
    count: field.events ?? null,
  }))
}

function valueSuggestions(
  field: string,
  prefix: string,
  values: readonly KnownValue[],
  fields: readonly KnownField[],
): Suggestion[] {
  const typed = prefix.replace(/^"/, '').toLowerCase()
  const type = fields.find((known) => known.name === field)?.type ?? definitionOf(field)?.type
  const suggestions: Suggestion[] = []
  const add = (kind: 'value' | 'time', label: string, insert: string, count: number | null): void => {
    const at = label.toLowerCase().indexOf(typed)
    if (at < 0) return
    suggestions.push({
      kind,
      label,
      matched: typed === '' ? null : { start: at, end: at + typed.length },
      insert,
      field: null,
      count,
    })
  }
  if (type === 'time') for (const time of RELATIVE_TIMES) add('time', time, time, null)
  else for (const { value, count } of values) add('value', value, writeValue(value), count)
  // What is typed already needs no suggestion.
  return suggestions.filter((suggestion) => suggestion.insert !== prefix)
}
