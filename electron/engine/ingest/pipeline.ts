/**
 * Segments of all sources → parser threads → commits. Per source, batches are committed in the order in which their segments
 * were sent; the bytes that are under way are bounded, and a source waits for `room` before it reads on.
 */
import { fail, type Result, type WatchfloorError } from '../../../shared/model/result.ts'
import { say, type Sentence } from '../../../shared/model/sentence.ts'
import { inEnglish } from '../../../shared/model/sentence-english.ts'
import type { Batch, RejectGroup } from '../store/batch.ts'
import type { Committed, CommitSink } from '../store/types.ts'
import { CHUNK_BYTES, CHUNK_RECORDS } from './framer.ts'
import { ThreadDied, type ParserThreads } from './parser-pool.ts'
import { sentenceOf } from './read-problem.ts'
import type { Segment, Work } from './work.ts'

/** Works given to a thread at once: one it does, one that waits for it. */
const DEPTH = 2
/** Bytes of one source that are read and not committed. A segment always fits when nothing else is under way. */
export const IN_FLIGHT_BYTES = 14 * 1024 * 1024
const RETRY_MS = 2000
/** A commit that fails for another reason than a full disk or a busy store is given up after so many tries. */
const TRIES = 5

/** `live` goes before `bulk` (imports) wherever both wait. */
export type Priority = 'live' | 'bulk'

export interface PipelineParts {
  readonly threads: ParserThreads
  readonly sink: Pick<CommitSink, 'commit'>
  /** After each commit. */
  committed?(source: string, batch: Batch, committed: Committed): void
  /** The store cannot commit now (it is tried again), or can again (null). */
  trouble?(error: WatchfloorError | null): void
  readonly retryMs?: number
}

interface Stream {
  /** The one thread that parses it; null where any may. */
  readonly thread: number | null
  /** Segments that are not parsed yet. */
  waiting: number
  closed: boolean
}

interface Entry {
  readonly feed: Feed
  readonly work: Work
  readonly bytes: number
  batch: Batch | null
  deaths: number
}

/** Where one source puts its segments. Made by {@link Pipeline.feed}. */
export class Feed {
  readonly source: string
  readonly priority: Priority
  /** Set once for good when a batch cannot be made or stored: nothing after it is committed, and the source must begin again. */
  error: WatchfloorError | null = null
  /** The same for a person. */
  why: Sentence | null = null
  readonly pending: Segment[] = []
  readonly order: Entry[] = []
  bytes = 0
  committing = 0
  readonly #pipeline: Pipeline
  readonly #waiters: (() => void)[] = []
  readonly #limit: number

  constructor(pipeline: Pipeline, source: string, priority: Priority, limit: number) {
    this.#pipeline = pipeline
    this.source = source
    this.priority = priority
    this.#limit = limit
  }

  /** A new stream (file, sender) of this source. One whose parser keeps state stays on one thread. */
  open(stateless: boolean): number {
    return this.#pipeline.openStream(stateless)
  }

  close(stream: number): void {
    this.#pipeline.closeStream(stream)
  }

  send(segment: Segment): void {
    if (this.error !== null) return
    this.bytes += sizeOf(segment)
    this.pending.push(segment)
    this.#pipeline.expect(segment.stream)
    this.#pipeline.dispatch()
  }

  get hasRoom(): boolean {
    return this.bytes < this.#limit || this.error !== null
  }
  get idle(): boolean {
    return (this.pending.length === 0 && this.order.length === 0 && this.committing === 0) || this.error !== null
  }

  /** Resolves when there is room for another segment (or the feed has failed: look at `error`). */
  async room(): Promise<void> {
    while (!this.hasRoom) await this.#change()
  }

  /** Resolves when all that was sent is committed (or the feed has failed). */
  async drained(): Promise<void> {
    while (!this.idle) await this.#change()
  }

  /** Resolves when the feed has failed, if ever. */
  async failed(): Promise<void> {
    while (this.error === null) await this.#change()
  }

  /** Gives up what is not committed; a batch whose commit has begun is waited for. */
  async abandon(): Promise<void> {
    this.fail({ code: 'cancelled', message: 'given up' }, say('stopped'))
    while (this.committing > 0) await this.#change()
  }

