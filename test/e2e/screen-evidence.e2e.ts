/** Evidence of an incident in a real browser over the made-up engine. */
import { describe, expect, it } from 'vitest'
import { axeFindings } from '../fixtures/axe.ts'
import '../fixtures/screen/fake-window.ts'
import { eventually, openScreen, page, useScreens } from '../fixtures/screen/open-screen.ts'

useScreens()
const STORY = 'INC-2026-0117'
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)
const open = (params = 'fixed', tab = 'evidence', size?: { width: number; height: number }): Promise<void> =>
  openScreen(params, `#/incidents/${STORY}?tab=${tab}`, size)
const status = () => page.locator('.statusbar-notice, .statusbar-fault').first()
const row = (id: string) => page.locator(`tr[data-row="evidence"][data-id="${id}"]`)
const choose = (files: readonly { name: string; mimeType: string; buffer: Buffer }[]): Promise<void> =>
  page.locator('[data-evidence-input]').setInputFiles([...files])

describe('evidence', () => {
  it('is opened with the keyboard: bytes, text, and who did what with it', async () => {
    await open()
    await row('EV-01').focus()
    await page.keyboard.press('Enter')
    const dialog = page.getByRole('dialog', { name: 'EV-01' })
    await dialog.getByText('63 6f 70 79 20 6f 66 20 45 56 2d 30 31', { exact: false }).waitFor()
    await dialog.getByRole('radio', { name: 'Text' }).click()
    await dialog.getByText('copy of EV-01', { exact: false }).first().waitFor()
    await dialog.getByRole('radio', { name: 'Custody' }).click()
    await eventually(() => dialog.locator('tbody tr td:nth-child(3)').allInnerTexts()).toEqual(['added', 'viewed'])
    expect(await axeFindings(page)).toEqual([])
    await dialog.getByRole('button', { name: 'Export a copy' }).click()
    await eventually(() => status().innerText()).toContain(`/desk/exports/${STORY}-EV-01.bin`)
    await page.keyboard.press('Escape')
    await eventually(() => page.getByRole('dialog').count()).toBe(0)
    expect(await row('EV-01').evaluate((one) => one === document.activeElement)).toBe(true)
  })

  it('is added from files: a picture is shown, also in the note that names it; what has a hostile name is shown as text', async () => {
    await open()
    await row('EV-06').waitFor()
    const hostile = '‮gnp.<img src=x onerror=alert(1)>.exe'
    await choose([
      { name: 'screen.png', mimeType: 'image/png', buffer: PNG },
      { name: hostile, mimeType: 'application/octet-stream', buffer: Buffer.from('MZ') },
    ])
    await row('EV-08').waitFor()
    await eventually(() => status().innerText()).toContain('EV-07')
    expect(await row('EV-08').innerText()).toContain('<img src=x')
    expect(await row('EV-08').locator('img').count()).toBe(0)
    await row('EV-07').dblclick()
    const picture = page.getByRole('dialog').getByRole('img', { name: 'EV-07, screen.png' })
    await picture.waitFor()
    expect(await picture.getAttribute('src')).toMatch(/^blob:/)
    await eventually(() => picture.evaluate((one) => (one as HTMLImageElement).naturalWidth)).toBe(1)
    await page.keyboard.press('Escape')
    await page.keyboard.press('7')
    await page.keyboard.press('m')
    await page.keyboard.type('see EV-07 and EV-08')
    await page.keyboard.press('Control+Enter')
    await page.locator('.in-notepicture').waitFor()
    expect(await page.locator('.in-notepicture').count()).toBe(1)
  })

  it('a picture that is pasted into a note is kept, and named there', async () => {
    await open('fixed', 'notes')
    await page.keyboard.press('m')
    const field = page.getByLabel('Write a note')
    await field.waitFor()
    await field.evaluate((element, base64) => {
      const bytes = Uint8Array.from(atob(base64), (one) => one.charCodeAt(0))
      const data = new DataTransfer()
      data.items.add(new File([bytes], 'pasted.png', { type: 'image/png' }))
      element.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }))
    }, PNG.toString('base64'))
    await eventually(() => field.inputValue()).toBe('EV-07 ')
  })

  it('is checked, and says what became of the packets of each alert', async () => {
    await open()
    await page.getByRole('button', { name: 'Check all' }).click()
    await eventually(() => status().innerText()).toBe('All 6 items are as they were sealed.')
    await page.getByRole('button', { name: 'Add', exact: true }).click()
    await page.getByRole('menuitem', { name: 'Packets of the alerts' }).click()
    const dialog = page.getByRole('dialog', { name: 'Packets of the alerts' })
    await dialog.getByText('No capture of that time is on the desk.').waitFor()
    await dialog.getByRole('button', { name: 'Look again' }).click()
    await eventually(() => status().innerText()).toBe('1 flow was carved.')
    await page.keyboard.press('Escape')
    await row('EV-07').waitFor()
  })

  it.each([
    ['dark', 'en', 1366, 768],
    ['light', 'ko', 1366, 768],
    ['dark', 'ko', 2560, 1440],
  ] as const)('fits: %s %s %s', async (theme, language, width, height) => {
    await open(`fixed&theme=${theme}&language=${language}`, 'evidence', { width, height })
    await row('EV-01').dblclick()
    const dialog = page.getByRole('dialog')
    await dialog.locator('.in-hexpage').waitFor()
    const shots = process.env['WATCHFLOOR_PICTURES']
    if (shots) await page.screenshot({ path: `${shots}/evidence-${theme}-${language}-${width}.png` })
    expect(await axeFindings(page)).toEqual([])
    const box = await dialog.boundingBox()
    expect(box && box.x >= 0 && box.y >= 0 && box.x + box.width <= width && box.y + box.height <= height).toBe(true)
  })
})
