/** Rule packs through the built engine and a real browser: looked at, imported, exported, imported again, removed; and refused. */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { strToU8, unzipSync, zipSync } from 'fflate'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openDesk, type Desk } from './desk.ts'

let desk: Desk
const base = mkdtempSync(join(tmpdir(), 'watchfloor-packs-'))
const dataDir = join(base, 'desk')
const out = join(base, 'out')
mkdirSync(out)
const SCANNER = '5c1f0a52-3f53-4a5e-9d0e-5d2f1a6f7b21'
const HOSTILE = '5c1f0a52-3f53-4a5e-9d0e-5d2f1a6f7b22'
const OWN = '5c1f0a52-3f53-4a5e-9d0e-5d2f1a6f7b23'

const rule = (title: string, id: string, text = 'scan'): string =>
  `title: ${JSON.stringify(title)}\nid: ${id}\nstatus: test\nlogsource:\n  category: webserver\ndetection:\n  selection:\n    cs-uri-query|contains: ${text}\n  condition: selection\nlevel: high\n`
const zipped = (name: string, files: Readonly<Record<string, string>>): string => {
  const path = join(base, name)
  writeFileSync(path, zipSync(Object.fromEntries(Object.entries(files).map(([file, text]) => [file, strToU8(text)]))))
  return path
}
const manifest = (files: Readonly<Record<string, string>>): string =>
  JSON.stringify({
    watchfloorPack: 1,
    name: 'Web servers',
    description: 'What is watched on web servers.',
    author: 'Head office',
    license: 'DRL 1.1',
    made: { at: '2026-11-11T16:40:00.000000Z', by: 'lee', version: '0.1.0' },
    lists: [],
    logSources: [],
    files: Object.entries(files).map(([path, text]) => ({
      path,
      sha256: createHash('sha256').update(text).digest('hex'),
      rules: [],
    })),
  })
const FILES = {
  'rules/scanner.yml': rule('Scanner looks for many paths', SCANNER),
  'rules/hostile.yml': rule('<img src=x onerror="window.__owned=1"> \u202egnp', HOSTILE),
  'rules/own.yml': rule('Changed elsewhere', OWN, 'elsewhere'),
  'rules/broken.yml': rule('Broken', '5c1f0a52-3f53-4a5e-9d0e-5d2f1a6f7b24').replace('|contains', '|startwith'),
}

beforeAll(async () => {
  mkdirSync(join(dataDir, 'rules'), { recursive: true })
  writeFileSync(join(dataDir, 'rules', 'own.yml'), rule('Rule of this desk', OWN))
  desk = await openDesk({ dataDir, width: 1366, height: 768 })
})
afterAll(async () => {
  await desk.close()
  rmSync(base, { recursive: true, force: true })
})

const dialog = (name: string) => desk.page.getByRole('dialog', { name })
/** From anywhere among the rules: the dialog, the path, and the first look. */
async function look(path: string): Promise<void> {
  await desk.go('#/rules')
  await desk.page.locator('.ag-row').first().waitFor()
  await desk.press('i')
  await dialog('Import a pack').getByLabel('Zip or folder').fill(path)
  await desk.page.keyboard.press('Enter')
}
const row = (title: string) => dialog('Import a pack').locator('tbody tr', { hasText: title })

