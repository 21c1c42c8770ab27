/** What lies in a zip or a folder that may be a pack: the files that are taken, those that are not, and one sum over what is taken. */
import { lstat, realpath } from 'node:fs/promises'
import { resolve } from 'node:path'
import { fail, type Result } from '../../../../shared/model/result.ts'
import type { Pace } from './pace.ts'
import type { PackFiles } from './pack-file.ts'
import { readArchive } from './read-archive.ts'
import { readFolder } from './read-folder.ts'
import { refusedBySystem } from './refusal.ts'

/**
 * Reads a zip file or a folder. Errors: `not_found`, `unsupported_format` where it is neither, `invalid_input` with the name of the
 * entry that is refused, `cancelled`.
 */
export async function readPackFiles(path: string, pace: Pace, signal?: AbortSignal): Promise<Result<PackFiles>> {
  const at = resolve(path)
  try {
    // The path itself is the operator's word, also where it is a link; what lies below it is not.
    const real = await realpath(at)
    const info = await lstat(real)
    if (info.isDirectory()) return await readFolder(real, pace, signal)
    if (info.isFile()) return await readArchive(real, pace, signal)
    return fail({ code: 'unsupported_format', message: `${at} is neither a zip file nor a folder` })
  } catch (error) {
    return refusedBySystem(error, at)
  }
}
