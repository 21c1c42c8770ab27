/** A case goes from one open desk to another, over the built engine. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { openDesk } from './desk.ts'

const folder = mkdtempSync(join(tmpdir(), 'watchfloor-case-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('a case is exported from a desk and imported into another, while both are open', async () => {
  const out = join(folder, 'out')
  mkdirSync(out)
  const first = await openDesk({ dataDir: join(folder, 'first') })
  const second = await openDesk({ dataDir: join(folder, 'second') })
  try {
    await first.page.locator('.rail').waitFor()
    await first.press('g', 'i')
    await first.page.getByRole('button', { name: 'Import case…' }).waitFor()
    await first.press('n')
    await first.page.getByLabel('Title', { exact: true }).fill('Stolen laptop')
    await first.press('Enter')
    await first.page.getByRole('heading', { name: 'Stolen laptop' }).waitFor()
    await first.press('X')
    const exported = first.page.getByRole('dialog', { name: /^Export the case of INC-/ })
    await exported.getByLabel('Folder', { exact: true }).fill(out)
    await first.press('Enter')
    await exported.getByText('The case file was written', { exact: false }).waitFor()
    await first.picture('case-1-exported')
    const [file = ''] = readdirSync(out)
    expect(file).toMatch(/^INC-\d{4}-0001-.*\.wfcase$/)

    await second.page.locator('.rail').waitFor()
    await second.press('g', 'i')
    await second.page.getByRole('button', { name: 'Import case…' }).waitFor()
    await second.press('i')
    const imported = second.page.getByRole('dialog', { name: 'Import a case' })
    await imported.getByLabel('Case file', { exact: true }).fill(join(out, file))
    await second.press('Enter')
    await imported.getByText('Intact.').waitFor()
    await imported.getByRole('button', { name: 'Import the case' }).click()
    await imported.getByText(/was imported\./).waitFor()
    await second.picture('case-2-imported')
    await second.press('Enter')
    await second.page.getByRole('heading', { name: 'Stolen laptop' }).waitFor()
    await second.press('R')
    await second.page.frameLocator('iframe[title="Preview"]').getByText('Stolen laptop').first().waitFor()
    await second.picture('case-3-report')
  } finally {
    await first.close()
    await second.close()
  }
})
