/**
 * Reports of incidents whose every text is hostile, through all writers. A real browser parses what comes out: only our elements, each
 * text whole, and XML that is well formed; poppler reads the PDF.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { unzipSync } from 'fflate'
import { chromium } from 'playwright-core'
import { buildReport } from '../../electron/engine/reports/build-report.ts'
import { toDocx } from '../../electron/engine/reports/docx/to-docx.ts'
import { toHtml } from '../../electron/engine/reports/html/to-html.ts'
import { madeIncident } from '../../electron/engine/reports/made-incident.ts'
import { toPdf } from '../../electron/engine/reports/pdf/to-pdf.ts'
import { redact } from '../../electron/engine/reports/redaction/redact.ts'
import { ReportSource } from '../../electron/engine/reports/report-source.ts'
import { visibleLine } from '../../electron/engine/reports/visible-text.ts'
import { findChromium } from '../../scripts/chromium.ts'
import { mutate, Random } from './random.ts'

export interface ReportCounts {
  reports: number
  /** Files that a browser parsed. */
  parsed: number
  pdfs: number
}

const PIECES = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  '</style><svg onload=alert(1)>',
  '</w:t></w:r><w:fldSimple w:instr="DDEAUTO cmd"/>',
  ']]>',
  '<!--',
  '&#x202e;&amp;',
  'javascript:alert(1)',
  'http://198.51.100.47/a',
  '=cmd|"/c calc"!A1',
  '\u202egnp.exe',
  '\u0000\u0008\u001b[31m',
  '\ud800',
  '\udfff',
  '\ufffe\uffff\u{1fffe}',
  '\u200b\u2066\ufeff',
  '\u{e0041}',
  'العربية עברית',
  '한글 ',
  '가나',
  '\u{1f600}',
  '\r\n\t\n',
  ' ',
  'word ',
  '(\\)<ff> Tj ET',
  '198.51.100.47',
  '2001:db8::47',
  'a'.repeat(300),
]
const SEEDS = PIECES.slice(0, 8)
const CLOSED = new Set(
  'id from to sha256 event alert kind number state section role severity verdict result status tlp pap phase impact time until at added created due ended first last occurred detected acknowledged contained eradicated recovered closed'.split(
    ' ',
  ),
)
/** Shorter than the shortest that a source may hold. */
const MOST = 90

function hostile(value: unknown, random: Random): unknown {
  if (typeof value === 'string') {
    if (random.below(5) === 0) return mutate(value, random, SEEDS).slice(0, MOST)
    let text = ''
    for (let n = random.below(4); n >= 0; n--) text += random.pick(PIECES)
    return text.slice(0, MOST)
  }
  if (Array.isArray(value))
    return value.map((item) => (typeof item === 'string' && item.startsWith('EV-') ? item : hostile(item, random)))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => {
      if (typeof item === 'string' && CLOSED.has(key)) return [key, item]
      const text = hostile(item, random)
      return [key, (key === 'en' || key === 'ko' || key === 'asset' || key === 'row') && text === '' ? 'x' : text]
    }),
  )
}

const ELEMENTS = new Set(
  'html head meta title style body div span b header h1 h2 h3 h4 code time nav a main section p ol ul li table colgroup col thead tbody tr th td br figure svg rect path text circle dl dt dd'.split(
    ' ',
  ),
)
const ATTRIBUTES = new Set(
  'lang charset http-equiv content name class id href scope colspan width viewbox role aria-label x y height rx cx cy r d'.split(
    ' ',
  ),
)

