/** What stands on which page. Everything is placed before anything is drawn, so that pages can name each other. Lengths are points. */
import type { Anchor } from '../../../../shared/model/report.ts'
import type { RoutePicture } from '../route-picture.ts'
import type { FontName } from './fonts.ts'
import { Ink } from './ink.ts'
import type { Line, Style } from './lines.ts'
import type { TypeCase } from './type-case.ts'

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
  /** From 1. */
  readonly page: number
}

/** A page that is full: what is drawn on it, as operators, and what leads where. */
export interface SetPage {
  readonly operators: string
  readonly fonts: ReadonlySet<FontName>
  readonly leads: readonly Lead[]
}
export type Lead = Extract<Mark, { mark: 'anchor' | 'link' }>

export class Flow {
  readonly #types: TypeCase
  /** Those that are full. Marks of a page are many; they are written down as soon as the next page begins. */
  readonly #full: SetPage[] = []
  #marks: Mark[] = []
  readonly outline: OutlineEntry[] = []
  readonly #pageOf = new Map<Anchor, number>()
  /** Of the next thing that is placed. */
  y = TOP
  /** Drawn again at the top of each page, as heads of tables are. */
  again: (() => void) | null = null

  constructor(types: TypeCase) {
    this.#types = types
  }

  /** From 1. */
  get page(): number {
    return this.#full.length + 1
  }

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
    this.#full.push(setPage(this.#marks, this.#types))
    this.#marks = []
    this.y = TOP
    this.again?.()
  }

  /** Goes to the next page where there is less room. */
  need(height: number): void {
    if (this.left < height && !this.atTop) this.newPage()
  }

  add(mark: Mark): void {
    this.#marks.push(mark)
  }

  anchor(name: Anchor | null): void {
    if (name === null) return
    this.#pageOf.set(name, this.page)
    this.add({ mark: 'anchor', name, y: this.y })
  }

  heading(level: 1 | 2, title: string): void {
    this.outline.push({ level, title, page: this.page })
  }

  rule(x: number, width: number, colour: string, weight = 0.5): void {
    this.add({ mark: 'box', x, y: this.y - weight / 2, width, height: weight, colour, radius: 0 })
  }

  /** All pages, when nothing more comes. */
  end(): readonly SetPage[] {
    return [...this.#full, setPage(this.#marks, this.#types)]
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

export function setPage(marks: readonly Mark[], types: TypeCase): SetPage {
  const ink = new Ink(types)
  ink.draw(marks)
  const leads: Lead[] = []
  for (const mark of marks) {
    if (mark.mark === 'anchor' || mark.mark === 'link') leads.push(mark)
    else if (mark.mark === 'line')
      for (const { x, width, target } of mark.line.stretches)
        if (target !== null)
          leads.push({
            mark: 'link',
            x: mark.x + x - 2,
            y: mark.y - mark.leading * 0.75,
            width: width + 4,
            height: mark.leading,
            target,
          })
  }
  return { operators: ink.operators, fonts: ink.fonts, leads }
}
