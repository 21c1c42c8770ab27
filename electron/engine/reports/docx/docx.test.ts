import { unzipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { buildReport } from '../build-report.ts'
import { madeIncident } from '../made-incident.ts'
import { documentHash } from '../signature.ts'
import { toDocx } from './to-docx.ts'
import { xml } from './xml.ts'

const documentOf = (language: 'en' | 'ko', changes = {}) =>
  buildReport(madeIncident(changes), { language, at: '2026-11-20T08:00:00.000Z', by: 'M. Seo' })
const partsOf = (bytes: Uint8Array): Map<string, string> =>
  new Map(Object.entries(unzipSync(bytes)).map(([name, part]) => [name, Buffer.from(part).toString()]))
const textOf = (part: string): string =>
  (part.match(/<w:t(?: [^>]*)?>[^<]*/g) ?? []).map((run) => run.replace(/^[^>]*>/, '')).join('')

describe('a report as DOCX', () => {
  it('is the same bytes for the same report', () => {
    expect(Buffer.compare(toDocx(documentOf('en')), toDocx(documentOf('en')))).toBe(0)
  })

  it('has the parts that it names, and none of elsewhere', () => {
    const parts = partsOf(toDocx(documentOf('en')))
    expect([...parts.keys()][0]).toBe('[Content_Types].xml')
    const named = [...(parts.get('[Content_Types].xml') ?? '').matchAll(/PartName="\/([^"]+)"/g)].map(([, name]) => name)
    expect(named.sort()).toEqual([...parts.keys()].filter((name) => name.endsWith('.xml') && !name.startsWith('[')).sort())
    for (const [name, part] of parts)
      if (name.endsWith('.rels')) {
        expect(part).not.toContain('TargetMode')
        const folder = name === '_rels/.rels' ? '' : 'word/'
        for (const [, target] of part.matchAll(/Target="([^"]+)"/g)) expect(parts.has(`${folder}${target}`), target).toBe(true)
      }
  })

  it.each(['en', 'ko'] as const)('says what is in it, with links that lead somewhere (%s)', (language) => {
    const document = documentOf(language)
    const parts = partsOf(toDocx(document))
    const body = parts.get('word/document.xml') ?? ''
    const text = textOf(body)
    expect(text).toContain(documentHash(document))
    for (const { title } of document.sections) expect(text).toContain(xml(title))
    expect(text).toContain(
      language === 'en' ? 'answered UNION SELECT with rows' : 'UNION SELECT에 대해 users 테이블의 행으로 응답했습니다.',
    )
    const bookmarks = [...body.matchAll(/<w:bookmarkStart w:id="(\d+)" w:name="([^"]+)"/g)]
    expect(new Set(bookmarks.map(([, id]) => id)).size).toBe(bookmarks.length)
    const names = new Set(bookmarks.map(([, , name]) => name))
    const links = [...body.matchAll(/<w:hyperlink w:anchor="([^"]+)"/g)].map(([, anchor]) => anchor)
    expect(links.length).toBeGreaterThan(30)
    for (const link of links) expect(names.has(link ?? ''), link).toBe(true)
    const styles = new Set([...(parts.get('word/styles.xml') ?? '').matchAll(/w:styleId="(\w+)"/g)].map(([, id]) => id))
    for (const [, style] of body.matchAll(/<w:(?:p|r|tbl)Style w:val="(\w+)"/g)) expect(styles.has(style), style).toBe(true)
    for (const band of ['word/header1.xml', 'word/footer1.xml']) expect(textOf(parts.get(band) ?? '')).toContain('TLP:RED')
    expect(parts.get('word/footer1.xml')).toContain('w:instr=" NUMPAGES "')
  })

  it('draws the route and has it as a table too', () => {
    const body = partsOf(toDocx(documentOf('en'))).get('word/document.xml') ?? ''
    expect(body.match(/<a:cubicBezTo>/g)?.length).toBe(6)
    expect(body).toContain('<w:t xml:space="preserve">cdn-sync.example.net</w:t>')
    // Ids of shapes are there once each.
    const ids = [...body.matchAll(/<w(?:ps:cNvPr|p:docPr) id="(\d+)"/g)].map(([, id]) => id)
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('has no field and no element that a text brought', () => {
    const hostile = '</w:t></w:r><w:r><w:instrText>HYPERLINK "http://evil.example"</w:instrText></w:r> & \u0000\ufffe\ud800'
    const body = partsOf(toDocx(documentOf('en', { title: hostile, customer: hostile }))).get('word/document.xml') ?? ''
    expect(body).not.toContain('<w:instrText')
    expect(body).toContain('&lt;/w:t&gt;')
    expect(textOf(body)).toContain('\\x00\\ufffe\\ud800')
  })
})
