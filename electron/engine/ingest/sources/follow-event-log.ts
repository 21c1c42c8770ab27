/**
 * Follows a Windows event log by its path, whatever happens to the file behind it. What was read of a log is numbers of records
 * (`event-logs/read-records.ts`), so nothing is read twice when the file is filled in place, overwritten from its beginning, renamed,
 * copied over with a newer or an older copy, or cut.
 *
 * - Full and overwritten, or copied seldom: records that are gone are looked for in archives beside it
 *   (`Archive-Security-2026-11-20-….evtx`, `Security.evtx.1`, compressed ones too); what is not found is said.
 * - Cleared, or another log: numbers begin again, and so does reading; what was written before and not read is looked for in archives too.
 * - Written just now: a chunk's records count when its checksum holds or when they are the same a moment later. What is not whole waits;
 *   when later records are there and nothing changes for a while, it is passed over, and what is whole behind it in its chunk is read.
 */
import { constants } from 'node:fs'
import { open, readdir, type FileHandle } from 'node:fs/promises'
import { basename, dirname, extname, join } from 'node:path'
import { say, type Sentence } from '../../../../shared/model/sentence.ts'
import type { SourceState } from '../../../../shared/model/source.ts'
import { chunkRecords } from '../../evtx/chunk-records.ts'
import { isEventLog } from '../../evtx/evtx-chunks.ts'
import { EventLogFile } from '../../evtx/log-file.ts'
import type { EventLogs, LookedAt } from '../event-logs/event-logs.ts'
import { missingBehind, missingRecords, type Hole } from '../event-logs/missing-records.ts'
import { firstCheck, lookAt, readChunk, readLog, stillThere, type Place } from '../event-logs/read-log.ts'
import type { ReadRecords } from '../event-logs/read-records.ts'
import { unpackedLog } from '../event-logs/unpacked.ts'
import { openLog } from '../open-log.ts'
import type { Feed } from '../pipeline.ts'
import { sentenceOf } from '../read-problem.ts'
import { watchFolder } from './folder-watch.ts'
import { Notices } from './notices.ts'
import { Pause } from './pause.ts'
import { COMPRESSED, identify, rotationsOf, type FileId } from './rotations.ts'

const SHORTEST_MS = 15
const ACTIVE_MS = 25
const IDLE_MS = 100
const RETRY_MS = 1000
/** Windows may write without changing size and time: the bytes are looked at so often. */
const LOOK_MS = 500
/** The whole file is looked through at most so often, and for a tenth of the time. */
const SCAN_MS = 250
/** Nothing better is to be expected of a file that did not change for so long, or of a place where reading has stood three times as long. */
const PATIENCE_MS = 2000
/** Stands for the size and time of a file that nothing is written to any more. */
const LAST = 'last'
/** Archives looked at, newest first. */
const MOST_ARCHIVES = 64

export interface FollowEventLogOptions {
  readonly path: string
  readonly feed: Feed
  readonly logs: EventLogs
  state(state: SourceState, problem: Sentence | null): void
  notice(notice: Sentence | null): void
  /** Given by a folder, which watches for all its files. */
  readonly watched?: boolean
  readonly patienceMs?: number
}

/** What reading stands before. */
interface Obstacle {
  readonly what: string
  readonly since: number
  readonly mark: string
  readonly unchanged: number
}

export class FollowedEventLog {
  readonly #options: FollowEventLogOptions
  readonly #pause = new Pause()
  readonly #unwatch: () => void
  readonly #running: Promise<void>
  readonly #patience: number
  #stopped = false
  #handle: FileHandle | null = null
  #file: EventLogFile | null = null
  #id = ''
  #log: ReadRecords | null = null
  #place: Place | null = null
  #obstacle: Obstacle | null = null
  /** Size and time when the file was last looked through, when that was, and how long it took. */
  #mark = ''
  #scanned = -Infinity
  #scanTook = 0
  #looked = -Infinity
  #waiting = 0
  readonly #notices: Notices
  /** Holes that were passed over since this began. */
  #missing: Hole[] = []
  settled = false

