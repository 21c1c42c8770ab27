/**
 * The event logs of one source: which of them a file is, whatever its name, and their records on their way, each once. Files that are
 * read at the same time (a log and its archive) may be the same log; so one chunk at a time is sent.
 */
import { setImmediate as turn } from 'node:timers/promises'
import { basename } from 'node:path'
import { say, type Sentence } from '../../../../shared/model/sentence.ts'
import type { CsvMapping } from '../../../../shared/model/source.ts'
import { ChunkXml } from '../../evtx/binxml.ts'
import { recordCheck, recordTime, type RecordPlace } from '../../evtx/chunk-records.ts'
import { EvtxLines } from '../../evtx/evtx-lines.ts'
import { chunkOffset, type ChunkHead, type EventLogFile } from '../../evtx/log-file.ts'
import { RECORD_HEADER } from '../../evtx/whole-record.ts'
import type { Position } from '../../store/batch.ts'
import { damageLine } from '../../evtx/damage-line.ts'
import type { Feed } from '../pipeline.ts'
import { ReadProblem } from '../read-problem.ts'
import { EVENT_LOG_FORMAT, formatById, type Format } from '../recognise-log.ts'
import { ReadRecords } from './read-records.ts'

/** The main thread is not held longer; one record alone may take some milliseconds more. */
const SLICE_MS = 15
/** Lines are sent when they are so large, at the latest with the chunk. */
const SENT_BYTES = 1 << 20
/** Of a log so many records are compared with a file. */
const COMPARED = 12

export interface EventLogsOptions {
  readonly feed: Feed
  /** Parser id; null for that of event logs. */
  readonly format: string | null
  readonly zone: string
  readonly csv: CsvMapping | undefined
  /** Before the key of a log in `Position.file`. */
  readonly prefix: string
  readonly positions: readonly Position[]
}

/** A file as it was looked at: number of its last record, and when that was written (see {@link recordTime}). */
export interface LookedAt {
  readonly file: EventLogFile
  readonly heads: readonly ChunkHead[]
  readonly last: number
  readonly time: bigint
}

/** What a record is known again by. */
export interface RecordCheck {
  readonly id: number
  readonly check: string
}

export interface Sent {
  /** Behind the last record that was sent or had been before. */
  readonly end: number
  /** A record that cannot be read, and that may only be half written. */
  readonly unreadable: number | null
}

export class EventLogs {
  readonly #options: EventLogsOptions
  readonly #format: Format
  readonly #lines = new EvtxLines()
  readonly #stream: number
  /** The one used last is the last. */
  #logs: ReadRecords[] = []
  #turn: Promise<unknown> = Promise.resolve()

  constructor(options: EventLogsOptions) {
    const format = formatById(options.format ?? EVENT_LOG_FORMAT)
    if (format === null) throw new ReadProblem(say('unknown_format', { format: options.format ?? EVENT_LOG_FORMAT }))
    this.#options = options
    this.#format = format
    this.#stream = options.feed.open(format.stateless)
    this.learn(options.positions)
  }

