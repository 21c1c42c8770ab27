/** Time and direction of every packet that was read: a message may be complete long after the packet that it belongs to. */
import { closeSync, openSync, readSync, writeSync } from 'node:fs'
import type { Moment } from './define.ts'

const CHUNK = 65_536
const BYTES = 12
/** Chunks in memory; older ones are in a file. */
const KEPT = 4
/** Nanoseconds need 30 bits. */
const FROM_SERVER = 0x8000_0000

export class PacketTimes {
  readonly #fd: number
  readonly #chunks: { readonly index: number; readonly view: DataView<ArrayBuffer> }[] = []
  readonly #read = new Uint8Array(BYTES)
  readonly #one = new DataView(this.#read.buffer)
  #length = 0

  constructor(path: string) {
    this.#fd = openSync(path, 'w+', 0o600)
  }

  get length(): number {
    return this.#length
  }

  /** The next packet's. */
  add(seconds: number, nanos: number, direction: 0 | 1): void {
    const packet = this.#length++
    const row = packet % CHUNK
    if (row === 0) {
      const old = this.#chunks.length >= KEPT ? this.#chunks.shift() : undefined
      if (old !== undefined) writeSync(this.#fd, new Uint8Array(old.view.buffer), 0, CHUNK * BYTES, old.index * CHUNK * BYTES)
      const view = old?.view ?? new DataView(new ArrayBuffer(CHUNK * BYTES))
      this.#chunks.push({ index: packet / CHUNK, view })
    }
    const { view } = this.#chunks[this.#chunks.length - 1]!
    view.setFloat64(row * BYTES, seconds)
    view.setUint32(row * BYTES + 8, direction === 1 ? (nanos | FROM_SERVER) >>> 0 : nanos)
  }

  /** Of a packet that was added. */
  of(packet: number): Moment & { readonly direction: 0 | 1 } {
    const index = Math.floor(packet / CHUNK)
    const chunk = this.#chunks.find((one) => one.index === index)
    let view: DataView | undefined = chunk?.view
    let at = (packet % CHUNK) * BYTES
    if (view === undefined) {
      readSync(this.#fd, this.#read, 0, BYTES, packet * BYTES)
      view = this.#one
      at = 0
    }
    const word = view.getUint32(at + 8)
    return {
      packet,
      seconds: view.getFloat64(at),
      nanos: word & 0x7fff_ffff,
      direction: word >= FROM_SERVER ? 1 : 0,
    }
  }

  close(): void {
    closeSync(this.#fd)
  }
}