  constructor(options: FollowEventLogOptions) {
    this.#options = options
    this.#patience = options.patienceMs ?? PATIENCE_MS
    this.#notices = new Notices(options.notice)
    this.#unwatch = options.watched
      ? () => undefined
      : watchFolder(dirname(options.path), (name) => {
          if (name === null || name === basename(options.path)) this.wake()
        })
    this.#running = this.#run()
  }

  wake(): void {
    this.#pause.wake()
  }

  /** Bytes of the file, as of the last look, while it is read through; 0 when nothing waits. */
  get waiting(): number {
    return this.#waiting
  }

  async close(): Promise<void> {
    this.#stopped = true
    this.#unwatch()
    this.wake()
    await this.#running
  }

  readonly #isStopped = (): boolean => this.#stopped || this.#options.feed.error !== null

  async #run(): Promise<void> {
    const { state, path } = this.#options
    while (!this.#isStopped()) {
      const began = performance.now()
      let grew = false
      try {
        grew = await this.#pass()
        this.settled = !grew && this.#obstacle === null
      } catch (error) {
        state('waiting', say('at', { place: path, why: sentenceOf(error) }))
        await this.#pause.wait(RETRY_MS)
      }
      this.#notices.set('missing', missingRecords(path, this.#missing))
      if (this.#isStopped()) break
      await this.#pause.wait(grew ? ACTIVE_MS : IDLE_MS)
      const early = began + SHORTEST_MS - performance.now()
      if (early > 0) await new Promise((resolve) => setTimeout(resolve, early))
    }
    await this.#leave()
  }

  /** Gives whether anything was read. */
  async #pass(): Promise<boolean> {
    const { path, state } = this.#options
    const now = await identify(path)
    let grew = false
    if (this.#handle !== null && now?.id !== this.#id) {
      // The file that was read has another name or none: what came last is read, for good.
      grew = await this.#read(null)
      await this.#leave()
    }
    if (now === null) {
      state('waiting', say('at', { place: path, why: say('missing') }))
      return grew
    }
    if (this.#handle === null) {
      const handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
      const { dev, ino } = await handle.stat({ bigint: true })
      this.#handle = handle
      this.#file = new EventLogFile(handle)
      this.#id = `${dev}:${ino}`
      if (this.#id !== now.id) return true
    }
    const head = new Uint8Array(8)
    const { bytesRead } = await this.#handle.read(head, 0, 8, 0)
    if (bytesRead === 8 && !isEventLog(head)) {
      state('waiting', say('at', { place: path, why: say('no_event_log_now') }))
      return grew
    }
    grew = (await this.#read(now)) || grew
    state('running', null)
    return grew
  }

  async #leave(): Promise<void> {
    const handle = this.#handle
    this.#handle = null
    this.#file = null
    this.#place = null
    this.#log = null
    this.#mark = ''
    this.#scanned = -Infinity
    this.#looked = -Infinity
    await handle?.close()
  }