  /** Positions, newest first; of several of one log that of the most records counts. */
  learn(positions: readonly Position[]): void {
    const known = new Map(this.#logs.map((log) => [log.key, log]))
    for (const position of [...positions].reverse()) {
      if (!position.file.startsWith(this.#options.prefix)) continue
      const read = ReadRecords.of(position)
      if (read !== null && read.records >= (known.get(read.key)?.records ?? 0)) known.set(read.key, read)
    }
    this.#logs = [...known.values()]
  }

  /** Everything is in the feed. */
  close(): void {
    this.#options.feed.close(this.#stream)
  }

  /**
   * The log that a file is: the one of whose records it has one that was read. Where it has none, and no other record under the
   * number of one that was read, it is the one that was read under this name (null: none) before if it has later ones, or only such as are missing, or
   * is older. Null where it is new.
   */
  async known(file: LookedAt, path: string | null): Promise<ReadRecords | null> {
    const isHere = (log: ReadRecords): boolean => path !== null && log.isAt(path)
    const here = await this.#compared(file, this.#logs.filter(isHere))
    const found = withLatest(here)
    if (found !== null) return found
    const others = this.#logs.filter((log) => !isHere(log))
    return (
      withLatest(await this.#compared(file, others)) ??
      here.findLast(({ log, differs }) => !differs && mayBePartOf(log, file))?.log ??
      null
    )
  }

  /** Of each log the number of its latest record that the file has, or -1; and whether it has another under the number of one. */
  async #compared({ file, heads, last }: LookedAt, logs: readonly ReadRecords[]): Promise<Compared[]> {
    const first = heads[0]?.first ?? 0
    const common = logs.map((log) => log.checks.filter(([id]) => id >= first && id <= last).slice(-COMPARED))
    const checks = await file.checks(
      heads,
      common.flatMap((of) => of.map(([id]) => id)),
    )
    return logs.map((log, i) => ({
      log,
      latest: common[i]!.findLast(([id, check]) => checks.get(id) === check)?.[0] ?? -1,
      differs: common[i]!.some(([id, check]) => checks.has(id) && checks.get(id) !== check),
    }))
  }

  /** True where the file has at least one record of the log. */
  async has(file: LookedAt, log: ReadRecords): Promise<boolean> {
    return withLatest(await this.#compared(file, [log])) !== null
  }

  /** A log with these numbers is known: a file that has them and none of its records may only be half of a copy. */
  mayBeKnown({ heads, last }: LookedAt): boolean {
    const first = heads[0]?.first ?? 0
    return this.#logs.some((log) => log.first <= last && log.last >= first)
  }

  /** A log that was read under this name before. */
  before(path: string): ReadRecords | null {
    return this.#logs.findLast((log) => log.isAt(path)) ?? null
  }

  /** A log that is new: `check` is of its first whole record, `group` comes before that in its key. */
  begin(first: number, { id, check }: RecordCheck, group = ''): ReadRecords {
    const key = `${this.#options.prefix}${group}${first}:${check}`
    const known = this.#logs.find((log) => log.key === key)
    if (known !== undefined) return known
    const log = new ReadRecords(key, first)
    log.know(id, check)
    this.#logs.push(log)
    return log
  }

  /** The same log, with `group` in its key from now on. */
  regrouped(log: ReadRecords, group: string): ReadRecords {
    const { prefix } = this.#options
    const key = `${prefix}${group}${log.key.split(':').slice(-2).join(':')}`
    if (key === log.key) return log
    const copy = log.under(key)
    this.#logs = [...this.#logs.filter((other) => other !== log && other.key !== key), copy]
    return copy
  }

  /**
   * Sends what is wanted of a chunk's records. `whole`: up to this byte a record that cannot be read will not become better, and is sent as a
   * line that says so; behind it reading stops there. `damaged`: what a record says may stand in a part that is gone, so one that cannot be read
   * is missing, and a better copy of the log may have it. Resolves early when `stopped`.
   */
  send(
    log: ReadRecords,
    chunk: {
      readonly data: Uint8Array
      readonly index: number
      readonly records: readonly RecordPlace[]
      readonly whole: number
      readonly damaged: boolean
    },
    origin: string,
    stopped: () => boolean,
  ): Promise<Sent> {
    const sent = this.#turn.then(() => this.#send(log, chunk, origin, stopped))
    this.#turn = sent.catch(() => undefined)
    return sent
  }

  async #send(
    log: ReadRecords,
    { data, index, records, whole, damaged }: Parameters<EventLogs['send']>[1],
    origin: string,
    stopped: () => boolean,
  ): Promise<Sent> {
    const { feed } = this.#options
    await feed.room()
    this.#logs = [...this.#logs.filter((other) => other !== log), log]
    const run = new Run()
    const offset = chunkOffset(index)
    const xml = new ChunkXml(data)
    let end = records[0]?.at ?? 0
    let began = performance.now()
    const flush = (): void => {
      if (run.last === null) return
      this.#flush(log, run, recordCheck(data, run.last), recordTime(data, run.last), origin)
      run.clear()
    }
    for (const record of records) {
      if (stopped() || feed.error !== null) break
      if (!log.wants(record.id)) {
        flush()
        end = record.end
        continue
      }
      // Behind damage numbers are missing.
      if (run.last !== null && record.id !== run.last.id + 1) flush()
      const before = run.filled
      const bad = this.#lines.damaged
      this.#lines.record(
        xml,
        record.at + RECORD_HEADER,
        record.end - 4,
        (line) => run.add(line),
        () => ({ record: record.id, offset: offset + record.at }),
      )
      if (this.#lines.damaged > bad && (damaged || record.end > whole)) {
        run.filled = before
        flush()
        if (!damaged) return { end, unreadable: record.id }
        end = record.end
        continue
      }
      run.whole(record, before)
      end = record.end
      if (run.filled >= SENT_BYTES) {
        flush()
        await feed.room()
      }
      if (performance.now() - began < SLICE_MS) continue
      await turn()
      began = performance.now()
    }
    flush()
    return { end, unreadable: null }
  }

  /** Sends a line that says that something of a file is damaged, in place of no record. */
  async damage(why: Sentence, origin: string): Promise<void> {
    const { feed, zone, csv } = this.#options
    await feed.room()
    const bytes = damageLine(why)
    feed.send({
      stream: this.#stream,
      origin,
      reading: { format: this.#format.id, zone, csv, fileName: basename(origin), parserState: null },
      chunk: {
        bytes,
        bounds: Uint32Array.of(0, bytes.length - 1),
        offset: 0,
        record: 1,
        refused: null,
        end: bytes.length,
        records: 1,
        tail: new Uint8Array(0),
      },
      numbered: false,
      position: null,
    })
  }

  /** Notes under `file` that what was sent so far is all of a file that does not change. */
  done(file: string, origin: string): void {
    const { feed, zone, csv } = this.#options
    const none = new Uint8Array(0)
    feed.send({
      stream: this.#stream,
      origin,
      reading: { format: this.#format.id, zone, csv, fileName: basename(origin), parserState: null },
      chunk: { bytes: none, bounds: new Uint32Array(0), offset: 0, record: 1, refused: null, end: 0, records: 0, tail: none },
      numbered: true,
      position: { file, tail: '', complete: true },
    })
  }

  #flush(log: ReadRecords, run: Run, check: string, time: bigint, origin: string): void {
    const { feed, zone, csv } = this.#options
    const first = run.first!
    const bytes = run.bytes
    const offset = log.bytes
    log.bytes += bytes.length
    log.take(first.id, run.last!.id, check, time)
    feed.send({
      stream: this.#stream,
      origin,
      reading: { format: this.#format.id, zone, csv, fileName: basename(origin), parserState: null },
      chunk: {
        bytes,
        bounds: run.bounds,
        offset,
        record: first.id,
        refused: null,
        end: log.bytes,
        records: log.records,
        tail: new Uint8Array(0),
      },
      numbered: true,
      position: { file: log.key, tail: log.state, complete: false },
    })
  }
}

interface Compared {
  readonly log: ReadRecords
  readonly latest: number
  readonly differs: boolean
}

function mayBePartOf(log: ReadRecords, { heads, last, time }: LookedAt): boolean {
  const first = heads[0]?.first ?? 0
  if (last > log.last || log.missing.some(([from, to]) => from <= first && to >= last)) return true
  // An old copy, so old that none of the records that are remembered is among its own. One that was cleared has later ones.
  return first > log.first && time > 0n && time <= log.time
}

function withLatest(compared: readonly Compared[]): ReadRecords | null {
  let best: Compared | null = null
  for (const each of compared) if (each.latest > (best?.latest ?? -1)) best = each
  return best?.log ?? null
}

/** Lines of records whose numbers follow each other. */
class Run {
  #buffer = new Uint8Array(64 * 1024)
  #bounds: number[] = []
  filled = 0
  first: RecordPlace | null = null
  last: RecordPlace | null = null

  add(line: Uint8Array): void {
    const needed = this.filled + line.length
    if (needed > this.#buffer.length) {
      const larger = new Uint8Array(Math.max(needed, this.#buffer.length * 2))
      larger.set(this.#buffer.subarray(0, this.filled))
      this.#buffer = larger
    }
    this.#buffer.set(line, this.filled)
    this.filled = needed
  }

  /** What was added since `from` is this record's line, with its LF. */
  whole(record: RecordPlace, from: number): void {
    this.#bounds.push(from, this.filled - 1)
    this.first ??= record
    this.last = record
  }

  get bytes(): Uint8Array<ArrayBuffer> {
    return this.#buffer.slice(0, this.filled)
  }
  get bounds(): Uint32Array<ArrayBuffer> {
    return Uint32Array.from(this.#bounds)
  }

  clear(): void {
    this.#bounds = []
    this.filled = 0
    this.first = null
    this.last = null
  }
}
