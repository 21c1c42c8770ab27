/** How names of CPE relate to each other (NISTIR 7696 sections 6.1 to 6.3). */
import { ANY, CPE_ATTRIBUTES, NOT_APPLICABLE, plainValue, type Cpe } from './cpe-name.ts'

/** Of a source to a target; `undefined`: the target has wildcards, for which the specification has no answer. */
export type Relation = 'superset' | 'subset' | 'equal' | 'disjoint' | 'undefined'

const hasWildcard = (value: string): boolean => /(?:^|[^\\])(?:\\\\)*[*?]/.test(value)

/** Table 6-2. */
export function compareValues(source: string, target: string): Relation {
  const wild = target !== ANY && hasWildcard(target)
  if (source === ANY) return target === ANY ? 'equal' : wild ? 'undefined' : 'superset'
  if (target === ANY) return 'subset'
  if (wild) return source === target ? 'equal' : 'undefined'
  if (source === NOT_APPLICABLE || target === NOT_APPLICABLE) return source === target ? 'equal' : 'disjoint'
  if (source === target) return 'equal'
  return hasWildcard(source) && fitsPattern(source, target) ? 'superset' : 'disjoint'
}

/** A value with wildcards at its ends: `*` is any number of characters; a row of `?` is at most as many of them (section 6.3). */
function fitsPattern(source: string, target: string): boolean {
  let begin = 0
  let end = source.length
  let before = 0
  let after = 0
  if (source[0] === '*') [begin, before] = [1, Infinity]
  else while (source[begin] === '?') [begin, before] = [begin + 1, before + 1]
  const quoted = (at: number): boolean => /(?:^|[^\\])(?:\\\\)*\\$/.test(source.slice(begin, at))
  if (end > begin && source[end - 1] === '*' && !quoted(end - 1)) [end, after] = [end - 1, Infinity]
  else while (end > begin && source[end - 1] === '?' && !quoted(end - 1)) [end, after] = [end - 1, after + 1]
  const core = plainValue(source.slice(begin, end))
  const text = plainValue(target)
  for (let at = text.indexOf(core); at >= 0; at = text.indexOf(core, at + 1))
    if (at <= before && text.length - core.length - at <= after) return true
  return false
}

/** Each attribute's relation, in the order of {@link CPE_ATTRIBUTES}. */
export const compareNames = (source: Cpe, target: Cpe): Relation[] =>
  CPE_ATTRIBUTES.map((attribute) => compareValues(source[attribute], target[attribute]))

export const isSuperset = (source: Cpe, target: Cpe): boolean =>
  compareNames(source, target).every((relation) => relation === 'superset' || relation === 'equal')
export const isSubset = (source: Cpe, target: Cpe): boolean =>
  compareNames(source, target).every((relation) => relation === 'subset' || relation === 'equal')
export const isEqual = (source: Cpe, target: Cpe): boolean =>
  compareNames(source, target).every((relation) => relation === 'equal')
export const isDisjoint = (source: Cpe, target: Cpe): boolean => compareNames(source, target).includes('disjoint')
