/**
 * React over the client. Every hook cancels on unmount, keeps its last value while the engine is away, and asks again when it
 * is back. Inputs are compared by value, so an object literal in the render is fine.
 */
import { createContext, useCallback, useContext, useEffect, useRef, useState, useSyncExternalStore } from 'react'
import { fail, type Result, type WatchfloorError } from '../../shared/model/result.ts'
import type { ClientState, JobCall, StreamListener } from '../../shared/rpc/kinds.ts'
import type {
  CommandName,
  InputOf,
  JobName,
  OutputOf,
  ProgressOf,
  QueryName,
  StreamName,
  ValueOf,
  WatchfloorClient,
} from './types.ts'

const ClientContext = createContext<WatchfloorClient | null>(null)
/** `<ClientProvider value={client}>` at the top of the screen, or of a test. */
export const ClientProvider = ClientContext.Provider

export function useClient(): WatchfloorClient {
  const client = useContext(ClientContext)
  if (!client) throw new Error('There is no ClientProvider above this component')
  return client
}

export function useClientState(): ClientState {
  const client = useClient()
  return useSyncExternalStore(
    useCallback((changed) => client.onState(changed), [client]),
    () => client.state,
  )
}

export interface QueryState<T> {
  /** The last answer; kept while a newer one is on its way and while the engine is away. */
  readonly value: T | null
  readonly error: WatchfloorError | null
  readonly loading: boolean
  /** The value is from before the connection was lost: never show it as live. */
  readonly stale: boolean
  refresh(): void
}

/** How often this client has been connected anew since the component is there. */
function useReconnects(client: WatchfloorClient): number {
  const [reconnects, setReconnects] = useState(0)
  useEffect(() => {
    let lost = client.state === 'gone'
    return client.onState((state) => {
      if (state === 'open' && lost) setReconnects((before) => before + 1)
      lost = state === 'gone'
    })
  }, [client])
  return reconnects
}

/** Asks now, when the input changes, after a reconnect, and on `refresh`. A null input asks nothing. */
export function useQuery<N extends QueryName>(name: N, input: InputOf<N> | null): QueryState<OutputOf<N>> {
  const client = useClient()
  const state = useClientState()
  const reconnects = useReconnects(client)
  const [turn, setTurn] = useState(0)
  const away = state === 'gone' || state === 'closed'
  const key = input === null ? null : JSON.stringify(input)
  /** Another text for each asking. */
  const request = key === null || away ? null : `${reconnects} ${turn} ${name} ${key}`
  const [answer, setAnswer] = useState<{
    request: string
    reconnects: number
    value: OutputOf<N> | null
    error: WatchfloorError | null
  }>({
    request: '',
    reconnects,
    value: null,
    error: null,
  })
  useEffect(() => {
    if (request === null || key === null) return
    const controller = new AbortController()
    void client.query(name, JSON.parse(key) as InputOf<N>, { signal: controller.signal }).then((result) => {
      if (controller.signal.aborted) return
      if (result.ok) setAnswer({ request, reconnects, value: result.value, error: null })
      // A lost engine is told by `stale` and by the state, not by every pane.
      else if (result.error.code !== 'engine_gone') setAnswer((before) => ({ ...before, request, error: result.error }))
    })
    return () => controller.abort()
  }, [client, name, key, request, reconnects])
  const refresh = useCallback(() => setTurn((before) => before + 1), [])
  return {
    value: answer.value,
    error: answer.error,
    loading: request !== null && answer.request !== request,
    stale: answer.value !== null && (away || answer.reconnects !== reconnects),
    refresh,
  }
}

