/** Reports and case files in a real browser over the made-up engine. */
import { describe, expect, it } from 'vitest'
import { axeFindings } from '../fixtures/axe.ts'
import '../fixtures/screen/fake-window.ts'
import { eventually, openScreen, page, useScreens } from '../fixtures/screen/open-screen.ts'

// The browser says itself what it does not run.
useScreens(/^none$/)
const STORY = 'INC-2026-0117'
const open = (params = 'fixed', size?: { width: number; height: number }): Promise<void> =>
  openScreen(params, `#/incidents/${STORY}`, size)
const status = () => page.locator('.statusbar-notice, .statusbar-fault').first()
const dialog = () => page.getByRole('dialog', { name: `Report of ${STORY}` })
const preview = () => page.frameLocator('iframe')

describe('the report', () => {
  it('is looked at before it is written, and nothing of it runs or leads anywhere', async () => {
    await open()
    await page.getByRole('heading', { level: 2 }).first().waitFor()
    await page.keyboard.press('R')
    await preview().getByText(`${STORY} · Internal`).waitFor()
    const frame = page.locator('iframe')
    expect(await frame.getAttribute('sandbox')).toBe('')
    expect(await preview().locator('a').getAttribute('href')).toBeNull()
    await preview().getByText('60').first().click()
    await preview().getByText(`${STORY} · Internal`).waitFor()
    expect(await page.title()).not.toBe('ran')
    await dialog().getByText('Nothing is masked.', { exact: false }).waitFor()
    expect(await axeFindings(page)).toEqual([])
    await page.locator('.wf-dialog').focus()
    await page.keyboard.press('Escape')
    await eventually(() => page.getByRole('dialog').count()).toBe(0)
  })

  it('for the customer says what is masked, and is not made where the incident is marked above it', async () => {
    await open()
    await page.getByRole('button', { name: 'Report' }).click()
    await dialog().getByRole('radio', { name: 'For the customer' }).click()
    await preview().getByText(`${STORY} · For the customer`).waitFor()
    await dialog().getByText('3 parts are left out. 12 addresses and hosts are masked.').waitFor()
    await dialog().getByLabel('Mask what is not the customer', { exact: false }).waitFor()
    await dialog().getByLabel('Strictest marking that the customer may see').selectOption('TLP:GREEN')
    await dialog().getByText('above what this customer may see', { exact: false }).first().waitFor()
    expect(await dialog().getByRole('button', { name: 'Write the report' }).isDisabled()).toBe(true)
  })

  it('is written in both languages as the chosen files, with hashes that can be copied', async () => {
    await open()
    await page.getByRole('button', { name: 'Report' }).click()
    await dialog().getByLabel('Korean', { exact: true }).check()
    await dialog().getByLabel('DOCX').check()
    await dialog().getByRole('radio', { name: 'Korean' }).click()
    await preview().getByText('인시던트 보고서').waitFor()
    await dialog().getByLabel('Folder', { exact: true }).fill('/nowhere')
    await dialog().getByRole('button', { name: 'Write the report' }).click()
    await dialog().getByText('There is no such folder', { exact: false }).waitFor()
    await dialog().getByLabel('Folder', { exact: true }).fill('/media/case')
    await dialog().getByRole('button', { name: 'Write the report' }).click()
    await dialog().getByText('4 files were written.', { exact: false }).waitFor()
    for (const name of ['en.pdf', 'en.docx', 'ko.pdf', 'ko.docx'])
      await dialog().getByText(`/media/case/${STORY}-internal-${name}`).waitFor()
    await page.context().grantPermissions(['clipboard-write', 'clipboard-read'])
    await dialog().getByRole('button', { name: 'Copy the hash of INC-2026-0117-internal-en.pdf' }).click()
    await eventually(() => status().innerText()).toBe('Copied.')
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(`0${'a'.repeat(63)}`)
  })

  it.each([
    ['dark', 'en', 1366, 768],
    ['light', 'ko', 1366, 768],
    ['dark', 'ko', 2560, 1440],
  ] as const)('fits: %s %s %s', async (theme, language, width, height) => {
    await open(`fixed&theme=${theme}&language=${language}`, { width, height })
    await page.getByRole('heading', { level: 2 }).first().waitFor()
    await page.keyboard.press('R')
    await preview().locator('h1').waitFor()
    await page.getByRole('radio', { name: language === 'en' ? 'For the customer' : '고객용' }).click()
    await page.getByRole('button', { name: language === 'en' ? 'Write the report' : '보고서 쓰기' }).click()
    await page.locator('.in-saved').waitFor()
    const shots = process.env['WATCHFLOOR_PICTURES']
    if (shots) await page.screenshot({ path: `${shots}/report-${theme}-${language}-${width}.png` })
    expect(await axeFindings(page)).toEqual([])
    const box = await page.getByRole('dialog').boundingBox()
    expect(box && box.x >= 0 && box.y >= 0 && box.x + box.width <= width && box.y + box.height <= height).toBe(true)
  })
})

