/** The `correlation` section of a document. Specification: Sigma correlation rules 2.1. */
import { isMap, isNode, isScalar, isSeq, type Node, type YAMLMap } from 'yaml'
import { parseCondition } from '../condition.ts'
import type { Expression } from '../detection.ts'
import { startOf } from '../items.ts'
import type { Aliases } from '../yaml-source.ts'
import { MIN_HISTORY } from './find-matches.ts'
import {
  BOUNDS,
  CORRELATION_TYPES,
  type Bounds,
  type Correlation,
  type CorrelationPlaces,
  type CorrelationType,
} from './scenario.ts'

const MOST_RULES = 100
const MOST_GROUPS = 16
const MOST_ALIASES = 64
const LONGEST = 400 * 86_400_000_000
const UNITS: Readonly<Record<string, number>> = {
  s: 1e6,
  m: 60e6,
  h: 3600e6,
  d: 86_400e6,
  w: 604_800e6,
  // A twelfth of a mean year, and one, as pySigma has them.
  M: 2_629_746e6,
  y: 31_556_952e6,
}
const KEYS = ['type', 'rules', 'group-by', 'aliases', 'timespan', 'condition', 'generate']

type Condition = Pick<Correlation, 'condition' | 'fields' | 'percentile' | 'period' | 'baseline'>
const NO_VALUES = { fields: [], percentile: 50, period: null, baseline: null }

/** Of a span as it is written; 0 where it is none. */
function micros(span: string): number {
  const match = /^(\d{1,9})([smhdwMy])$/.exec(span)
  return match === null ? 0 : Number(match[1]) * (UNITS[match[2]!] ?? 0)
}

/** Where errors go: `offset` in the document. */
export interface Reports {
  error(offset: number, message: string): void
  note(offset: number, message: string): void
}

export interface ReadCorrelation {
  readonly correlation: Correlation
  /** Offsets in the document: for what is found when references are followed. */
  readonly places: CorrelationPlaces<number>
}

/** Null where something was reported as an error. `start`: where the document begins. */
export function readCorrelation(root: YAMLMap, aliases: Aliases, reports: Reports, start: number): ReadCorrelation | null {
  return new CorrelationReader(aliases, reports).read(root, start)
}

class CorrelationReader {
  readonly #aliases: Aliases
  readonly #reports: Reports
  #failed = false
  #rulesAt: readonly number[] = []
  readonly #aliasesAt: { readonly rule: string; readonly at: number }[] = []

  constructor(aliases: Aliases, reports: Reports) {
    this.#aliases = aliases
    this.#reports = reports
  }

