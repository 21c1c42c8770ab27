/** The screen's end of a connection: calls that always end, streams that survive the engine, and a state to show. */
import type { Result, WatchfloorError } from '../model/result.ts'
import { contractHash } from './contract-hash.ts'
import { type ClientFrame, EngineFrame, LIMITS, problemOf } from './frames.ts'
import type { ClientOf, ClientState, Contract, JobCall, StreamListener, Subscription } from './kinds.ts'
import type { Transport } from './transport.ts'

/** Opens a new transport; rejects where there is none now. Gives up when `signal` is aborted. */
export type MakeTransport = (signal: AbortSignal) => Promise<Transport>

export interface ConnectOptions {
  /** Milliseconds before the first and at most before any next attempt. Default 100 and 5,000. */
  readonly backoff?: { readonly first: number; readonly most: number }
  /** Milliseconds for a transport and its hello. Default 30,000. */
  readonly patience?: number
  /** The engine is of another build: the state is `closed`, `error` says so. */
  readonly onRefused?: (error: WatchfloorError) => void
  /** A stream or progress listener threw. Default: the platform's console. */
  readonly onListenerError?: (error: unknown) => void
}

/** Values a client takes before it gives credit back. */
const STREAM_WINDOW = 16
const PROGRESS_WINDOW = 2

interface Pending {
  readonly method: string
  readonly input: unknown
  readonly window: number
  /** A value or a progress. A promise delays the credit. */
  value(value: unknown): void | Promise<void>
  settle(result: Result<unknown>): void
}
interface ActiveStream {
  readonly method: string
  readonly input: unknown
  readonly listener: StreamListener<unknown>
  call: number | null
}

const failed = (error: WatchfloorError): { readonly ok: false; readonly error: WatchfloorError } => ({ ok: false, error })
const GONE: WatchfloorError = { code: 'engine_gone', message: 'The engine is gone. Watchfloor reconnects by itself.' }
const CLOSED: WatchfloorError = { code: 'engine_gone', message: 'This connection was closed.' }
const CANCELLED: WatchfloorError = { code: 'cancelled', message: 'Cancelled.' }

/** Connects now, and again whenever the transport ends, until `close`. */
export function connect<C extends Contract>(
  contract: C,
  makeTransport: MakeTransport,
  options: ConnectOptions = {},
): ClientOf<C> {
  const link = new Link(contractHash(contract), makeTransport, options)
  const simple = (name: string, input: unknown, signal?: AbortSignal): Promise<Result<unknown>> =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve(failed(CANCELLED))
      const id = link.start({ method: name, input, window: 1, value: () => {}, settle: resolve })
      signal?.addEventListener('abort', () => link.cancel(id), { once: true })
    })
  const client = {
    query: (name: string, input: unknown, extra?: { signal?: AbortSignal }) => simple(name, input, extra?.signal),
    command: (name: string, input: unknown) => simple(name, input),
    stream: (name: string, input: unknown, listener: StreamListener<unknown>) =>
      link.subscribe({ method: name, input, listener, call: null }),
    job(name: string, input: unknown) {
      const listeners: ((progress: unknown) => void)[] = []
      let id = 0
      const done = new Promise<Result<unknown>>((resolve) => {
        id = link.start({
          method: name,
          input,
          window: PROGRESS_WINDOW,
          value: (progress) => {
            for (const listener of listeners) listener(progress)
          },
          settle: resolve,
        })
      })
      const call: JobCall<unknown, unknown> = {
        done,
        onProgress: (listener) => void listeners.push(listener),
        cancel: () => link.cancel(id),
      }
      return call
    },
    get state() {
      return link.state
    },
    onState: (listener: (state: ClientState) => void) => link.onState(listener),
    close: () => link.close(CLOSED),
  }
  // The engine checks inputs, and both sides were built from one contract (its hash was compared): the names carry the types.
  return client as unknown as ClientOf<C>
}

