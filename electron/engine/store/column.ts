/** Reads one encoded column (see column-format.ts). Sections are decoded when they are first asked for, and in place where they can be. */
import { crc32 } from 'node:zlib'
import type { RowValue, Scalar } from '../event/row.ts'
import { addressText } from './address-keys.ts'
import { untagged } from './column-builder.ts'
import {
  AT,
  COLUMN_KINDS,
  FLAG_ASCII,
  FLAG_DELTA,
  FLAG_FILTERED,
  FLAG_LONG,
  FLAG_ONLY_ADDRESSES,
  FLAG_PACKED,
  HEADER_BYTES,
  PLACES_ALL,
  PLACES_BITS,
  PLACES_ROWS,
  aligned,
} from './column-format.ts'
import type { ColumnKind } from './column-format.ts'
import { unpack } from './compress.ts'
import { DamageError } from './damage.ts'

type Whole = Uint8Array | Uint16Array | Uint32Array

export class Column {
  readonly kind: ColumnKind
  /** Rows of the block. */
  readonly rows: number
  /** Rows that have a value. */
  readonly count: number
  /** Entries of the dictionary; 0 for numbers. */
  readonly entries: number
  /** Values of all rows together: more or fewer than `count` only for lists. */
  readonly values: number
  /** Smallest and largest number; 0 for text. */
  readonly min: number
  readonly max: number
  readonly filtered: boolean
  readonly #bytes: Uint8Array
  readonly #view: DataView
  readonly #flags: number
  readonly #width: number
  readonly #numbersAt: number
  readonly #tail: number
  readonly #tailLength: number
  #rowList: Uint16Array | null | undefined
  #numbers: Float64Array | undefined
  #ids: Whole | undefined
  #text: string | undefined
  #ends: Uint32Array | undefined
  #dictionary: string[] | undefined
  #starts: Uint32Array | undefined
  #addresses: Uint32Array | undefined
  #unpacked: Uint8Array | undefined

  /** Throws `DamageError` where the bytes are not what was written. */
  constructor(bytes: Uint8Array) {
    // Sections are read in place as wider numbers, which needs aligned memory.
    this.#bytes = bytes = bytes.byteOffset % 8 === 0 ? bytes : new Uint8Array(bytes)
    if (bytes.length < HEADER_BYTES) throw new DamageError('a column is too short')
    const view = (this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length))
    if (view.getUint32(AT.crc, true) !== crc32(bytes.subarray(AT.rows), crc32(bytes.subarray(0, AT.crc))))
      throw new DamageError('a column does not fit its checksum')
    const kind = COLUMN_KINDS[view.getUint8(AT.kind)]
    if (kind === undefined) throw new DamageError('a column is of no known kind')
    this.kind = kind
    this.rows = view.getUint32(AT.rows, true)
    this.count = view.getUint32(AT.count, true)
    this.entries = view.getUint32(AT.entries, true)
    this.values = view.getUint32(AT.values, true)
    this.min = view.getFloat64(AT.min, true)
    this.max = view.getFloat64(AT.max, true)
    this.#flags = view.getUint8(AT.flags)
    this.#width = view.getUint8(AT.width)
    this.filtered = (this.#flags & FLAG_FILTERED) !== 0
    this.#tail = view.getUint32(AT.tail, true)
    this.#tailLength = view.getUint32(AT.tailLength, true)
    const places = view.getUint8(AT.places)
    const placesBytes = places === PLACES_ROWS ? this.count * 2 : places === PLACES_BITS ? (this.rows + 7) >> 3 : 0
    this.#numbersAt = aligned(HEADER_BYTES + placesBytes)
  }

  get isNumeric(): boolean {
    return this.kind === 'number' || this.kind === 'boolean'
  }

