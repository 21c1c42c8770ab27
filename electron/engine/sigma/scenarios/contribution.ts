/** From an event that a rule matched to what it means for a scenario: which groups it belongs to, and what is judged of it. */
import type { Text } from '../compile/row-view.ts'
import type { Entry } from './judging.ts'
import type { ScenarioPlan } from './scenario.ts'

/** Text of a field, a list where it has several values; undefined where it has none. */
export type ReadField = (field: string) => Text | undefined

export interface Contribution {
  /** Values of the plan's `groupBy`, as the event spells them. */
  readonly group: readonly string[]
  readonly value: Entry['value']
}

/** An event with lists in its group fields belongs to so many groups at most. */
const MOST_GROUPS = 64
/** Of a value that tells groups or counts apart, characters. */
const LONGEST = 1024
/** Of numbers: their sums stay finite, however many they are. */
const LARGEST = 1e100

/**
 * None where a group field or the value that is judged is missing. An event with a list in a group field belongs to each of its
 * values' groups; with a list in a counted field each value counts.
 */
export function contributions(plan: ScenarioPlan, step: number, read: ReadField): Contribution[] {
  const fields = plan.steps[step]?.fields
  if (fields === undefined) return []
  const groups = distinct(combinations(fields.slice(0, plan.groupBy.length).map((field) => textsOf(read(field)))), groupKey)
  if (groups.length === 0) return []
  const values = valuesOf(plan, fields.slice(plan.groupBy.length, plan.groupBy.length + plan.values), read)
  return groups.flatMap((group) => values.map((value) => ({ group, value })))
}

/** What is equal but for case is one group. */
export const groupKey = (group: readonly string[]): string => JSON.stringify(group.map((value) => value.toLowerCase()))

function valuesOf(plan: ScenarioPlan, fields: readonly string[], read: ReadField): Entry['value'][] {
  if (plan.values === 0) return [null]
  if (plan.judge.by === 'distinct')
    return distinct(
      combinations(fields.map((field) => textsOf(read(field)))).map((values) =>
        values.length === 1 ? values[0]!.toLowerCase() : JSON.stringify(values.map((value) => value.toLowerCase())),
      ),
    )
  const negative = plan.window !== 'sliding'
  return distinct(
    textsOf(read(fields[0]!)).flatMap((text) => {
      const value = numberOf(text)
      // What slides must only grow, or it would depend on the order in which events arrive.
      return value === null ? [] : [negative ? value : Math.max(0, value)]
    }),
  )
}

/** Each once: the first of those with one key. */
function distinct<T>(all: T[], keyOf: (one: T) => unknown = (one) => one): T[] {
  if (all.length < 2) return all
  const seen = new Set<unknown>()
  return all.filter((one) => {
    const key = keyOf(one)
    if (seen.has(key)) return false
    seen.add(key)
    return true
  })
}

const cut = (text: string): string => (text.length > LONGEST ? text.slice(0, LONGEST) : text)

function textsOf(value: Text | undefined): readonly string[] {
  if (value === undefined || value === '') return []
  if (typeof value === 'string') return [cut(value)]
  return [...new Set(value.filter((text) => text !== '').map(cut))]
}

function combinations(lists: readonly (readonly string[])[]): string[][] {
  // Mostly each field has one value.
  if (lists.every(({ length }) => length === 1)) return [lists.map((list) => list[0]!)]
  let all: string[][] = [[]]
  for (const list of lists) all = all.flatMap((head) => list.map((value) => [...head, value])).slice(0, MOST_GROUPS)
  return all
}

/** Decimal, or hexadecimal as Windows prints it. */
function numberOf(text: string): number | null {
  if (!/^\s*(?:[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|0[xX][0-9a-fA-F]{1,13})\s*$/.test(text)) return null
  const value = Number(text)
  return Math.abs(value) <= LARGEST ? value : null
}
