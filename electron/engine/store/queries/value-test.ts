/** What a value must be to fit one part of a query, and what is known about it beforehand: keys, literals and bounds that let whole blocks be passed over. */
import type { FieldTest } from '../../../../shared/query/ast.ts'
import { ANY, ONE, patternPieces } from '../../../../shared/query/escape.ts'
import type { Scalar } from '../../event/row.ts'
import { addressesWith } from '../address-keys.ts'
import { TextProbe } from '../text-filter.ts'
import { cidrRange, inRange, ipv4, ipv6 } from './addresses.ts'
import type { AddressRange } from './addresses.ts'

export interface ValueTest {
  /** `lower` is the text in lower case. */
  text(lower: string): boolean
  number(value: number): boolean
  boolean(value: boolean): boolean
  /** Set where the test is equality: the text in lower case, and as a number where it is one. */
  readonly equals?: { readonly text: string; readonly number: number | null }
  /** Parts that any text that fits must contain, in lower case; the longest first. */
  readonly literals?: readonly string[]
  /** The test is just that the first literal is contained. */
  readonly contains?: boolean
  readonly probe?: TextProbe
  /** All IPv4 addresses that contain the first literal; null where they are too many. */
  readonly addressesWith?: readonly number[] | null
  /** Numbers outside do not fit; whether those inside do is `exact`. */
  readonly bounds?: { readonly from: number; readonly to: number; readonly exact: boolean }
  readonly addresses?: AddressRange
}

const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i
/** Decimal text as a number, or null. */
export function numberOf(text: string): number | null {
  const trimmed = text.trim()
  return trimmed.length <= 400 && NUMBER.test(trimmed) ? Number(trimmed) : null
}

/** The reference meaning of a test, value by value. */
export function fits(test: ValueTest, value: Scalar): boolean {
  return typeof value === 'string'
    ? test.text(value.toLowerCase())
    : typeof value === 'number'
      ? test.number(value)
      : test.boolean(value)
}

export function equalsTest(value: string): ValueTest {
  const lower = value.toLowerCase()
  const number = numberOf(value)
  return {
    text: (text) => text === lower,
    number: (n) => n === number,
    boolean: (b) => (b ? 'true' : 'false') === lower,
    equals: { text: lower, number },
    bounds: number === null ? { from: 1, to: 0, exact: true } : { from: number, to: number, exact: true },
  }
}

type Piece = string | typeof ANY | typeof ONE
/** Whether text fits pieces from end to end; at worst as many steps as text times pattern. */
function glob(pieces: readonly Piece[], text: string): boolean {
  let at = 0
  let piece = 0
  let starPiece = -1
  let starAt = 0
  for (;;) {
    const p = pieces[piece]
    if (p === undefined) {
      if (at === text.length) return true
    } else if (p === ANY) {
      starPiece = piece++
      starAt = at
      // What comes after a star is found, not tried at every place.
      const next = pieces[piece]
      if (next === undefined) return true
      if (typeof next === 'string') {
        const found = text.indexOf(next, at)
        if (found < 0) return false
        starAt = at = found
      }
      continue
    } else if (p === ONE) {
      if (at < text.length) {
        // One character, which may be two UTF-16 units.
        at += text.codePointAt(at)! > 0xffff ? 2 : 1
        piece++
        continue
      }
    } else if (text.startsWith(p, at)) {
      at += p.length
      piece++
      continue
    }
    if (starPiece < 0 || starAt >= text.length) return false
    starAt++
    const next = pieces[starPiece + 1]
    if (typeof next === 'string') {
      const found = text.indexOf(next, starAt)
      if (found < 0) return false
      starAt = found
    }
    at = starAt
    piece = starPiece + 1
  }
}

function patternTest(pieces: readonly Piece[]): ValueTest {
  const matches = (text: string): boolean => glob(pieces, text)
  const literals = pieces.filter((piece) => typeof piece === 'string').sort((a, b) => b.length - a.length)
  const contains = pieces.length === 3 && pieces[0] === ANY && typeof pieces[1] === 'string' && pieces[2] === ANY
  // A number's text is digits, a point, signs and e: nothing else can be in it.
  const numeric = literals.every((literal) => /^[-+.e0-9]*$|^[infaty-]*$|^[na]*$/.test(literal))
  return {
    text: contains ? (text) => text.includes(literals[0]!) : matches,
    number: (n) => matches(String(n).toLowerCase()),
    boolean: (b) => matches(String(b)),
    literals,
    contains,
    ...(literals.length > 0 ? { probe: new TextProbe(literals[0]!), addressesWith: addressesWith(literals[0]!) } : {}),
    ...(numeric ? {} : { bounds: { from: 1, to: 0, exact: true } }),
  }
}

