import { useEffect, useState } from 'react'
import type { WatchfloorError } from '../../../shared/model/result.ts'
import { useClient, useClientState } from '../../client/hooks.ts'
import type { HistogramData } from './Histogram.tsx'
import type { Run } from './search.ts'

const SLOTS = 180
/** An open end lies a little ahead: clocks of sensors do. */
const AHEAD_MS = 60_000

export interface Counted {
  readonly data: HistogramData | null
  /** Events that fit; null until they are counted. */
  readonly total: number | null
  readonly loading: boolean
  readonly error: WatchfloorError | null
}

const NOTHING: Counted = { data: null, total: null, loading: false, error: null }

/** Events over the time of a run: all of them, and those that fit. `turn` counts again. */
export function useHistogram(run: Run | null, turn: number): Counted {
  const client = useClient()
  const away = useClientState() === 'gone'
  const [counted, setCounted] = useState<Counted>(NOTHING)
  const [counts, setCounts] = useState<Run | null>(null)
  useEffect(() => {
    if (!run) return setCounted(NOTHING)
    if (away) return
    const { signal, abort } = abortable()
    setCounted((before) => ({ ...before, loading: true }))
    const ask = async (): Promise<void> => {
      const window = { from: run.window.from, to: run.window.to ?? new Date(run.began + AHEAD_MS).toISOString() }
      const all = await client.query('events.histogram', { where: '', window, slots: SLOTS }, { signal })
      if (signal.aborted) return
      if (!all.ok) return setCounted((before) => ({ ...before, loading: false, error: all.error }))
      const { from, to } = all.value
      const data = { from, to, all: all.value.counts, fitting: null }
      if (run.where.trim() === '') {
        setCounts(run)
        return setCounted({ data, total: all.value.total, loading: false, error: null })
      }
      // The same ends for both, or the bars would not stand over each other.
      const fitting = await client.query('events.histogram', { where: run.where, window: { from, to }, slots: SLOTS }, { signal })
      if (signal.aborted) return
      if (!fitting.ok) return setCounted({ data, total: null, loading: false, error: fitting.error })
      setCounts(run)
      setCounted({ data: { ...data, fitting: fitting.value.counts }, total: fitting.value.total, loading: false, error: null })
    }
    void ask()
    return abort
  }, [client, run, turn, away])
  // A total of the run before must not be taken for this one's.
  return counts === run ? counted : { ...counted, total: null }
}

function abortable(): { readonly signal: AbortSignal; abort(): void } {
  const controller = new AbortController()
  return { signal: controller.signal, abort: () => controller.abort() }
}
