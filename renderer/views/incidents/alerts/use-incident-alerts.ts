/** The alerts of the open incident, the one under the cursor and those that are marked. */
import { useEffect, useRef } from 'react'
import type { Alert } from '../../../../shared/model/alert.ts'
import type { WatchfloorError } from '../../../../shared/model/result.ts'
import { useQuery } from '../../../client/hooks.ts'
import { useLooked } from '../incident-state.ts'

const NONE: readonly Alert[] = []

export interface IncidentAlerts {
  /** Null until they are known. */
  readonly alerts: readonly Alert[] | null
  readonly error: WatchfloorError | null
  /** -1 for none. */
  readonly at: number
  readonly marked: ReadonlySet<string>
  /** What an action is about: those that are marked, else the one under the cursor. */
  readonly meant: readonly Alert[]
  choose(alert: Alert | null): void
  /** Marks one, or takes its mark away. */
  mark(id: string): void
  unmark(): void
  refresh(): void
}

/** `turn` grows when alerts have come or gone. Asks only while `wanted`. */
export function useIncidentAlerts(number: string, turn: number, wanted: boolean): IncidentAlerts {
  const { value, error, refresh } = useQuery('incidents.alerts', wanted ? { number } : null)
  const { alert: current, marked } = useLooked()
  const known = useRef(turn)
  useEffect(() => {
    if (known.current !== turn) refresh()
    known.current = turn
  }, [turn, refresh])
  const alerts = value?.alerts ?? NONE
  const at = alerts.findIndex(({ id }) => id === current)
  const chosen = alerts.filter(({ id }) => marked.has(id))
  const under = alerts[at]
  return {
    alerts: value?.alerts ?? null,
    error,
    at,
    marked,
    meant: !wanted ? NONE : chosen.length > 0 ? chosen : under ? [under] : NONE,
    choose: (alert) => useLooked.setState({ alert: alert?.id ?? null }),
    mark: (id) =>
      useLooked.setState((before) => {
        const next = new Set(before.marked)
        if (!next.delete(id)) next.add(id)
        return { marked: next }
      }),
    unmark: () => useLooked.setState({ marked: new Set() }),
    refresh,
  }
}
