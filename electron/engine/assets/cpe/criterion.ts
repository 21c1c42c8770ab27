/** One criterion of vulnerability data (a CPE name, often with a range of versions) against what an asset has. */
import { ANY, formatCpe, NOT_APPLICABLE, plainValue, type Cpe, type CpeAttribute } from './cpe-name.ts'
import { compareValues } from './cpe-match.ts'
import { ALL_VERSIONS, compareVersions, isOpen, placeInRange, rangeText, type VersionRange } from './version-order.ts'

export interface Criterion {
  readonly cpe: Cpe
  readonly range: VersionRange
}
export const criterionOf = (cpe: Cpe, range: VersionRange = ALL_VERSIONS): Criterion => ({ cpe, range })

/**
 * `in`: it is what is meant · `below`, `above`, `other_version`: the same product in another version · `no_version`: the same product, and
 * its version is not known · `other`: another product.
 */
export type Fit = 'in' | 'below' | 'above' | 'other_version' | 'no_version' | 'other'

const MUST = ['part', 'vendor', 'product'] as const
const MAY: readonly CpeAttribute[] = ['edition', 'language', 'swEdition', 'targetSw', 'targetHw', 'other']

/**
 * Inventories seldom know more than vendor, product and version: what an asset does not say (`*`) of the other attributes is no reason
 * against it, while a strict NISTIR 7696 comparison would have it as a superset that does not match.
 */
export function fitOf({ cpe, range }: Criterion, product: Cpe): Fit {
  for (const attribute of MUST) {
    const relation = compareValues(cpe[attribute], product[attribute])
    const unknown = attribute === 'vendor' && product.vendor === ANY
    if (relation !== 'equal' && relation !== 'superset' && !unknown) return 'other'
  }
  for (const attribute of MAY) if (compareValues(cpe[attribute], product[attribute]) === 'disjoint') return 'other'
  const version = plainValue(product.version)
  if (!isOpen(range)) {
    if (product.version === ANY) return 'no_version'
    if (product.version === NOT_APPLICABLE) return 'other_version'
    return placeInRange(version, range)
  }
  if (cpe.version === ANY) return 'in'
  if (cpe.version === NOT_APPLICABLE)
    return product.version === ANY || product.version === NOT_APPLICABLE ? 'in' : 'other_version'
  if (product.version === ANY) return 'no_version'
  const relation = compareValues(cpe.version, product.version)
  const same = relation === 'equal' || relation === 'superset' || compareVersions(plainValue(cpe.version), version) === 0
  if (!same) return 'other_version'
  return compareValues(cpe.update, product.update) === 'disjoint' ? 'other_version' : 'in'
}

/** As a person reads it. */
export const criterionText = ({ cpe, range }: Criterion): string =>
  isOpen(range) ? formatCpe(cpe) : `${formatCpe(cpe)} ${rangeText(range)}`
