import { fail, type Result } from '../../../shared/model/result.ts'
import { reasonOf } from '../ingest/read-problem.ts'

/** A file system's error as the contract says it; a bug is thrown on. */
export function failedBy(error: unknown): Result<never> {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code === 'ENOSPC' || code === 'EDQUOT') return fail({ code: 'disk_full', message: 'There is no room on the disk.' })
  if (/^E[A-Z0-9]+$/.test(code)) return fail({ code: 'conflict', message: reasonOf(error) })
  throw error
}
