/** Incidents in which somebody with these names and addresses is: by their alerts, or as an entity. */
import type { Incident } from '../../../../shared/model/incident.ts'
import { ok } from '../../../../shared/model/result.ts'
import { isCidr } from '../../../../shared/query/addresses.ts'
import type { AlertRow } from '../alert-row.ts'
import { INCIDENT_COLUMNS, incidentOf, type IncidentRow } from '../incidents/incident-row.ts'
import { cidrRange, inRange } from './addresses.ts'
import type { DeskScope } from './alerts.ts'
import type { Search } from './events.ts'

export interface Ends {
  /** Names, addresses and networks; names in any case. */
  readonly values: readonly string[]
  /** Only those that are not closed. */
  readonly open: boolean
  readonly limit: number
}
export interface IncidentOfEnds {
  readonly incident: Incident
  /** Its alerts in which they are an end. */
  readonly alerts: number
}

/** Rows that are looked at before others have their turn. */
const SLICE = 1000

type AlertEnds = Pick<AlertRow, 'id' | 'src_ip' | 'dst_ip' | 'src_name' | 'dst_name' | 'asset'> & { readonly incident: number }

/** The newest first. Incidents that were merged into others are left out: theirs are there. */
export function* incidentsOfEnds(
  { values, open, limit }: Ends,
  { desk }: Pick<DeskScope, 'desk'>,
): Search<{ readonly incidents: readonly IncidentOfEnds[]; readonly total: number }> {
  const exact = new Set(values.map((value) => value.toLowerCase()))
  const ranges = values.flatMap((value) => (isCidr(value) ? [cidrRange(value)].filter((range) => range !== null) : []))
  const fits = (value: string | null): boolean =>
    value !== null && value !== '' && (exact.has(value.toLowerCase()) || ranges.some((range) => inRange(value, range)))
  const found = new Map<number, number>()
  let scanned = 0
  for (let after = 0; ;) {
    const rows = desk.all<AlertEnds>(
      `SELECT a.id, i.incident, a.src_ip, a.dst_ip, a.src_name, a.dst_name, a.asset
       FROM incident_alert i JOIN alert a ON a.id = i.alert WHERE i.alert > ? ORDER BY i.alert LIMIT ${SLICE}`,
      after,
    )
    for (const { incident, src_ip, dst_ip, src_name, dst_name, asset } of rows)
      if ([src_ip, dst_ip, src_name, dst_name, asset].some(fits)) found.set(incident, (found.get(incident) ?? 0) + 1)
    scanned += rows.length
    if (rows.length < SLICE) break
    after = rows.at(-1)!.id
    yield { scanned }
  }
  for (let after = 0; ;) {
    const rows = desk.all<{ at: number; incident: number; key: string }>(
      `SELECT rowid AS at, incident, key FROM incident_part WHERE rowid > ? AND kind = 'entity' AND gone = 0 AND key IS NOT NULL ORDER BY rowid LIMIT ${SLICE}`,
      after,
    )
    for (const { incident, key } of rows) if (!found.has(incident) && fits(key)) found.set(incident, 0)
    scanned += rows.length
    if (rows.length < SLICE) break
    after = rows.at(-1)!.at
    yield { scanned }
  }
  const incidents: IncidentOfEnds[] = []
  let total = 0
  for (const [i, id] of [...found.keys()].sort((a, b) => b - a).entries()) {
    const row = desk.get<IncidentRow>(`SELECT ${INCIDENT_COLUMNS} FROM incident WHERE id = ?`, id)
    if (!row || row.merged_into !== null || (open && row.status === 'closed')) continue
    total++
    if (incidents.length < limit) incidents.push({ incident: incidentOf(desk, row), alerts: found.get(id) ?? 0 })
    if (i % 20 === 19) yield { scanned }
  }
  return ok({ incidents, total })
}
