/** Tells when something below the rule folders changed: by the platform's watching where it works, and by looking now and then. */
import { watch, type FSWatcher } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'

export interface WatchOptions {
  /** A change is told when nothing more changed for so long: editors write in several steps. */
  readonly quietMs?: number
  /** Folders are looked at so often: for those that cannot be watched (not there yet, on a network) or whose watching ended. */
  readonly pollMs?: number
}

export interface FolderWatch {
  close(): void
}

/** Calls `changed` after changes below any of the folders, one call for many changes. A folder need not be there yet. */
export function watchFolders(
  folders: readonly string[],
  changed: () => void,
  { quietMs = 300, pollMs = 10_000 }: WatchOptions = {},
): FolderWatch {
  const watchers = new Map<string, FSWatcher>()
  const prints = new Map<string, string>()
  let quiet: NodeJS.Timeout | null = null
  let closed = false

  const tell = (): void => {
    if (closed) return
    if (quiet !== null) clearTimeout(quiet)
    quiet = setTimeout(() => {
      quiet = null
      if (!closed) changed()
    }, quietMs)
  }
  const begin = (folder: string): void => {
    if (closed || watchers.has(folder)) return
    try {
      const watcher = watch(folder, { recursive: true, persistent: false })
      watchers.set(folder, watcher)
      watcher.on('change', tell)
      watcher.on('error', () => {
        watcher.close()
        if (watchers.get(folder) === watcher) watchers.delete(folder)
      })
    } catch {
      // Looked at by `poll` until it can be watched.
    }
  }
  const poll = async (): Promise<void> => {
    for (const folder of folders) {
      const print = await fingerprint(folder)
      const before = prints.get(folder)
      prints.set(folder, print)
      if (before !== undefined && before !== print) tell()
      // A folder that went away takes its watcher with it, silently.
      if (print === '') {
        watchers.get(folder)?.close()
        watchers.delete(folder)
      } else begin(folder)
    }
  }
  let polling: Promise<void> | null = null
  const look = (): void => {
    polling ??= poll().finally(() => {
      polling = null
    })
  }
  folders.forEach(begin)
  look()
  const timer = setInterval(look, pollMs)
  timer.unref()
  return {
    close() {
      closed = true
      clearInterval(timer)
      if (quiet !== null) clearTimeout(quiet)
      for (const watcher of watchers.values()) watcher.close()
      watchers.clear()
    },
  }
}

const MAX_ENTRIES = 100_000

/** Names, sizes and times below a folder, as one text; '' where it is not there. */
async function fingerprint(folder: string): Promise<string> {
  let names: string[]
  try {
    names = await readdir(folder, { recursive: true })
  } catch {
    return ''
  }
  const parts: string[] = ['there']
  for (const name of names.sort().slice(0, MAX_ENTRIES)) {
    if (!/\.(?:ya?ml|txt)$/i.test(name)) continue
    const info = await stat(join(folder, name)).catch(() => null)
    if (info !== null) parts.push(`${name} ${info.size} ${info.mtimeMs}`)
  }
  return parts.join('\n')
}
