/** A literal read as the type it is compared with. */
import type { Constant } from './checked.ts'
import { namedBool, namedValue } from './enumerations.ts'
import type { FilterErrorKey } from './errors.ts'
import type { FilterType } from './fields.ts'
import { readBytes, readDuration, readFloat, readInteger, readIpv4, readIpv6, readTime } from './literals.ts'
import type { Operand } from './tree.ts'

/** Caught by the checker, which knows the place. */
export class WrongLiteral extends Error {
  readonly key: FilterErrorKey
  readonly suggestions: readonly string[]
  constructor(key: FilterErrorKey, suggestions: readonly string[] = []) {
    super(key)
    this.key = key
    this.suggestions = suggestions
  }
}

const textOf = (binary: string): string => Buffer.from(binary, 'latin1').toString('utf8')
const bytesOf = (binary: string): Uint8Array => new Uint8Array(Buffer.from(binary, 'latin1'))

/** `field` is the name of what it is compared with; '' where that is no field. */
export function constantOf(operand: Operand, type: FilterType, field: string): Constant {
  if (operand.kind === 'character') return ofCharacter(operand.code, type)
  if (operand.kind === 'string') return ofString(operand.binary, type, field)
  if (operand.kind !== 'word') throw new WrongLiteral('unexpected')
  return ofWord(operand.text, type, field)
}

function ofCharacter(code: number, type: FilterType): Constant {
  switch (type) {
    case 'uint':
    case 'int':
    case 'float':
      return code
    case 'bool':
      return code === 0 ? 0 : 1
    case 'bytes':
    case 'protocol':
      return new Uint8Array(Buffer.from(String.fromCodePoint(code), code < 256 ? 'latin1' : 'utf8'))
    case 'text':
    case 'other':
      return String.fromCodePoint(code)
    default:
      throw new WrongLiteral('string_type')
  }
}

function ofString(binary: string, type: FilterType, field: string): Constant {
  const text = textOf(binary)
  switch (type) {
    case 'text':
    case 'other':
      return text
    case 'bytes':
    case 'protocol':
      return bytesOf(binary)
    case 'time': {
      const time = readTime(text)
      if (time === null) throw new WrongLiteral('not_a_time')
      return time
    }
    case 'bool': {
      const value = namedBool(text)
      if (value === null) throw new WrongLiteral('not_a_bool', ['True', 'False'])
      return value
    }
    default: {
      const named = namedValue(field, text)
      if (named !== null) return named
      throw new WrongLiteral('string_type', readable(text, type) ? [text] : [])
    }
  }
}
/** Would it be one without its quotes? */
function readable(text: string, type: FilterType): boolean {
  if (!/^[\w.:/-]+$/.test(text)) return false
  try {
    ofWord(text, type, '')
    return true
  } catch {
    return false
  }
}

/** The largest that a field of 64 bits holds. */
const MOST = 18_446_744_073_709_551_615n

function ofWord(text: string, type: FilterType, field: string): Constant {
  switch (type) {
    case 'uint':
    case 'int': {
      const value = readInteger(text) ?? namedValue(field, text)
      if (value === null) throw new WrongLiteral('not_a_number')
      if (BigInt(value) > MOST) throw new WrongLiteral('too_large')
      return value
    }
    case 'bool': {
      const value = namedBool(text) ?? readInteger(text)
      if (value === null) throw new WrongLiteral('not_a_bool', ['True', 'False'])
      return Number(value) === 0 ? 0 : 1
    }
    case 'float': {
      const value = readFloat(text)
      if (value === null) throw new WrongLiteral('not_a_number')
      return value
    }
    case 'ipv4': {
      const value = readIpv4(text)
      if (value === null) throw new WrongLiteral('not_ipv4')
      if (value.bits < 0) throw new WrongLiteral('bad_prefix')
      return value
    }
    case 'ipv6': {
      const value = readIpv6(text)
      if (value === null) throw new WrongLiteral('not_ipv6')
      if (value.bits < 0) throw new WrongLiteral('bad_prefix')
      return value
    }
    case 'ether': {
      const value = readBytes(text)
      if (value === null || value.length !== 6) throw new WrongLiteral('not_ether')
      return value
    }
    case 'bytes':
    case 'protocol': {
      const value = readBytes(text)
      if (value !== null) return value
      // One byte may be a number: tcp[13] == 0x12.
      const byte = /^0x[0-9a-f]{3}/i.test(text) ? null : readInteger(text)
      if (byte === null || byte < 0 || byte > 255) throw new WrongLiteral('not_bytes')
      return Uint8Array.of(Number(byte))
    }
    case 'time': {
      const value = readTime(text)
      if (value === null) throw new WrongLiteral('not_a_time')
      return value
    }
    case 'duration': {
      const value = readDuration(text)
      if (value === null) throw new WrongLiteral('not_a_duration')
      return value
    }
    case 'none':
      throw new WrongLiteral('value_none')
    default:
      return text
  }
}
