/** A tuning as desk.db keeps it, and as the contract shows it. Times in microseconds. */
import { isoFromMicros } from '../../../../shared/model/time.ts'
import { TuningDraft, type Tuning } from '../../../../shared/model/triage.ts'

export interface TuningRow {
  readonly id: string
  readonly detection: string
  readonly draft: string
  readonly title: string
  readonly expires: number
  readonly created: number
  readonly created_by: string
  readonly insisted: string | null
  readonly ended: number | null
  readonly ended_by: string | null
  readonly removed: number
  readonly last: number | null
}
export const TUNING_COLUMNS =
  'id, detection, draft, title, expires, created, created_by, insisted, ended, ended_by, removed, last'

export const tuningOf = (row: TuningRow, now: number): Tuning => ({
  ...TuningDraft.parse(JSON.parse(row.draft)),
  id: row.id,
  title: row.title,
  created: isoFromMicros(row.created),
  createdBy: row.created_by,
  insisted: row.insisted,
  state: row.ended !== null ? 'ended' : row.expires <= now ? 'expired' : 'active',
  ended: row.ended === null ? null : isoFromMicros(row.ended),
  endedBy: row.ended_by,
  removed: row.removed,
  last: row.last === null ? null : isoFromMicros(row.last),
})
