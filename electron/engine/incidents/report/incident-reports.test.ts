import { createHash } from 'node:crypto'
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { created, deskWith, must, note, task } from '../../../../test/fixtures/store/incidents.ts'
import { as } from '../../../../test/fixtures/store/incidents.ts'
import { removeDir, temporaryDir } from '../../../../test/fixtures/store/opened.ts'
import { Assets } from '../../assets/assets.ts'
import { openStoreWith } from '../../store/client.ts'
import type { Store } from '../../store/types.ts'
import { IncidentReports } from './incident-reports.ts'

const never = new AbortController().signal
const HOSTILE = '<img src=x onerror=alert(1)><svg onload=alert(2)>'
const ASSET = {
  id: null,
  customer: null,
  name: 'stray-host',
  otherNames: [],
  addresses: [],
  networks: [],
  criticality: 'medium' as const,
  owner: '',
  zone: '',
  os: '',
  note: '',
  services: [],
}
let dir: string
let out: string
let number: string
let store: Store
let assets: Assets
let reports: IncidentReports
let clock = Date.UTC(2026, 10, 20, 13)

beforeAll(async () => {
  dir = temporaryDir()
  out = join(dir, 'out')
  mkdirSync(out)
  const desk = deskWith(dir, [
    ['shell', 60],
    ['beacon', 30],
  ])
  ;({ number } = created(desk, `Web shell ${HOSTILE}`, ['1', '2']))
  const put = (draft: object): unknown => must(desk.writer.incidents.save({ number, draft } as never, as('lee')))
  const sentence = { step: 1, place: 1, cites: [{ kind: 'alert', alert: '1' }], evidence: [], asset: null, state: 'confirmed' }
  put({
    kind: 'sentence',
    id: null,
    base: null,
    part: {
      ...sentence,
      section: 'entry',
      text: { en: 'They came in over the upload form.', ko: '업로드 양식으로 침입했습니다.' },
    },
  })
  put({ ...note('for the desk alone: INSIDE-ONLY'), part: { text: 'for the desk alone: INSIDE-ONLY', internal: true } })
  put(task('Block 10.0.0.1', 'done'))
  desk.close()
  const opened = await openStoreWith(dir, { checkAfter: 3_600_000 })
  if (!opened.ok) throw new Error(opened.error.message)
  store = opened.value
  assets = new Assets(store, dir)
  await assets.start()
  // Each report has a second of its own in its name.
  reports = new IncidentReports(store, assets, dir, () => (clock += 1000))
})
afterAll(async () => {
  await assets.close()
  await store.close()
  removeDir(dir)
})

const write = async (language: 'en' | 'ko', customer: { tlp: 'AMBER'; mask: boolean } | null = null) =>
  must(
    await reports.write(
      { number, language, customer, formats: ['pdf', 'html', 'docx'], folder: out },
      'kim',
      () => undefined,
      never,
    ),
  )
const ofKind = (files: readonly { path: string }[], kind: string): string =>
  files.find(({ path }) => path.endsWith(`.${kind}`))?.path ?? ''

describe('the report of an incident', () => {
  it('is three files whose hashes are in its ledger', async () => {
    const { files, document } = await write('en')
    expect(files.map(({ path }) => path.replace(/^.*\./, ''))).toEqual(['pdf', 'html', 'docx'])
    for (const { path, sha256, bytes } of files) {
      const content = readFileSync(path)
      expect(content.length).toBe(bytes)
      expect(createHash('sha256').update(content).digest('hex')).toBe(sha256)
    }
    const { entries, intact } = must(await store.incidents.ledger({ number, limit: 200, before: null }, never))
    expect(intact).toBe(true)
    const told = JSON.stringify(entries.filter(({ action }) => action === 'report.written'))
    for (const { sha256 } of files) expect(told).toContain(sha256)
    expect(told).toContain(document)
  })

  it('says what the incident says, in both languages', async (context) => {
    if (spawnSync('pdftotext', ['-v']).error) return context.skip('pdftotext is not there')
    const text = (path: string): string => execFileSync('pdftotext', ['-layout', path, '-'], { encoding: 'utf8' })
    const english = text(ofKind((await write('en')).files, 'pdf'))
    expect(english).toContain('They came in over the upload form.')
    expect(english).toContain(number)
    expect(english).toContain('INSIDE-ONLY')
    expect(english).toContain('Block 10.0.0.1')
    const korean = text(ofKind((await write('ko')).files, 'pdf'))
    expect(korean).toContain('업로드 양식으로 침입했습니다.')
    expect(korean).toContain('인시던트 보고서')
  })

  it('keeps what is internal from the customer, and attackers’ markup from every page', async () => {
    const { files } = await write('en', { tlp: 'AMBER', mask: true })
    const html = readFileSync(ofKind(files, 'html'), 'utf8')
    expect(html).not.toContain('INSIDE-ONLY')
    expect(html).not.toContain('<img')
    expect(html).not.toContain('<svg onload')
    expect(html).toContain('&lt;img src=x onerror=alert(1)&gt;')
    const shown = must(await reports.preview({ number, language: 'en', customer: null }, 'kim', () => undefined, never))
    expect(shown.html).toContain('INSIDE-ONLY')
    expect(shown.redacted).toBeNull()
  })

  it('masks hosts that are not the customer’s, also those that are nobody’s', async () => {
    must(await assets.save(ASSET))
    must(
      await store.incidents.edit(
        { number, edit: { summary: 'It went over stray-host.' }, from: { summary: '' }, insist: false },
        'kim',
      ),
    )
    const shown = must(
      await reports.preview({ number, language: 'en', customer: { tlp: 'AMBER', mask: true } }, 'kim', () => undefined, never),
    )
    expect(shown.html).toContain('It went over host #')
    expect(shown.html).not.toContain('stray-host')
  })

  it('writes nothing where it cannot, and over nothing', async () => {
    const order = { number, language: 'en' as const, customer: null, formats: ['html' as const] }
    const asked = (more: object): ReturnType<IncidentReports['write']> =>
      reports.write({ ...order, folder: out, ...more }, 'kim', () => undefined, never)
    expect(await asked({ folder: join(dir, 'nowhere') })).toMatchObject({ ok: false, error: { code: 'invalid_input' } })
    expect(await asked({ folder: 'relative' })).toMatchObject({ ok: false, error: { code: 'invalid_input' } })
    expect(await asked({ number: 'INC-2026-9999' })).toMatchObject({ ok: false, error: { code: 'not_found' } })
    const still = new IncidentReports(store, assets, dir, () => Date.UTC(2026, 10, 21))
    const again = (): ReturnType<IncidentReports['write']> =>
      still.write({ ...order, folder: out }, 'kim', () => undefined, never)
    expect(await again()).toMatchObject({ ok: true })
    const before = readdirSync(out).sort()
    expect(await again()).toMatchObject({ ok: false, error: { code: 'conflict' } })
    expect(readdirSync(out).sort()).toEqual(before)
  })
})
