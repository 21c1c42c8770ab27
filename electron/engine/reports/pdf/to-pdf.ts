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
import { Ink } from './ink.ts'
import { Flow, LEFT, PAGE_HEIGHT, WIDTH, type Mark } from './flow.ts'
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
  const flow = placed(document, hash, words, types, (part) => progress(part * PLACED))
  draw(pdf, document, words, flow, types, (part) => progress(PLACED + part * (1 - PLACED)))
  pdf.end()
  await ended
  return { bytes: Buffer.concat(chunks), pages: flow.pages.length }
}

function placed(document: ReportDocument, hash: string, words: Words, types: TypeCase, progress: Progress): Flow {
  const flow = new Flow()
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
  const contents: { page: Mark[]; y: number }[] = document.sections.map(({ anchor, title }) => {
    const [line] = linesOf(plain(title), WIDTH - 40, PLAIN, types)
    if (line !== undefined) flow.line(line, LEFT, flow.y, PLAIN)
    flow.add({ mark: 'link', x: LEFT, y: flow.y, width: WIDTH, height: PLAIN.leading, target: anchor })
    const place = { page: flow.pages.at(-1)!, y: flow.y }
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
    flow.heading(1, title, anchor)
    section(title)
    for (const [at, block] of blocks.entries()) placer.place(block, blocks[at + 1])
    progress((index + 1) / document.sections.length)
  }
  flow.need(100)
  section(words('report.hash'))
  flow.lines(linesOf([{ kind: 'code', text: hash }], WIDTH, { ...PLAIN, colour: INK }, types), LEFT, PLAIN)
  flow.y += 3
  text(words('report.hash.meaning'), ASIDE)
  for (const [index, { page, y }] of contents.entries()) {
    const number = String(flow.pageOf(document.sections[index]?.anchor ?? ''))
    const [line] = linesOf(plain(number), 40, PLAIN, types)
    if (line !== undefined)
      page.push({
        mark: 'line',
        line,
        x: LEFT + WIDTH - line.width,
        y: y + (PLAIN.leading + PLAIN.size * 0.7) / 2,
        leading: PLAIN.leading,
      })
  }
  return flow
}

function draw(pdf: PDFDocument, document: ReportDocument, words: Words, flow: Flow, types: TypeCase, progress: Progress): void {
  let entry = 0
  let section = pdf.outline
  for (const [index, marks] of flow.pages.entries()) {
    pdf.addPage()
    // Entries of the outline lead to the page that is there when they are added.
    for (; entry < Math.min(flow.outline.length, MOST_OUTLINE); entry++) {
      const { level, title, page } = flow.outline[entry]!
      if (page > index) break
      if (level === 1) section = pdf.outline.addItem(visibleLine(title))
      else section.addItem(visibleLine(title))
    }
    const ink = new Ink(types)
    ink.draw(frame(document, words, types, index + 1, flow.pages.length))
    ink.draw(marks)
    for (const name of ink.fonts) {
      const font = types.font(name)
      pdf.page.fonts[font.id] ??= font.ref()
    }
    pdf.addContent(ink.operators)
    lead(pdf, marks)
    progress((index + 1) / flow.pages.length)
  }
}

/** Places of the page that are led to, and what leads elsewhere. */
function lead(pdf: PDFDocument, marks: readonly Mark[]): void {
  for (const mark of marks) {
    // A little above, so that what is led to does not touch the edge of the window.
    if (mark.mark === 'anchor') pdf.addNamedDestination(mark.name, 'XYZ', 0, Math.max(0, mark.y - 12), null)
    else if (mark.mark === 'link') pdf.goTo(mark.x, mark.y, mark.width, mark.height, mark.target)
    else if (mark.mark === 'line')
      for (const { x, width, target } of mark.line.stretches)
        if (target !== null) pdf.goTo(mark.x + x - 2, mark.y - mark.leading * 0.75, width + 4, mark.leading, target)
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
