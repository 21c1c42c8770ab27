/**
 * The head of a stored block: which columns it has, where each part stands, and enough about each (rows, smallest, largest)
 * to pass the block over without reading more.
 */
import { crc32 } from 'node:zlib'
import { FLAG_ADDRESSES, FLAG_FILTERED, FLAG_FRACTIONS } from './column-format.ts'
import { DamageError } from './damage.ts'
import { FULLTEXT_KINDS } from './text-filter.ts'
import type { Fulltext } from './text-filter.ts'

const VERSION = 1
const FIXED = 72
const COLUMN = 32

export interface Place {
  readonly piece: number
  readonly offset: number
  readonly length: number
}
export interface ColumnEntry extends Place {
  readonly field: number
  /** Index in COLUMN_KINDS. */
  readonly kind: number
  /** As in column-format.ts. */
  readonly flags: number
  readonly count: number
  readonly min: number
  readonly max: number
  /** Where its text filter stands among those of the block. */
  readonly textOffset: number
  readonly textLength: number
}
export interface HeadParts {
  /** Pieces are written as differences to this one, the block's first. */
  readonly firstPiece: number
  readonly columns: readonly ColumnEntry[]
  readonly raw: readonly { readonly piece: number; readonly firstRow: number }[]
  /** Size of the whole value filter, its parts, and checksums of them. */
  readonly filterBytes: number
  readonly filterParts: readonly (Place & { readonly crc: number })[]
  /** Text filters of all columns; null where no column has one. */
  readonly textFilters: (Place & { readonly crc: number }) | null
  readonly textKind: Fulltext
  readonly places: Place & { readonly crc: number }
}

export function writeHead(parts: HeadParts): Uint8Array<ArrayBuffer> {
  const { columns, raw, filterParts, firstPiece } = parts
  const c = columns.length
  const minMax = FIXED + c * COLUMN + raw.length * 8 + filterParts.length * 16
  const start = (minMax + 7) & ~7
  const out = new Uint8Array(start + c * 16)
  const view = new DataView(out.buffer)
  const u32 = (at: number, value: number): void => view.setUint32(at, value, true)
  u32(4, VERSION)
  u32(8, c)
  u32(12, raw.length)
  u32(16, filterParts.length)
  u32(20, parts.filterBytes)
  view.setFloat64(24, firstPiece, true)
  u32(64, FULLTEXT_KINDS.indexOf(parts.textKind))
  const { textFilters, places } = parts
  if (textFilters)
    [textFilters.piece - firstPiece, textFilters.offset, textFilters.length, textFilters.crc].forEach((v, i) =>
      u32(32 + i * 4, v),
    )
  ;[places.piece - firstPiece, places.offset, places.length, places.crc].forEach((v, i) => u32(48 + i * 4, v))
  let at = FIXED
  const sorted = columns.toSorted((a, b) => a.field - b.field)
  sorted.forEach((column, i) => {
    u32(at, column.field)
    u32(at + 4, column.piece - firstPiece)
    u32(at + 8, column.offset)
    u32(at + 12, column.length)
    u32(at + 16, column.count)
    u32(at + 20, column.kind | (column.flags << 8))
    u32(at + 24, column.textOffset)
    u32(at + 28, column.textLength)
    view.setFloat64(start + i * 16, column.min, true)
    view.setFloat64(start + i * 16 + 8, column.max, true)
    at += COLUMN
  })
  for (const chunk of raw) {
    u32(at, chunk.piece - firstPiece)
    u32(at + 4, chunk.firstRow)
    at += 8
  }
  for (const part of filterParts) {
    u32(at, part.piece - firstPiece)
    u32(at + 4, part.offset)
    u32(at + 8, part.length)
    u32(at + 12, part.crc)
    at += 16
  }
  u32(0, crc32(out.subarray(4)))
  return out
}

export class Head {
  readonly columns: number
  readonly chunks: number
  readonly filterBytes: number
  readonly #parts: number
  readonly #firstPiece: number
  readonly #view: DataView
  readonly #minMax: number

