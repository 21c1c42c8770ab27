/** The thread that reads a capture for an import. It reads on as far as it was allowed to. */
import { parentPort, workerData } from 'node:worker_threads'
import type { Sentence } from '../../../../shared/model/sentence.ts'
import { sentenceOf } from '../../ingest/read-problem.ts'
import { captureLines, type CapturePiece, type CaptureStart } from './capture-lines.ts'

export type FromCaptureEvents =
  | { readonly kind: 'piece'; readonly piece: CapturePiece }
  | { readonly kind: 'over' }
  | { readonly kind: 'failed'; readonly why: Sentence }

if (parentPort) {
  const port = parentPort
  const allowed = { pieces: 0 }
  let wake: () => void = () => undefined
  port.on('message', (pieces: number) => {
    allowed.pieces += pieces
    wake()
  })
  void (async () => {
    try {
      // The thread has nothing else to do.
      for await (const piece of captureLines(workerData as CaptureStart, () => Promise.resolve())) {
        while (allowed.pieces === 0) await new Promise<void>((resolve) => (wake = resolve))
        allowed.pieces--
        port.postMessage({ kind: 'piece', piece } satisfies FromCaptureEvents, [piece.bytes.buffer])
      }
      port.postMessage({ kind: 'over' } satisfies FromCaptureEvents)
    } catch (error) {
      port.postMessage({ kind: 'failed', why: sentenceOf(error) } satisfies FromCaptureEvents)
    } finally {
      port.close()
    }
  })()
}