  #error(offset: number, message: string): null {
    this.#failed = true
    this.#reports.error(offset, message)
    return null
  }

  read(root: YAMLMap, start: number): ReadCorrelation | null {
    const at = keyAt(root, 'correlation', start)
    const section = this.#node(root.get('correlation', true), at)
    if (!isMap(section)) return this.#error(at, 'correlation is a map of type, rules, group-by, timespan and condition')
    for (const { key } of section.items) {
      const name = isScalar(key) ? String(key.value) : ''
      if (!KEYS.includes(name)) this.#reports.note(startOf(key, at), `correlation.${name} is not part of Sigma: left out`)
    }
    const type = this.#type(section, at)
    const conditionNode = this.#node(section.get('condition', true), at)
    const conditionAt = keyAt(section, 'condition', at)
    const rules = this.#rules(section, at, type, conditionNode)
    const groupBy = this.#fields(section, 'group-by', at)
    const named = this.#namedFields(section, rules, at)
    const timespan = this.#timespan(section, at)
    const generate = this.#generate(section, root, at)
    if (type === null || rules === null || groupBy === null || named === null || timespan === null) return null
    const condition = this.#condition(type, conditionNode, conditionAt, rules)
    if (this.#failed || condition === null) return null
    for (const alias of Object.keys(named))
      if (!groupBy.includes(alias) && !condition.fields.includes(alias))
        this.#reports.note(keyAt(section, 'aliases', at), `the alias ${alias} is not used`)
    return {
      correlation: { type, rules, groupBy, aliases: named, ...timespan, ...condition, generate },
      places: {
        list: keyAt(section, 'rules', at),
        rules: this.#rulesAt,
        aliases: this.#aliasesAt,
        // Words are pointed at themselves, bounds by the key above them, as where they are read.
        condition: isScalar(conditionNode) ? startOf(conditionNode, conditionAt) : conditionAt,
      },
    }
  }

  #node(node: unknown, at: number): Node | null {
    const found = this.#aliases.resolve(node)
    if (found === 'too_many') return this.#error(at, 'too many aliases')
    return found ?? null
  }

  #type(section: YAMLMap, at: number): CorrelationType | null {
    const text = this.#text(section, 'type', at)
    if (text === null) return null
    const type = CORRELATION_TYPES.find((one) => one === text.toLowerCase())
    return type ?? this.#error(keyAt(section, 'type', at), `type must be one of ${CORRELATION_TYPES.join(', ')}`)
  }

  #rules(section: YAMLMap, at: number, type: CorrelationType | null, condition: Node | null): string[] | null {
    const offset = keyAt(section, 'rules', at)
    const temporal = type === 'temporal' || type === 'temporal_ordered'
    if (!section.has('rules') && temporal && isScalar(condition) && typeof condition.value === 'string') {
      // pySigma takes the names that the condition speaks of.
      const names = new Map<string, number>()
      for (const { 0: word, index } of condition.value.matchAll(/[\w.-]+/g))
        if (!/^(?:and|or|not|of|all|any|\d+)$/i.test(word) && !names.has(word))
          names.set(word, startOf(condition, offset) + insideScalar(condition, index))
      if (names.size > MOST_RULES)
        return this.#error(startOf(condition, offset), `the condition names more than ${MOST_RULES} rules`)
      this.#rulesAt = [...names.values()]
      return names.size === 0 ? this.#error(offset, 'rules is missing') : [...names.keys()]
    }
    const found = this.#placedTexts(section, 'rules', at, MOST_RULES)
    const rules = found === null ? null : found.map(({ text }) => text)
    this.#rulesAt = found?.map(({ at: place }) => place) ?? []
    if (rules === null) return null
    if (rules.length === 0) return this.#error(offset, 'rules is missing: ids or names of the rules that are correlated')
    const twice = rules.findIndex((rule, i) => rules.indexOf(rule) !== i)
    return twice < 0 ? rules : this.#error(this.#rulesAt[twice]!, `the rule ${rules[twice]!} is named twice`)
  }

  /** One text or a list of them; none is an empty list. */
  #texts(section: YAMLMap, key: string, at: number, most: number): string[] | null {
    return this.#placedTexts(section, key, at, most)?.map(({ text }) => text) ?? null
  }

  #placedTexts(section: YAMLMap, key: string, at: number, most: number): { text: string; at: number }[] | null {
    const offset = keyAt(section, key, at)
    const node = this.#node(section.get(key, true), offset)
    if (node === null) return []
    const items: unknown[] = isSeq(node) ? node.items : [node]
    if (items.length > most) return this.#error(offset, `${key}: more than ${most}`)
    const found: { text: string; at: number }[] = []
    for (const item of items) {
      const text = plain(this.#node(item, offset))
      if (text === null) return this.#error(startOf(item, offset), `${key}: expected a text`)
      found.push({ text, at: startOf(item, offset) })
    }
    return found
  }

  /** Names of fields, each once. */
  #fields(section: YAMLMap, key: string, at: number): string[] | null {
    const fields = this.#texts(section, key, at, MOST_GROUPS)
    const twice = fields?.find((field, i) => fields.indexOf(field) !== i)
    return twice === undefined ? fields : this.#error(keyAt(section, key, at), `${key}: ${twice} is named twice`)
  }

  #text(section: YAMLMap, key: string, at: number): string | null {
    const offset = keyAt(section, key, at)
    const text = plain(this.#node(section.get(key, true), offset))
    return text ?? this.#error(offset, section.has(key) ? `${key}: expected a text` : `${key} is missing`)
  }

  #namedFields(section: YAMLMap, rules: readonly string[] | null, at: number): Correlation['aliases'] | null {
    const offset = keyAt(section, 'aliases', at)
    const node = this.#node(section.get('aliases', true), offset)
    const named: Record<string, Record<string, string>> = Object.create(null) as Record<string, Record<string, string>>
    if (node === null) return named
    if (!isMap(node)) return this.#error(offset, 'aliases is a map of alias names, each of them a map of rule and field')
    if (node.items.length > MOST_ALIASES) return this.#error(offset, `more than ${MOST_ALIASES} aliases`)
    for (const { key, value } of node.items) {
      const alias = plain(key)
      const fields = this.#node(value, offset)
      if (alias === null || !isMap(fields)) return this.#error(startOf(key, offset), 'an alias is a map of rule and field')
      const own: Record<string, string> = Object.create(null) as Record<string, string>
      for (const pair of fields.items) {
        const rule = plain(pair.key)
        const field = plain(this.#node(pair.value, offset))
        if (rule === null || field === null) return this.#error(startOf(pair.key, offset), 'expected a rule and its field')
        own[rule] = field
        this.#aliasesAt.push({ rule, at: startOf(pair.key, offset) })
        if (fields.items.length > MOST_RULES)
          return this.#error(startOf(pair.key, offset), `an alias of more than ${MOST_RULES} rules`)
      }
      const missing = rules?.filter((rule) => own[rule] === undefined) ?? []
      // One may be in the list by its id and here by its name: what that means is seen when references are followed.
      if (missing.length > 0 && rules !== null && Object.keys(own).every((rule) => rules.includes(rule)))
        this.#reports.note(
          startOf(key, offset),
          `the alias ${alias} says nothing of ${missing.join(', ')}: read as the field ${alias}`,
        )
      named[alias] = own
    }
    return named
  }

  #timespan(section: YAMLMap, at: number): { timespan: number; span: string } | null {
    const offset = keyAt(section, 'timespan', at)
    const span = this.#text(section, 'timespan', at)
    if (span === null) return null
    const timespan = micros(span)
    if (timespan === 0)
      return this.#error(offset, 'timespan is a number above 0 and one of s, m, h, d (also w, M, y): for example 90m')
    return timespan > LONGEST ? this.#error(offset, 'the timespan is longer than 400 days') : { timespan, span }
  }

  #generate(section: YAMLMap, root: YAMLMap, at: number): boolean {
    // The specification lists it beside level, pySigma inside correlation.
    const holder = section.has('generate') ? section : root
    const value = holder.get('generate')
    if (value === undefined || value === null) return false
    if (typeof value !== 'boolean') this.#error(keyAt(holder, 'generate', at), 'generate is true or false')
    return value === true
  }

  #condition(type: CorrelationType, node: Node | null, at: number, rules: readonly string[]): Condition | null {
    const temporal = type === 'temporal' || type === 'temporal_ordered'
    if (node === null)
      return temporal ? { ...NO_VALUES, condition: null } : this.#error(at, 'condition is missing: for example gte: 10')
    if (isScalar(node) && typeof node.value === 'string') {
      if (!temporal) return this.#error(at, 'a condition in words is for temporal and temporal_ordered only')
      const parsed = parseCondition(node.value, rules)
      if (!parsed.ok) {
        return this.#error(
          startOf(node, at) + insideScalar(node, parsed.error.offset),
          parsed.error.message.replace('search identifier', 'rule'),
        )
      }
      const unused = rules.filter((_, i) => !speaksOf(parsed.expression, i))
      if (unused.length > 0) return this.#error(startOf(node, at), `the condition says nothing of ${unused.join(', ')}`)
      return { ...NO_VALUES, condition: { expression: parsed.expression } }
    }
    if (!isMap(node)) return this.#error(at, 'condition is a map, for example gte: 10')
    return this.#bounds(type, node, at)
  }

  #bounds(type: CorrelationType, node: YAMLMap, at: number): Condition | null {
    const bounds: Bounds = {}
    let fields: string[] = []
    let percentile = 50
    const period = { shortest: 1e6, longest: Infinity, jitter: 20 }
    const baseline = { factor: 0, windows: 7 }
    const counts = type === 'event_count' || type === 'event_period' || type === 'value_count' || type.startsWith('temporal')
    for (const { key, value } of node.items) {
      const offset = startOf(key, at)
      const name = plain(key) ?? ''
      const found = this.#node(value, offset)
      if (name === 'field') {
        const texts = this.#fields(node, 'field', at)
        if (texts === null) return null
        fields = texts
      } else if (name === 'percentile') {
        const number = numberIn(found)
        if (type !== 'value_percentile') return this.#error(offset, 'percentile is for value_percentile only')
        if (!(number > 0 && number <= 100)) return this.#error(offset, 'percentile is above 0 and at most 100')
        percentile = number
      } else if (name === 'shortest' || name === 'longest') {
        const span = micros(plain(found) ?? '')
        if (type !== 'event_period') return this.#error(offset, `${name} is for event_period only`)
        if (span === 0) return this.#error(offset, `${name} is a number above 0 and one of s, m, h, d`)
        period[name] = span
      } else if (name === 'jitter' || name === 'factor' || name === 'windows') {
        const number = numberIn(found)
        if ((name === 'jitter') !== (type === 'event_period') || (name !== 'jitter' && type !== 'value_baseline'))
          return this.#error(offset, `${name} is for ${name === 'jitter' ? 'event_period' : 'value_baseline'} only`)
        if (!(number >= 0 && number <= 1000)) return this.#error(offset, `${name} is at least 0 and at most 1000`)
        if (name === 'jitter') period.jitter = number
        else if (name === 'factor') baseline.factor = number
        else if (Number.isInteger(number) && number >= MIN_HISTORY && number <= 60) baseline.windows = number
        else return this.#error(offset, `windows is a whole number from ${MIN_HISTORY} to 60`)
      } else {
        const bound = BOUNDS.find((one) => one === name)
        if (bound === undefined) return this.#error(offset, `condition.${name} is none of ${BOUNDS.join(', ')}, field`)
        const number = numberIn(found)
        if (!Number.isFinite(number)) return this.#error(offset, `${name}: expected a number`)
        if (counts && (!Number.isSafeInteger(number) || number < 0))
          return this.#error(offset, `${name}: expected a whole number`)
        bounds[bound] = number
      }
    }
    const values = type.startsWith('value_')
    if (Object.keys(bounds).length === 0) return this.#error(at, `condition needs one of ${BOUNDS.join(', ')}`)
    if (values && fields.length === 0) return this.#error(at, `${type} needs condition.field`)
    if (!values && fields.length > 0) return this.#error(at, `field has no meaning for ${type}`)
    if (fields.length > 1 && type !== 'value_count') return this.#error(at, `${type} takes one field`)
    if (period.shortest > period.longest) return this.#error(at, 'shortest is longer than longest')
    if (type === 'value_baseline' && !(baseline.factor > 1))
      return this.#error(at, 'value_baseline needs condition.factor above 1')
    return {
      condition: { bounds },
      fields,
      percentile,
      period: type === 'event_period' ? period : null,
      baseline: type === 'value_baseline' ? baseline : null,
    }
  }
}