  fail(error: WatchfloorError, why: Sentence): void {
    this.error ??= error
    this.why ??= why
    for (const { stream } of this.pending.splice(0)) this.#pipeline.parsed(stream)
    this.order.length = 0
    this.changed()
  }

  changed(): void {
    for (const wake of this.#waiters.splice(0)) wake()
  }

  #change(): Promise<void> {
    return new Promise((resolve) => this.#waiters.push(resolve))
  }
}

export class Pipeline {
  readonly #parts: PipelineParts
  readonly #feeds = new Set<Feed>()
  /** Works under way per thread. */
  readonly #load: number[]
  readonly #open = new Map<number, Stream>()
  readonly #ready: Record<Priority, Entry[]> = { live: [], bulk: [] }
  #streams = 0
  #works = 0
  #committing = false
  #closed = false
  #wake: (() => void) | null = null

  constructor(parts: PipelineParts) {
    this.#parts = parts
    this.#load = Array.from({ length: parts.threads.size }, () => 0)
  }

  feed(source: string, priority: Priority, limit: number = IN_FLIGHT_BYTES): Feed {
    this.#parts.threads.begin()
    const feed = new Feed(this, source, priority, limit)
    this.#feeds.add(feed)
    return feed
  }

  /** The feed is not used again; what it has under way is committed nevertheless. */
  release(feed: Feed): void {
    if (feed.idle) this.#feeds.delete(feed)
    else void feed.drained().then(() => this.#feeds.delete(feed))
  }

  /** Stops between commits. What is not committed stays unread as far as the store knows. */
  async close(): Promise<void> {
    this.#closed = true
    this.#wake?.()
    await Promise.all([...this.#feeds].map((feed) => feed.abandon()))
  }

  openStream(stateless: boolean): number {
    const stream = ++this.#streams
    this.#open.set(stream, { thread: stateless ? null : stream % this.#load.length, waiting: 0, closed: false })
    return stream
  }

  /** Its parser is needed until the last of its segments is parsed. */
  closeStream(stream: number): void {
    const open = this.#open.get(stream)
    if (open === undefined) return
    open.closed = true
    this.#forget(stream, open)
  }

  /** A segment of the stream is on its way. */
  expect(stream: number): void {
    const open = this.#open.get(stream)
    if (open !== undefined) open.waiting++
  }

  /** A segment of the stream is parsed, or will never be. */
  parsed(stream: number): void {
    const open = this.#open.get(stream)
    if (open === undefined) return
    open.waiting--
    this.#forget(stream, open)
  }

  #forget(stream: number, open: Stream): void {
    if (!open.closed || open.waiting > 0) return
    this.#open.delete(stream)
    this.#parts.threads.forget(stream)
  }

  /** Gives waiting segments to threads that have room. */
  dispatch(): void {
    for (const priority of ['live', 'bulk'] as const) {
      for (const feed of [...this.#feeds]) {
        if (feed.priority !== priority) continue
        while (this.#give(feed));
        // The one that was served goes to the end of the line.
        this.#feeds.delete(feed)
        this.#feeds.add(feed)
      }
    }
  }

  #give(feed: Feed): boolean {
    const head = feed.pending[0]
    if (head === undefined) return false
    const thread = this.#threadFor(head.stream)
    if (thread < 0) return false
    const segments: Segment[] = []
    let records = 0
    let bytes = 0
    for (const segment of feed.pending) {
      const size = sizeOf(segment)
      const count = segment.chunk.bounds.length / 2
      const pinned = this.#open.get(segment.stream)?.thread ?? undefined
      if (
        segments.length > 0 &&
        (records + count > CHUNK_RECORDS || bytes + size > CHUNK_BYTES || (pinned !== undefined && pinned !== thread))
      )
        break
      segments.push(segment)
      records += count
      bytes += size
    }
    feed.pending.splice(0, segments.length)
    const work: Work = { id: ++this.#works, source: feed.source, received: Date.now() * 1000, segments }
    const entry: Entry = { feed, work, bytes, batch: null, deaths: 0 }
    feed.order.push(entry)
    this.#run(thread, entry)
    return true
  }

  /** The least loaded thread that may take this stream, or -1 where there is no room. */
  #threadFor(stream: number): number {
    const pinned = this.#open.get(stream)?.thread ?? undefined
    if (pinned !== undefined) return this.#load[pinned]! < DEPTH ? pinned : -1
    let best = -1
    for (let i = 0; i < this.#load.length; i++) if (this.#load[i]! < (best < 0 ? DEPTH : this.#load[best]!)) best = i
    return best
  }

  #run(thread: number, entry: Entry): void {
    this.#load[thread]!++
    this.#parts.threads.run(thread, entry.work).then(
      (batch) => {
        this.#load[thread]!--
        for (const { stream } of entry.work.segments) this.parsed(stream)
        this.#done(entry, batch)
      },
      (error: unknown) => {
        this.#load[thread]!--
        this.#died(thread, entry, error instanceof ThreadDied ? error.why : sentenceOf(error))
      },
    )
  }

  #died(thread: number, entry: Entry, why: Sentence): void {
    const { feed, work } = entry
    const over = this.#closed || feed.error !== null
    const again = !over && entry.deaths++ === 0 && work.segments.every(({ position }) => position === null)
    if (!again) for (const { stream } of work.segments) this.parsed(stream)
    if (over) return
    if (work.segments.some(({ position }) => position !== null)) {
      // Read again from the last position that was committed.
      feed.fail({ code: 'internal', message: inEnglish(why), correlationId: `work-${work.id}` }, why)
    } else if (again) this.#run(thread, entry)
    else this.#done(entry, rejectAll(work, why))
    this.dispatch()
  }

  #done(entry: Entry, batch: Batch): void {
    const { feed } = entry
    if (feed.error === null) {
      entry.batch = batch
      while (feed.order[0]?.batch) {
        this.#ready[feed.priority].push(feed.order.shift()!)
        feed.committing++
      }
      void this.#commitAll()
    }
    this.dispatch()
  }

