/**
 * What only some packets have: the line and the facts of a message. Kept by chunk (see columns.ts), one blob for the lines and one
 * for each field that occurs, so that a filter on a field reads that field only. Packets are given as their index in the chunk.
 */
import { closeSync, openSync, readSync } from 'node:fs'
import { deserialize, serialize } from 'node:v8'
import { fields } from '../decode/registry.ts'
import type { FieldValue } from '../decode/define.ts'
import { CHUNK } from './columns.ts'
import type { ChunkPlaces, Place } from './note-places.ts'
import { writeWhole } from './write-whole.ts'

export interface Lines {
  /** Ascending. */
  readonly packets: Uint16Array
  /** The Protocol column; '' where it is that of the stack. */
  readonly titles: readonly string[]
  readonly texts: readonly string[]
}
export interface FieldValues {
  /** Ascending; a packet with several values stands several times. */
  readonly packets: Uint16Array
  readonly values: readonly FieldValue[]
}
/** A chunk while it is written. What a packet says may come late, behind that of later packets. */
class OpenChunk {
  readonly lines: { readonly packet: number; title: string; text: string }[] = []
  readonly fields = new Map<string, { readonly packet: number; readonly value: FieldValue }[]>()
  /** Text there is, with something for each entry. */
  size = 0

  line(packet: number, title: string, text: string): void {
    const last = this.lines.at(-1)
    if (last?.packet === packet) {
      last.title = title || last.title
      last.text = joined(last.text, text)
    } else this.lines.push({ packet, title, text })
  }

  fact(packet: number, field: string, value: FieldValue): void {
    const known = this.fields.get(field)
    if (known === undefined) this.fields.set(field, [{ packet, value }])
    else known.push({ packet, value })
  }
}
const joined = (a: string, b: string): string => (a === '' || a === b ? b : b === '' ? a : `${a}, ${b}`)

/** Text of lines and facts that is kept of one chunk: more of it is hostile, and is dropped. */
const MOST_TEXT = 48 << 20
/** And of all chunks that are open: then they are written. */
const MOST_OPEN_TEXT = 12 << 20
const KEPT = 4
/** Chunks that are open at once. */
const MOST_LATE = 8

export class Notes {
  readonly #fd: number
  #end = 0
  readonly #places: (ChunkPlaces | null)[] = []
  readonly #lines = new Map<number, Lines | null>()
  /** By chunk: the one that is written, and those for which something came late. */
  readonly #open = new Map<number, OpenChunk>()
  #newest = -1
  /** Text there is of each chunk; and of those that are open. */
  readonly #sizes: number[] = []
  #openSize = 0

  constructor(
    path: string,
    { write, places = [] }: { readonly write: boolean; readonly places?: readonly (ChunkPlaces | null)[] },
  ) {
    this.#fd = openSync(path, write ? 'w+' : 'r+', 0o600)
    this.#places = [...places]
  }

  /** A packet's line. `packet` is its index from 0. */
  line(packet: number, title: string, text: string): void {
    this.#room(packet, text.length)?.line(packet % CHUNK, title, text)
  }

  /** A value of one of the registry's fields, by its index. */
  fact(packet: number, field: number, value: FieldValue): void {
    const open = this.#room(packet, typeof value === 'string' || value instanceof Uint8Array ? value.length : 0)
    // What is kept must not hold the file's buffer.
    open?.fact(packet % CHUNK, fields[field]!.name, value instanceof Uint8Array ? value.slice() : value)
  }

