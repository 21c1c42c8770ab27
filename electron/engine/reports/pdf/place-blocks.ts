/** Blocks of a report → marks on pages. */
import type { Block, Runs } from '../../../../shared/model/report.ts'
import { BODY, IMPACT, INK, LINE, QUIET, SEVERITY_COLOUR } from '../colours.ts'
import { endOf } from '../end-of.ts'
import { routePicture } from '../route-picture.ts'
import { clockOf, dateTime, dayOf, figure, type Words } from '../words.ts'
import { LEFT, WIDTH, type Flow } from './flow.ts'
import { Grid } from './grid.ts'
import { linesOf, type Style } from './lines.ts'
import type { TypeCase } from './type-case.ts'

export const PLAIN: Style = { size: 9, leading: 13, colour: BODY, face: 'text' }
export const ASIDE: Style = { size: 8, leading: 11.5, colour: QUIET, face: 'text' }
const SECOND: Style = { size: 10.5, leading: 15, colour: INK, face: 'strong' }
const THIRD: Style = { size: 8.5, leading: 12, colour: QUIET, face: 'strong' }
const SMALL: Style = { size: 8, leading: 11, colour: QUIET, face: 'text' }

/** Rows of a table that stay together. */
const FEW = 12

export const plain = (text: string): Runs => [{ kind: 'text', text }]

export class BlockPlacer {
  readonly #flow: Flow
  readonly #types: TypeCase
  readonly #words: Words

  constructor(flow: Flow, types: TypeCase, words: Words) {
    this.#flow = flow
    this.#types = types
    this.#words = words
  }

  /** What of a block wants to be on one page: that of a heading is also that of what it heads. */
  together([block, ...rest]: readonly Block[]): number {
    if (block === undefined) return 0
    if (block.kind === 'heading') return (block.level === 2 ? SECOND : THIRD).leading + 11 + this.together(rest)
    if (block.kind === 'paragraph' && block.tone === 'aside') return ASIDE.leading + 4 + this.together(rest)
    if (block.kind === 'route') return routePicture(block, WIDTH).height + 6
    if (block.kind === 'table') return block.rows.length <= FEW ? block.rows.length * 17 + 24 : 60
    return 44
  }

  place(block: Block, next: Block | undefined): void {
    switch (block.kind) {
      case 'heading':
        return this.#heading(block, next)
      case 'paragraph':
        return this.#paragraph(block)
      case 'list':
        return this.#list(block)
      case 'table':
        return this.#table(block)
      case 'figures':
        return this.#figures(block)
      case 'timeline':
        return this.#timeline(block)
      case 'route':
        return this.#route(block)
      case 'evidence':
        return this.#evidence(block)
      case 'glossary':
        return this.#glossary(block)
    }
  }

  #heading(block: Extract<Block, { kind: 'heading' }>, next: Block | undefined): void {
    const { level, text, anchor } = block
    const style = level === 2 ? SECOND : THIRD
    this.#flow.need(this.together(next === undefined ? [block] : [block, next]))
    if (!this.#flow.atTop) this.#flow.y += level === 2 ? 9 : 4
    this.#flow.anchor(anchor)
    if (level === 2) this.#flow.heading(2, text)
    this.#flow.lines(linesOf(plain(text), WIDTH, style, this.#types), LEFT, style)
    this.#flow.y += 2
  }

  #paragraph({ tone, step, runs }: Extract<Block, { kind: 'paragraph' }>): void {
    const style = tone === 'aside' ? ASIDE : PLAIN
    const indent = step === null ? 0 : 18
    const lines = linesOf(runs, WIDTH - indent, style, this.#types)
    // No single line of a paragraph at the foot of a page.
    this.#flow.need(Math.min(lines.length, 2) * style.leading)
    if (step !== null) {
      const digits = linesOf(
        [{ kind: 'strong', text: String(step) }],
        30,
        { ...SMALL, size: 7.5, colour: '#ffffff' },
        this.#types,
      )
      this.#flow.add({ mark: 'box', x: LEFT, y: this.#flow.y + 0.5, width: 12, height: 12, colour: IMPACT, radius: 6 })
      const [line] = digits
      if (line !== undefined) this.#flow.line(line, LEFT + 6 - line.width / 2, this.#flow.y, { ...PLAIN, size: 7.5 })
    }
    this.#flow.lines(lines, LEFT + indent, style)
    this.#flow.y += 4
  }

