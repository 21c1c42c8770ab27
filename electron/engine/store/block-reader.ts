/** Reads one stored block. Pieces are read once per view, columns decoded when asked for. */
import { crc32 } from 'node:zlib'
import type { EventRow } from '../../../shared/model/event.ts'
import { prepared } from './database.ts'
import type { ReadDatabase } from './database.ts'
import { Column } from './column.ts'
import { DamageError, GoneError } from './damage.ts'
import type { Head, Place } from './head.ts'
import { Places } from './places.ts'
import { readRawChunk } from './raw-chunk.ts'

type PieceStatement = { get(id: number): unknown }
export const pieceStatement = (db: Pick<ReadDatabase, 'prepare'>): PieceStatement =>
  prepared(db, 'SELECT data FROM piece WHERE id = ?').pluck() as unknown as PieceStatement

export class BlockReader {
  readonly head: Head
  /** Events that were made of whole rows, by row, where they are kept: whoever gets one must leave it as it is. */
  readonly made: Map<number, EventRow> | null
  readonly #statement: PieceStatement
  readonly #pieces = new Map<number, Uint8Array>()
  readonly #columns = new Map<number, Column | null>()
  readonly #parts = new Map<number, Uint8Array>()
  #places: Places | undefined
  #texts: Uint8Array | undefined

  constructor(head: Head, statement: PieceStatement, keepsRows = false) {
    this.head = head
    this.made = keepsRows ? new Map() : null
    this.#statement = statement
  }

  #piece(id: number): Uint8Array {
    const known = this.#pieces.get(id)
    if (known) return known
    const bytes = this.#statement.get(id)
    if (!(bytes instanceof Uint8Array)) throw new GoneError(`piece ${id} is gone`)
    this.#pieces.set(id, bytes)
    return bytes
  }

  #bytes(place: Place): Uint8Array {
    const piece = this.#piece(place.piece)
    if (place.offset + place.length > piece.length) throw new DamageError(`piece ${place.piece} is too short`)
    return piece.subarray(place.offset, place.offset + place.length)
  }

  #checked(place: Place & { readonly crc: number }): Uint8Array {
    const bytes = this.#bytes(place)
    if (crc32(bytes) !== place.crc) throw new DamageError(`piece ${place.piece} does not fit its checksum`)
    return bytes
  }

  /** Column of a field's number, or null where the block has none. */
  column(field: number): Column | null {
    const known = this.#columns.get(field)
    if (known !== undefined) return known
    const at = this.head.find(field)
    const column = at < 0 ? null : new Column(this.#bytes(this.head.place(at)))
    this.#columns.set(field, column)
    return column
  }

  /** The part of the value filter that begins at this byte. */
  filterPart(start: number): Uint8Array {
    let part = this.#parts.get(start)
    if (!part) this.#parts.set(start, (part = this.#checked(this.head.filterPart(start))))
    return part
  }

  /** Text filter of the column at this index of the head; no bytes where it has none. */
  textFilter(column: number): Uint8Array {
    if (this.#texts === undefined) {
      const place = this.head.textFilters
      this.#texts = place ? this.#checked(place) : new Uint8Array(0)
    }
    const { offset, length } = this.head.textFilter(column)
    return this.#texts.subarray(offset, offset + length)
  }

  places(): Places {
    return (this.#places ??= new Places(this.#checked(this.head.places)))
  }

  /** The exact bytes of a record. */
  raw(row: number): Uint8Array {
    const { piece, firstRow } = this.head.chunkOf(row)
    const record = this.rawChunk(piece)[row - firstRow]
    if (!record) throw new DamageError(`piece ${piece} has too few records`)
    return record
  }

  /** All records of a chunk; each chunk has a piece of its own. */
  rawChunk(piece: number): Uint8Array[] {
    return readRawChunk(this.#piece(piece))
  }
}
