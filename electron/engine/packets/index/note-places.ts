/**
 * Where the notes of each chunk lie in `notes.bin`, and how that is stored: as one table of numbers, for there are tens of
 * thousands, and opening a capture again waits for them.
 */
import { z } from 'zod'

export interface Place {
  readonly offset: number
  readonly length: number
}
export interface ChunkPlaces {
  readonly lines: Place | null
  /** By field name. */
  readonly fields: ReadonlyMap<string, Place>
}

export const StoredPlaces = z.object({
  fields: z.array(z.string()),
  /**
   * Base64 of doubles in the machine's byte order: of each chunk offset and length of its lines, then of each of the fields;
   * length -1 where there are none. A chunk without notes has none of all.
   */
  table: z.string(),
})
export type StoredPlaces = z.infer<typeof StoredPlaces>

export function storePlaces(places: readonly (ChunkPlaces | null)[]): StoredPlaces {
  const fields = [...new Set(places.flatMap((one) => (one === null ? [] : [...one.fields.keys()])))]
  const table = new Float64Array(places.length * (2 + 2 * fields.length))
  let at = 0
  const put = (place: Place | null | undefined): void => {
    table[at++] = place?.offset ?? 0
    table[at++] = place?.length ?? -1
  }
  for (const one of places) {
    put(one?.lines)
    for (const field of fields) put(one?.fields.get(field))
  }
  return { fields, table: Buffer.from(table.buffer).toString('base64') }
}

/** Null where the table cannot be. */
export function readPlaces({ fields, table }: StoredPlaces): (ChunkPlaces | null)[] | null {
  const bytes = Buffer.from(table, 'base64')
  const width = 2 + 2 * fields.length
  if (bytes.length % (8 * width) !== 0) return null
  const numbers = new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length))
  const found: (ChunkPlaces | null)[] = []
  for (let row = 0; row < numbers.length; row += width) {
    const at = (i: number): Place | null | undefined => {
      const [offset, length] = [numbers[row + i]!, numbers[row + i + 1]!]
      if (length === -1) return null
      return Number.isSafeInteger(offset) && Number.isSafeInteger(length) && offset >= 0 && length >= 0
        ? { offset, length }
        : undefined
    }
    const lines = at(0)
    if (lines === undefined) return null
    const of = new Map<string, Place>()
    for (const [i, field] of fields.entries()) {
      const place = at(2 + 2 * i)
      if (place === undefined) return null
      if (place !== null) of.set(field, place)
    }
    found.push(lines === null && of.size === 0 ? null : { lines, fields: of })
  }
  return found
}

/** Bytes that `notes.bin` has at least. */
export function placesEnd(places: readonly (ChunkPlaces | null)[]): number {
  let end = 0
  for (const one of places) {
    if (one?.lines) end = Math.max(end, one.lines.offset + one.lines.length)
    if (one) for (const { offset, length } of one.fields.values()) end = Math.max(end, offset + length)
  }
  return end
}
