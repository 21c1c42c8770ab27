/** The lines of a capture's events, read in a thread of its own. */
import { Worker } from 'node:worker_threads'
import { say } from '../../../../shared/model/sentence.ts'
import { ReadProblem } from '../../ingest/read-problem.ts'
import { engineFile } from '../../paths.ts'
import type { CapturePiece, CaptureStart } from './capture-lines.ts'
import type { FromCaptureEvents } from './capture-events.worker.ts'

/** Pieces that the thread may make before somebody wants them. */
const AHEAD = 4
/** V8's heap of the thread; payloads lie outside it, and are bounded by their own (see event-pass.ts). */
const HEAP_MB = 512
/** What is young dies young: more room saves nothing. */
const YOUNG_MB = 16

export async function* captureEvents(start: CaptureStart): AsyncGenerator<CapturePiece, void> {
  const worker = new Worker(engineFile('capture-events.worker'), {
    workerData: start,
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MB, maxYoungGenerationSizeMb: YOUNG_MB },
  })
  const messages: FromCaptureEvents[] = []
  let wake: () => void = () => undefined
  const put = (message: FromCaptureEvents): void => {
    messages.push(message)
    wake()
  }
  worker.on('message', put)
  worker.on('error', (error) =>
    put({ kind: 'failed', why: say('capture_thread_failed', { text: error instanceof Error ? error.message : String(error) }) }),
  )
  worker.on('exit', () => put({ kind: 'failed', why: say('capture_thread_ended') }))
  worker.postMessage(AHEAD)
  try {
    for (;;) {
      const message = messages.shift()
      if (message === undefined) {
        await new Promise<void>((resolve) => (wake = resolve))
        continue
      }
      if (message.kind === 'over') return
      if (message.kind === 'failed') throw new ReadProblem(message.why)
      yield message.piece
      worker.postMessage(1)
    }
  } finally {
    await worker.terminate()
  }
}
