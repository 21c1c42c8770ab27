/** An export on disk: a zip file or a new folder, whole or not at all, and never over something else. */
import { lstat, open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { fail, ok, type Result } from '../../../../shared/model/result.ts'
import { takeName } from '../../take-name.ts'
import { MAX_ARCHIVE } from './limits.ts'
import type { Pace } from './pace.ts'
import type { PackFile } from './pack-file.ts'
import { writeFolder } from './place-pack.ts'
import { refuse, refusedBySystem } from './refusal.ts'
import { writeZip } from './write-zip.ts'

export const isZipPath = (path: string): boolean => /\.zip$/i.test(path)

/**
 * Gives how many bytes were written. `path` is absolute. Errors: `conflict` where something is there, `not_found` where its folder is
 * not, `disk_full`, `invalid_input` where it cannot be written or would be too long to be imported.
 */
export async function writeExport(path: string, files: readonly PackFile[], pace: Pace): Promise<Result<number>> {
  const draft = `${path}.${process.pid}.new`
  const inTheWay = fail({ code: 'conflict' as const, message: `${path} is there already` })
  try {
    await lstat(dirname(path))
    if (await isThere(path)) return inTheWay
    if (!isZipPath(path)) {
      await writeFolder(draft, files, pace)
      if (await isThere(path)) return inTheWay
      await rename(draft, path)
      return ok(files.reduce((sum, { bytes }) => sum + bytes.length, 0))
    }
    const bytes = await writeZip(files, pace)
    if (bytes.length > MAX_ARCHIVE) return refuse(path, `would be longer than ${MAX_ARCHIVE} bytes; export fewer rules`)
    const file = await open(draft, 'wx', 0o600)
    try {
      await file.writeFile(bytes)
      await file.sync()
    } finally {
      await file.close()
    }
    await takeName(draft, path)
    return ok(bytes.length)
  } catch (error) {
    return refusedBySystem(error, path)
  } finally {
    await rm(draft, { recursive: true, force: true }).catch(() => undefined)
  }
}

const isThere = (path: string): Promise<boolean> =>
  lstat(path).then(
    () => true,
    () => false,
  )
