/** Literals of the filter language as values of a type; null where the text is none. */
import { isIpv4, isIpv6 } from '../../../../shared/query/addresses.ts'
import type { Network4, Network6 } from './checked.ts'

/** Decimal, 0x hexadecimal, 0 octal, 0b binary; a bigint where it is larger than 2^53. */
export function readInteger(text: string): number | bigint | null {
  const found = /^([+-]?)(?:0x([0-9a-f]+)|0b([01]+)|(0[0-7]*)|([1-9]\d*))$/i.exec(text)
  if (found === null || text.length > 70) return null
  const [, sign, hex, binary, octal, decimal] = found
  const whole =
    hex !== undefined
      ? BigInt(`0x${hex}`)
      : binary !== undefined
        ? BigInt(`0b${binary}`)
        : octal !== undefined
          ? BigInt(`0o${octal}`)
          : BigInt(decimal!)
  const value = sign === '-' ? -whole : whole
  return value >= -9_007_199_254_740_991n && value <= 9_007_199_254_740_991n ? Number(value) : value
}

export function readFloat(text: string): number | null {
  const integer = readInteger(text)
  if (integer !== null) return Number(integer)
  return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text) ? Number(text) : null
}

export const ipv4Number = (text: string): number => text.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)

/** `192.0.2.1`, `192.0.2.0/24`; `bits` is 32 for an address, -1 where the number after the slash is too large. */
export function readIpv4(text: string): Network4 | null {
  const [address, prefix, more] = text.split('/')
  if (address === undefined || more !== undefined || !isIpv4(address)) return null
  if (prefix === undefined) return { address: ipv4Number(address), bits: 32 }
  if (!/^\d{1,3}$/.test(prefix)) return null
  return { address: ipv4Number(address), bits: Number(prefix) <= 32 ? Number(prefix) : -1 }
}

export function readIpv6(text: string): Network6 | null {
  const [address, prefix, more] = text.split('/')
  if (address === undefined || more !== undefined || !isIpv6(address)) return null
  if (prefix !== undefined && !/^\d{1,3}$/.test(prefix)) return null
  const bits = prefix === undefined ? 128 : Number(prefix)
  return { address: ipv6Bytes(address), bits: bits <= 128 ? bits : -1 }
}

/** Of a text that `isIpv6`. */
function ipv6Bytes(text: string): Uint8Array {
  const bytes = new Uint8Array(16)
  const [head = '', tail] = text.split('::')
  const before = groupsOf(head)
  const after = tail === undefined ? [] : groupsOf(tail)
  for (const [i, group] of before.entries()) put(bytes, 2 * i, group)
  for (const [i, group] of after.entries()) put(bytes, 16 - 2 * (after.length - i), group)
  return bytes
}
function groupsOf(text: string): number[] {
  if (text === '') return []
  return text.split(':').flatMap((part) => {
    if (!part.includes('.')) return [Number.parseInt(part, 16)]
    const address = ipv4Number(part)
    return [Math.floor(address / 65_536), address % 65_536]
  })
}
function put(bytes: Uint8Array, at: number, group: number): void {
  bytes[at] = group >> 8
  bytes[at + 1] = group & 255
}

/** `0a:0b:ff`, with `:`, `-`, `.` or nothing between the bytes. */
export function readBytes(text: string): Uint8Array | null {
  const found = /^[0-9a-f]{2}(?:(?<separator>[:.-]?)[0-9a-f]{2}(?:\k<separator>[0-9a-f]{2})*)?$/i.test(text)
  const quads = /^[0-9a-f]{4}(?:\.[0-9a-f]{4})+$/i.test(text)
  if (!found && !quads) return null
  return new Uint8Array(Buffer.from(text.replaceAll(/[:.-]/g, ''), 'hex'))
}

const SECOND = 1_000_000_000n

/** Seconds with fractions as nanoseconds. */
export function readDuration(text: string): bigint | null {
  const found = /^(-?)(\d{1,18})?(?:\.(\d{0,9}))?(?:s)?$/.exec(text)
  if (found === null) return null
  const [, sign, whole, fraction] = found
  if (whole === undefined && (fraction === undefined || fraction === '')) return null
  const value = BigInt(whole ?? 0) * SECOND + BigInt((fraction ?? '').padEnd(9, '0'))
  return sign === '-' ? -value : value
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const ISO = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?)?\s*(Z|UTC|[+-]\d{2}:?\d{2})?$/
const WORDS =
  /^([A-Za-z]{3})[a-z]*\s+(\d{1,2}),\s*(\d{4})(?:\s+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?)?\s*(Z|UTC|[+-]\d{2}:?\d{2})?$/

/** `2026-11-20 18:41:00.5`, `Nov 20, 2026 18:41:00`, with `Z`, `UTC` or an offset; local time without. Nanoseconds since 1970. */
export function readTime(text: string): bigint | null {
  const trimmed = text.trim()
  const iso = ISO.exec(trimmed)
  const words = iso === null ? WORDS.exec(trimmed) : null
  const found = iso ?? words
  if (found === null) return null
  const year = Number(iso === null ? found[3] : found[1])
  const month = iso === null ? MONTHS.indexOf(found[1]!.toLowerCase()) : Number(found[2]) - 1
  const day = Number(iso === null ? found[2] : found[3])
  const [hour, minute, second] = [Number(found[4] ?? 0), Number(found[5] ?? 0), Number(found[6] ?? 0)]
  if (month < 0 || month > 11 || day < 1 || day > 31 || hour > 23 || minute > 59 || second > 60) return null
  const zone = found[8]
  let millis: number
  if (zone === undefined) millis = new Date(year, month, day, hour, minute, second).getTime()
  else {
    millis = Date.UTC(year, month, day, hour, minute, second)
    if (zone !== 'Z' && zone !== 'UTC') {
      const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2))
      millis -= (zone.startsWith('-') ? -minutes : minutes) * 60_000
    }
  }
  return Number.isNaN(millis) ? null : BigInt(millis) * 1_000_000n + BigInt((found[7] ?? '').padEnd(9, '0'))
}
