/**
 * A report as DOCX. The parts are written here and not by a library: they are a few kinds of elements, every text passes one function,
 * there is no relation that leads out of the file, and ten thousand rows are strings, not a tree of objects.
 */
import { zipSync, type ZipOptions } from 'fflate'
import type { ReportDocument } from '../../../../shared/model/report.ts'
import { TLP_COLOUR } from '../colours.ts'
import type { Progress } from '../progress.ts'
import { documentHash } from '../signature.ts'
import { visibleLine } from '../visible-text.ts'
import { dateTime, wordsOf, type Words } from '../words.ts'
import { Body, TEXT_WIDTH } from './body.ts'
import { plainColour, stylesXml } from './styles.ts'
import { DECLARATION, xml } from './xml.ts'

const W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
const SPACES = [
  W,
  'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"',
  'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"',
  'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"',
  'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"',
  'xmlns:wpg="http://schemas.microsoft.com/office/word/2010/wordprocessingGroup"',
  'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"',
].join(' ')
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const MAIN = 'application/vnd.openxmlformats-officedocument.wordprocessingml'
/** The same report is the same bytes, whatever the hour. The first day that a zip knows, in local time as the format has it. */
const WHEN = new Date(1980, 0, 1)
const ZIPPED = 0.8

export function toDocx(document: ReportDocument, progress: Progress = () => undefined): Uint8Array {
  const words = wordsOf(document.language)
  const parts: Record<string, string> = {
    '[Content_Types].xml': contentTypes(),
    '_rels/.rels': relations([
      ['rId1', `${OFFICE}/officeDocument`, 'word/document.xml'],
      ['rId2', 'http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties', 'docProps/core.xml'],
    ]),
    'docProps/core.xml': core(document),
    'word/document.xml': documentXml(document, words, (part) => progress(part * ZIPPED)),
    'word/styles.xml': stylesXml(document.language),
    'word/settings.xml': `${DECLARATION}<w:settings ${W}><w:defaultTabStop w:val="720"/><w:compat><w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat></w:settings>`,
    'word/header1.xml': `${DECLARATION}<w:hdr ${W}>${band(document, xml(visibleLine(document.number)))}</w:hdr>`,
    'word/footer1.xml': `${DECLARATION}<w:ftr ${W}>${band(document, `${xml(visibleLine(document.number))} · ${xml(words(`report.${document.audience}`))}`, pageOf(words))}</w:ftr>`,
    'word/_rels/document.xml.rels': relations([
      ['rId1', `${OFFICE}/styles`, 'styles.xml'],
      ['rId2', `${OFFICE}/settings`, 'settings.xml'],
      ['rId3', `${OFFICE}/header`, 'header1.xml'],
      ['rId4', `${OFFICE}/footer`, 'footer1.xml'],
    ]),
  }
  const files: Record<string, [Uint8Array, ZipOptions]> = {}
  for (const [name, text] of Object.entries(parts)) files[name] = [Buffer.from(text), { level: 6, mtime: WHEN }]
  const bytes = zipSync(files)
  progress(1)
  return bytes
}

function documentXml(document: ReportDocument, words: Words, progress: Progress): string {
  const body = new Body(words)
  const made = [
    `${words(`report.${document.audience}`)}   PAP:${document.pap}`,
    `${words('report.madeAt')} ${dateTime(document.madeAt)} UTC`,
    `${words('report.madeBy')} ${document.madeBy}`,
  ].join('   ')
  const out = [
    `${DECLARATION}<w:document ${SPACES}><w:body>`,
    body.paragraph('Aside', body.text(`${words('report.kind')} · `) + body.styled('Code', document.number)),
    body.paragraph('Title', body.text(document.title)),
    body.paragraph('Aside', body.text(made)),
    ...document.sections.map(({ anchor, title }) => body.paragraph('Contents', body.link(anchor, body.text(title)))),
  ]
  for (const [index, { anchor, title, blocks }] of document.sections.entries()) {
    out.push(body.paragraph('Heading1', body.text(title), anchor))
    for (const block of blocks) out.push(body.block(block))
    progress((index + 1) / document.sections.length)
  }
  out.push(
    body.paragraph('Heading1', body.text(words('report.hash'))),
    body.paragraph('Normal', body.styled('Code', documentHash(document))),
    body.paragraph('Aside', body.text(words('report.hash.meaning'))),
    '<w:sectPr><w:headerReference w:type="default" r:id="rId3"/><w:footerReference w:type="default" r:id="rId4"/>',
    `<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1360" w:right="1066" w:bottom="1200" w:left="1066" w:header="560" w:footer="480" w:gutter="0"/></w:sectPr>`,
    '</w:body></w:document>',
  )
  return out.join('')
}

