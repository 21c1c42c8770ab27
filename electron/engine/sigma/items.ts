/** Search identifiers of a rule: YAML nodes → expressions. Specification: Sigma rules, "Detection". */
import { isMap, isScalar, isSeq, type Node, type Pair, type Scalar } from 'yaml'
import type { Expression, Item, ItemValue } from './detection.ts'
import { asText, type ModifierDefinition, type SigmaValue } from './modifiers/define.ts'
import { modifiersByName } from './modifiers/registry.ts'
import { listsIn, plainPercents } from './placeholders/placeholder-text.ts'
import { parsePattern } from './text-pattern.ts'
import { modified, testOf, typeName } from './value-test.ts'
import { Aliases, type Position, type YamlSource } from './yaml-source.ts'

const MAX_VALUES = 20_000
const MAX_MODIFIERS = 16
/** Compiling one may take a third of a second. */
const MAX_REGEXES = 500

/** Reads the searches of one rule; problems are collected, in `report` (errors) and `note` (the rule loads all the same). */
export class ItemReader {
  readonly #aliases: Aliases
  readonly #lineOf: (offset: number) => number
  readonly #report: (offset: number, message: string) => void
  readonly #note: (offset: number, message: string) => void
  readonly #position: (offset: number) => Position
  readonly #lists = new Set<string>()
  #values = 0
  #regexes = 0

  /** `lineOf`: offset in the document → line in the rule's text. */
  constructor(
    source: YamlSource,
    lineOf: (offset: number) => number,
    report: (offset: number, message: string) => void,
    note: (offset: number, message: string) => void,
  ) {
    this.#lineOf = lineOf
    this.#position = source.position
    this.#aliases = new Aliases(source.document)
    this.#report = report
    this.#note = note
  }

  /** Names of the lists whose values are asked for. */
  get lists(): readonly string[] {
    return [...this.#lists]
  }

  /** The expression of a search identifier, or null where a problem was reported. */
  search(name: string, node: unknown, at: number): Expression | null {
    const found = this.#resolve(node, at)
    if (found === null) return null
    if (isMap(found)) return this.#map(name, found.items, startOf(found, at))
    if (isSeq(found)) return this.#list(name, found.items, startOf(found, at))
    if (isScalar(found) && found.value !== null) return this.#keywords(name, [{ node: found, path: name }], at)
    this.#report(startOf(found, at), `"${name}" is empty`)
    return null
  }

  #list(name: string, nodes: readonly unknown[], at: number): Expression | null {
    const of: Expression[] = []
    const words: { node: unknown; path: string }[] = []
    let whole = true
    nodes.forEach((node, index) => {
      const path = `${name}[${index}]`
      const found = this.#resolve(node, at)
      if (found === null) whole = false
      else if (isMap(found)) {
        const map = this.#map(path, found.items, startOf(found, at))
        if (map === null) whole = false
        else of.push(map)
      } else if (isScalar(found)) words.push({ node: found, path })
      else {
        this.#report(startOf(found, at), 'expected a map or a keyword')
        whole = false
      }
    })
    if (words.length > 0) {
      const keywords = this.#keywords(name, words, at)
      if (keywords === null) whole = false
      else of.push(keywords)
    }
    if (!whole) return null
    if (of.length === 0) {
      this.#report(at, `"${name}" is empty`)
      return null
    }
    return of.length === 1 ? of[0]! : { op: 'or', of }
  }

