/**
 * One-off imports: files and folders of logs, compressed or not, each read to its end. Hidden files are taken too; links are
 * followed where they were named, not where they lie in a folder. Packet captures become the events that are in them. What is neither
 * is skipped and named.
 */
import { lstat, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { say, type Sentence, type SentenceCode } from '../../../shared/model/sentence.ts'
import type { CsvMapping } from '../../../shared/model/source.ts'
import type { Position } from '../store/batch.ts'
import type { CommitSink } from '../store/types.ts'
import type { CapturePiece, CaptureStart } from '../packets/events/capture-lines.ts'
import { isCapture } from '../packets/events/is-capture.ts'
import { EventLogFile } from '../evtx/log-file.ts'
import { ContentHash, contentKeys, headOfContent, samePositions } from './content-hash.ts'
import { importLog, importedLogs, type ImportedLogs } from './event-logs/import-log.ts'
import { unpackedLog } from './event-logs/unpacked.ts'
import { TAIL_BYTES } from './framer.ts'
import { FROM_START, LogReader, type LogReaderOptions, type LogStart } from './log-reader.ts'
import { openLog, type OpenLog } from './open-log.ts'
import type { Feed } from './pipeline.ts'
import { ReadProblem, sentenceOf } from './read-problem.ts'
import { chooseFormat, recogniseOpened, formatById, type Format } from './recognise-log.ts'

const MAX_DEPTH = 64
const MAX_FILES = 1_000_000

export interface ImportOptions {
  readonly paths: readonly string[]
  readonly feed: Feed
  /** Parser id, or null to recognise each file. */
  readonly format: string | null
  readonly zone: string
  readonly csv: CsvMapping | undefined
  readonly importedContent: CommitSink['importedContent']
  readonly signal: AbortSignal
  /** Gives the lines of a capture's events. Where there is nothing that does, captures are skipped. */
  readonly captures?: ((start: Omit<CaptureStart, 'scratch'>) => AsyncGenerator<CapturePiece, void>) | undefined
  /** Bytes on disk that were read, of those there are; at most a few times a second. */
  progress?(done: { readonly bytes: number; readonly of: number; readonly file: string }): void
}
export interface Skipped {
  readonly path: string
  readonly reason: Sentence
  /** True where it could not be read, false where it is no log or was complete already. */
  readonly failed: boolean
}
export interface Imported {
  readonly files: number
  readonly skipped: readonly Skipped[]
}

export const CAPTURE_FORMAT = 'capture'
/** A file that is known to be no log is no failure. */
const NO_FAILURES: ReadonlySet<SentenceCode> = new Set<SentenceCode>([
  'zip_archive',
  'bzip2',
  'utf16',
  'database',
  'capture_no_log',
  'unknown_format',
])

/** Reads all of them; what was read is in the feed when it resolves. Ends early when aborted or the feed has failed. */
export async function importFiles(options: ImportOptions): Promise<Imported> {
  return new Import(options).run()
}

class Import {
  readonly #options: ImportOptions
  readonly #skipped: Skipped[] = []
  readonly #files: { path: string; size: number }[] = []
  /** Keys of the files so far, and the longest of each. */
  readonly #keys = new Set<string>()
  readonly #longest = new Set<string>()
  #eventLogs: ImportedLogs | null = null
  #of = 0
  #done = 0
  #told = 0
  #imported = 0

  constructor(options: ImportOptions) {
    this.#options = options
  }

  get #stopped(): boolean {
    return this.#options.signal.aborted || this.#options.feed.error !== null
  }

  async run(): Promise<Imported> {
    for (const path of this.#options.paths) await this.#walk(path, 0)
    for (const [i, { path, size }] of this.#files.entries()) {
      if (this.#stopped) break
      try {
        await this.#file(path, i)
      } catch (error) {
        const reason = sentenceOf(error)
        this.#skip(path, reason, !NO_FAILURES.has(reason.code))
      }
      this.#done += size
      this.#tell(0, path, true)
    }
    this.#eventLogs?.logs.close()
    return { files: this.#imported, skipped: this.#skipped }
  }

  #skip(path: string, reason: Sentence, failed: boolean): void {
    this.#skipped.push({ path, reason, failed })
  }

  async #walk(path: string, depth: number): Promise<void> {
    if (this.#stopped) return
    try {
      const info = depth === 0 ? await stat(path) : await lstat(path)
      if (info.isDirectory()) {
        if (depth >= MAX_DEPTH) return this.#skip(path, say('nested_folders'), true)
        for (const name of (await readdir(path)).sort()) await this.#walk(join(path, name), depth + 1)
      } else if (!info.isFile()) this.#skip(path, say(info.isSymbolicLink() ? 'link_in_folder' : 'not_regular'), depth === 0)
      else if (info.size === 0) this.#skip(path, say('empty'), false)
      else if (this.#files.length >= MAX_FILES) this.#skip(path, say('too_many_files', { most: MAX_FILES }), true)
      else {
        this.#files.push({ path, size: info.size })
        this.#of += info.size
      }
    } catch (error) {
      this.#skip(path, sentenceOf(error), true)
    }
  }

  async #file(path: string, number: number): Promise<void> {
    const log = await openLog(path, this.#options.captures !== undefined)
    try {
      if ((await log.isEventLog()) && (await this.#eventLog(log, path))) return
      const head = await headOfContent(log.pieces())
      const capture = this.#options.captures !== undefined && isCapture(head)
      const format = capture ? formatById(CAPTURE_FORMAT) : await this.#format(log, path)
      if (format === null) return this.#skip(path, say('no_format'), false)
      const keys = contentKeys(head)
      // An earlier file of this import may begin alike: what it is must be stored before it can be known.
      if (this.#keys.has(keys[0]!) || keys.some((key) => this.#longest.has(key))) await this.#options.feed.drained()
      for (const key of keys) this.#keys.add(key)
      this.#longest.add(keys[0]!)
      const known = await this.#options.importedContent(keys)
      const same = known.length === 0 ? [] : await samePositions(log.pieces(), known)
      const [furthest] = same
      // A capture's offset is in the lines of its events; how far it was read, its tail says.
      const reached = furthest === undefined ? 0 : capture ? Number.parseInt(furthest.tail, 10) : furthest.offset
      if (furthest !== undefined && furthest.complete && !(await longer(log, reached)))
        return this.#skip(path, say('complete_already'), false)
      this.#imported++
      const file = `${keys[0]}:${number}`
      if (capture) await this.#capture(path, format, file, same)
      else await this.#read(log, path, format, file, furthest)
    } finally {
      await log.close()
    }
  }

  /** False where it is not known by its records, but as any other content. */
  async #eventLog(log: OpenLog, path: string): Promise<boolean> {
    const { feed, format, zone, csv, importedContent } = this.#options
    const stopped = (): boolean => this.#stopped
    this.#eventLogs ??= importedLogs({ feed, format, zone, csv }, importedContent)
    const unpacked = await unpackedLog(log, stopped)
    try {
      if (stopped()) return true
      const told = (byte: number): void => this.#tell(log.compression === null ? byte : log.size, path, false)
      const done = await importLog(new EventLogFile(unpacked.handle), this.#eventLogs, path, stopped, told)
      if (done === 'other') return false
      if (done === 'nothing') this.#skip(path, say('complete_already'), false)
      else this.#imported++
      return true
    } finally {
      await unpacked.close()
    }
  }

  async #format(log: OpenLog, path: string): Promise<Format | null> {
    const { format } = this.#options
    if (format === null) return recogniseOpened(log, path)
    if (formatById(format) === null) throw new ReadProblem(say('unknown_format', { format }))
    return (await chooseFormat(log.pieces(), path, format)).format
  }

  async #read(log: OpenLog, path: string, format: Format, file: string, from: Position | undefined): Promise<void> {
    const { feed, zone, csv } = this.#options
    const hash = new ContentHash()
    let reader: LogReader | null = null
    const open = (start: LogStart): LogReader =>
      new LogReader({
        feed,
        origin: path,
        file,
        zone,
        csv,
        start,
        format: from === undefined ? format : (formatById(from.format, format.framing) ?? format),
        tail: () => hash.tail,
      })
    const offset = from?.offset ?? 0
    // What was read before passes by once more: it is hashed, and its last bytes are remembered.
    let tail: Uint8Array = new Uint8Array(0)
    let seen = 0
    let failure: unknown = null
    if (offset === 0) reader = open(FROM_START)
    try {
      for await (const piece of log.pieces()) {
        hash.push(piece)
        const rest = seen < offset ? piece.subarray(Math.min(piece.length, offset - seen)) : piece
        if (seen < offset) {
          const passed = piece.subarray(0, piece.length - rest.length)
          tail = Uint8Array.from(Buffer.concat([tail, passed.subarray(-TAIL_BYTES)]).subarray(-TAIL_BYTES))
        }
        seen += piece.length
        if (reader === null && seen >= offset)
          reader = open({ offset, records: from?.records ?? 0, tail, parserState: from?.parserState ?? null })
        if (rest.length > 0) reader?.push(rest)
        this.#tell(log.read, path, false)
        if (!feed.hasRoom) await feed.room()
        if (this.#stopped) break
      }
    } catch (error) {
      failure = error
    }
    if (this.#stopped) reader?.close()
    // Cut off (a broken archive): whole records count, and a better copy goes on behind them.
    else if (failure !== null) {
      reader?.flush()
      reader?.close()
    } else reader?.finish(true)
    if (failure !== null) throw failure
  }

  /** `known`: positions of this capture, the furthest first. */
  async #capture(path: string, format: Format, file: string, known: readonly Position[]): Promise<void> {
    const { feed, zone } = this.#options
    const [from] = known
    let tail = ''
    const options: LogReaderOptions = { feed, origin: path, file, format, zone, csv: undefined, tail: () => tail }
    const start = from === undefined ? FROM_START : { ...FROM_START, offset: from.offset, records: from.records }
    const reader = new LogReader({ ...options, start })
    const ends = known.map(packetsOf).filter((packets) => packets > 0)
    let whole = false
    let stopped: Sentence | null = null
    try {
      for await (const piece of this.#options.captures!({ path, ends, skip: from?.records ?? 0 })) {
        tail = piece.tail
        if (piece.bytes.length > 0) reader.push(piece.bytes)
        this.#tell(piece.read, path, false)
        if (!feed.hasRoom) await feed.room()
        if (this.#stopped) break
        if (piece.end === null) continue
        whole = true
        const { packets, stopped: at } = piece.end
        if (at !== null) stopped = say('capture_stopped', { offset: at.offset, packets, text: at.reason })
      }
    } catch (error) {
      stopped = sentenceOf(error)
    }
    if (whole && !this.#stopped) reader.finish(true)
    else reader.close()
    if (stopped !== null) this.#skip(path, stopped, true)
  }

  #tell(read: number, file: string, now: boolean): void {
    const time = performance.now()
    if (!now && time - this.#told < 200) return
    this.#told = time
    this.#options.progress?.({ bytes: Math.min(this.#of, this.#done + read), of: this.#of, file })
  }
}

/** True where the content goes on behind `offset`. */
async function longer(log: OpenLog, offset: number): Promise<boolean> {
  if (log.plain) return log.size > offset
  for await (const piece of log.pieces(offset)) if (piece.length > 0) return true
  return false
}

/** Packets there were in a capture when it was read to its end; 0 where it was not. */
const packetsOf = ({ tail }: Position): number => Number(tail.split(':')[2] ?? 0)
