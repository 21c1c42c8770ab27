/** Times by a pattern of letters, as CSV mappings and LEEF's `devTimeFormat` state them. */
import { zoneOffset, type Clock } from './time.ts'

type Part =
  | {
      readonly kind: 'number'
      readonly field: 'year' | 'month' | 'day' | 'hour' | 'minute' | 'second'
      readonly min: number
      readonly max: number
    }
  | { readonly kind: 'fraction' | 'monthName' | 'half' | 'zone' | 'skipWord' }
  | { readonly kind: 'text'; readonly text: string }

const NUMBERS: Readonly<Record<string, 'year' | 'month' | 'day' | 'hour' | 'minute' | 'second'>> = {
  y: 'year',
  u: 'year',
  M: 'month',
  d: 'day',
  H: 'hour',
  k: 'hour',
  h: 'hour',
  K: 'hour',
  m: 'minute',
  s: 'second',
}

/** A compiled pattern of `yyyy MM MMM dd HH hh mm ss SSS a Z XXX z EEE`; other letters stand in quotes. */
export class TimePattern {
  readonly #parts: readonly Part[]

  constructor(pattern: string) {
    this.#parts = compile(pattern.slice(0, 64))
  }

  /** Reads the whole text into the clock; false where it does not fit. */
  read(text: string, clock: Clock): boolean {
    let at = 0
    const value = { year: -1, month: 1, day: 1, hour: 0, minute: 0, second: 0 }
    let nanos = 0
    let half = ''
    let offset: number | null | undefined
    for (const part of this.#parts) {
      if (part.kind === 'text') {
        if (!text.startsWith(part.text, at)) return false
        at += part.text.length
      } else if (part.kind === 'number') {
        let end = at
        while (end - at < part.max && isDigit(text.charCodeAt(end))) end++
        if (end - at < part.min) return false
        value[part.field] = Number(text.slice(at, end)) + (part.field === 'year' && end - at === 2 ? 2000 : 0)
        at = end
      } else if (part.kind === 'fraction') {
        const digits = /^\d{1,9}/.exec(text.slice(at, at + 9))
        if (digits === null) return false
        nanos = Number(digits[0].padEnd(9, '0'))
        at += digits[0].length
      } else if (part.kind === 'monthName') {
        const month = 'janfebmaraprmayjunjulaugsepoctnovdec'.indexOf(text.slice(at, at + 3).toLowerCase())
        if (month < 0 || month % 3 !== 0) return false
        value.month = month / 3 + 1
        at += /^[A-Za-z]{3,9}/.exec(text.slice(at, at + 9))?.[0].length ?? 3
      } else if (part.kind === 'half') {
        half = text.slice(at, at + 2).toUpperCase()
        if (half !== 'AM' && half !== 'PM') return false
        at += 2
      } else if (part.kind === 'zone') {
        const word = /^(?:Z\b|(?:UTC|GMT)?[+-]\d\d:?\d\d|[A-Za-z/_]{1,40})/.exec(text.slice(at, at + 40))
        if (word === null) return false
        offset = zoneOffset(word[0])
        at += word[0].length
      } else {
        at += /^[A-Za-z]{0,12}/.exec(text.slice(at, at + 12))![0].length
      }
    }
    if (at !== text.length) return false
    if (half !== '') value.hour = (value.hour % 12) + (half === 'PM' ? 12 : 0)
    return clock.parts(value.year, value.month - 1, value.day, value.hour, value.minute, value.second, nanos, offset ?? null)
  }
}

const isDigit = (code: number): boolean => code >= 48 && code <= 57

function compile(pattern: string): Part[] {
  const parts: Part[] = []
  let at = 0
  while (at < pattern.length) {
    const letter = pattern[at]!
    if (letter === "'") {
      const end = pattern.indexOf("'", at + 1)
      const text = end < 0 ? pattern.slice(at + 1) : end === at + 1 ? "'" : pattern.slice(at + 1, end)
      parts.push({ kind: 'text', text })
      at = end < 0 ? pattern.length : end + 1
      continue
    }
    if (!/[A-Za-z]/.test(letter)) {
      parts.push({ kind: 'text', text: letter })
      at++
      continue
    }
    let end = at
    while (pattern[end] === letter) end++
    const count = end - at
    at = end
    const next = pattern[end]
    const field = Object.hasOwn(NUMBERS, letter) ? NUMBERS[letter] : undefined
    if (letter === 'M' && count >= 3) parts.push({ kind: 'monthName' })
    else if (field !== undefined) {
      // Letters side by side (yyyyMMdd) take exactly their count; otherwise one letter takes one or two digits.
      const tight = next !== undefined && /[A-Za-z]/.test(next)
      parts.push({ kind: 'number', field, min: count >= 4 ? 4 : tight ? count : count === 1 ? 1 : 2, max: count >= 4 ? 4 : 2 })
    } else if (letter === 'S') parts.push({ kind: 'fraction' })
    else if (letter === 'a') parts.push({ kind: 'half' })
    else if (letter === 'Z' || letter === 'X' || letter === 'x' || letter === 'z') parts.push({ kind: 'zone' })
    else if (letter === 'E') parts.push({ kind: 'skipWord' })
    else parts.push({ kind: 'text', text: letter.repeat(count) })
  }
  return parts
}
