/** Rule packs in a real browser over the made-up engine: what is said of each document, from the keyboard, for everyone. */
import { describe, expect, it } from 'vitest'
import { axeFindings } from '../fixtures/axe.ts'
import { eventually, openScreen, page, useScreens } from '../fixtures/screen/open-screen.ts'

useScreens()
const open = (hash: string, params = '', size?: { width: number; height: number }): Promise<void> =>
  openScreen(params, hash, size)
const press = async (...keys: string[]): Promise<void> => {
  for (const key of keys) await page.keyboard.press(key)
}
const hash = (): Promise<string> => page.evaluate(() => decodeURIComponent(window.location.hash))
const look = async (path: string, label: string | RegExp = 'Zip or folder'): Promise<void> => {
  await page.getByRole('dialog').getByLabel(label).fill(path)
  await press('Enter')
}

describe('the packs', () => {
  it('are opened with the keyboard, and lead to their rules', async () => {
    await open('#/rules')
    await page.locator('.ag-row').first().waitFor()
    await press('a')
    await page.getByRole('button', { name: 'tried' }).waitFor()
    await press('j', 'Enter')
    await eventually(hash).toBe('#/rules/Web servers?show=packs')
    const panel = page.getByRole('complementary', { name: 'Web servers' })
    await panel.getByText('rules/old_scanner.yml').waitFor()
    await panel.getByRole('region', { name: 'Earlier imports' }).getByText('web-servers-2026-09.zip').waitFor()
    await press('Escape')
    await eventually(hash).toBe('#/rules?show=packs')
    await press('j', 'Enter')
    await page.getByText('nothing says where it came from', { exact: false }).waitFor()
    await press('Escape', 'k', 'Enter')
    await panel.getByRole('button', { name: 'Show its 46 rules' }).click()
    await eventually(hash).toBe('#/rules?folder=resources/rules')
    await page.getByRole('button', { name: 'Only in rules; show all folders' }).click()
    await eventually(hash).toBe('#/rules')
  })
  it('say what each document would be, and what is wrong with it', async () => {
    await open('#/rules')
    await page.locator('.ag-row').first().waitFor()
    await press('i')
    await look('/home/kim/web.zip')
    const dialog = page.getByRole('dialog', { name: 'Import a pack' })
    await dialog.getByText('12:5').waitFor()
    await dialog.getByText('%Administrators-Seoul%').waitFor()
    await dialog.getByText('acme / badge').waitFor()
    // The first of five, and with the arrows each of them.
    await dialog.getByRole('radio', { name: 'All 6' }).focus()
    await press('ArrowRight')
    expect(await dialog.locator('tbody tr').count()).toBe(3)
    await press('ArrowRight', 'ArrowRight')
    expect(await dialog.locator('tbody tr').innerText()).toMatch(/The one here stays in use\s+resources\/rules/)
    await dialog.getByRole('button', { name: 'Replace Web servers' }).click()
    await eventually(hash).toBe('#/rules/Web servers?show=packs')
    await page.getByText('None: all files are as they were imported.').waitFor()
  })
  it('are not imported where they are refused or damaged', async () => {
    await open('#/rules/:import?show=packs')
    await look('/home/kim/bad.zip')
    const dialog = page.getByRole('dialog', { name: 'Import a pack' })
    await dialog.getByRole('alert').getByText('../../etc/x.yml').waitFor()
    await look('/home/kim/changed.zip')
    await dialog.getByRole('alert').getByText('Nothing is imported.', { exact: false }).waitFor()
    expect(await dialog.getByRole('button', { name: 'Replace Web servers' }).isDisabled()).toBe(true)
    await press('Escape')
    await eventually(hash).toBe('#/rules?show=packs')
  })
  it('say what an export wrote', async () => {
    await open('#/rules/Web servers?show=packs')
    await page.getByRole('complementary', { name: 'Web servers' }).waitFor()
    await press('x')
    const dialog = page.getByRole('dialog', { name: 'Export rules as a pack' })
    await eventually(() => dialog.getByLabel('Path').inputValue()).toMatch(/\/Web servers\.zip$/)
    await dialog.getByRole('radio', { name: 'Folder' }).click()
    await eventually(() => dialog.getByLabel('Path').inputValue()).toMatch(/\/Web servers$/)
    await dialog.getByRole('button', { name: 'Write the pack' }).click()
    await dialog.getByRole('status').getByText('%Administrators%').waitFor()
    await press('Escape')
    await eventually(hash).toBe('#/rules/Web servers?show=packs')
  })
})

describe('for everyone', () => {
  const dialogs = [
    ['look', '#/rules/:import?show=packs', () => look('/home/kim/changed.zip', /Zip|zip/)],
    ['refusal', '#/rules/:import?show=packs', () => look('/home/kim/bad.zip', /Zip|zip/)],
    ['export', '#/rules/:export:Web servers?show=packs', async () => undefined],
  ] as const
  it.each(
    dialogs.flatMap(([name, place, act]) => [
      [name, place, 'dark', 'en', 1440, 900, act] as const,
      [name, place, 'light', 'ko', 1366, 768, act] as const,
      [name, place, 'contrast', 'en', 1366, 768, act] as const,
    ]),
  )('the dialog of %s at %s is accessible, %s, %s', async (name, place, theme, language, width, height, act) => {
    await open(place, `fixed&theme=${theme}&language=${language}`, { width, height })
    await page.getByRole('dialog').waitFor()
    await act()
    await page.locator({ look: '.rp-rows', refusal: '.wf-error', export: '.rp-path' }[name]).waitFor()
    expect(await axeFindings(page)).toEqual([])
    // Nothing stands out of the dialog at its side.
    expect(await page.locator('.wf-dialog-body').evaluate((body) => body.scrollWidth <= body.clientWidth)).toBe(true)
  })
})