it('shows what a zip would bring, imports it, and says of a rule where it came from', async () => {
  const { page } = desk
  await look(zipped('web.zip', { 'pack.json': manifest(FILES), ...FILES, 'README.md': 'read me' }))
  const preview = dialog('Import a pack')
  await preview.getByText('What is watched on web servers.').waitFor()
  expect(await row('Scanner looks for many paths').innerText()).toMatch(/scanner\.yml\s+new$/)
  expect(await row('Changed elsewhere').innerText()).toMatch(/differs from here\s+The one here stays in use\s+\S+own\.yml/)
  expect(await row('<img src=x onerror="window.__owned=1"> \\u202egnp').count()).toBe(1)
  expect(await preview.locator('tr', { hasText: '8:5' }).innerText()).toMatch(/there is no modifier "startwith"/)
  await preview.getByText('1 file is not taken along').click()
  await preview.getByText('README.md').waitFor()
  await desk.picture('packs-preview')
  await preview.getByRole('radio', { name: 'Failing 1' }).click()
  expect(await preview.locator('tbody tr').count()).toBe(2)
  await preview.getByRole('button', { name: 'Import 2 rules' }).click()

  const panel = page.getByRole('complementary', { name: 'Web servers' })
  await panel.getByText('None: all files are as they were imported.').waitFor()
  expect(await panel.innerText()).toMatch(/Head office[^]*DRL 1\.1[^]*web\.zip[^]*[0-9a-f]{64}[^]*lee, Watchfloor 0\.1\.0/)
  await desk.picture('packs')
  await panel.getByRole('button', { name: 'Show its 2 rules' }).click()
  await page.locator('.ag-row', { hasText: 'Scanner looks for many paths' }).waitFor()
  expect(await page.locator('.ag-row').count()).toBe(2)
  await page.locator('.ag-row', { hasText: 'Scanner looks' }).dblclick()
  const provenance = page.getByRole('region', { name: 'Provenance' })
  await provenance.getByText('as it was imported').waitFor()
  expect(await provenance.getByText(join(base, 'web.zip')).count()).toBe(1)
  await desk.picture('packs-rule')

  writeFileSync(
    join(dataDir, 'packs', 'Web servers', 'rules', 'scanner.yml'),
    FILES['rules/scanner.yml'].replace('level: high', 'level: low'),
  )
  await provenance.getByText('changed since it was imported').waitFor()
  await provenance.getByRole('link', { name: 'Web servers' }).click()
  await panel.getByText('rules/scanner.yml').waitFor()
  expect(desk.complaints).toEqual([])
  expect(await page.evaluate(() => '__owned' in window)).toBe(false)
})

it('exports what the list shows, and finds on the same desk that all of it is there', async () => {
  const { page } = desk
  await desk.go(`#/rules?q=${SCANNER}`)
  await page.getByRole('button', { name: '1 shown' }).click()
  await page.getByRole('menuitem', { name: 'Export 1 rule as a pack' }).click()
  const exporting = dialog('Export rules as a pack')
  await exporting.getByRole('button', { name: 'Write the pack' }).click()
  await exporting.getByText('Letters, digits, spaces and . _ -', { exact: false }).waitFor()
  await exporting.getByLabel('Name of the pack').fill('스캐너 1')
  const path = join(out, 'shown.zip')
  await exporting.getByLabel('Path').fill(path)
  await exporting.getByRole('button', { name: 'Write the pack' }).click()
  await exporting.getByRole('status').getByText(path).waitFor()
  await desk.picture('packs-exported')
  expect(Object.keys(unzipSync(readFileSync(path))).sort()).toEqual(['pack.json', 'rules/scanner.yml'])
  await exporting.locator('footer').getByRole('button', { name: 'Close' }).click()

  // A second time nothing is overwritten.
  const bytes = readFileSync(path)
  await desk.press('x')
  await exporting.getByLabel('Name of the pack').fill('other')
  await exporting.getByLabel('Path').fill(path)
  await exporting.getByRole('button', { name: 'Write the pack' }).click()
  await exporting.getByText('Nothing was overwritten.', { exact: false }).waitFor()
  expect(readFileSync(path).equals(bytes)).toBe(true)
  await page.keyboard.press('Escape')

  await look(path)
  const preview = dialog('Import a pack')
  await preview.getByRole('radio', { name: 'Same 1' }).waitFor()
  await preview.getByRole('radio', { name: 'All 1' }).waitFor()
  expect(await row('Scanner looks for many paths').innerText()).toMatch(/same as here\s+The one here stays in use/)
  await preview.getByText('The desk would use none of its rules', { exact: false }).waitFor()
  await page.keyboard.press('Escape')
  expect(readdirSync(join(dataDir, 'packs'))).toEqual(['Web servers'])
})

