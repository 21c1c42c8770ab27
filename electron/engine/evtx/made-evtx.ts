/** Event log files that no Windows wrote: for tests. Names and templates stand where they are first used, as Windows lays them. */
import { crc32 } from 'node:zlib'

const CHUNK = 65_536

export type MadeValue =
  | { readonly type: number; readonly bytes: Uint8Array }
  /** Binary XML: elements that stand in the value, or a template with values of its own. */
  | { readonly inner: readonly MadeNode[] }
  | { readonly template: readonly MadeNode[]; readonly values: readonly MadeValue[] }
export type MadePart = string | { readonly value: number; readonly optional?: boolean } | { readonly cdata: string } | { readonly entity: string } | { readonly character: number } // prettier-ignore
export interface MadeElement {
  readonly name: string
  readonly attributes?: Readonly<Record<string, readonly MadePart[]>>
  readonly children?: readonly MadeNode[]
}
export type MadeNode = MadeElement | MadePart
export interface MadeRecord {
  readonly id: number
  /** The same object is the same template. */
  readonly template: readonly MadeNode[]
  readonly values: readonly MadeValue[]
  /** When it was written, in 100 ns since the beginning of 2026; its number where it is left out. */
  readonly time?: number
  /** What stands in place of the record's binary XML. */
  readonly raw?: Uint8Array
}

export const utf16 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'utf16le'))
export const made = {
  none: { type: 0, bytes: new Uint8Array(0) } as MadeValue,
  text: (value: string): MadeValue => ({ type: 1, bytes: utf16(value) }),
  u8: (value: number): MadeValue => ({ type: 4, bytes: Uint8Array.of(value) }),
  u16: (value: number): MadeValue => ({ type: 6, bytes: new Uint8Array(Uint16Array.of(value).buffer) }),
  u32: (value: number): MadeValue => ({ type: 8, bytes: new Uint8Array(Uint32Array.of(value).buffer) }),
  u64: (value: bigint): MadeValue => ({ type: 10, bytes: new Uint8Array(BigUint64Array.of(value).buffer) }),
  hex64: (value: bigint): MadeValue => ({ type: 21, bytes: new Uint8Array(BigUint64Array.of(value).buffer) }),
  time: (iso: string): MadeValue => ({
    type: 17,
    bytes: new Uint8Array(BigUint64Array.of((BigInt(Date.parse(iso)) + 11_644_473_600_000n) * 10_000n).buffer),
  }),
  of: (type: number, hex: string): MadeValue => ({ type, bytes: new Uint8Array(Buffer.from(hex, 'hex')) }),
}

/** A whole file: its header, which says how many chunks there are, and those that are given. */
export function madeEvtx(chunks: readonly (readonly MadeRecord[])[], count = chunks.length): Uint8Array {
  const header = Buffer.alloc(4096)
  header.write('ElfFile\0', 'latin1')
  header.writeUInt32LE(128, 32)
  header.writeUInt16LE(1, 36)
  header.writeUInt16LE(3, 38)
  header.writeUInt16LE(4096, 40)
  header.writeBigUInt64LE(BigInt(Math.max(0, count - 1)), 16)
  header.writeBigUInt64LE(BigInt(chunks.flat().length + 1), 24)
  header.writeUInt16LE(Math.min(count, 0xffff), 42)
  header.writeUInt32LE(crc32(header.subarray(0, 120)), 124)
  return Buffer.concat([header, ...chunks.map(madeChunk)])
}

/** One chunk. Throws where the records do not fit. */
export function madeChunk(records: readonly MadeRecord[]): Buffer {
  const chunk = new ChunkWriter()
  for (const record of records) if (!chunk.record(record)) throw new Error('the records do not fit into a chunk')
  return chunk.whole(records).bytes
}

/** Chunks as full as they become. A record that does not fit into one alone is left out. */
export function* madeChunks(records: Iterable<MadeRecord>): Generator<Buffer> {
  let chunk = new ChunkWriter()
  let held: MadeRecord[] = []
  for (const record of records) {
    if (!chunk.record(record)) {
      if (held.length > 0) yield chunk.whole(held).bytes
      chunk = new ChunkWriter()
      held = []
      if (!chunk.record(record)) continue
    }
    held.push(record)
  }
  if (held.length > 0) yield chunk.whole(held).bytes
}

/**
 * A log as Windows keeps it: its last chunk is filled in place; once there are `most` chunks the one with the oldest records is
 * overwritten. Numbers begin at 1, and go on.
 */
