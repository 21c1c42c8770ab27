/** Where each record of a block stands in its source: run-length groups as JSON, then byte offsets as a column. */
import type { RecordPlace } from '../../../shared/model/event.ts'
import type { Batch } from './batch.ts'
import { ColumnBuilder } from './column-builder.ts'
import { aligned } from './column-format.ts'
import { Column } from './column.ts'
import { DamageError } from './damage.ts'

export type PlaceGroups = Batch['places']
interface StoredGroup {
  readonly rows: number
  readonly source: string
  readonly origin: string
  readonly record: number | null
}

export function encodePlaces(groups: PlaceGroups, rows: number): Uint8Array<ArrayBuffer> {
  const stored: StoredGroup[] = []
  const offsets = new ColumnBuilder('offset', true)
  let row = 0
  for (const group of groups) {
    const last = stored.at(-1)
    // Neighbouring batches of one file go on where the one before ended.
    if (
      last &&
      last.source === group.source &&
      last.origin === group.origin &&
      (last.record === null ? group.record === null : group.record === last.record + last.rows)
    )
      stored[stored.length - 1] = { ...last, rows: last.rows + group.rows }
    else stored.push({ rows: group.rows, source: group.source, origin: group.origin, record: group.record })
    for (let i = 0; i < group.rows && row < rows; i++, row++) {
      const offset = group.offsets?.[i]
      if (offset !== undefined) offsets.add(row, offset)
    }
  }
  const json = Buffer.from(JSON.stringify(stored))
  const column = offsets.finish(rows, null)
  const start = aligned(4 + json.length)
  const out = new Uint8Array(start + column.length)
  new DataView(out.buffer).setUint32(0, json.length, true)
  out.set(json, 4)
  out.set(column, start)
  return out
}

export class Places {
  readonly #groups: readonly StoredGroup[]
  readonly #offsets: Column

  /** Throws `DamageError`. */
  constructor(bytes: Uint8Array) {
    if (bytes.length < 4) throw new DamageError('the places of a block are too short')
    const length = new DataView(bytes.buffer, bytes.byteOffset, bytes.length).getUint32(0, true)
    try {
      this.#groups = JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset + 4, length).toString('utf8')) as StoredGroup[]
    } catch {
      throw new DamageError('the places of a block cannot be read')
    }
    this.#offsets = new Column(bytes.subarray(aligned(4 + length)))
  }

  at(row: number): RecordPlace {
    let first = 0
    for (const group of this.#groups) {
      if (row < first + group.rows) {
        const offset = this.#offsets.value(row)
        return {
          source: group.source,
          origin: group.origin,
          record: group.record === null ? null : group.record + row - first,
          offset: typeof offset === 'number' ? offset : null,
        }
      }
      first += group.rows
    }
    return { source: '', origin: '', record: null, offset: null }
  }

  /** As a batch has them, to be merged with those of other blocks. */
  groups(): PlaceGroups {
    let first = 0
    return this.#groups.map((group) => {
      const offsets = new Float64Array(group.rows)
      let all = true
      for (let i = 0; i < group.rows; i++) {
        const offset = this.#offsets.value(first + i)
        if (typeof offset === 'number') offsets[i] = offset
        else all = false
      }
      first += group.rows
      return { ...group, offsets: all ? offsets : null }
    })
  }
}
