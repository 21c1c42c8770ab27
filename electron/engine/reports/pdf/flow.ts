/** What stands on which page. Everything is placed before anything is drawn, so that pages can name each other. Lengths are points. */
import type { Anchor } from '../../../../shared/model/report.ts'
import type { RoutePicture } from '../route-picture.ts'
import type { Line, Style } from './lines.ts'

export const PAGE_WIDTH = 595.28
export const PAGE_HEIGHT = 841.89
export const LEFT = 50
export const WIDTH = PAGE_WIDTH - LEFT * 2
const TOP = 66
const BOTTOM = PAGE_HEIGHT - 60
/** What one page has room for. */
export const ROOM = BOTTOM - TOP

export type Mark =
  /** `y` is the baseline. */
  | { readonly mark: 'line'; readonly line: Line; readonly x: number; readonly y: number; readonly leading: number }
  | {
      readonly mark: 'box'
      readonly x: number
      readonly y: number
      readonly width: number
      readonly height: number
      readonly colour: string
      readonly radius: number
    }
  | { readonly mark: 'picture'; readonly x: number; readonly y: number; readonly picture: RoutePicture }
  | { readonly mark: 'anchor'; readonly name: Anchor; readonly y: number }
  | {
      readonly mark: 'link'
      readonly x: number
      readonly y: number
      readonly width: number
      readonly height: number
      readonly target: Anchor
    }

export interface OutlineEntry {
  readonly level: 1 | 2
  readonly title: string
  readonly anchor: Anchor | null
  readonly page: number
}

export class Flow {
  readonly pages: Mark[][] = [[]]
  readonly outline: OutlineEntry[] = []
  readonly #pageOf = new Map<Anchor, number>()
  /** Of the next thing that is placed. */
  y = TOP
  /** Drawn again at the top of each page, as heads of tables are. */
  again: (() => void) | null = null

  get left(): number {
    return BOTTOM - this.y
  }
  get atTop(): boolean {
    return this.y === TOP
  }

  /** From 1. */
  pageOf(anchor: Anchor): number {
    return this.#pageOf.get(anchor) ?? 0
  }

  newPage(): void {
    this.pages.push([])
    this.y = TOP
    this.again?.()
  }

  /** Goes to the next page where there is less room. */
  need(height: number): void {
    if (this.left < height && !this.atTop) this.newPage()
  }

  add(mark: Mark): void {
    this.pages.at(-1)?.push(mark)
  }

  anchor(name: Anchor | null): void {
    if (name === null) return
    this.#pageOf.set(name, this.pages.length)
    this.add({ mark: 'anchor', name, y: this.y })
  }

  heading(level: 1 | 2, title: string, anchor: Anchor | null): void {
    this.outline.push({ level, title, anchor, page: this.pages.length - 1 })
  }

  rule(x: number, width: number, colour: string, weight = 0.5): void {
    this.add({ mark: 'box', x, y: this.y - weight / 2, width, height: weight, colour, radius: 0 })
  }

  /** Lines below each other, each on the page where there is room for it. */
  lines(lines: readonly Line[], x: number, style: Style): void {
    for (const line of lines) {
      this.need(style.leading)
      this.line(line, x, this.y, style)
      this.y += style.leading
    }
  }

  /** `top` is that of the line's leading. */
  line(line: Line, x: number, top: number, { size, leading }: Style): void {
    if (line.stretches.length > 0) this.add({ mark: 'line', line, x, y: top + (leading + size * 0.7) / 2, leading })
  }
}
