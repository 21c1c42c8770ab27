/** The queue over the contract: first page, further pages, live changes, catching up. */
import { useCallback, useEffect, useRef, useState } from 'react'
import type { z } from 'zod'
import type { AlertFilter } from '../../../shared/contract.ts'
import type { Alert } from '../../../shared/model/alert.ts'
import type { WatchfloorError } from '../../../shared/model/result.ts'
import { useClient, useClientState, useSubscription } from '../../client/hooks.ts'
import { engineNow } from '../../state/clock.ts'
import { applyDelta, applyOwn, catchUp, firstPage, nextPage, NO_QUEUE, type Queue } from './queue.ts'
import type { Order } from './queue-view.ts'

export const PAGE = 200
const LARGEST_PAGE = 1000
/** While following, the queue is asked for anew at most this often (milliseconds). */
const FOLLOW_MS = 500

export interface QueueCall {
  readonly queue: Queue
  /** The first page is on its way. */
  readonly loading: boolean
  readonly loadingMore: boolean
  readonly error: WatchfloorError | null
  /** Whether anything was ever loaded for this filter. */
  readonly loaded: boolean
  /** Asks anew: held rows come in, rows that left go. */
  refresh(): void
  /** Loads the next page, where there is one. */
  more(): void
  /** The answer to one's own command. */
  patch(alerts: readonly Alert[]): void
}

export function useQueue(filter: z.input<typeof AlertFilter>, order: Order, following: boolean): QueueCall {
  const client = useClient()
  const state = useClientState()
  const away = state === 'gone' || state === 'closed'
  const [queue, setQueue] = useState<Queue>(NO_QUEUE)
  const [call, setCall] = useState<{ loading: boolean; more: boolean; error: WatchfloorError | null; loaded: boolean }>({ loading: true, more: false, error: null, loaded: false })
  const [turn, setTurn] = useState(0)
  const rows = useRef(0)
  rows.current = queue.rows.length
  const key = JSON.stringify([filter, order])
  const shownKey = useRef('')

  useEffect(() => {
    if (away) return
    const controller = new AbortController()
    const asked = engineNow()
    const anew = shownKey.current !== key
    setCall((before) => ({ ...before, loading: true, error: null, loaded: before.loaded && !anew }))
    const limit = anew ? PAGE : Math.min(LARGEST_PAGE, Math.max(PAGE, Math.ceil(rows.current / PAGE) * PAGE))
    void client.query('alerts.search', { ...filter, order, limit }, { signal: controller.signal }).then((found) => {
      if (controller.signal.aborted) return
      if (found.ok) {
        shownKey.current = key
        setQueue(firstPage(found.value, asked))
        setCall({ loading: false, more: false, error: null, loaded: true })
      } else if (found.error.code !== 'engine_gone') setCall((before) => ({ ...before, loading: false, error: found.error }))
    })
    return () => controller.abort()
    // `key` is filter and order by value. Coming back (`away`) is not asked for here: the stream's reset catches up.
  }, [client, key, turn, away && shownKey.current !== key])

  const refresh = useCallback(() => setTurn((before) => before + 1), [])

  const following_ = useRef(following)
  following_.current = following
  const due = useRef<ReturnType<typeof setTimeout> | null>(null)
  const follow = useCallback(() => {
    if (!following_.current || due.current) return
    due.current = setTimeout(() => {
      due.current = null
      refresh()
    }, FOLLOW_MS)
  }, [refresh])
  useEffect(() => () => { if (due.current) clearTimeout(due.current) }, [])
  useEffect(() => {
    if (following) refresh()
  }, [following, refresh])

  const behind = useRef(false)
  const compare = useCallback(() => {
    const limit = Math.min(LARGEST_PAGE, Math.max(PAGE, rows.current))
    void client.query('alerts.search', { ...filter, order, limit }).then((found) => {
      if (found.ok && shownKey.current === key) setQueue((before) => catchUp(before, found.value, Date.now()))
    })
  }, [client, key])
  useSubscription('alerts.watch', filter, {
    next: (delta) => {
      if (shownKey.current !== key) return
      setQueue((before) => applyDelta(before, delta, Date.now()))
      if (delta.overflow) {
        if (following_.current) follow()
        else compare()
      } else if (delta.changed.length > 0 || delta.removed.length > 0) follow()
    },
    reset: () => {
      if (behind.current && shownKey.current === key) compare()
      behind.current = true
    },
  })

  const pending = useRef<string | null>(null)
  const { after } = queue
  const more = useCallback(() => {
    if (after === null || pending.current === after || away) return
    pending.current = after
    setCall((before) => ({ ...before, more: true }))
    void client.query('alerts.search', { ...filter, order, limit: LARGEST_PAGE, after }).then((found) => {
      if (pending.current !== after) return
      pending.current = null
      setCall((before) => ({ ...before, more: false, error: found.ok || found.error.code === 'engine_gone' ? null : found.error }))
      if (found.ok) setQueue((before) => (before.after === after ? nextPage(before, found.value) : before))
    })
  }, [client, key, after, away])

  const states = filter.states
  const patch = useCallback((alerts: readonly Alert[]) => setQueue((before) => applyOwn(before, alerts, (alert) => states?.includes(alert.state) ?? alert.state === 'open')), [states])

  return { queue, loading: call.loading, loadingMore: call.more, error: call.error, loaded: call.loaded, refresh, more, patch }
}
