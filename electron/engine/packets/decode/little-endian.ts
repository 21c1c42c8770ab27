/** Texts and identifiers as Microsoft's protocols write them: UTF-16 and GUIDs with the low byte first. */
import { hex } from './text.ts'

const decoder = new TextDecoder('utf-16le')
/** UTF-16, U+FFFD where it is none; an odd byte at the end is left out. */
export const utf16 = (data: Uint8Array, from: number, to: number): string =>
  to <= from ? '' : decoder.decode(data.subarray(from, from + ((to - from) & ~1)))

/** UTF-16 up to a zero, or to `to`; `next` is behind the zero. */
export function utf16z(data: Uint8Array, from: number, to: number): { readonly text: string; readonly next: number } {
  let at = from
  while (at + 1 < to && (data[at] !== 0 || data[at + 1] !== 0)) at += 2
  return { text: utf16(data, from, Math.min(at, to)), next: Math.min(to, at + 2) }
}

/** `12345678-9abc-def0-0123-456789abcdef` of 16 bytes; `little` as DCE RPC's data representation says. */
export function guid(data: Uint8Array, at: number, little = true): string {
  const text = hex(data, at, at + 16)
  if (text.length < 32) return ''
  const turned = (from: number, to: number): string => {
    if (!little) return text.slice(from, to)
    let part = ''
    for (let i = to - 2; i >= from; i -= 2) part += text.slice(i, i + 2)
    return part
  }
  return `${turned(0, 8)}-${turned(8, 12)}-${turned(12, 16)}-${text.slice(16, 20)}-${text.slice(20)}`
}
