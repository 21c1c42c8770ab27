/** Values while a filter runs: how fields' values are taken, compared, cut and calculated with. Nothing throws, whatever the value. */
import type { FieldValue } from '../decode/define.ts'
import type { Network4, Network6 } from './checked.ts'
import type { FilterType } from './fields.ts'
import type { ArithmeticOperator, SliceRange } from './tree.ts'
import { utf8Binary } from './tokens.ts'

/** `time` and `duration` are bigint nanoseconds, `bool` is 0 or 1. */
export type Run = number | bigint | string | Uint8Array | Network4 | Network6

/** A value as it comes from a decoder or a column, in the form in which it is compared. */
export function asRun(value: FieldValue, type: FilterType): Run {
  if (type === 'time' || type === 'duration') {
    if (typeof value === 'bigint') return value
    return typeof value === 'number' && Number.isFinite(value) ? BigInt(Math.round(value * 1e9)) : 0n
  }
  if (type === 'bool') return value === false || value === 0 || value === 0n ? 0 : 1
  return typeof value === 'boolean' ? Number(value) : value
}

/** Negative, zero, positive. */
export type Compare = (left: Run, right: Run) => number

const numbers: Compare = (left, right) => {
  const [a, b] = [left as number, right as number]
  return a < b ? -1 : a > b ? 1 : 0
}
const texts: Compare = (left, right) => (left === right ? 0 : String(left) < String(right) ? -1 : 1)
const bytes: Compare = (left, right) => Buffer.compare(bytesOf(left), bytesOf(right))

const isNetwork = (value: Run): value is Network4 | Network6 => typeof value === 'object' && !(value instanceof Uint8Array)
/** Bits of an IPv4 network. */
export const mask4 = (bits: number): number => (bits === 0 ? 0 : (0xffff_ffff << (32 - bits)) >>> 0)
/** The bits of the network that has fewer count. */
const ipv4: Compare = (left, right) => {
  let bits = 32
  if (isNetwork(left)) bits = left.bits
  if (isNetwork(right) && right.bits < bits) bits = right.bits
  const mask = mask4(bits)
  const a = (Number(isNetwork(left) ? left.address : left) & mask) >>> 0
  const b = (Number(isNetwork(right) ? right.address : right) & mask) >>> 0
  return a - b
}
const ipv6: Compare = (left, right) => {
  let bits = 128
  if (isNetwork(left)) bits = left.bits
  if (isNetwork(right) && right.bits < bits) bits = right.bits
  const a = bytesOf(isNetwork(left) ? (left as Network6).address : left)
  const b = bytesOf(isNetwork(right) ? (right as Network6).address : right)
  for (let i = 0; i * 8 < bits; i++) {
    const mask = bits - i * 8 >= 8 ? 255 : (255 << (8 - (bits - i * 8))) & 255
    const difference = ((a[i] ?? 0) & mask) - ((b[i] ?? 0) & mask)
    if (difference !== 0) return difference
  }
  return 0
}

/** Null for types that are not compared here. */
export function compareOf(type: FilterType): Compare | null {
  switch (type) {
    case 'uint':
    case 'int':
    case 'float':
    case 'bool':
    case 'time':
    case 'duration':
      return numbers
    case 'text':
      return texts
    case 'bytes':
    case 'ether':
    case 'protocol':
      return bytes
    case 'ipv4':
      return ipv4
    case 'ipv6':
      return ipv6
    default:
      return null
  }
}

/** A value's bytes: of a text its UTF-8, of an IPv4 address four. */
export function bytesOf(value: Run): Uint8Array {
  if (value instanceof Uint8Array) return value
  if (typeof value === 'string') return Buffer.from(value, 'utf8')
  if (typeof value === 'number') return Uint8Array.of(value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255)
  if (typeof value === 'bigint') return new Uint8Array(0)
  return bytesOf(value.address)
}
/** One character for each byte. */
export function binaryOf(value: Run): string {
  if (typeof value === 'string') return utf8Binary(value)
  const found = bytesOf(value)
  return Buffer.from(found.buffer, found.byteOffset, found.length).toString('latin1')
}

