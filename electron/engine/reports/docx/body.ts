/** Blocks → paragraphs and tables of WordprocessingML (ECMA-376, part 1, 17). */
import type { Anchor, Block, Runs } from '../../../../shared/model/report.ts'
import { FAINT, IMPACT, SEVERITY_COLOUR } from '../colours.ts'
import { endOf } from '../end-of.ts'
import { clockOf, dateTime, dayOf, figure, type Words } from '../words.ts'
import { pictureXml } from './picture.ts'
import { plainColour } from './styles.ts'
import { xml } from './xml.ts'

/** Of the text, in twentieths of a point: A4 without its margins. */
export const TEXT_WIDTH = 9774

type Cell = string
interface CellOptions {
  readonly align?: 'left' | 'right'
  readonly span?: number
  readonly fill?: string
}

export class Body {
  readonly #words: Words
  #bookmarks = 0
  #shapes = 1

  constructor(words: Words) {
    this.#words = words
  }

  block(block: Block): string {
    switch (block.kind) {
      case 'heading':
        return this.paragraph(`Heading${block.level}`, this.text(block.text), block.anchor)
      case 'paragraph':
        return this.#paragraph(block)
      case 'list':
        return block.items
          .map((item, index) => this.paragraph('Normal', this.text(block.ordered ? `${index + 1}. ` : '– ') + this.runs(item)))
          .join('')
      case 'table':
        return this.#table(block)
      case 'figures':
        return this.#figures(block)
      case 'timeline':
        return this.#timeline(block)
      case 'route': {
        const { xml, ids } = pictureXml(block, this.#shapes)
        this.#shapes += ids
        return xml
      }
      case 'evidence':
        return this.#evidence(block)
      case 'glossary':
        return this.table(
          [1.3, 5],
          null,
          block.terms.map(({ term, meaning }) =>
            this.row([this.cell(this.styled('StrongRun', term)), this.cell(this.text(meaning))]),
          ),
          null,
        )
    }
  }

  paragraph(style: string, runs: string, anchor: Anchor | null = null, properties = ''): string {
    return `<w:p><w:pPr><w:pStyle w:val="${style}"/>${properties}</w:pPr>${this.bookmark(anchor)}${runs}</w:p>`
  }

  bookmark(anchor: Anchor | null): string {
    if (anchor === null) return ''
    const id = this.#bookmarks++
    return `<w:bookmarkStart w:id="${id}" w:name="${anchor}"/><w:bookmarkEnd w:id="${id}"/>`
  }

  text(text: string): string {
    return text === '' ? '' : `<w:r>${inner(text)}</w:r>`
  }
  styled(style: string, text: string): string {
    return text === '' ? '' : `<w:r><w:rPr><w:rStyle w:val="${style}"/></w:rPr>${inner(text)}</w:r>`
  }
  link(anchor: Anchor, runs: string): string {
    return `<w:hyperlink w:anchor="${anchor}" w:history="1">${runs}</w:hyperlink>`
  }

  runs(runs: Runs): string {
    return runs
      .map((run) => {
        if (run.kind === 'text') return this.text(run.text)
        if (run.kind === 'strong') return this.styled('StrongRun', run.text)
        if (run.kind === 'code') return this.styled('Code', run.text)
        return run.target === null ? this.styled('CiteNowhere', run.text) : this.link(run.target, this.styled('Cite', run.text))
      })
      .join('')
  }

  cell(
    runs: string | readonly string[],
    { align, span, fill }: CellOptions = {},
    anchor: Anchor | null = null,
    style = 'Cell',
  ): Cell {
    const paragraphs = typeof runs === 'string' ? [runs] : runs
    const properties = `${span === undefined ? '' : `<w:gridSpan w:val="${span}"/>`}${fill === undefined ? '' : `<w:shd w:val="clear" w:color="auto" w:fill="${plainColour(fill)}"/>`}`
    const side = align === 'right' ? '<w:jc w:val="right"/>' : ''
    const content = paragraphs.map((part, index) => this.paragraph(style, part, index === 0 ? anchor : null, side)).join('')
    return `<w:tc>${properties === '' ? '' : `<w:tcPr>${properties}</w:tcPr>`}${content}</w:tc>`
  }

  row(cells: readonly Cell[], properties = '<w:cantSplit/>'): string {
    return `<w:tr><w:trPr>${properties}</w:trPr>${cells.join('')}</w:tr>`
  }

  table(shares: readonly number[], head: string | null, rows: readonly string[], anchor: Anchor | null): string {
    const whole = shares.reduce((sum, share) => sum + share, 0)
    const grid = shares.map((share) => `<w:gridCol w:w="${Math.round((share / whole) * TEXT_WIDTH)}"/>`).join('')
    // Word wants a row, and a paragraph between tables.
    const body = rows.length === 0 && head === null ? this.row(shares.map(() => this.cell(''))) : rows.join('')
    return `${anchor === null ? '' : this.#place(anchor)}<w:tbl><w:tblPr><w:tblStyle w:val="Rows"/><w:tblW w:w="${TEXT_WIDTH}" w:type="dxa"/><w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>${grid}</w:tblGrid>${head ?? ''}${body}</w:tbl>${SMALL_GAP}`
  }

  /** A bookmark before a table: as high as nothing, and on the page of what follows. */
  #place(anchor: Anchor): string {
    return `<w:p><w:pPr><w:keepNext/><w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/></w:pPr>${this.bookmark(anchor)}</w:p>`
  }

