/** What somebody wrote into the box for going to a packet. */
import { momentOf } from '../shared/capture-time.ts'

export type Place =
  | { readonly kind: 'packet'; readonly packet: number }
  | { readonly kind: 'time'; readonly seconds: number }
  | { readonly kind: 'none' }

/** A number, with spaces or commas between thousands, is a packet; anything else must be a time. */
export function placeOf(text: string, first: number | null): Place {
  const digits = text.trim().replaceAll(/[\s,\u202f]/g, '')
  if (/^\d+$/.test(digits)) {
    const packet = Number(digits)
    return packet >= 1 && packet <= 4_294_967_295 ? { kind: 'packet', packet } : { kind: 'none' }
  }
  const seconds = momentOf(text, first)
  return seconds === null ? { kind: 'none' } : { kind: 'time', seconds }
}
