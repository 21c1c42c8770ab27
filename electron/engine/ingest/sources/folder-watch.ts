/** Tells at once when something in a folder changed, where the platform can; whoever asks looks by himself now and then as well. */
import { watch, type FSWatcher } from 'node:fs'

export type FolderListener = (name: string | null) => void

/** Calls `changed` with the name of what changed (null: unknown). Gives a function that stops it. */
export function watchFolder(folder: string, changed: FolderListener): () => void {
  let watcher: FSWatcher | null = null
  try {
    watcher = watch(folder, (_, name) => changed(name))
    watcher.on('error', () => watcher?.close())
  } catch {
    // No such folder yet, or no watches left: polling finds what changes.
  }
  return () => watcher?.close()
}
