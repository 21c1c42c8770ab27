/**
 * The packets of one file, a batch at a time, in order: pulled, not pushed, so that several files can be merged by time and a
 * reader can stop at any batch.
 */
import { MOST_CAPTURED, PacketBatch, type CaptureInterface, type CaptureReader, type Remark, type Stopped } from './batch.ts'
import type { Content } from './content.ts'
import { pcapReader } from './pcap.ts'
import { PcapngReader, SECTION_MAGIC } from './pcapng.ts'

/** What no record can be longer than, with room to spare. */
const MOST_LEFT = 129 << 20
const NO_INTERFACES: readonly CaptureInterface[] = []
const NO_REMARKS: readonly Remark[] = []

export class PacketSource {
  readonly content: Content
  readonly batch: PacketBatch
  /** The batch's packets lie in `data`, whose first byte is byte `dataOffset` of the file. Good until the next `next`. */
  data: Uint8Array
  view: DataView
  dataOffset = 0
  #reader: CaptureReader | null = null
  format: 'pcap' | 'pcapng' = 'pcap'
  #buffer: Uint8Array<ArrayBuffer>
  /** Bytes in the buffer, of which `#at` are done with. */
  #length = 0
  #at = 0
  /** Byte of the file at which the buffer begins. */
  #offset = 0
  #ended = false
  #stretch: number

  constructor(content: Content, stretch = 4 << 20, batchSize = 16_384) {
    this.content = content
    this.batch = new PacketBatch(batchSize)
    this.#stretch = stretch
    this.#buffer = new Uint8Array(stretch + MOST_CAPTURED)
    this.data = this.#buffer
    this.view = new DataView(this.#buffer.buffer)
  }

  get interfaces(): readonly CaptureInterface[] {
    return this.#reader?.interfaces ?? NO_INTERFACES
  }
  get remarks(): readonly Remark[] {
    return this.#reader?.remarks ?? NO_REMARKS
  }
  /** Where and why reading ended before the file did; null where it did not. */
  get stopped(): Stopped | null {
    if (this.#reader?.stopped) return this.#reader.stopped
    const { problem } = this.content
    return problem === null || !this.#ended ? null : { offset: this.#offset + this.#length, reason: problem }
  }
  /** Uncompressed bytes that were gone through. */
  get position(): number {
    return this.#offset + this.#at
  }

  /** Reads the head: false where the file is no capture. */
  async begin(): Promise<boolean> {
    while (this.#length < 28 && !this.#ended) await this.#fill(4096)
    const head = this.#buffer.subarray(0, this.#length)
    if (head.length >= 4 && new DataView(this.#buffer.buffer).getUint32(0, true) === SECTION_MAGIC) {
      this.#reader = new PcapngReader()
      this.format = 'pcapng'
      return true
    }
    const found = pcapReader(head)
    if (found === null) return false
    this.#reader = found.reader
    this.#at = Math.min(found.headerBytes, this.#length)
    return true
  }

  /** Reads the next batch; false at the end. Gives a promise only where bytes must be waited for. */
  next(): boolean | Promise<boolean> {
    const reader = this.#reader
    if (reader === null) return false
    const { batch } = this
    batch.clear()
    for (;;) {
      if (reader.stopped !== null) return false
      const rest = this.#buffer.subarray(this.#at, this.#length)
      const offset = this.#offset + this.#at
      const read = reader.read(rest, offset, batch)
      this.#at += read
      if (batch.length > 0) {
        this.data = rest
        this.dataOffset = offset
        this.view = new DataView(rest.buffer, rest.byteOffset, rest.length)
        return true
      }
      if (read > 0 && this.#at < this.#length) continue
      if (this.#ended) {
        if (this.content.problem === null) reader.end(this.#buffer.subarray(this.#at, this.#length), this.#offset + this.#at)
        return false
      }
      const filled = this.#fill(this.#stretch)
      if (filled instanceof Promise) return filled.then(() => this.next())
    }
  }

  /** Reads up to `bytes` more behind what is there. */
  #fill(bytes: number): void | Promise<void> {
    const left = this.#length - this.#at
    this.#buffer.copyWithin(0, this.#at, this.#length)
    this.#offset += this.#at
    this.#at = 0
    this.#length = left
    if (left + bytes > this.#buffer.length) {
      if (left > MOST_LEFT) {
        this.#ended = true
        return
      }
      const larger = new Uint8Array(2 * left + bytes)
      larger.set(this.#buffer.subarray(0, left))
      this.#buffer = larger
    }
    const read = this.content.read(this.#buffer, left, bytes, this.#offset + left)
    if (typeof read !== 'number') return read.then((count) => this.#took(count))
    this.#took(read)
    return
  }

  #took(read: number): void {
    if (read === 0) this.#ended = true
    this.#length += read
  }

  close(): void {
    this.content.close()
  }
}
