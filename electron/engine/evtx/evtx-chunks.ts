/**
 * The chunks of a Windows event log file and where their records stand. Damage is passed over as far as can be, and told.
 */
import { say, type Sentence } from '../../../shared/model/sentence.ts'
import { ChunkXml } from './binxml.ts'
import { LEAST_RECORD, RECORD_HEADER, RECORD_MAGIC, nextRecord, statedNumbers, wholeRecordEnd } from './whole-record.ts'

/** Of a file: where its first chunk begins. */
export const HEADER = 4096
export const CHUNK = 65_536
/** Of a chunk: where its records begin. */
export const FIRST_RECORD = 512
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

/**
 * The records of one chunk, which begins at byte `offset` of the file and may be cut. Behind what is no record, and in a chunk whose
 * signature is gone, those that are whole are read. Gives how many there are, whole or not.
 */
export function eachRecord(data: Uint8Array, offset: number, visit: RecordVisit): number {
  const signed = starts(data, CHUNK_MAGIC)
  if (!signed) {
    if (data.every((byte) => byte === 0)) return 0
    visit.damage(say('no_chunk', { offset }))
  }
  if (data.length < FIRST_RECORD) {
    if (signed) visit.damage(say('chunk_cut', { offset }))
    return 0
  }
  return new ChunkWalk(data, offset, signed, visit).run()
}

/** Times that the rest of one chunk is looked through: a made one could ask for it at every other word. */
const MOST_LOOKS = 256

class ChunkWalk {
  readonly #data: Uint8Array
  readonly #view: DataView
  readonly #offset: number
  readonly #signed: boolean
  readonly #visit: RecordVisit
  readonly #xml: ChunkXml
  /** Where the records end, as the chunk states; its end where that cannot be. */
  readonly #free: number
  #records = 0
  #looks = 0
  #previous: bigint | null = null

  constructor(data: Uint8Array, offset: number, signed: boolean, visit: RecordVisit) {
    this.#data = data
    this.#view = new DataView(data.buffer, data.byteOffset, data.length)
    this.#offset = offset
    this.#signed = signed
    this.#visit = visit
    this.#xml = new ChunkXml(data)
    const free = this.#view.getUint32(48, true)
    this.#free = signed && free >= FIRST_RECORD && free <= CHUNK ? free : CHUNK
  }

  run(): number {
    const { length } = this.#data
    let at = FIRST_RECORD
    while (at + LEAST_RECORD <= length) {
      if (!this.#begins(at)) {
        if (at >= this.#free) break
        // Of a chunk without a signature it was said already that it is damaged, and where its records end is not known.
        if (this.#signed) this.#visit.damage(say('no_record', { offset: this.#offset + at }))
        // What is found is read, whatever its number: each turn goes on behind where it began.
        at = this.#next(at)
        if (at < 0) return this.#records
      }
      at = this.#record(at)
      if (at < 0) return this.#records
    }
    if (this.#signed && at + LEAST_RECORD > length && length < CHUNK && at < this.#free)
      this.#visit.damage(say('chunk_cut', { offset: this.#offset }))
    return this.#records
  }

  /** A record begins here that is one of the chunk's own. */
  #begins(at: number): boolean {
    if (this.#view.getUint32(at, true) !== RECORD_MAGIC) return false
    // Behind the last record lie those of earlier times, unless the header is older than what was written.
    if (this.#signed && at < this.#free) return true
    const id = this.#view.getBigUint64(at + 8, true)
    return this.#previous === null ? !this.#signed : id === this.#previous + 1n
  }

  /** Visits the record that begins at `at`; gives where the next one may begin, or -1. */
  #record(at: number): number {
    const { length } = this.#data
    const size = this.#view.getUint32(at + 4, true)
    this.#records++
    let end = at + size
    if (wholeRecordEnd(this.#view, at) === null) {
      const next = this.#next(at + 4)
      const possible = size >= LEAST_RECORD && end <= length
      if (next >= 0 && next - at >= LEAST_RECORD && this.#view.getUint32(next - 4, true) === next - at) end = next
      // Where the next record stands behind it, or there is none, the size is right but for the one at its end.
      else if (!possible || (next >= 0 && next !== end)) {
        const spot = { record: Number(this.#view.getBigUint64(at + 8, true)), offset: this.#offset + at }
        const cut = next < 0 && end > length && length < CHUNK
        this.#visit.damage(cut ? say('record_cut', spot) : say('record_size', { ...spot, size }))
        return next
      }
    }
    const id = this.#view.getBigUint64(at + 8, true)
    const place = this.#offset + at
    this.#previous = id
    this.#visit.record(this.#xml, at + RECORD_HEADER, end - 4, () => ({ record: Number(id), offset: place }))
    return end
  }

  #next(from: number): number {
    if (++this.#looks > MOST_LOOKS) return -1
    const stated = this.#signed ? statedNumbers(this.#view) : null
    return nextRecord(this.#data, this.#view, from, this.#free, this.#previous, stated)
  }
}
