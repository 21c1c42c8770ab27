/** Many patterns asked of one text, without a call for each. */
import { ANY_TEXT, type Part, type Test } from '../detection.ts'
import { LiteralIndex, worthFinding, type Place } from './literal-index.ts'
import { decimalOf } from './decimal.ts'
import { textTest } from './text-test.ts'

/** From so many on they are looked for in one pass. */
export const VERY_MANY = 64

/** Of a text in lower case. */
type Fits = (text: string) => boolean

/** What any of the tests (or all of them) asks of a text in lower case; null where one asks for more than that. */
export function manyTexts(tests: readonly Test[], join: 'any' | 'all'): Fits | null {
  const whole = new Set<string>()
  const starts: string[] = []
  const ends: string[] = []
  const inside: string[] = []
  const others: Fits[] = []
  for (const test of tests) {
    if (test.kind !== 'text' || test.cased) return null
    const parts = test.parts.map((part) => (typeof part === 'string' ? part.toLowerCase() : part))
    const shape = shapeOf(parts)
    if (shape === 'other') others.push(textTest(parts).fits)
    else {
      const text = parts.find((part) => typeof part === 'string') ?? ''
      if (shape === 'whole') {
        whole.add(text)
        const decimal = decimalOf(text)
        if (decimal !== null) {
          if (join === 'all') return null
          whole.add(decimal)
        }
      } else (shape === 'start' ? starts : shape === 'end' ? ends : inside).push(text)
    }
  }
  if (join === 'all') return whole.size > 0 ? null : allOf(starts, ends, inside, others)
  const wholes = whole.size === 0 ? null : whole
  if (starts.length + ends.length + inside.length >= VERY_MANY) return anyOfVeryMany(whole, starts, ends, inside, others)
  const last = ends.map((end) => end.charCodeAt(end.length - 1))
  return (text) => {
    if (wholes !== null && wholes.has(text)) return true
    const end = text.charCodeAt(text.length - 1)
    for (let i = 0; i < last.length; i++) if (last[i] === end && text.endsWith(ends[i]!)) return true
    for (let i = 0; i < starts.length; i++) if (text.startsWith(starts[i]!)) return true
    for (let i = 0; i < inside.length; i++) if (text.includes(inside[i]!)) return true
    for (let i = 0; i < others.length; i++) if (others[i]!(text)) return true
    return false
  }
}

/** One pass over the text, however many there are: the values of a list may be a hundred thousand. */
function anyOfVeryMany(
  whole: ReadonlySet<string>,
  starts: readonly string[],
  ends: readonly string[],
  inside: readonly string[],
  others: readonly Fits[],
): Fits {
  const index = new LiteralIndex()
  const single: Fits[] = []
  const add = (texts: readonly string[], place: Place, fits: (text: string, literal: string) => boolean): void => {
    for (const literal of texts)
      if (worthFinding(literal)) index.add(0, literal, place, 0)
      else single.push((text) => fits(text, literal))
  }
  add(starts, 'start', (text, literal) => text.startsWith(literal))
  add(ends, 'end', (text, literal) => text.endsWith(literal))
  add(inside, 'anywhere', (text, literal) => text.includes(literal))
  index.build()
  let found = false
  const hit = (): void => void (found = true)
  return (text) => {
    if (whole.has(text)) return true
    found = false
    index.scanText(0, text, hit)
    return found || single.some((fits) => fits(text)) || others.some((fits) => fits(text))
  }
}

function allOf(starts: readonly string[], ends: readonly string[], inside: readonly string[], others: readonly Fits[]): Fits {
  return (text) => {
    for (let i = 0; i < ends.length; i++) if (!text.endsWith(ends[i]!)) return false
    for (let i = 0; i < starts.length; i++) if (!text.startsWith(starts[i]!)) return false
    for (let i = 0; i < inside.length; i++) if (!text.includes(inside[i]!)) return false
    for (let i = 0; i < others.length; i++) if (!others[i]!(text)) return false
    return true
  }
}

function shapeOf(parts: readonly Part[]): 'whole' | 'start' | 'end' | 'inside' | 'other' {
  const [first, second, third] = parts
  switch (parts.length) {
    case 1:
      return typeof first === 'string' ? 'whole' : 'other'
    case 2:
      return first === ANY_TEXT && typeof second === 'string'
        ? 'end'
        : typeof first === 'string' && second === ANY_TEXT
          ? 'start'
          : 'other'
    case 3:
      return first === ANY_TEXT && typeof second === 'string' && third === ANY_TEXT ? 'inside' : 'other'
    default:
      return 'other'
  }
}
