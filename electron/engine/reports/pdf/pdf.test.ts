import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { ReportLanguage } from '../../../../shared/model/report.ts'
import { buildReport } from '../build-report.ts'
import { madeIncident } from '../made-incident.ts'
import { redact } from '../redaction/redact.ts'
import type { ReportSource } from '../report-source.ts'
import { documentHash } from '../signature.ts'
import { readFont } from './fonts.ts'
import { toPdf } from './to-pdf.ts'
import { unwrapWoff } from './unwrap-woff.ts'

const folder = mkdtempSync(join(tmpdir(), 'watchfloor-pdf-'))
afterAll(() => rmSync(folder, { recursive: true }))
const hasPoppler = spawnSync('pdftotext', ['-v'], { stdio: 'ignore' }).status === 0
const note = hasPoppler ? '' : ' (skipped: no pdftotext)'

const documentOf = (language: ReportLanguage, source: ReportSource = madeIncident()) =>
  buildReport(source, { language, at: '2026-11-20T08:00:00.000Z', by: 'M. Seo' })
function by(program: string, pdf: Uint8Array, ...args: string[]): string {
  const path = join(folder, 'report.pdf')
  writeFileSync(path, pdf)
  return execFileSync(program, [...args, path, ...(program === 'pdftotext' ? ['-'] : [])], {
    encoding: 'utf8',
    maxBuffer: 1 << 27,
  })
}
/** Lines joined, and blanks as one, since where lines break is not what is tested. */
const flat = (text: string): string => text.replace(/\s+/g, ' ')

