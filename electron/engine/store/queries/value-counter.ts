/** Counts values in bounded memory: exact up to a bound of distinct values, beyond it the rare ones are forgotten and their number is estimated. */
import { untagged } from '../column-builder.ts'
import type { Column } from '../column.ts'
import { fieldSeed, hashText } from '../value-hash.ts'
import type { Mask } from './evaluate.ts'

const MOST_DISTINCT = 100_000
/** HyperLogLog with 2^12 registers: about 1.6 % off. */
const REGISTER_BITS = 12
const SEED = fieldSeed('distinct')

export class ValueCounter {
  #counts = new Map<string, number>()
  #forgotten = false
  readonly #registers = new Uint8Array(2 ** REGISTER_BITS)
  #numbers = 0
  #min = Infinity
  #max = -Infinity
  #sum = 0

  addText(value: string, count: number): void {
    const known = this.#counts.get(value)
    if (known !== undefined) {
      this.#counts.set(value, known + count)
      return
    }
    if (this.#counts.size >= MOST_DISTINCT) this.#forget()
    this.#counts.set(value, count)
    if (this.#forgotten) this.#register(value)
  }

  /** Keeps the more frequent half. */
  #forget(): void {
    if (!this.#forgotten) {
      this.#forgotten = true
      for (const value of this.#counts.keys()) this.#register(value)
    }
    const kept = [...this.#counts].sort((a, b) => b[1] - a[1])
    kept.length = MOST_DISTINCT / 2
    this.#counts = new Map(kept)
  }

  #register(value: string): void {
    const hash = hashText(SEED, value)
    const rank = Math.clz32((hash << REGISTER_BITS) | (1 << (REGISTER_BITS - 1))) + 1
    const at = hash >>> (32 - REGISTER_BITS)
    if (rank > this.#registers[at]!) this.#registers[at] = rank
  }

  #addNumber(value: number, count: number): void {
    if (Number.isNaN(value)) return
    this.#numbers += count
    this.#sum += value * count
    if (value < this.#min) this.#min = value
    if (value > this.#max) this.#max = value
  }

  /** Adds the values of the rows in the mask; gives how many rows had any. */
  addColumn(column: Column, mask: Mask): number {
    const list = column.rowList
    const isIn = (i: number): boolean => mask === true || (mask !== false && mask[list ? list[i]! : i] === 1)
    let rows = 0
    if (column.kind === 'number' || column.kind === 'boolean') {
      const counts = new Map<number, number>()
      const { numbers } = column
      for (let i = 0; i < numbers.length; i++) {
        if (!isIn(i)) continue
        rows++
        const n = numbers[i]!
        counts.set(n, (counts.get(n) ?? 0) + 1)
      }
      for (const [n, count] of counts) {
        this.addText(column.kind === 'boolean' ? String(n === 1) : String(n), count)
        if (column.kind === 'number') this.#addNumber(n, count)
      }
      return rows
    }
    const counts = new Uint32Array(column.entries)
    if (column.kind === 'list') {
      const { starts } = column
      for (let i = 0; i < column.count; i++) {
        if (!isIn(i)) continue
        rows++
        for (let v = starts[i]!; v < starts[i + 1]!; v++) counts[column.idAt(v)]!++
      }
    } else
      for (let i = 0; i < column.count; i++) {
        if (!isIn(i)) continue
        rows++
        counts[column.idAt(i)]!++
      }
    for (let id = 0; id < counts.length; id++) {
      const count = counts[id]!
      if (count === 0) continue
      if (column.kind !== 'mixed') {
        this.addText(column.entry(id), count)
        continue
      }
      const value = untagged(column.entry(id))
      for (const one of typeof value === 'object' ? value : [value]) {
        this.addText(String(one), count)
        if (typeof one === 'number') this.#addNumber(one, count)
      }
    }
    return rows
  }

  result(limit: number): {
    distinct: number
    top: { value: string; count: number }[]
    min: number | null
    max: number | null
    mean: number | null
  } {
    const top = [...this.#counts]
      .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
      .slice(0, limit)
      .map(([value, count]) => ({ value, count }))
    const numbers = this.#numbers > 0
    return {
      distinct: this.#forgotten ? this.#estimate() : this.#counts.size,
      top,
      min: numbers ? this.#min : null,
      max: numbers ? this.#max : null,
      mean: numbers ? this.#sum / this.#numbers : null,
    }
  }

  #estimate(): number {
    const m = this.#registers.length
    let sum = 0
    let empty = 0
    for (const rank of this.#registers) {
      sum += 2 ** -rank
      if (rank === 0) empty++
    }
    const raw = ((0.7213 / (1 + 1.079 / m)) * m * m) / sum
    return Math.round(raw <= 2.5 * m && empty > 0 ? m * Math.log(m / empty) : raw)
  }
}
