/**
 * Evaluates a plan over one block: first whether the block can hold anything that fits (filters, smallest and largest, which
 * columns there are), then which rows do, column by column over dictionaries and numbers.
 */
import { addressKey, addressOf, networkKey, rangeKey } from '../address-keys.ts'
import type { BlockReader } from '../block-reader.ts'
import { untagged } from '../column-builder.ts'
import { COLUMN_KINDS } from '../column-format.ts'
import type { Column } from '../column.ts'
import { SYSTEM } from '../system-columns.ts'
import { mayHold, partOf } from '../value-filter.ts'
import { fieldSeed, hashNumber, hashText } from '../value-hash.ts'
import type { BlockInfo } from './partition.ts'
import type { Plan } from './plan.ts'
import { fits } from './value-test.ts'
import type { ValueTest } from './value-test.ts'

/** One byte per row, 1 where it fits; or all, or none. */
export type Mask = Uint8Array | boolean

/** A block that is being asked. */
export interface Asked {
  readonly info: BlockInfo
  readonly reader: BlockReader
}
export const ask = (info: BlockInfo): Asked => ({ info, reader: info.partition.open(info) })

/* ---------------------------------------------------------------- whole blocks */

/** False where certainly no row of the block fits. */
export function mayFit(plan: Plan, block: Asked): boolean {
  switch (plan.kind) {
    case 'all':
      return true
    case 'none':
      return false
    case 'and':
      return plan.items.every((item) => mayFit(item, block))
    case 'or':
      return plan.items.some((item) => mayFit(item, block))
    case 'not':
      return true
    case 'exists':
      return plan.columns.some((name) => block.reader.head.find(block.info.partition.field(name)) >= 0)
    case 'columns':
      return plan.columns.some((name) => columnMayFit(name, plan.test, block))
    case 'anything':
      return anythingMayFit(plan.test, block)
    case 'system': {
      const { info } = block
      if (plan.of === 'time') return info.maxTime >= plan.from && info.minTime <= plan.to
      if (plan.of === 'id')
        return info.partition.base + info.seq + info.rows > plan.from && info.partition.base + info.seq <= plan.to
      return true
    }
  }
}

const isNumeric = (kind: number): boolean => COLUMN_KINDS[kind] === 'number'
const isBoolean = (kind: number): boolean => COLUMN_KINDS[kind] === 'boolean'

function columnMayFit(name: string, test: ValueTest, { info, reader }: Asked): boolean {
  const { head } = reader
  const at = head.find(info.partition.field(name))
  if (at < 0) return false
  const kind = head.kind(at)
  if (isBoolean(kind)) return true
  if (isNumeric(kind)) {
    if (!test.bounds) return true
    if (test.bounds.from > head.max(at) || test.bounds.to < head.min(at)) return false
    const number = test.equals?.number
    return number === undefined || number === null || !head.filtered(at) || filterHas(reader, hashNumber(fieldSeed(name), number))
  }
  if (!head.filtered(at)) return true
  if (test.equals) {
    const { text, number } = test.equals
    const seed = fieldSeed(name)
    const address = addressOf(text)
    // A mixed column keeps addresses as any other text.
    if (filterHas(reader, address >= 0 && COLUMN_KINDS[kind] !== 'mixed' ? addressKey(seed, address) : hashText(seed, text)))
      return true
    return COLUMN_KINDS[kind] === 'mixed' && number !== null && filterHas(reader, hashNumber(seed, number))
  }
  if (COLUMN_KINDS[kind] === 'mixed') return true
  if (test.addresses?.v === 4) {
    if (!head.addresses(at)) return mayHoldOddAddress(reader, at)
    const key = rangeKey(fieldSeed(name), test.addresses.from, test.addresses.to)
    return key === null || filterHas(reader, key) || mayHoldOddAddress(reader, at)
  }
  return textMayHold(reader, at, name, test)
}

/** Addresses that are written in another way than usual (leading zeros) are text like any other; then the text filter is not empty. */
const mayHoldOddAddress = (reader: BlockReader, column: number): boolean => reader.head.textFilter(column).length > 0

function filterHas(reader: BlockReader, key: number): boolean {
  const { filterBytes } = reader.head
  if (filterBytes === 0) return true
  return mayHold(reader.filterPart(partOf(key, filterBytes).start), key)
}

