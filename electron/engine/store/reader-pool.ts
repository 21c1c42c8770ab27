/** The reader threads: each question goes to the one with the least to do; one that dies is started again. */
import { Worker } from 'node:worker_threads'
import { fail } from '../../../shared/model/result.ts'
import type { Result } from '../../../shared/model/result.ts'
import { engineFile } from '../paths.ts'
import type { Shelf } from './partition-files.ts'
import type { Answer, Question, QuestionInput } from './reader.ts'
import type { FromReader, ReaderStart, ToReader } from './reader.worker.ts'
import { PendingCalls } from './worker-calls.ts'

const THREADS = 2
/** Questions that may take long count for more. */
const LONG: ReadonlySet<Question> = new Set(['events.stats', 'events.fields', 'events.histogram', 'alerts.around'])

interface Thread {
  worker: Worker
  readonly calls: PendingCalls
  load: number
  starts: number
  down: boolean
}

export class ReaderPool {
  #start: ReaderStart
  readonly #onDamaged: (day: number, known: number) => void
  #threads: readonly Thread[] = []
  #closing = false

  /** Threads begin with `begin`, or with the first question. */
  constructor(start: ReaderStart, onDamaged: (day: number, known: number) => void) {
    this.#start = start
    this.#onDamaged = onDamaged
  }

  begin(): void {
    if (this.#threads.length === 0) this.#threads = Array.from({ length: THREADS }, () => this.#thread())
  }

  #thread(): Thread {
    const thread: Thread = { worker: this.#worker(() => thread), calls: new PendingCalls(), load: 0, starts: 1, down: false }
    return thread
  }

  #worker(of: () => Thread): Worker {
    const worker = new Worker(engineFile('reader.worker'), { workerData: this.#start })
    worker.on('message', (message: FromReader) => {
      if (message.kind === 'done') of().calls.settle(message.id, message.result)
      else this.#onDamaged(message.day, message.known)
    })
    worker.on('error', (error) =>
      process.stderr.write(
        `store: a reader failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
      ),
    )
    worker.on('exit', () => {
      const thread = of()
      thread.calls.failAll('A reader of the store ended unexpectedly.')
      thread.load = 0
      thread.down = true
      if (this.#closing) return
      // Not at once when it dies again and again.
      setTimeout(
        () => {
          if (this.#closing) return
          thread.worker = this.#worker(() => thread)
          thread.down = false
        },
        Math.min(5000, 50 * thread.starts++),
      ).unref()
    })
    return worker
  }

  async ask<Q extends Question>(question: Q, input: QuestionInput<Q>, signal: AbortSignal): Promise<Answer<Q>> {
    if (signal.aborted) return cancelled as Answer<Q>
    if (!this.#closing) this.begin()
    const up = this.#threads.filter(({ down }) => !down)
    if (this.#closing || up.length === 0)
      return fail({ code: 'store_busy', message: 'The store cannot be searched at the moment.' }) as Answer<Q>
    const thread = up.reduce((least, one) => (one.load < least.load ? one : least))
    const weight = LONG.has(question) ? 4 : 1
    const { id, result } = thread.calls.start<unknown>((call) =>
      thread.worker.postMessage({ kind: 'ask', id: call, question, input } satisfies ToReader),
    )
    thread.load += weight
    const cancel = (): void => thread.worker.postMessage({ kind: 'cancel', id } satisfies ToReader)
    signal.addEventListener('abort', cancel, { once: true })
    try {
      return (await result) as Answer<Q>
    } finally {
      thread.load = Math.max(0, thread.load - weight)
      signal.removeEventListener('abort', cancel)
    }
  }

  /** Readers have closed every other partition when it resolves. */
  async setShelf(shelf: Shelf): Promise<void> {
    this.#start = { ...this.#start, shelf }
    await Promise.all(
      this.#threads
        .filter(({ down }) => !down)
        .map(
          ({ worker, calls }) => calls.start((id) => worker.postMessage({ kind: 'shelf', shelf, id } satisfies ToReader)).result,
        ),
    )
  }

  async close(): Promise<void> {
    this.#closing = true
    await Promise.all(
      this.#threads
        .filter(({ down }) => !down)
        .map(
          ({ worker }) =>
            new Promise<void>((resolve) => {
              // A search that runs is not waited for.
              const late = setTimeout(() => void worker.terminate(), 1000)
              worker.once('exit', () => {
                clearTimeout(late)
                resolve()
              })
              worker.postMessage({ kind: 'close' } satisfies ToReader)
            }),
        ),
    )
  }
}

const cancelled: Result<never> = fail({ code: 'cancelled', message: 'Cancelled.' })