  /** Row numbers that have a value, ascending; null where all have. */
  get rowList(): Uint16Array | null {
    if (this.#rowList !== undefined) return this.#rowList
    const places = this.#view.getUint8(AT.places)
    if (places === PLACES_ALL) return (this.#rowList = null)
    if (places === PLACES_ROWS)
      return (this.#rowList = new Uint16Array(this.#bytes.buffer, this.#bytes.byteOffset + HEADER_BYTES, this.count))
    const list = new Uint16Array(this.count)
    const bits = this.#bytes.subarray(HEADER_BYTES)
    let at = 0
    for (let byte = 0; byte < (this.rows + 7) >> 3; byte++) {
      let b = bits[byte]!
      while (b !== 0) {
        list[at++] = (byte << 3) + (31 - Math.clz32(b & -b))
        b &= b - 1
      }
    }
    return (this.#rowList = list)
  }

  /** Place of a row among the present ones, or -1 where it has no value. */
  placeOf(row: number): number {
    const places = this.#view.getUint8(AT.places)
    if (places === PLACES_ALL) return row
    if (places === PLACES_BITS && ((this.#bytes[HEADER_BYTES + (row >>> 3)]! >>> (row & 7)) & 1) === 0) return -1
    const list = this.rowList!
    let low = 0
    let high = list.length - 1
    while (low <= high) {
      const middle = (low + high) >> 1
      const value = list[middle]!
      if (value === row) return middle
      if (value < row) low = middle + 1
      else high = middle - 1
    }
    return -1
  }

  #whole(at: number, width: number, count: number): Whole {
    const { buffer, byteOffset } = this.#bytes
    return width === 1
      ? new Uint8Array(buffer, byteOffset + at, count)
      : width === 2
        ? new Uint16Array(buffer, byteOffset + at, count)
        : new Uint32Array(buffer, byteOffset + at, count)
  }

  #tailBytes(): Uint8Array {
    return (this.#unpacked ??= this.#unpackTail())
  }

  #unpackTail(): Uint8Array {
    const stored = this.#bytes.subarray(this.#tail)
    try {
      return this.#flags & FLAG_PACKED ? unpack(stored, this.#tailLength) : stored.subarray(0, this.#tailLength)
    } catch (error) {
      throw new DamageError(`a column cannot be unpacked: ${String(error)}`)
    }
  }

  /** Numbers of the present rows (booleans: 0 and 1). */
  get numbers(): Float64Array {
    if (this.#numbers) return this.#numbers
    const { count, min } = this
    const width = this.#width
    if (width === 8) {
      const bytes = this.#tailBytes()
      const copy = bytes.byteOffset % 8 === 0 ? bytes : new Uint8Array(bytes)
      return (this.#numbers = new Float64Array(copy.buffer, copy.byteOffset, count))
    }
    const out = new Float64Array(count)
    if (width === 0) out.fill(min)
    else {
      const stored = this.#whole(this.#numbersAt, width, count)
      if (this.#flags & FLAG_DELTA) {
        let value = this.#view.getFloat64(this.#tail, true)
        for (let i = 0; i < count; i++) {
          const zigzag = stored[i]!
          value += zigzag % 2 === 0 ? zigzag / 2 : -(zigzag + 1) / 2
          out[i] = value
        }
      } else for (let i = 0; i < count; i++) out[i] = stored[i]! + min
    }
    return (this.#numbers = out)
  }

  /** Number of a present row, without decoding the others where they stand alone. */
  numberAt(place: number): number {
    if (this.#numbers || this.#width === 8 || this.#flags & FLAG_DELTA) return this.numbers[place]!
    return this.#width === 0 ? this.min : this.#whole(this.#numbersAt, this.#width, this.count)[place]! + this.min
  }

  /** Entry of the dictionary for each value; null where value i is entry i, and where there is one entry only. */
  get ids(): Whole | null {
    if (this.#width === 0) return null
    return (this.#ids ??= this.#whole(this.#numbersAt, this.#width, this.values))
  }

  /** Entry of the dictionary of value `i`. */
  idAt(i: number): number {
    return this.#width === 0 ? (this.entries === 1 ? 0 : i) : this.ids![i]!
  }

  /** Lists: where the values of each present row begin, with one more for the end. */
  get starts(): Uint32Array {
    if (this.#starts) return this.#starts
    const starts = new Uint32Array(this.count + 1)
    const at = aligned(this.#numbersAt + this.#width * this.values)
    for (let i = 0; i < this.count; i++) starts[i + 1] = starts[i]! + this.#bytes[at + i]!
    return (this.#starts = starts)
  }

  /** Entries of the dictionary as IPv4 addresses, where all of them are; null otherwise. */
  get addresses(): Uint32Array | null {
    if (!(this.#flags & FLAG_ONLY_ADDRESSES)) return null
    return (this.#addresses ??= new Uint32Array(this.#bytes.buffer, this.#bytes.byteOffset + this.#tail, this.entries))
  }

  /** The text of the dictionary is ASCII, and no table of addresses. */
  get ascii(): boolean {
    return (this.#flags & FLAG_ASCII) !== 0 && !(this.#flags & FLAG_ONLY_ADDRESSES)
  }

  /** The whole text of the dictionary. */
  get text(): string {
    if (this.#text !== undefined) return this.#text
    if (this.addresses) return (this.#text = this.dictionary.join(''))
    const bytes = this.#tailBytes()
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    return (this.#text = this.#flags & FLAG_ASCII ? buffer.toString('latin1') : buffer.toString('utf8'))
  }

  /** Where each entry ends in `text`, UTF-16 units. */
  get ends(): Uint32Array {
    if (this.#ends) return this.#ends
    if (this.addresses) {
      let to = 0
      return (this.#ends = Uint32Array.from(this.dictionary, (entry) => (to += entry.length)))
    }
    const counts = this.kind === 'list' ? this.count : 0
    const at = aligned(aligned(this.#numbersAt + this.#width * this.values) + counts)
    const lengths = this.#whole(at, this.#flags & FLAG_LONG ? 2 : 1, this.entries)
    const ends = new Uint32Array(this.entries)
    let end = 0
    for (let i = 0; i < ends.length; i++) ends[i] = end += lengths[i]!
    return (this.#ends = ends)
  }

  /** One entry of the dictionary; for mixed columns still tagged. */
  entry(id: number): string {
    const { addresses } = this
    if (addresses) return addressText(addresses[id]!)
    const ends = this.ends
    const from = id === 0 ? 0 : ends[id - 1]!
    const to = ends[id]!
    if (this.#text === undefined && this.#flags & FLAG_ASCII) {
      const bytes = this.#tailBytes()
      return Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString('latin1')
    }
    return this.text.slice(from, to)
  }

  /** All entries. */
  get dictionary(): readonly string[] {
    if (this.#dictionary) return this.#dictionary
    if (this.addresses) return (this.#dictionary = Array.from(this.addresses, addressText))
    const { text, ends } = this
    const all = new Array<string>(ends.length)
    let from = 0
    for (let i = 0; i < ends.length; i++) {
      const to = ends[i]!
      all[i] = text.slice(from, to)
      from = to
    }
    return (this.#dictionary = all)
  }

  /** Value of a row, or undefined where it has none. */
  value(row: number): RowValue | undefined {
    const place = this.placeOf(row)
    return place < 0 ? undefined : this.valueAt(place)
  }

  /** Value of a present row. */
  valueAt(place: number): RowValue {
    switch (this.kind) {
      case 'number':
        return this.numberAt(place)
      case 'boolean':
        return this.numberAt(place) === 1
      case 'text':
        return this.entry(this.idAt(place))
      case 'mixed':
        return untagged(this.entry(this.idAt(place)))
      case 'list': {
        const starts = this.starts
        const list: string[] = []
        for (let i = starts[place]!; i < starts[place + 1]!; i++) list.push(this.entry(this.idAt(i)))
        return list
      }
    }
  }

  /** Scalars of one dictionary entry: one for text, any number for mixed. */
  scalars(id: number): readonly Scalar[] {
    if (this.kind !== 'mixed') return [this.entry(id)]
    const value = untagged(this.entry(id))
    return typeof value === 'object' ? value : [value]
  }
}
