/**
 * Rows of a block in which something of what is sought stands: filters pass most columns over, and in the others their dictionaries are
 * looked through, so that hardly any row has to be made. Sound: every row that has it is told, and perhaps others.
 */
import type { Sought } from '../../sigma/sought.ts'
import { LiteralIndex } from '../../sigma/compile/literal-index.ts'
import { COLUMN_KINDS } from '../column-format.ts'
import type { Column } from '../column.ts'
import { fieldOfColumn, SYSTEM } from '../system-columns.ts'
import { TextProbe } from '../text-filter.ts'
import { entryAt, type Asked } from './evaluate.ts'

/** From so many on, texts are looked for in one pass. */
const MANY = 16

/** What is sought in one field. */
class Literals {
  /** Whole values. */
  readonly #whole = new Set<string>()
  readonly #numbers = new Set<number>()
  readonly #parts: Sought[] = []
  /** Of {@link #parts}: those that may stand in a number. */
  readonly #inNumbers: Sought[] = []
  readonly #all: readonly (Sought & { readonly probe: TextProbe; readonly numeric: boolean })[]
  readonly #index: LiteralIndex | null = null

  constructor(sought: Iterable<Sought>) {
    const unique = new Map<string, Sought>()
    for (const one of sought) unique.set(`${one.place} ${one.text}`, one)
    for (const one of unique.values()) {
      const { text, place } = one
      if (place === 'whole') {
        this.#whole.add(text)
        if (String(Number(text)) === text) this.#numbers.add(Number(text))
      } else {
        this.#parts.push(one)
        if (/^[\d.e+-]+$/.test(text) || 'infinity'.includes(text) || 'nan'.includes(text)) this.#inNumbers.push(one)
      }
    }
    this.#all = [...unique.values()].map((one) => ({
      ...one,
      probe: new TextProbe(one.text),
      numeric: /^[\d.]+$/.test(one.text),
    }))
    if (this.#parts.length < MANY) return
    const index = (this.#index = new LiteralIndex())
    for (const { text, place } of this.#parts) if (place !== 'whole') index.add(0, text, place, 0)
    index.build()
  }

  /** False where certainly no value of the column at this index of the head has any of it. */
  mayStandIn({ reader: { head }, reader }: Asked, at: number): boolean {
    const kind = COLUMN_KINDS[head.kind(at)]
    if (kind === 'boolean' || kind === 'mixed') return true
    if (kind === 'number') {
      if (this.#inNumbers.length > 0) return true
      for (const number of this.#numbers) if (number >= head.min(at) && number <= head.max(at)) return true
      return false
    }
    if (!head.filtered(at)) return true
    const filter = reader.textFilter(at)
    // Addresses are not in the filter of texts.
    const addresses = head.addresses(at)
    return this.#all.some(({ probe, numeric }) => (addresses && numeric) || probe.mayHold(filter, head.textKind))
  }

  /** Marks the rows whose value has any of it. */
  mark(column: Column, rows: Uint8Array): void {
    if (column.kind === 'number') {
      let last = NaN
      let has = false
      const { numbers } = column
      if (this.#numbers.size === 0 && this.#inNumbers.length === 0) return
      put(column, rows, (i) => {
        const number = numbers[i]!
        if (number === last) return has
        last = number
        return (has = this.#inNumber(number))
      })
    } else if (column.kind === 'boolean') {
      const [no, yes] = [this.#inText('false'), this.#inText('true')]
      if (no || yes) put(column, rows, (i) => (column.numberAt(i) === 1 ? yes : no))
    } else {
      const entries = this.#entries(column)
      if (entries === null) return
      if (column.kind !== 'list') put(column, rows, (i) => entries[column.idAt(i)] === 1)
      else {
        const { starts } = column
        put(column, rows, (i) => {
          for (let v = starts[i]!; v < starts[i + 1]!; v++) if (entries[column.idAt(v)] === 1) return true
          return false
        })
      }
    }
  }

  #inNumber(number: number): boolean {
    return this.#numbers.has(number) || (this.#inNumbers.length > 0 && this.#inText(String(number).toLowerCase()))
  }

  /** Of a text in lower case. */
  #inText(text: string): boolean {
    if (this.#whole.has(text)) return true
    if (this.#index !== null) {
      let found = false
      this.#index.scanText(0, text, () => void (found = true))
      return found
    }
    return this.#parts.some(({ text: own, place }) =>
      place === 'start' ? text.startsWith(own) : place === 'end' ? text.endsWith(own) : text.includes(own),
    )
  }

  /** Entries of the column's dictionary that have any of it; null where none does. */
  #entries(column: Column): Uint8Array | null {
    const { entries } = column
    const found = new Uint8Array(entries)
    let any = false
    if (column.kind === 'mixed')
      for (let id = 0; id < entries; id++) {
        if (!column.scalars(id).some((value) => this.#inText(String(value).toLowerCase()))) continue
        any = true
        found[id] = 1
      }
    else if (this.#all.length < MANY && column.ascii) any = this.#inOneText(column, found)
    else
      // In other letters the lower case of a text may have another length, and depend on what is beside it.
      column.dictionary.forEach((entry, id) => {
        if (!this.#inText(entry.toLowerCase())) return
        any = true
        found[id] = 1
      })
    return any ? found : null
  }

  /** Each is looked for in all entries at once, then it is seen which entry a find is in. */
  #inOneText(column: Column, found: Uint8Array): boolean {
    const { ends } = column
    const lower = column.text.toLowerCase()
    let any = false
    for (const { text, place } of this.#all) {
      let id = 0
      for (let at = lower.indexOf(text); at >= 0;) {
        id = entryAt(ends, at, id)
        const from = id === 0 ? 0 : ends[id - 1]!
        const to = ends[id]!
        const end = at + text.length
        const fits = end <= to && (at === from || (place !== 'start' && place !== 'whole')) && (end === to || (place !== 'end' && place !== 'whole')) // prettier-ignore
        if (fits) {
          found[id] = 1
          any = true
        }
        at = lower.indexOf(text, fits ? to : at + 1)
      }
    }
    return any
  }
}

/** Marks the rows of the present values for which `has` is true. */
function put(column: Column, rows: Uint8Array, has: (i: number) => boolean): void {
  const list = column.rowList
  for (let i = 0; i < column.count; i++) if (has(i)) rows[list === null ? i : list[i]!] = 1
}

export class SoughtRows {
  readonly #byField = new Map<string, Literals>()
  readonly #anywhere: Literals | null

  constructor(sought: readonly Sought[]) {
    const anywhere = sought.filter(({ fields }) => fields === null)
    this.#anywhere = anywhere.length === 0 ? null : new Literals(anywhere)
    const byField = new Map<string, Sought[]>()
    for (const one of sought)
      for (const field of one.fields ?? []) {
        const known = byField.get(field)
        if (known === undefined) byField.set(field, [...anywhere, one])
        else known.push(one)
      }
    for (const [field, own] of byField) this.#byField.set(field, new Literals(own))
  }

  /** One byte for each row, 1 where it has something of what is sought or its columns do not hold everything; null where none has. */
  of(block: Asked): Uint8Array | null {
    const { info, reader } = block
    const { head } = reader
    const rows = new Uint8Array(info.rows)
    for (let at = 0; at < head.columns; at++) {
      const name = info.partition.fieldName(head.field(at))
      const field = fieldOfColumn(name)
      if (field === null) {
        if (name === SYSTEM.cut) put(reader.column(head.field(at))!, rows, () => true)
        continue
      }
      const literals = this.#byField.get(field) ?? this.#anywhere
      if (literals?.mayStandIn(block, at) === true) literals.mark(reader.column(head.field(at))!, rows)
    }
    return rows.includes(1) ? rows : null
  }
}
