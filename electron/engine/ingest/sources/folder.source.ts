import { readdir } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { say, type Sentence } from '../../../../shared/model/sentence.ts'
import type { Position } from '../../store/batch.ts'
import { FROM_START, LogReader } from '../log-reader.ts'
import { openLog } from '../open-log.ts'
import { ReadProblem, sentenceOf } from '../read-problem.ts'
import { chooseFormat } from '../recognise-log.ts'
import { defineSource, type RunningSource, type SourceContext } from './define.ts'
import { watchFolder } from './folder-watch.ts'
import { readEventLogOnce } from './event-log-once.ts'
import { Followed, SourceEventLogs } from './followed.ts'
import { Pause } from './pause.ts'
import { COMPRESSED, identify, rotatedName, type FileId } from './rotations.ts'
import { sampleFile } from './sample-file.ts'

const SCAN_MS = 1000
/** Files that are followed at once; one that did not change for a while is closed, and opened again when it does. */
const MOST_OPEN = 256
const PARK_MS = 10_000
const MOST_FILES = 20_000
/** A compressed file is read, once, when it has not changed for so long. */
const STILL_NS = 2_000_000_000n

interface Open {
  readonly file: Followed
  since: number
  id: FileId
}
/** What a file looked like when it was closed, and how far it had been read. */
interface Parked {
  readonly id: FileId
  readonly positions: readonly Position[]
}

/** `*` any characters, `?` one; a leading dot only where the pattern has it. */
export function matcherOf(pattern: string): (name: string) => boolean {
  const source = pattern
    .replace(/[\\^$.+()[\]{}|]/g, '\\$&')
    .replace(/\*+/g, '.*')
    .replace(/\?/g, '.')
  const expression = new RegExp(`^${source}$`, 's')
  return (name) => expression.test(name) && (!name.startsWith('.') || pattern.startsWith('.'))
}

/** By its name, also where it is rotated. */
const EVENT_LOG = /\.evtx(?:$|\W)/i

const same = (a: FileId, b: FileId): boolean => a.id === b.id && a.size === b.size && a.mtimeNs === b.mtimeNs

class WatchedFolder implements RunningSource {
  readonly #context: SourceContext<'folder'>
  readonly #path: string
  readonly #matches: (name: string) => boolean
  readonly #open = new Map<string, Open>()
  readonly #parked = new Map<string, Parked>()
  /** Compressed files that were read, or cannot be, as they looked then. */
  readonly #done = new Map<string, FileId>()
  readonly #problems = new Map<string, Sentence>()
  readonly #pause = new Pause()
  readonly #logs: SourceEventLogs
  readonly #unwatch: () => void
  readonly #running: Promise<void>
  #stopped = false

