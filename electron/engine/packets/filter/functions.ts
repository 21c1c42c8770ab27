/** Functions of the filter language: what they take, what they give. */
import type { FunctionName } from './checked.ts'
import type { FilterType } from './fields.ts'

export interface FilterFunction {
  readonly name: FunctionName
  readonly doc: string
  readonly least: number
  readonly most: number
  /** Types it takes. */
  readonly takes: readonly FilterType[]
  /** Type it gives; null: that of its first argument. */
  readonly gives: FilterType | null
  /** Literals may stand beside a field. */
  readonly literals: boolean
}
const NUMBERS: readonly FilterType[] = ['uint', 'int', 'float']
const ORDERED: readonly FilterType[] = [...NUMBERS, 'bool', 'ipv4', 'ipv6', 'ether', 'bytes', 'text', 'time', 'duration', 'other']
const ANY: readonly FilterType[] = [...ORDERED, 'protocol', 'none']

const one = (name: FunctionName, doc: string, takes: readonly FilterType[], gives: FilterType | null): FilterFunction => ({
  name,
  doc,
  takes,
  gives,
  least: 1,
  most: 1,
  literals: false,
})
export const FUNCTIONS: readonly FilterFunction[] = [
  one('len', 'Length in bytes', ANY, 'uint'),
  one('count', 'How often the field occurs', ANY, 'uint'),
  one('string', 'A number or an address as text', ['uint', 'int', 'ipv4', 'ipv6', 'ether', 'other'], 'text'),
  one('lower', 'In lower case', ['text', 'other'], 'text'),
  one('upper', 'In upper case', ['text', 'other'], 'text'),
  { ...one('max', 'Largest of its values', ORDERED, null), most: 100, literals: true },
  { ...one('min', 'Smallest of its values', ORDERED, null), most: 100, literals: true },
  one('abs', 'Without its sign', [...NUMBERS, 'duration'], null),
  one('float', 'As a number with fractions', NUMBERS, 'float'),
  one('double', 'As a number with fractions', NUMBERS, 'float'),
  one('dec', 'A number as decimal text', ['uint', 'int'], 'text'),
  one('hex', 'A number as hexadecimal text', ['uint', 'int'], 'text'),
  one('vals', 'Name of a value', ['uint', 'int', 'bool', 'other'], 'text'),
]
export const functionByName = (name: string): FilterFunction | undefined => FUNCTIONS.find((found) => found.name === name)
