/**
 * A reader of BER and DER (X.690): tags, lengths, integers, object identifiers. Nothing is trusted: what does not fit in its room
 * is null, and nothing goes deeper or wider than stated bounds.
 */
import { utf8 } from './text.ts'

/** One element. */
export interface Element {
  /** First octet of the tag: class, constructed bit and number. */
  readonly tag: number
  /** First octet of the element. */
  readonly at: number
  /** Contents, half-open; `to` never lies behind what is there. */
  readonly from: number
  readonly to: number
  /** Behind the element. */
  readonly next: number
  /** False where contents are cut. */
  readonly whole: boolean
}

/** Deepest nesting of elements of indefinite length. */
const DEEPEST = 16
/** Most children of one element that are looked at. */
export const MOST_CHILDREN = 512

/** The element at `at`; null where none can be read before `end`. */
export function element(data: Uint8Array, at: number, end: number, depth = 0): Element | null {
  let i = at
  if (i + 2 > end) return null
  const tag = data[i++]!
  if ((tag & 0x1f) === 0x1f) {
    const stop = Math.min(end, i + 4)
    while (i < stop && (data[i]! & 0x80) !== 0) i++
    if (i++ >= stop) return null
  }
  if (i >= end) return null
  const first = data[i++]!
  if (first === 0x80) return (tag & 0x20) === 0 ? null : indefinite(data, tag, at, i, end, depth)
  let length = first
  if (first > 0x80) {
    const octets = first & 0x7f
    if (octets > 6 || i + octets > end) return null
    length = 0
    for (let k = 0; k < octets; k++) length = length * 256 + data[i++]!
  }
  const next = i + length
  return { tag, at, from: i, to: Math.min(next, end), next, whole: next <= end }
}

function indefinite(data: Uint8Array, tag: number, at: number, from: number, end: number, depth: number): Element | null {
  if (depth >= DEEPEST) return null
  let i = from
  for (let n = 0; n < MOST_CHILDREN; n++) {
    if (i + 2 <= end && data[i] === 0 && data[i + 1] === 0) return { tag, at, from, to: i, next: i + 2, whole: true }
    const child = element(data, i, end, depth + 1)
    if (child === null || !child.whole) break
    i = child.next
  }
  return { tag, at, from, to: end, next: end, whole: false }
}

/** The elements from `from` on; ends at the first that cannot be read. */
export function elements(data: Uint8Array, from: number, to: number, most = MOST_CHILDREN): Element[] {
  const found: Element[] = []
  for (let at = from; at < to && found.length < most;) {
    const one = element(data, at, to)
    if (one === null) break
    found.push(one)
    at = one.next
  }
  return found
}

/** First child with the tag. */
export function child(data: Uint8Array, parent: Element | undefined, tag: number): Element | undefined {
  if (parent === undefined) return undefined
  let at = parent.from
  for (let n = 0; n < MOST_CHILDREN && at < parent.to; n++) {
    const one = element(data, at, parent.to)
    if (one === null) return undefined
    if (one.tag === tag) return one
    at = one.next
  }
  return undefined
}

/** What an explicit context tag holds. */
export function inside(data: Uint8Array, parent: Element | undefined, context: number): Element | undefined {
  const tagged = child(data, parent, 0xa0 | context)
  return tagged === undefined ? undefined : (element(data, tagged.from, tagged.to) ?? undefined)
}

/** For `stream.length`: bytes of the element at `from`; 0 where more is needed; -1 where it is none. */
export function elementLength(data: Uint8Array, from: number, to: number, most = 1 << 28): number {
  if (to - from < 2) return 0
  const first = data[from + 1]!
  if (first === 0x80) {
    const one = element(data, from, to)
    return one === null ? -1 : one.whole ? one.next - from : to - from > 65_536 ? -1 : 0
  }
  if (first < 0x80) return 2 + first
  const octets = first & 0x7f
  if (octets > 4) return -1
  if (to - from < 2 + octets) return 0
  let length = 0
  for (let i = 0; i < octets; i++) length = length * 256 + data[from + 2 + i]!
  return length > most ? -1 : 2 + octets + length
}

/** Two's complement. Longer than six octets: undefined, as no number holds it. */
export function integer(data: Uint8Array, one: Element | undefined): number | undefined {
  if (one === undefined || !one.whole) return undefined
  const length = one.to - one.from
  if (length < 1 || length > 6) return undefined
  let value = data[one.from]! & 0x80 ? -1 : 0
  for (let i = one.from; i < one.to; i++) value = value * 256 + data[i]!
  return value
}

/** Contents as UTF-8, no longer than `most` bytes. */
export const textOf = (data: Uint8Array, one: Element, most = 1024): string =>
  utf8(data, one.from, Math.min(one.to, one.from + most))

/** `1.3.6.1.5.5.2`, of the contents of an object identifier; at most 64 arcs. */
export function oid(data: Uint8Array, from: number, to: number): string {
  let text = ''
  let arc = 0
  let arcs = 0
  for (let i = from; i < to && arcs < 64; i++) {
    const octet = data[i]!
    // Beyond 2^53 an arc cannot be told exactly; such ones name nothing that is known here.
    arc = Math.min(Number.MAX_SAFE_INTEGER, arc * 128 + (octet & 0x7f))
    if (octet & 0x80) continue
    if (arcs === 0) {
      const top = Math.min(2, Math.floor(arc / 40))
      text = `${top}.${arc - top * 40}`
    } else text += `.${arc}`
    arcs++
    arc = 0
  }
  return text
}
