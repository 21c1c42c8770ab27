import { useEffect, useMemo, useRef } from 'react'
import { useQuery } from '../../client/hooks.ts'
import { windowOf } from '../../components/time-range.ts'
import { useMoment } from '../../state/clock.ts'
import { bothOf, type QueueTab } from './queue-view.ts'

/** The figures on the tabs are asked for at most this often (milliseconds). */
const COUNT_MS = 500
/** And as often their windows move on. */
const MOVED_MS = 60_000

/** Alerts of each tab; null until they were counted. They are counted again when `queue` is another. */
export function useTabCounts(tabs: readonly QueueTab[], queue: object): readonly number[] | null {
  const moment = useMoment(tabs.some(({ view }) => view.range.kind === 'last') ? MOVED_MS : null)
  const filters = useMemo(
    () =>
      tabs.map(({ base, view: { where, states, range } }) => ({
        where: bothOf(base, where),
        states: [...states],
        window: windowOf(range, moment),
      })),
    [tabs, moment],
  )
  const { value: counted, refresh: countAgain } = useQuery('alerts.counts', { filters })
  const counting = useRef<ReturnType<typeof setTimeout> | null>(null)
  useEffect(() => {
    counting.current ??= setTimeout(() => {
      counting.current = null
      countAgain()
    }, COUNT_MS)
  }, [queue, countAgain])
  useEffect(
    () => () => {
      clearTimeout(counting.current ?? undefined)
      counting.current = null
    },
    [],
  )
  return counted?.counts ?? null
}
