/** What is looked for, made ready for the engine. */
import type { FindSpec } from '../../last-find.ts'

/** `4d 5a`, `4D:5A`, `0x4d5a` → `4d5a`; null where it is no whole number of bytes. */
export function hexDigits(text: string): string | null {
  const digits = text
    .trim()
    .replace(/^0x/i, '')
    .replaceAll(/[\s:.-]/g, '')
    .toLowerCase()
  return digits !== '' && digits.length % 2 === 0 && /^[0-9a-f]+$/.test(digits) ? digits : null
}

/** Null where it cannot be looked for. Bytes are looked for in bytes, a filter in neither. */
export function wantedOf(spec: FindSpec): FindSpec | null {
  if (spec.what !== 'hex') return spec.text === '' || (spec.what === 'filter' && spec.text.trim() === '') ? null : spec
  const digits = hexDigits(spec.text)
  return digits === null ? null : { ...spec, text: digits, where: 'bytes' }
}

/** Where the search goes on once it has come to an end without a hit: the other end of the rows. */
export const otherEnd = (backwards: boolean, packets: number): number => (backwards ? packets + 1 : 0)
