/** Thread of the live demonstration, so that its making never holds up the engine. Ends when it is told to. */
import { parentPort, workerData } from 'node:worker_threads'
import { z } from 'zod'
import { feed } from './feed.ts'

const { folder, seed, speed } = z
  .object({ folder: z.string(), seed: z.number().int(), speed: z.number().positive() })
  .parse(workerData)
const abort = new AbortController()
parentPort?.on('message', () => abort.abort())
await feed({ folder, seed, speed, signal: abort.signal, ready: () => parentPort?.postMessage('ready') })
parentPort?.close()
