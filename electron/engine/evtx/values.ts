/**
 * Values of a binary XML substitution array as JSON: [MS-EVEN6] 2.2.12, table of value types. Numbers are numbers where a JSON reader
 * keeps them exactly, everything else is text as Windows writes it.
 */
import type { JsonBytes } from './json-bytes.ts'

export const NULL_TYPE = 0
export const STRING = 1
export const ANSI = 2
export const BOOLEAN = 13
export const BINARY = 14
export const GUID = 15
export const SIZE_T = 16
export const FILETIME = 17
export const SYSTEMTIME = 18
export const SID = 19
export const HEX32 = 20
export const HEX64 = 21
export const BINXML_TYPE = 0x21
export const ARRAY = 0x80

const QUOTE = 0x22
/** Bytes of a value of each type of fixed size; 0 of others. */
const SIZES: readonly number[] = [0, 0, 0, 1, 1, 2, 2, 4, 4, 8, 8, 4, 8, 4, 0, 16, 0, 8, 16, 0, 4, 8]

/** A chunk's bytes, read as numbers. */
export interface Bytes {
  readonly data: Uint8Array
  readonly view: DataView
}

/** Writes a value as a whole JSON value; `null` where it is of no type, or too short for its type. */
export function jsonValue(out: JsonBytes, of: Bytes, type: number, at: number, size: number): void {
  if (type === NULL_TYPE) return out.ascii('null')
  if (type & ARRAY) return jsonArray(out, of, type & ~ARRAY, at, size)
  if (isNumber(type)) {
    const text = numberText(of, type, at, size)
    if (text === '') return out.ascii('null')
    if (isJsonNumber(type, text)) return out.ascii(text)
    out.byte(QUOTE)
    out.ascii(text)
    out.byte(QUOTE)
    return
  }
  if (type === BOOLEAN) return out.ascii(size === 0 ? 'null' : booleanText(of, at, size))
  out.byte(QUOTE)
  textValue(out, of, type, at, size)
  out.byte(QUOTE)
}

/** Writes a value as a part of a text, escaped, without quotes. */
export function textValue(out: JsonBytes, of: Bytes, type: number, at: number, size: number): void {
  const { data, view } = of
  const to = at + size
  if (isNumber(type)) return out.ascii(numberText(of, type, at, size))
  switch (type) {
    case NULL_TYPE:
      return
    case STRING:
      return out.utf16(data, at, withoutEnd(data, at, to))
    case ANSI: {
      const end = to > at && data[to - 1] === 0 ? to - 1 : to
      return out.latin1(data, at, end)
    }
    case BOOLEAN:
      return out.ascii(booleanText(of, at, size))
    case BINARY:
      return hex(out, data, at, to)
    case GUID:
      if (size < 16) return hex(out, data, at, to)
      out.room(GUID_LENGTH)
      writeGuid(out.bytes, out.length, data, at)
      out.length += GUID_LENGTH
      return
    case SIZE_T:
    case HEX32:
    case HEX64: {
      if (size !== 4 && size !== 8) return hex(out, data, at, to)
      return out.ascii(hexNumberText(of, at, size))
    }
    case FILETIME:
      return size < 8 ? hex(out, data, at, to) : out.ascii(fileTimeText(view.getUint32(at, true), view.getUint32(at + 4, true)))
    case SYSTEMTIME:
      return size < 16 ? hex(out, data, at, to) : out.ascii(systemTimeText(of, at))
    case SID:
      return sid(out, of, at, size)
    default:
      if (!(type & ARRAY)) return hex(out, data, at, to)
  }
  let first = true
  for (const [from, length] of elements(of, type & ~ARRAY, at, size)) {
    if (!first) out.byte(0x2c)
    first = false
    textValue(out, of, type & ~ARRAY, from, length)
  }
}

function jsonArray(out: JsonBytes, of: Bytes, type: number, at: number, size: number): void {
  out.byte(0x5b)
  for (const [from, length] of elements(of, type, at, size)) {
    out.comma()
    jsonValue(out, of, type, from, length)
  }
  out.byte(0x5d)
}

/** Places and sizes of an array's elements: of a fixed size, or texts that end with a NUL. */
export function* elements({ data, view }: Bytes, type: number, at: number, size: number): Generator<[at: number, size: number]> {
  const to = at + size
  const fixed = SIZES[type] ?? 0
  if (fixed > 0) for (let from = at; from + fixed <= to; from += fixed) yield [from, fixed]
  else if (type === STRING || type === ANSI) {
    const unit = type === STRING ? 2 : 1
    let from = at
    for (let i = at; i + unit <= to; i += unit) {
      if (data[i] !== 0 || (unit === 2 && data[i + 1] !== 0)) continue
      yield [from, i - from]
      from = i + unit
    }
    if (from < to) yield [from, to - from]
  } else if (type === SID)
    for (let from = at; from + 8 <= to;) {
      const length = 8 + 4 * view.getUint8(from + 1)
      yield [from, Math.min(length, to - from)]
      from += length
    }
  else yield [at, size]
}

export const isNumber = (type: number): boolean => type >= 3 && type <= 12

/** What a JSON reader would round stays a text; so does what JSON has no number for, and a fraction that is as large. */
export function isJsonNumber(type: number, text: string): boolean {
  if (type === 9 || type === 10) return text.length < 16
  return type < 9 || (/^-?\d/.test(text) && Math.abs(Number(text)) <= Number.MAX_SAFE_INTEGER)
}

