/** A capture's thread as the engine sees it. */
import { Worker } from 'node:worker_threads'
import { fail, type Result } from '../../../../shared/model/result.ts'
import type { Capture } from '../../../../shared/model/capture.ts'
import { engineFile } from '../../paths.ts'
import { PendingCalls } from '../../store/worker-calls.ts'
import type { CallName, CaptureCalls } from './capture-calls.ts'
import type { CaptureStart, FromCapture, ToCapture } from './capture.worker.ts'

/** V8's heap of the thread; columns and pages lie outside it, and are bounded by their own. */
const HEAP_MB = 256
/** Of what is young: nearly all that a packet leaves dies at once, and more room only means that it is collected later. */
const YOUNG_MB = 24

/** A thread without a capture yet: starting one takes longer than a person waits for a first page. */
export function startThread(): Worker {
  return new Worker(engineFile('capture.worker'), {
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MB, maxYoungGenerationSizeMb: YOUNG_MB },
  })
}

export class CaptureThread {
  readonly #worker: Worker
  readonly #calls = new PendingCalls()
  readonly #progress = new Map<number, (value: unknown) => void>()
  readonly #listeners = new Set<() => void>()
  readonly #opened: Promise<Result<Capture>>
  /** The newest that is known. */
  capture: Capture | null = null
  /** The thread has ended. */
  gone = false
  /** When somebody last asked something. */
  used = Date.now()

  /** `spare` is a thread that has started and waits. */
  constructor(start: CaptureStart, spare: Worker = startThread()) {
    this.#worker = spare
    this.#worker.ref()
    this.#worker.postMessage({ kind: 'open', start } satisfies ToCapture)
    let open: (result: Result<Capture>) => void = () => undefined
    this.#opened = new Promise((resolve) => (open = resolve))
    this.#worker.on('message', (message: FromCapture) => {
      if (message.kind === 'opened') {
        if (message.result.ok) this.capture = message.result.value
        open(message.result)
      } else if (message.kind === 'changed') {
        this.capture = message.capture
        this.#tell()
      } else if (message.kind === 'progress') this.#progress.get(message.id)?.(message.value)
      else this.#calls.settle(message.id, message.result)
    })
    this.#worker.on('error', (error) =>
      process.stderr.write(`packets: a capture's thread failed: ${error instanceof Error ? error.stack : String(error)}\n`),
    )
    this.#worker.on('exit', () => {
      this.gone = true
      open(fail({ code: 'internal', message: "The capture's thread ended unexpectedly.", correlationId: start.id }))
      this.#calls.failAll("The capture's thread ended unexpectedly.")
      if (this.capture !== null && this.capture.state !== 'ready')
        this.capture = { ...this.capture, state: 'failed', problem: 'The thread that read it ended unexpectedly.' }
      this.#tell()
    })
  }

  get opened(): Promise<Result<Capture>> {
    return this.#opened
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
  #tell(): void {
    for (const listener of this.#listeners) listener()
  }

  async call<N extends CallName>(
    name: N,
    input: CaptureCalls[N][0],
    signal?: AbortSignal,
    progress?: (value: unknown) => void,
  ): Promise<Result<CaptureCalls[N][1]>> {
    this.used = Date.now()
    if (signal?.aborted) return cancelled
    if (this.gone) return fail({ code: 'not_found', message: 'The capture is not open any more.' })
    const { id, result } = this.#calls.start<CaptureCalls[N][1]>((call) =>
      this.#worker.postMessage({ kind: 'call', id: call, name, input } satisfies ToCapture),
    )
    if (progress) this.#progress.set(id, progress)
    const cancel = (): void => this.#worker.postMessage({ kind: 'cancel', id } satisfies ToCapture)
    signal?.addEventListener('abort', cancel, { once: true })
    try {
      return await result
    } finally {
      this.#progress.delete(id)
      signal?.removeEventListener('abort', cancel)
    }
  }

  async close(): Promise<void> {
    if (this.gone) return
    await new Promise<void>((resolve) => {
      // What it does at the moment is not waited for.
      const late = setTimeout(() => void this.#worker.terminate(), 2000)
      this.#worker.once('exit', () => {
        clearTimeout(late)
        resolve()
      })
      this.#worker.postMessage({ kind: 'close' } satisfies ToCapture)
    })
  }
}

const cancelled: Result<never> = fail({ code: 'cancelled', message: 'Cancelled.' })
