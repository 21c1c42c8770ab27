/** What somebody had written of an incident and not saved, as it is stored. */
import { isoFromMicros } from '../../../../shared/model/time.ts'
import type { OutputOf } from '../types.ts'
import type { Rows } from './rows.ts'

/** `incident` by its row; null where nothing is kept. */
export function keptDraft(rows: Rows, incident: number, by: string): OutputOf<'incidents.draft'> | null {
  const kept = rows.get<{ draft: string; at: number }>(
    'SELECT draft, at FROM incident_draft WHERE incident = ? AND by = ?',
    incident,
    by,
  )
  return kept ? { draft: JSON.parse(kept.draft) as OutputOf<'incidents.draft'>['draft'], at: isoFromMicros(kept.at) } : null
}