/** False where no text of a (filtered, not mixed) column can contain what the test needs. */
function textMayHold(reader: BlockReader, column: number, name: string, test: ValueTest): boolean {
  const { probe } = test
  if (!probe) return true
  const { head } = reader
  if (probe.mayHold(reader.textFilter(column), head.textKind)) return true
  if (!head.addresses(column)) return false
  const addresses = test.addressesWith
  if (!addresses) return true
  const seed = fieldSeed(name)
  // The network is asked first, so that many candidates do not add up their false alarms.
  return addresses.some((address) => filterHas(reader, networkKey(seed, address)) && filterHas(reader, addressKey(seed, address)))
}

function anythingMayFit(test: ValueTest, block: Asked): boolean {
  const { info, reader } = block
  // What was cut from columns is in the raw record only.
  if (reader.head.find(info.partition.field(SYSTEM.cut)) >= 0) return true
  for (let i = 0; i < reader.head.columns; i++)
    if (searched(info.partition.fieldName(reader.head.field(i))) && anyMayFit(i, test, block)) return true
  return false
}

/** Free text is looked for in all fields, and in the type of the event. (Names of system columns begin with one NUL.) */
const searched = (name: string): boolean => !name.startsWith('\0') || name.startsWith('\0\0') || name === SYSTEM.type

/** False where the column at this index certainly has no value with the searched text. */
function anyMayFit(at: number, test: ValueTest, { info, reader }: Asked): boolean {
  const { head } = reader
  const kind = head.kind(at)
  if (isBoolean(kind)) return test.boolean(true) || test.boolean(false)
  if (isNumeric(kind))
    return test.bounds === undefined && (head.fractions(at) || numberMayContain(test, head.min(at), head.max(at)))
  return (
    COLUMN_KINDS[kind] === 'mixed' ||
    !head.filtered(at) ||
    textMayHold(reader, at, info.partition.fieldName(head.field(at)), test)
  )
}

/* ---------------------------------------------------------------- rows */

/** Rows of the block that fit. */
export function rowsThatFit(plan: Plan, block: Asked): Mask {
  switch (plan.kind) {
    case 'all':
      return true
    case 'none':
      return false
    case 'and': {
      let all: Mask = true
      for (const item of plan.items) {
        all = both(all, rowsThatFit(item, block))
        if (all === false) return false
      }
      return all
    }
    case 'or': {
      let any: Mask = false
      for (const item of plan.items) {
        if (!mayFit(item, block)) continue
        any = either(any, rowsThatFit(item, block))
        if (any === true) return true
      }
      return any
    }
    case 'not': {
      if (!mayFit(plan.item, block)) return true
      const mask = rowsThatFit(plan.item, block)
      if (typeof mask === 'boolean') return !mask
      for (let i = 0; i < mask.length; i++) mask[i]! ^= 1
      return mask
    }
    case 'exists': {
      let any: Mask = false
      for (const name of plan.columns) {
        const column = columnOf(name, block)
        if (!column) continue
        const list = column.rowList
        if (!list) return true
        const mask: Uint8Array = typeof any === 'boolean' ? new Uint8Array(block.info.rows) : any
        for (let i = 0; i < list.length; i++) mask[list[i]!] = 1
        any = mask
      }
      return any
    }
    case 'columns': {
      let any: Mask = false
      for (const name of plan.columns) {
        if (!columnMayFit(name, plan.test, block)) continue
        const column = columnOf(name, block)
        if (column) any = either(any, rowsOfColumn(column, plan.test))
      }
      return any
    }
    case 'anything':
      return rowsOfAnything(plan.test, block)
    case 'system':
      return rowsOfSystem(plan, block)
  }
}

const columnOf = (name: string, { info, reader }: Asked): Column | null => reader.column(info.partition.field(name))

function both(a: Mask, b: Mask): Mask {
  if (a === true) return b
  if (b === true) return a
  if (a === false || b === false) return false
  let any = 0
  for (let i = 0; i < a.length; i++) any |= a[i]! &= b[i]!
  return any !== 0 && a
}
function either(a: Mask, b: Mask): Mask {
  if (a === false) return b
  if (b === false) return a
  if (a === true || b === true) return true
  for (let i = 0; i < a.length; i++) a[i]! |= b[i]!
  return a
}

