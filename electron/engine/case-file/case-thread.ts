/** Case files are worked on in a thread of their own, however large they are. The desk is changed by its own writer, when the thread asks. */
import { randomUUID } from 'node:crypto'
import { Worker } from 'node:worker_threads'
import type { CaseProgress } from '../../../shared/case-file-contract.ts'
import { fail, type Result, type WatchfloorError } from '../../../shared/model/result.ts'
import { engineFile } from '../paths.ts'
import type { CaseDone, CaseOrder, DeskCall, FromCaseThread, ToCaseThread } from './case-orders.ts'
import type { CaseStore } from './import-case.ts'

/** A row has at most 32 MB; nothing holds more than some of them. */
const LIMITS = { maxOldGenerationSizeMb: 1024, maxYoungGenerationSizeMb: 64 }
const CANCELLED: WatchfloorError = { code: 'cancelled', message: 'It was cancelled.' }

export interface CaseRun<K extends CaseOrder['kind']> {
  readonly result: Promise<Result<CaseDone[K]>>
  /** When the thread has ended, and with it all that it had to take away. */
  readonly over: Promise<void>
  /** Ends it at once. */
  terminate(): void
}

/** `store` for what changes the desk. Cancelled, it answers at once, unless the incident is being taken in just then: that comes to its end. */
export function runCaseOrder<K extends CaseOrder['kind']>(
  order: Extract<CaseOrder, { kind: K }>,
  {
    store,
    progress,
    signal,
  }: { readonly store: CaseStore | null; progress(now: CaseProgress): void; readonly signal: AbortSignal },
): CaseRun<K> {
  const worker = new Worker(engineFile('case-file.worker'), { workerData: order, resourceLimits: LIMITS })
  const post = (message: ToCaseThread): void => worker.postMessage(message)
  let taking = false
  let stopped = false
  const answer = async (call: DeskCall, args: readonly unknown[]): Promise<unknown> => {
    if (stopped || store === null) return fail(CANCELLED)
    if (call === 'take') taking = true
    // The thread passes on what the method of that name takes.
    return (store[call] as (...given: readonly unknown[]) => Promise<unknown>)(...args)
  }
  const ended = Promise.withResolvers<void>()
  const result = new Promise<Result<CaseDone[K]>>((resolve) => {
    const cancel = (): void => {
      if (taking) return
      stopped = true
      post({ kind: 'cancel' })
      resolve(fail(CANCELLED))
    }
    signal.addEventListener('abort', cancel, { once: true })
    if (signal.aborted) cancel()
    worker.on('message', (message: FromCaseThread) => {
      if (message.kind === 'progress') progress(message.progress)
      else if (message.kind === 'done') resolve(message.result as Result<CaseDone[K]>)
      else
        void answer(message.call, message.args)
          .catch((error: unknown) => fail(internal(error)))
          .then((given) => post({ kind: 'answer', id: message.id, result: given }))
    })
    worker.on('error', (error) => resolve(fail(internal(error))))
    worker.on('exit', (code) => {
      signal.removeEventListener('abort', cancel)
      resolve(fail(internal(new Error(`the thread ended with code ${code}`))))
      ended.resolve()
    })
  })
  return { result, over: ended.promise, terminate: () => void worker.terminate() }
}

const internal = (error: unknown): WatchfloorError =>
  error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY'
    ? { code: 'invalid_input', message: 'The case is larger than can be read here.', path: 'path' }
    : { code: 'internal', message: error instanceof Error ? error.message : String(error), correlationId: randomUUID() }