class Link {
  state: ClientState = 'connecting'
  readonly #hash: string
  readonly #makeTransport: MakeTransport
  readonly #options: ConnectOptions
  readonly #stateListeners = new Set<(state: ClientState) => void>()
  readonly #streams = new Set<ActiveStream>()
  /** Sent, in order of their ids. A cancelled one stays, without its caller, until the engine has answered. */
  readonly #running = new Map<number, Pending | null>()
  /** Not sent yet: before the first hello, or beyond what the engine takes at once. */
  readonly #queue = new Map<number, Pending>()
  #transport: Transport | null = null
  #room = 0
  #lastId = 0
  #attempts = 0
  #final: WatchfloorError = CLOSED
  #retry: ReturnType<typeof setTimeout> | undefined
  #attempt: AbortController | null = null

  constructor(hash: string, makeTransport: MakeTransport, options: ConnectOptions) {
    this.#hash = hash
    this.#makeTransport = makeTransport
    this.#options = options
    void this.#open()
  }

  onState(listener: (state: ClientState) => void): () => void {
    this.#stateListeners.add(listener)
    return () => void this.#stateListeners.delete(listener)
  }

  /** Sends or queues a call; a call while the engine is away fails at once (in a microtask). */
  start(pending: Pending): number {
    const id = ++this.#lastId
    if (this.state === 'closed') queueMicrotask(() => pending.settle(failed(this.#final)))
    else if (this.state === 'gone') queueMicrotask(() => pending.settle(failed(GONE)))
    else {
      this.#queue.set(id, pending)
      this.#flush()
    }
    return id
  }

  cancel(id: number): void {
    const queued = this.#queue.get(id)
    const running = this.#running.get(id)
    if (queued) this.#queue.delete(id)
    else if (running) {
      this.#running.set(id, null)
      this.#send({ t: 'cancel', id })
    }
    ;(queued ?? running)?.settle(failed(CANCELLED))
  }

  subscribe(stream: ActiveStream): Subscription {
    if (this.state === 'closed') {
      queueMicrotask(() => stream.listener.end?.(failed(this.#final)))
      return { cancel: () => {} }
    }
    this.#streams.add(stream)
    if (this.state === 'open') this.#startStream(stream)
    return {
      cancel: () => {
        if (!this.#streams.delete(stream) || stream.call === null) return
        this.cancel(stream.call)
      },
    }
  }

  /** For good: everything pending ends with `error`. */
  close(error: WatchfloorError): void {
    if (this.state === 'closed') return
    this.#final = error
    clearTimeout(this.#retry)
    this.#attempt?.abort()
    const transport = this.#transport
    this.#transport = null
    this.#setState('closed')
    this.#failAll(error)
    for (const stream of this.#streams) {
      this.#streams.delete(stream)
      this.#guard(() => stream.listener.end?.(failed(error)))
    }
    transport?.close('closed')
  }

  async #open(): Promise<void> {
    const attempt = new AbortController()
    this.#attempt = attempt
    const late = setTimeout(() => {
      attempt.abort()
      this.#lost(attempt)
    }, this.#options.patience ?? 30_000)
    let transport: Transport
    try {
      transport = await this.#makeTransport(attempt.signal)
    } catch {
      clearTimeout(late)
      return this.#lost(attempt)
    }
    if (attempt.signal.aborted || this.#attempt !== attempt) {
      clearTimeout(late)
      return transport.close('too late')
    }
    this.#transport = transport
    attempt.signal.addEventListener('abort', () => transport.close('too late'), { once: true })
    transport.onMessage((message) => {
      if (this.#transport !== transport) return
      const frame = EngineFrame.safeParse(message)
      if (!frame.success) {
        // Not the engine we know: drop the line and try again.
        transport.close('malformed frame')
        return this.#lost(attempt)
      }
      if (frame.data.t === 'hello') {
        clearTimeout(late)
        this.#opened(frame.data.calls)
      } else this.#take(frame.data)
    })
    transport.onClose(() => {
      clearTimeout(late)
      if (this.#transport === transport) this.#lost(attempt)
    })
    transport.send({ t: 'hello', contractHash: this.#hash } satisfies ClientFrame)
  }

  #opened(calls: number): void {
    this.#attempts = 0
    this.#room = calls
    this.#setState('open')
    for (const stream of this.#streams) this.#startStream(stream)
    this.#flush()
  }

  #lost(attempt: AbortController): void {
    if (this.#attempt !== attempt || this.state === 'closed') return
    this.#attempt = null
    this.#transport = null
    this.#setState('gone')
    for (const stream of this.#streams) stream.call = null
    this.#failAll(GONE)
    const { first, most } = this.#options.backoff ?? { first: 100, most: 5000 }
    const wait = Math.min(most, first * 2 ** Math.min(this.#attempts++, 20))
    // Between 80 and 100 %: many screens of one engine do not come back in the same instant.
    this.#retry = setTimeout(() => void this.#open(), wait * (0.8 + 0.2 * Math.random()))
  }

  #failAll(error: WatchfloorError): void {
    const ended = [...this.#running.values(), ...this.#queue.values()]
    this.#running.clear()
    this.#queue.clear()
    for (const pending of ended) pending?.settle(failed(error))
  }

  #flush(): void {
    if (this.state !== 'open') return
    for (const [id, pending] of this.#queue) {
      if (this.#running.size >= this.#room) return
      this.#queue.delete(id)
      const frame: ClientFrame = { t: 'req', id, method: pending.method, input: pending.input, credit: pending.window }
      // The engine would end the whole connection over it.
      const problem = problemOf(frame, LIMITS)
      if (problem) pending.settle(failed({ code: 'invalid_input', message: `This input cannot be sent: ${problem}.` }))
      else {
        this.#running.set(id, pending)
        this.#send(frame)
      }
    }
  }

  #startStream(stream: ActiveStream): void {
    if (!this.#streams.has(stream) || stream.call !== null) return
    stream.call = this.start({
      method: stream.method,
      input: stream.input,
      window: STREAM_WINDOW,
      value: (value) => (this.#streams.has(stream) ? stream.listener.next(value) : undefined),
      settle: (result) => {
        stream.call = null
        // A lost engine is not the end of a stream: it starts again with the next hello.
        if (!result.ok && result.error.code === 'engine_gone' && this.state !== 'closed') return
        if (!this.#streams.delete(stream)) return
        this.#guard(() => stream.listener.end?.(result.ok ? { ok: true, value: undefined } : result))
      },
    })
    // After the request: what the listener asks now is answered by an engine that is already watching.
    this.#guard(() => stream.listener.reset?.())
  }

  #take(frame: Exclude<EngineFrame, { t: 'hello' }>): void {
    if (frame.t === 'fail' && frame.id === 0) {
      // Another build stays another build; after anything else the engine closes the line and a new one is tried.
      if (frame.error.code !== 'conflict') return
      this.close(frame.error)
      this.#options.onRefused?.(frame.error)
      return
    }
    const { id } = frame
    const pending = this.#running.get(id)
    if (frame.t === 'next' || frame.t === 'progress') {
      if (!pending) return
      let later: void | Promise<void> = undefined
      this.#guard(() => {
        later = pending.value(frame.value)
      })
      void Promise.resolve(later).then(
        () => this.#giveBack(id),
        (error: unknown) => {
          this.#complain(error)
          this.#giveBack(id)
        },
      )
      return
    }
    if (!this.#running.delete(id)) return
    pending?.settle(frame.t === 'done' ? { ok: true, value: frame.value } : failed(frame.error))
    this.#flush()
  }

  #giveBack(id: number): void {
    if (this.#running.get(id)) this.#send({ t: 'credit', id, n: 1 })
  }

  #send(frame: ClientFrame): void {
    this.#transport?.send(frame)
  }

  #setState(state: ClientState): void {
    if (this.state === state || this.state === 'closed') return
    this.state = state
    for (const listener of this.#stateListeners) this.#guard(() => listener(state))
  }

  #guard(work: () => void): void {
    try {
      work()
    } catch (error) {
      this.#complain(error)
    }
  }

  #complain(error: unknown): void {
    if (this.#options.onListenerError) this.#options.onListenerError(error)
    else console.error(error)
  }
}
