/** Values as the ledger holds them: whole where they are short, else what they began with, how long they are, and their hash. */
import { createHash } from 'node:crypto'
import type { Fields, Json } from '../../incidents/merge-fields.ts'

const WHOLE = 2000
const BEGINNING = 500

export function told(value: Json): Json {
  const text = JSON.stringify(value)
  if (text.length <= WHOLE) return value
  if (Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === 'string' && one.length < 100)) return value
  const whole = typeof value === 'string' ? value : text
  return {
    // A pair of surrogates that is cut would be no text.
    begins: whole.slice(0, BEGINNING).toWellFormed(),
    length: whole.length,
    sha256: createHash('sha256').update(whole).digest('hex'),
  }
}

export const toldFields = (fields: Fields): Record<string, Json> =>
  Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, told(value)]))
