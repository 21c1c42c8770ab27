/** The writable end of one day's partition. */
import { closeSync, fsyncSync, openSync } from 'node:fs'
import type { Batch, EncodedBlock, Position, StepEvents } from './batch.ts'
import { BlockWriter } from './block-writer.ts'
import { Column } from './column.ts'
import { openForWriting, prepared } from './database.ts'
import type { WriteDatabase } from './database.ts'
import { hitsOf } from './hits.ts'
import type { Hit, HitBody } from './hits.ts'
import { SEQUENCES } from './limits.ts'
import { migrate } from './migrations/migrate.ts'
import type { StepLog } from './scenarios/state.ts'
import { packSteps, unpackSteps } from './scenarios/step-log.ts'
import { storedReason } from './stored-reason.ts'
import { SYSTEM } from './system-columns.ts'

/** A hit as it is applied to alerts. `body` is null where the hit once joined an alert and its body was dropped. */
export interface StoredHit extends Pick<Hit, 'key' | 'severity' | 'count' | 'first' | 'last' | 'slots'> {
  readonly seq: number
  /** Id of the event an alert shows first. */
  readonly event: number
  readonly body: HitBody | null
  /** Its body stands in the partition. */
  readonly kept: boolean
}

export interface PartitionCommit {
  /** Sequence of the block's first event. */
  readonly seq: number
  readonly hits: readonly StoredHit[]
  readonly steps: StepLog | null
}

export interface SourceTotal {
  records: number
  events: number
  rejected: number
  bytes: number
  last: number | null
}
interface PositionRow {
  source: string
  file: string
  origin: string
  offset: number
  records: number
  tail: string
  format: string
  parser_state: string | null
  complete: number
}

const positionOf = (row: PositionRow): Position => ({
  source: row.source,
  file: row.file,
  origin: row.origin,
  offset: row.offset,
  records: row.records,
  tail: row.tail,
  format: row.format,
  parserState: row.parser_state,
  complete: row.complete === 1,
})
const POSITION = 'SELECT source, file, origin, offset, records, tail, format, parser_state, complete FROM position'

export class PartitionWriter {
  readonly day: number
  readonly #path: string
  readonly db: WriteDatabase
  readonly blocks: BlockWriter
  readonly #statements
  #nextSeq: number
  #nextHit: number
  #nextStep: number
  /** Hits whose body is not needed any more. */
  #settled: number[] = []