  constructor(context: SourceContext<'folder'>) {
    this.#context = context
    this.#path = resolve(context.input.path)
    this.#matches = matcherOf(context.input.pattern)
    const { feed, settings, positions, stored } = context
    this.#logs = new SourceEventLogs({ feed, format: settings.format, zone: settings.zone, csv: settings.csv, positions, stored })
    this.#unwatch = watchFolder(this.#path, (name) => {
      const open = name === null ? undefined : this.#open.get(name)
      if (open) open.file.wake()
      else this.#pause.wake()
    })
    this.#running = this.#run()
  }

  waiting(): number {
    let bytes = 0
    for (const { file } of this.#open.values()) bytes += file.waiting
    return bytes
  }

  async close(): Promise<void> {
    this.#stopped = true
    this.#unwatch()
    this.#pause.wake()
    await this.#running
    await Promise.all([...this.#open.values()].map(({ file }) => file.close()))
    this.#logs.close()
  }

  async #run(): Promise<void> {
    const { state, feed } = this.#context
    while (!this.#stopped && feed.error === null) {
      try {
        await this.#scan()
        state('running', null)
      } catch (error) {
        state('waiting', say('at', { place: this.#path, why: sentenceOf(error) }))
      }
      if (this.#stopped) return
      await this.#pause.wait(SCAN_MS)
      // Many changes at once are one look.
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }

  async #scan(): Promise<void> {
    const all = await readdir(this.#path)
    const present = new Set(all)
    const names = all.filter((name) => this.#matches(name) && !this.#isRotation(name, present)).sort()
    if (names.length > MOST_FILES) this.#problem('', say('folder_capped', { most: MOST_FILES, count: names.length }))
    for (const name of names.slice(0, MOST_FILES)) {
      if (this.#stopped) return
      const open = this.#open.get(name)
      const id = await identify(join(this.#path, name))
      if (id === null) continue
      if (open) {
        if (!same(open.id, id)) open.since = Date.now()
        open.id = id
      } else if (COMPRESSED.test(name)) await this.#readOnce(name, id)
      else if (!this.#parked.has(name) || !same(this.#parked.get(name)!.id, id)) await this.#follow(name, id)
    }
    for (const [name, open] of [...this.#open]) {
      if (!open.file.settled || Date.now() - open.since < PARK_MS) continue
      if (!present.has(name)) {
        await open.file.close()
        this.#open.delete(name)
      } else if (this.#open.size > MOST_OPEN / 2) await this.#park(name, open)
    }
  }

  /**
   * Rotated copies belong to the file they were; where that is gone they are files of their own. So is each copy of an event log: by its
   * records it is known what of it was read.
   */
  #isRotation(name: string, present: ReadonlySet<string>): boolean {
    if (EVENT_LOG.test(name)) return false
    const base = rotatedName(name)
    return base !== null && present.has(base)
  }

  async #follow(name: string, id: FileId): Promise<void> {
    if (this.#open.size >= MOST_OPEN) {
      const idle = [...this.#open].find(([, open]) => open.file.settled && open.id.mtimeNs < id.mtimeNs)
      if (idle === undefined || !(await this.#park(...idle))) return
    }
    const { feed, settings, positions, stored } = this.#context
    const path = join(this.#path, name)
    const file = new Followed({
      path,
      logs: this.#logs,
      feed,
      stored,
      format: settings.format,
      zone: settings.zone,
      csv: settings.csv,
      positions: [...(this.#parked.get(name)?.positions ?? []), ...positions],
      watched: true,
      state: (state, problem) => this.#problem(name, state === 'running' ? null : problem),
      notice: (notice) => this.#problem(`${name} `, notice),
    })
    this.#parked.delete(name)
    this.#open.set(name, { file, since: Date.now(), id })
  }

  /** Closes a file that does not change; false where what was read of it is not stored yet. */
  async #park(name: string, { file, id }: Open): Promise<boolean> {
    if (file.isEventLog) {
      await file.close()
      this.#open.delete(name)
      this.#parked.set(name, { id, positions: [] })
      return true
    }
    const { place } = file
    if (place === null) return false
    const positions = (await this.#context.stored()).filter(
      (position) => position.file === place.file && position.offset === place.offset,
    )
    if (positions.length === 0) return false
    await file.close()
    this.#open.delete(name)
    this.#parked.set(name, { id, positions })
    return true
  }

  async #readOnce(name: string, id: FileId): Promise<void> {
    const done = this.#done.get(name)
    if ((done && same(done, id)) || BigInt(Date.now()) * 1_000_000n - id.mtimeNs < STILL_NS) return
    this.#done.set(name, id)
    const { feed, settings, positions } = this.#context
    const path = join(this.#path, name)
    // A compressed file does not grow: its inode, size and time are what it is known by.
    const key = `once:${id.id}:${id.size}:${id.mtimeNs}`
    const known = positions.find(({ file }) => file === key)
    if (known?.complete) return
    try {
      const log = await openLog(path)
      try {
        if (await log.isEventLog()) {
          const reading = {
            log,
            logs: this.#logs.get(),
            origin: path,
            file: key,
            stopped: () => this.#stopped || feed.error !== null,
          }
          this.#problem(name, await readEventLogOnce(reading))
          return
        }
        const { format, sure } = await chooseFormat(log.pieces(), name, settings.format ?? known?.format ?? null)
        if (format === null || !sure) throw new ReadProblem(say('no_format'))
        const start = known === undefined ? FROM_START : { ...known, tail: new Uint8Array(0) }
        const reader = new LogReader({ feed, origin: path, file: key, format, zone: settings.zone, csv: settings.csv, start })
        for await (const piece of log.pieces(start.offset)) {
          await feed.room()
          if (this.#stopped || feed.error !== null) {
            reader.close()
            return
          }
          reader.push(piece)
        }
        reader.finish(true)
      } finally {
        await log.close()
      }
      this.#problem(name, null)
    } catch (error) {
      this.#problem(name, say('at', { place: path, why: sentenceOf(error) }))
    }
  }

  #problem(key: string, problem: Sentence | null): void {
    const before = this.#problems.get(key) ?? null
    if (before === problem || JSON.stringify(before) === JSON.stringify(problem)) return
    if (problem === null) this.#problems.delete(key)
    else if (this.#problems.size < 1000) this.#problems.set(key, problem)
    const [first = null] = this.#problems.values()
    const count = this.#problems.size - 1
    this.#context.warning(first !== null && count > 0 ? say('and_more', { first, count }) : first)
  }
}

export default defineSource({
  kind: 'folder',
  title: 'A folder of logs',
  doc: 'Every file of the folder (not of those in it) whose name matches the pattern is followed as a file source does; new ones are found within a second. Hidden files are left out unless the pattern begins with a dot. A rotated copy of a file that is there is not a log of its own. Compressed files are read once, when they have stopped changing. Of Windows event logs (`.evtx`) all copies are followed, archives too: each record is read once, in whichever file it is found first.',
  start: (context) => new WatchedFolder(context),
  async sample({ path, pattern }) {
    const folder = resolve(path)
    try {
      const name = (await readdir(folder)).filter(matcherOf(pattern)).sort()[0]
      if (name === undefined) return { problem: say('no_match', { folder, pattern }) }
      return await sampleFile(join(folder, basename(name)))
    } catch (error) {
      return { problem: say('at', { place: folder, why: sentenceOf(error) }) }
    }
  },
})
