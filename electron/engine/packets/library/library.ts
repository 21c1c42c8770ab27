/**
 * The capture library, in its thread: looks at its folders, reads the time of new captures, then indexes them one at a time, the
 * newest first, and answers searches in between. Captures are never changed; all that is kept can be made again from them.
 */
import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs'
import { dirname, isAbsolute, join, relative, resolve } from 'node:path'
import type { LibraryFolder } from '../../../../shared/model/capture.ts'
import { fail, ok, type Result } from '../../../../shared/model/result.ts'
import { Pause } from '../../ingest/sources/pause.ts'
import { watchFolder } from '../../ingest/sources/folder-watch.ts'
import { reasonOf } from '../../ingest/read-problem.ts'
import { beyondBudget, endOf, oldestKept } from './budget.ts'
import { Catalogue, type Entry } from './catalogue.ts'
import { estimatedEnds } from './estimate-end.ts'
import { filesOf, MOST_FILES } from './folder-files.ts'
import { takeScan } from './folder-scan.ts'
import { folderSummary } from './folder-summary.ts'
import { Indexer, withoutIndex } from './indexer.ts'
import { FOLDERS_FILE, readFolders, writeFolders, type WatchedFolder } from './library-folders.ts'
import type { FlowsAsked, ReadCount } from './read-summary.ts'
import { searchFlows, searchPlaces, type PlacesAsked, type SearchPlace, type Searched } from './search.ts'

export interface LibraryTimes {
  /** Milliseconds between two looks at the folders, at least. */
  readonly scan: number
  /** Milliseconds after which a file that does not change has been written to its end. */
  readonly still: number
  /** Milliseconds between two readings of a file that grows. */
  readonly grow: number
}
export const TIMES: LibraryTimes = { scan: 5_000, still: 3_000, grow: 60_000 }

/** Shorter files are no captures, or not yet. */
const LEAST = 24
/** Milliseconds of work between two looks at what else there is to do. */
const SLICE = 8
const MOST_FOLDERS = 100
const SAVED_EVERY = 500
const BUDGET_EVERY = 20

export class Library {
  readonly #folder: string
  readonly #changed: () => void
  readonly #times: LibraryTimes
  readonly #now: () => number
  readonly #catalogue: Catalogue
  #folders: WatchedFolder[]
  /** Why a folder cannot be looked at. */
  readonly #problems = new Map<string, string>()
  /** Captures that ended before had their index dropped for the budget (seconds since 1970, by folder). */
  readonly #floors = new Map<string, number>()
  /** When a file was seen to have changed, by path. */
  readonly #noticed = new Map<string, number>()
  readonly #watches = new Map<string, () => void>()
  readonly #pause = new Pause()
  readonly #indexer: Indexer
  readonly #count: ReadCount = { bytes: 0 }
  #running: Promise<void> | null = null
  #stopping = false
  #turn = 0

  /** `folder` is where indexes are kept; made where it is missing. `changed` is called when {@link folders} has. */
  constructor(folder: string, changed: () => void, times: LibraryTimes = TIMES, now: () => number = Date.now) {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    this.#folder = folder
    this.#changed = changed
    this.#times = times
    this.#now = now
    this.#folders = readFolders(join(folder, FOLDERS_FILE))
    this.#catalogue = new Catalogue(join(folder, 'catalogue.jsonl'))
    this.#indexer = new Indexer(folder, this.#catalogue, now, this.#breathe)
    this.#tidy()
  }

