/**
 * Checksums of an event log file and of its chunks, and what the file's header states ([MS-EVEN6] leaves the file open; see
 * https://github.com/libyal/libevtx). A log that is open, or was copied while it was, is marked as dirty: what its header states is of
 * earlier times then, and so may be the checksums of the chunk that was written last.
 */
import { crc32 } from 'node:zlib'
import { say, type Sentence } from '../../../shared/model/sentence.ts'

const HEADER = 4096
const FIRST_RECORD = 512
const MAGIC = new TextEncoder().encode('ElfFile\0')
/** Of a file. */
const DIRTY = 1
/** Of a chunk. */
const NO_CHECKSUMS = 2

export interface FileHeader {
  readonly signed: boolean
  /** It may be older than what stands in the file; so is one that cannot be read. */
  readonly dirty: boolean
  /** Chunks that it states; 0 where it cannot be believed. */
  readonly chunks: number
  readonly problem: Sentence | null
}

/** `head`: the first 4096 bytes, or all there are. */
export function fileHeader(head: Uint8Array): FileHeader {
  const signed = MAGIC.every((byte, i) => head[i] === byte)
  const unsure = { signed, dirty: true, chunks: 0 }
  if (!signed) return { ...unsure, problem: say('log_header_unsigned') }
  if (head.length < HEADER) return { ...unsure, problem: say('log_header_cut', { bytes: head.length, of: HEADER }) }
  const view = new DataView(head.buffer, head.byteOffset, head.length)
  const dirty = (view.getUint32(120, true) & DIRTY) !== 0
  if (crc32(head.subarray(0, 120)) === view.getUint32(124, true))
    return { signed, dirty, chunks: view.getUint16(42, true), problem: null }
  return { ...unsure, problem: dirty ? null : say('log_header_changed') }
}

/** What is said of a file that ends, after `length` bytes and `chunks` chunks, before all chunks that its header states. */
export const chunksMissing = (length: number, chunks: number, stated: number): Sentence =>
  say('chunks_missing', { offset: length, missing: stated - chunks, stated })

/** What a whole chunk's checksums do not hold for; null where they do, or it has none. */
export function chunkProblem(data: Uint8Array, offset: number): Sentence | null {
  const view = new DataView(data.buffer, data.byteOffset, data.length)
  if ((view.getUint32(120, true) & NO_CHECKSUMS) !== 0) return null
  const free = view.getUint32(48, true)
  const header = crc32(data.subarray(128, FIRST_RECORD), crc32(data.subarray(0, 120))) === view.getUint32(124, true)
  const sane = free >= FIRST_RECORD && free <= data.length
  const records = sane && crc32(data.subarray(FIRST_RECORD, free)) === view.getUint32(52, true)
  if (header && records) return null
  if (records) return say('chunk_header_changed', { offset })
  const spot = { offset, from: offset + FIRST_RECORD, to: offset + (sane ? free : data.length) }
  return header ? say('chunk_records_changed', spot) : say('chunk_changed', spot)
}
