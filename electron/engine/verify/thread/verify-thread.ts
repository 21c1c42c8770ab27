/** The thread that verifies, as the main thread sees it: started with the first alert, and again when it dies. */
import { Worker } from 'node:worker_threads'
import { fail, ok, type Result } from '../../../../shared/model/result.ts'
import { engineFile } from '../../paths.ts'
import type { JoinsReaders } from '../../store/types.ts'
import { PendingCalls } from '../../store/worker-calls.ts'
import type { DeskAnswers, DeskQuestions, FromVerifier, ToVerifier, VerifiedAlert, VerifyStart } from './messages.ts'

/** What the thread asks of the desk. */
export interface DeskKnows {
  conversation(asked: DeskQuestions['conversation'], signal: AbortSignal): Promise<DeskAnswers['conversation']>
  asset(asked: DeskQuestions['asset']): DeskAnswers['asset']
  isOurs(ip: string): boolean
  /** Changes whenever what is ours may have. */
  readonly revision: number
}

/** Megabytes: what is kept between alerts is bounded, a case is too. */
const MOST_MEMORY = 1024

export class VerifyThread {
  readonly #store: JoinsReaders
  readonly #desk: DeskKnows
  readonly #ending = new AbortController()
  readonly #calls = new PendingCalls()
  readonly #leave: () => void
  #worker: Worker | null = null
  /** Not at once where it dies again and again: milliseconds. */
  #notBefore = 0
  #deaths = 0

  constructor(store: JoinsReaders, desk: DeskKnows) {
    this.#store = store
    this.#desk = desk
    this.#leave = store.joinReaders(async (shelf) => {
      const worker = this.#worker
      if (worker !== null)
        await this.#calls.start((id) => worker.postMessage({ kind: 'shelf', id, shelf } satisfies ToVerifier)).result
    })
  }

  /** Whether it takes alerts: after a death it rests a while. */
  get ready(): boolean {
    return performance.now() >= this.#notBefore
  }

  /** Errors: `not_found`, `cancelled`, `internal` where the thread died of it. */
  async verify(alert: string, signal: AbortSignal): Promise<Result<VerifiedAlert>> {
    if (signal.aborted || this.#ending.signal.aborted) return fail({ code: 'cancelled', message: 'Cancelled.' })
    if (!this.ready) return fail({ code: 'internal', message: 'The verification ended unexpectedly.', correlationId: 'verify' })
    const worker = (this.#worker ??= this.#start())
    const { revision } = this.#desk
    const { id, result } = this.#calls.start<VerifiedAlert>((call) =>
      worker.postMessage({ kind: 'verify', id: call, alert, revision } satisfies ToVerifier),
    )
    const cancel = (): void => worker.postMessage({ kind: 'cancel', id } satisfies ToVerifier)
    signal.addEventListener('abort', cancel, { once: true })
    try {
      return await result
    } finally {
      signal.removeEventListener('abort', cancel)
    }
  }

  /** Events of these times (microseconds) were stored. */
  stored(from: number, to: number): void {
    this.#worker?.postMessage({ kind: 'stored', from, to } satisfies ToVerifier)
  }

  #start(): Worker {
    const worker = new Worker(engineFile('verify.worker'), {
      workerData: this.#store.readerStart satisfies VerifyStart,
      resourceLimits: { maxOldGenerationSizeMb: MOST_MEMORY },
    })
    worker.on('message', (message: FromVerifier) => {
      if (message.kind === 'done') this.#calls.settle(message.id, message.result)
      else if (message.kind === 'damaged') this.#store.damaged(message.day, message.known)
      else
        void this.#answer(message)
          .catch((error: unknown): Result<never> => {
            process.stderr.write(`verify: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
            return fail({ code: 'internal', message: 'The desk could not tell.', correlationId: 'verify' })
          })
          .then((value) => {
            if (this.#worker === worker) worker.postMessage({ kind: 'told', id: message.id, value } satisfies ToVerifier)
          })
    })
    worker.on('error', (error) =>
      process.stderr.write(
        `verify: the thread failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
      ),
    )
    worker.on('exit', () => {
      if (this.#worker !== worker) return
      this.#worker = null
      this.#notBefore = performance.now() + Math.min(30_000, 200 * 2 ** this.#deaths++)
      this.#calls.failAll('The verification ended unexpectedly.')
    })
    this.#worker = worker
    return worker
  }

  async #answer({ question, input }: Extract<FromVerifier, { kind: 'ask' }>): Promise<Result<unknown>> {
    switch (question) {
      case 'conversation':
        return ok(await this.#desk.conversation(input as DeskQuestions['conversation'], this.#ending.signal))
      case 'asset':
        return ok(this.#desk.asset(input as DeskQuestions['asset']))
      case 'ours':
        return ok((input as DeskQuestions['ours']).filter((ip) => this.#desk.isOurs(ip)))
    }
  }

  async close(): Promise<void> {
    this.#ending.abort()
    this.#leave()
    const worker = this.#worker
    if (worker === null) return
    await new Promise<void>((resolve) => {
      // What it is about to finish is not waited for.
      const late = setTimeout(() => void worker.terminate(), 1000)
      worker.once('exit', () => {
        clearTimeout(late)
        resolve()
      })
      worker.postMessage({ kind: 'close' } satisfies ToVerifier)
    })
  }
}
