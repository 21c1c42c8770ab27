/**
 * A report as PDF: A4, TLP in head and foot as FIRST wants it (12 points, on black), pages that are numbered, an outline, links inside of
 * the document and none that leave it, text that can be selected.
 */
import { PDFDocument } from 'pdfkit'
import type { ReportDocument } from '../../../../shared/model/report.ts'
import { INK, LINE, QUIET, TLP_COLOUR } from '../colours.ts'
import type { Progress } from '../progress.ts'
import { documentHash } from '../signature.ts'
import { visibleLine } from '../visible-text.ts'
import { dateTime, wordsOf, type Words } from '../words.ts'
import { Flow, LEFT, PAGE_HEIGHT, setPage, WIDTH, type Lead, type Mark, type OutlineEntry, type SetPage } from './flow.ts'
import { linesOf, type Style } from './lines.ts'
import { ASIDE, BlockPlacer, plain, PLAIN } from './place-blocks.ts'
import { TypeCase } from './type-case.ts'

const TITLE: Style = { size: 20, leading: 26, colour: INK, face: 'strong' }
const SECTION: Style = { size: 14, leading: 19, colour: INK, face: 'strong' }
const KIND: Style = { size: 9, leading: 13, colour: QUIET, face: 'text' }
/** Sections and parts in the outline; a reader shows no more at once. */
const MOST_OUTLINE = 2000
/** Share of the work before anything is drawn. */
const PLACED = 0.4

export interface WrittenPdf {
  readonly bytes: Uint8Array
  readonly pages: number
}

export async function toPdf(document: ReportDocument, progress: Progress = () => undefined): Promise<WrittenPdf> {
  const words = wordsOf(document.language)
  const hash = documentHash(document)
  const pdf = new PDFDocument({
    size: 'A4',
    margin: 0,
    font: null,
    autoFirstPage: false,
    bufferPages: false,
    compress: true,
    lang: document.language,
    displayTitle: true,
    pdfVersion: '1.7',
    info: {
      Title: visibleLine(`${document.number} ${document.title}`),
      Author: visibleLine(document.madeBy),
      Subject: `${words('report.kind')}, TLP:${document.tlp}`,
      Keywords: hash,
      Creator: 'Watchfloor',
      Producer: 'Watchfloor',
      CreationDate: new Date(document.madeAt),
    },
  })
  const chunks: Uint8Array[] = []
  const ended = new Promise<void>((resolve, reject) => {
    pdf.on('data', (chunk) => void chunks.push(chunk))
    pdf.on('end', resolve)
    pdf.on('error', reject)
  })
  const types = new TypeCase(pdf)
  const { flow, pages, contents } = placed(document, hash, words, types, (part) => progress(part * PLACED))
  const frames = (page: number): SetPage =>
    setPage([...frame(document, words, types, page, pages.length), ...(page === 1 ? contents : [])], types)
  draw(pdf, flow.outline, pages, frames, types, (part) => progress(PLACED + part * (1 - PLACED)))
  pdf.end()
  await ended
  return { bytes: Buffer.concat(chunks), pages: pages.length }
}

interface Placed {
  readonly flow: Flow
  readonly pages: readonly SetPage[]
  /** Numbers of pages in the table of contents, which is on the first. */
  readonly contents: readonly Mark[]
}