describe('a case file', () => {
  const exported = () => page.getByRole('dialog', { name: `Export the case of ${STORY}` })
  const imported = () => page.getByRole('dialog', { name: 'Import a case' })
  const look = async (path: string): Promise<void> => {
    await imported().getByLabel('Case file', { exact: true }).fill(path)
    await imported().getByRole('button', { name: 'Look at the case' }).click()
  }

  it('is written from the menu or by its key, and says where it is and what it hashes to', async () => {
    await open()
    await page.getByRole('button', { name: 'More' }).click()
    await page.getByRole('menuitem', { name: 'Export case…' }).click()
    await exported().getByLabel('Folder', { exact: true }).fill('/nowhere')
    await exported().getByRole('button', { name: 'Write the case file' }).click()
    await exported().getByText('There is no such folder', { exact: false }).waitFor()
    await page.keyboard.press('Escape')
    await page.keyboard.press('X')
    await exported().getByRole('button', { name: 'Write the case file' }).click()
    await exported().getByText('alerts 3, events 48, copies of evidence 5', { exact: false }).waitFor()
    await exported().getByText(`/home/analyst/exports/${STORY}.wfcase`).waitFor()
    await exported().getByText('c'.repeat(64)).waitFor()
    expect(await axeFindings(page)).toEqual([])
  })

  it('is looked at first: what is wrong is said and refused, what is here is linked', async () => {
    await openScreen('fixed', '#/incidents')
    await page.getByRole('button', { name: 'Import case…' }).click()
    await look('/media/altered.wfcase')
    await imported().getByText('Its copy was altered.').waitFor()
    await imported().getByText('The chain of hashes does not hold from here.').waitFor()
    expect(await imported().locator('img').count()).toBe(0)
    expect(await imported().getByRole('button', { name: 'Look at the case' }).isDisabled()).toBe(true)
    expect(await axeFindings(page)).toEqual([])
    await look('/media/other.wfcase')
    await imported().getByText('This is no case file.').waitFor()
    await look('/media/missing.wfcase')
    await imported().getByText('There is no such file.').waitFor()
    await look('/media/slow.wfcase')
    await imported().getByRole('button', { name: 'Stop' }).click()
    await imported().getByRole('button', { name: 'Look at the case' }).waitFor()
    await look('/media/here.wfcase')
    await imported().getByRole('link', { name: STORY }).click()
    await eventually(() => page.url()).toContain(`#/incidents/${STORY}`)
    expect(await page.getByRole('dialog').count()).toBe(0)
  })

  it('is imported by keyboard, says what came of it, and opens', async () => {
    await openScreen('fixed', '#/incidents')
    await page.getByRole('button', { name: 'Import case…' }).waitFor()
    await page.keyboard.press('i')
    await imported().getByLabel('Case file', { exact: true }).waitFor()
    await page.keyboard.type('/media/full-number.wfcase')
    await page.keyboard.press('Enter')
    await imported().getByText('it becomes INC-2026-0118 here', { exact: false }).waitFor()
    await imported().getByRole('button', { name: 'Import the case' }).click()
    await imported().getByText('The case was not imported.').waitFor()
    await imported().getByText('There is no part of the incident here.', { exact: false }).waitFor()
    await look('/media/case.wfcase')
    await imported().getByText('Intact.').waitFor()
    await imported().getByRole('button', { name: 'Import the case' }).click()
    await imported().getByText('On the first desk it was INC-2026-0042, here it is INC-2026-0117.').waitFor()
    await page.keyboard.press('Enter')
    await eventually(() => page.url()).toContain(`#/incidents/${STORY}`)
  })

  it.each([
    ['dark', 'en', 1366, 768],
    ['light', 'ko', 1366, 768],
  ] as const)('fits: %s %s %s', async (theme, language, width, height) => {
    await openScreen(`fixed&theme=${theme}&language=${language}`, '#/incidents', { width, height })
    await page.locator('.in-listpane').waitFor()
    await page.keyboard.press('i')
    const dialog = page.getByRole('dialog')
    await dialog.locator('input').first().fill('/media/altered.wfcase')
    await page.keyboard.press('Enter')
    await dialog.locator('.in-findings').waitFor()
    const shots = process.env['WATCHFLOOR_PICTURES']
    if (shots) await page.screenshot({ path: `${shots}/case-${theme}-${language}-${width}.png` })
    expect(await axeFindings(page)).toEqual([])
    const box = await dialog.boundingBox()
    expect(box && box.x >= 0 && box.y >= 0 && box.x + box.width <= width && box.y + box.height <= height).toBe(true)
  })
})
