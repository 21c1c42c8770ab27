/** Events as the contract shows them, out of the columns of their blocks. */
import { TIME_NOTES } from '../../../../shared/model/event.ts'
import type { EventRow as ShownEvent, FieldValue } from '../../../../shared/model/event.ts'
import { isoFromMicros } from '../../../../shared/model/time.ts'
import type { Column } from '../column.ts'
import { SYSTEM, fieldOfColumn } from '../system-columns.ts'
import type { Asked } from './evaluate.ts'
import { resolveField } from './field-names.ts'
import type { Aliases } from './field-names.ts'

/** Where an event stands. */
export interface Found {
  readonly block: Asked
  readonly row: number
  readonly time: number
  readonly id: number
}

/** What is shown of each event: fields by the name that was asked for, with the columns it may stand in; null for all. */
export type Shown = readonly { readonly name: string; readonly columns: readonly string[] }[] | null

export const shownFields = (fields: readonly string[], aliases: Aliases): Shown =>
  fields.length === 0
    ? null
    : fields.map((name) => {
        const named = resolveField(name, aliases)
        return { name, columns: 'system' in named ? [] : named.columns }
      })

/** Events in the order given; each block's columns are decoded once. Whole events are the same objects again where the block keeps them. */
export function eventRows(found: readonly Found[], shown: Shown): ShownEvent[] {
  const byBlock = new Map<Asked, BlockRows>()
  return found.map(({ block, row, time, id }) => {
    const made = shown === null ? block.reader.made : null
    const known = made?.get(row)
    if (known !== undefined) return known
    let rows = byBlock.get(block)
    if (!rows) byBlock.set(block, (rows = new BlockRows(block, shown)))
    const event = rows.row(row, time, id)
    made?.set(row, event)
    return event
  })
}

class BlockRows {
  readonly #fields: { readonly name: string; readonly columns: readonly Column[] }[] = []
  readonly #system
  constructor(block: Asked, shown: Shown) {
    const { info, reader } = block
    const column = (name: string): Column | null => reader.column(info.partition.field(name))
    this.#system = {
      nanos: column(SYSTEM.nanos),
      note: column(SYSTEM.note),
      received: column(SYSTEM.received),
      type: column(SYSTEM.type),
      format: column(SYSTEM.format),
      source: column(SYSTEM.source),
    }
    if (shown) {
      for (const { name, columns } of shown) {
        const there = columns.map(column).filter((one) => one !== null)
        if (there.length > 0) this.#fields.push({ name, columns: there })
      }
    } else {
      const { head } = reader
      for (let i = 0; i < head.columns; i++) {
        const name = fieldOfColumn(info.partition.fieldName(head.field(i)))
        const one = name === null ? null : reader.column(head.field(i))
        if (name !== null && one) this.#fields.push({ name, columns: [one] })
      }
    }
  }

  row(row: number, time: number, id: number): ShownEvent {
    const s = this.#system
    const text = (column: Column | null): string => {
      const value = column?.value(row)
      return typeof value === 'string' ? value : ''
    }
    const number = (column: Column | null): number => {
      const value = column?.value(row)
      return typeof value === 'number' ? value : 0
    }
    // Names come from records: no prototype for `__proto__` to reach.
    const fields = Object.create(null) as Record<string, FieldValue>
    for (const { name, columns } of this.#fields) {
      for (const column of columns) {
        const value = column.value(row)
        if (value === undefined) continue
        fields[name] = typeof value === 'object' ? [...value] : value
        break
      }
    }
    return {
      id: String(id),
      time: isoFromMicros(time, number(s.nanos)),
      timeNote: TIME_NOTES[number(s.note)] ?? '',
      received: isoFromMicros(number(s.received)),
      type: text(s.type),
      format: text(s.format),
      source: text(s.source),
      fields,
    }
  }
}
