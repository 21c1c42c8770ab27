/** A followed stream on screen: read piece by piece, as far as somebody looks. */
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import type { WatchfloorError } from '../../../../../shared/model/result.ts'
import { useClient } from '../../../../client/hooks.ts'
import { HELD_LIMIT, StreamBytes } from './stream-bytes.ts'

export type FollowAs = 'tcp' | 'udp' | 'http' | 'tls'
/** Bytes of the first request, which is seen at once, and of those that follow. */
const FIRST_BYTES = 262_144
const MORE_BYTES = 2_097_152

export interface StreamRead {
  readonly stream: StreamBytes
  /** Changes whenever bytes have come. */
  readonly revision: number
  readonly client: string
  readonly server: string
  readonly clientBytes: number
  readonly serverBytes: number
  readonly loading: boolean
  readonly error: WatchfloorError | null
  /** There is more, and it may be read. */
  readonly more: boolean
  /** The page holds no more of it. */
  readonly full: boolean
  /** Reads on; nothing while it reads already. */
  load(): void
  retry(): void
}

type State = Omit<StreamRead, 'load' | 'retry'> & { readonly key: string; readonly next: number | null }
const begun = (key: string): State => ({
  key,
  stream: new StreamBytes(),
  revision: 0,
  client: '',
  server: '',
  clientBytes: 0,
  serverBytes: 0,
  loading: true,
  error: null,
  more: false,
  full: false,
  next: 0,
})

/** Null asks nothing. */
export function useFollowed(capture: string, flow: number | null, as: FollowAs): StreamRead {
  const client = useClient()
  const [turn, setTurn] = useState(0)
  const key = `${capture} ${flow} ${as} ${turn}`
  const fresh = useMemo(() => begun(key), [key])
  const [last, setState] = useState<State>(fresh)
  // What is left of another stream is not shown for a moment longer.
  const state = last.key === key ? last : fresh
  const reading = useRef<(from: number, bytes: number) => void>(() => {})
  const latest = useRef(state)
  useEffect(() => {
    latest.current = state
  })
  useEffect(() => {
    const controller = new AbortController()
    if (flow === null) return
    const change = (by: (before: State) => State): void => setState((before) => by(before.key === fresh.key ? before : fresh))
    let busy = false
    reading.current = (from, bytes) => {
      if (busy) return
      busy = true
      if (from > 0) change((before) => ({ ...before, loading: true }))
      void client.query('packets.follow', { capture, flow, as, from, bytes }, { signal: controller.signal }).then((result) => {
        busy = false
        if (controller.signal.aborted) return
        if (!result.ok) {
          change((before) => ({ ...before, loading: false, more: false, error: result.error }))
          return
        }
        const { pieces, next, ...ends } = result.value
        fresh.stream.append(pieces)
        const full = fresh.stream.length >= HELD_LIMIT
        // An answer that does not go on would be asked for without end.
        const on = next !== null && next > from ? next : null
        change((before) => ({
          ...before,
          ...ends,
          stream: fresh.stream,
          revision: before.revision + 1,
          loading: false,
          error: null,
          next: on,
          more: on !== null && !full,
          full: on !== null && full,
        }))
      })
    }
    reading.current(0, FIRST_BYTES)
    return () => controller.abort()
  }, [client, capture, flow, as, fresh])
  const load = useCallback(() => {
    const { more, loading, next } = latest.current
    if (more && !loading && next !== null) reading.current(next, MORE_BYTES)
  }, [])
  const retry = useCallback(() => setTurn((before) => before + 1), [])
  return { ...state, loading: state.loading && flow !== null, load, retry }
}
