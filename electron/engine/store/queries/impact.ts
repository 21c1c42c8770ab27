/** What is kept of impact verification. */
import type { Alert, DetectionText } from '../../../../shared/model/alert.ts'
import { IMPACTS, Verification, type Impact } from '../../../../shared/model/impact.ts'
import { fail, ok, type Result } from '../../../../shared/model/result.ts'
import { isoFromMicros } from '../../../../shared/model/time.ts'
import { ALERT_COLUMNS, alertOf, type AlertRow } from '../alert-row.ts'
import type { OutputOf } from '../types.ts'
import type { DeskScope } from './alerts.ts'

const MOST = 50

export function verifications(
  { alert }: { readonly alert: string },
  { desk }: Pick<DeskScope, 'desk'>,
): Result<OutputOf<'impact.get'>> {
  if (desk.get('SELECT 1 FROM alert WHERE id = ?', Number(alert)) === undefined)
    return fail({ code: 'not_found', message: `There is no alert ${alert}.` })
  const rows = desk.all<{
    number: number
    at: number
    by: string
    cause: string
    result: number
    confidence: number
    body: string
  }>(
    `SELECT number, at, by, cause, result, confidence, body FROM verification WHERE alert = ? ORDER BY number DESC LIMIT ${MOST}`,
    Number(alert),
  )
  return ok({
    verifications: rows.map(({ body, at, result, ...row }) =>
      Verification.parse({ ...(JSON.parse(body) as object), ...row, alert, at: isoFromMicros(at), result: IMPACTS[result] }),
    ),
  })
}

export interface Unverified {
  readonly id: string
  /** Milliseconds. */
  readonly raised: number
}

/** Alerts that have no result yet, or more events than when they had; the newest first. */
export function unverified(
  { most }: { readonly most: number },
  { desk }: Pick<DeskScope, 'desk'>,
): Result<readonly Unverified[]> {
  const rows = desk.all<{ id: number; raised: number }>(
    'SELECT id, raised FROM alert WHERE verified_count IS NULL OR verified_count < count ORDER BY id DESC LIMIT ?',
    most,
  )
  return ok(rows.map(({ id, raised }) => ({ id: String(id), raised: raised / 1000 })))
}

export interface OthersAsked {
  /** The alert whose others are asked for, with its detection and its asset. */
  readonly id: string
  readonly detection: string
  readonly asset: string
  /** Address. */
  readonly attacker: string
  readonly most: number
}
export interface OtherTargeted {
  readonly alert: string
  readonly target: string
  readonly result: Impact | null
}
/** Alerts of one detection that are looked through. */
const MOST_LOOKED = 5000

/** Alerts that the same attacker raised by the same detection with another asset, the newest first. */
export function otherTargets(
  { id, detection, asset, attacker, most }: OthersAsked,
  { desk }: Pick<DeskScope, 'desk'>,
): Result<readonly OtherTargeted[]> {
  const rows = desk.all<{ id: number; asset: string; impact: number | null; confidence: number | null }>(
    `SELECT id, asset, impact, impact_confidence AS confidence FROM (
       SELECT id, asset, impact, impact_confidence, last, src_ip, dst_ip FROM alert WHERE detection = ? ORDER BY id DESC LIMIT ${MOST_LOOKED}
     ) WHERE (src_ip = ? OR dst_ip = ?) AND id <> ? AND asset <> ? ORDER BY last DESC, id DESC LIMIT ?`,
    detection,
    attacker,
    attacker,
    Number(id),
    asset,
    most,
  )
  return ok(
    rows.map((row) => ({
      alert: String(row.id),
      target: row.asset,
      result: row.confidence === null ? null : (IMPACTS[row.impact ?? -1] ?? null),
    })),
  )
}

export interface AlertStanding {
  readonly alert: Alert
  readonly description: string
  readonly references: readonly string[]
  readonly text: string
}

/** An alert with its detection's text, and nothing that has to be searched for. */
export function alertStanding(
  { id }: { readonly id: string },
  { desk, now }: Pick<DeskScope, 'desk' | 'now'>,
): Result<AlertStanding> {
  const row = desk.get<AlertRow & { readonly body: string | null }>(
    `SELECT ${ALERT_COLUMNS}, (SELECT body FROM detection_text WHERE detection_text.id = alert.text) AS body FROM alert WHERE id = ?`,
    Number(id),
  )
  if (row === undefined) return fail({ code: 'not_found', message: `There is no alert ${id}.` })
  const text = row.body === null ? null : (JSON.parse(row.body) as DetectionText)
  return ok({
    alert: alertOf(row, now),
    description: text?.description ?? '',
    references: text?.references ?? [],
    text: text?.text ?? '',
  })
}