  /** The packet's chunk, where there is room for so much more text of it. */
  #room(packet: number, length: number): OpenChunk | null {
    const chunk = Math.floor(packet / CHUNK)
    const more = length + 16
    const size = (this.#sizes[chunk] ?? 0) + more
    if (size > MOST_TEXT) return null
    if (this.#openSize > MOST_OPEN_TEXT) this.flush()
    this.#sizes[chunk] = size
    this.#openSize += more
    const open = this.#at(packet)
    open.size += more
    return open
  }

  #at(packet: number): OpenChunk {
    const chunk = Math.floor(packet / CHUNK)
    let open = this.#open.get(chunk)
    if (open === undefined) {
      if (chunk > this.#newest) {
        if (this.#newest >= 0) this.#write(this.#newest)
        this.#newest = chunk
      }
      if (this.#open.size >= MOST_LATE) this.flush()
      this.#open.set(chunk, (open = new OpenChunk()))
    }
    return open
  }

  /** Writes what is open. */
  flush(): void {
    for (const chunk of [...this.#open.keys()]) this.#write(chunk)
  }

  /** A chunk that was written before gets what came late. */
  #write(chunk: number): void {
    const open = this.#open.get(chunk)
    if (open === undefined) return
    this.#open.delete(chunk)
    this.#openSize -= open.size
    const before = this.#places[chunk] ?? null
    let lines = before?.lines ?? null
    if (open.lines.length > 0) {
      const all = new Map<number, { title: string; text: string }>()
      const old = before?.lines ? (this.#get(before.lines) as Lines) : null
      if (old !== null)
        for (const [i, packet] of old.packets.entries()) all.set(packet, { title: old.titles[i]!, text: old.texts[i]! })
      for (const { packet, title, text } of open.lines) {
        const known = all.get(packet)
        all.set(packet, known === undefined ? { title, text } : { title: title || known.title, text: joined(known.text, text) })
      }
      const sorted = [...all].sort((a, b) => a[0] - b[0])
      lines = this.#put({
        packets: Uint16Array.from(sorted, ([packet]) => packet),
        titles: sorted.map(([, { title }]) => title),
        texts: sorted.map(([, { text }]) => text),
      } satisfies Lines)
    }
    const places = new Map(before?.fields)
    for (const [field, found] of open.fields) {
      const place = places.get(field)
      const old = place === undefined ? null : (this.#get(place) as FieldValues)
      const all = old === null ? [] : [...old.packets].map((packet, i) => ({ packet, value: old.values[i]! }))
      // Stable: values of one packet stay in their order.
      const sorted = [...all, ...found].sort((a, b) => a.packet - b.packet)
      places.set(
        field,
        this.#put({
          packets: Uint16Array.from(sorted, ({ packet }) => packet),
          values: sorted.map(({ value }) => value),
        } satisfies FieldValues),
      )
    }
    while (this.#places.length <= chunk) this.#places.push(null)
    this.#places[chunk] = { lines, fields: places }
    this.#lines.delete(chunk)
  }

  #put(value: unknown): Place {
    const bytes = serialize(value)
    const place = { offset: this.#end, length: bytes.length }
    writeWhole(this.#fd, bytes, this.#end)
    this.#end += bytes.length
    return place
  }

  #get(place: Place): unknown {
    const bytes = Buffer.allocUnsafe(place.length)
    readSync(this.#fd, bytes, 0, place.length, place.offset)
    return deserialize(bytes)
  }

  /** A packet's line, or null. */
  lineOf(packet: number): { readonly title: string; readonly text: string } | null {
    const chunk = Math.floor(packet / CHUNK)
    const within = packet % CHUNK
    const open = this.#open.get(chunk)?.lines.find((one) => one.packet === within)
    if (open !== undefined) return open
    const lines = this.linesOf(chunk)
    if (lines === null) return null
    const i = indexOf(lines.packets, within)
    return i < 0 ? null : { title: lines.titles[i] ?? '', text: lines.texts[i] ?? '' }
  }

  /** All lines of a chunk that is written; null where it has none. */
  linesOf(chunk: number): Lines | null {
    const known = this.#lines.get(chunk)
    if (known !== undefined) return known
    const place = this.#places[chunk]?.lines ?? null
    const lines = place === null ? null : (this.#get(place) as Lines)
    this.#lines.set(chunk, lines)
    if (this.#lines.size > KEPT) {
      const [oldest] = this.#lines.keys()
      this.#lines.delete(oldest!)
    }
    return lines
  }

  /** A field's values in a chunk; null where it has none. */
  valuesOf(chunk: number, field: string): FieldValues | null {
    if (this.#open.has(chunk)) this.#write(chunk)
    const place = this.#places[chunk]?.fields.get(field)
    return place === undefined ? null : (this.#get(place) as FieldValues)
  }

  /** Values of one packet. */
  valuesOfPacket(packet: number, field: string): FieldValue[] {
    const found = this.valuesOf(Math.floor(packet / CHUNK), field)
    if (found === null) return []
    const within = packet % CHUNK
    const values: FieldValue[] = []
    for (let i = indexOf(found.packets, within); i >= 0 && found.packets[i] === within; i++) values.push(found.values[i]!)
    return values
  }

  /** Fields that have values, by name. */
  names(): Set<string> {
    return new Set(this.#places.flatMap((one) => (one === null ? [] : [...one.fields.keys()])))
  }

  /** For the index's description. */
  get places(): readonly (ChunkPlaces | null)[] {
    return this.#places
  }

  close(): void {
    closeSync(this.#fd)
  }
}

/** First place of a value in an ascending list, or -1. */
function indexOf(list: ArrayLike<number>, value: number): number {
  let [low, high] = [0, list.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (list[middle]! < value) low = middle + 1
    else high = middle
  }
  return low < list.length && list[low] === value ? low : -1
}