  #list({ ordered, items }: Extract<Block, { kind: 'list' }>): void {
    for (const [index, item] of items.entries()) {
      const lines = linesOf(item, WIDTH - 16, PLAIN, this.#types)
      this.#flow.need(PLAIN.leading)
      const [mark] = linesOf(plain(ordered ? `${index + 1}.` : '–'), 16, { ...PLAIN, colour: QUIET }, this.#types)
      if (mark !== undefined) this.#flow.line(mark, LEFT, this.#flow.y, PLAIN)
      this.#flow.lines(lines, LEFT + 16, PLAIN)
      this.#flow.y += 2
    }
    this.#flow.y += 4
  }

  #table({ anchor, heads, columns, rows }: Extract<Block, { kind: 'table' }>): void {
    this.#flow.need(rows.length <= FEW ? rows.length * 17 + 24 : 48)
    this.#flow.anchor(anchor)
    const grid = new Grid(this.#flow, this.#types, columns, heads)
    for (const row of rows) grid.row(row.cells, row.anchor)
    grid.end()
  }

  #figures({ figures }: Extract<Block, { kind: 'figures' }>): void {
    const across = 6
    const width = WIDTH / across
    for (let at = 0; at < figures.length; at += across) {
      this.#flow.need(44)
      const top = this.#flow.y + 2
      let height = 0
      for (const [index, { value, label, counts }] of figures.slice(at, at + across).entries()) {
        const x = LEFT + index * width
        const number = { size: 15, leading: 19, colour: INK, face: 'strong' as const }
        const [line] = linesOf(plain(figure(value)), width, number, this.#types)
        if (line !== undefined) this.#flow.line(line, x + 7, top, number)
        const labels = linesOf(plain(label), width - 12, { ...SMALL, leading: 10 }, this.#types)
        labels.forEach((line, row) => this.#flow.line(line, x + 7, top + 19 + row * 10, { ...SMALL, leading: 10 }))
        const own = 21 + labels.length * 10
        this.#flow.add({ mark: 'box', x, y: top + 1, width: 1, height: own - 2, colour: LINE, radius: 0 })
        if (counts[0] !== undefined) this.#flow.add({ mark: 'link', x, y: top, width: width - 4, height: own, target: counts[0] })
        height = Math.max(height, own)
      }
      this.#flow.y = top + height + 8
    }
  }

  #timeline({ anchor, entries }: Extract<Block, { kind: 'timeline' }>): void {
    const words = this.#words
    this.#flow.need(60)
    this.#flow.anchor(anchor)
    const head = (key: 'time' | 'kind' | 'entry', share: number) => ({
      head: words(`timeline.${key}`),
      align: 'left' as const,
      share,
    })
    const grid = new Grid(this.#flow, this.#types, [head('time', 1.2), head('kind', 1.1), head('entry', 6.8)], true)
    let day = ''
    for (const entry of entries) {
      if (dayOf(entry.time) !== day) {
        day = dayOf(entry.time)
        grid.band(day)
      }
      const times = grid.lines([{ kind: 'code', text: clockOf(entry.time) }], 0)
      if (entry.until !== null)
        times.push(...grid.lines(plain(words('timeline.until', { time: endOf(entry.time, entry.until) })), 0, SMALL))
      const kinds = grid.lines(plain(entry.kind), 1)
      if (entry.severity !== null)
        kinds.push(...grid.lines(plain(entry.severity.label), 1, { ...SMALL, colour: SEVERITY_COLOUR[entry.severity.level] }))
      const group = entry.group === '' ? [] : plain(`${entry.group} · `)
      grid.set([times, kinds, grid.lines([...group, ...entry.runs], 2)], entry.anchor)
    }
    grid.end()
  }

  #route(block: Extract<Block, { kind: 'route' }>): void {
    const picture = routePicture(block, WIDTH)
    this.#flow.need(picture.height + 6)
    this.#flow.add({ mark: 'picture', x: LEFT, y: this.#flow.y, picture })
    this.#flow.y += picture.height + 10
  }

  #evidence({ anchor, items }: Extract<Block, { kind: 'evidence' }>): void {
    const words = this.#words
    this.#flow.need(60)
    this.#flow.anchor(anchor)
    const columns = (['id', 'item', 'bytes', 'added'] as const).map((key, index) => ({
      head: words(`evidence.${key}`),
      align: key === 'bytes' ? ('right' as const) : ('left' as const),
      share: [0.8, 5.2, 1.2, 1.7][index] ?? 1,
    }))
    const grid = new Grid(this.#flow, this.#types, columns, true)
    for (const item of items)
      grid.set(
        [
          grid.lines([{ kind: 'code', text: item.id }], 0),
          [
            ...grid.lines(
              [
                { kind: 'code', text: item.name },
                { kind: 'text', text: ` ${item.kind}` },
                ...(item.state === '' ? [] : [{ kind: 'strong' as const, text: ` ${item.state}` }]),
              ],
              1,
            ),
            ...(item.origin === '' ? [] : grid.lines(plain(item.origin), 1, SMALL)),
            // 64 digits on one line, to be compared.
            ...grid.lines([{ kind: 'code', text: item.sha256 }], 1, { ...SMALL, size: 7.4, colour: INK }),
          ],
          grid.lines(plain(figure(item.bytes)), 2),
          [...grid.lines([{ kind: 'code', text: dateTime(item.added) }], 3), ...grid.lines(plain(item.by), 3, SMALL)],
        ],
        item.anchor,
      )
    grid.end()
  }

  #glossary({ terms }: Extract<Block, { kind: 'glossary' }>): void {
    const column = (share: number) => ({ head: '', align: 'left' as const, share })
    const grid = new Grid(this.#flow, this.#types, [column(1.3), column(5)], false)
    for (const { term, meaning } of terms) grid.row([[{ kind: 'strong', text: term }], plain(meaning)], null)
    grid.end()
  }
}