/** Values of a stream into a listener, whose newest version is always the one called. A null input listens to nothing. */
export function useSubscription<N extends StreamName>(
  name: N,
  input: InputOf<N> | null,
  listener: StreamListener<ValueOf<N>>,
): void {
  const client = useClient()
  const key = input === null ? null : JSON.stringify(input)
  const newest = useRef(listener)
  useEffect(() => {
    newest.current = listener
  })
  useEffect(() => {
    if (key === null) return
    const subscription = client.stream(name, JSON.parse(key) as InputOf<N>, {
      next: (value) => newest.current.next(value as ValueOf<N>),
      end: (result) => newest.current.end?.(result),
      reset: () => newest.current.reset?.(),
    })
    return () => subscription.cancel()
  }, [client, name, key])
}

export interface StreamState<T> {
  /** The newest value; kept while the engine is away. */
  readonly value: T | null
  /** Why the stream ended for good. */
  readonly error: WatchfloorError | null
  readonly stale: boolean
}

/** The newest value of a stream. */
export function useStream<N extends StreamName>(name: N, input: InputOf<N> | null): StreamState<ValueOf<N>> {
  const state = useClientState()
  const [last, setLast] = useState<{ value: ValueOf<N> | null; error: WatchfloorError | null; fresh: boolean }>({
    value: null,
    error: null,
    fresh: false,
  })
  useSubscription(name, input, {
    next: (value) => setLast({ value, error: null, fresh: true }),
    reset: () => setLast((before) => ({ ...before, error: null, fresh: false })),
    end: (result) => {
      if (!result.ok) setLast((before) => ({ ...before, error: result.error }))
    },
  })
  return { value: last.value, error: last.error, stale: last.value !== null && (!last.fresh || state !== 'open') }
}

export interface CommandState<N extends CommandName> {
  run(input: InputOf<N>): Promise<Result<OutputOf<N>>>
  readonly running: boolean
  /** Of the last run. */
  readonly error: WatchfloorError | null
}

/** A command is never cancelled by unmounting: what was asked for is done. */
export function useCommand<N extends CommandName>(name: N): CommandState<N> {
  const client = useClient()
  const [state, setState] = useState<{ running: number; error: WatchfloorError | null }>({ running: 0, error: null })
  const run = useCallback(
    async (input: InputOf<N>) => {
      setState((before) => ({ running: before.running + 1, error: null }))
      const result = (await client.command(name, input)) as Result<OutputOf<N>>
      setState((before) => ({ running: before.running - 1, error: result.ok ? null : result.error }))
      return result
    },
    [client, name],
  )
  return { run, running: state.running > 0, error: state.error }
}

export interface JobState<N extends JobName> {
  /** Cancels one that still runs. */
  run(input: InputOf<N>): Promise<Result<OutputOf<N>>>
  cancel(): void
  /** Lets go of what came of the last one; nothing while one runs. */
  forget(): void
  readonly running: boolean
  readonly progress: ProgressOf<N> | null
  readonly result: Result<OutputOf<N>> | null
}

/** One job at a time, cancelled on unmount. */
export function useJob<N extends JobName>(name: N): JobState<N> {
  const client = useClient()
  const current = useRef<JobCall<unknown, unknown> | null>(null)
  const [state, setState] = useState<Omit<JobState<N>, 'run' | 'cancel' | 'forget'>>({
    running: false,
    progress: null,
    result: null,
  })
  const cancel = useCallback(() => current.current?.cancel(), [])
  useEffect(() => cancel, [cancel])
  const forget = useCallback(() => {
    if (current.current === null) setState({ running: false, progress: null, result: null })
  }, [])
  const run = useCallback(
    async (input: InputOf<N>): Promise<Result<OutputOf<N>>> => {
      cancel()
      const call = client.job(name, input) as JobCall<ProgressOf<N>, OutputOf<N>>
      current.current = call
      setState({ running: true, progress: null, result: null })
      call.onProgress((progress) => {
        if (current.current === call) setState((before) => ({ ...before, progress }))
      })
      const result = await call.done
      if (current.current !== call) return fail({ code: 'cancelled', message: 'Another run took its place.' })
      current.current = null
      setState((before) => ({ running: false, progress: before.progress, result }))
      return result
    },
    [client, name, cancel],
  )
  return { run, cancel, forget, ...state }
}
