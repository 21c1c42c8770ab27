import { useCallback, useEffect, useRef, useState } from 'react'
import type { WatchfloorError } from '../../../../shared/model/result.ts'
import { useClient } from '../../../client/hooks.ts'
import type { Span } from '../page-state.ts'

/** The rows that are on screen: of the last filter that could be run. */
export interface Shown {
  /** Null is all packets. */
  readonly view: number | null
  readonly filter: string
  readonly span: Span
  /** Packets in it so far; null for all packets. */
  readonly matched: number | null
  readonly scanned: number
  readonly of: number
  readonly how: 'index' | 'decode' | 'dissect' | null
  /** Milliseconds, once it has ended. */
  readonly took: number | null
}
const ALL: Shown = {
  view: null,
  filter: '',
  span: { from: null, to: null },
  matched: null,
  scanned: 0,
  of: 0,
  how: null,
  took: null,
}

export interface FilterRunState {
  readonly shown: Shown
  readonly running: boolean
  /** Why the newest filter could not be run; the rows are of the one before. */
  readonly error: WatchfloorError | null
  /** What was found so far stays. */
  stop(): void
  /** The engine does not keep the view any more, or there are more packets. */
  again(): void
}

/** Runs the filter of the page. Rows of the one before stay until the first are found. */
export function useFilterRun(capture: string, filter: string, span: Span, packets: number, settled: boolean): FilterRunState {
  const client = useClient()
  const [shown, setShown] = useState<Shown>(ALL)
  const [turn, setTurn] = useState(0)
  const { from, to } = span
  const none = filter.trim() === '' && from === null && to === null
  const key = JSON.stringify([capture, filter, from, to, turn])
  const [run, setRun] = useState<{ key: string; running: boolean; error: WatchfloorError | null }>({
    key: '',
    running: false,
    error: null,
  })
  if (run.key !== key) {
    setRun({ key, running: !none, error: null })
    if (none) setShown(ALL)
  }
  const cancel = useRef<() => void>(() => {})
  useEffect(() => {
    if (none) return
    let over = false
    const job = client.job('packets.filter', { capture, filter, span: { from, to } })
    const base = { filter, span: { from, to }, how: null, took: null }
    job.onProgress(({ view, scanned, of, matched }) => {
      if (!over) setShown({ ...base, view, scanned, of, matched })
    })
    cancel.current = () => job.cancel()
    void job.done.then((result) => {
      if (over) return
      if (result.ok) setShown({ ...base, ...result.value })
      const failed = result.ok || result.error.code === 'cancelled' ? null : result.error
      setRun((before) => ({ ...before, running: false, error: failed }))
    })
    return () => {
      over = true
      job.cancel()
    }
  }, [client, capture, filter, from, to, none, turn])
  const again = useCallback(() => setTurn((before) => before + 1), [])
  // A filter that ran while the capture was read has not seen what came after.
  const missed = settled && !run.running && run.error === null && shown.view !== null && shown.took !== null && shown.of < packets
  const whole = from === null && to === null
  const [caughtUp, setCaughtUp] = useState(0)
  if (missed && whole && caughtUp !== packets) {
    setCaughtUp(packets)
    setTurn(turn + 1)
  }
  return { shown, running: run.running, error: run.error, stop: useCallback(() => cancel.current(), []), again }
}
