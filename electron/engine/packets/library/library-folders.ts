/** The folders of the library, kept in `folders.json`. */
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { z } from 'zod'

const WatchedFolder = z.object({
  path: z.string().min(1),
  /** Of the indexes of its captures; 0 is no limit. */
  budgetBytes: z.number().min(0),
  budgetDays: z.number().min(0),
})
export type WatchedFolder = z.infer<typeof WatchedFolder>

export const FOLDERS_FILE = 'folders.json'

export function readFolders(path: string): WatchedFolder[] {
  try {
    return z.array(WatchedFolder).parse(JSON.parse(readFileSync(path, 'utf8')))
  } catch {
    return []
  }
}

/** Throws the file system's error. */
export function writeFolders(path: string, folders: readonly WatchedFolder[]): void {
  const part = `${path}.part`
  writeFileSync(part, JSON.stringify(folders), { mode: 0o600 })
  renameSync(part, path)
}
