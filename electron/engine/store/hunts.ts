/** Starts hunting processes, and ends them when they are cancelled. */
import { randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { dirname, isAbsolute, join } from 'node:path'
import { fail } from '../../../shared/model/result.ts'
import type { Result } from '../../../shared/model/result.ts'
import { startEngineProcess } from '../engine-process.ts'
import type { HuntMessage, HuntTask } from './hunt.process.ts'

export interface Hunted {
  progress?(value: { scanned: number; of: number; count: number }): void
  checked?(day: number, sound: boolean): void
}

/** Runs a task in a process of its own. The signal kills it. */
export function hunt<T>(task: HuntTask, on: Hunted, signal: AbortSignal): Promise<Result<T>> {
  if (signal.aborted) return Promise.resolve(fail({ code: 'cancelled', message: 'Cancelled.' }))
  return new Promise((resolve) => {
    const child = startEngineProcess('hunt.process')
    let result: Result<unknown> | null = null
    const kill = (): void => child.kill()
    signal.addEventListener('abort', kill, { once: true })
    child.onMessage((received) => {
      const message = received as HuntMessage
      if (message.kind === 'progress') on.progress?.(message.value)
      else if (message.kind === 'checked') on.checked?.(message.day, message.sound)
      else {
        result = message.result
        child.kill()
      }
    })
    child.onExit(() => {
      signal.removeEventListener('abort', kill)
      if (task.kind === 'export') rmSync(task.part, { force: true })
      if (result) resolve(result as Result<T>)
      else if (signal.aborted) resolve(fail({ code: 'cancelled', message: 'Cancelled.' }))
      else
        resolve(fail({ code: 'internal', message: 'The process that searched ended unexpectedly.', correlationId: randomUUID() }))
    })
    child.send(task)
  })
}

/** Where an export goes: the path that was named, or a new file in the data folder's `exports`. */
export function exportPath(
  dataDir: string,
  path: string | null,
  format: 'csv' | 'jsonl',
  now: Date,
): Result<{ readonly path: string; readonly part: string }> {
  if (path !== null && (!isAbsolute(path) || path.includes('\0')))
    return fail({ code: 'invalid_input', message: 'The path of an export must be absolute.', path: 'path' })
  let target = path
  if (target === null) {
    const folder = join(dataDir, 'exports')
    mkdirSync(folder, { recursive: true })
    const name = `events-${now.toISOString().slice(0, 19).replaceAll(':', '').replace('T', '-')}`
    target = join(folder, `${name}.${format}`)
    for (let n = 2; existsSync(target); n++) target = join(folder, `${name}-${n}.${format}`)
  } else if (!existsSync(dirname(target)))
    return fail({ code: 'invalid_input', message: `There is no folder ${dirname(target)}.`, path: 'path' })
  return { ok: true, value: { path: target, part: `${target}.${randomUUID()}.part` } }
}
