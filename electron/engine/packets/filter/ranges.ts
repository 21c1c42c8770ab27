/** What stands between square brackets: slices and layers. */
import type { LayerRange, SliceRange } from './tree.ts'

const MOST_RANGES = 100
const NUMBER = String.raw`-?(?:0x[0-9A-Fa-f]{1,8}|\d{1,9})`
const SLICE = new RegExp(`^(?:(${NUMBER})(?::(${NUMBER})?|-(${NUMBER}))?|:(${NUMBER}))$`)
const LAYERS = /^(-?\d{1,5})(?:-(-?\d{1,5})?)?$/

/** Wireshark takes 0x.. and octal numbers here too. */
function numberOf(text: string): number {
  const negative = text.startsWith('-')
  const digits = negative ? text.slice(1) : text
  const value = /^0[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : Number(digits)
  return negative ? -value : value
}

/** `0:2`, `0-1`, `3`, `:4`, `4:`, several with commas; null where it is none. */
export function readSlices(text: string): readonly SliceRange[] | null {
  const parts = text.split(',')
  if (parts.length > MOST_RANGES) return null
  const ranges: SliceRange[] = []
  for (const part of parts) {
    const found = SLICE.exec(part.replaceAll(/\s+/g, ''))
    if (found === null) return null
    const [whole, first, length, to, until] = found
    if (until !== undefined) ranges.push({ from: 0, length: numberOf(until), to: null })
    else if (length !== undefined) ranges.push({ from: numberOf(first!), length: numberOf(length), to: null })
    else if (to !== undefined) ranges.push({ from: numberOf(first!), length: null, to: numberOf(to) })
    else if (whole.endsWith(':')) ranges.push({ from: numberOf(first!), length: null, to: null })
    else ranges.push({ from: numberOf(first!), length: 1, to: null })
  }
  return ranges.some(({ length }) => length !== null && length <= 0) ? null : ranges
}

/** `2`, `-1`, `1-2`, `2-`; null where it is none. */
export function readLayers(text: string): readonly LayerRange[] | null {
  const parts = text.split(',')
  if (parts.length > MOST_RANGES) return null
  const ranges: LayerRange[] = []
  for (const part of parts) {
    const found = LAYERS.exec(part.trim())
    if (found === null) return null
    const from = Number(found[1])
    if (from === 0) return null
    const open = part.trim().endsWith('-')
    ranges.push({ from, to: found[2] !== undefined ? Number(found[2]) : open ? null : from })
  }
  return ranges
}
