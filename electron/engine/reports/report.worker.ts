/** Thread that writes one report and ends. Cancelling it is ending it. */
import { parentPort, workerData } from 'node:worker_threads'
import { z } from 'zod'
import type { ReportPart, ReportReply } from './write-report.ts'
import { writeJob } from './write-job.ts'

const { head, order } = z.object({ head: z.record(z.string(), z.unknown()), order: z.unknown() }).parse(workerData)
const post = (reply: ReportReply, moved: readonly ArrayBuffer[] = []): void => parentPort?.postMessage(reply, [...moved])

const lists = new Map<string, unknown[]>()
await new Promise<void>((resolve) =>
  parentPort?.on('message', (part: ReportPart) => {
    if (part.kind === 'whole') return resolve()
    const list = lists.get(part.name) ?? []
    list.push(...part.items)
    lists.set(part.name, list)
  }),
)

let told = 0
const result = await writeJob({ ...head, ...Object.fromEntries(lists) }, order, (part) => {
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