function placed(document: ReportDocument, hash: string, words: Words, types: TypeCase, progress: Progress): Placed {
  const flow = new Flow(types)
  const text = (value: string, style: Style, x = LEFT): void =>
    flow.lines(linesOf(plain(value), WIDTH - (x - LEFT), style, types), x, style)
  flow.y += 14
  text(words('report.kind'), KIND)
  flow.y += 2
  text(document.title, TITLE)
  flow.y += 4
  const made = [
    document.number,
    words(`report.${document.audience}`),
    `PAP:${document.pap}`,
    `${words('report.madeAt')} ${dateTime(document.madeAt)} UTC`,
    `${words('report.madeBy')} ${document.madeBy}`,
  ]
  text(made.join('   '), KIND)
  flow.y += 12
  flow.rule(LEFT, WIDTH, LINE)
  flow.y += 8
  // Its numbers of pages are known when all else is placed.
  const entries = document.sections.map(({ anchor, title }) => {
    const [line] = linesOf(plain(title), WIDTH - 40, PLAIN, types)
    if (line !== undefined) flow.line(line, LEFT, flow.y, PLAIN)
    flow.add({ mark: 'link', x: LEFT, y: flow.y, width: WIDTH, height: PLAIN.leading, target: anchor })
    const place = { anchor, y: flow.y }
    flow.y += PLAIN.leading
    return place
  })
  flow.y += 8
  flow.rule(LEFT, WIDTH, LINE)
  const placer = new BlockPlacer(flow, types, words)
  const section = (title: string): void => {
    if (!flow.atTop) flow.y += 22
    flow.add({ mark: 'box', x: LEFT, y: flow.y, width: WIDTH, height: 1.4, colour: INK, radius: 0 })
    flow.y += 6
    text(title, SECTION)
    flow.y += 4
  }
  for (const [index, { anchor, title, blocks }] of document.sections.entries()) {
    flow.need(Math.max(90, 55 + placer.together(blocks)))
    flow.anchor(anchor)
    flow.heading(1, title)
    section(title)
    for (const [at, block] of blocks.entries()) placer.place(block, blocks[at + 1])
    progress((index + 1) / document.sections.length)
  }
  flow.need(100)
  section(words('report.hash'))
  flow.lines(linesOf([{ kind: 'code', text: hash }], WIDTH, { ...PLAIN, colour: INK }, types), LEFT, PLAIN)
  flow.y += 3
  text(words('report.hash.meaning'), ASIDE)
  const pages = flow.end()
  const contents = entries.flatMap(({ anchor, y }): Mark[] => {
    const [line] = linesOf(plain(String(flow.pageOf(anchor))), 40, PLAIN, types)
    const at = y + (PLAIN.leading + PLAIN.size * 0.7) / 2
    return line === undefined ? [] : [{ mark: 'line', line, x: LEFT + WIDTH - line.width, y: at, leading: PLAIN.leading }]
  })
  return { flow, pages, contents }
}

function draw(
  pdf: PDFDocument,
  outline: readonly OutlineEntry[],
  pages: readonly SetPage[],
  frames: (page: number) => SetPage,
  types: TypeCase,
  progress: Progress,
): void {
  let entry = 0
  let section = pdf.outline
  for (const [index, page] of pages.entries()) {
    pdf.addPage()
    // Entries of the outline lead to the page that is there when they are added.
    for (; entry < Math.min(outline.length, MOST_OUTLINE); entry++) {
      const { level, title, page } = outline[entry]!
      if (page > index + 1) break
      if (level === 1) section = pdf.outline.addItem(visibleLine(title))
      else section.addItem(visibleLine(title))
    }
    for (const { operators, fonts, leads } of [frames(index + 1), page]) {
      for (const name of fonts) {
        const font = types.font(name)
        pdf.page.fonts[font.id] ??= font.ref()
      }
      pdf.addContent(operators)
      lead(pdf, leads)
    }
    progress((index + 1) / pages.length)
  }
}

/** Places of the page that are led to, and what leads elsewhere. */
function lead(pdf: PDFDocument, leads: readonly Lead[]): void {
  for (const mark of leads) {
    // A little above, so that what is led to does not touch the edge of the window.
    if (mark.mark === 'anchor') pdf.addNamedDestination(mark.name, 'XYZ', 0, Math.max(0, mark.y - 12), null)
    else pdf.goTo(mark.x, mark.y, mark.width, mark.height, mark.target)
  }
}

/** Head and foot of a page. */
function frame(document: ReportDocument, words: Words, types: TypeCase, page: number, pages: number): Mark[] {
  const marks: Mark[] = []
  const label: Style = { size: 12, leading: 18, colour: TLP_COLOUR[document.tlp], face: 'codeStrong' }
  const small: Style = { size: 7.5, leading: 18, colour: QUIET, face: 'text' }
  const [tlp] = linesOf(plain(`TLP:${document.tlp}`), WIDTH, label, types)
  const put = (text: string, top: number, at: 'left' | 'middle'): void => {
    const [line] = linesOf(plain(visibleLine(text)), WIDTH * 0.6, small, types)
    if (line === undefined) return
    const x = at === 'left' ? LEFT : LEFT + (WIDTH - line.width) / 2
    marks.push({ mark: 'line', line, x, y: top + (small.leading + small.size * 0.7) / 2, leading: small.leading })
  }
  for (const top of [28, PAGE_HEIGHT - 46]) {
    if (tlp !== undefined) {
      const x = LEFT + WIDTH - tlp.width - 12
      marks.push({ mark: 'box', x, y: top, width: tlp.width + 12, height: label.leading, colour: '#000000', radius: 0 })
      marks.push({ mark: 'line', line: tlp, x: x + 6, y: top + (label.leading + label.size * 0.7) / 2, leading: label.leading })
    }
  }
  put(document.number, 28, 'left')
  put(`${document.number} · ${words(`report.${document.audience}`)}`, PAGE_HEIGHT - 46, 'left')
  put(words('report.page', { page, pages }), PAGE_HEIGHT - 46, 'middle')
  return marks
}