/** How far from its beginning a character of a scalar's text stands: exact where it is written on one line as it is. */
function insideScalar({ type }: { readonly type?: string | undefined }, offset: number): number {
  return type === 'PLAIN' ? offset : type?.startsWith('QUOTE') === true ? offset + 1 : 0
}

function speaksOf(expression: Expression, index: number): boolean {
  switch (expression.op) {
    case 'search':
      return expression.search === index
    case 'item':
      return false
    case 'not':
      return speaksOf(expression.of, index)
    default:
      return expression.of.some((one) => speaksOf(one, index))
  }
}

/** NaN where it is none. */
function numberIn(node: unknown): number {
  const text = plain(node)
  return text === null ? NaN : Number(text)
}

/** Text of a scalar; null where it is none. */
function plain(node: unknown): string | null {
  if (!isScalar(node)) return null
  const { value } = node
  const text = typeof value === 'string' || typeof value === 'number' ? String(value).trim() : ''
  return text === '' || text.length > 256 ? null : text
}

function keyAt(map: YAMLMap, key: string, fallback: number): number {
  const pair = map.items.find((item) => isScalar(item.key) && item.key.value === key)
  return pair === undefined ? (isNode(map) ? startOf(map, fallback) : fallback) : startOf(pair.key, fallback)
}
