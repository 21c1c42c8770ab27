/** `word/styles.xml`: what paragraphs, runs and tables look like. Sizes are half points, lengths twentieths of a point. */
import { BODY, CHIP, FAINT, INK, LINE, LINK, QUIET } from '../colours.ts'
import type { ReportLanguage } from '../../../../shared/model/report.ts'
import { DECLARATION } from './xml.ts'

/** `#0f1317` → `0f1317`. */
export const plainColour = (colour: string): string => colour.slice(1)

const run = (size: number, colour: string, more = ''): string =>
  `<w:rPr>${more}<w:color w:val="${plainColour(colour)}"/><w:sz w:val="${size}"/><w:szCs w:val="${size}"/></w:rPr>`
const paragraph = (id: string, name: string, of: string, properties: string, look: string): string =>
  `<w:style w:type="paragraph" w:styleId="${id}"${/^(Heading|Title)/.test(id) ? '' : ' w:customStyle="1"'}><w:name w:val="${name}"/>${of === '' ? '' : `<w:basedOn w:val="${of}"/>`}${id.startsWith('Heading') ? '<w:next w:val="Normal"/>' : ''}<w:qFormat/><w:pPr>${properties}</w:pPr>${look}</w:style>`
const character = (id: string, name: string, look: string): string =>
  `<w:style w:type="character" w:customStyle="1" w:styleId="${id}"><w:name w:val="${name}"/>${look}</w:style>`
const spacing = (before: number, after: number): string => `<w:spacing w:before="${before}" w:after="${after}"/>`
const MONO = '<w:rFonts w:ascii="Consolas" w:hAnsi="Consolas" w:cs="Consolas"/>'
const BOLD = '<w:b/><w:bCs/>'

export function stylesXml(language: ReportLanguage): string {
  const tag = language === 'ko' ? 'ko-KR' : 'en-US'
  return [
    DECLARATION,
    '<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">',
    '<w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Calibri" w:hAnsi="Calibri" w:eastAsia="Malgun Gothic" w:cs="Arial"/>',
    `<w:color w:val="${plainColour(BODY)}"/><w:sz w:val="19"/><w:szCs w:val="19"/><w:lang w:val="${tag}" w:eastAsia="ko-KR" w:bidi="ar-SA"/></w:rPr></w:rPrDefault>`,
    `<w:pPrDefault><w:pPr><w:spacing w:after="80" w:line="264" w:lineRule="auto"/></w:pPr></w:pPrDefault></w:docDefaults>`,
    '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/></w:style>',
    '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont"><w:name w:val="Default Paragraph Font"/><w:uiPriority w:val="1"/></w:style>',
    '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar><w:top w:w="0" w:type="dxa"/><w:left w:w="108" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/><w:right w:w="108" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>',
    paragraph('Title', 'Title', 'Normal', spacing(60, 120), run(42, INK, BOLD)),
    ...[1, 2, 3].map((level) =>
      paragraph(
        `Heading${level}`,
        `heading ${level}`,
        'Normal',
        `<w:keepNext/><w:keepLines/>${level === 1 ? `<w:pBdr><w:top w:val="single" w:sz="12" w:space="6" w:color="${plainColour(INK)}"/></w:pBdr>` : ''}${spacing(level === 1 ? 400 : 200, 80)}<w:outlineLvl w:val="${level - 1}"/>`,
        run([29, 22, 18][level - 1] ?? 18, level === 3 ? QUIET : INK, BOLD),
      ),
    ),
    paragraph('Aside', 'Aside', 'Normal', '<w:keepNext/>', run(17, QUIET)),
    paragraph('Contents', 'Contents entry', 'Normal', spacing(0, 20), run(19, LINK)),
    paragraph('Cell', 'Cell', 'Normal', '<w:spacing w:before="20" w:after="20" w:line="240" w:lineRule="auto"/>', run(17, BODY)),
    paragraph('CellHead', 'Cell head', 'Cell', '<w:keepNext/>', run(16, QUIET)),
    paragraph('Band', 'Head and foot', 'Normal', spacing(0, 0), run(16, QUIET)),
    character('StrongRun', 'Strong run', `<w:rPr>${BOLD}<w:color w:val="${plainColour(INK)}"/></w:rPr>`),
    character('Code', 'Code', `<w:rPr>${MONO}</w:rPr>`),
    character('Quiet', 'Quiet', `<w:rPr><w:color w:val="${plainColour(QUIET)}"/></w:rPr>`),
    character(
      'Cite',
      'Citation',
      `<w:rPr>${MONO}<w:color w:val="${plainColour(LINK)}"/><w:shd w:val="clear" w:color="auto" w:fill="${plainColour(CHIP)}"/></w:rPr>`,
    ),
    character(
      'CiteNowhere',
      'Citation without a target',
      `<w:rPr>${MONO}<w:color w:val="${plainColour(QUIET)}"/><w:shd w:val="clear" w:color="auto" w:fill="${plainColour(FAINT)}"/></w:rPr>`,
    ),
    `<w:style w:type="table" w:customStyle="1" w:styleId="Rows"><w:name w:val="Rows"/><w:basedOn w:val="TableNormal"/><w:tblPr><w:tblBorders><w:bottom w:val="single" w:sz="4" w:space="0" w:color="${plainColour(LINE)}"/><w:insideH w:val="single" w:sz="4" w:space="0" w:color="${plainColour(LINE)}"/></w:tblBorders><w:tblCellMar><w:left w:w="0" w:type="dxa"/><w:right w:w="120" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>`,
    '</w:styles>',
  ].join('')
}