describe('a report as PDF', () => {
  it('is the same bytes for the same report, of as many pages as it says', async () => {
    const { bytes, pages } = await toPdf(documentOf('en'))
    expect(Buffer.compare(bytes, (await toPdf(documentOf('en'))).bytes)).toBe(0)
    const text = Buffer.from(bytes).toString('latin1')
    expect(text.startsWith('%PDF-1.7')).toBe(true)
    expect(text.match(/\/Type \/Page\b/g)?.length).toBe(pages)
    expect(pages).toBeGreaterThan(4)
    expect(text).toContain('/Lang (en)')
    expect(text).toContain('/Outlines')
    // Nothing in it does anything but lead to another place in it.
    expect(text).not.toMatch(/\/(?:JavaScript|JS|Launch|URI|OpenAction|EmbeddedFile|AA)\b/)
    expect(text.match(/\/S \/GoTo\b/g)?.length).toBeGreaterThan(40)
  })

  it.skipIf(!hasPoppler)(`says what is in it to pdftotext, in English${note}`, async () => {
    const document = documentOf('en')
    const { bytes, pages } = await toPdf(document)
    const text = flat(by('pdftotext', bytes))
    for (const said of [
      'Incident report',
      'Web shell on web-01, archive of finance shares sent out',
      'The field ref of the order form on web-01 answered UNION SELECT with rows of table users at 18:15:26.',
      'pkt 13 902 771 +0x1a4',
      'true positive with impact',
      '214 600 112',
      `Page ${pages} of ${pages}`,
      documentHash(document),
      'SQL injection, UNION SELECT in a form field',
      '고객사 당직자 통화 후 격리를 진행했고',
    ])
      expect(text).toContain(said)
    expect(text.match(/TLP:RED/g)?.length).toBe(pages * 2)
    const info = by('pdfinfo', bytes)
    expect(info).toMatch(/Title: +INC-2026-0117 Web shell/)
    expect(info).toMatch(new RegExp(`Pages: +${pages}\\b`))
    expect(info).toMatch(/Page size: +595\.\d+ x 841\.\d+ pts \(A4\)/)
    expect(info).toMatch(/JavaScript: +no/)
  })

  it.skipIf(!hasPoppler)(`says what is in it to pdftotext, in Korean${note}`, async () => {
    const document = documentOf('ko')
    const { bytes, pages } = await toPdf(document)
    const text = flat(by('pdftotext', bytes))
    for (const said of [
      '인시던트 보고서',
      '공격자가 주문 사이트의 업로드 양식으로 웹셸을 올리고',
      'web-01 주문 양식의 ref 필드가 18:15:26에 UNION SELECT에 대해 users 테이블의 행으로 응답했습니다.',
      '취약점과 조치 방안',
      '정탐, 영향 있음',
      `1 / ${pages}쪽`,
      documentHash(document),
    ])
      expect(text).toContain(said)
    // Every font is in it, cut to what occurs.
    const fonts = by('pdffonts', bytes)
      .split('\n')
      .slice(2)
      .filter((line) => line !== '')
    expect(fonts.length).toBeGreaterThan(3)
    for (const line of fonts) expect(line).toMatch(/yes yes yes/)
    expect(bytes.length).toBeLessThan(400_000)
  })

  it.skipIf(!hasPoppler)(`shows hostile text as text${note}`, async () => {
    const hostile =
      'a\u202egnp.exe \u0007bell\u0000 <script>alert(1)</script> javascript:alert(1) =cmd|calc \ud800 \u{1f600} العربية \ufffe x'
    const [entry] = madeIncident().entries
    const { bytes } = await toPdf(
      documentOf(
        'en',
        madeIncident({
          title: hostile.slice(0, 200),
          entries: [{ ...entry, title: hostile, text: hostile, group: hostile.slice(0, 60) }],
        }),
      ),
    )
    const text = flat(by('pdftotext', bytes))
    for (const shown of [
      'a\\u202egnp.exe',
      '\\x07bell\\x00',
      '<script>alert(1)</script>',
      '=cmd|calc',
      '\\ud800',
      '\\u{1f600}',
      '\\u627',
      '\\ufffe',
    ])
      expect(text).toContain(shown.replace('\\u627', '\\u0627'))
    // Not even as a title.
    expect(by('pdfinfo', bytes)).toContain('a\\u202egnp.exe')
  })

  it.skipIf(!hasPoppler)(`has masks in the place of addresses${note}`, async () => {
    const told = redact(madeIncident(), { tlp: 'AMBER', mask: { own: ['192.0.2.0/24'], hosts: [] } })
    if (!told.ok) throw new Error(told.error.message)
    const { bytes } = await toPdf(buildReport(told.value, { language: 'ko', at: '2026-11-20T08:00:00.000Z', by: 'M. Seo' }))
    const text = by('pdftotext', bytes).replace(/\s+/g, '')
    expect(text).toContain('198.51.x.x#1')
    expect(text).toContain('192.0.2.10')
    for (const address of ['198.51.100.47', '203.0.113.201', '198.51.100.10']) expect(text).not.toContain(address)
  })

  it('breaks words that are wider than a line, and goes on over pages', async () => {
    const [entry] = madeIncident().entries
    const long = `${'x'.repeat(9000)} ${'가'.repeat(9000)}`
    const { pages } = await toPdf(documentOf('en', madeIncident({ entries: [{ ...entry, text: long }] })))
    expect(pages).toBeGreaterThan((await toPdf(documentOf('en'))).pages + 2)
  })
})

describe('fonts', () => {
  it('are taken out of WOFF as they were', () => {
    const font = Buffer.from(readFont('sans-400'))
    expect(font.readUInt32BE(0)).toBe(0x00010000)
    const count = font.readUInt16BE(4)
    const tags = Array.from({ length: count }, (_, index) => font.toString('latin1', 12 + index * 16, 16 + index * 16))
    expect(tags).toEqual(expect.arrayContaining(['glyf', 'head', 'hmtx', 'loca']))
    // Of a table that is summed as OpenType says, the sum is that of its bytes.
    const at = 12 + tags.indexOf('hmtx') * 16
    const [sum, offset, length] = [font.readUInt32BE(at + 4), font.readUInt32BE(at + 8), font.readUInt32BE(at + 12)]
    let own = 0
    for (let index = 0; index < length; index += 4) own = (own + font.readUInt32BE(offset + index)) >>> 0
    expect(own).toBe(sum)
    expect(unwrapWoff(font)).toBe(font)
  })
})
