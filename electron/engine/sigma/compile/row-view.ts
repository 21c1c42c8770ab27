/** A row as rules see it: fields by slot, as text, each made once per event. */
import { isoFromMicros } from '../../../../shared/model/time.ts'
import type { FieldRegistry } from '../../event/field-registry.ts'
import { EventRow, type RowValue } from '../../event/row.ts'
import type { Derived } from '../logsources/log-source.ts'

/** Text of a field; a list where it has several values. */
export type Text = string | readonly string[]

export type SlotSource = { readonly names: readonly string[] } | { readonly derive: Derived } | 'everything'

interface Slot {
  readonly key: string
  /** Field ids, the first one set counts; names of system fields are negative. */
  readonly ids: readonly number[]
  readonly derive: Derived | null
  readonly everything: boolean
}

const TYPE = -2
const FORMAT = -3
const SOURCE = -4
const TIME = -5
const SYSTEM: ReadonlyMap<string, number> = new Map([
  ['type', TYPE],
  ['format', FORMAT],
  ['source', SOURCE],
  // ISO, UTC: for rules that ask for the hour of any event, whatever its record calls the time.
  ['time', TIME],
])

/** Of which parts of URLs are made. */
export const URL_FIELDS = ['http.url', 'http.host'] as const

/** What a rule reads by this name is no field of the record. */
export const isSystemName = (name: string): boolean => SYSTEM.has(name)

export class RowView {
  readonly #fields: FieldRegistry
  readonly #slots: Slot[] = []
  readonly #byKey = new Map<string, number>()
  #textAt: number[] = []
  #texts: (Text | undefined)[] = []
  #lowerAt: number[] = []
  #lowers: (Text | undefined)[] = []
  #row = new EventRow()
  #stamp = 0
  readonly #url: number
  readonly #host: number

  constructor(fields: FieldRegistry) {
    this.#fields = fields
    this.#url = fields.id(URL_FIELDS[0])
    this.#host = fields.id(URL_FIELDS[1])
  }

