/** Ways from an alert to events. */
import type { TimeWindow } from '../../../shared/contract.ts'
import type { Alert } from '../../../shared/model/alert.ts'
import { termFor } from '../../../shared/query/print.ts'

export interface Pivot {
  /** `pairEvents`, `source`, `destination`, `asset`, `user`, `minutes`. */
  readonly id: string
  readonly value: string | null
  readonly where: string
  readonly window: TimeWindow
}

const AROUND_MS = 5 * 60_000
const DAY_MS = 86_400_000

/** The alert's own time with five minutes on either side; for the ends a day before and after. */
export function pivotsOf(alert: Alert): readonly Pivot[] {
  const first = Date.parse(alert.first)
  const last = Date.parse(alert.last)
  const near: TimeWindow = { from: new Date(first - AROUND_MS).toISOString(), to: new Date(last + AROUND_MS).toISOString() }
  const far: TimeWindow = { from: new Date(first - DAY_MS).toISOString(), to: new Date(last + DAY_MS).toISOString() }
  const { source, destination } = alert
  const pivots: Pivot[] = []
  const add = (id: string, value: string | null, where: string, window: TimeWindow): void =>
    void pivots.push({ id, value, where, window })
  if (source.ip !== null && destination.ip !== null) {
    const ports = destination.port === null ? '' : ` and ${termFor('port', destination.port)}`
    add('pair', null, `${termFor('ip', source.ip)} and ${termFor('ip', destination.ip)}${ports}`, near)
  }
  if (source.ip !== null) add('source', source.ip, termFor('ip', source.ip), far)
  if (destination.ip !== null) add('destination', destination.ip, termFor('ip', destination.ip), far)
  if (alert.asset !== '' && alert.asset !== source.ip && alert.asset !== destination.ip)
    add('asset', alert.asset, termFor('host', alert.asset), far)
  if (alert.user !== null) add('user', alert.user, termFor('user', alert.user), far)
  add('minutes', null, '', near)
  return pivots
}
