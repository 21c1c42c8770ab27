/**
 * The chunks of a Windows event log file and where their records stand. Damage is passed over as far as can be, and told.
 */
import { say, type Sentence } from '../../../shared/model/sentence.ts'
import { ChunkXml } from './binxml.ts'

/** Of a file: where its first chunk begins. */
export const HEADER = 4096
export const CHUNK = 65_536
/** Of a chunk: where its records begin. */
export const FIRST_RECORD = 512
/** Of a record: signature, size, number and time. */
export const RECORD_HEADER = 24
/** And the size once more, at its end. */
export const LEAST_RECORD = RECORD_HEADER + 4
const MAGIC = new TextEncoder().encode('ElfFile\0')
const CHUNK_MAGIC = new TextEncoder().encode('ElfChnk\0')
const starts = (data: Uint8Array, with_: Uint8Array): boolean => with_.every((byte, i) => data[i] === byte)

export const isChunk = (data: Uint8Array): boolean => data.length >= FIRST_RECORD && starts(data, CHUNK_MAGIC)
export const isEventLog = (head: Uint8Array): boolean => head.length >= 8 && starts(head, MAGIC)

/** Which record, and where it stands in the file. */
export interface RecordSpot {
  readonly record: number
  readonly offset: number
}

/** What is there, in the order of the file. */
export interface RecordVisit {
  /** A record's binary XML, from `from` to `to` of its chunk; `where` names it. */
  record(xml: ChunkXml, from: number, to: number, where: () => RecordSpot): unknown
  /** In place of a record or of a chunk. */
  damage(why: Sentence): unknown
}

/** The records of one chunk, which begins at byte `offset` of the file and may be cut. Gives how many there are, whole or not. */
export function eachRecord(data: Uint8Array, offset: number, visit: RecordVisit): number {
  if (!starts(data, CHUNK_MAGIC)) {
    if (data.some((byte) => byte !== 0)) visit.damage(say('no_chunk', { offset }))
    return 0
  }
  const view = new DataView(data.buffer, data.byteOffset, data.length)
  if (data.length < FIRST_RECORD) {
    visit.damage(say('chunk_cut', { offset }))
    return 0
  }
  const xml = new ChunkXml(data)
  const free = view.getUint32(48, true)
  let records = 0
  let previous: bigint | null = null
  let at = FIRST_RECORD
  while (at + LEAST_RECORD <= data.length && view.getUint32(at, true) === 0x2a2a) {
    const id = view.getBigUint64(at + 8, true)
    // Behind the last record lie those of earlier times, unless the header is older than what was written.
    if (at >= free && (previous === null || id !== previous + 1n)) break
    const size = view.getUint32(at + 4, true)
    const end = at + size
    if (size < LEAST_RECORD || end > data.length) {
      records++
      const spot = { record: Number(id), offset: offset + at }
      visit.damage(end > data.length && data.length < CHUNK ? say('record_cut', spot) : say('record_size', { ...spot, size }))
      return records
    }
    previous = id
    records++
    const place = offset + at
    visit.record(xml, at + RECORD_HEADER, end - 4, () => ({ record: Number(id), offset: place }))
    at = end
  }
  if (at < free && at + LEAST_RECORD <= data.length) visit.damage(say('no_record', { offset: offset + at }))
  else if (data.length < CHUNK && at < free) visit.damage(say('chunk_cut', { offset }))
  return records
}

export interface FileChunk {
  readonly data: Uint8Array
  /** Of its first byte in the file. */
  readonly offset: number
}

/** A file's chunks, each only good until the next one is asked for. The last one may be cut. */
export async function* chunksOf(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<FileChunk, void> {
  const chunk = new Uint8Array(CHUNK)
  let held = 0
  let passed = 0
  let skip = HEADER
  for await (const bytes of pieces) {
    let at = Math.min(skip, bytes.length)
    skip -= at
    passed += at
    while (at < bytes.length) {
      const take = Math.min(CHUNK - held, bytes.length - at)
      chunk.set(bytes.subarray(at, at + take), held)
      held += take
      at += take
      passed += take
      if (held < CHUNK) break
      yield { data: chunk, offset: passed - CHUNK }
      held = 0
    }
  }
  if (held > 0) yield { data: chunk.subarray(0, held), offset: passed - held }
}