  /** Number of a slot; the same source has the same number. */
  slot(source: SlotSource): number {
    const key = source === 'everything' ? '*' : 'derive' in source ? `=${source.derive}` : source.names.join('\n')
    const known = this.#byKey.get(key)
    if (known !== undefined) return known
    const names = source !== 'everything' && 'names' in source ? source.names : []
    const slot = {
      key,
      ids: names.map((name) => SYSTEM.get(name) ?? this.#fields.id(name)),
      derive: source !== 'everything' && 'derive' in source ? source.derive : null,
      everything: source === 'everything',
    }
    const index = this.#slots.length
    this.#slots.push(slot)
    this.#byKey.set(key, index)
    this.#textAt.push(-1)
    this.#texts.push(undefined)
    this.#lowerAt.push(-1)
    this.#lowers.push(undefined)
    return index
  }

  /**
   * The slot whose text holds all of this one's, so that literals of both are looked for at once: parts of a URL stand in
   * it, and it stands in the whole address, where a rule asks for that.
   */
  holder(slot: number): number {
    const { key, derive } = this.#slots[slot]!
    const url = derive === 'stem' || derive === 'query' || key === 'http.url'
    return url ? (this.#byKey.get('=url') ?? this.slot({ names: ['http.url'] })) : slot
  }

  /** True where the first of several texts is the end of the last. */
  nested(slot: number): boolean {
    return this.#slots[slot]!.derive === 'url'
  }

  isEverything(slot: number): boolean {
    return this.#slots[slot]!.everything
  }

  /** The one field whose text a slot always shows as it is, or -1. */
  onlyField(slot: number): number {
    const { ids, derive } = this.#slots[slot]!
    return derive === 'url' ? this.#url : ids.length === 1 ? ids[0]! : -1
  }

  /** Ids of the fields of which a slot shows the first that is there; null where it shows anything else. */
  fieldsOf(slot: number): readonly number[] | null {
    const { ids, derive, everything } = this.#slots[slot]!
    return derive !== null || everything || ids.length === 0 || ids.some((id) => id < 0) ? null : ids
  }

  /** How many slots there are. */
  get size(): number {
    return this.#slots.length
  }

  show(row: EventRow): void {
    this.#row = row
    this.#stamp++
  }

  get row(): EventRow {
    return this.#row
  }

  /** What the field holds, before it is made text; not for derived slots. */
  value(slot: number): RowValue | undefined {
    const { ids } = this.#slots[slot]!
    for (let i = 0; i < ids.length; i++) {
      const value = this.#one(ids[i]!)
      if (value !== undefined) return value
    }
    return undefined
  }

  text(slot: number): Text | undefined {
    if (this.#textAt[slot] === this.#stamp) return this.#texts[slot]
    this.#textAt[slot] = this.#stamp
    return (this.#texts[slot] = this.#read(this.#slots[slot]!, slot))
  }

  /** The same in lower case. */
  lower(slot: number): Text | undefined {
    if (this.#lowerAt[slot] === this.#stamp) return this.#lowers[slot]
    this.#lowerAt[slot] = this.#stamp
    const text = this.text(slot)
    return (this.#lowers[slot] =
      text === undefined ? undefined : typeof text === 'string' ? text.toLowerCase() : text.map((item) => item.toLowerCase()))
  }

  /** Names and texts of the row's fields behind a slot: for marks. */
  sources(slot: number): { readonly field: string; readonly text: string }[] {
    const { ids, derive, everything } = this.#slots[slot]!
    if (everything)
      return this.#row.fields.flatMap((id) => texts(this.#row.values[id]).map((text) => ({ field: this.#fields.name(id), text })))
    if (derive !== null) {
      const text = this.text(slot)
      return (text === undefined ? [] : typeof text === 'string' ? [text] : text).map((item) => ({
        field: 'http.url',
        text: item,
      }))
    }
    for (const id of ids) {
      const value = this.#one(id)
      if (value !== undefined) return texts(value).map((text) => ({ field: this.#name(id), text }))
    }
    return []
  }

  /** Name of a field for a mark where there is no value. */
  fieldName(slot: number): string {
    const id = this.#slots[slot]!.ids.at(-1)
    return id === undefined ? '' : this.#name(id)
  }

  #name(id: number): string {
    for (const [name, number] of SYSTEM) if (number === id) return name
    return id < 0 ? '' : this.#fields.name(id)
  }

  #one(id: number): RowValue | undefined {
    if (id >= 0) return this.#row.values[id]
    if (id === TIME) return isoFromMicros(this.#row.time, this.#row.nanos)
    const text = id === TYPE ? this.#row.type : id === FORMAT ? this.#row.format : id === SOURCE ? this.#row.source : ''
    return text === '' ? undefined : text
  }

  #read(slot: Slot, index: number): Text | undefined {
    if (slot.everything) {
      const all: string[] = []
      const { fields, values } = this.#row
      for (let i = 0; i < fields.length; i++) {
        const value = values[fields[i]!]
        if (typeof value === 'string') all.push(value)
        else if (typeof value === 'object') for (let j = 0; j < value.length; j++) all.push(value[j]!)
        else all.push(String(value))
      }
      return all
    }
    if (slot.derive !== null) return this.#derive(slot.derive)
    const value = this.value(index)
    return typeof value === 'number' || typeof value === 'boolean' ? String(value) : value
  }

  /** Rules for proxies ask for whole URLs, events have the path and the host apart: both forms count. */
  #derive(what: Derived): Text | undefined {
    const url = this.#row.get(this.#url)
    if (typeof url !== 'string') return undefined
    const mark = url.indexOf('?')
    const stem = mark < 0 ? url : url.slice(0, mark)
    switch (what) {
      case 'url': {
        const host = this.#row.get(this.#host)
        return typeof host === 'string' && url.startsWith('/') ? [url, `http://${host}${url}`] : url
      }
      case 'stem':
        return stem
      case 'query':
        return mark < 0 ? '' : url.slice(mark + 1)
      case 'extension': {
        const name = stem.slice(stem.lastIndexOf('/') + 1)
        const dot = name.lastIndexOf('.')
        return dot < 0 ? '' : name.slice(dot + 1)
      }
    }
  }
}

function texts(value: RowValue | undefined): readonly string[] {
  if (value === undefined) return []
  return typeof value === 'object' ? value : [typeof value === 'string' ? value : String(value)]
}