const lowered = (pattern: string): Piece[] =>
  patternPieces(pattern).map((piece) => (typeof piece === 'string' ? piece.toLowerCase() : piece))
const joined = (pieces: readonly Piece[]): Piece[] => {
  const out: Piece[] = []
  for (const piece of pieces) {
    const last = out.at(-1)
    if (piece === ANY && last === ANY) continue
    if (typeof piece === 'string' && typeof last === 'string') out[out.length - 1] = last + piece
    else out.push(piece)
  }
  return out
}

export const wildcardTest = (pattern: string): ValueTest => patternTest(joined(lowered(pattern)))
/** Free text: the value contains it somewhere. */
export const containsTest = (text: string, wildcard: boolean): ValueTest =>
  patternTest(joined([ANY, ...(wildcard ? lowered(text) : [text.toLowerCase()]), ANY]))

export function cidrTest(cidr: string): ValueTest {
  const addresses = cidrRange(cidr)
  return {
    text: addresses ? (text) => inRange(text, addresses) : () => false,
    number: () => false,
    boolean: () => false,
    bounds: { from: 1, to: 0, exact: true },
    ...(addresses ? { addresses } : {}),
  }
}

interface Bound {
  readonly value: string
  readonly open: boolean
}
/** Both bounds may be missing. Compared as numbers where they are numbers, as addresses where they are addresses, else as text. */
export function betweenTest(from: Bound | null, to: Bound | null): ValueTest {
  const given = [from, to].filter((bound) => bound !== null)
  const numbers = given.map(({ value }) => numberOf(value))
  if (numbers.every((n) => n !== null)) {
    const low = from ? numbers[0]! : -Infinity
    const high = to ? numbers.at(-1)! : Infinity
    const number = (n: number): boolean => (from?.open ? n > low : n >= low) && (to?.open ? n < high : n <= high)
    return {
      number,
      text: (text) => {
        const n = numberOf(text)
        return n !== null && number(n)
      },
      boolean: () => false,
      bounds: { from: low, to: high, exact: !from?.open && !to?.open },
    }
  }
  const none = { number: () => false, boolean: () => false, bounds: { from: 1, to: 0, exact: true } }
  const four = given.map(({ value }) => ipv4(value))
  if (four.every((n) => n >= 0)) {
    const low = from ? four[0]! + (from.open ? 1 : 0) : 0
    const high = to ? four.at(-1)! - (to.open ? 1 : 0) : 2 ** 32 - 1
    const addresses: AddressRange = { v: 4, from: low, to: high }
    return { ...none, text: (text) => inRange(text, addresses), addresses }
  }
  const six = given.map(({ value }) => ipv6(value))
  if (six.every((n) => n !== null)) {
    const low = from ? six[0]! + (from.open ? 1n : 0n) : 0n
    const high = to ? six.at(-1)! - (to.open ? 1n : 0n) : (1n << 128n) - 1n
    const addresses: AddressRange = { v: 6, from: low, to: high }
    return { ...none, text: (text) => inRange(text, addresses), addresses }
  }
  const low = from?.value.toLowerCase()
  const high = to?.value.toLowerCase()
  return {
    ...none,
    text: (text) =>
      (low === undefined || (from!.open ? text > low : text >= low)) &&
      (high === undefined || (to!.open ? text < high : text <= high)),
  }
}

/** Test of a field that is no time; null for `exists`. */
export function testOf(test: FieldTest): ValueTest | null {
  switch (test.op) {
    case 'exists':
      return null
    case 'equals':
      return equalsTest(test.value)
    case 'wildcard':
      return wildcardTest(test.pattern)
    case 'cidr':
      return cidrTest(test.cidr)
    case 'lt':
      return betweenTest(null, { value: test.value, open: true })
    case 'lte':
      return betweenTest(null, { value: test.value, open: false })
    case 'gt':
      return betweenTest({ value: test.value, open: true }, null)
    case 'gte':
      return betweenTest({ value: test.value, open: false }, null)
    case 'range':
      return test.from === null && test.to === null
        ? null
        : betweenTest(
            test.from === null ? null : { value: test.from, open: false },
            test.to === null ? null : { value: test.to, open: false },
          )
  }
}