function rowsOfColumn(column: Column, test: ValueTest): Mask {
  switch (column.kind) {
    case 'number':
      return rowsOfNumbers(column, test)
    case 'boolean': {
      const yes = test.boolean(true)
      const no = test.boolean(false)
      if (yes === no) return yes && maskOf(column, (mask, at) => void (mask[at] = 1))
      const numbers = column.numbers
      return maskOf(column, (mask, at, i) => void (mask[at] = (numbers[i] === 1) === yes ? 1 : 0))
    }
    default: {
      const hits = column.kind === 'mixed' ? mixedEntries(column, test) : entriesThatFit(column, test)
      if (!hits) return false
      return column.kind === 'list' ? listRows(column, hits) : textRows(column, hits)
    }
  }
}

function maskOf(column: Column, put: (mask: Uint8Array, row: number, i: number) => void): Uint8Array {
  const mask = new Uint8Array(column.rows)
  const list = column.rowList
  for (let i = 0; i < column.count; i++) put(mask, list ? list[i]! : i, i)
  return mask
}

function rowsOfNumbers(column: Column, test: ValueTest): Mask {
  const { bounds } = test
  if (bounds && (bounds.from > column.max || bounds.to < column.min)) return false
  const numbers = column.numbers
  const list = column.rowList
  const mask = new Uint8Array(column.rows)
  let any = 0
  if (bounds?.exact) {
    const { from, to } = bounds
    if (list) {
      for (let i = 0; i < numbers.length; i++) {
        const n = numbers[i]!
        if (n >= from && n <= to) any = mask[list[i]!] = 1
      }
    } else
      for (let i = 0; i < numbers.length; i++) {
        const n = numbers[i]!
        if (n >= from && n <= to) any = mask[i] = 1
      }
  } else {
    // Few numbers occur often: each is asked once.
    let last = NaN
    let fit = false
    for (let i = 0; i < numbers.length; i++) {
      const n = numbers[i]!
      if (n !== last) {
        fit = test.number(n)
        last = n
      }
      if (fit) any = mask[list ? list[i]! : i] = 1
    }
  }
  return any !== 0 && mask
}

function textRows(column: Column, hits: Uint8Array): Mask {
  const { ids, count, entries } = column
  const list = column.rowList
  if (!ids && entries <= 1) return hits[0] === 1 && (list ? maskOf(column, (mask, at) => void (mask[at] = 1)) : true)
  const mask = new Uint8Array(column.rows)
  if (list) for (let i = 0; i < count; i++) mask[list[i]!] = hits[ids ? ids[i]! : i]!
  else if (ids) for (let i = 0; i < count; i++) mask[i] = hits[ids[i]!]!
  else mask.set(hits)
  return mask
}

function listRows(column: Column, hits: Uint8Array): Mask {
  const { starts } = column
  return maskOf(column, (mask, at, i) => {
    for (let v = starts[i]!; v < starts[i + 1]!; v++) if (hits[column.idAt(v)] === 1) mask[at] = 1
  })
}

function mixedEntries(column: Column, test: ValueTest): Uint8Array | null {
  const hits = new Uint8Array(column.entries)
  let any = false
  column.dictionary.forEach((entry, id) => {
    const value = untagged(entry)
    if (typeof value === 'object' ? value.some((one) => fits(test, one)) : fits(test, value)) {
      hits[id] = 1
      any = true
    }
  })
  return any ? hits : null
}

/** Entries of a dictionary that fit, or null where none does. */
function entriesThatFit(column: Column, test: ValueTest): Uint8Array | null {
  if (column.addresses) return addressesThatFit(column, column.addresses, test)
  const { text, ends, entries } = column
  const lower = text.toLowerCase()
  const hits = new Uint8Array(entries)
  let any = false
  const needle = test.equals ? test.equals.text : test.literals?.[0]
  if (lower.length !== text.length || !needle) {
    // Where lower case has another length, entries cannot be found by their places in the whole text.
    const whole = lower.length === text.length
    let from = 0
    for (let id = 0; id < entries; id++) {
      const to = ends[id]!
      if (test.text(whole ? lower.slice(from, to) : text.slice(from, to).toLowerCase())) {
        hits[id] = 1
        any = true
      }
      from = to
    }
    return any ? hits : null
  }
  // Look for the literal in all entries at once, then see which entry a find is in.
  let id = 0
  for (let at = lower.indexOf(needle); at >= 0;) {
    id = entryAt(ends, at, id)
    const from = id === 0 ? 0 : ends[id - 1]!
    const to = ends[id]!
    let next = at + 1
    if (at + needle.length <= to) {
      const fit = test.equals ? at === from && to - from === needle.length : test.contains || test.text(lower.slice(from, to))
      if (fit) {
        hits[id] = 1
        any = true
      }
      // Equality may still come true further on in this entry's neighbours only; other tests looked at the whole entry.
      next = to
    }
    at = lower.indexOf(needle, next)
  }
  return any ? hits : null
}

