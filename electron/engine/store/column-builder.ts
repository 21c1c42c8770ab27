/** Collects the values of one field of a block and encodes them (see column-format.ts). */
import { crc32 } from 'node:zlib'
import type { RowValue, Scalar } from '../event/row.ts'
import { addAddress, addressIn, addressOf } from './address-keys.ts'
import {
  AT,
  FLAG_ADDRESSES,
  FLAG_ASCII,
  FLAG_DELTA,
  FLAG_FILTERED,
  FLAG_FRACTIONS,
  FLAG_LONG,
  FLAG_ONLY_ADDRESSES,
  FLAG_PACKED,
  HEADER_BYTES,
  PLACES_ALL,
  PLACES_BITS,
  PLACES_ROWS,
  aligned,
  kindIndex,
} from './column-format.ts'
import type { ColumnKind } from './column-format.ts'
import { shrink } from './compress.ts'
import { LIST_VALUES } from './limits.ts'
import type { TextFilterBuilder } from './text-filter.ts'
import type { ValueFilterBuilder } from './value-filter.ts'
import { fieldSeed, hashNumber } from './value-hash.ts'

/** Filters of the block that is being built. */
export interface Filters {
  readonly values: ValueFilterBuilder
  readonly text: TextFilterBuilder
}

const NO_BYTES = new Uint8Array(0)
/** Address of each entry of the column that is being finished. */
let addressBuffer = new Float64Array(0)
/** Marks numbers of a narrow range that occurred. */
const seen = new Uint8Array(65_536)

/** After this many values the dictionary is judged, and given up where nearly all values differ. */
const JUDGE_AT = 1024
const FEW_REPEATS = 0.9
const SMALLEST = 16

/** Text of a value of a mixed column: one letter for its kind, then the value. */
export function tagged(value: RowValue): string {
  switch (typeof value) {
    case 'string':
      return `s${value}`
    case 'number':
      return Object.is(value, -0) ? 'n-0' : `n${value}`
    case 'boolean':
      return value ? 'b1' : 'b0'
    default:
      return `l${JSON.stringify(value)}`
  }
}

export class ColumnBuilder {
  readonly name: string
  readonly #seed: number
  readonly #delta: boolean
  #kind: ColumnKind | 'empty' = 'empty'
  #count = 0
  #rows = new Uint16Array(SMALLEST)
  /** Numbers, or entries of the dictionary. */
  #numbers = new Float64Array(0)
  #ids = new Uint32Array(0)
  #values = 0
  #counts = new Uint8Array(0)
  #entries: string[] = []
  readonly #dictionary = new Map<string, number>()
  /** False once values are taken as they come, each its own entry. */
  #dedupe = true
  #lastText: string | undefined
  #lastId = 0
  /** Filter over the text of the column that was finished last; no bytes where there is none. */
  textFilter: Uint8Array<ArrayBuffer> = NO_BYTES

  /** `delta`: numbers that mostly grow (times) are written as differences. */
  constructor(name: string, delta = false) {
    this.name = name
    this.#seed = fieldSeed(name)
    this.#delta = delta
  }

  get count(): number {
    return this.#count
  }

