/** How entries of the ledger are chained, and how a chain is checked. */
import { createHash } from 'node:crypto'
import type { LedgerEntry } from '../../../shared/model/ledger.ts'

export const NO_HASH = '0'.repeat(64)

export type NewEntry = Omit<LedgerEntry, 'hash'>

type Json = LedgerEntry['body'][string]

/** The same text for the same value: names in order of their code units, no spaces (as RFC 8785, for what JSON can say). */
export function canonical(value: Json): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`
  const names = Object.keys(value).sort()
  return `{${names.map((name) => `${JSON.stringify(name)}:${canonical(value[name]!)}`).join()}}`
}

/** SHA-256, hexadecimal, of the canonical text of everything but the hash. */
export const hashOf = ({ book, number, at, by, action, subject, body, previous }: NewEntry): string =>
  createHash('sha256').update(canonical({ book, number, at, by, action, subject, body, previous })).digest('hex')

export const sealed = (entry: NewEntry): LedgerEntry => ({ ...entry, hash: hashOf(entry) })

/** Follows a book from its number 1, an entry at a time. */
export class ChainCheck {
  #number = 0
  #previous = NO_HASH
  #book: string | null = null

  /** The fault of the next entry, null where there is none. */
  next(entry: LedgerEntry): ChainFault | null {
    const number = ++this.#number
    this.#book ??= entry.book
    if (entry.number !== number || entry.book !== this.#book) return { number, why: 'missing' }
    if (entry.previous !== this.#previous) return { number, why: 'unchained' }
    if (entry.hash !== hashOf(entry)) return { number, why: 'changed' }
    this.#previous = entry.hash
    return null
  }
}

/** The first fault of a book's entries, which must begin with number 1; null where there is none. */
export function faultOf(entries: Iterable<LedgerEntry>): ChainFault | null {
  const check = new ChainCheck()
  for (const entry of entries) {
    const fault = check.next(entry)
    if (fault !== null) return fault
  }
  return null
}

export interface ChainFault {
  readonly number: number
  /** `missing` an entry is not where it should be · `unchained` it does not follow the one before · `changed` it is not what was hashed. */
  readonly why: 'missing' | 'unchained' | 'changed'
}
