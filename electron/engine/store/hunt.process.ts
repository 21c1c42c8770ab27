/**
 * Work without a bound, in a process of its own: counts and exports over everything, and the thorough check of partitions.
 * Whoever started it kills it to cancel it. In: one {@link HuntTask}; out: {@link HuntMessage}.
 */
import { setPriority } from 'node:os'
import { fail, ok } from '../../../shared/model/result.ts'
import type { Result } from '../../../shared/model/result.ts'
import { lineToEngine } from '../engine-process.ts'
import { checkPartition } from './partition-check.ts'
import { runHistory, type HistoryTask } from './queries/history.ts'
import { runCount, runExport } from './queries/hunt.ts'
import type { InputOf } from './types.ts'

interface Place {
  readonly dataDir: string
  readonly days: readonly number[]
  readonly aliases: readonly (readonly [string, readonly string[]])[]
}
export type HuntTask =
  | (Place & { readonly kind: 'count'; readonly input: InputOf<'events.count'> })
  /** Writes to `part`, and renames it to `path` when it is whole. */
  | (Place & { readonly kind: 'export'; readonly input: InputOf<'events.export'>; readonly part: string; readonly path: string })
  | (Omit<HistoryTask, 'aliases'> & { readonly kind: 'history'; readonly aliases: Place['aliases'] })
  | { readonly kind: 'check'; readonly partitions: readonly { readonly day: number; readonly path: string }[] }
export type HuntMessage =
  | { readonly kind: 'progress'; readonly value: { readonly scanned: number; readonly of: number; readonly count: number } }
  | { readonly kind: 'checked'; readonly day: number; readonly sound: boolean }
  | { readonly kind: 'done'; readonly result: Result<unknown> }

const line = lineToEngine()
const send = (message: HuntMessage): Promise<void> => line.send(message)

async function run(task: HuntTask): Promise<Result<unknown>> {
  if (task.kind === 'check') {
    setPriority(15)
    for (const { day, path } of task.partitions) await send({ kind: 'checked', day, sound: checkPartition(path) })
    return ok(undefined)
  }
  const progress = (value: { scanned: number; of: number; count: number }): void => void send({ kind: 'progress', value })
  const aliases = new Map(task.aliases)
  if (task.kind === 'history') return runHistory({ ...task, aliases }, progress)
  return task.kind === 'count' ? runCount(task, aliases, progress) : runExport(task, aliases, progress)
}

let begun = false
line.onMessage((task) => {
  if (begun) return
  begun = true
  void run(task as HuntTask)
    .catch((error: unknown) => {
      process.stderr.write(`store: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
      return fail({ code: 'internal' as const, message: 'The search failed.', correlationId: `hunt-${process.pid}` })
    })
    .then(async (result) => {
      await send({ kind: 'done', result })
      line.end()
    })
})
