/** Where the records of a chunk stand, in a file that somebody may be writing just now: only what is whole counts. */
import { hash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { say, type Sentence } from '../../../shared/model/sentence.ts'
import { FIRST_RECORD, isChunk } from './evtx-chunks.ts'
import { LEAST_RECORD, RECORD_HEADER, RECORD_MAGIC, nextRecord, statedNumbers, wholeRecordEnd } from './whole-record.ts'

/** A record by its number, from its signature to behind the size at its end. */
export interface RecordPlace {
  readonly id: number
  readonly at: number
  readonly end: number
}
export interface ChunkRecords {
  /** In their order; each has the number after the one before it. */
  readonly records: readonly RecordPlace[]
  /** The chunk's checksum holds for what stands before this byte; 0 where it does not hold, as in a chunk that is being written. */
  readonly certain: number
  /** What stands behind the records and is no whole one; null where they end as they should. */
  readonly broken: Sentence | null
}

/** Number of the record that stands at `at`, where one begins there; numbers that no log reaches are none. */
export function recordIdAt(data: Uint8Array, at: number): number | null {
  if (at + RECORD_HEADER > data.length) return null
  const view = new DataView(data.buffer, data.byteOffset, data.length)
  if (view.getUint32(at, true) !== RECORD_MAGIC) return null
  const id = Number(view.getBigUint64(at + 8, true))
  return Number.isSafeInteger(id) ? id : null
}

/** When a record was written, as it says: 100 ns since 1601; logs that were exported have 0. */
export const recordTime = (data: Uint8Array, { at }: RecordPlace): bigint =>
  new DataView(data.buffer, data.byteOffset, data.length).getBigUint64(at + 16, true)

/** A chunk, or what was one before its header was damaged: a whole record stands where the first one should. */
export const hasRecords = (data: Uint8Array): boolean =>
  isChunk(data) || wholeRecordEnd(new DataView(data.buffer, data.byteOffset, data.length), FIRST_RECORD) !== null

/** The records of a whole chunk; null where it is none. */
export function chunkRecords(data: Uint8Array): ChunkRecords | null {
  if (!hasRecords(data)) return null
  const view = new DataView(data.buffer, data.byteOffset, data.length)
  // Without its signature nothing that the header states is believed.
  const free = isChunk(data) ? view.getUint32(48, true) : 0
  const sane = free >= FIRST_RECORD && free <= data.length
  const certain = sane && crc32(data.subarray(FIRST_RECORD, free)) === view.getUint32(52, true) ? free : 0
  const records: RecordPlace[] = []
  let at = FIRST_RECORD
  for (let previous: number | null = null; ;) {
    const id = recordIdAt(data, at)
    const follows = id !== null && (previous === null || id === previous + 1)
    // Behind the last record lie those of earlier times.
    if (!follows) {
      const ends = at >= free || at + LEAST_RECORD > data.length
      const broken = previous === null ? say('no_first_record') : say('no_record_behind', { record: previous })
      return { records, certain, broken: ends ? null : broken }
    }
    const end = at + view.getUint32(at + 4, true)
    if (end < at + LEAST_RECORD || end > data.length || view.getUint32(end - 4, true) !== end - at)
      return { records, certain, broken: say('record_not_whole', { record: id }) }
    records.push({ id, at, end })
    previous = id
    at = end
  }
}

/** What a record is known again by: its bytes do not change as long as it stands in a log, nor in copies of the file. */
export const recordCheck = (data: Uint8Array, { at, end }: RecordPlace): string =>
  hash('sha256', data.subarray(at, end), 'hex').slice(0, 16)

/** Whole records behind the place where those of `chunkRecords` break off, in their order: what is left of a chunk that is damaged. */
export function recordsBehind(data: Uint8Array, { records, broken }: ChunkRecords): RecordPlace[] {
  const signed = isChunk(data)
  if (signed && broken === null) return []
  const view = new DataView(data.buffer, data.byteOffset, data.length)
  const free = view.getUint32(48, true)
  const to = signed && free >= FIRST_RECORD && free <= data.length ? free : data.length
  const stated = signed ? statedNumbers(view) : null
  const found: RecordPlace[] = []
  const before = records.at(-1)
  let previous = before === undefined ? null : BigInt(before.id)
  for (let at = before?.end ?? FIRST_RECORD; ;) {
    at = nextRecord(data, view, at, to, previous, stated)
    if (at < 0) return found
    const id = view.getBigUint64(at + 8, true)
    const end = wholeRecordEnd(view, at)!
    // One that is not behind the one before it is no record of this log.
    if (previous === null || id > previous) {
      found.push({ id: Number(id), at, end })
      previous = id
    }
    at = end
  }
}

/** Of a chunk that has lost its signature and its first record, or of what is none. */
export const NO_RECORDS: ChunkRecords = { records: [], certain: 0, broken: say('no_first_record') }

/** Whole records of a chunk, also those behind damage and of one whose header or first record is gone; none where it is no chunk. */
export function wholeRecords(data: Uint8Array): RecordPlace[] {
  const found = chunkRecords(data) ?? NO_RECORDS
  return [...found.records, ...recordsBehind(data, found)]
}

/** The number that a chunk begins with: of its first record, or where that is gone of the first whole one. Null where it has none. */
export function firstNumber(data: Uint8Array): number | null {
  const id = recordIdAt(data, FIRST_RECORD)
  return id !== null && hasRecords(data) ? id : (wholeRecords(data)[0]?.id ?? null)
}
