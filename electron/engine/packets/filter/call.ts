/** Functions while a filter runs. */
import { ether, ipv4, ipv6Bytes } from '../decode/text.ts'
import type { FunctionName } from './checked.ts'
import type { FilterType } from './fields.ts'
import { bytesOf, compareOf, type Run } from './runtime.ts'

/** Values of the arguments, each not empty. Null where only the full dissection knows the result. */
export function called(name: FunctionName, args: readonly (readonly Run[])[], type: FilterType): readonly Run[] | null {
  const values = args[0] ?? []
  switch (name) {
    case 'count':
      return [values.length]
    case 'len':
      // The width of a number is not known here.
      if (values.some((value) => typeof value === 'bigint' || (typeof value === 'number' && type !== 'ipv4'))) return null
      return type === 'ipv4' ? values.map(() => 4) : values.map((value) => bytesOf(value).length)
    case 'string':
      return values.map((value) => shown(value, type))
    case 'lower':
      return values.map((value) => String(value).toLowerCase())
    case 'upper':
      return values.map((value) => String(value).toUpperCase())
    case 'dec':
      return values.map(String)
    case 'float':
    case 'double':
      return values.map(Number)
    case 'abs':
      return values.map((value) => ((typeof value === 'number' || typeof value === 'bigint') && value < 0 ? -value : value))
    case 'max':
    case 'min': {
      const compare = compareOf(type)
      if (compare === null) return null
      const all = args.flat()
      const found = all.reduce((best, value) => {
        const order = compare(value, best)
        return (name === 'max' ? order > 0 : order < 0) ? value : best
      })
      return [found]
    }
    case 'hex':
    case 'vals':
      return null
  }
}

function shown(value: Run, type: FilterType): string {
  if (type === 'ipv4') return ipv4(Number(value))
  const bytes = value instanceof Uint8Array ? value : null
  if (bytes !== null && type === 'ipv6') return ipv6Bytes(bytes, 0)
  if (bytes !== null && type === 'ether') return ether(bytes, 0)
  return String(value)
}
