/** Rows of cells in columns. A row stays on one page where that is possible; heads come again on every page. */
import type { Anchor, Runs } from '../../../../shared/model/report.ts'
import { BODY, FAINT, INK, LINE, QUIET } from '../colours.ts'
import { LEFT, ROOM, WIDTH, type Flow } from './flow.ts'
import { linesOf, type Line, type Style } from './lines.ts'
import type { TypeCase } from './type-case.ts'

export interface GridColumn {
  readonly head: string
  readonly align: 'left' | 'right'
  readonly share: number
}

const CELL: Style = { size: 8, leading: 11, colour: BODY, face: 'text' }
const HEAD: Style = { size: 7.5, leading: 10, colour: QUIET, face: 'text' }
const BAND: Style = { size: 8, leading: 12, colour: INK, face: 'strong' }
const PAD = 2.5
const GAP = 8

export class Grid {
  readonly #flow: Flow
  readonly #types: TypeCase
  readonly #columns: readonly { readonly x: number; readonly width: number; readonly align: 'left' | 'right' }[]
  readonly #head: readonly Line[][]
  readonly #heads: boolean
  #band = ''

  constructor(flow: Flow, types: TypeCase, columns: readonly GridColumn[], heads: boolean) {
    const whole = columns.reduce((sum, { share }) => sum + share, 0)
    let x = LEFT
    this.#columns = columns.map(({ share, align }, index) => {
      const width = (share / whole) * WIDTH
      const column = { x, width: width - (index === columns.length - 1 ? 0 : GAP), align }
      x += width
      return column
    })
    this.#flow = flow
    this.#types = types
    this.#heads = heads
    this.#head = columns.map(({ head }, index) => this.lines([{ kind: 'text', text: head }], index, HEAD))
    // Heads alone at the foot of a page would be heads of nothing.
    flow.need(48)
    this.#drawHead()
    flow.again = () => {
      this.#drawHead()
      if (this.#band !== '') this.#drawBand()
    }
  }

  lines(runs: Runs, column: number, style = CELL): Line[] {
    return linesOf(runs, this.#columns[column]?.width ?? WIDTH, style, this.#types)
  }

  /** A row over all columns that names those below; comes again on every page. */
  band(text: string): void {
    this.#band = ''
    this.#flow.need(40)
    this.#band = text
    this.#drawBand()
  }

  row(cells: readonly Runs[], anchor: Anchor | null): void {
    this.set(
      cells.map((cell, index) => this.lines(cell, index)),
      anchor,
    )
  }

  set(cells: readonly (readonly Line[])[], anchor: Anchor | null): void {
    const flow = this.#flow
    const most = Math.max(1, ...cells.map((lines) => lines.length))
    const height = most * CELL.leading + PAD * 2
    if (height < ROOM / 2) flow.need(height)
    flow.anchor(anchor)
    flow.y += PAD
    for (let at = 0; at < most; at++) {
      flow.need(CELL.leading)
      for (const [index, lines] of cells.entries()) {
        const [line, column] = [lines[at], this.#columns[index]]
        if (line !== undefined && column !== undefined) this.#place(line, column, CELL)
      }
      flow.y += CELL.leading
    }
    flow.y += PAD
    flow.rule(LEFT, WIDTH, LINE)
  }

  end(): void {
    this.#flow.again = null
    this.#flow.y += 8
  }

  #place(line: Line, { x, width, align }: { x: number; width: number; align: 'left' | 'right' }, style: Style): void {
    this.#flow.line(line, align === 'right' ? x + width - line.width : x, this.#flow.y, style)
  }

  #drawHead(): void {
    if (!this.#heads) return
    const flow = this.#flow
    const most = Math.max(1, ...this.#head.map((lines) => lines.length))
    const top = flow.y
    for (const [index, lines] of this.#head.entries()) {
      const column = this.#columns[index]
      // Heads stand on the rule.
      flow.y = top + (most - lines.length) * HEAD.leading
      for (const line of lines) {
        if (column !== undefined) this.#place(line, column, HEAD)
        flow.y += HEAD.leading
      }
    }
    flow.y = top + most * HEAD.leading + 2
    flow.rule(LEFT, WIDTH, QUIET, 0.7)
  }

  #drawBand(): void {
    const flow = this.#flow
    flow.add({ mark: 'box', x: LEFT, y: flow.y + 0.5, width: WIDTH, height: BAND.leading + 2, colour: FAINT, radius: 0 })
    const [line] = linesOf([{ kind: 'text', text: this.#band }], WIDTH - 8, BAND, this.#types)
    if (line !== undefined) flow.line(line, LEFT + 4, flow.y + 1, BAND)
    flow.y += BAND.leading + 3
  }
}
