/** The engine's end of a connection: checks every frame and every input, runs handlers, and bounds what a client can cost. */
import type { z } from 'zod'
import type { Result, WatchfloorError } from '../model/result.ts'
import { contractHash } from './contract-hash.ts'
import { ClientFrame, type EngineFrame, LIMITS, type Limits, problemOf } from './frames.ts'
import type { CallContext, Caller, Contract, Emit, HandlersOf, Method } from './kinds.ts'
import type { Transport } from './transport.ts'

/** What the engine's log is told. `error` of a fault is whatever the handler threw. */
export type ServeLog =
  | { readonly event: 'handler_fault'; readonly method: string; readonly correlationId: string; readonly error: unknown }
  | { readonly event: 'connection_refused'; readonly reason: string }

export interface ServeOptions {
  readonly caller: Caller
  readonly log?: (entry: ServeLog) => void
  readonly limits?: Partial<Limits>
  /** Also parse what handlers give back and fail the call where it does not fit the contract: for tests and development. */
  readonly checkOutputs?: boolean
}
export interface Connection {
  /** Calls that run now. */
  readonly calls: number
  close(reason: string): void
}

/** Rejection of `emit` after the client cancelled or is gone: a handler lets it through, after its own `finally`. */
export class CallAborted extends Error {
  override readonly name = 'CallAborted'
}

const HELLO_WITHIN_MS = 10_000

type AnyHandler = (input: unknown, ...rest: readonly unknown[]) => Promise<Result<unknown>>

/** Serves one client until its transport ends. Never throws; a client's fault ends that client's connection only. */
export function serve<C extends Contract>(
  contract: C,
  handlers: HandlersOf<C>,
  transport: Transport,
  options: ServeOptions,
): Connection {
  const limits = { ...LIMITS, ...options.limits }
  const calls = new Map<number, Call>()
  let greeted = false
  let over = false

  const send = (frame: EngineFrame): void => {
    if (!over) transport.send(frame)
  }
  const end = (reason: string): void => {
    if (over) return
    over = true
    clearTimeout(impatience)
    for (const call of calls.values()) call.abort()
    transport.close(reason)
  }
  const refuse = (error: WatchfloorError): void => {
    options.log?.({ event: 'connection_refused', reason: error.message })
    send({ t: 'fail', id: 0, error })
    end(error.message)
  }
  const impatience = setTimeout(() => refuse({ code: 'invalid_input', message: 'no hello in time' }), HELLO_WITHIN_MS)

  const fault = (method: string, error: unknown): WatchfloorError => {
    const correlationId = crypto.randomUUID()
    options.log?.({ event: 'handler_fault', method, correlationId, error })
    return { code: 'internal', message: 'The engine made a mistake. Its log has the details.', correlationId }
  }

  const answer = (id: number, name: string, result: Result<unknown>): void => {
    try {
      send(result.ok ? { t: 'done', id, value: result.value } : { t: 'fail', id, error: result.error })
    } catch (error) {
      send({ t: 'fail', id, error: fault(name, error) })
    }
  }

  const run = async (id: number, name: string, input: unknown, credit: number): Promise<void> => {
    const method = Object.hasOwn(contract, name) ? contract[name] : undefined
    const handler = Object.hasOwn(handlers, name) ? (handlers[name as keyof C] as unknown as AnyHandler) : undefined
    if (!method || !handler)
      return answer(
        id,
        name,
        refusal({ code: 'not_found', message: `There is no method named ${JSON.stringify(name.slice(0, 64))}.` }),
      )
    if (!options.caller.permissions.has(method.permission)) {
      return answer(
        id,
        name,
        refusal({ code: 'forbidden', message: `This needs the permission ${method.permission}.`, permission: method.permission }),
      )
    }
    const parsed = method.input.safeParse(input)
    if (!parsed.success) return answer(id, name, refusal(invalid(parsed.error)))

    const call = new Call(id, method, credit, limits, transport, send, options.checkOutputs === true)
    calls.set(id, call)
    // A call that broke the rules of `emit` is answered at once; a handler that goes on regardless keeps its place, no more.
    const brokenResult = call.broken.then((error) => refusal(fault(name, error)))
    const aborted = (): Result<unknown> | Promise<Result<unknown>> => (call.isBroken ? brokenResult : refusal(CANCELLED))
    const work = (async (): Promise<Result<unknown>> => {
      try {
        const context: CallContext = { caller: options.caller, signal: call.signal }
        const emits = method.kind === 'stream' || method.kind === 'job'
        const result = await (emits ? handler(parsed.data, call.emit, context) : handler(parsed.data, context))
        if (call.signal.aborted) return await aborted()
        if (result.ok && options.checkOutputs && method.kind !== 'stream') method.output.parse(result.value)
        call.flush()
        return result
      } catch (error) {
        return call.signal.aborted ? await aborted() : refusal(fault(name, error))
      }
    })()
    const result = await Promise.race([work, brokenResult])
    call.abort()
    answer(id, name, result)
    await work
    // The place is given free only when the answer has left: a client that asks and never reads holds a bounded amount.
    await transport.drained()
    calls.delete(id)
  }

  transport.onClose((reason) => end(reason))
  transport.onMessage((message) => {
    if (over) return
    const problem = problemOf(message, limits)
    if (problem) return refuse({ code: 'invalid_input', message: `Refused a frame: ${problem}.` })
    const parsed = ClientFrame.safeParse(message)
    if (!parsed.success) return refuse({ code: 'invalid_input', message: 'Refused a malformed frame.' })
    const frame = parsed.data
    if (frame.t === 'hello') {
      if (greeted) return refuse({ code: 'invalid_input', message: 'Refused a second hello.' })
      clearTimeout(impatience)
      const own = contractHash(contract)
      if (frame.contractHash !== own) {
        return refuse({
          code: 'conflict',
          message: 'The screen and the engine are of different versions. Reload the screen or restart Watchfloor.',
        })
      }
      greeted = true
      // Half: a call's place here is given free a moment after the client has its answer.
      return send({ t: 'hello', contractHash: own, calls: Math.ceil(limits.calls / 2) })
    }
    if (!greeted) return refuse({ code: 'invalid_input', message: 'Refused a call before the hello.' })
    // Frames for calls that have just ended are ordinary: they crossed the answer.
    if (frame.t === 'cancel') return calls.get(frame.id)?.abort()
    if (frame.t === 'credit') return calls.get(frame.id)?.grant(frame.n)
    if (calls.has(frame.id)) return refuse({ code: 'invalid_input', message: 'Refused a second call with the same id.' })
    if (calls.size >= limits.calls)
      return answer(frame.id, frame.method, refusal({ code: 'store_busy', message: 'Too many calls at once.' }))
    void run(frame.id, frame.method, frame.input, frame.credit)
  })

  return {
    get calls() {
      return calls.size
    },
    close: end,
  }
}

