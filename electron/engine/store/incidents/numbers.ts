/** Numbers of incidents: what a year gives next, and which are taken. */
import type { IncidentNumber } from '../../../../shared/model/incident.ts'
import { fail, ok, type Result } from '../../../../shared/model/result.ts'
import type { Rows } from './rows.ts'

const LAST = 999_999

export interface FreeNumber {
  readonly number: IncidentNumber
  readonly place: number
}

/** Whether an incident has it, or a book is called so. */
export const numberTaken = (rows: Rows, number: IncidentNumber): boolean =>
  rows.get(
    'SELECT 1 FROM incident WHERE number = ? UNION ALL SELECT 1 FROM ledger WHERE book = ? AND number = 1',
    number,
    number,
  ) !== undefined

/**
 * The next one after the last that was given here. Those of cases from other desks are passed over, and move nothing: a single high one
 * would use up the year. `conflict` where there are none left.
 */
export function nextNumber(rows: Rows, year: number): Result<FreeNumber> {
  const { last } = rows.get<{ last: number }>('SELECT last FROM incident_number WHERE year = ?', year) ?? { last: 0 }
  for (let place = last + 1; place <= LAST; place++) {
    const number = `INC-${year}-${String(place).padStart(4, '0')}`
    if (!numberTaken(rows, number)) return ok({ number, place })
  }
  return fail({ code: 'conflict', message: 'There are no numbers left this year.' })
}