  /** One commit at a time, so that none can overtake one that has to be tried again. */
  async #commitAll(): Promise<void> {
    if (this.#committing) return
    this.#committing = true
    for (;;) {
      const entry = this.#ready.live.shift() ?? this.#ready.bulk.shift()
      if (entry === undefined) break
      const { feed } = entry
      if (feed.error === null) {
        const result = await this.#commit(entry)
        if (result.ok) this.#parts.committed?.(feed.source, entry.batch!, result.value)
        else feed.fail(result.error, storeProblem(result.error))
      }
      feed.committing--
      feed.bytes -= entry.bytes
      feed.changed()
    }
    this.#committing = false
  }

  async #commit({ batch, feed }: Entry): Promise<Result<Committed>> {
    let troubled = false
    for (let tries = 1; ; tries++) {
      const result = await this.#parts.sink.commit(batch!)
      if (result.ok) {
        if (troubled) this.#parts.trouble?.(null)
        return result
      }
      const { code } = result.error
      const patient = code === 'disk_full' || code === 'store_busy'
      if (this.#closed || feed.error !== null) return fail({ code: 'cancelled', message: 'closing' })
      if (!patient && tries >= TRIES) return result
      troubled = true
      this.#parts.trouble?.(result.error)
      await this.#pause()
    }
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, this.#parts.retryMs ?? RETRY_MS)
      this.#wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }
}

/** Why a batch is not stored, after all tries. */
function storeProblem({ code, message }: WatchfloorError): Sentence {
  if (code === 'disk_full') return say('disk_full')
  return code === 'cancelled' ? say('stopped') : say('not_stored', { text: message })
}

const sizeOf = ({ chunk }: Segment): number => chunk.bytes.length + chunk.bounds.byteLength + (chunk.refused?.raw.length ?? 0)

/** Records over which two threads died: kept as rejected, like any that cannot be read. */
function rejectAll(work: Work, reason: Sentence): Batch {
  const rejects: RejectGroup[] = []
  let bytes = 0
  for (const { chunk, origin } of work.segments) {
    bytes += chunk.end - chunk.offset
    for (let i = 0; i < chunk.bounds.length; i += 2) {
      const raw = chunk.bytes.slice(chunk.bounds[i], chunk.bounds[i + 1])
      rejects.push({
        source: work.source,
        origin,
        record: null,
        offset: null,
        length: raw.length,
        reason,
        raw: raw.slice(0, 64 * 1024),
      })
    }
  }
  return {
    block: null,
    places: [],
    hits: [],
    rejects,
    rejectedCount: rejects.length,
    positions: [],
    events: [],
    detections: [],
    records: rejects.length,
    bytes,
  }
}
