/** An incident's book: the newest entries first, and whether all of it is as it was written. */
import type { LedgerEntry } from '../../../../shared/model/ledger.ts'
import { ok } from '../../../../shared/model/result.ts'
import { ChainCheck } from '../../ledger/chain.ts'
import { entryOf, type LedgerRow } from '../desk-ledger.ts'
import { noIncident, rowOfIncident } from '../incidents/incident-row.ts'
import type { InputOf, OutputOf } from '../types.ts'
import type { DeskScope } from './alerts.ts'
import type { Search } from './events.ts'

const COLUMNS = 'book, number, at, by, action, subject, body, previous, hash'
const PAGE = 200
/** What was found of each book, by its last hash: a book that has no new entry is not read again. */
const checked = new Map<string, { readonly head: string; readonly intact: boolean }>()
const MOST_CHECKED = 200

export function* incidentLedger(
  { number, limit, before }: InputOf<'incidents.ledger'>,
  { desk, dataDir }: DeskScope,
): Search<OutputOf<'incidents.ledger'>> {
  if (!rowOfIncident(desk, number)) return noIncident(number)
  const last = desk.get<{ number: number; hash: string }>(
    'SELECT number, hash FROM ledger WHERE book = ? ORDER BY number DESC LIMIT 1',
    number,
  )
  const rows = desk.all<LedgerRow>(
    `SELECT ${COLUMNS} FROM ledger WHERE book = ? AND number < ? ORDER BY number DESC LIMIT ?`,
    number,
    before ?? Number.MAX_SAFE_INTEGER,
    limit,
  )
  const key = `${dataDir}\n${number}`
  const head = `${last?.number ?? 0}:${last?.hash ?? ''}`
  let known = checked.get(key)
  if (known?.head !== head) {
    const check = new ChainCheck()
    let intact = true
    for (let after = 0; intact;) {
      const page = desk.all<LedgerRow>(
        `SELECT ${COLUMNS} FROM ledger WHERE book = ? AND number > ? AND number <= ? ORDER BY number LIMIT ${PAGE}`,
        number,
        after,
        last?.number ?? 0,
      )
      // What is no entry at all is no book as it was written.
      intact = page.every((row) => sound(row, check))
      if (page.length < PAGE) break
      after = page.at(-1)!.number
      yield { scanned: after }
    }
    if (checked.size >= MOST_CHECKED) checked.clear()
    checked.set(key, (known = { head, intact }))
  }
  return ok({ entries: rows.flatMap(readable), total: last?.number ?? 0, intact: known.intact })
}

/** None of what is no entry at all: that the book is not intact is said. */
function readable(row: LedgerRow): LedgerEntry[] {
  try {
    return [entryOf(row)]
  } catch {
    return []
  }
}

function sound(row: LedgerRow, check: ChainCheck): boolean {
  try {
    return check.next(entryOf(row)) === null
  } catch {
    return false
  }
}
