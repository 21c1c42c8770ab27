/**
 * All filters of a block as one piece of bytes: length of the value filter (u32), kind of the text filters (u32), their number
 * (u32), the length of each in the order of the block's columns (u32 each; 0 where a column has none), the value filter, the
 * text filters one after the other.
 */
import type { Fulltext } from './text-filter.ts'
import { FULLTEXT_KINDS } from './text-filter.ts'

export interface SplitFilters {
  readonly values: Uint8Array
  readonly kind: Fulltext
  readonly texts: readonly Uint8Array[]
}

export function joinFilters(values: Uint8Array, kind: Fulltext, texts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const start = 12 + texts.length * 4
  const out = new Uint8Array(start + values.length + texts.reduce((sum, text) => sum + text.length, 0))
  const view = new DataView(out.buffer)
  view.setUint32(0, values.length, true)
  view.setUint32(4, FULLTEXT_KINDS.indexOf(kind), true)
  view.setUint32(8, texts.length, true)
  out.set(values, start)
  let at = start + values.length
  texts.forEach((text, i) => {
    view.setUint32(12 + i * 4, text.length, true)
    out.set(text, at)
    at += text.length
  })
  return out
}

export function splitFilters(joined: Uint8Array): SplitFilters {
  if (joined.length < 12) return { values: joined.subarray(0, 0), kind: 'words', texts: [] }
  const view = new DataView(joined.buffer, joined.byteOffset, joined.length)
  const count = view.getUint32(8, true)
  const start = 12 + count * 4
  let at = start + view.getUint32(0, true)
  const values = joined.subarray(start, at)
  const texts: Uint8Array[] = []
  for (let i = 0; i < count; i++) {
    const length = view.getUint32(12 + i * 4, true)
    texts.push(joined.subarray(at, at + length))
    at += length
  }
  return { values, kind: FULLTEXT_KINDS[view.getUint32(4, true)] ?? 'words', texts }
}