export async function fuzzReports(
  count: number,
  seed: number,
  told: (counts: ReportCounts) => void = () => undefined,
): Promise<ReportCounts> {
  const random = new Random(seed)
  const counts: ReportCounts = { reports: 0, parsed: 0, pdfs: 0 }
  const executablePath = findChromium()
  const poppler = spawnSync('pdftotext', ['-v'], { stdio: 'ignore' }).status === 0
  const browser =
    executablePath === null ? null : await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] })
  const folder = mkdtempSync(join(tmpdir(), 'watchfloor-fuzz-'))
  try {
    const page = await browser?.newPage()
    for (let n = 0; n < count; n++) {
      const source = ReportSource.parse(hostile(madeIncident(), random))
      // Glued to other digits they are found where they are known.
      for (const [index, value] of ['198.51.100.47', '2001:db8::47'].entries()) source.entities[index]!.value = value
      const masked = redact(source, { tlp: 'RED', mask: { own: [], hosts: [] } })
      if (!masked.ok) throw new Error(masked.error.message)
      const document = buildReport(n % 3 === 0 ? source : masked.value, {
        language: n % 2 === 0 ? 'en' : 'ko',
        at: '2026-11-20T08:00:00.000Z',
        by: 'fuzz',
      })
      const html = Buffer.from(toHtml(document)).toString()
      const parts = Object.entries(unzipSync(toDocx(document))).map(([name, bytes]) => ({
        name,
        text: new TextDecoder('utf-8', { fatal: true }).decode(bytes),
      }))
      if (n % 3 !== 0)
        for (const text of [html, ...parts.map((part) => part.text)]) {
          const told = /.{0,40}(?:198\.51\.100\.47|2001:db8::47).{0,20}/.exec(text)
          if (told !== null) throw new Error(`report ${n} of seed ${seed} tells an address: ${JSON.stringify(told[0])}`)
        }
      if (page !== undefined) {
        const found = await page.evaluate(parse, { html, parts })
        const strange = [
          ...found.elements.filter((name) => !ELEMENTS.has(name)),
          ...found.attributes.filter((name) => !ATTRIBUTES.has(name)),
          ...found.links.filter((href) => !/^#[a-z][a-z0-9_]*$/.test(href)),
          ...found.malformed,
        ]
        if (strange.length > 0) throw new Error(`report ${n} of seed ${seed}: ${strange.join(' · ')}`)
        if (found.title !== visibleLine(document.title).trim().replace(/ +/g, ' '))
          throw new Error(`report ${n} of seed ${seed}: its title is ${found.title}`)
        counts.parsed += 1 + parts.length
      }
      const { bytes } = await toPdf(document)
      if (
        /\/(?:JavaScript|Launch|URI|OpenAction)\b/.test(
          Buffer.from(bytes)
            .toString('latin1')
            .replace(/\/(?:Title|Author|Keywords) [^]*?\n/g, ''),
        )
      )
        throw new Error(`report ${n} of seed ${seed}: its PDF does something`)
      if (poppler) {
        const path = join(folder, 'report.pdf')
        writeFileSync(path, bytes)
        const text = execFileSync('pdftotext', [path, '-'], {
          encoding: 'utf8',
          stdio: ['ignore', 'pipe', 'ignore'],
          maxBuffer: 1 << 27,
        })
        const hidden = /[^\n\f\P{C}]|[\u202a-\u202e\u2066-\u2069]/u.exec(text)
        if (hidden !== null) throw new Error(`report ${n} of seed ${seed}: ${JSON.stringify(hidden[0])} in its PDF`)
        // Lines break within long words, and behind the number of a mask.
        const told = n % 3 === 0 ? null : /.{0,40}(?<!#)(?:198\.51\.100\.47|2001:db8::47).{0,20}/.exec(text.replaceAll('\n', ''))
        if (told !== null) throw new Error(`report ${n} of seed ${seed} tells an address in its PDF: ${JSON.stringify(told[0])}`)
        counts.pdfs++
      }
      counts.reports++
      if (counts.reports % 1000 === 0) told(counts)
    }
  } finally {
    await browser?.close()
    rmSync(folder, { recursive: true })
  }
  return counts
}

/** In the page. */
function parse({ html, parts }: { html: string; parts: { name: string; text: string }[] }) {
  const document = new DOMParser().parseFromString(html, 'text/html')
  const all = [...document.querySelectorAll('*')]
  const unique = (names: string[]): string[] => [...new Set(names.map((name) => name.toLowerCase()))]
  return {
    title: (document.querySelector('h1')?.textContent ?? '').replaceAll('\n', ' ').trim().replace(/ +/g, ' '),
    elements: unique(all.map(({ localName }) => localName)),
    attributes: unique(all.flatMap((element) => element.getAttributeNames())),
    links: [...document.querySelectorAll('a[href]')].map((link) => link.getAttribute('href') ?? ''),
    malformed: parts
      .map(({ name, text }) => ({
        name,
        error: new DOMParser().parseFromString(text, 'application/xml').querySelector('parsererror'),
      }))
      .filter(({ error }) => error !== null)
      .map(({ name, error }) => `${name}: ${error?.textContent ?? ''}`),
  }
}
