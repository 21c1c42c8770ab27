/**
 * What is kept of every packet: columns, in chunks of {@link CHUNK} packets, one after the other in `columns.bin`. A chunk has its
 * columns one after the other, each a plain typed array in the machine's byte order, so that a filter reads only the columns it
 * needs and a page of rows reads one chunk. The index is a cache: it is never moved to another machine.
 */
import { closeSync, openSync, readSync } from 'node:fs'
import { writeWhole } from './write-whole.ts'

export const CHUNK = 65_536

/** Columns of a chunk, the widest first so that each is aligned. */
export const COLUMNS = {
  /** Byte of its (uncompressed) file at which the packet's bytes begin. */
  offset: Float64Array,
  /** Whole seconds since 1970 UTC; NaN where the file states no time. */
  seconds: Float64Array,
  nanos: Uint32Array,
  captured: Uint32Array,
  wire: Uint32Array,
  /** Number of its flow + 1; 0 where it has none. */
  flow: Uint32Array,
  /** See {@link SIGN}. */
  signs: Uint32Array,
  /** TCP, as sent. */
  seq: Uint32Array,
  /** TCP, as sent. Of what quotes a packet (an ICMP error): number + 1 of that packet's flow; 0 where it was not seen. */
  ack: Uint32Array,
  /** Stated length of the transport's payload. */
  payload: Uint32Array,
  /** Index of its protocol stack (see stacks.ts). */
  stack: Uint16Array,
  /** TCP flags, 12 bits. */
  flags: Uint16Array,
  /** TCP window as sent. */
  window: Uint16Array,
  /** Index of the capture's file; of its interface. */
  file: Uint16Array,
  iface: Uint16Array,
} as const
export type ColumnName = keyof typeof COLUMNS
type ColumnOf<N extends ColumnName> = InstanceType<(typeof COLUMNS)[N]>

const NAMES = Object.keys(COLUMNS) as ColumnName[]
const PLACE = {} as Record<ColumnName, number>
let size = 0
for (const name of NAMES) {
  PLACE[name] = size
  size += COLUMNS[name].BYTES_PER_ELEMENT * CHUNK
}
export const CHUNK_BYTES = size

/** Bits of the column `signs`: those of PACKET_SIGNS (shared/model/capture.ts) at their index, and these. */
export const SIGN = {
  /** From the flow's server to its client. */
  fromServer: 1 << 31,
  /** More than one IP header: addresses of the flow are those of the innermost. */
  tunnelled: 1 << 30,
  /** A line, and perhaps facts, are kept for it (see notes.ts). */
  noted: 1 << 29,
  /** Put together from fragments: its own bytes are not all there is. */
  reassembled: 1 << 28,
} as const

export type ColumnChunk = { readonly [N in ColumnName]: ColumnOf<N> } & {
  /** Index of the first packet, from 0. */
  first: number
  length: number
  readonly bytes: Uint8Array<ArrayBuffer>
}

function chunkOver(bytes: Uint8Array<ArrayBuffer>, first: number, length: number): ColumnChunk {
  const columns = {} as Record<ColumnName, unknown>
  for (const name of NAMES) columns[name] = new COLUMNS[name](bytes.buffer, bytes.byteOffset + PLACE[name], CHUNK)
  return { ...(columns as { readonly [N in ColumnName]: ColumnOf<N> }), first, length, bytes }
}

/** Chunks that stay in memory for rows. */
const KEPT = 4

export class Columns {
  readonly #fd: number
  #length = 0
  /** The chunk that is written now. */
  #open: ColumnChunk | null = null
  /** Somebody has been given the open chunk, or a column of it, and may hold it still. */
  #lent = false
  /** By index of the chunk; the newest used last. */
  readonly #kept = new Map<number, ColumnChunk>()
  readonly #scratch = new Map<ColumnName, Uint8Array<ArrayBuffer>>()

  constructor(path: string, { write, length }: { readonly write: boolean; readonly length: number }) {
    this.#fd = openSync(path, write ? 'w+' : 'r+', 0o600)
    this.#length = length
  }