export class MadeLog {
  readonly #most: number
  #chunks: { writer: ChunkWriter; records: MadeRecord[]; bytes: Buffer }[] = []
  #current = -1
  #number = 0
  #time = 0

  constructor(most = Infinity) {
    this.#most = most
  }

  /** Of the last record. */
  get number(): number {
    return this.#number
  }
  /** Numbers of the records that are there, those of each chunk in the order of the file. */
  get chunks(): readonly (readonly number[])[] {
    return this.#chunks.map(({ records }) => records.map(({ id }) => id))
  }
  /** Byte where a chunk begins that has the record; -1 where it is gone. */
  placeOf(id: number): number {
    const index = this.chunks.findIndex((ids) => ids.includes(id))
    return index < 0 ? -1 : 4096 + index * CHUNK
  }

  /** `dirty`: the chunk's header is not written, so it says nothing of this record. */
  append(record: Omit<MadeRecord, 'id'>, dirty = false): void {
    const id = ++this.#number
    const numbered = { ...record, id, time: ++this.#time }
    let chunk = this.#chunks[this.#current]
    if (chunk === undefined || !chunk.writer.record(numbered)) {
      this.#current = this.#current + 1 < this.#most ? this.#current + 1 : 0
      chunk = { writer: new ChunkWriter(), records: [], bytes: this.#chunks[this.#current]?.bytes ?? Buffer.alloc(CHUNK) }
      this.#chunks[this.#current] = chunk
      if (!chunk.writer.record(numbered)) throw new Error('the record does not fit into a chunk')
      dirty = false
    }
    chunk.records.push(numbered)
    // What was there before stays behind the records.
    const header = dirty ? chunk.bytes.subarray(0, 512) : null
    const { bytes, end } = chunk.writer.whole(chunk.records)
    chunk.bytes = Buffer.concat([bytes.subarray(0, end), chunk.bytes.subarray(end)])
    if (header !== null) chunk.bytes.set(header, 0)
  }

  /** Empties it; numbers begin again, or go on. */
  clear(goOn = false): void {
    this.#chunks = []
    this.#current = -1
    if (!goOn) this.#number = 0
  }

  /** The whole file, of which the header is only right where nothing was overwritten. */
  get bytes(): Buffer {
    return Buffer.concat([madeEvtx([], this.#chunks.length), ...this.#chunks.map(({ bytes }) => bytes)])
  }
}

class ChunkWriter {
  readonly #bytes = Buffer.alloc(CHUNK)
  readonly #names = new Map<string, number>()
  readonly #templates = new Map<readonly MadeNode[], number>()
  #at = 512
  #last = 512

  /** False where there is no room for it. */
  record(record: MadeRecord): boolean {
    const begin = this.#at
    const before = this.#last
    try {
      this.#record(record)
      return true
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      this.#bytes.fill(0, begin)
      for (const known of [this.#names, this.#templates]) for (const [name, place] of known) if (place >= begin) known.delete(name as never) // prettier-ignore
      this.#at = begin
      this.#last = before
      return false
    }
  }

  #record({ id, time = id, template, values, raw }: MadeRecord): void {
    const begin = (this.#last = this.#at)
    this.#u32(0x2a2a)
    this.#at += 4
    this.#u64(BigInt(id))
    this.#u64((1_767_225_600_000n + 11_644_473_600_000n) * 10_000n + BigInt(time))
    if (raw !== undefined) this.#put(raw)
    else {
      this.#put(Uint8Array.of(0x0f, 1, 1, 0))
      this.#instance(template, values)
      this.#u8(0)
    }
    const size = this.#at + 4 - begin
    this.#u32(size)
    this.#bytes.writeUInt32LE(size, begin + 4)
  }

  /** The bytes stay the writer's; records end at `end`. */
  whole(records: readonly MadeRecord[]): { readonly bytes: Buffer; readonly end: number } {
    const bytes = this.#bytes
    bytes.write('ElfChnk\0', 'latin1')
    const ids = records.map(({ id }) => BigInt(id))
    for (const [at, value] of [[8, ids[0]], [16, ids.at(-1)], [24, ids[0]], [32, ids.at(-1)]] as const) bytes.writeBigUInt64LE(value ?? 0n, at) // prettier-ignore
    bytes.writeUInt32LE(128, 40)
    bytes.writeUInt32LE(this.#last, 44)
    bytes.writeUInt32LE(this.#at, 48)
    // Of the records, then of the header without itself: as other readers check it.
    bytes.writeUInt32LE(crc32(bytes.subarray(512, this.#at)), 52)
    bytes.writeUInt32LE(crc32(bytes.subarray(128, 512), crc32(bytes.subarray(0, 120))), 124)
    return { bytes, end: this.#at }
  }

  #instance(template: readonly MadeNode[], values: readonly MadeValue[]): void {
    this.#u8(0x0c)
    this.#u8(1)
    this.#u32(1)
    const known = this.#templates.get(template)
    if (known !== undefined) this.#u32(known)
    else {
      const place = this.#at + 4
      this.#templates.set(template, place)
      this.#u32(place)
      this.#at += 20
      const sizeAt = this.#at
      this.#at += 4
      this.#put(Uint8Array.of(0x0f, 1, 1, 0))
      for (const node of template) this.#node(node, false)
      this.#u8(0)
      this.#bytes.writeUInt32LE(this.#at - sizeAt - 4, sizeAt)
    }
    this.#u32(values.length)
    let descriptor = this.#at
    this.#at += 4 * values.length
    for (const value of values) {
      const begin = this.#at
      if ('inner' in value) {
        this.#put(Uint8Array.of(0x0f, 1, 1, 0))
        for (const node of value.inner) this.#node(node, true)
        this.#u8(0)
      } else if ('template' in value) {
        this.#put(Uint8Array.of(0x0f, 1, 1, 0))
        this.#instance(value.template, value.values)
        this.#u8(0)
      } else this.#put(value.bytes)
      this.#bytes.writeUInt16LE(this.#at - begin, descriptor)
      this.#bytes[descriptor + 2] = 'type' in value ? value.type : 0x21
      descriptor += 4
    }
  }

  #node(node: MadeNode, inside: boolean): void {
    if (typeof node !== 'object' || !('name' in node)) return this.#part(node)
    const attributes = Object.entries(node.attributes ?? {})
    this.#u8(attributes.length > 0 ? 0x41 : 0x01)
    if (!inside) this.#u16(0xffff)
    const sizeAt = this.#at
    this.#at += 4
    this.#name(node.name)
    const listAt = this.#at
    if (attributes.length > 0) this.#at += 4
    for (const [i, [name, parts]] of attributes.entries()) {
      this.#u8(i < attributes.length - 1 ? 0x46 : 0x06)
      this.#name(name)
      for (const part of parts) this.#part(part)
    }
    if (attributes.length > 0) this.#bytes.writeUInt32LE(this.#at - listAt - 4, listAt)
    if (node.children === undefined) this.#u8(0x03)
    else {
      this.#u8(0x02)
      for (const child of node.children) this.#node(child, inside)
      this.#u8(0x04)
    }
    this.#bytes.writeUInt32LE(this.#at - sizeAt - 4, sizeAt)
  }

  #part(part: MadePart): void {
    if (typeof part === 'string') {
      this.#u8(0x05)
      this.#u8(1)
      this.#characters(part)
    } else if ('value' in part) {
      this.#u8(part.optional === true ? 0x0e : 0x0d)
      this.#u16(part.value)
      this.#u8(0)
    } else if ('cdata' in part) {
      this.#u8(0x07)
      this.#characters(part.cdata)
    } else if ('character' in part) {
      this.#u8(0x08)
      this.#u16(part.character)
    } else {
      this.#u8(0x09)
      this.#name(part.entity)
    }
  }

  #name(name: string): void {
    const known = this.#names.get(name)
    if (known !== undefined) return this.#u32(known)
    const place = this.#at + 4
    this.#names.set(name, place)
    this.#u32(place)
    this.#at += 6
    this.#characters(name)
    this.#at += 2
  }
  #characters(text: string): void {
    this.#u16(text.length)
    this.#put(utf16(text))
  }
  #put(bytes: Uint8Array): void {
    if (this.#at + bytes.length > CHUNK) throw new RangeError('the records do not fit into a chunk')
    this.#bytes.set(bytes, this.#at)
    this.#at += bytes.length
  }
  #u8(value: number): void {
    this.#at = this.#bytes.writeUInt8(value, this.#at)
  }
  #u16(value: number): void {
    this.#at = this.#bytes.writeUInt16LE(value, this.#at)
  }
  #u32(value: number): void {
    this.#at = this.#bytes.writeUInt32LE(value, this.#at)
  }
  #u64(value: bigint): void {
    this.#at = this.#bytes.writeBigUInt64LE(value, this.#at)
  }
}