  #map(name: string, pairs: readonly Pair<unknown, unknown>[], at: number): Expression | null {
    const of: Expression[] = []
    let whole = pairs.length > 0
    if (!whole) this.#report(at, `"${name}" is empty`)
    for (const { key, value } of pairs) {
      const keyAt = startOf(key, at)
      if (!isScalar(key)) {
        this.#report(keyAt, 'the name of a field must be text')
        whole = false
        continue
      }
      const item = this.#item(name, String(key.value), value, keyAt)
      if (item === null) whole = false
      else of.push({ op: 'item', item })
    }
    if (!whole) return null
    return of.length === 1 ? of[0]! : { op: 'and', of }
  }

  #keywords(name: string, words: readonly { node: unknown; path: string }[], at: number): Expression | null {
    const item = this.#read(null, [], words, at, name)
    return item === null ? null : { op: 'item', item }
  }

  #item(name: string, key: string, node: unknown, at: number): Item | null {
    const [field = '', ...modifiers] = key.split('|')
    const path = `${name}.${key}`
    if (key === '<<') {
      this.#report(at, 'merge keys (<<) are not supported')
      return null
    }
    if (modifiers.length > MAX_MODIFIERS) {
      this.#report(at, `more than ${MAX_MODIFIERS} modifiers`)
      return null
    }
    const found = this.#resolve(node, at, true)
    if (found === null) return null
    if (isMap(found)) {
      this.#report(startOf(found, at), `the value of "${key}" must be a value or a list of values`)
      return null
    }
    if (isSeq(found) && found.items.length === 0) {
      this.#report(startOf(found, at), `"${key}" has no values`)
      return null
    }
    const nodes = isSeq(found)
      ? found.items.map((item, index) => ({ node: item, path: `${path}[${index}]` }))
      : [{ node: found, path }]
    return this.#read(field === '' ? null : field, modifiers, nodes, at, key)
  }

  #read(
    field: string | null,
    names: readonly string[],
    nodes: readonly { node: unknown; path: string }[],
    at: number,
    key: string,
  ): Item | null {
    const chain: ModifierDefinition[] = []
    for (const name of names) {
      const modifier = modifiersByName.get(name)
      if (modifier === undefined) {
        this.#report(at, `there is no modifier "${name}"`)
        return null
      }
      chain.push(modifier)
    }
    this.#values += nodes.length
    if (names.includes('re')) this.#regexes += nodes.length
    if (this.#regexes > MAX_REGEXES) {
      this.#report(at, `more than ${MAX_REGEXES} regular expressions`)
      return null
    }
    if (this.#values > MAX_VALUES) {
      this.#report(at, `more than ${MAX_VALUES} values`)
      return null
    }
    const fills = chain.some((modifier) => modifier.item === 'fill')
    const rest = names.filter((_, i) => chain[i]!.item !== 'fill')
    const values: ItemValue[] = []
    let whole = true
    const wrong = (offset: number, message: string): void => {
      this.#report(offset, message)
      whole = false
    }
    for (const { node, path } of nodes) {
      const found = this.#resolve(node, at, true)
      if (found === null) {
        whole = false
        continue
      }
      const valueAt = startOf(found, at)
      const start = found === undefined ? { type: 'null' as const } : isScalar(found) ? scalarValue(found) : null
      if (start === null) {
        wrong(valueAt, `a value of "${key}" must be text, a number, true, false or null`)
        continue
      }
      const line = this.#lineOf(valueAt)
      let value: SigmaValue = start
      if (fills && start.type === 'text') {
        const lists = listsIn(start.source)
        if (lists.length > 0) {
          for (const list of lists) this.#lists.add(list)
          const placeholder = { text: start.source, modifiers: rest, ...this.#position(valueAt) }
          values.push({ test: { kind: 'never', placeholder }, path, line })
          continue
        }
        const source = plainPercents(start.source)
        value = { ...start, source, parts: parsePattern(source) }
      } else if (fills && start.type !== 'number') {
        wrong(valueAt, `expand cannot be applied to ${typeName(start)}`)
        continue
      }
      const done = modified(value, rest, field)
      if (typeof done === 'string') wrong(valueAt, done)
      else
        for (const one of done) {
          const { test, note } = testOf(one, field)
          if (note !== null) this.#note(valueAt, note)
          values.push({ test, path, line })
        }
    }
    if (!whole) return null
    return {
      field,
      join: chain.some((modifier) => modifier.item === 'all') ? 'all' : 'any',
      negate: chain.some((modifier) => modifier.item === 'negate'),
      values,
    }
  }

  /** Null where a problem was reported; `undefined` and null nodes are a YAML null, where that is `allowed`. */
  #resolve(node: unknown, at: number, nullable = false): Node | null | undefined {
    const found = this.#aliases.resolve(node)
    if (found === 'too_many') {
      this.#report(at, 'too many aliases')
      return null
    }
    if (found === null || found === undefined) {
      if (nullable) return undefined
      this.#report(startOf(node, at), 'this is empty')
      return null
    }
    return found
  }
}

function scalarValue({ value, source }: Scalar): SigmaValue | null {
  switch (typeof value) {
    case 'string':
      return { type: 'text', parts: parsePattern(value), source: value, cased: false, bytes: false }
    case 'number':
      // Digits that a double cannot hold are kept as they were written.
      return Number.isFinite(value)
        ? {
            type: 'number',
            value,
            text: Number.isSafeInteger(value) || source === undefined || !/^[-+]?\d+$/.test(source) ? String(value) : source,
            unit: null,
          }
        : asText({ type: 'text', parts: [source ?? String(value)], source: source ?? String(value), cased: false, bytes: false })
    case 'bigint':
      return { type: 'number', value: Number(value), text: String(value), unit: null }
    case 'boolean':
      return { type: 'boolean', value }
    default:
      return value === null || value === undefined ? { type: 'null' } : null
  }
}

/** Offset of a node in its text; `fallback` where it has none. */
export function startOf(node: unknown, fallback: number): number {
  const range = (node as { range?: readonly number[] | null } | null | undefined)?.range
  return range?.[0] ?? fallback
}
