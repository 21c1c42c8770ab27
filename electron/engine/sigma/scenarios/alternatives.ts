/** A condition in words → alternatives: what must be there together, and what must not. Bounded: conditions are foreign. */
import type { Expression } from '../detection.ts'
import type { Alternative } from './scenario.ts'

const MOST = 64

/** Why a condition cannot be judged. */
export type Alternatives =
  { readonly ok: true; readonly of: readonly Alternative[] } | { readonly ok: false; readonly message: string }

/** Thrown inside, never out of this file. */
class TooMany extends Error {}

/** Steps are named in the order in which the condition names them. */
export function alternativesOf(expression: Expression): Alternatives {
  try {
    const all = expand(expression, false).filter((one) => one.with.every((step) => !one.without.includes(step)))
    if (all.length === 0) return { ok: false, message: 'the condition can never hold' }
    if (all.some((one) => one.with.length === 0))
      return { ok: false, message: 'the condition must name a rule that occurs: what never happens is never noticed' }
    return { ok: true, of: all }
  } catch (error) {
    if (error instanceof TooMany) return { ok: false, message: `the condition has more than ${MOST} alternatives` }
    throw error
  }
}

function expand(expression: Expression, negated: boolean): Alternative[] {
  switch (expression.op) {
    case 'search':
      return [negated ? { with: [], without: [expression.search] } : { with: [expression.search], without: [] }]
    case 'not':
      return expand(expression.of, !negated)
    case 'and':
      return negated ? either(expression.of, true) : both(expression.of, false)
    case 'or':
      return negated ? both(expression.of, true) : either(expression.of, false)
    case 'count': {
      // At least n of m hold; or, negated, at least m - n + 1 do not.
      const least = negated ? expression.of.length - expression.least + 1 : expression.least
      return choices(expression.of, least).flatMap((of) => both(of, negated))
    }
    case 'item':
      return []
  }
}

function bounded<T>(all: T[]): T[] {
  if (all.length > MOST) throw new TooMany()
  return all
}

function either(of: readonly Expression[], negated: boolean): Alternative[] {
  const all: Alternative[] = []
  for (const one of of) all.push(...bounded(expand(one, negated)))
  return bounded(all)
}

function both(of: readonly Expression[], negated: boolean): Alternative[] {
  let all: Alternative[] = [{ with: [], without: [] }]
  for (const one of of) {
    const next = expand(one, negated)
    all = bounded(all.flatMap((left) => next.map((right) => joined(left, right))))
  }
  return all
}

const joined = (a: Alternative, b: Alternative): Alternative => ({
  with: [...new Set([...a.with, ...b.with])],
  without: [...new Set([...a.without, ...b.without])],
})

/** Every way to take `count` of them, in their order. */
function choices(of: readonly Expression[], count: number): Expression[][] {
  if (count === 0) return [[]]
  const all: Expression[][] = []
  for (let i = 0; i + count <= of.length; i++)
    for (const rest of choices(of.slice(i + 1), count - 1)) {
      all.push([of[i]!, ...rest])
      bounded(all)
    }
  return all
}
