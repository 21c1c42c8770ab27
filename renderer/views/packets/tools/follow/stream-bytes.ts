/**
 * What has been read of a followed stream: the bytes of both directions one behind the other as they came, in runs of one
 * direction. A gap is a run without bytes.
 */
import type { StreamPiece } from '../../../../../shared/model/capture.ts'

export type Direction = 0 | 1

export interface Run {
  readonly direction: Direction
  /** Bytes of the store. */
  readonly start: number
  end: number
  /** Bytes that are missing here; 0 where it has bytes. */
  readonly missing: number
  /** Place of its first byte in its own direction, with what is missing counted. */
  readonly offset: number
  /** Packet of its first byte. */
  readonly packet: number
}

/** Most bytes that the page holds of one stream; the rest can be saved. */
export const HELD_LIMIT = 32 * 1024 * 1024

export class StreamBytes {
  data = new Uint8Array(65_536)
  /** Bytes that are filled. */
  length = 0
  readonly runs: Run[] = []
  /** Bytes that are missing, in all. */
  missing = 0
  /** First byte and packet of every piece, in order. */
  readonly #starts: number[] = []
  readonly #packets: number[] = []
  readonly #offsets: [number, number] = [0, 0]

  append(pieces: readonly StreamPiece[]): void {
    for (const piece of pieces) this.#add(piece)
  }

  #add({ direction, packet, bytes, missing }: StreamPiece): void {
    const last = this.runs.at(-1)
    const offset = this.#offsets[direction]
    if (missing > 0) {
      this.runs.push({ direction, start: this.length, end: this.length, missing, offset, packet })
      this.missing += missing
      this.#offsets[direction] += missing
    }
    const read = decodeBase64(bytes)
    if (read.length === 0) return
    this.#grow(read.length)
    this.data.set(read, this.length)
    this.#starts.push(this.length)
    this.#packets.push(packet)
    const end = this.length + read.length
    if (last && missing === 0 && last.missing === 0 && last.direction === direction) last.end = end
    else this.runs.push({ direction, start: this.length, end, missing: 0, offset: this.#offsets[direction], packet })
    this.#offsets[direction] += read.length
    this.length = end
  }

  #grow(by: number): void {
    if (this.length + by <= this.data.length) return
    const larger = new Uint8Array(Math.max(this.length + by, this.data.length * 2))
    larger.set(this.data.subarray(0, this.length))
    this.data = larger
  }

  /** The packet that brought a byte; null where there is no such byte. */
  packetAt(at: number): number | null {
    let low = 0
    let high = this.#starts.length - 1
    if (high < 0 || at < 0 || at >= this.length) return null
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((this.#starts[middle] ?? 0) <= at) low = middle
      else high = middle - 1
    }
    return this.#packets[low] ?? null
  }

  /** Index of the run that holds a byte; -1 where there is none. */
  runAt(at: number): number {
    let low = 0
    let high = this.runs.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((this.runs[middle]?.start ?? 0) <= at) low = middle
      else high = middle - 1
    }
    // Gaps share their start with the run behind them; a byte is never of a gap.
    const run = this.runs[low]
    return run && at >= run.start && at < run.end ? low : -1
  }
}

/** Never throws: what is no base64 is empty. */
export function decodeBase64(text: string): Uint8Array {
  let binary: string
  try {
    binary = atob(text)
  } catch {
    return new Uint8Array(0)
  }
  const bytes = new Uint8Array(binary.length)
  for (let index = 0; index < binary.length; index += 1) bytes[index] = binary.charCodeAt(index)
  return bytes
}
