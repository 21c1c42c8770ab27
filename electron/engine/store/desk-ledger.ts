/** The ledger in the desk's database. Entries are added inside the transaction of what they tell of. */
import { LedgerEntry, type LedgerBook } from '../../../shared/model/ledger.ts'
import { isoFromMicros } from '../../../shared/model/time.ts'
import { faultOf, NO_HASH, sealed, type ChainFault } from '../ledger/chain.ts'
import type { ReadDatabase, WriteDatabase } from './database.ts'

export interface Told {
  readonly by: string
  readonly action: string
  readonly subject: string
  readonly body: LedgerEntry['body']
}

export type LedgerRow = Omit<LedgerEntry, 'body'> & { readonly body: string }
const COLUMNS = 'book, number, at, by, action, subject, body, previous, hash'

export class DeskLedger {
  readonly #db: WriteDatabase
  readonly #statements

  constructor(db: WriteDatabase) {
    this.#db = db
    this.#statements = {
      last: db.prepare('SELECT number, hash FROM ledger WHERE book = ? ORDER BY number DESC LIMIT 1'),
      add: db.prepare(`INSERT INTO ledger (${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`),
    }
  }

  /** Adds an entry to a book. `now` in microseconds. The caller's transaction, where there is one, holds both or neither. */
  add(book: LedgerBook, { by, action, subject, body }: Told, now: number): LedgerEntry {
    const last = this.#statements.last.get(book) as { number: number; hash: string } | undefined
    const entry = LedgerEntry.parse(
      sealed({
        book,
        number: (last?.number ?? 0) + 1,
        at: isoFromMicros(now),
        by,
        action,
        subject,
        body,
        previous: last?.hash ?? NO_HASH,
      }),
    )
    this.#statements.add.run(
      entry.book,
      entry.number,
      entry.at,
      entry.by,
      entry.action,
      entry.subject,
      JSON.stringify(entry.body),
      entry.previous,
      entry.hash,
    )
    return entry
  }

  fault(book: LedgerBook): ChainFault | null {
    return faultOf(entriesOf(this.#db, book))
  }
}

/** A book's entries in order, from number 1. */
export function* entriesOf(db: ReadDatabase, book: LedgerBook): Generator<LedgerEntry> {
  for (const row of db
    .prepare(`SELECT ${COLUMNS} FROM ledger WHERE book = ? ORDER BY number`)
    .iterate(book) as Iterable<LedgerRow>)
    yield entryOf(row)
}

export const entryOf = (row: LedgerRow): LedgerEntry => LedgerEntry.parse({ ...row, body: JSON.parse(row.body) as unknown })
