/** Reports are written in a thread of their own: the engine goes on meanwhile. */
import { randomUUID } from 'node:crypto'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { fail, ok, type Result, type WatchfloorError } from '../../../shared/model/result.ts'
import { engineFile } from '../paths.ts'
import type { Progress } from './progress.ts'
import type { ReportSource } from './report-source.ts'
import type { ReportOrder, WrittenReport } from './write-job.ts'

export type ReportReply =
  | { readonly kind: 'progress'; readonly part: number }
  | { readonly kind: 'done'; readonly report: WrittenReport }
  | { readonly kind: 'failed'; readonly error: WatchfloorError }

export interface WriteOptions {
  readonly progress?: Progress
  /** Ends the thread at once; nothing is left of it. */
  readonly signal?: AbortSignal
}

/** Ten thousand entries take about a third of it. */
const LIMITS = { maxOldGenerationSizeMb: 1536, maxYoungGenerationSizeMb: 96 }

/**
 * The incident is read in the thread: what is handed over need not have been checked. Errors: `cancelled`; `invalid_input` with a path,
 * also where it is more than one report can hold; `conflict` where the incident's marking is above the reader's.
 */
export function writeReport(
  source: ReportSource,
  order: ReportOrder,
  { progress, signal }: WriteOptions = {},
): Promise<Result<WrittenReport>> {
  const cancelled = fail<WatchfloorError>({ code: 'cancelled', message: 'the report was cancelled' })
  if (signal?.aborted === true) return Promise.resolve(cancelled)
  const { head, lists } = inSlices(source)
  const worker = new Worker(engineFile('report.worker'), { workerData: { head, order }, resourceLimits: LIMITS })
  return new Promise((resolve) => {
    const cancel = (): void => {
      resolve(cancelled)
      void worker.terminate()
    }
    signal?.addEventListener('abort', cancel, { once: true })
    worker.on('message', (reply: ReportReply) => {
      if (reply.kind === 'progress') progress?.(reply.part)
      else resolve(reply.kind === 'done' ? ok(reply.report) : fail(reply.error))
    })
    worker.on('error', (error) => resolve(fail(errorOf(error))))
    void handOver(worker, lists)
    worker.on('exit', (code) => {
      signal?.removeEventListener('abort', cancel)
      resolve(fail(internal(`the thread ended with code ${code}`)))
    })
  })
}

export type ReportPart =
  { readonly kind: 'items'; readonly name: string; readonly items: readonly unknown[] } | { readonly kind: 'whole' }
const SLICE = 400

/** What is handed over is copied by the thread that asks, which has other things to do in between. */
function inSlices(source: ReportSource): { head: Record<string, unknown>; lists: [name: string, items: readonly unknown[]][] } {
  const fields: [string, unknown][] = Object.entries(source)
  return {
    head: Object.fromEntries(fields.map(([name, value]) => [name, Array.isArray(value) ? [] : value])),
    lists: fields.flatMap(([name, value]): [string, readonly unknown[]][] => (Array.isArray(value) ? [[name, value]] : [])),
  }
}

async function handOver(worker: Worker, lists: readonly [name: string, items: readonly unknown[]][]): Promise<void> {
  const post = (part: ReportPart): void => worker.postMessage(part)
  for (const [name, items] of lists)
    for (let at = 0; at < items.length; at += SLICE) {
      post({ kind: 'items', name, items: items.slice(at, at + SLICE) })
      await nextTurn()
    }
  post({ kind: 'whole' })
}

const internal = (message: string): WatchfloorError => ({ code: 'internal', message, correlationId: randomUUID() })

function errorOf(error: unknown): WatchfloorError {
  if (error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY')
    return { code: 'invalid_input', message: 'the incident is larger than one report can hold', path: '' }
  return internal(error instanceof Error ? error.message : String(error))
}
