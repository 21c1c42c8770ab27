/** Operators that fit a type, for completion. */
import type { Choice } from './choice.ts'
import type { FilterType } from './fields.ts'

const of = (name: string, doc: string): Choice => ({ name, type: 'operator', doc, how: 'index' })
const EQUAL: readonly Choice[] = [of('==', 'equal'), of('!=', 'not equal, whichever of its values')]
const ORDER: readonly Choice[] = [of('>', 'greater'), of('>=', 'greater or equal'), of('<', 'less'), of('<=', 'less or equal')]
const SEARCH: readonly Choice[] = [of('contains', 'has these characters or bytes'), of('matches', 'fits the pattern')]
const SET: readonly Choice[] = [of('in', 'is one of a set')]
const BITS: readonly Choice[] = [of('&', 'has these bits')]

export function operatorsFor(type: FilterType): readonly Choice[] {
  switch (type) {
    case 'none':
      return []
    case 'protocol':
      return SEARCH
    case 'text':
      return [...EQUAL, ...SEARCH, ...SET, ...ORDER]
    case 'bytes':
      return [...EQUAL, ...SEARCH]
    case 'ether':
      return [...EQUAL, of('contains', 'has these bytes'), ...SET]
    case 'bool':
      return EQUAL
    case 'ipv4':
    case 'ipv6':
      return [...EQUAL, ...SET, ...ORDER]
    case 'uint':
    case 'int':
      return [...EQUAL, ...ORDER, ...SET, ...BITS]
    default:
      return [...EQUAL, ...ORDER, ...SET]
  }
}