  /** Throws `DamageError`. */
  constructor(bytes: Uint8Array) {
    if (bytes.length < FIXED) throw new DamageError('the head of a block is too short')
    const view = (this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length))
    if (view.getUint32(0, true) !== crc32(bytes.subarray(4)))
      throw new DamageError('the head of a block does not fit its checksum')
    if (view.getUint32(4, true) !== VERSION) throw new DamageError('the head of a block is of an unknown version')
    this.columns = view.getUint32(8, true)
    this.chunks = view.getUint32(12, true)
    this.#parts = view.getUint32(16, true)
    this.filterBytes = view.getUint32(20, true)
    this.#firstPiece = view.getFloat64(24, true)
    this.#minMax = (FIXED + this.columns * COLUMN + this.chunks * 8 + this.#parts * 16 + 7) & ~7
  }

  get bytes(): number {
    return this.#view.byteLength
  }

  #u32(at: number): number {
    return this.#view.getUint32(at, true)
  }

  /** Index of a field's column, or -1. */
  find(field: number): number {
    let low = 0
    let high = this.columns - 1
    while (low <= high) {
      const middle = (low + high) >> 1
      const value = this.#u32(FIXED + middle * COLUMN)
      if (value === field) return middle
      if (value < field) low = middle + 1
      else high = middle - 1
    }
    return -1
  }

  field(column: number): number {
    return this.#u32(FIXED + column * COLUMN)
  }

  place(column: number): Place {
    const at = FIXED + column * COLUMN
    return { piece: this.#u32(at + 4) + this.#firstPiece, offset: this.#u32(at + 8), length: this.#u32(at + 12) }
  }

  /** Rows that have a value of this column. */
  count(column: number): number {
    return this.#u32(FIXED + column * COLUMN + 16)
  }

  kind(column: number): number {
    return this.#u32(FIXED + column * COLUMN + 20) & 0xff
  }

  /** Its values are in the filters. */
  filtered(column: number): boolean {
    return ((this.#u32(FIXED + column * COLUMN + 20) >>> 8) & FLAG_FILTERED) !== 0
  }

  /** Some of its values are IPv4 addresses, which are not in its text filter. */
  addresses(column: number): boolean {
    return ((this.#u32(FIXED + column * COLUMN + 20) >>> 8) & FLAG_ADDRESSES) !== 0
  }

  /** Bytes of its text filter among those of the block. */
  textFilter(column: number): { readonly offset: number; readonly length: number } {
    const at = FIXED + column * COLUMN
    return { offset: this.#u32(at + 24), length: this.#u32(at + 28) }
  }

  get textKind(): Fulltext {
    return FULLTEXT_KINDS[this.#u32(64)] ?? 'words'
  }

  /** Its numbers are not all whole ones. */
  fractions(column: number): boolean {
    return ((this.#u32(FIXED + column * COLUMN + 20) >>> 8) & FLAG_FRACTIONS) !== 0
  }

  min(column: number): number {
    return this.#view.getFloat64(this.#minMax + column * 16, true)
  }

  max(column: number): number {
    return this.#view.getFloat64(this.#minMax + column * 16 + 8, true)
  }

  /** Piece of the raw chunk that holds a row, and the chunk's first row. */
  chunkOf(row: number): { readonly piece: number; readonly firstRow: number } {
    const start = FIXED + this.columns * COLUMN
    let chunk = 0
    while (chunk + 1 < this.chunks && this.#u32(start + (chunk + 1) * 8 + 4) <= row) chunk++
    return this.chunk(chunk)
  }

  chunk(index: number): { readonly piece: number; readonly firstRow: number } {
    const at = FIXED + this.columns * COLUMN + index * 8
    return { piece: this.#u32(at) + this.#firstPiece, firstRow: this.#u32(at + 4) }
  }

  /** The stored part of the value filter that begins at this byte of the whole filter. */
  filterPart(start: number): Place & { readonly crc: number } {
    const first = FIXED + this.columns * COLUMN + this.chunks * 8
    let sum = 0
    for (let i = 0; i < this.#parts; i++) {
      const at = first + i * 16
      const length = this.#u32(at + 8)
      if (start < sum + length)
        return { piece: this.#u32(at) + this.#firstPiece, offset: this.#u32(at + 4), length, crc: this.#u32(at + 12) }
      sum += length
    }
    throw new DamageError('a block has no such part of its filter')
  }

  get textFilters(): (Place & { readonly crc: number }) | null {
    const length = this.#u32(40)
    return length === 0 ? null : { piece: this.#u32(32) + this.#firstPiece, offset: this.#u32(36), length, crc: this.#u32(44) }
  }

  get places(): Place & { readonly crc: number } {
    return { piece: this.#u32(48) + this.#firstPiece, offset: this.#u32(52), length: this.#u32(56), crc: this.#u32(60) }
  }

  /** Every piece the block points to, each once. */
  pieces(): number[] {
    const all = new Set<number>()
    for (let i = 0; i < this.columns; i++) all.add(this.place(i).piece)
    for (let i = 0; i < this.chunks; i++) all.add(this.chunk(i).piece)
    const first = FIXED + this.columns * COLUMN + this.chunks * 8
    for (let i = 0; i < this.#parts; i++) all.add(this.#u32(first + i * 16) + this.#firstPiece)
    if (this.textFilters) all.add(this.textFilters.piece)
    all.add(this.places.piece)
    return [...all]
  }
}
