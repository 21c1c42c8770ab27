/** Values of a binary XML substitution array as a JSON reader would give those that `values.ts` writes. */
import { Buffer } from 'node:buffer'
import type { Json } from './event-object.ts'
import type { KnownTexts } from './known-texts.ts'
import {
  ANSI,
  ARRAY,
  BINARY,
  booleanText,
  BOOLEAN,
  elements,
  FILETIME,
  fileTimeText,
  GUID,
  HEX32,
  HEX64,
  hexNumberText,
  isJsonNumber,
  isNumber,
  NULL_TYPE,
  numberText,
  SID,
  sidText,
  SIZE_T,
  STRING,
  SYSTEMTIME,
  systemTimeText,
  withoutEnd,
  type Bytes,
} from './values.ts'

/** A value alone: numbers and booleans are some, an array is one, what is of no type is null. */
export function plainValue(texts: KnownTexts, of: Bytes, type: number, at: number, size: number): Json {
  switch (type) {
    case STRING:
      return plainText(texts, of, type, at, size)
    case NULL_TYPE:
      return null
    case 4:
      return size < 1 ? null : of.data[at]!
    case 6:
      return size < 2 ? null : of.view.getUint16(at, true)
    case 8:
      return size < 4 ? null : of.view.getUint32(at, true)
    case BOOLEAN:
      return size === 0 ? null : booleanText(of, at, size) === 'true'
  }
  if (type & ARRAY)
    return Array.from(elements(of, type & ~ARRAY, at, size), ([from, length]) =>
      plainValue(texts, of, type & ~ARRAY, from, length),
    )
  if (!isNumber(type)) return plainText(texts, of, type, at, size)
  const text = numberText(of, type, at, size)
  if (text === '') return null
  return isJsonNumber(type, text) ? Number(text) : text
}

/** A value as a part of a text. */
export function plainText(texts: KnownTexts, of: Bytes, type: number, at: number, size: number): string {
  const { data, view } = of
  const to = at + size
  if (isNumber(type)) return numberText(of, type, at, size)
  switch (type) {
    case NULL_TYPE:
      return ''
    case STRING:
      return texts.utf16(of, at, withoutEnd(data, at, to))
    case ANSI: {
      const end = to > at && data[to - 1] === 0 ? to - 1 : to
      texts.bytes.set(data.subarray(at, end))
      return texts.take(end - at)
    }
    case BOOLEAN:
      return booleanText(of, at, size)
    case BINARY:
      return hex(data, at, to)
    case GUID:
      if (size < 16) return hex(data, at, to)
      return texts.guid(of, at)
    case SIZE_T:
    case HEX32:
    case HEX64:
      return size === 4 || size === 8 ? hexNumberText(of, at, size) : hex(data, at, to)
    case FILETIME:
      return size < 8 ? hex(data, at, to) : fileTimeText(view.getUint32(at, true), view.getUint32(at + 4, true))
    case SYSTEMTIME:
      return size < 16 ? hex(data, at, to) : systemTimeText(of, at)
    case SID:
      return sidText(of, at, size) ?? hex(data, at, to)
  }
  if (!(type & ARRAY)) return hex(data, at, to)
  const parts: string[] = []
  for (const [from, length] of elements(of, type & ~ARRAY, at, size))
    parts.push(plainText(texts, of, type & ~ARRAY, from, length))
  return parts.join(',')
}

const hex = (data: Uint8Array, at: number, to: number): string =>
  Buffer.from(data.buffer, data.byteOffset + at, to - at)
    .toString('hex')
    .toUpperCase()
