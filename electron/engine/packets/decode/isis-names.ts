/** Identifiers of IS-IS as text. */
import { hex } from './text.ts'

/** `4444.4444.4444`; with `bytes` 7 or 8 the pseudonode and the fragment behind: `4444.4444.4444.01-00`. */
export function isisId(data: Uint8Array, at: number, bytes: 6 | 7 | 8): string {
  let text = [0, 2, 4].map((i) => hex(data, at + i, at + i + 2)).join('.')
  if (bytes > 6) text += `.${hex(data, at + 6, at + 7)}`
  if (bytes > 7) text += `-${hex(data, at + 7, at + 8)}`
  return text
}
