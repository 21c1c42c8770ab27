/**
 * Follows one path, whatever happens to the file behind it.
 *
 * A position is stored under `device:inode@opened`, `opened` being the time in milliseconds when the file was begun (always
 * later than those before): so a file keeps its position when it is renamed, and a file that was truncated and written anew
 * gets another. Together with a hash of the bytes before it a position tells whether a file found later is the one that was
 * read, also as a compressed copy with another inode. A file is begun with a position of 0 bytes, so that it is known even when
 * it was empty.
 *
 * - Renamed: the old file is read to its end, and looked at until nothing was written to it for a while; the new one is begun.
 * - Truncated (smaller than what was read, or other bytes before the position): the copy that goes on after the position is
 *   read from there, then the path from its beginning.
 * - Away (not running, paused): the copies that go on after unfinished positions are looked for, by inode or by content, and
 *   read from there; then, unless the path still has the file that was read last, copies made after it, oldest first; then
 *   the path.
 */
import { constants } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { say, type Sentence } from '../../../../shared/model/sentence.ts'
import type { CsvMapping, SourceState } from '../../../../shared/model/source.ts'
import type { Position } from '../../store/batch.ts'
import { FROM_START, LogReader, tailHash, type LogStart } from '../log-reader.ts'
import { openLog, type OpenLog } from '../open-log.ts'
import type { Feed } from '../pipeline.ts'
import { ReadProblem, sentenceOf } from '../read-problem.ts'
import { chooseFormat, type Format } from '../recognise-log.ts'
import { watchFolder } from './folder-watch.ts'
import { Pause } from './pause.ts'
import { continues, furthest, identify, listRotations, type FileId, type Rotation } from './rotations.ts'
import { Tail } from './tail.ts'

/** A pass comes at once when the folder's watch tells of a change, but no sooner than this after the last one: it is what makes batches. */
const SHORTEST_MS = 15
/** Without a watch (network file systems): how often the file is looked at while it grows, and when it does not. */
const ACTIVE_MS = 25
const IDLE_MS = 100
const RETRY_MS = 1000
/** A renamed file is looked at this long after its last growth: its writer may not have noticed yet. */
const LINGER_MS = 5000
/** How long a file of unknown format may wait for more records before it is taken as plain text. */
const UNDECIDED_MS = 2000
/** So many positions of files that were not read to their end are looked for in copies. */
const UNFINISHED = 8
/** So many positions are compared with a copy before it is taken as unread. */
const COMPARED = 64
/** File times are stamped by a coarser clock, up to this much late. What is looked at in vain for it is known by its content. */
const COARSE_NS = 100_000_000n

export interface FollowOptions {
  readonly path: string
  readonly feed: Feed
  readonly format: string | null
  readonly zone: string
  readonly csv: CsvMapping | undefined
  readonly positions: readonly Position[]
  /** The same as they are now. */
  stored(): Promise<readonly Position[]>
  state(state: SourceState, problem: Sentence | null): void
  notice(notice: Sentence | null): void
  /** Given by a folder, which watches for all its files. */
  readonly watched?: boolean
  readonly lingerMs?: number
  /** The file is a Windows event log, which is followed otherwise: nothing of it is read here. */
  eventLog?(): void
}

interface Known {
  readonly key: string
  readonly id: string
  readonly opened: number
  readonly origin: string
  readonly offset: number
  readonly records: number
  readonly tail: string
  readonly format: string
  readonly parserState: string | null
  /** Read to its end; it did not grow for a while. */
  readonly complete: boolean
}

interface Begun {
  readonly id: string
  readonly key: string
  /** Held so that no other file gets its inode. */
  readonly handle: FileHandle
  stored: boolean
}

export class FollowedFile {
  readonly #options: FollowOptions
  readonly #pause = new Pause()
  readonly #unwatch: () => void
  readonly #running: Promise<void>
  /** Newest first. */
  #known: Known[]
  #tail: Tail | null = null
  #tailKey = ''
  /** The path's file as it was last seen, while it is not read yet (it may have no whole record to tell its format by). */
  #begun: Begun | null = null
  /** Copies that were changed later than this were never looked at under the path. */
  #frontier = 0n
  #old: { tail: Tail; key: string }[] = []
  #stopped = false
  #opened: number
  #undecidedSince = 0
  #lastPass = 0
  /** Nothing was new in the last pass, and nothing else is under way. */
  settled = false

