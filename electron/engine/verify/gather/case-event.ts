import type { EventRow } from '../../../../shared/model/event.ts'
import { microsFromIso } from '../../../../shared/model/time.ts'
import type { CaseEvent } from '../case.ts'
import { onceEach } from '../reading/once-each.ts'

/** A stored event as tests read it. */
export const caseEvent = onceEach(({ id, time, type, format, source, fields }: EventRow): CaseEvent => ({
  id,
  time: microsFromIso(time) ?? 0,
  type,
  format,
  source,
  fields,
}))
