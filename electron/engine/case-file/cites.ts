/** Cites within stored JSON, wherever they stand: found, and mapped to another desk's ids. */
import type { LedgerEntry } from '../../../shared/model/ledger.ts'

export type Json = LedgerEntry['body'][string]
type Fields = { readonly [name: string]: Json }

const isFields = (value: Json): value is Fields => value !== null && typeof value === 'object' && !Array.isArray(value)
const MOST_DEPTH = 64

export interface Named {
  readonly kind: 'event' | 'alert' | 'asset'
  readonly id: string
}
const NAMED = ['event', 'alert', 'asset'] as const

/** Tells of each cite, and of the event that an entry is of. */
export function collectCites(value: Json, tell: (cite: Named) => void, depth = 0): void {
  if (depth > MOST_DEPTH || value === null || typeof value !== 'object') return
  if (Array.isArray(value)) return value.forEach((one) => collectCites(one, tell, depth + 1))
  const fields = value as Fields
  for (const kind of NAMED) {
    const id = fields[kind]
    if (typeof id === 'string' && (fields['kind'] === kind || (kind !== 'asset' && depth === 0))) tell({ kind, id })
  }
  for (const one of Object.values(fields)) collectCites(one, tell, depth + 1)
}

/** The same value with the ids of events and alerts as `map` has them. */
export function mapCites(value: Json, map: (kind: 'event' | 'alert', id: string) => string, depth = 0): Json {
  if (depth > MOST_DEPTH || value === null || typeof value !== 'object') return value
  if (Array.isArray(value)) return value.map((one) => mapCites(one, map, depth + 1))
  if (!isFields(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, one]): [string, Json] => {
      const named = name === 'event' || name === 'alert'
      if (named && typeof one === 'string' && (value['kind'] === name || depth === 0)) return [name, map(name, one)]
      return [name, mapCites(one, map, depth + 1)]
    }),
  )
}
