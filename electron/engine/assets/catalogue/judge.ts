/** One vulnerability's conditions, or a maker's statement, against the products of an asset. */
import type { FixedState } from '../../../../shared/model/asset.ts'
import type { Cpe } from '../cpe/cpe-name.ts'
import { criterionText, fitOf, type Criterion } from '../cpe/criterion.ts'
import type { ConditionNode } from '../vulnerabilities/define.ts'
import { criteriaOf } from './condition-text.ts'

export interface Judged {
  readonly state: FixedState
  /** The criterion that decided. */
  readonly detail: string
}

/** Null: what is known of the asset does not tell. */
type Truth = boolean | null

function holds(node: ConditionNode, products: readonly Cpe[]): Truth {
  switch (node.kind) {
    case 'one': {
      const { criterion } = node
      let unknown = false
      for (const product of products) {
        const fit = fitOf(criterion, product)
        if (fit === 'in') return true
        if (fit === 'no_version') unknown = true
      }
      if (unknown) return null
      // Of a system or a device that nobody named it cannot be said that it is not this one.
      const { part } = criterion.cpe
      return part !== 'a' && !products.some((product) => product.part === part) ? null : false
    }
    case 'not': {
      const truth = holds(node.item, products)
      return truth === null ? null : !truth
    }
    case 'all': {
      const truths = node.items.map((item) => holds(item, products))
      return truths.includes(false) ? false : truths.includes(null) ? null : true
    }
    case 'any': {
      const truths = node.items.map((item) => holds(item, products))
      return truths.includes(true) ? true : truths.includes(null) ? null : false
    }
  }
}

/**
 * Whether the vulnerability is in `product`, which stands with `products` on one asset; null where it speaks of another product, or where
 * the product's version is not known. A version after the end of a range is `fixed`, any other that is not named `not_affected`; where the
 * version is one, but not whether the system that it needs is there, it is `under_investigation`.
 */
export function judgeConditions(conditions: readonly ConditionNode[], product: Cpe, products: readonly Cpe[]): Judged | null {
  let outside: Judged | null = null
  let open: Judged | null = null
  let unknown = false
  for (const condition of conditions) {
    let inside: Criterion | null = null
    for (const { criterion, vulnerable } of criteriaOf(condition)) {
      if (!vulnerable) continue
      const fit = fitOf(criterion, product)
      if (fit === 'in') inside ??= criterion
      else if (fit === 'no_version') unknown = true
      else if (fit !== 'other' && (outside === null || (fit === 'above' && outside.state !== 'fixed')))
        outside = { state: fit === 'above' ? 'fixed' : 'not_affected', detail: criterionText(criterion) }
    }
    if (inside === null) continue
    const truth = holds(condition, products)
    if (truth === true) return { state: 'affected', detail: criterionText(inside) }
    if (truth === null) open ??= { state: 'under_investigation', detail: criterionText(inside) }
    else outside ??= { state: 'not_affected', detail: criterionText(inside) }
  }
  return open ?? (unknown ? null : outside)
}

/** The criterion of a statement that the product fits; null where none. */
export function judgeStatement(criteria: readonly Criterion[], product: Cpe): string | null {
  const found = criteria.find((criterion) => fitOf(criterion, product) === 'in')
  return found === undefined ? null : criterionText(found)
}
