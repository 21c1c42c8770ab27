/** What is different in a folder since it was looked at last: new files, grown ones, others in their place, renamed and removed ones. */
import type { Catalogue, Entry } from './catalogue.ts'
import type { FoundFile } from './folder-files.ts'

export interface Scanned {
  /** Files whose content has changed, or that are new. */
  readonly changed: string[]
  /** Summaries that belong to nothing any more. */
  readonly summaries: string[]
  /** A capture that was indexed is gone. */
  readonly shrunk: boolean
}

const UNKNOWN = {
  state: 'new',
  first: null,
  last: null,
  summary: null,
  summaryBytes: 0,
  summarySize: 0,
  summaryMade: 0,
  flows: 0,
  problem: null,
} as const

/** `known` are the folder's entries. */
export function takeScan(
  catalogue: Catalogue,
  folder: string,
  known: readonly Entry[],
  files: ReadonlyMap<string, FoundFile>,
): Scanned {
  const changed: string[] = []
  const summaries: string[] = []
  const gone = new Map<string, Entry>()
  for (const entry of known) if (!files.has(entry.path)) gone.set(entry.id, entry)
  for (const file of files.values()) {
    const entry = catalogue.get(file.path)
    if (entry === undefined) {
      const renamed = gone.get(file.id)
      if (renamed !== undefined && renamed.size === file.size && renamed.modified === file.modified) {
        gone.delete(file.id)
        catalogue.delete(renamed.path)
        catalogue.set({ ...renamed, ...file, folder })
      } else {
        catalogue.set({ ...UNKNOWN, ...file, folder })
        changed.push(file.path)
      }
    } else if (entry.id === file.id && entry.size === file.size && entry.modified === file.modified) {
      // Whoever may not read a file may be given leave to.
      if (entry.state === 'failed' && entry.changed !== file.changed)
        catalogue.set({ ...entry, ...file, state: 'new', problem: null })
    } else {
      changed.push(file.path)
      // Of the same size but written to, it is another one in the old one's place.
      const began = entry.state === 'indexed' || (entry.state === 'waiting' && entry.first !== null)
      if (entry.id === file.id && file.size > entry.size && began) {
        catalogue.set({ ...entry, ...file })
      } else {
        if (entry.summary !== null) summaries.push(entry.summary)
        catalogue.set({ ...UNKNOWN, ...file, folder })
      }
    }
  }
  let shrunk = false
  for (const entry of known) {
    if (files.has(entry.path) || catalogue.get(entry.path) === undefined) continue
    catalogue.delete(entry.path)
    if (entry.summary === null) continue
    summaries.push(entry.summary)
    shrunk = true
  }
  return { changed, summaries, shrunk }
}
