/** The thread of the catalogue as the main thread uses it: begun with the first question, and again where it has ended. */
import { Worker } from 'node:worker_threads'
import type { CatalogueCounts } from '../../../../shared/asset-contract.ts'
import { fail, ok, type Result } from '../../../../shared/model/result.ts'
import { engineFile } from '../../paths.ts'
import type { InventoryItem } from '../inventories/define.ts'
import type { CveDetail, WantedProduct } from './catalogue.ts'
import type { FromAssetWorker, MatchAnswer, ReadDone, ReadProgress, ToAssetWorker, WorkerStart } from './messages.ts'

interface Waiting {
  settle(result: Result<unknown>): void
  items?(items: readonly InventoryItem[]): Promise<void>
  progress?(progress: ReadProgress): void
}

type Asked = ToAssetWorker extends infer M ? (M extends { readonly id: number } ? Omit<M, 'id'> : never) : never

export class AssetWorker {
  readonly #dataDir: string
  #worker: Worker | null = null
  readonly #waiting = new Map<number, Waiting>()
  #last = 0
  #closed = false

  constructor(dataDir: string) {
    this.#dataDir = dataDir
  }

  /** Every CVE that speaks of the products of one asset. */
  match(products: readonly WantedProduct[]): Promise<Result<MatchAnswer>> {
    return this.#ask<MatchAnswer>({ kind: 'match', products })
  }
  describe(cves: readonly string[]): Promise<Result<readonly CveDetail[]>> {
    return this.#ask<readonly CveDetail[]>({ kind: 'describe', cves })
  }
  counts(): Promise<Result<CatalogueCounts>> {
    return this.#ask<CatalogueCounts>({ kind: 'counts' })
  }

  /** Reads one file; the thread goes on when `items` has taken a batch. What was read before a cancel counts. */
  read(
    path: string,
    on: { items(items: readonly InventoryItem[]): Promise<void>; progress(progress: ReadProgress): void },
    signal: AbortSignal,
  ): Promise<Result<ReadDone>> {
    let cancel = (): void => undefined
    const done = this.#ask<ReadDone>({ kind: 'read', path }, on, (id) => {
      cancel = () => this.#worker?.postMessage({ kind: 'cancel', id } satisfies ToAssetWorker)
      signal.addEventListener('abort', cancel, { once: true })
      if (signal.aborted) cancel()
    })
    return done.finally(() => signal.removeEventListener('abort', cancel))
  }

  async close(): Promise<void> {
    if (this.#closed) return
    const worker = this.#worker
    if (worker) {
      const exit = new Promise<void>((resolve) => worker.once('exit', () => resolve()))
      await this.#ask({ kind: 'close' })
      await exit
    }
    this.#closed = true
  }

  #ask<T>(message: Asked, on: Omit<Waiting, 'settle'> = {}, began: (id: number) => void = () => undefined): Promise<Result<T>> {
    if (this.#closed)
      return Promise.resolve(fail({ code: 'internal', message: 'The catalogue is closed.', correlationId: 'closed' }))
    const id = ++this.#last
    return new Promise<Result<T>>((resolve) => {
      this.#waiting.set(id, { ...on, settle: (result) => resolve(result as Result<T>) })
      this.#begun().postMessage({ ...message, id } as ToAssetWorker)
      began(id)
    })
  }

  #begun(): Worker {
    if (this.#worker) return this.#worker
    const worker = new Worker(engineFile('assets.worker'), { workerData: { dataDir: this.#dataDir } satisfies WorkerStart })
    this.#worker = worker
    worker.on('message', (message: FromAssetWorker) => this.#heard(worker, message))
    worker.on('error', (error) =>
      process.stderr.write(`assets: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`),
    )
    worker.once('exit', () => {
      if (this.#worker === worker) this.#worker = null
      for (const [id, waiting] of this.#waiting) {
        this.#waiting.delete(id)
        waiting.settle(fail({ code: 'internal', message: 'The thread of the catalogue has ended.', correlationId: 'assets' }))
      }
    })
    // It alone must not keep a program alive.
    worker.unref()
    return worker
  }

  #heard(worker: Worker, message: FromAssetWorker): void {
    const waiting = this.#waiting.get(message.id)
    if (!waiting) return
    switch (message.kind) {
      case 'progress':
        waiting.progress?.(message.progress)
        break
      case 'items': {
        const { id } = message
        const taken = (): void => worker.postMessage({ kind: 'taken', id } satisfies ToAssetWorker)
        ;(waiting.items?.(message.items) ?? Promise.resolve()).then(taken, () => {
          worker.postMessage({ kind: 'cancel', id } satisfies ToAssetWorker)
          taken()
        })
        break
      }
      case 'answer':
        this.#waiting.delete(message.id)
        waiting.settle(ok(message.value))
        break
      case 'failed':
        this.#waiting.delete(message.id)
        waiting.settle(fail({ code: 'internal', message: message.message, correlationId: 'assets' }))
    }
  }
}
