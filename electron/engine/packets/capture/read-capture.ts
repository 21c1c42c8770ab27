/** A capture file from its first byte to its last, in batches of packets. */
import { PacketBatch, type CaptureInterface, type CaptureReader, type Remark, type Stopped } from './batch.ts'
import { pcapReader } from './pcap.ts'
import { PcapngReader, SECTION_MAGIC } from './pcapng.ts'

export interface ReadCapture {
  readonly format: 'pcap' | 'pcapng'
  readonly interfaces: readonly CaptureInterface[]
  readonly remarks: readonly Remark[]
  readonly packets: number
  /** Uncompressed bytes that were read. */
  readonly bytes: number
  /** Where and why reading ended; null where that was the end of the file. */
  readonly stopped: Stopped | null
}

/** So much is gathered before records are looked for. */
const STRETCH = 1 << 20
/** What no record can be longer than, with room to spare. */
const MOST_LEFT = 129 << 20

/**
 * Reads the pieces of a file (uncompressed). `each` is called with every batch, `data` being the file's bytes from
 * `dataOffset` on: all packets of the batch lie in them. Both are good until it returns. Gives null where the file is no
 * capture. `trouble` says why the pieces ended early, where that is the file's fault.
 */
export async function readCapture(
  pieces: AsyncIterable<Uint8Array>,
  each: (batch: PacketBatch, data: Uint8Array, dataOffset: number) => void | Promise<void>,
  trouble: (error: unknown) => string | null = () => null,
  batch: PacketBatch = new PacketBatch(),
): Promise<ReadCapture | null> {
  let buffer = new Uint8Array(1 << 16)
  let length = 0
  /** Byte of the file at which the buffer begins. */
  let offset = 0
  let reader: CaptureReader | null = null
  let format: ReadCapture['format'] = 'pcap'

  function begin(): boolean {
    const head = buffer.subarray(0, length)
    if (length >= 4 && new DataView(buffer.buffer).getUint32(0, true) === SECTION_MAGIC) {
      reader = new PcapngReader()
      format = 'pcapng'
      return true
    }
    const found = pcapReader(head)
    if (found === null) return false
    reader = found.reader
    drop(Math.min(found.headerBytes, length))
    return true
  }
  function drop(bytes: number): void {
    buffer.copyWithin(0, bytes, length)
    length -= bytes
    offset += bytes
  }
  async function records(of: CaptureReader): Promise<void> {
    let at = 0
    for (;;) {
      const rest = buffer.subarray(at, length)
      const read = of.read(rest, offset + at, batch)
      if (batch.length > 0) await each(batch, rest, offset + at)
      const full = batch.full
      batch.clear()
      at += read
      if (!full) break
    }
    drop(at)
  }

  let problem: string | null = null
  try {
    for await (const piece of pieces) {
      if (length + piece.length > buffer.length) {
        if (length + piece.length > MOST_LEFT) break
        const larger = new Uint8Array(2 * (length + piece.length))
        larger.set(buffer.subarray(0, length))
        buffer = larger
      }
      buffer.set(piece, length)
      length += piece.length
      if (length < STRETCH) continue
      if (reader === null && !begin()) return null
      await records(reader!)
      if ((reader as unknown as CaptureReader).stopped !== null) break
    }
  } catch (error) {
    problem = trouble(error)
    if (problem === null) throw error
  }
  if (reader === null && !begin()) return null
  const read = reader as unknown as CaptureReader
  if (read.stopped === null) await records(read)
  if (read.stopped === null && problem === null) read.end(buffer.subarray(0, length), offset)
  return {
    format,
    interfaces: read.interfaces,
    remarks: read.remarks,
    packets: batch.first,
    bytes: offset + length,
    stopped: read.stopped ?? (problem === null ? null : { offset: offset + length, reason: problem }),
  }
}
