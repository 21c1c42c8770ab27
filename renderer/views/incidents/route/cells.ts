/** What lies around a point, without asking everything in the picture. */
import type { Box } from './boxes.ts'

const COLUMNS = 1 << 16

/** Boxes in square cells of `size` pixels: a point is looked up in the one cell it is in. */
export class Cells<T> {
  readonly #size: number
  readonly #cells = new Map<number, T[]>()

  constructor(size: number) {
    this.#size = size
  }

  put(box: Box, value: T): void {
    for (let row = this.#of(box.top); row <= this.#of(box.bottom); row += 1) {
      for (let column = this.#of(box.left); column <= this.#of(box.right); column += 1) {
        const key = row * COLUMNS + column
        const cell = this.#cells.get(key)
        if (cell) cell.push(value)
        else this.#cells.set(key, [value])
      }
    }
  }

  /** Everything whose box holds the point, and some that only come near it. */
  at(x: number, y: number): readonly T[] {
    return this.#cells.get(this.#of(y) * COLUMNS + this.#of(x)) ?? []
  }

  #of(value: number): number {
    return Math.floor(value / this.#size)
  }
}
