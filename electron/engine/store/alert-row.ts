/** An alert as desk.db keeps it, and as the contract shows it. */
import { DetectionKind, Verdict } from '../../../shared/model/alert.ts'
import type { Alert, AlertAction, AlertState } from '../../../shared/model/alert.ts'
import { IMPACTS } from '../../../shared/model/impact.ts'
import { severityOf } from '../../../shared/model/severity.ts'
import { isoFromMicros } from '../../../shared/model/time.ts'
import { SLOTS, SLOT_MICROS, sparkAt } from './hits.ts'
import type { Spark } from './hits.ts'

export const STATES: readonly AlertState[] = ['open', 'snoozed', 'decided']
export const OPEN = 0
export const SNOOZED = 1
export const DECIDED = 2

export interface AlertRow {
  readonly id: number
  readonly key: string
  readonly kind: string
  readonly detection: string
  readonly title: string
  readonly severity: number
  readonly attack: string
  readonly category: string | null
  readonly src_ip: string | null
  readonly src_port: number | null
  readonly src_name: string | null
  readonly dst_ip: string | null
  readonly dst_port: number | null
  readonly dst_name: string | null
  readonly asset: string
  readonly user: string | null
  readonly count: number
  readonly first: number
  readonly last: number
  readonly raised: number
  readonly state: number
  readonly owner: string | null
  readonly taken_at: number | null
  readonly snoozed_until: number | null
  readonly verdict: string | null
  readonly why: string | null
  readonly reason: string | null
  readonly incident: string | null
  readonly decided_at: number | null
  readonly decided_by: string | null
  readonly impact: number
  readonly impact_confidence: number | null
  readonly spark_slot: number
  readonly spark: Uint8Array
  readonly revision: number
}

/** Columns of {@link AlertRow}. */
export const ALERT_COLUMNS = `id, key, kind, detection, title, severity, attack, category, src_ip, src_port, src_name, dst_ip, dst_port, dst_name,
  asset, user, count, first, last, raised, state, owner, taken_at, snoozed_until, verdict, why, reason, decided_at, decided_by, impact, impact_confidence, spark_slot, spark, revision,
  (SELECT i.number FROM incident_alert a JOIN incident i ON i.id = a.incident WHERE a.alert = alert.id) AS incident`

const iso = (micros: number | null): string | null => (micros === null ? null : isoFromMicros(micros))

export const sparkOf = (row: Pick<AlertRow, 'spark' | 'spark_slot'>): Spark => ({
  newest: row.spark_slot,
  counts: Array.from({ length: SLOTS }, (_, i) =>
    new DataView(row.spark.buffer, row.spark.byteOffset, row.spark.length).getUint32(i * 4, true),
  ),
})
export const sparkBytes = (spark: Spark): Uint8Array => new Uint8Array(Uint32Array.from(spark.counts).buffer)

/** `now` in microseconds: the spark shows the four hours before it. */
export function alertOf(row: AlertRow, now: number): Alert {
  return {
    id: String(row.id),
    kind: DetectionKind.parse(row.kind),
    detection: row.detection,
    title: row.title,
    severity: severityOf(row.severity),
    attack: JSON.parse(row.attack) as string[],
    category: row.category,
    source: { ip: row.src_ip, port: row.src_port, name: row.src_name },
    destination: { ip: row.dst_ip, port: row.dst_port, name: row.dst_name },
    asset: row.asset,
    user: row.user,
    count: row.count,
    first: isoFromMicros(row.first),
    last: isoFromMicros(row.last),
    raised: isoFromMicros(row.raised),
    state: STATES[row.state] ?? 'open',
    owner: row.owner,
    takenAt: iso(row.taken_at),
    snoozedUntil: iso(row.snoozed_until),
    verdict: row.verdict === null ? null : Verdict.parse(row.verdict),
    why: row.why,
    reason: row.reason,
    incident: row.incident,
    decidedAt: iso(row.decided_at),
    decidedBy: row.decided_by,
    impact:
      row.impact_confidence === null ? null : { result: IMPACTS[row.impact] ?? 'attempted', confidence: row.impact_confidence },
    spark: sparkAt(sparkOf(row), Math.floor(now / SLOT_MICROS)),
    revision: row.revision,
  }
}

export interface ActionRow {
  readonly id: number
  readonly alert: number
  readonly at: number
  readonly by: string
  readonly action: AlertAction['action']
  readonly verdict: string | null
  readonly why: string | null
  readonly rests_on: string | null
  readonly incident: string | null
  readonly reason: string | null
  readonly until: number | null
  readonly undone: number
}
export const ACTION_COLUMNS = 'id, alert, at, by, action, verdict, why, rests_on, incident, reason, until, undone'
export const actionOf = (row: ActionRow): AlertAction => ({
  id: row.id,
  alert: String(row.alert),
  at: isoFromMicros(row.at),
  by: row.by,
  action: row.action,
  verdict: row.verdict === null ? null : Verdict.parse(row.verdict),
  why: row.why,
  restsOn: row.rests_on === null ? null : (JSON.parse(row.rests_on) as AlertAction['restsOn']),
  incident: row.incident,
  reason: row.reason,
  until: iso(row.until),
  undone: row.undone === 1,
})
