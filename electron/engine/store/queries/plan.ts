/** A query made ready for blocks: names resolved to columns, values to tests, times to microseconds. */
import type { FieldTest, QueryNode } from '../../../../shared/query/ast.ts'
import { timeSpan } from '../../../../shared/query/times.ts'
import { isoFromMicros } from '../../../../shared/model/time.ts'
import { resolveField } from './field-names.ts'
import type { Aliases } from './field-names.ts'
import { containsTest, testOf, wildcardTest } from './value-test.ts'
import type { ValueTest } from './value-test.ts'

export type Plan =
  | { readonly kind: 'all' | 'none' }
  | { readonly kind: 'and' | 'or'; readonly items: readonly Plan[] }
  | { readonly kind: 'not'; readonly item: Plan }
  | { readonly kind: 'exists'; readonly columns: readonly string[] }
  | { readonly kind: 'columns'; readonly columns: readonly string[]; readonly test: ValueTest }
  /** Any field of the record, or its type. */
  | { readonly kind: 'anything'; readonly test: ValueTest }
  /** Numbers that every event has; both ends included. */
  | {
      readonly kind: 'system'
      readonly of: 'id' | 'time' | 'received'
      readonly from: number
      readonly to: number
      readonly test: ((value: number) => boolean) | null
    }

/** `now` in microseconds, for `now-4h`. */
export function planOf(node: QueryNode, aliases: Aliases, now: number): Plan {
  switch (node.kind) {
    case 'all':
      return { kind: 'all' }
    case 'and':
    case 'or': {
      const items = node.items.map((item) => planOf(item, aliases, now))
      const neutral = node.kind === 'and' ? 'all' : 'none'
      const ruling = node.kind === 'and' ? 'none' : 'all'
      if (items.some((item) => item.kind === ruling)) return { kind: ruling }
      const left = items.filter((item) => item.kind !== neutral).sort((a, b) => cost(a) - cost(b))
      return left.length === 0 ? { kind: neutral } : left.length === 1 ? left[0]! : { kind: node.kind, items: left }
    }
    case 'not': {
      const item = planOf(node.item, aliases, now)
      return item.kind === 'all'
        ? { kind: 'none' }
        : item.kind === 'none'
          ? { kind: 'all' }
          : item.kind === 'not'
            ? item.item
            : { kind: 'not', item }
    }
    case 'text':
      return { kind: 'anything', test: containsTest(node.text, node.wildcard) }
    case 'field': {
      const named = resolveField(node.field, aliases)
      if ('system' in named) return systemPlan(named.system, node.test, now)
      const test = testOf(node.test)
      return test ? { kind: 'columns', columns: named.columns, test } : { kind: 'exists', columns: named.columns }
    }
  }
}

/** What is cheap, and likely to leave little, is asked first. */
function cost(plan: Plan): number {
  switch (plan.kind) {
    case 'all':
    case 'none':
      return 0
    case 'system':
      return plan.test ? 6 : 1
    case 'exists':
      return 2
    case 'columns':
      return plan.test.equals ? 3 : plan.test.bounds?.exact || plan.test.addresses ? 4 : 5
    case 'not':
      return cost(plan.item) + 0.5
    case 'and':
    case 'or':
      return Math.max(...plan.items.map(cost)) + 1
    case 'anything':
      return 20
  }
}

function systemPlan(of: 'id' | 'time' | 'received', test: FieldTest, now: number): Plan {
  const within = (from: number, to: number): Plan => (from > to ? { kind: 'none' } : { kind: 'system', of, from, to, test: null })
  const span = (text: string): { from: number; to: number } | undefined => {
    if (of !== 'id') return timeSpan(text, now)
    return /^\d{1,16}$/.test(text) ? { from: Number(text), to: Number(text) + 1 } : undefined
  }
  switch (test.op) {
    case 'exists':
      return { kind: 'all' }
    case 'cidr':
      return { kind: 'none' }
    case 'wildcard': {
      const pattern = wildcardTest(test.pattern)
      return {
        kind: 'system',
        of,
        from: -Infinity,
        to: Infinity,
        test: of === 'id' ? (n) => pattern.text(String(n)) : (n) => pattern.text(isoFromMicros(n).toLowerCase()),
      }
    }
    case 'range': {
      const from = test.from === null ? { from: -Infinity } : span(test.from)
      const to = test.to === null ? { to: Infinity } : span(test.to)
      return from && to ? within(from.from, to.to - 1) : { kind: 'none' }
    }
    default: {
      const value = span(test.value)
      if (!value) return { kind: 'none' }
      switch (test.op) {
        case 'equals':
          return within(value.from, value.to - 1)
        case 'lt':
          return within(-Infinity, value.from - 1)
        case 'lte':
          return within(-Infinity, value.to - 1)
        case 'gt':
          return within(value.to, Infinity)
        case 'gte':
          return within(value.from, Infinity)
      }
    }
  }
}

/** Bounds on a system number that every event that fits lies within; both ends included. */
export function boundsOf(plan: Plan, of: 'id' | 'time'): { from: number; to: number } {
  const all = { from: -Infinity, to: Infinity }
  switch (plan.kind) {
    case 'system':
      return plan.of === of ? { from: plan.from, to: plan.to } : all
    case 'and':
      return plan.items
        .map((item) => boundsOf(item, of))
        .reduce((a, b) => ({ from: Math.max(a.from, b.from), to: Math.min(a.to, b.to) }), all)
    case 'or':
      return plan.items
        .map((item) => boundsOf(item, of))
        .reduce((a, b) => ({ from: Math.min(a.from, b.from), to: Math.max(a.to, b.to) }))
    case 'none':
      return { from: Infinity, to: -Infinity }
    default:
      return all
  }
}