/** True where `part` stands in `whole`. */
export function holds(whole: Run, part: Run): boolean {
  if (typeof whole === 'string' && typeof part === 'string') return whole.includes(part)
  const [bytes, wanted] = [bytesOf(whole), bytesOf(part)]
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).indexOf(wanted) >= 0
}

/** The bytes that the ranges name, joined; null where one of them is not wholly there. */
export function sliced(value: Run, ranges: readonly SliceRange[]): Uint8Array | null {
  const whole = bytesOf(value)
  const parts: Uint8Array[] = []
  for (const { from, length, to } of ranges) {
    const start = from < 0 ? whole.length + from : from
    if (start < 0 || start > whole.length) return null
    let end = whole.length
    if (length !== null) end = start + length
    else if (to !== null) end = (to < 0 ? whole.length + to : to) + 1
    if (end > whole.length || end < start || (to !== null && end === start)) return null
    parts.push(whole.subarray(start, end))
  }
  return parts.length === 1 ? parts[0]! : Buffer.concat(parts)
}

/** Null where there is no result: a division by zero. */
export function calculated(operator: ArithmeticOperator, left: Run, right: Run, type: FilterType): Run | null {
  if (operator === '&' && (left instanceof Uint8Array || right instanceof Uint8Array || isNetwork(left) || isNetwork(right)))
    return masked(left, right, type)
  if (type === 'float') return finite(floats(operator, Number(left), Number(right)))
  if (type === 'time' || type === 'duration') return ofTime(operator, left, right)
  const [a, b] = [whole(left), whole(right)]
  const found = integers(operator, a, b)
  if (found === null) return null
  return found >= -9_007_199_254_740_991n && found <= 9_007_199_254_740_991n ? Number(found) : found
}
function masked(left: Run, right: Run, type: FilterType): Run {
  if (type === 'ipv4') {
    const [a, b] = [isNetwork(left) ? left.address : left, isNetwork(right) ? right.address : right]
    return (Number(a) & Number(b)) >>> 0
  }
  const [a, b] = [bytesOf(left), bytesOf(right)]
  const result = new Uint8Array(Math.min(a.length, b.length))
  for (let i = 0; i < result.length; i++) result[i] = a[i]! & b[i]!
  return result
}
const whole = (value: Run): bigint =>
  typeof value === 'bigint' ? value : typeof value === 'number' && Number.isFinite(value) ? BigInt(Math.trunc(value)) : 0n
const finite = (value: number): number | null => (Number.isFinite(value) ? value : null)
function floats(operator: ArithmeticOperator, a: number, b: number): number {
  switch (operator) {
    case '+':
      return a + b
    case '-':
      return a - b
    case '*':
      return a * b
    case '/':
      return a / b
    case '%':
      return a % b
    case '&':
      return Number(BigInt(Math.trunc(finite(a) ?? 0)) & BigInt(Math.trunc(finite(b) ?? 0)))
  }
}
function integers(operator: ArithmeticOperator, a: bigint, b: bigint): bigint | null {
  switch (operator) {
    case '+':
      return a + b
    case '-':
      return a - b
    case '*':
      return a * b
    case '/':
      return b === 0n ? null : a / b
    case '%':
      return b === 0n ? null : a % b
    case '&':
      return a & b
  }
}
/** A factor is a number, a summand nanoseconds. */
function ofTime(operator: ArithmeticOperator, left: Run, right: Run): bigint | null {
  if (operator === '+' || operator === '-') return integers(operator, whole(left), whole(right))
  const found = floats(operator, Number(left), Number(right))
  return Number.isFinite(found) ? BigInt(Math.round(found)) : null
}

export function negated(value: Run): Run {
  return typeof value === 'number' || typeof value === 'bigint' ? -value : 0
}
export function isZero(value: Run): boolean {
  if (value instanceof Uint8Array) return value.every((byte) => byte === 0)
  if (isNetwork(value)) return isZero(value.address)
  return value === 0 || value === 0n || value === ''
}