/** Head or foot: who, where, and TLP to the right, 12 points on black. All but `who` is ours. */
function band(document: ReportDocument, who: string, middle = ''): string {
  const tlp = `<w:r><w:rPr><w:rFonts w:ascii="Consolas" w:hAnsi="Consolas" w:cs="Consolas"/><w:b/><w:color w:val="${plainColour(TLP_COLOUR[document.tlp])}"/><w:sz w:val="24"/><w:shd w:val="clear" w:color="auto" w:fill="000000"/></w:rPr><w:t xml:space="preserve">\u00a0TLP:${document.tlp}\u00a0</w:t></w:r>`
  const tab = '<w:r><w:tab/></w:r>'
  const tabs = `<w:tabs><w:tab w:val="center" w:pos="${TEXT_WIDTH / 2}"/><w:tab w:val="right" w:pos="${TEXT_WIDTH}"/></w:tabs>`
  return `<w:p><w:pPr><w:pStyle w:val="Band"/>${tabs}</w:pPr><w:r><w:t xml:space="preserve">${who}</w:t></w:r>${tab}${middle}${tab}${tlp}</w:p>`
}

function pageOf(words: Words): string {
  const field = (name: string): string => `<w:fldSimple w:instr=" ${name} "><w:r><w:t>1</w:t></w:r></w:fldSimple>`
  return words('report.page', { page: '\0page\0', pages: '\0pages\0' })
    .split('\0')
    .map((part) =>
      part === 'page'
        ? field('PAGE')
        : part === 'pages'
          ? field('NUMPAGES')
          : part === ''
            ? ''
            : `<w:r><w:t xml:space="preserve">${xml(part)}</w:t></w:r>`,
    )
    .join('')
}

const relations = (all: readonly (readonly [id: string, type: string, target: string])[]): string =>
  `${DECLARATION}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${all.map(([id, type, target]) => `<Relationship Id="${id}" Type="${type}" Target="${target}"/>`).join('')}</Relationships>`

const contentTypes = (): string => {
  const override = (part: string, type: string): string => `<Override PartName="${part}" ContentType="${type}"/>`
  return `${DECLARATION}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>${[
    override('/word/document.xml', `${MAIN}.document.main+xml`),
    override('/word/styles.xml', `${MAIN}.styles+xml`),
    override('/word/settings.xml', `${MAIN}.settings+xml`),
    override('/word/header1.xml', `${MAIN}.header+xml`),
    override('/word/footer1.xml', `${MAIN}.footer+xml`),
    override('/docProps/core.xml', 'application/vnd.openxmlformats-package.core-properties+xml'),
  ].join('')}</Types>`
}

function core(document: ReportDocument): string {
  const at = xml(`${document.madeAt.slice(0, 19)}Z`)
  return `${DECLARATION}<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:title>${xml(visibleLine(`${document.number} ${document.title}`))}</dc:title><dc:subject>TLP:${document.tlp}</dc:subject><dc:creator>${xml(visibleLine(document.madeBy))}</dc:creator><dc:identifier>${documentHash(document)}</dc:identifier><dc:language>${document.language}</dc:language><dcterms:created xsi:type="dcterms:W3CDTF">${at}</dcterms:created><dcterms:modified xsi:type="dcterms:W3CDTF">${at}</dcterms:modified></cp:coreProperties>`
}