  /** What is there and what is known must be the same; whatever else lies there was left behind. */
  #tidy(): void {
    const folders = new Set(this.#folders.map(({ path }) => path))
    const there = new Set(readdirSync(this.#folder))
    const used = new Set<string>()
    for (const entry of [...this.#catalogue.values()]) {
      if (!folders.has(entry.folder)) this.#catalogue.delete(entry.path)
      else if (entry.summary !== null && there.has(entry.summary)) used.add(entry.summary)
      else if (entry.summary !== null) this.#catalogue.set(withoutIndex(entry, 'waiting'))
      else if (entry.state === 'failed') this.#catalogue.set({ ...entry, state: 'new', problem: null })
    }
    for (const name of there)
      if (/\.flows(\.part)?$|^work\./.test(name) && !used.has(name)) rmSync(join(this.#folder, name), { force: true })
  }

  get folders(): LibraryFolder[] {
    return this.#folders.map((folder) => folderSummary(folder, this.#entriesOf(folder), this.#problems.get(folder.path) ?? null))
  }
  /** Bytes of summaries that searches have read. */
  get bytesRead(): number {
    return this.#count.bytes
  }

  /** Adds a folder, or gives one that is there another budget. */
  add({ path: named, budgetBytes, budgetDays }: WatchedFolder): Result<LibraryFolder> {
    if (!isAbsolute(named) || named.includes('\0'))
      return fail({ code: 'invalid_input', message: 'The path of a folder must be absolute.', path: 'path' })
    const path = resolve(named)
    const known = this.#folders.find((one) => one.path === path)
    if (known === undefined) {
      const around = this.#folders.find((one) => isWithin(path, one.path) || isWithin(one.path, path))
      if (around !== undefined) return fail({ code: 'conflict', message: `The library has ${around.path} already.` })
      if (this.#folders.length >= MOST_FOLDERS)
        return fail({ code: 'conflict', message: `The library has ${MOST_FOLDERS} folders already.` })
      try {
        if (!statSync(path).isDirectory()) return fail({ code: 'invalid_input', message: `${path} is no folder.`, path: 'path' })
        readdirSync(path)
      } catch (error) {
        return fail({ code: 'not_found', message: `${path}: ${reasonOf(error)}` })
      }
    }
    const folder = { path, budgetBytes, budgetDays }
    const kept = this.#folders.filter((one) => one !== known)
    const stored = this.#store([...kept, folder].sort((a, b) => (a.path < b.path ? -1 : 1)))
    if (!stored.ok) return stored
    this.#floors.delete(path)
    this.#watch(path)
    this.#pause.wake()
    this.#changed()
    return ok(folderSummary(folder, this.#entriesOf(folder), this.#problems.get(path) ?? null))
  }

  remove(named: string): Result<object> {
    const path = resolve(named)
    const known = this.#folders.find((one) => one.path === path)
    if (known === undefined) return fail({ code: 'not_found', message: `${path} is not in the library.` })
    const stored = this.#store(this.#folders.filter((one) => one !== known))
    if (!stored.ok) return stored
    for (const entry of this.#entriesOf(known)) this.#forget(entry)
    this.#problems.delete(path)
    this.#floors.delete(path)
    this.#watches.get(path)?.()
    this.#watches.delete(path)
    this.#save()
    this.#changed()
    return ok({})
  }

  #store(folders: WatchedFolder[]): Result<void> {
    try {
      writeFolders(join(this.#folder, FOLDERS_FILE), folders)
    } catch (error) {
      return fail({ code: 'conflict', message: `The library cannot be stored: ${reasonOf(error)}` })
    }
    this.#folders = folders
    return ok(undefined)
  }

  search(asked: FlowsAsked, limit: number): Promise<Searched> {
    return searchFlows(this.#place(), asked, limit)
  }
  find(asked: PlacesAsked): Promise<{ readonly paths: string[]; readonly notIndexed: number }> {
    return searchPlaces(this.#place(), asked)
  }
  #place(): SearchPlace {
    return {
      folder: this.#folder,
      entries: this.#catalogue.sorted,
      count: this.#count,
      breathe: this.#breathe,
      damaged: ({ path, summary }) => {
        const entry = this.#catalogue.get(path)
        if (entry?.summary !== summary || entry === undefined) return
        this.#indexer.remove(summary)
        this.#catalogue.set(withoutIndex(entry, 'waiting'))
        this.#pause.wake()
      },
    }
  }

  /** Looks at its folders from now on. */
  start(): void {
    for (const { path } of this.#folders) this.#watch(path)
    this.#running ??= this.#run()
  }

  #watch(path: string): void {
    this.#watches.get(path)?.()
    this.#watches.set(
      path,
      watchFolder(path, () => this.#pause.wake()),
    )
  }

  async #run(): Promise<void> {
    while (!this.#stopping) {
      const began = performance.now()
      try {
        await this.pass(this.#times.scan)
      } catch (error) {
        process.stderr.write(`packets: the library's folders could not be looked at: ${reasonOf(error)}\n`)
      }
      // Where looking takes long, as on a share, it is done less often; and a file that grows wakes it all the time.
      const gap = Math.min(this.#times.scan, Math.max(500, performance.now() - began))
      if (!this.#stopping) await new Promise((wait) => setTimeout(wait, gap))
      if (!this.#stopping && !this.#isBusy) await this.#pause.wait(this.#times.scan)
    }
  }
  #isBusy = false

  /** Looks at the folders once and indexes what there is, for so many milliseconds; then what has come meanwhile is looked at first. */
  async pass(most = Infinity): Promise<void> {
    const until = performance.now() + most
    for (const folder of [...this.#folders]) if (!(await this.#scan(folder))) return
    this.#save()
    this.#changed()
    this.#isBusy = false
    let count = 0
    for (const path of this.#candidates()) {
      if (performance.now() > until) {
        this.#isBusy = true
        break
      }
      const entry = this.#catalogue.get(path)
      const folder = this.#folders.find((one) => one.path === entry?.folder)
      if (entry === undefined || folder === undefined) continue
      if (this.#isBeyond(entry, folder)) {
        this.#catalogue.set({ ...entry, state: 'dropped' })
        continue
      }
      const done = await this.#indexer.index(entry)
      if (done === 'stopped') break
      if (done === 'no room') {
        this.#problems.set(folder.path, 'there is no room for more indexes')
        break
      }
      // What is written while it is read is noticed by the next look.
      if (this.#isStill(entry, this.#now())) this.#noticed.delete(path)
      this.#changed()
      count++
      if (count % BUDGET_EVERY === 0) this.#enforce(folder)
      if (count % SAVED_EVERY === 0) this.#save()
    }
    for (const folder of this.#folders) this.#enforce(folder)
    this.#save()
    this.#changed()
  }

  /** False where the work is to end. */
  async #scan(folder: WatchedFolder): Promise<boolean> {
    const { path } = folder
    let found
    try {
      found = await filesOf(path, dirname(this.#folder), this.#breathe)
    } catch (error) {
      // A share that is away for a while has not lost its captures.
      this.#problems.set(path, reasonOf(error))
      return !this.#stopping
    }
    if (found === null) return false
    if (!this.#folders.some((one) => one.path === path)) return true
    if (found.truncated) this.#problems.set(path, `only ${MOST_FILES} files are looked at`)
    else this.#problems.delete(path)
    const known = this.#entriesOf(folder)
    const { changed, summaries, shrunk } = takeScan(this.#catalogue, path, known, found.files)
    for (const one of known) if (!found.files.has(one.path)) this.#noticed.delete(one.path)
    for (const one of changed) this.#noticed.set(one, this.#now())
    for (const one of summaries) this.#indexer.remove(one)
    if (shrunk) this.#floors.delete(path)
    let looked = 0
    for (const entry of this.#entriesOf(folder).sort((a, b) => b.modified - a.modified)) {
      if (entry.state !== 'new' || entry.size < LEAST) continue
      await this.#indexer.look(entry)
      if (!(await this.#breathe())) return false
      if (++looked % SAVED_EVERY === 0) this.#save()
    }
    this.#enforce(folder)
    for (const entry of this.#entriesOf(folder))
      if (entry.state === 'dropped' && !this.#isBeyond(entry, folder)) this.#catalogue.set({ ...entry, state: 'waiting' })
    for (const [one, last] of estimatedEnds(this.#catalogue.sorted.filter((entry) => entry.folder === path))) {
      const entry = this.#catalogue.get(one)
      if (entry !== undefined && entry.last !== last) this.#catalogue.set({ ...entry, last })
    }
    return true
  }

  /** Paths, the newest first. */
  #candidates(): string[] {
    const { grow } = this.#times
    const now = this.#now()
    const wanted: string[] = []
    for (const entry of this.#catalogue.sorted) {
      if (entry.state === 'waiting') {
        if (this.#isStill(entry, now) || (entry.first !== null && entry.modified - entry.first * 1000 > grow))
          wanted.push(entry.path)
      } else if (entry.state === 'indexed' && entry.size !== entry.summarySize)
        if (this.#isStill(entry, now) || now - entry.summaryMade > grow) wanted.push(entry.path)
    }
    return wanted.reverse()
  }

  #isStill({ path, modified }: Entry, now: number): boolean {
    const noticed = this.#noticed.get(path)
    return noticed === undefined || now - noticed >= this.#times.still || now - modified >= this.#times.still
  }

  #isBeyond(entry: Entry, { path, budgetDays }: WatchedFolder): boolean {
    const end = endOf(entry)
    return end <= (this.#floors.get(path) ?? -Infinity) || end < oldestKept(budgetDays, this.#now() / 1000)
  }

  #enforce(folder: WatchedFolder): void {
    if (folder.budgetBytes === 0 && folder.budgetDays === 0) return
    for (const entry of beyondBudget(this.#entriesOf(folder), folder, this.#now() / 1000)) {
      this.#indexer.remove(entry.summary)
      this.#catalogue.set(withoutIndex(entry, 'dropped'))
      this.#floors.set(folder.path, Math.max(this.#floors.get(folder.path) ?? -Infinity, endOf(entry)))
    }
  }

  #entriesOf({ path }: WatchedFolder): Entry[] {
    return [...this.#catalogue.values()].filter(({ folder }) => folder === path)
  }
  #forget(entry: Entry): void {
    this.#indexer.remove(entry.summary)
    this.#catalogue.delete(entry.path)
  }
  #save(): void {
    try {
      this.#catalogue.save()
    } catch (error) {
      // What is known lives on in memory, and is found again after a restart.
      process.stderr.write(`packets: the library's catalogue cannot be written: ${reasonOf(error)}\n`)
    }
  }

  readonly #breathe = async (): Promise<boolean> => {
    if (performance.now() - this.#turn > SLICE) {
      await new Promise((wait) => setImmediate(wait))
      this.#turn = performance.now()
    }
    return !this.#stopping
  }

  async close(): Promise<void> {
    this.#stopping = true
    for (const unwatch of this.#watches.values()) unwatch()
    this.#pause.wake()
    await this.#running
    this.#save()
  }
}

/** `path` is the folder or below it. */
function isWithin(path: string, folder: string): boolean {
  const way = relative(folder, path)
  return way === '' || (!way.startsWith('..') && !isAbsolute(way))
}
