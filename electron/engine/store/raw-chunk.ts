/**
 * Raw records of a block, byte for byte, in compressed chunks. A chunk: checksum, records, bytes when unpacked (u32 each), then
 * zstd over [length of each record (u32) … the records themselves].
 */
import { crc32 } from 'node:zlib'
import { pack, unpack } from './compress.ts'
import { DamageError } from './damage.ts'
import { RAW_CHUNK_BYTES, RAW_ROWS } from './limits.ts'

const HEADER = 12
const TABLE = RAW_ROWS * 4
const SMALL = 64 << 10

export class RawBuilder {
  #buffer = new Uint8Array(SMALL)
  readonly #lengths = new Uint32Array(RAW_ROWS)
  #records = 0
  #end = TABLE
  #bytes = 0
  #chunks: Uint8Array<ArrayBuffer>[] = []

  /** Bytes of records since the last `finish`. */
  get bytes(): number {
    return this.#bytes
  }

  add(record: Uint8Array): void {
    const end = this.#end + record.length
    if (this.#records === RAW_ROWS || (this.#records > 0 && end > RAW_CHUNK_BYTES)) {
      this.#close()
      return this.add(record)
    }
    if (end > this.#buffer.length) {
      const larger = new Uint8Array(Math.max(end, Math.min(RAW_CHUNK_BYTES, this.#buffer.length * 2)))
      larger.set(this.#buffer.subarray(0, this.#end))
      this.#buffer = larger
    }
    this.#buffer.set(record, this.#end)
    this.#lengths[this.#records++] = record.length
    this.#end = end
    this.#bytes += record.length
  }

  #close(): void {
    // The table of lengths goes just before the records, whose place it was kept free.
    const start = TABLE - this.#records * 4
    this.#buffer.set(new Uint8Array(this.#lengths.buffer, 0, this.#records * 4), start)
    const packed = pack(this.#buffer.subarray(start, this.#end))
    const chunk = new Uint8Array(HEADER + packed.length)
    const view = new DataView(chunk.buffer)
    view.setUint32(4, this.#records, true)
    view.setUint32(8, this.#end - start, true)
    chunk.set(packed, HEADER)
    view.setUint32(0, crc32(chunk.subarray(4)), true)
    this.#chunks.push(chunk)
    this.#records = 0
    this.#end = TABLE
    if (this.#buffer.length > RAW_CHUNK_BYTES) this.#buffer = new Uint8Array(SMALL)
  }

  finish(): Uint8Array<ArrayBuffer>[] {
    if (this.#records > 0) this.#close()
    const chunks = this.#chunks
    this.#chunks = []
    this.#bytes = 0
    return chunks
  }
}

/** Records in a chunk, without unpacking it. */
export const recordsInChunk = (chunk: Uint8Array): number =>
  new DataView(chunk.buffer, chunk.byteOffset, chunk.length).getUint32(4, true)

/** All records of a chunk as views on one buffer. Throws `DamageError`. */
export function readRawChunk(chunk: Uint8Array): Uint8Array[] {
  if (chunk.length < HEADER) throw new DamageError('a chunk of raw records is too short')
  const view = new DataView(chunk.buffer, chunk.byteOffset, chunk.length)
  if (view.getUint32(0, true) !== crc32(chunk.subarray(4)))
    throw new DamageError('a chunk of raw records does not fit its checksum')
  const count = view.getUint32(4, true)
  let bytes: Uint8Array
  try {
    bytes = unpack(chunk.subarray(HEADER), view.getUint32(8, true))
  } catch (error) {
    throw new DamageError(`a chunk of raw records cannot be unpacked: ${String(error)}`)
  }
  const lengths = new DataView(bytes.buffer, bytes.byteOffset, count * 4)
  const records: Uint8Array[] = []
  let at = count * 4
  for (let i = 0; i < count; i++) {
    const end = at + lengths.getUint32(i * 4, true)
    records.push(bytes.subarray(at, end))
    at = end
  }
  return records
}
