/** Text patterns as functions, the quickest that will do for each shape. */
import { ANY_CHAR, ANY_DASH, ANY_TEXT, DASHES, type Part } from '../detection.ts'

export interface TextTest {
  /** Of text in lower case, unless the pattern is cased. */
  fits(text: string): boolean
  /** Where it fits, or null. */
  span(text: string): readonly [number, number] | null
  /** Text that must stand in any value that fits: as it is, or null where there is none. */
  readonly literal: { readonly text: string; readonly place: 'whole' | 'start' | 'end' | 'anywhere' } | null
  /** It fits wherever that text stands. */
  readonly exact: boolean
}

const found = (start: number, end: number): readonly [number, number] | null => (start < 0 ? null : [start, end])

/** `parts` are in lower case already where case does not count. */
export function textTest(parts: readonly Part[]): TextTest {
  const [first, second, third] = parts
  if (parts.length === 0)
    return { fits: (text) => text === '', span: (text) => (text === '' ? [0, 0] : null), literal: null, exact: false }
  if (parts.length === 1) {
    if (first === ANY_TEXT) return { fits: () => true, span: (text) => [0, text.length], literal: null, exact: false }
    if (typeof first === 'string')
      return {
        fits: (text) => text === first,
        span: (text) => (text === first ? [0, text.length] : null),
        literal: { text: first, place: 'whole' },
        exact: true,
      }
  }
  if (parts.length === 2 && first === ANY_TEXT && typeof second === 'string') {
    const { length } = second
    return {
      fits: (text) => text.endsWith(second),
      span: (text) => (text.endsWith(second) ? [text.length - length, text.length] : null),
      literal: { text: second, place: 'end' },
      exact: true,
    }
  }
  if (parts.length === 2 && typeof first === 'string' && second === ANY_TEXT)
    return {
      fits: (text) => text.startsWith(first),
      span: (text) => (text.startsWith(first) ? [0, first.length] : null),
      literal: { text: first, place: 'start' },
      exact: true,
    }
  if (parts.length === 3 && first === ANY_TEXT && typeof second === 'string' && third === ANY_TEXT)
    return {
      fits: (text) => text.includes(second),
      span: (text) => {
        const at = text.indexOf(second)
        return found(at, at + second.length)
      },
      literal: { text: second, place: 'anywhere' },
      exact: true,
    }
  return glob(parts)
}

/** What stands between two stars: characters, -1 for any, -2 for any dash. */
interface Segment {
  readonly codes: readonly number[]
  /** Its longest plain text, to look for, and where in the segment that stands. */
  readonly anchor: string
  readonly anchorAt: number
}

const CODE: ReadonlyMap<Part, number> = new Map([
  [ANY_CHAR, -1],
  [ANY_DASH, -2],
])

function segments(parts: readonly Part[]): Segment[] {
  const lists: Part[][] = [[]]
  for (const part of parts)
    if (part === ANY_TEXT) lists.push([])
    else lists.at(-1)!.push(part)
  return lists.map((list) => {
    const codes: number[] = []
    let anchor = ''
    let anchorAt = 0
    for (const part of list)
      if (typeof part === 'string') {
        if (part.length > anchor.length) {
          anchor = part
          anchorAt = codes.length
        }
        for (let i = 0; i < part.length; i++) codes.push(part.charCodeAt(i))
      } else codes.push(CODE.get(part)!)
    return { codes, anchor, anchorAt }
  })
}

function standsAt(text: string, at: number, codes: readonly number[]): boolean {
  if (at < 0 || at + codes.length > text.length) return false
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i]!
    if (code >= 0 ? code !== text.charCodeAt(at + i) : code === -2 && !DASHES.includes(text[at + i]!)) return false
  }
  return true
}

/** First place at or after `from` where the segment stands, or -1. */
function find(text: string, from: number, { codes, anchor, anchorAt }: Segment): number {
  if (codes.length === 0) return from
  if (anchor === '') {
    for (let at = from; at + codes.length <= text.length; at++) if (standsAt(text, at, codes)) return at
    return -1
  }
  for (let at = text.indexOf(anchor, from + anchorAt); at >= 0; at = text.indexOf(anchor, at + 1))
    if (standsAt(text, at - anchorAt, codes)) return at - anchorAt
  return -1
}

/** Stars between segments: each segment is taken where it first fits, which is never worse than later. */
function glob(parts: readonly Part[]): TextTest {
  const all = segments(parts)
  const head = all[0]!
  const tail = all.at(-1)!
  const middle = all.slice(1, -1)
  const span = (text: string): readonly [number, number] | null => {
    if (all.length === 1) return head.codes.length === text.length && standsAt(text, 0, head.codes) ? [0, text.length] : null
    if (!standsAt(text, 0, head.codes)) return null
    const end = text.length - tail.codes.length
    let at = head.codes.length
    let start = head.codes.length > 0 ? 0 : -1
    for (const segment of middle) {
      const place = find(text, at, segment)
      if (place < 0) return null
      if (start < 0) start = place
      at = place + segment.codes.length
    }
    if (at > end || !standsAt(text, end, tail.codes)) return null
    return [start < 0 ? (tail.codes.length > 0 ? end : 0) : start, tail.codes.length > 0 ? text.length : at]
  }
  let literal = ''
  for (const part of parts) if (typeof part === 'string' && part.length > literal.length) literal = part
  return {
    fits: (text) => span(text) !== null,
    span,
    literal: literal === '' ? null : { text: literal, place: 'anywhere' },
    exact: false,
  }
}
