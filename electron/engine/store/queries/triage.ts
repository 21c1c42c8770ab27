/** Questions of triage: alerts alike, tunings, and what a tuning would have removed. */
import { IMPACTS } from '../../../../shared/model/impact-result.ts'
import { fail, ok, type Result } from '../../../../shared/model/result.ts'
import { severityOf } from '../../../../shared/model/severity.ts'
import { isoFromMicros } from '../../../../shared/model/time.ts'
import { Verdict } from '../../../../shared/model/alert.ts'
import { ALERT_COLUMNS, alertOf, type AlertRow } from '../alert-row.ts'
import { REASON_COLUMNS, reasonOf, type ReasonRow } from '../triage/desk-reasons.ts'
import { TUNING_COLUMNS, tuningOf, type TuningRow } from '../triage/tuning-row.ts'
import { tuningTest } from '../triage/tuning-test.ts'
import type { InputOf, OutputOf } from '../types.ts'
import type { DeskScope } from './alerts.ts'
import type { Search } from './events.ts'

type Similar = OutputOf<'triage.similar'>['alerts'][number]
type Differs = Similar['differs'][number]

const MOST_ALIKE = 500

const end = (ip: string | null, name: string | null): string => name ?? ip ?? ''
const FIELDS: readonly (readonly [Differs['field'], (row: AlertRow) => string])[] = [
  ['source', (row) => end(row.src_ip, row.src_name)],
  ['destination', (row) => end(row.dst_ip, row.dst_name)],
  ['port', (row) => (row.dst_port === null ? '' : String(row.dst_port))],
  ['asset', (row) => row.asset],
  ['user', (row) => row.user ?? ''],
  ['impact', (row) => (row.impact_confidence === null ? '' : (IMPACTS[row.impact] ?? ''))],
  ['severity', (row) => severityOf(row.severity)],
]

/** Undecided alerts of the same detection; those with the fewest differences first, then the newest. */
export function similarAlerts(
  { alert, limit }: InputOf<'triage.similar'>,
  { desk, now }: Pick<DeskScope, 'desk' | 'now'>,
): Result<OutputOf<'triage.similar'>> {
  const own = desk.get<AlertRow>(`SELECT ${ALERT_COLUMNS} FROM alert WHERE id = ?`, Number(alert))
  if (own === undefined) return fail({ code: 'not_found', message: `There is no alert ${alert}.` })
  const rows = desk.all<AlertRow>(
    `SELECT ${ALERT_COLUMNS} FROM alert WHERE detection = ? AND kind = ? AND id <> ? AND state IN (0, 1) ORDER BY id DESC LIMIT ${MOST_ALIKE}`,
    own.detection,
    own.kind,
    own.id,
  )
  const alike = rows.map((row) => ({
    alert: alertOf(row, now),
    differs: FIELDS.flatMap(([field, of]): Differs[] =>
      of(row) === of(own) ? [] : [{ field, value: of(row), instead: of(own) }],
    ),
  }))
  alike.sort((a, b) => a.differs.length - b.differs.length || Number(b.alert.id) - Number(a.alert.id))
  return ok({ alerts: alike.slice(0, limit) })
}

export function listTunings(
  { ended }: InputOf<'tuning.list'>,
  { desk, now }: Pick<DeskScope, 'desk' | 'now'>,
): Result<OutputOf<'tuning.list'>> {
  const rows = desk.all<TuningRow>(`SELECT ${TUNING_COLUMNS} FROM tuning ORDER BY created DESC, id LIMIT 2000`)
  const tunings = rows.map((row) => tuningOf(row, now))
  return ok({ tunings: ended ? tunings : tunings.filter(({ state }) => state === 'active') })
}

export function ownReasons(_input: object, { desk }: Pick<DeskScope, 'desk'>): Result<OutputOf<'triage.reasons'>> {
  return ok({
    reasons: desk.all<ReasonRow>(`SELECT ${REASON_COLUMNS} FROM triage_reason ORDER BY created, code`).map(reasonOf),
  })
}

const PAGE = 2000
const MOST_LOOKED = 50_000
const MOST_CONFIRMED = 50

/** `excepted`: alerts that an exception's fields fit, where the tuning is one. */
export function* previewTuning(
  { draft, excepted }: { readonly draft: InputOf<'tuning.preview'>; readonly excepted: readonly string[] | null },
  { desk }: Pick<DeskScope, 'desk'>,
): Search<OutputOf<'tuning.preview'>> {
  const fits = tuningTest(draft.match)
  const only = excepted === null ? null : new Set(excepted.map(Number))
  const verdicts: Record<string, number> = {}
  const confirmed: OutputOf<'tuning.preview'>['confirmed'] = []
  let [alerts, events, confirmedTotal, of, before] = [0, 0, 0, 0, Number.MAX_SAFE_INTEGER]
  for (;;) {
    const rows = desk.all<AlertRow>(
      `SELECT ${ALERT_COLUMNS} FROM alert WHERE detection = ? AND id < ? ORDER BY id DESC LIMIT ${PAGE}`,
      draft.detection,
      before,
    )
    for (const row of rows) {
      of++
      if (only !== null && !only.has(row.id)) continue
      if (draft.threshold !== null && row.count >= draft.threshold.count) continue
      const tuned = {
        source: { ip: row.src_ip, name: row.src_name },
        destination: { ip: row.dst_ip, name: row.dst_name },
        asset: row.asset,
        user: row.user,
      }
      if (!fits(tuned)) continue
      alerts++
      events += row.count
      const verdict = row.verdict ?? 'open'
      verdicts[verdict] = (verdicts[verdict] ?? 0) + 1
      if (row.verdict !== 'tp_impact' && row.verdict !== 'tp_no_impact') continue
      confirmedTotal++
      if (confirmed.length < MOST_CONFIRMED)
        confirmed.push({
          id: String(row.id),
          title: row.title,
          last: isoFromMicros(row.last),
          verdict: Verdict.parse(row.verdict),
        })
    }
    if (rows.length < PAGE || of >= MOST_LOOKED)
      return ok({ alerts, events, verdicts, confirmed, confirmedTotal, of, complete: rows.length < PAGE })
    before = rows.at(-1)!.id
    yield { scanned: of }
  }
}
