/** What SQLite throws, as errors of the contract. */
import { randomUUID } from 'node:crypto'
import { statfsSync } from 'node:fs'
import type { WatchfloorError } from '../../../shared/model/result.ts'
import { isDiskFull } from './database.ts'

export const isIoError = (error: unknown): boolean =>
  typeof error === 'object' &&
  error !== null &&
  'code' in error &&
  typeof error.code === 'string' &&
  /^SQLITE_(IOERR|CANTOPEN)/.test(error.code)

/** Of the disk that holds the folder; Infinity where the system does not say. */
function freeBytes(dir: string): number {
  try {
    const { bavail, bsize } = statfsSync(dir)
    return bavail * bsize
  } catch {
    return Infinity
  }
}

/** Some systems fail with another error than `disk full` when they are. */
export const noRoom = (error: unknown, dir: string): boolean =>
  isDiskFull(error) || (isIoError(error) && freeBytes(dir) < 1 << 20)

/** `disk_full`, or `internal` with the cause on stderr. */
export function errorOf(error: unknown, dir: string): WatchfloorError {
  if (noRoom(error, dir)) return { code: 'disk_full', message: 'There is no room on the disk of the data folder.' }
  const correlationId = randomUUID()
  process.stderr.write(`store: ${correlationId} ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
  return { code: 'internal', message: 'The store could not do this.', correlationId }
}
