/**
 * Folders of packs change places: a new one is written beside them, synced, and renamed; the one it replaces is put aside first and
 * removed last. What a crash leaves behind is put right at the next start, so there is always the old one or the new one, and whole.
 */
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { nameKey } from './entry-name.ts'
import type { Pace } from './pace.ts'
import type { PackFile } from './pack-file.ts'

/** Files written at a time: each waits for the disk. */
const AT_ONCE = 8

/** Between the steps of a replacement; for tests, which end there. */
export type Step = 'written' | 'aside' | 'placed'

export class PackPlaces {
  /** One folder for each pack. */
  readonly folder: string
  readonly #drafts: string
  readonly #aside: string
  readonly #step: (step: Step) => Promise<void>
  #drafted = 0

  constructor(dataDir: string, step: (step: Step) => Promise<void> = async () => undefined) {
    this.folder = join(dataDir, 'packs')
    this.#drafts = join(dataDir, 'packs.work', 'new')
    this.#aside = join(dataDir, 'packs.work', 'old')
    this.#step = step
  }

  path(name: string): string {
    return join(this.folder, name)
  }

  /** Names of the folders of packs, in order. */
  async names(): Promise<string[]> {
    const entries = await readdir(this.folder, { withFileTypes: true }).catch(() => [])
    return entries
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
      .map(({ name }) => name)
      .sort()
  }

  /** The folder with this name, also where it is written otherwise. */
  async find(name: string): Promise<string | null> {
    const key = nameKey(name)
    return (await this.names()).find((other) => nameKey(other) === key) ?? null
  }

  /** Puts right what a crash left behind. To be called before packs are loaded. */
  async recover(): Promise<void> {
    await mkdir(this.folder, { recursive: true })
    await this.#bringBack()
    await rm(dirname(this.#aside), { recursive: true, force: true })
  }

  /** What was put aside and nothing took its place. */
  async #bringBack(): Promise<void> {
    for (const name of await readdir(this.#aside).catch(() => [] as string[]))
      if ((await this.find(name)) === null) await rename(join(this.#aside, name), this.path(name))
  }

  /** Puts a pack in its place. Rejects with an error of the file system; what was there is then there still. */
  async place(name: string, files: readonly PackFile[], pace: Pace): Promise<void> {
    const draft = join(this.#drafts, `${++this.#drafted}`)
    try {
      await mkdir(this.folder, { recursive: true })
      await this.#bringBack()
      await writeFolder(draft, files, pace)
      await this.#step('written')
      const old = await this.#putAside(name)
      await this.#step('aside')
      try {
        await rename(draft, this.path(name))
        await syncFolder(this.folder)
      } catch (error) {
        if (old !== null) await rename(join(this.#aside, old), this.path(old)).catch(() => undefined)
        throw error
      }
      await this.#step('placed')
    } finally {
      await rm(draft, { recursive: true, force: true }).catch(() => undefined)
    }
    await rm(this.#aside, { recursive: true, force: true }).catch(() => undefined)
  }

  /** At once for who looks: it is renamed, then removed. A crash in between brings it back or ends it. */
  async remove(name: string): Promise<void> {
    const gone = join(this.#drafts, `${++this.#drafted}`)
    await mkdir(this.#drafts, { recursive: true })
    await rename(this.path(name), gone)
    await rm(gone, { recursive: true, force: true }).catch(() => undefined)
  }

  async #putAside(name: string): Promise<string | null> {
    const old = await this.find(name)
    if (old === null) return null
    await rm(this.#aside, { recursive: true, force: true })
    await mkdir(this.#aside, { recursive: true })
    await rename(this.path(old), join(this.#aside, old))
    return old
  }
}

/** Writes a new folder, synced with all that is in it. Rejects where something is there already. */
export async function writeFolder(folder: string, files: readonly PackFile[], pace: Pace): Promise<void> {
  await mkdir(dirname(folder), { recursive: true })
  await mkdir(folder, { mode: 0o700 })
  const folders = new Set([folder])
  for (const { name } of files) {
    const inner = dirname(join(folder, name))
    if (folders.has(inner)) continue
    await mkdir(inner, { recursive: true, mode: 0o700 })
    folders.add(inner)
  }
  const waiting = files.values()
  const write = async (): Promise<void> => {
    for (const { name, bytes } of waiting) {
      await pace.rest()
      const file = await open(join(folder, name), 'wx', 0o600)
      try {
        await file.writeFile(bytes)
        await file.sync()
      } finally {
        await file.close()
      }
    }
  }
  // All of them end before an error is told, so that nothing is written into a folder that is being removed.
  const ends = await Promise.allSettled(Array.from({ length: AT_ONCE }, write))
  for (const end of ends) if (end.status === 'rejected') throw end.reason
  for (const inner of folders) await syncFolder(inner)
}

/** Not every platform can; there it need not. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => null)
  if (handle === null) return
  try {
    await handle.sync().catch(() => undefined)
  } finally {
    await handle.close()
  }
}
