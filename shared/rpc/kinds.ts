/** The four kinds of method of the contract, and the types a client and the handlers derive from them. */
import type { z } from 'zod'
import type { Result } from '../model/result.ts'

/** What a caller must be allowed to do. Today the one local operator holds all of them. */
export const PERMISSIONS = [
  'desk.read',
  'alerts.decide',
  'events.read',
  'events.export',
  'packets.read',
  'packets.export',
  'packets.manage',
  'sources.manage',
  'rules.manage',
  'settings.manage',
  'assets.manage',
  'notify.manage',
  'incidents.edit',
  'tuning.manage',
  'tuning.insist',
] as const
export type Permission = (typeof PERMISSIONS)[number]

/** Who is calling. Every handler receives it. */
export interface Caller {
  readonly id: string
  readonly name: string
  readonly permissions: ReadonlySet<Permission>
}

type Schema = z.ZodType

export interface Query<I extends Schema = Schema, O extends Schema = Schema> {
  readonly kind: 'query'
  readonly permission: Permission
  readonly input: I
  readonly output: O
}
export interface Command<I extends Schema = Schema, O extends Schema = Schema> {
  readonly kind: 'command'
  readonly permission: Permission
  readonly input: I
  readonly output: O
}
export interface Stream<I extends Schema = Schema, N extends Schema = Schema> {
  readonly kind: 'stream'
  readonly permission: Permission
  readonly input: I
  readonly next: N
}
export interface Job<I extends Schema = Schema, P extends Schema = Schema, O extends Schema = Schema> {
  readonly kind: 'job'
  readonly permission: Permission
  readonly input: I
  readonly progress: P
  readonly output: O
}
export type Method = Query | Command | Stream | Job
export type Contract = Readonly<Record<string, Method>>

/** Reads; has no effect; may be repeated. */
export const query = <I extends Schema, O extends Schema>(permission: Permission, input: I, output: O): Query<I, O> => ({
  kind: 'query',
  permission,
  input,
  output,
})
/** Changes something, once. */
export const command = <I extends Schema, O extends Schema>(permission: Permission, input: I, output: O): Command<I, O> => ({
  kind: 'command',
  permission,
  input,
  output,
})
/** Values until the client cancels; the client resubscribes after a reconnect. */
export const stream = <I extends Schema, N extends Schema>(permission: Permission, input: I, next: N): Stream<I, N> => ({
  kind: 'stream',
  permission,
  input,
  next,
})
/** Long work with progress, an end, and cancel. */
export const job = <I extends Schema, P extends Schema, O extends Schema>(
  permission: Permission,
  input: I,
  progress: P,
  output: O,
): Job<I, P, O> => ({
  kind: 'job',
  permission,
  input,
  progress,
  output,
})

/** What a handler is told besides its input. */
export interface CallContext {
  readonly caller: Caller
  /** Aborted when the client cancels, or is gone. */
  readonly signal: AbortSignal
}
/** `emit` resolves when the client has room for more (credit); a handler awaits it and so never queues. */
export type Emit<T> = (value: T) => Promise<void>

export type HandlerOf<M extends Method> =
  M extends Query<infer I, infer O>
    ? (input: z.output<I>, context: CallContext) => Promise<Result<z.input<O>>>
    : M extends Command<infer I, infer O>
      ? (input: z.output<I>, context: CallContext) => Promise<Result<z.input<O>>>
      : M extends Stream<infer I, infer N>
        ? (input: z.output<I>, emit: Emit<z.input<N>>, context: CallContext) => Promise<Result<void>>
        : M extends Job<infer I, infer P, infer O>
          ? (input: z.output<I>, emit: Emit<z.input<P>>, context: CallContext) => Promise<Result<z.input<O>>>
          : never
export type HandlersOf<C extends Contract> = { readonly [K in keyof C]: HandlerOf<C[K]> }

export interface JobCall<P, O> {
  /** Resolves when the job ended, was cancelled, or the engine is gone. */
  readonly done: Promise<Result<O>>
  onProgress(listener: (progress: P) => void): void
  cancel(): void
}
export interface Subscription {
  cancel(): void
}
export interface StreamListener<N> {
  /** May return a promise: credit is given back when it resolves. */
  next(value: N): void | Promise<void>
  /** The stream ended by itself or failed for good. Not called for a reconnect. */
  end?(result: Result<void>): void
  /** Called before the first value and again after each reconnect: forget what you had. */
  reset?(): void
}

/** `client.call.alerts_search(...)` would lose the names: methods are called by name, `client.query('alerts.search', input)`. */
type Keys<C extends Contract, K extends Method['kind']> = { [N in keyof C]: C[N]['kind'] extends K ? N : never }[keyof C] & string
/** What a caller writes, and what it gets back. */
export type In<M> = M extends { input: infer I extends Schema } ? z.input<I> : never
export type Out<M> = M extends { output: infer O extends Schema } ? z.output<O> : never
export interface ClientOf<C extends Contract> {
  query<K extends Keys<C, 'query'>>(name: K, input: In<C[K]>, options?: { signal?: AbortSignal }): Promise<Result<Out<C[K]>>>
  command<K extends Keys<C, 'command'>>(name: K, input: In<C[K]>): Promise<Result<Out<C[K]>>>
  stream<K extends Keys<C, 'stream'>>(
    name: K,
    input: In<C[K]>,
    listener: StreamListener<C[K] extends Stream<Schema, infer N> ? z.output<N> : never>,
  ): Subscription
  job<K extends Keys<C, 'job'>>(
    name: K,
    input: In<C[K]>,
  ): JobCall<C[K] extends Job<Schema, infer P, Schema> ? z.output<P> : never, Out<C[K]>>
  /** `connecting` until the first hello, `open`, `gone` while the engine is away (it reconnects by itself), `closed` for good. */
  readonly state: ClientState
  onState(listener: (state: ClientState) => void): () => void
  close(): void
}
export type ClientState = 'connecting' | 'open' | 'gone' | 'closed'
