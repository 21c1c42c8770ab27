/** The regular files of a folder and of those in it. Links are not followed. */
import { lstatSync, readdirSync, type Stats } from 'node:fs'
import { join } from 'node:path'
import type { Breathe } from './write-summary.ts'

const MOST_DEPTH = 4
export const MOST_FILES = 200_000

export interface FoundFile {
  readonly path: string
  /** Device and inode. */
  readonly id: string
  readonly size: number
  /** Milliseconds since 1970, of the content and of the inode. */
  readonly modified: number
  readonly changed: number
}

/** By path, without the folder `except`; null where `breathe` said to stop. Throws the file system's error where the folder itself cannot be read. */
export async function filesOf(
  folder: string,
  except: string,
  breathe: Breathe,
): Promise<{ readonly files: Map<string, FoundFile>; readonly truncated: boolean } | null> {
  const files = new Map<string, FoundFile>()
  const waiting: { readonly path: string; readonly depth: number }[] = [{ path: folder, depth: 0 }]
  for (let at = waiting.shift(); at !== undefined; at = waiting.shift()) {
    let entries
    try {
      entries = readdirSync(at.path, { withFileTypes: true })
    } catch (error) {
      if (at.depth === 0) throw error
      continue
    }
    for (const entry of entries) {
      const path = join(at.path, entry.name)
      if (entry.isDirectory() && at.depth + 1 < MOST_DEPTH && path !== except) waiting.push({ path, depth: at.depth + 1 })
      if (!entry.isFile()) continue
      if (files.size >= MOST_FILES) return { files, truncated: true }
      const stat = lstatOf(path)
      if (stat?.isFile())
        files.set(path, {
          path,
          id: `${stat.dev}:${stat.ino}`,
          size: stat.size,
          modified: stat.mtimeMs,
          changed: stat.ctimeMs,
        })
      if (files.size % 64 === 0 && !(await breathe())) return null
    }
  }
  return { files, truncated: false }
}

/** It may have gone meanwhile, or have a name that is no text. */
function lstatOf(path: string): Stats | undefined {
  try {
    return lstatSync(path)
  } catch {
    return undefined
  }
}
