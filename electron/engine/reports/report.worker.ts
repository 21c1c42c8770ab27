/** Thread that writes one report and ends. Cancelling it is ending it. */
import { parentPort, workerData } from 'node:worker_threads'
import { z } from 'zod'
import type { ReportReply } from './write-report.ts'
import { writeJob } from './write-job.ts'

const { source, order } = z.object({ source: z.unknown(), order: z.unknown() }).parse(workerData)
const post = (reply: ReportReply, moved: readonly ArrayBuffer[] = []): void => parentPort?.postMessage(reply, [...moved])

let told = 0
const result = await writeJob(source, order, (part) => {
  // A hundred times at most.
  if (part < told + 0.01 && part < 1) return
  told = part
  post({ kind: 'progress', part })
})
if (result.ok) {
  // Copies of their own memory: that of small buffers is shared.
  const files = result.value.files.map(({ format, bytes }) => ({ format, bytes: new Uint8Array(bytes) }))
  post(
    { kind: 'done', report: { ...result.value, files } },
    files.map(({ bytes }) => bytes.buffer),
  )
} else post({ kind: 'failed', error: result.error })
parentPort?.close()