  head(heads: readonly { readonly text: string; readonly align?: 'left' | 'right' }[]): string {
    return this.row(
      heads.map(({ text, align }) => this.cell(this.text(text), align === undefined ? {} : { align }, null, 'CellHead')),
      '<w:cantSplit/><w:tblHeader/>',
    )
  }

  #paragraph({ tone, step, runs }: Extract<Block, { kind: 'paragraph' }>): string {
    const number =
      step === null
        ? ''
        : `<w:r><w:rPr><w:b/><w:color w:val="FFFFFF"/><w:shd w:val="clear" w:color="auto" w:fill="${plainColour(IMPACT)}"/></w:rPr><w:t xml:space="preserve"> ${step} </w:t></w:r>${this.text(' ')}`
    return this.paragraph(tone === 'aside' ? 'Aside' : 'Normal', number + this.runs(runs))
  }

  #table({ anchor, heads, columns, rows }: Extract<Block, { kind: 'table' }>): string {
    const head = heads ? this.head(columns.map(({ head, align }) => ({ text: head, align }))) : null
    const body = rows.map((row) =>
      this.row(
        row.cells.map((cell, index) =>
          this.cell(this.runs(cell), { align: columns[index]?.align ?? 'left' }, index === 0 ? row.anchor : null),
        ),
      ),
    )
    const shares = columns.map(({ share }) => share)
    return this.table(shares, head, body, anchor)
  }

  #figures({ figures }: Extract<Block, { kind: 'figures' }>): string {
    const across = 6
    const rows: string[] = []
    for (let at = 0; at < figures.length; at += across) {
      const cells = figures.slice(at, at + across).map(({ label, value, counts }) => {
        const number = `<w:r><w:rPr><w:b/><w:sz w:val="30"/></w:rPr>${inner(figure(value))}</w:r>`
        const target = counts[0]
        return this.cell([target === undefined ? number : this.link(target, number), this.styled('Quiet', label)])
      })
      while (cells.length < across) cells.push(this.cell(''))
      rows.push(this.row(cells))
    }
    return this.table(
      Array.from({ length: across }, () => 1),
      null,
      rows,
      null,
    )
  }

  #timeline({ anchor, entries }: Extract<Block, { kind: 'timeline' }>): string {
    const words = this.#words
    const rows: string[] = []
    let day = ''
    for (const entry of entries) {
      if (dayOf(entry.time) !== day) {
        day = dayOf(entry.time)
        rows.push(this.row([this.cell(this.styled('StrongRun', day), { span: 3, fill: FAINT })], '<w:cantSplit/>'))
      }
      const until =
        entry.until === null ? [] : [this.styled('Quiet', words('timeline.until', { time: endOf(entry.time, entry.until) }))]
      const severity =
        entry.severity === null
          ? []
          : [
              `<w:r><w:rPr><w:color w:val="${plainColour(SEVERITY_COLOUR[entry.severity.level])}"/></w:rPr>${inner(entry.severity.label)}</w:r>`,
            ]
      const group = entry.group === '' ? '' : this.styled('Quiet', `${entry.group} · `)
      rows.push(
        this.row([
          this.cell([this.styled('Code', clockOf(entry.time)), ...until], {}, entry.anchor),
          this.cell([this.text(entry.kind), ...severity]),
          this.cell(group + this.runs(entry.runs)),
        ]),
      )
    }
    const heads = (['time', 'kind', 'entry'] as const).map((key) => ({ text: words(`timeline.${key}`) }))
    return this.table([1.2, 1.2, 7], this.head(heads), rows, anchor)
  }

  #evidence({ anchor, items }: Extract<Block, { kind: 'evidence' }>): string {
    const words = this.#words
    const rows = items.map((item) =>
      this.row([
        this.cell(this.styled('Code', item.id), {}, item.anchor),
        this.cell([
          this.styled('Code', item.name) +
            this.text(` ${item.kind}`) +
            (item.state === '' ? '' : this.styled('StrongRun', ` ${item.state}`)),
          ...(item.origin === '' ? [] : [this.styled('Quiet', item.origin)]),
          `<w:r><w:rPr><w:rStyle w:val="Code"/><w:sz w:val="13"/></w:rPr>${inner(item.sha256)}</w:r>`,
        ]),
        this.cell(this.text(figure(item.bytes)), { align: 'right' }),
        this.cell([this.styled('Code', dateTime(item.added)), this.styled('Quiet', item.by)]),
      ]),
    )
    const heads = (['id', 'item', 'bytes', 'added'] as const).map((key) => ({
      text: words(`evidence.${key}`),
      align: key === 'bytes' ? ('right' as const) : ('left' as const),
    }))
    return this.table([0.8, 5.2, 1.3, 1.9], this.head(heads), rows, anchor)
  }
}

const SMALL_GAP = '<w:p><w:pPr><w:spacing w:before="0" w:after="0" w:line="120" w:lineRule="exact"/></w:pPr></w:p>'

/** Lines of a text within one run. */
const inner = (text: string): string =>
  xml(text)
    .split('\n')
    .map((line) => `<w:t xml:space="preserve">${line}</w:t>`)
    .join('<w:br/>')