  /** Opens or makes the partition; `startSeq` is where a new one begins. `firstHit`: hit numbers already given out for this day. */
  constructor(
    path: string,
    day: number,
    options: { readonly startSeq?: number; readonly lastHit?: number; readonly lastStep?: number } = {},
  ) {
    this.day = day
    this.#path = path
    const db = (this.db = openForWriting(path, 'partition'))
    try {
      migrate(db, 'partition')
      if (db.prepare("SELECT value FROM meta WHERE key = 'day'").get() === undefined) {
        const put = db.prepare('INSERT INTO meta (key, value) VALUES (?, ?)')
        db.transaction(() => {
          put.run('day', day)
          put.run('first_seq', options.startSeq ?? 0)
        })()
      }
      this.blocks = new BlockWriter(db)
      const firstSeq = Number(db.prepare("SELECT value FROM meta WHERE key = 'first_seq'").pluck().get())
      this.#nextSeq = (db.prepare('SELECT max(seq + rows) FROM block').pluck().get() as number | null) ?? firstSeq
      this.#nextHit =
        Math.max((db.prepare('SELECT max(seq) FROM hit').pluck().get() as number | null) ?? 0, options.lastHit ?? 0) + 1
      this.#nextStep =
        Math.max((db.prepare('SELECT max(seq) FROM step').pluck().get() as number | null) ?? 0, options.lastStep ?? 0) + 1
      const upsert = (table: string, keys: string): string =>
        `INSERT INTO ${table} (${keys}, count) VALUES (${keys
          .split(', ')
          .map(() => '?')
          .join(', ')}, ?) ON CONFLICT DO UPDATE SET count = count + excluded.count`
      this.#statements = {
        eventMinute: db.prepare(upsert('event_minute', 'minute, source, type')),
        eventQuarter: db.prepare(upsert('event_quarter', 'quarter, source, type')),
        detectionMinute: db.prepare(upsert('detection_minute', 'minute, severity, detection, asset')),
        detectionQuarter: db.prepare(upsert('detection_quarter', 'quarter, severity, detection, asset')),
        rejectMinute: db.prepare(upsert('reject_minute', 'minute, source')),
        reject: db.prepare(
          'INSERT INTO reject (source, origin, record, offset, length, reason, at, raw) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
        ),
        position: db.prepare(
          'INSERT OR REPLACE INTO position (source, file, origin, offset, records, tail, format, parser_state, complete, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
        ),
        total: db.prepare(
          `INSERT INTO total (source, records, events, rejected, bytes, last) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET
           records = records + excluded.records, events = events + excluded.events, rejected = rejected + excluded.rejected,
           bytes = bytes + excluded.bytes, last = coalesce(max(last, excluded.last), excluded.last, last)`,
        ),
        keyId: db.prepare('SELECT id FROM hit_key WHERE key = ?').pluck(),
        keyInsert: db.prepare('INSERT INTO hit_key (key) VALUES (?)'),
        hit: db.prepare(
          'INSERT INTO hit (seq, key, base, count, first, last, severity, slots, rows) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
        ),
        step: db.prepare('INSERT INTO step (seq, base, size, data) VALUES (?, ?, ?, ?)'),
        stepsAfter: db.prepare('SELECT seq, base, size, data FROM step WHERE seq > ? ORDER BY seq LIMIT 20'),
        hitBody: db.prepare('INSERT INTO hit_body (seq, body) VALUES (?, ?)'),
        dropBody: db.prepare('DELETE FROM hit_body WHERE seq = ?'),
      }
    } catch (error) {
      db.close()
      throw error
    }
  }

  /** Id of an event of this partition. */
  id(seq: number): number {
    return this.day * SEQUENCES + seq
  }

  /**
   * Stores a batch in one transaction; throws SQLite's error, and then nothing of it is there. `now` and `window` in
   * microseconds. `joins` says of a hit that it will join an alert in any case: its body is not needed.
   */
  commit(batch: Batch, now: number, window: number, joins: (hit: Hit) => boolean = () => false): PartitionCommit {
    const settled = this.#settled
    const seq = this.#nextSeq
    const hits = batch.hits.length === 0 ? [] : hitsOf(batch.hits, window, () => timesOf(batch.block))
    const stored: StoredHit[] = []
    try {
      this.db
        .transaction(() => {
          for (const hit of settled) this.#statements.dropBody.run(hit)
          if (batch.block) this.blocks.insert(batch.block, batch.places, seq)
          this.#count(batch, now)
          for (const reject of batch.rejects)
            this.#statements.reject.run(
              reject.source,
              reject.origin,
              reject.record,
              reject.offset,
              reject.length,
              storedReason(reject.reason),
              now,
              reject.raw,
            )
          for (const p of batch.positions)
            this.#statements.position.run(
              p.source,
              p.file,
              p.origin,
              p.offset,
              p.records,
              p.tail,
              p.format,
              p.parserState,
              p.complete ? 1 : 0,
              now,
            )
          if (batch.steps !== undefined) {
            const { size, data } = packSteps(batch.steps)
            this.#statements.step.run(this.#nextStep, this.id(seq), size, data)
          }
          hits.forEach((hit, i) => stored.push(this.#storeHit(hit, this.#nextHit + i, seq, !joins(hit))))
        })
        .immediate()
    } catch (error) {
      this.blocks.reload()
      throw error
    }
    this.#settled = []
    this.#nextSeq += batch.block?.rows ?? 0
    this.#nextHit += hits.length
    const steps = batch.steps === undefined ? null : { seq: this.#nextStep++, base: this.id(seq), steps: batch.steps }
    return { seq, hits: stored, steps }
  }

  /** Before the desk speaks of hits: they must not be lost to a power cut that the desk survives. */
  flushLog(): void {
    try {
      const log = openSync(`${this.#path}-wal`, 'r+')
      try {
        fsyncSync(log)
      } finally {
        closeSync(log)
      }
    } catch (error) {
      // What is committed stays so: to say that it is not would store it twice.
      process.stderr.write(`store: the log of ${this.#path} could not be flushed: ${String(error)}\n`)
    }
  }

  #count(batch: Batch, now: number): void {
    const s = this.#statements
    const quarters = new Map<string, number>()
    for (const { minute, source, type, count } of batch.events) {
      s.eventMinute.run(minute, source, type, count)
      const key = JSON.stringify([Math.floor(minute / 15), source, type])
      quarters.set(key, (quarters.get(key) ?? 0) + count)
    }
    for (const [key, count] of quarters) s.eventQuarter.run(...(JSON.parse(key) as [number, string, string]), count)
    quarters.clear()
    for (const { minute, severity, detection, asset, count } of batch.detections) {
      s.detectionMinute.run(minute, severity, detection, asset, count)
      const key = JSON.stringify([Math.floor(minute / 15), severity, detection, asset])
      quarters.set(key, (quarters.get(key) ?? 0) + count)
    }
    for (const [key, count] of quarters) s.detectionQuarter.run(...(JSON.parse(key) as [number, number, string, string]), count)
    const source = batch.places[0]?.source ?? batch.positions[0]?.source ?? batch.rejects[0]?.source
    if (source === undefined) return
    if (batch.rejectedCount > 0) s.rejectMinute.run(Math.floor(now / 60_000_000), source, batch.rejectedCount)
    s.total.run(source, batch.records, batch.block?.rows ?? 0, batch.rejectedCount, batch.bytes, batch.records > 0 ? now : null)
  }

  #storeHit(hit: Hit, seq: number, block: number, kept: boolean): StoredHit {
    const base = this.id(block)
    const key =
      (this.#statements.keyId.get(hit.key) as number | undefined) ??
      Number(this.#statements.keyInsert.run(hit.key).lastInsertRowid)
    this.#statements.hit.run(
      seq,
      key,
      base,
      hit.count,
      hit.first,
      hit.last,
      hit.severity,
      JSON.stringify(hit.slots),
      new Uint8Array(hit.rows.buffer),
    )
    const event = base + hit.firstRow
    if (kept) this.#statements.hitBody.run(seq, JSON.stringify({ event, ...hit.body }))
    return {
      seq,
      key: hit.key,
      severity: hit.severity,
      count: hit.count,
      first: hit.first,
      last: hit.last,
      slots: hit.slots,
      event,
      body: hit.body,
      kept,
    }
  }

  /** These hits joined alerts that others raised: their bodies go with the next commit. */
  settle(hits: readonly number[]): void {
    // Bounded: what is not dropped stays until the partition goes.
    if (this.#settled.length < 100_000) this.#settled.push(...hits)
  }

  /** Hits after a number, in order. */
  *hitsAfter(seq: number): Generator<StoredHit> {
    const rows = this.db.prepare(
      'SELECT h.seq, k.key, h.base, h.count, h.first, h.last, h.severity, h.slots, b.body FROM hit h JOIN hit_key k ON k.id = h.key LEFT JOIN hit_body b ON b.seq = h.seq WHERE h.seq > ? ORDER BY h.seq LIMIT 2000',
    )
    for (let after = seq; ;) {
      const page = rows.all(after) as {
        seq: number
        key: string
        base: number
        count: number
        first: number
        last: number
        severity: number
        slots: string
        body: string | null
      }[]
      for (const row of page) {
        const body = row.body === null ? null : (JSON.parse(row.body) as HitBody & { event: number })
        yield {
          seq: row.seq,
          key: row.key,
          severity: row.severity,
          count: row.count,
          first: row.first,
          last: row.last,
          slots: JSON.parse(row.slots) as Hit['slots'],
          event: body?.event ?? row.base,
          body,
          kept: body !== null,
        }
      }
      const last = page.at(-1)
      if (!last) return
      after = last.seq
    }
  }

  /** Steps after a number, in order. */
  *stepsAfter(seq: number): Generator<StepLog> {
    for (let after = seq; ;) {
      const page = this.#statements.stepsAfter.all(after) as {
        seq: number
        base: number
        size: number | null
        data: Uint8Array
      }[]
      for (const { seq: number, base, size, data } of page) yield { seq: number, base, steps: unpackSteps(data, size) }
      const last = page.at(-1)
      if (last === undefined) return
      after = last.seq
    }
  }

  /** Who takes part in an event that is a step of scenarios. */
  partiesOf(event: number): ReturnType<typeof partiesIn> {
    return partiesIn(this.db, event)
  }

  /** Unfinished positions of the partition before are taken over, so that the newest partition knows them all. */
  takeOver(positions: readonly Position[], now: number): void {
    this.db.transaction(() => {
      for (const p of positions)
        this.db
          .prepare(
            'INSERT OR IGNORE INTO position (source, file, origin, offset, records, tail, format, parser_state, complete, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
          )
          .run(p.source, p.file, p.origin, p.offset, p.records, p.tail, p.format, p.parserState, p.complete ? 1 : 0, now)
    })()
  }

  close(): void {
    if (this.db.open) this.db.close()
  }
}