  /** Packets there are. */
  get length(): number {
    return this.#length
  }
  get chunks(): number {
    return Math.ceil(this.#length / CHUNK)
  }

  /** The chunk to write the next packet into, at index `length % CHUNK`; call `added` after each. */
  get writable(): ColumnChunk {
    const at = this.#length % CHUNK
    if (this.#open === null || (at === 0 && this.#open.first + CHUNK <= this.#length)) {
      this.flush()
      const first = this.#length - at
      if (this.#open === null || this.#lent) this.#open = chunkOver(new Uint8Array(CHUNK_BYTES), first, at)
      else {
        this.#open.bytes.fill(0)
        this.#open.first = first
        this.#open.length = at
      }
      this.#lent = false
    }
    return this.#open
  }

  added(): void {
    this.#length++
    this.#open!.length++
  }

  /** Writes the open chunk. */
  flush(): void {
    const open = this.#open
    if (open !== null) writeWhole(this.#fd, open.bytes, (open.first / CHUNK) * CHUNK_BYTES)
  }

  /** A whole chunk. It is kept for a while: never change it, see `own`. */
  chunk(index: number): ColumnChunk {
    if (this.#open !== null && this.#open.first === index * CHUNK) {
      this.#lent = true
      return this.#open
    }
    const known = this.#kept.get(index)
    if (known !== undefined) {
      this.#kept.delete(index)
      this.#kept.set(index, known)
      return known
    }
    const chunk = this.#read(index, new Uint8Array(CHUNK_BYTES))
    this.#kept.set(index, chunk)
    if (this.#kept.size > KEPT) {
      const [oldest] = this.#kept.keys()
      this.#kept.delete(oldest!)
    }
    return chunk
  }

  #read(index: number, bytes: Uint8Array<ArrayBuffer>): ColumnChunk {
    readSync(this.#fd, bytes, 0, CHUNK_BYTES, index * CHUNK_BYTES)
    return chunkOver(bytes, index * CHUNK, this.lengthOf(index))
  }

  /** A whole chunk of one's own, to be changed and given to `rewrite`; `spent` is one that is not needed any more. */
  own(index: number, spent?: ColumnChunk): ColumnChunk {
    if (this.#open?.first === index * CHUNK) this.flush()
    return this.#read(index, spent?.bytes ?? new Uint8Array(CHUNK_BYTES))
  }

  /** Packets of a chunk. */
  lengthOf(index: number): number {
    return Math.max(0, Math.min(CHUNK, this.#length - index * CHUNK))
  }

  /** One column of a chunk; the array is used again for the next chunk of this column. */
  column<N extends ColumnName>(index: number, name: N): ColumnOf<N> {
    const open = this.#open !== null && this.#open.first === index * CHUNK ? this.#open : null
    if (open !== null) this.#lent = true
    const held = open ?? this.#kept.get(index)
    if (held !== undefined) return held[name] as ColumnOf<N>
    const bytes = COLUMNS[name].BYTES_PER_ELEMENT * CHUNK
    let buffer = this.#scratch.get(name)
    if (buffer === undefined) this.#scratch.set(name, (buffer = new Uint8Array(bytes)))
    readSync(this.#fd, buffer, 0, bytes, index * CHUNK_BYTES + PLACE[name])
    return new COLUMNS[name](buffer.buffer, 0, CHUNK) as ColumnOf<N>
  }

  /** Writes changed columns of a chunk that `own` gave. */
  rewrite(chunk: ColumnChunk, names: readonly ColumnName[]): void {
    const index = chunk.first / CHUNK
    const held = this.#open !== null && this.#open.first === chunk.first ? this.#open : this.#kept.get(index)
    for (const name of names) {
      const from = PLACE[name]
      const bytes = chunk.bytes.subarray(from, from + COLUMNS[name].BYTES_PER_ELEMENT * CHUNK)
      held?.bytes.set(bytes, from)
      writeWhole(this.#fd, bytes, index * CHUNK_BYTES + from)
    }
  }

  close(): void {
    closeSync(this.#fd)
  }
}
