/**
 * How one column of a block is written.
 *
 * A header of 48 bytes, then sections, each beginning at a multiple of eight bytes:
 *   places   which rows have a value: nothing (all have), row numbers (u16), or a bitmap
 *   numbers  fixed width, read in place: number − min as u8/u16/u32, or the entry of the dictionary; nothing where all are alike
 *   counts   lists only: values of each present row (u8)
 *   lengths  dictionaries only: UTF-16 units of each entry (u8/u16)
 *   tail     text of the dictionary, one entry after the other, or f64 numbers; perhaps compressed. A dictionary of IPv4
 *            addresses alone is written as numbers (u32), without lengths.
 * All numbers are little-endian.
 */

/** What the values are. `mixed`: of several kinds, each entry of the dictionary tagged by its first letter. */
export const COLUMN_KINDS = ['number', 'boolean', 'text', 'list', 'mixed'] as const
export type ColumnKind = (typeof COLUMN_KINDS)[number]
export const kindIndex = (kind: ColumnKind): number => COLUMN_KINDS.indexOf(kind)

export const PLACES_ALL = 0
export const PLACES_ROWS = 1
export const PLACES_BITS = 2

export const FLAG_PACKED = 1
/** Values are in the block's value filter. */
export const FLAG_FILTERED = 2
export const FLAG_ASCII = 4
/** `lengths` are u16. */
export const FLAG_LONG = 8
/** `numbers` are differences between neighbours, zigzag. */
export const FLAG_DELTA = 16
/** Not all numbers are whole ones. */
export const FLAG_FRACTIONS = 32
/** Some entries are IPv4 addresses: these are in the value filter as such, and not in the text filter. */
export const FLAG_ADDRESSES = 64
/** All entries are IPv4 addresses, written as numbers. */
export const FLAG_ONLY_ADDRESSES = 128

export const HEADER_BYTES = 48
/** Offsets of the header's parts. The checksum covers everything behind itself. */
export const AT = {
  kind: 0,
  places: 1,
  /** Bytes of one of `numbers`: 0 (all alike, or in the tail), 1, 2, 4. */
  width: 2,
  flags: 3,
  crc: 4,
  rows: 8,
  /** Rows that have a value. */
  count: 12,
  /** Entries of the dictionary; 0 for numbers. */
  entries: 16,
  /** Values in `numbers` (lists: of all rows together). */
  values: 20,
  min: 24,
  max: 32,
  /** Where the tail begins, and its size when unpacked. */
  tail: 40,
  tailLength: 44,
} as const

export const aligned = (at: number): number => (at + 7) & ~7