function timesOf(block: EncodedBlock | null): Float64Array {
  const column = block?.columns.find(({ field }) => field === SYSTEM.time)
  if (!column) throw new RangeError('hits in a batch without events')
  return new Column(column.data).numbers
}

type Readable = Pick<WriteDatabase, 'prepare'>
/** Who takes part in an event of this partition that is a step of scenarios. */
export function partiesIn(db: Readable, event: number): StepEvents['events'][number]['parties'] | undefined {
  const row = prepared(db, 'SELECT base, size, data FROM step WHERE base <= ? ORDER BY base DESC LIMIT 1').get(event) as
    { base: number; size: number | null; data: Uint8Array } | undefined
  if (row === undefined) return undefined
  for (const { events } of unpackSteps(row.data, row.size))
    for (const one of events) if (row.base + one.row === event) return one.parties
  return undefined
}
/** Positions of a source in one partition, the one used last first. */
export const positionsOfSource = (db: Readable, source: string): Position[] =>
  (db.prepare(`${POSITION} WHERE source = ? ORDER BY at DESC`).all(source) as PositionRow[]).map(positionOf)
/** Positions of a file's content, of any source. */
/** `file` itself, or what begins with it and `:` (`;` is the next character). */
export const positionsOfFile = (db: Readable, file: string): Position[] =>
  (
    db
      .prepare(`${POSITION} WHERE file = ? OR (file >= ? AND file < ?) LIMIT 1000`)
      .all(file, `${file}:`, `${file};`) as PositionRow[]
  ).map(positionOf)
export const openPositions = (db: Readable): Position[] =>
  (db.prepare(`${POSITION} WHERE complete = 0`).all() as PositionRow[]).map(positionOf)
/** Totals per source of one partition. */
export const totalsOf = (db: Readable): (SourceTotal & { source: string })[] =>
  db.prepare('SELECT source, records, events, rejected, bytes, last FROM total').all() as (SourceTotal & { source: string })[]