it('exports a pack again, as a folder, and imports that in its place', async () => {
  const { page } = desk
  await desk.go('#/rules/Web servers?show=packs')
  const panel = page.getByRole('complementary', { name: 'Web servers' })
  await panel.waitFor()
  await desk.press('x')
  const exporting = dialog('Export rules as a pack')
  await exporting.getByRole('radio', { name: 'Folder' }).click()
  expect(await exporting.getByLabel('Name of the pack').inputValue()).toBe('Web servers')
  const path = join(out, 'again')
  await exporting.getByLabel('Path').fill(path)
  await exporting.getByRole('button', { name: 'Write the pack' }).click()
  await exporting.getByRole('status').getByText(path).waitFor()
  await page.keyboard.press('Escape')
  await panel.waitFor()
  expect(readdirSync(join(path, 'rules')).sort()).toEqual(['hostile.yml', 'scanner.yml'])

  await look(path)
  await dialog('Import a pack').getByRole('button', { name: 'Replace Web servers' }).click()
  await panel.getByText('Earlier imports').waitFor()
  await panel.getByText('None: all files are as they were imported.').waitFor()
})

it('refuses what is not as its manifest says, and a name that leads out', async () => {
  const { page } = desk
  await look(zipped('changed.zip', { 'pack.json': manifest(FILES), ...FILES, 'rules/scanner.yml': rule('Other', SCANNER) }))
  const preview = dialog('Import a pack')
  await preview.getByText('1 file is not as pack.json says. Nothing is imported.').waitFor()
  await preview.getByRole('alert').getByText('rules/scanner.yml').waitFor()
  expect(await preview.getByRole('button', { name: 'Replace Web servers' }).isDisabled()).toBe(true)
  await desk.picture('packs-disagree')

  // Another one from the same dialog: nothing of the first is left.
  await preview.getByRole('button', { name: 'Choose another' }).click()
  await preview
    .getByLabel('Zip or folder')
    .fill(zipped('out.zip', { 'rules/a.yml': rule('A', SCANNER), '../x.yml': rule('X', OWN) }))
  await preview.getByRole('button', { name: 'Look at it' }).click()
  const refusal = preview.getByRole('alert')
  await refusal.getByText('The pack cannot be read.').waitFor()
  expect(await refusal.innerText()).toContain('../x.yml')
  expect(await preview.getByRole('table').count()).toBe(0)
  await desk.picture('packs-refused')
  await page.keyboard.press('Escape')
  expect(existsSync(join(dataDir, 'x.yml'))).toBe(false)
  expect(readdirSync(join(dataDir, 'packs'))).toEqual(['Web servers'])
})

it('removes a pack after asking, and is without it after a restart', async () => {
  const { page } = desk
  await desk.go('#/rules?show=packs')
  await page.getByRole('button', { name: 'Web servers' }).waitFor()
  await desk.press('j')
  await page.keyboard.press('Enter')
  const panel = page.getByRole('complementary', { name: 'Web servers' })
  await panel.getByRole('button', { name: 'Remove' }).click()
  await dialog('Remove Web servers?').getByText('2 rules no longer run', { exact: false }).waitFor()
  await dialog('Remove Web servers?').getByRole('button', { name: 'Remove the pack' }).click()
  await page.getByText('No pack has been imported yet.').waitFor()
  expect(readdirSync(join(dataDir, 'packs'))).toEqual([])
  expect(desk.complaints).toEqual([])
  await desk.kill()
  await desk.restart()
  await page.reload()
  await desk.go(`#/rules?q=${SCANNER}`)
  await page.getByText('No rule fits this filter.').waitFor()
})
