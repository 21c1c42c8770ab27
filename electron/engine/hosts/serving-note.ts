/** A note in the data folder saying where its desk is served, for a second start on the same folder. Readable by its user only. */
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

const ServingNote = z.object({ url: z.url(), pid: z.number().int() })
export type ServingNote = z.infer<typeof ServingNote>

const path = (dataDir: string): string => join(dataDir, 'serving.json')

/** Whether it could be written. Where it could not (a full disk), a second start cannot open the desk's page, and that is all. */
export function writeServingNote(dataDir: string, note: ServingNote): boolean {
  try {
    rmSync(path(dataDir), { force: true })
    writeFileSync(path(dataDir), JSON.stringify(note), { mode: 0o600 })
    return true
  } catch {
    return false
  }
}

export function removeServingNote(dataDir: string): void {
  rmSync(path(dataDir), { force: true })
}

/** The note, where there is one that nobody else could have written; it may be of a process that is gone. */
export function readServingNote(dataDir: string): ServingNote | null {
  try {
    const { uid, mode } = statSync(path(dataDir))
    if (process.getuid && (uid !== process.getuid() || (mode & 0o077) !== 0)) return null
    const note = ServingNote.safeParse(JSON.parse(readFileSync(path(dataDir), 'utf8')))
    return note.success && note.data.url.startsWith('http://127.0.0.1:') ? note.data : null
  } catch {
    return null
  }
}
