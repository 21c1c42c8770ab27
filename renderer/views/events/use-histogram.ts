import { useEffect, useState } from 'react'
import type { WatchfloorError } from '../../../shared/model/result.ts'
import { useClient, useClientState } from '../../client/hooks.ts'
import { SLOTS } from './histogram.ts'
import type { HistogramData } from './Histogram.tsx'
import type { Run } from './search.ts'

/** An open end lies a little ahead: clocks of sensors do. */
const AHEAD_MS = 60_000

export interface Counted {
  readonly data: HistogramData | null
  /** Events that fit; null until they are counted. */
  readonly total: number | null
  readonly loading: boolean
  readonly error: WatchfloorError | null
}

interface Answer {
  /** The run, and the turn, it answers. */
  readonly run: Run
  readonly turn: number
  readonly data: HistogramData | null
  readonly total: number | null
  readonly error: WatchfloorError | null
}

/** Events over the time of a run: all of them, and those that fit; counted once `ready`. `turn` counts again. */
export function useHistogram(run: Run | null, ready: boolean, turn: number): Counted {
  const client = useClient()
  const away = useClientState() === 'gone'
  const [answer, setAnswer] = useState<Answer | null>(null)
  useEffect(() => {
    if (!run || !ready || away) return
    const controller = new AbortController()
    const { signal } = controller
    const ask = async (): Promise<void> => {
      const { window: whole } = run
      // All time is as long as there are events.
      const window =
        whole.from === null ? whole : { from: whole.from, to: whole.to ?? new Date(run.began + AHEAD_MS).toISOString() }
      const all = await client.query('events.histogram', { where: '', window, slots: SLOTS }, { signal })
      if (signal.aborted) return
      if (!all.ok) return setAnswer((before) => ({ run, turn, data: before?.data ?? null, total: null, error: all.error }))
      const { value } = all
      if (run.where.trim() === '')
        return setAnswer({ run, turn, data: { all: value, fitting: null }, total: value.total, error: null })
      // Exactly the run's window, so that the total is exact; all events may come in whole minutes with wider ends.
      const exact = { from: window.from ?? value.from, to: window.to ?? value.to }
      const fitting = await client.query('events.histogram', { where: run.where, window: exact, slots: SLOTS }, { signal })
      if (signal.aborted) return
      if (!fitting.ok) return setAnswer({ run, turn, data: { all: value, fitting: null }, total: null, error: fitting.error })
      setAnswer({ run, turn, data: { all: value, fitting: fitting.value }, total: fitting.value.total, error: null })
    }
    void ask()
    return () => controller.abort()
  }, [client, run, ready, turn, away])
  if (!run || !answer) return { data: null, total: null, loading: run !== null && !away, error: null }
  // Bars stay while new ones are counted; a total of the run before would be taken for this one's.
  const own = answer.run === run
  return {
    data: answer.data,
    total: own ? answer.total : null,
    loading: !away && !(own && answer.turn === turn),
    error: own ? answer.error : null,
  }
}