  constructor(options: FollowOptions) {
    this.#options = options
    this.#known = knownOf(options.positions)
    this.#opened = this.#known[0]?.opened ?? 0
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

  get waiting(): number {
    let bytes = this.#tail?.waiting ?? 0
    for (const { tail } of this.#old) bytes += tail.waiting
    return bytes
  }

  /** The file that is read now, and how far it was sent. */
  get place(): { readonly file: string; readonly offset: number } | null {
    return this.#tail === null ? null : { file: this.#tailKey, offset: this.#tail.reader.offset }
  }

  async close(): Promise<void> {
    this.#stopped = true
    this.#unwatch()
    this.wake()
    await this.#running
  }

  readonly #isStopped = (): boolean => this.#stopped || this.#options.feed.error !== null

  async #run(): Promise<void> {
    let begun = false
    while (!this.#isStopped()) {
      this.#lastPass = Date.now()
      let grew = false
      try {
        if (!begun) {
          await this.#begin()
          begun = true
        }
        grew = await this.#pass()
        this.settled = !grew && this.#old.length === 0
      } catch (error) {
        this.#options.state('waiting', say('at', { place: this.#options.path, why: sentenceOf(error) }))
        await this.#pause.wait(RETRY_MS)
      }
      if (this.#isStopped()) break
      await this.#pause.wait(grew ? ACTIVE_MS : IDLE_MS)
      const early = this.#lastPass + SHORTEST_MS - Date.now()
      if (early > 0) await new Promise((resolve) => setTimeout(resolve, early))
    }
    await this.#release()
    await this.#tail?.close()
    for (const { tail } of this.#old) await tail.close()
  }

  /** Gives whether anything was new. */
  async #pass(): Promise<boolean> {
    const { path, state } = this.#options
    const now = await identify(path)
    let grew = false
    if (this.#tail !== null) {
      const growth = await this.#tail.read(this.#isStopped)
      if (this.#isStopped()) return false
      if (growth === 'truncated') await this.#truncated()
      else if (now !== null && now.id !== this.#tail.id) await this.#rotated()
      grew = growth !== 'same'
    }
    if (this.#isStopped()) return false
    if (this.#tail === null) {
      let current = await identify(path)
      while (current !== null && this.#begun !== null && this.#begun.id !== current.id && !this.#isStopped()) {
        // Rotated before it was read.
        await this.#hold()
        await this.#drainNewer()
        current = await identify(path)
      }
      if (current !== null && (await this.#openCurrent(current)))
        grew = (await this.#tail!.read(this.#isStopped)) !== 'same' || grew
    }
    for (const entry of [...this.#old]) grew = (await this.#linger(entry)) || grew
    if (now === null) state('waiting', say('at', { place: path, why: say('missing') }))
    else if (this.#tail !== null) state('running', null)
    return grew
  }

  async #begin(): Promise<void> {
    const { path } = this.#options
    const mine = this.#known.filter(({ origin }) => origin === path)
    const latest = mine[0]
    await this.#hold()
    const now = await identify(path)
    const current = now === null ? null : ((await this.#startOf({ ...now, path, compressed: false }, this.#known))?.known ?? null)
    // Should it be rotated before it is open, its copy is not older than this.
    this.#frontier = now === null ? BigInt(Date.now()) * 1_000_000n : now.mtimeNs
    if (latest === undefined) return
    // Unfinished ones, oldest first: their rest may be in a copy.
    const unfinished = mine.filter((known) => known !== current && (known === latest || !known.complete) && known.offset > 0)
    let anchor: Rotation | null = null
    for (const known of unfinished.slice(0, UNFINISHED).reverse()) {
      if (this.#isStopped()) return
      const found = await this.#findRest(known)
      if (found !== null && known === latest) anchor = found
    }
    if (this.#isStopped() || (current !== null && current.offset > 0)) return
    if (anchor !== null) this.#frontier = anchor.mtimeNs
    else if (latest.offset === 0) this.#frontier = BigInt(latest.opened) * 1_000_000n
    else {
      this.#options.notice(say('rotated_gap', { path }))
      return
    }
    await this.#drainNewer()
  }

  /** Finds the copy that goes on after `known`, newest first, and reads on there. */
  async #findRest(known: Known): Promise<Rotation | null> {
    for (let rotations = await listRotations(this.#options.path); !this.#isStopped();) {
      for (const rotation of [...rotations].reverse()) if (await this.#readRest(known, rotation)) return rotation
      // A copy that was compressed while it was looked at has another name and inode now.
      const again = await listRotations(this.#options.path)
      if (
        again.length === rotations.length &&
        again.every(({ id, path }, i) => id === rotations[i]!.id && path === rotations[i]!.path)
      )
        return null
      rotations = again
    }
    return null
  }

  async #readRest(known: Known, rotation: Rotation): Promise<boolean> {
    const tail = await continues(rotation, known.offset, known.tail)
    if (tail === null) return false
    const start = { ...known, tail }
    // The very file, renamed: its writer may not have noticed yet.
    const tailOpen =
      !rotation.compressed && rotation.id === known.id
        ? await this.#openTail(rotation, known.key, known.format, start, true)
        : null
    if (tailOpen === null) return this.#drain(rotation, known.key, start, known.format)
    this.#old.push({ key: known.key, tail: tailOpen })
    return true
  }

  async #rotated(): Promise<void> {
    const tail = this.#tail!
    const key = this.#tailKey
    await tail.read(this.#isStopped)
    this.#tail = null
    this.#old.push({ tail, key })
    this.#frontier = tail.mtimeNs
    // Rotated more than once since the last look: some copies were never seen under the path.
    await this.#drainNewer()
  }

  async #truncated(): Promise<void> {
    const { path } = this.#options
    const tail = this.#tail!
    let now: Known = { ...stateOf(this.#tailKey, tail.reader), origin: path, complete: false }
    await this.#hold()
    this.#tail = null
    if (!tail.reader.format.stateless) {
      // Going on in the middle needs what the parser knew there, and that is stored with the position.
      now = (await this.#whenStored(now)) ?? now
    }
    const anchor = await this.#findRest(now)
    // Without a copy that has the rest of a record that was cut off, what there is of it is the record.
    if (anchor === null && tail.reader.partial > 0) await tail.finish()
    else await tail.close()
    this.#known.unshift({ ...now, complete: true })
    if (anchor === null) return
    this.#frontier = anchor.mtimeNs
    await this.#drainNewer()
  }

  async #whenStored({ key, offset }: Known): Promise<Known | null> {
    while (!this.#isStopped()) {
      const stored = knownOf(await this.#options.stored()).find((known) => known.key === key && known.offset === offset)
      if (stored !== undefined) return stored
      await new Promise((resolve) => setTimeout(resolve, IDLE_MS))
    }
    return null
  }

  /** Copies changed after the frontier, oldest first; those that are known (read here, or being read) are passed over. */
  async #drainNewer(): Promise<void> {
    for (const rotation of await listRotations(this.#options.path)) {
      if (this.#isStopped()) return
      if (rotation.mtimeNs < this.#frontier - COARSE_NS || (await this.#isBeingRead(rotation))) continue
      const found = await this.#startOf(rotation, this.#known, true)
      let done = true
      if (found === null) done = await this.#drain(rotation, this.#newKey(rotation.id), FROM_START, null)
      else if (rotation.compressed ? !found.known.complete : rotation.size > found.start.offset)
        done = await this.#drain(rotation, found.known.key, found.start, found.known.format)
      if (!done) {
        // Renamed or compressed meanwhile: its new name is in a new list.
        await this.#pause.wait(RETRY_MS / 10)
        return this.#drainNewer()
      }
      if (rotation.mtimeNs > this.#frontier) this.#frontier = rotation.mtimeNs
    }
  }

  async #isBeingRead(rotation: Rotation): Promise<boolean> {
    for (const { tail } of this.#old) {
      if (tail.id === rotation.id) return true
      const { offset, tail: bytes } = tail.reader
      if (offset > 0 && (await continues(rotation, offset, tailHash(bytes))) !== null) return true
    }
    return false
  }

  async #linger(entry: { tail: Tail; key: string }): Promise<boolean> {
    const { tail, key } = entry
    const growth = await tail.read(this.#isStopped)
    if (this.#isStopped() || growth === 'grew') return growth === 'grew'
    if (growth !== 'truncated' && Date.now() - tail.lastGrowth < (this.#options.lingerMs ?? LINGER_MS)) return false
    if (growth === 'truncated') await tail.close()
    else await tail.finish()
    this.#known.unshift({ ...stateOf(key, tail.reader), origin: this.#options.path, complete: true })
    this.#old = this.#old.filter((other) => other !== entry)
    return false
  }

  async #openCurrent(current: FileId): Promise<boolean> {
    const { path } = this.#options
    const found = await this.#startOf({ ...current, path, compressed: false }, this.#known)
    if (this.#begun === null) await this.#hold()
    const begun = this.#begun
    if (begun === null || begun.id !== current.id) return false
    const key = found?.known.key ?? begun.key
    if (found === null && !begun.stored) {
      begun.stored = true
      this.#store(key)
    }
    this.#tail = await this.#openTail({ ...current, path }, key, found?.known.format ?? null, found?.start ?? FROM_START, false)
    if (this.#tail === null) return false
    this.#tailKey = key
    await this.#release()
    return true
  }

  /** Holds the file that has the name now. */
  async #hold(): Promise<void> {
    await this.#release()
    let handle: FileHandle
    try {
      handle = await open(this.#options.path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
    } catch {
      return
    }
    const { dev, ino } = await handle.stat({ bigint: true })
    const id = `${dev}:${ino}`
    this.#begun = { id, key: this.#newKey(id), handle, stored: false }
  }

  async #release(): Promise<void> {
    const begun = this.#begun
    this.#begun = null
    await begun?.handle.close()
  }

  /** The position of a file that is begun. */
  #store(file: string): void {
    const { feed, path: origin, zone, csv } = this.#options
    const nothing = {
      bytes: new Uint8Array(0),
      bounds: new Uint32Array(0),
      offset: 0,
      record: 1,
      refused: null,
      end: 0,
      records: 0,
      tail: new Uint8Array(0),
    }
    const stream = feed.open(true)
    feed.send({
      stream,
      origin,
      chunk: nothing,
      numbered: true,
      reading: { format: '', zone, csv, fileName: basename(origin), parserState: null },
      position: { file, tail: tailHash(nothing.tail), complete: false },
    })
    feed.close(stream)
  }

  /** Null where the name has another file by now, or its format cannot be told yet. */
  async #openTail(
    file: { readonly path: string; readonly id: string },
    key: string,
    known: string | null,
    start: LogStart,
    whole: boolean,
  ): Promise<Tail | null> {
    const { feed, zone, csv, path: origin } = this.#options
    const log = await openLog(file.path)
    if (!log.plain) {
      await log.close()
      if (log.compression !== null) throw new ReadProblem(say('compressed_followed'))
      this.#options.eventLog?.()
      return null
    }
    const format = log.id === file.id ? await this.#formatOf(log, known, whole) : null
    if (format !== null) return new Tail(log, { feed, origin, file: key, format, zone, csv }, start)
    await log.close()
    return null
  }

  /** Reads a copy to its end. False where the name has another file by now; what cannot be read is said. */
  async #drain(rotation: Rotation, key: string, start: LogStart, known: string | null): Promise<boolean> {
    const { feed, zone, csv, path: origin, notice } = this.#options
    let log: OpenLog
    try {
      log = await openLog(rotation.path)
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false
      notice(say('at', { place: rotation.path, why: sentenceOf(error) }))
      return true
    }
    try {
      if (log.id !== rotation.id) return false
      const format = await this.#formatOf(log, known, true)
      if (format === null) return true
      const reader = new LogReader({ feed, origin, file: key, format, zone, csv, start })
      for await (const piece of log.pieces(start.offset)) {
        await feed.room()
        if (this.#isStopped()) break
        reader.push(piece)
      }
      if (this.#isStopped()) reader.close()
      else {
        reader.finish(true)
        this.#known.unshift({ ...stateOf(key, reader), origin, complete: true })
      }
    } catch (error) {
      notice(say('at', { place: rotation.path, why: sentenceOf(error) }))
    } finally {
      await log.close()
    }
    return true
  }

  /** Where reading of a file goes on: the newest known position whose bytes it has; null where it is new. */
  async #startOf(file: Rotation, known: readonly Known[], byContent = false): Promise<{ known: Known; start: LogStart } | null> {
    const candidates = known
      .filter(({ id, offset }) => offset > 0 && (byContent || id === file.id) && (file.compressed || offset <= file.size))
      .slice(0, COMPARED)
    if (candidates.length === 0) return null
    const found = await furthest(file, candidates)
    return found === null ? null : { known: found.known, start: { ...found.known, tail: found.bytes } }
  }

  /** Null where it cannot be said yet: the file has no whole record. */
  async #formatOf(log: OpenLog, known: string | null, whole: boolean): Promise<Format | null> {
    const { format, sure } = await chooseFormat(
      log.pieces(),
      basename(this.#options.path),
      this.#options.format ?? (known || null),
    )
    if (sure || whole) return format
    if (format === null) {
      this.#undecidedSince = 0
      return null
    }
    if (this.#undecidedSince === 0) this.#undecidedSince = Date.now()
    if (Date.now() - this.#undecidedSince < UNDECIDED_MS) return null
    this.#undecidedSince = 0
    return format
  }

  #newKey(id: string): string {
    this.#opened = Math.max(this.#opened + 1, Date.now())
    return `${id}@${this.#opened}`
  }
}

function stateOf(key: string, reader: LogReader): Omit<Known, 'origin' | 'complete'> {
  const [id = '', opened = '0'] = key.split('@')
  // A parser's state is in the store, not here.
  return {
    key,
    id,
    opened: Number(opened),
    offset: reader.offset,
    records: reader.records,
    tail: tailHash(reader.tail),
    format: reader.format.id,
    parserState: null,
  }
}

/** Newest first; of several positions of one file the furthest. */
function knownOf(positions: readonly Position[]): Known[] {
  const furthest = new Map<string, Position>()
  for (const position of positions)
    if (position.offset >= (furthest.get(position.file)?.offset ?? 0)) furthest.set(position.file, position)
  return [...furthest.values()]
    .map(({ file, origin, offset, records, tail, format, parserState, complete }) => {
      const [id = '', opened = '0'] = file.split('@')
      return { key: file, id, opened: Number(opened) || 0, origin, offset, records, tail, format, parserState, complete }
    })
    .sort((a, b) => b.opened - a.opened)
}
