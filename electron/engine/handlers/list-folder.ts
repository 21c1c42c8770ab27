/** Folder listing, for choosing a path where there is no native dialog. Reads names, types and sizes; opens nothing. */
import { readdir, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fail, ok, type Result } from '../../../shared/model/result.ts'

const MOST = 2000

export interface FolderListing {
  readonly path: string
  readonly parent: string | null
  readonly entries: { readonly name: string; readonly folder: boolean; readonly size: number }[]
  readonly truncated: boolean
}

/** Folders first, by name. `null` is the home folder. */
export async function listFolder(path: string | null): Promise<Result<FolderListing>> {
  const folder = resolve(path ?? homedir())
  try {
    const names = await readdir(folder, { withFileTypes: true })
    const entries: FolderListing['entries'] = []
    for (const { name } of names.slice(0, MOST)) {
      // A link is what it points to; what cannot be looked at is left out.
      const info = await stat(join(folder, name)).catch(() => null)
      if (info?.isDirectory()) entries.push({ name, folder: true, size: 0 })
      else if (info?.isFile()) entries.push({ name, folder: false, size: info.size })
    }
    entries.sort((a, b) => Number(b.folder) - Number(a.folder) || a.name.localeCompare(b.name))
    const parent = dirname(folder)
    return ok({ path: folder, parent: parent === folder ? null : parent, entries, truncated: names.length > MOST })
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : ''
    if (code === 'ENOENT') return fail({ code: 'not_found', message: `${folder} is not there` })
    return fail({
      code: 'invalid_input',
      message: `${folder} cannot be listed${code === 'EACCES' || code === 'EPERM' ? ': no permission' : code === 'ENOTDIR' ? ': not a folder' : ''}`,
      path: 'path',
    })
  }
}