export function numberText({ view }: Bytes, type: number, at: number, size: number): string {
  if (size < SIZES[type]!) return ''
  switch (type) {
    case 3:
      return String(view.getInt8(at))
    case 4:
      return String(view.getUint8(at))
    case 5:
      return String(view.getInt16(at, true))
    case 6:
      return String(view.getUint16(at, true))
    case 7:
      return String(view.getInt32(at, true))
    case 8:
      return String(view.getUint32(at, true))
    case 9:
    case 10: {
      const high = type === 9 ? view.getInt32(at + 4, true) : view.getUint32(at + 4, true)
      // Up to 2^52 a number is exact.
      if (high >= 0 && high < 0x10_0000) return String(high * 2 ** 32 + view.getUint32(at, true))
      return String(type === 9 ? view.getBigInt64(at, true) : view.getBigUint64(at, true))
    }
    case 11:
      return String(view.getFloat32(at, true))
    default:
      return String(view.getFloat64(at, true))
  }
}

export function booleanText({ data }: Bytes, at: number, size: number): string {
  for (let i = 0; i < Math.min(size, 4); i++) if (data[at + i] !== 0) return 'true'
  return 'false'
}

/** A trailing NUL is no part of a text. */
export function withoutEnd(data: Uint8Array, at: number, to: number): number {
  let end = at + ((to - at) & ~1)
  while (end - 2 >= at && data[end - 2] === 0 && data[end - 1] === 0) end -= 2
  return end
}

const DIGITS = '0123456789ABCDEF'
function hex(out: JsonBytes, data: Uint8Array, at: number, to: number): void {
  out.room(2 * (to - at))
  for (let i = at; i < to; i++) {
    out.bytes[out.length++] = DIGITS.charCodeAt(data[i]! >> 4)
    out.bytes[out.length++] = DIGITS.charCodeAt(data[i]! & 15)
  }
}

/** Bytes in the order in which they are written: the first three groups are numbers. */
const GUID_ORDER = [3, 2, 1, 0, -1, 5, 4, -1, 7, 6, -1, 8, 9, -1, 10, 11, 12, 13, 14, 15]
/** Characters of a GUID in its braces. */
export const GUID_LENGTH = 38

/** Writes `{00112233-4455-6677-8899-AABBCCDDEEFF}` to `out` from `to` on. */
export function writeGuid(out: Uint8Array, to: number, data: Uint8Array, at: number): void {
  let place = to
  out[place++] = 0x7b
  for (let i = 0; i < GUID_ORDER.length; i++) {
    const from = GUID_ORDER[i]!
    if (from < 0) out[place++] = 0x2d
    else {
      const byte = data[at + from]!
      out[place++] = DIGITS.charCodeAt(byte >> 4)
      out[place++] = DIGITS.charCodeAt(byte & 15)
    }
  }
  out[place] = 0x7d
}

const EPOCH = 11_644_473_600
/** The minute that was asked for last, as text: records come in order. */
let minute = NaN
let minuteText = ''

/** 100 ns since 1601, in two halves, as ISO 8601 with seven digits behind the second; a number where no date is so far away. */
export function fileTimeText(low: number, high: number): string {
  const rest = high * 4_967_296 + low
  const seconds = high * 429 + Math.floor(rest / 1e7) - EPOCH
  const ticks = rest % 1e7
  if (Math.abs(seconds) > 250_000_000_000) return String((BigInt(high) << 32n) | BigInt(low))
  const own = Math.floor(seconds / 60)
  if (own !== minute) {
    minute = own
    minuteText = new Date(own * 60_000).toISOString().slice(0, -7)
  }
  const second = seconds - own * 60
  return `${minuteText}${second < 10 ? '0' : ''}${second}.${String(10_000_000 + ticks).slice(1)}Z`
}

export function systemTimeText({ view }: Bytes, at: number): string {
  const part = (index: number, length = 2): string => String(view.getUint16(at + 2 * index, true)).padStart(length, '0')
  return `${part(0, 4)}-${part(1)}-${part(3)}T${part(4)}:${part(5)}:${part(6)}.${part(7, 3)}Z`
}

export function hexNumberText({ view }: Bytes, at: number, size: number): string {
  const high = size === 8 ? view.getUint32(at + 4, true) : 0
  const low = view.getUint32(at, true)
  return `0x${high === 0 ? low.toString(16) : high.toString(16) + low.toString(16).padStart(8, '0')}`
}

function sid(out: JsonBytes, of: Bytes, at: number, size: number): void {
  const text = sidText(of, at, size)
  if (text === null) hex(out, of.data, at, at + size)
  else out.ascii(text)
}

/** [MS-DTYP] 2.4.2.1; null where it is cut. */
export function sidText({ data, view }: Bytes, at: number, size: number): string | null {
  const count = size >= 8 ? data[at + 1]! : 255
  if (8 + 4 * count > size) return null
  const authority = view.getUint16(at + 2) * 2 ** 32 + view.getUint32(at + 4)
  let text = `S-${data[at]}-${authority}`
  for (let i = 0; i < count; i++) text += `-${view.getUint32(at + 8 + 4 * i, true)}`
  return text
}