/** The same for a dictionary of addresses: without text wherever the test is about addresses. */
function addressesThatFit(column: Column, addresses: Uint32Array, test: ValueTest): Uint8Array | null {
  const hits = new Uint8Array(addresses.length)
  let any = 0
  if (test.equals) {
    const wanted = addressOf(test.equals.text)
    if (wanted < 0) return null
    for (let id = 0; id < addresses.length; id++) any |= hits[id] = addresses[id] === wanted ? 1 : 0
  } else if (test.addresses) {
    if (test.addresses.v !== 4) return null
    const { from, to } = test.addresses
    for (let id = 0; id < addresses.length; id++) any |= hits[id] = addresses[id]! >= from && addresses[id]! <= to ? 1 : 0
  } else {
    if (test.addressesWith?.length === 0) return null
    const { dictionary } = column
    for (let id = 0; id < dictionary.length; id++) any |= hits[id] = test.text(dictionary[id]!) ? 1 : 0
  }
  return any !== 0 ? hits : null
}

/** The entry that holds a place of the text; entries before `from` end before it. */
export function entryAt(ends: Uint32Array, at: number, from: number): number {
  let low = from
  let high = ends.length - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if (ends[middle]! > at) high = middle
    else low = middle + 1
  }
  return low
}

function rowsOfAnything(test: ValueTest, block: Asked): Mask {
  const { info, reader } = block
  const { head } = reader
  let any: Mask = false
  for (let i = 0; i < head.columns; i++) {
    if (!searched(info.partition.fieldName(head.field(i))) || !anyMayFit(i, test, block)) continue
    const column = reader.column(head.field(i))
    if (column) any = either(any, rowsOfColumn(column, test))
    if (any === true) return true
  }
  const cut = columnOf(SYSTEM.cut, block)
  if (cut) {
    const decoder = new TextDecoder()
    const mask: Uint8Array = any === false ? new Uint8Array(info.rows) : any
    for (let row = 0; row < info.rows; row++)
      if (mask[row] === 0 && cut.value(row) === true && test.text(decoder.decode(reader.raw(row)).toLowerCase())) mask[row] = 1
    any = mask
  }
  return any
}

/** False where whole numbers between min and max are too short to contain the searched digits. */
function numberMayContain(test: ValueTest, min: number, max: number): boolean {
  const longest = test.literals?.[0]?.length ?? 0
  if (longest === 0) return true
  return Math.max(String(min).length, String(max).length) >= longest
}

function rowsOfSystem(plan: Extract<Plan, { kind: 'system' }>, block: Asked): Mask {
  const { info } = block
  const { from, to, test } = plan
  if (plan.of === 'id') {
    const first = info.partition.base + info.seq
    if (!test && first >= from && first + info.rows - 1 <= to) return true
    const mask = new Uint8Array(info.rows)
    for (let row = 0; row < info.rows; row++)
      mask[row] = first + row >= from && first + row <= to && (!test || test(first + row)) ? 1 : 0
    return mask
  }
  if (plan.of === 'time' && !test && info.minTime >= from && info.maxTime <= to) return true
  const numbers = columnOf(plan.of === 'time' ? SYSTEM.time : SYSTEM.received, block)?.numbers
  if (!numbers) return false
  const mask = new Uint8Array(info.rows)
  for (let row = 0; row < info.rows; row++)
    mask[row] = numbers[row]! >= from && numbers[row]! <= to && (!test || test(numbers[row]!)) ? 1 : 0
  return mask
}

/** Rows that fit. */
export function countOf(mask: Mask, rows: number): number {
  if (typeof mask === 'boolean') return mask ? rows : 0
  let count = 0
  for (let i = 0; i < mask.length; i++) count += mask[i]!
  return count
}