  /** Reads what is new. `now` is null for a file that nothing is written to any more. */
  async #read(now: FileId | null): Promise<boolean> {
    const file = this.#file!
    const mark = now === null ? LAST : `${now.size}:${now.mtimeNs}`
    const time = performance.now()
    const touched = mark !== this.#mark
    if (!touched && this.#obstacle === null && time - this.#looked < LOOK_MS) return false
    this.#looked = time
    const before = this.#log?.records ?? 0
    const grown = this.#log !== null && this.#place !== null && (await this.#readOn(file, this.#log, this.#place))
    if (this.#isStopped()) return false
    if (grown && now !== null) {
      this.#obstacle = null
      return (this.#log?.records ?? 0) !== before
    }
    // Nothing follows where it was expected: where the file was changed it is another, or was overwritten further than to here.
    const due = time - this.#scanned >= Math.max(SCAN_MS, 9 * this.#scanTook)
    if (now !== null && !(touched && (this.#place === null || due)) && !(this.#obstacle !== null && due)) return false
    this.#waiting = now?.size ?? 0
    const done = await this.#scan(file, mark)
    this.#waiting = 0
    this.#scanTook = performance.now() - time
    this.#scanned = performance.now()
    if (done) this.#mark = mark
    return done
  }

  /** Goes on behind the record that was read last; true where there was something. */
  async #readOn(file: EventLogFile, log: ReadRecords, place: Place): Promise<boolean> {
    const next = log.last + 1
    const options = this.#optionsOf(log, false)
    if ((await file.idAt(place.index, place.at)) === next) {
      if (!(await stillThere(file, place, log))) return false
      const { ending, place: now } = await readChunk(file, { index: place.index, first: place.first }, options)
      if (now !== null) this.#place = now
      return ending.kind === 'read' && log.last >= next
    }
    for (const index of [place.index + 1, 0]) {
      if (index === place.index || (await file.first(index)) !== next) continue
      // Chunks follow each other without a gap only where the last record is the one that was read.
      if (!(await stillThere(file, place, log))) return false
      const { ending, place: now } = await readChunk(file, { index, first: next }, options)
      if (now !== null) this.#place = now
      return ending.kind === 'read' && log.last >= next
    }
    return false
  }

  /** Looks through the whole file; true where all that could be read was. */
  async #scan(file: EventLogFile, mark: string): Promise<boolean> {
    const { path } = this.#options
    this.#place = null
    const looked = await lookAt(file)
    if (looked === null) return true
    const log = await this.#logOf(looked, mark)
    if (log === null) return false
    this.#log = log
    log.seenAt(path)
    const patient = mark === LAST || this.#isPatient(`behind ${log.key} ${log.last}`, mark, false)
    const before = log.last
    const { ending, place } = await readLog(looked, this.#optionsOf(log, patient), (_, to) => this.#hole(log, to, mark, patient))
    if (this.#isStopped()) return false
    this.#missing.push(...missingBehind(log, before, this.#missing))
    if (ending.kind === 'changed' || ending.kind === 'hole') return false
    this.#place = place ?? (await this.#placeOf(looked, log))
    if (ending.kind === 'broken') {
      if (!this.#isPatient(`behind ${log.key} ${log.last}`, mark, true)) return false
      this.#notices.set('broken', say('log_broken', { path, why: ending.why, last: log.last }))
    } else this.#notices.set('broken', null)
    this.#obstacle = null
    return true
  }

  /** Where the record after the last one will stand, in a file of which nothing was new. */
  async #placeOf({ file, heads, last }: LookedAt, log: ReadRecords): Promise<Place | null> {
    const head = heads.at(-1)!
    if (last !== log.last) return null
    const place = { index: head.index, first: head.first }
    const data = await file.chunk(head.index)
    if (data === null) return null
    const found = chunkRecords(data)
    const at = found?.broken === null ? found.records.at(-1)?.end : undefined
    return at === undefined ? null : { ...place, at }
  }

  /** The log that the file is; null where that is not clear yet. */
  async #logOf(looked: LookedAt, mark: string): Promise<ReadRecords | null> {
    const { logs, path } = this.#options
    const known = await logs.known(looked, path)
    if (known !== null) return known
    const first = looked.heads[0]!.first
    if (mark !== LAST && logs.mayBeKnown(looked) && !this.#isPatient(`new ${first}`, mark, true)) return null
    const check = await firstCheck(looked)
    if (check === null) return null
    const before = logs.before(path)
    if (before !== null) {
      await this.#archives(before, Infinity)
      this.#missing = []
      this.#notices.set('begun', say('log_begun_again', { path, first, last: before.last }))
    }
    this.#obstacle = null
    return logs.begin(first, check)
  }

  /** True where records that are not there were found in archives, or are given up. */
  async #hole(log: ReadRecords, to: number, mark: string, patient: boolean): Promise<boolean> {
    // What was renamed is an archive of the file that has its name now, and looked at then.
    if (mark === LAST) return false
    if (!patient) {
      // What is damaged before the hole is read when the whole file is looked through in patience.
      this.#isPatient(`behind ${log.key} ${log.last}`, mark, true)
      return false
    }
    await this.#archives(log, to + 1)
    if (this.#isStopped()) return false
    const missing = log.last + 1
    if (missing <= to) {
      log.passOver(to)
      this.#missing.push({ log, from: missing, to })
    }
    this.#obstacle = null
    return true
  }

  /** Reads what archives beside the log have of it, up to a record. */
  async #archives(log: ReadRecords, before: number): Promise<void> {
    const { path, logs } = this.#options
    const found: { readonly path: string; readonly first: number }[] = []
    const each = async (archive: string, use: (looked: LookedAt) => Promise<void>): Promise<void> => {
      if (this.#isStopped()) return
      try {
        const opened = await openLog(archive)
        try {
          if (!(await opened.isEventLog())) return
          const unpacked = await unpackedLog(opened, this.#isStopped)
          try {
            const looked = await lookAt(new EventLogFile(unpacked.handle))
            if (looked !== null && !this.#isStopped()) await use(looked)
          } finally {
            await unpacked.close()
          }
        } finally {
          await opened.close()
        }
      } catch (error) {
        this.#notices.set('archive', say('at', { place: archive, why: sentenceOf(error) }))
      }
    }
    for (const archive of await archivesOf(path))
      await each(archive, async ({ heads, last }) => {
        if (last > log.last || log.wantsAny(heads[0]!.first, last)) found.push({ path: archive, first: heads[0]!.first })
      })
    for (const archive of found.sort((a, b) => a.first - b.first))
      await each(archive.path, async (looked) => {
        const { heads, last } = looked
        const first = heads[0]!.first
        // Of its name, and between what was read and what is there: or the log itself, by its records.
        const between = first === log.last + 1 || (first > log.last && last < before && before < Infinity)
        if (!between && !(await logs.has(looked, log))) return
        await readLog(looked, { ...this.#optionsOf(log, true), origin: archive.path, before }, async (from, to) => {
          log.passOver(to)
          this.#missing.push({ log, from, to })
          return true
        })
      })
  }

  #optionsOf(log: ReadRecords, patient: boolean): Parameters<typeof readChunk>[2] {
    return { logs: this.#options.logs, log, origin: this.#options.path, stopped: this.#isStopped, patient }
  }

  /** True where reading has stood before this for long enough. */
  #isPatient(what: string, mark: string, begin: boolean): boolean {
    const now = performance.now()
    const standing = this.#obstacle?.what === what ? this.#obstacle : null
    if (standing === null && !begin) return false
    const since = standing?.since ?? now
    const unchanged = standing?.mark === mark ? standing.unchanged : now
    this.#obstacle = { what, since, mark, unchanged }
    return now - unchanged >= this.#patience || now - since >= 3 * this.#patience
  }
}

/** Copies of the log that stand beside it: rotated ones, and those that Windows makes of a full one. Oldest first. */
async function archivesOf(path: string): Promise<string[]> {
  const name = basename(path)
  const stem = name.slice(0, name.length - extname(name).length)
  const isRotation = rotationsOf(name)
  const archived = `Archive-${stem}-`.toLowerCase()
  const names = (await readdir(dirname(path))).filter(
    (other) => isRotation(other) || (other.toLowerCase().startsWith(archived) && /\.evtx$/i.test(other.replace(COMPRESSED, ''))),
  )
  const found: { readonly path: string; readonly mtimeNs: bigint }[] = []
  for (const other of names) {
    const id = await identify(join(dirname(path), other))
    if (id !== null) found.push({ path: join(dirname(path), other), mtimeNs: id.mtimeNs })
  }
  found.sort((a, b) => (a.mtimeNs < b.mtimeNs ? -1 : a.mtimeNs > b.mtimeNs ? 1 : 0))
  return found.slice(-MOST_ARCHIVES).map((each) => each.path)
}
