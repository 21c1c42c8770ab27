/** The thread of one capture. In: {@link ToCapture}; out: {@link FromCapture}. */
import { parentPort } from 'node:worker_threads'
import { randomUUID } from 'node:crypto'
import { fail, type Result } from '../../../../shared/model/result.ts'
import type { Capture } from '../../../../shared/model/capture.ts'
import { Description } from '../index/capture-description.ts'
import { captureHandlers, type CallName, type CaptureCalls } from './capture-calls.ts'
import { OpenCapture } from './open-capture.ts'

export interface CaptureStart {
  readonly id: string
  readonly folder: string
  readonly paths: readonly string[]
}
export type ToCapture =
  /** The first message; a thread may have waited for it. */
  | { readonly kind: 'open'; readonly start: CaptureStart }
  | { readonly kind: 'call'; readonly id: number; readonly name: CallName; readonly input: unknown }
  | { readonly kind: 'cancel'; readonly id: number }
  | { readonly kind: 'close' }
export type FromCapture =
  | { readonly kind: 'opened'; readonly result: Result<Capture> }
  | { readonly kind: 'changed'; readonly capture: Capture }
  | { readonly kind: 'progress'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'done'; readonly id: number; readonly result: Result<unknown> }

/** Milliseconds between two `changed`. */
const GAP = 100

if (parentPort) {
  const port = parentPort
  // What is asked before the capture is open waits.
  const early: ToCapture[] = []
  let receive = (message: ToCapture): void => void early.push(message)
  let begin: (start: CaptureStart) => void = () => undefined
  const begun = new Promise<CaptureStart>((resolve) => (begin = resolve))
  port.on('message', (message: ToCapture) => (message.kind === 'open' ? begin(message.start) : receive(message)))
  // A check is compiled when it is used first: better before somebody waits.
  Description.safeParse({})
  const { id, folder, paths } = await begun
  const post = (message: FromCapture): void => port.postMessage(message)
  let told = 0
  let waiting: NodeJS.Timeout | null = null
  let capture: OpenCapture | null = null
  const tell = (): void => {
    waiting = null
    told = performance.now()
    if (capture !== null) post({ kind: 'changed', capture: capture.summary })
  }
  const changed = (): void => {
    if (capture === null || waiting !== null) return
    const since = performance.now() - told
    if (since >= GAP) tell()
    else waiting = setTimeout(tell, GAP - since)
  }
  const running = new Map<number, AbortController>()
  const opened = await OpenCapture.open(id, folder, paths, changed)
  if (!opened.ok) {
    post({ kind: 'opened', result: opened })
    port.close()
  } else {
    const open = opened.value
    capture = open
    const handlers = captureHandlers(open)
    const call = async (number: number, name: CallName, input: unknown): Promise<void> => {
      const abort = new AbortController()
      running.set(number, abort)
      let result: Result<unknown>
      try {
        const handler = handlers[name] as (
          input: unknown,
          progress: (value: unknown) => void,
          signal: AbortSignal,
        ) => Promise<Result<unknown>> | Result<unknown>
        result = await handler(input, (value) => post({ kind: 'progress', id: number, value }), abort.signal)
      } catch (error) {
        const correlationId = randomUUID()
        process.stderr.write(
          `packets: ${name} failed (${correlationId}): ${error instanceof Error ? error.stack : String(error)}\n`,
        )
        result = fail({ code: 'internal', message: 'The capture could not be read.', correlationId })
      }
      running.delete(number)
      post({ kind: 'done', id: number, result })
      if (name === 'stop' || name === 'keys') changed()
    }
    receive = (message) => {
      if (message.kind === 'call') void call(message.id, message.name, message.input as CaptureCalls[CallName][0])
      else if (message.kind === 'cancel') running.get(message.id)?.abort()
      else {
        for (const abort of running.values()) abort.abort()
        void open.close().then(() => port.close())
      }
    }
    for (const message of early) receive(message)
    post({ kind: 'opened', result: { ok: true, value: open.summary } })
    void open.read().then(tell)
  }
}