const CANCELLED: WatchfloorError = { code: 'cancelled', message: 'Cancelled.' }
const refusal = (error: WatchfloorError): { readonly ok: false; readonly error: WatchfloorError } => ({ ok: false, error })

function invalid(error: z.ZodError): WatchfloorError {
  const issue = error.issues[0]
  const path = issue?.path.map(String).join('.') ?? ''
  return { code: 'invalid_input', message: issue?.message ?? 'Invalid input', ...(path === '' ? {} : { path }) }
}

/** One running call: its cancellation, and the credit its client has given. */
class Call {
  readonly id: number
  readonly #method: Method
  readonly #controller = new AbortController()
  readonly #limits: Limits
  readonly #transport: Transport
  readonly #send: (frame: EngineFrame) => void
  readonly #check: boolean
  #credit: number
  #blocked = false
  #unsent: unknown[] = []
  #waiters: { resolve: () => void; reject: (error: CallAborted) => void }[] = []
  #progress: { value: unknown } | null = null
  isBroken = false
  #resolveBroken: (error: unknown) => void = () => {}
  /** Resolves when the handler broke the rules of `emit`: it did not await, or what it emitted cannot be sent. */
  readonly broken = new Promise<unknown>((resolve) => {
    this.#resolveBroken = resolve
  })

  constructor(
    id: number,
    method: Method,
    credit: number,
    limits: Limits,
    transport: Transport,
    send: (frame: EngineFrame) => void,
    check: boolean,
  ) {
    this.id = id
    this.#method = method
    this.#credit = credit
    this.#limits = limits
    this.#transport = transport
    this.#send = send
    this.#check = check
  }

  get signal(): AbortSignal {
    return this.#controller.signal
  }

  abort(): void {
    if (this.signal.aborted) return
    this.#controller.abort()
    this.#unsent = []
    this.#progress = null
    for (const waiter of this.#waiters.splice(0)) waiter.reject(new CallAborted('the call was cancelled'))
  }

  #break(error: unknown): void {
    this.isBroken = true
    this.#resolveBroken(error)
    this.abort()
  }

  grant(credit: number): void {
    // A client cannot buy unlimited memory by sending credit it was never asked for.
    this.#credit = Math.min(this.#credit + credit, 1024)
    this.#pump()
  }

  readonly emit: Emit<unknown> = (value) => {
    const done = this.#method.kind === 'stream' ? this.#next(value) : this.#report(value)
    // A handler may report from a callback without awaiting: that must not end the process as an unhandled rejection.
    done.catch(() => {})
    return done
  }

  /** Sends the last progress that waits, whatever the credit: the call ends now. */
  flush(): void {
    const last = this.#progress
    this.#progress = null
    if (!last) return
    if (this.#check && this.#method.kind === 'job') this.#method.progress.parse(last.value)
    this.#send({ t: 'progress', id: this.id, value: last.value })
  }

  /** Streams: every value arrives; resolves when there is room for one more. */
  #next(value: unknown): Promise<void> {
    if (this.signal.aborted) return Promise.reject(new CallAborted('the call was cancelled'))
    if (this.#unsent.length >= this.#limits.unawaited) {
      this.#break(new Error('the handler emits without awaiting'))
      return Promise.reject(new CallAborted('the call was ended'))
    }
    this.#unsent.push(value)
    return new Promise((resolve, reject) => {
      this.#waiters.push({ resolve, reject })
      this.#pump()
    })
  }

  /** Jobs: the newest progress replaces one that waits, so the work never waits for the screen. */
  #report(value: unknown): Promise<void> {
    if (this.signal.aborted) return Promise.reject(new CallAborted('the call was cancelled'))
    this.#progress = { value }
    this.#pump()
    return Promise.resolve()
  }

  #pump(): void {
    try {
      while (this.#credit > 0 && !this.#blocked) {
        if (this.#unsent.length > 0) {
          const value = this.#unsent.shift()
          if (this.#check && this.#method.kind === 'stream') this.#method.next.parse(value)
          this.#send({ t: 'next', id: this.id, value })
        } else if (this.#progress) this.flush()
        else break
        this.#credit--
        this.#waitForRoom()
      }
    } catch (error) {
      this.#break(error)
      return
    }
    if (this.#credit > 0 && !this.#blocked && this.#unsent.length === 0) {
      for (const waiter of this.#waiters.splice(0)) waiter.resolve()
    }
  }

  #waitForRoom(): void {
    const drained = this.#transport.drained()
    if (!drained) return
    this.#blocked = true
    void drained.then(() => {
      this.#blocked = false
      this.#pump()
    })
  }
}