  /** Adds the value of a row; rows come in ascending order. Gives the UTF-16 units of text that were new. */
  add(row: number, value: RowValue): number {
    const at = this.#count
    if (at === this.#rows.length) this.#grow()
    if (typeof value === 'string') {
      if (this.#kind !== 'text' && !this.#become('text')) return this.#addMixed(row, value)
      this.#rows[at] = row
      this.#count = at + 1
      return this.#addText(value)
    }
    if (typeof value === 'number') {
      if (this.#kind !== 'number' && !this.#become('number')) return this.#addMixed(row, value)
      this.#rows[at] = row
      this.#numbers[at] = value
      this.#count = at + 1
      return 0
    }
    if (typeof value === 'boolean') {
      if (this.#kind !== 'boolean' && !this.#become('boolean')) return this.#addMixed(row, value)
      this.#rows[at] = row
      this.#numbers[at] = value ? 1 : 0
      this.#count = at + 1
      return 0
    }
    if (this.#kind !== 'list' && !this.#become('list')) return this.#addMixed(row, value)
    const length = Math.min(value.length, LIST_VALUES)
    this.#rows[at] = row
    this.#counts[at] = length
    this.#count = at + 1
    let grown = 0
    for (let i = 0; i < length; i++) grown += this.#addText(value[i]!)
    return grown
  }

  #addText(text: string): number {
    const at = this.#values
    if (at === this.#ids.length) this.#ids = enlarged(this.#ids, Uint32Array)
    this.#values = at + 1
    if (text === this.#lastText) {
      this.#ids[at] = this.#lastId
      return 0
    }
    this.#lastText = text
    if (this.#dedupe) {
      const known = this.#dictionary.get(text)
      if (known !== undefined) {
        this.#ids[at] = this.#lastId = known
        return 0
      }
      this.#dictionary.set(text, this.#entries.length)
      if (at === JUDGE_AT && this.#entries.length > JUDGE_AT * FEW_REPEATS) {
        this.#dedupe = false
        this.#dictionary.clear()
      }
    }
    this.#ids[at] = this.#lastId = this.#entries.length
    this.#entries.push(text)
    return text.length
  }

  #addMixed(row: number, value: RowValue): number {
    this.#rows[this.#count++] = row
    return this.#addText(tagged(Array.isArray(value) && value.length > LIST_VALUES ? value.slice(0, LIST_VALUES) : value))
  }

  /** Makes the column one of this kind; false where it is (now) mixed. */
  #become(kind: ColumnKind): boolean {
    if (this.#kind === 'empty') {
      this.#kind = kind
      if (kind === 'number' || kind === 'boolean') {
        if (this.#numbers.length < this.#rows.length) this.#numbers = new Float64Array(this.#rows.length)
      } else if (kind === 'list' && this.#counts.length < this.#rows.length) this.#counts = new Uint8Array(this.#rows.length)
      return true
    }
    if (this.#kind !== 'mixed') this.#mix(this.#kind)
    return false
  }

  #mix(kind: ColumnKind): void {
    const entries = this.#entries
    const ids = this.#ids
    this.#kind = 'mixed'
    this.#entries = []
    this.#dictionary.clear()
    this.#dedupe = true
    this.#lastText = undefined
    this.#ids = new Uint32Array(this.#rows.length)
    this.#values = 0
    let at = 0
    for (let i = 0; i < this.#count; i++) {
      if (kind === 'number') this.#addText(tagged(this.#numbers[i]!))
      else if (kind === 'boolean') this.#addText(tagged(this.#numbers[i] === 1))
      else if (kind === 'text') this.#addText(tagged(entries[ids[i]!]!))
      else {
        const list: string[] = []
        for (let n = this.#counts[i]!; n > 0; n--) list.push(entries[ids[at++]!]!)
        this.#addText(tagged(list))
      }
    }
  }

  #grow(): void {
    this.#rows = enlarged(this.#rows, Uint16Array)
    if (this.#kind === 'number' || this.#kind === 'boolean') this.#numbers = enlarged(this.#numbers, Float64Array)
    else if (this.#kind === 'list') this.#counts = enlarged(this.#counts, Uint8Array)
  }

  /** The encoded column; the builder is empty again. `rows` is how many the block has. */
  finish(rows: number, filters: Filters | null): Uint8Array<ArrayBuffer> {
    const kind = this.#kind === 'empty' ? 'number' : this.#kind
    this.textFilter = NO_BYTES
    const out =
      kind === 'number' || kind === 'boolean' ? this.#encodeNumbers(kind, rows, filters) : this.#encodeText(kind, rows, filters)
    const view = new DataView(out.buffer)
    view.setUint8(AT.kind, kindIndex(kind))
    view.setUint32(AT.rows, rows, true)
    view.setUint32(AT.count, this.#count, true)
    view.setUint32(AT.crc, crc32(out.subarray(AT.rows), crc32(out.subarray(0, AT.crc))), true)
    this.#reset()
    return out
  }

  #reset(): void {
    // A field that was frequent once must not hold its memory for good: hostile input can invent fields block after block.
    if (this.#rows.length > SMALLEST * 4 && this.#count < this.#rows.length / 4) {
      const size = Math.max(SMALLEST, this.#rows.length / 4)
      this.#rows = new Uint16Array(size)
      this.#numbers = new Float64Array(0)
      this.#ids = new Uint32Array(0)
      this.#counts = new Uint8Array(0)
    }
    this.#kind = 'empty'
    this.#count = 0
    this.#values = 0
    this.#entries = []
    this.#dictionary.clear()
    this.#dedupe = true
    this.#lastText = undefined
  }

  #placesBytes(rows: number): number {
    return this.#count === rows ? 0 : Math.min(this.#count * 2, (rows + 7) >> 3)
  }

  #writePlaces(out: Uint8Array, rows: number): void {
    const count = this.#count
    if (count === rows) {
      out[AT.places] = PLACES_ALL
    } else if (count * 2 <= (rows + 7) >> 3) {
      out[AT.places] = PLACES_ROWS
      out.set(new Uint8Array(this.#rows.buffer, 0, count * 2), HEADER_BYTES)
    } else {
      out[AT.places] = PLACES_BITS
      for (let i = 0; i < count; i++) {
        const row = this.#rows[i]!
        out[HEADER_BYTES + (row >>> 3)]! |= 1 << (row & 7)
      }
    }
  }

  #encodeNumbers(kind: 'number' | 'boolean', rows: number, filters: Filters | null): Uint8Array<ArrayBuffer> {
    const count = this.#count
    const numbers = this.#numbers
    let min = Infinity
    let max = -Infinity
    let whole = true
    for (let i = 0; i < count; i++) {
      const v = numbers[i]!
      if (v < min) min = v
      if (v > max) max = v
      if (whole && (!Number.isSafeInteger(v) || (v === 0 && Object.is(v, -0)))) whole = false
    }
    if (count === 0) min = max = 0
    const start = aligned(HEADER_BYTES + this.#placesBytes(rows))
    const filtered = filters !== null && kind === 'number'
    if (filtered) this.#filterNumbers(filters.values, min, whole && max - min < seen.length)
    let out: Uint8Array<ArrayBuffer>
    let width = 0
    let flags = (filtered ? FLAG_FILTERED : 0) | (whole ? 0 : FLAG_FRACTIONS)
    let tail = start
    let tailLength = 0
    const range = max - min
    if (whole && range === 0) {
      out = new Uint8Array(start)
    } else if (whole && this.#delta && range > 0xffff && (width = this.#deltaWidth()) > 0) {
      flags |= FLAG_DELTA
      tail = aligned(start + width * count)
      tailLength = 8
      out = new Uint8Array(tail + 8)
      // The first number stands in the tail.
      new Float64Array(out.buffer, tail, 1)[0] = numbers[0]!
      const deltas =
        width === 1
          ? new Uint8Array(out.buffer, start, count)
          : width === 2
            ? new Uint16Array(out.buffer, start, count)
            : new Uint32Array(out.buffer, start, count)
      let last = numbers[0]!
      for (let i = 0; i < count; i++) {
        const d = numbers[i]! - last
        deltas[i] = d >= 0 ? d * 2 : -d * 2 - 1
        last = numbers[i]!
      }
    } else if (whole && range < 2 ** 32) {
      width = range < 256 ? 1 : range < 65536 ? 2 : 4
      tail = start + width * count
      out = new Uint8Array(tail)
      const offsets =
        width === 1
          ? new Uint8Array(out.buffer, start, count)
          : width === 2
            ? new Uint16Array(out.buffer, start, count)
            : new Uint32Array(out.buffer, start, count)
      for (let i = 0; i < count; i++) offsets[i] = numbers[i]! - min
    } else {
      const plain = new Uint8Array(numbers.buffer, 0, count * 8)
      const packed = shrink(plain)
      if (packed) flags |= FLAG_PACKED
      tailLength = plain.length
      out = new Uint8Array(start + (packed ?? plain).length)
      out.set(packed ?? plain, start)
      width = 8
    }
    this.#writePlaces(out, rows)
    const view = new DataView(out.buffer)
    view.setUint8(AT.width, width)
    view.setUint8(AT.flags, flags)
    view.setUint32(AT.entries, 0, true)
    view.setUint32(AT.values, count, true)
    view.setFloat64(AT.min, min, true)
    view.setFloat64(AT.max, max, true)
    view.setUint32(AT.tail, tail, true)
    view.setUint32(AT.tailLength, tailLength, true)
    return out
  }

  #filterNumbers(filter: ValueFilterBuilder, min: number, narrow: boolean): void {
    const numbers = this.#numbers
    const count = this.#count
    let last = NaN
    for (let i = 0; i < count; i++) {
      const v = numbers[i]!
      if (v === last) continue
      last = v
      if (narrow) {
        if (seen[v - min] === 1) continue
        seen[v - min] = 1
      }
      filter.add(hashNumber(this.#seed, v))
    }
    if (narrow) for (let i = 0; i < count; i++) seen[numbers[i]! - min] = 0
  }

  /** Bytes that each difference needs, or 0 where plain numbers are as good. */
  #deltaWidth(): number {
    let largest = 0
    for (let i = 1; i < this.#count; i++) {
      const d = this.#numbers[i]! - this.#numbers[i - 1]!
      const zigzag = d >= 0 ? d * 2 : -d * 2 - 1
      if (zigzag > largest) largest = zigzag
    }
    return largest < 256 ? 1 : largest < 65536 ? 2 : largest < 2 ** 32 ? 4 : 0
  }

  #encodeText(kind: 'text' | 'list' | 'mixed', rows: number, filters: Filters | null): Uint8Array<ArrayBuffer> {
    const n = this.#entries.length
    const ids = this.#ids
    const values = this.#values
    let joined = this.#entries.join('')
    const ascii = Buffer.byteLength(joined, 'utf8') === joined.length
    if (!ascii) {
      // Half surrogate pairs cannot be written as UTF-8: filters must see what will be read back.
      this.#entries = this.#entries.map((entry) => entry.toWellFormed())
      joined = this.#entries.join('')
    }
    const entries = this.#entries
    const text = ascii ? Buffer.from(joined, 'latin1') : Buffer.from(joined, 'utf8')
    const addresses = ascii && kind !== 'mixed' ? this.#addresses(text) : 0
    if (filters) this.#filter(kind, text, ascii, filters)
    // Entries stand in order of first use: where none repeats, the ids are 0, 1, 2 … and need not be written.
    const width = n === values || n <= 1 ? 0 : n <= 256 ? 1 : n <= 65536 ? 2 : 4
    const numbersAt = aligned(HEADER_BYTES + this.#placesBytes(rows))
    const countsAt = aligned(numbersAt + width * values)
    const lengthsAt = aligned(countsAt + (kind === 'list' ? this.#count : 0))
    let out: Uint8Array<ArrayBuffer>
    let tail = lengthsAt
    let tailLength = n * 4
    let flags = addresses > 0 && filters ? FLAG_ADDRESSES : 0
    if (addresses === n && n > 0) {
      flags |= FLAG_ONLY_ADDRESSES
      out = new Uint8Array(tail + tailLength)
      new Uint32Array(out.buffer, tail, n).set(addressBuffer.subarray(0, n))
    } else {
      let longest = 0
      for (let i = 0; i < n; i++) {
        const length = entries[i]!.length
        if (length > longest) longest = length
      }
      const lengthWidth = longest < 256 ? 1 : 2
      tail = aligned(lengthsAt + lengthWidth * n)
      tailLength = text.length
      const packed = shrink(text)
      flags |= (packed ? FLAG_PACKED : 0) | (ascii ? FLAG_ASCII : 0) | (lengthWidth === 2 ? FLAG_LONG : 0)
      out = new Uint8Array(tail + (packed ?? text).length)
      const lengths = lengthWidth === 1 ? new Uint8Array(out.buffer, lengthsAt, n) : new Uint16Array(out.buffer, lengthsAt, n)
      for (let i = 0; i < n; i++) lengths[i] = entries[i]!.length
      out.set(packed ?? text, tail)
    }
    if (width === 1) {
      const to = new Uint8Array(out.buffer, numbersAt, values)
      for (let i = 0; i < values; i++) to[i] = ids[i]!
    } else if (width === 2) {
      const to = new Uint16Array(out.buffer, numbersAt, values)
      for (let i = 0; i < values; i++) to[i] = ids[i]!
    } else if (width === 4) new Uint32Array(out.buffer, numbersAt, values).set(ids.subarray(0, values))
    if (kind === 'list') out.set(this.#counts.subarray(0, this.#count), countsAt)
    this.#writePlaces(out, rows)
    const view = new DataView(out.buffer)
    view.setUint8(AT.width, width)
    view.setUint8(AT.flags, flags | (filters ? FLAG_FILTERED : 0))
    view.setUint32(AT.entries, n, true)
    view.setUint32(AT.values, values, true)
    view.setUint32(AT.tail, tail, true)
    view.setUint32(AT.tailLength, tailLength, true)
    return out
  }

  /** Finds the addresses among the entries (in `addressBuffer`, -1 for none); gives how many there are. */
  #addresses(text: Uint8Array): number {
    const entries = this.#entries
    const n = entries.length
    if (addressBuffer.length < n) addressBuffer = new Float64Array(n * 2)
    let found = 0
    let from = 0
    for (let i = 0; i < n; i++) {
      const to = from + entries[i]!.length
      const address = addressIn(text, from, to)
      if (address >= 0) found++
      addressBuffer[i] = address
      from = to
    }
    return found
  }

  #filter(kind: 'text' | 'list' | 'mixed', text: Uint8Array, ascii: boolean, filters: Filters): void {
    const entries = this.#entries
    const seed = this.#seed
    const { values } = filters
    const add = (key: number): void => values.add(key)
    filters.text.begin(text.length)
    if (kind === 'mixed') {
      for (const entry of entries)
        for (const value of scalarsOf(entry)) {
          values.add(filters.text.addText(String(value), seed))
          if (typeof value === 'number') values.add(hashNumber(seed, value))
        }
    } else if (ascii) {
      let from = 0
      for (let i = 0; i < entries.length; i++) {
        const to = from + entries[i]!.length
        const address = addressBuffer[i]!
        if (address >= 0) addAddress(seed, address, add)
        else values.add(filters.text.addAscii(text, from, to, seed))
        from = to
      }
    } else
      for (const entry of entries) {
        const address = addressOf(entry)
        // Text that is not ASCII has no table of addresses: they stand in both filters.
        if (address >= 0) addAddress(seed, address, add)
        values.add(filters.text.addText(entry, seed))
      }
    this.textFilter = filters.text.finish()
  }
}

/** The value of a mixed column's entry. */
export function untagged(entry: string): RowValue {
  const rest = entry.slice(1)
  switch (entry[0]) {
    case 's':
      return rest
    case 'n':
      return Number(rest)
    case 'b':
      return rest === '1'
    default:
      return JSON.parse(rest) as string[]
  }
}
const scalarsOf = (entry: string): readonly Scalar[] => {
  const value = untagged(entry)
  return typeof value === 'object' ? value : [value]
}

function enlarged<T extends Uint8Array | Uint16Array | Uint32Array | Float64Array>(old: T, make: new (length: number) => T): T {
  const next = new make(Math.max(SMALLEST, old.length * 2))
  next.set(old)
  return next
}
