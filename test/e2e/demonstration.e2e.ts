/** From an empty data folder to a decided alert, as a newcomer goes: by keyboard, over the demonstration. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openDesk, type Desk } from './desk.ts'

describe('the demonstration', () => {
  let desk: Desk
  beforeAll(async () => {
    desk = await openDesk()
  })
  afterAll(() => desk.close())

  test('an empty desk asks where the first records come from', async () => {
    const { page } = desk
    await page.getByRole('button', { name: /Follow a log/ }).waitFor()
    await page.getByRole('button', { name: /Import files/ }).waitFor()
    await desk.picture('first-run')
    await page.getByRole('button', { name: /Watch the demonstration/ }).click()
  })

  test('alerts of the intrusion arrive', async () => {
    const { page } = desk
    await desk.press('g', 'a')
    await page.locator('.ag-row').first().waitFor({ timeout: 60_000 })
    await expect.poll(async () => page.locator('.ag-row').count(), { timeout: 60_000 }).toBeGreaterThan(10)
    // The demonstration's last stages are critical, and urgency comes first.
    await expect
      .poll(
        async () => {
          await desk.press('n')
          return page.locator('.ag-row[row-index="0"] [aria-label="critical"]').count()
        },
        { timeout: 90_000, interval: 1000 },
      )
      .toBe(1)
  })

  test('an alert explains itself', async () => {
    const { page } = desk
    await desk.press('j')
    const panel = page.locator('[aria-label^="Alert A-"]').first()
    await panel.waitFor()
    await page.getByRole('region', { name: 'Why it fired' }).waitFor()
    // Verified by itself, over what has come so far.
    await expect
      .poll(() => page.getByRole('region', { name: 'Impact' }).textContent(), { timeout: 120_000 })
      .toMatch(/Looked at \S.* events, /)
    const raw = page.locator('pre[aria-label="Raw record"]')
    await expect.poll(async () => ((await raw.textContent()) ?? '').length > 80).toBe(true)
    await desk.picture('alert-explained')
  })

  test('taken, decided with a reason, and in the history', async () => {
    const { page } = desk
    const title = await page.locator('[aria-label^="Alert A-"] h2').first().textContent()
    const id = /A-(\d+)/.exec((await page.locator('[aria-label^="Alert A-"]').first().getAttribute('aria-label')) ?? '')?.[1]
    expect(title).toBeTruthy()
    expect(id).toBeTruthy()
    await desk.press('a')
    await expect.poll(() => page.getByRole('region', { name: 'History' }).textContent()).toContain('took it')
    await desk.press('2', 'r')
    await page.keyboard.type('Seen in the demonstration')
    await page.keyboard.press('Enter')
    await expect.poll(() => page.locator('[aria-label^="Alert A-"]').first().getAttribute('aria-label')).not.toBe(`Alert A-${id}`)
    await page
      .getByRole('tab', { name: /Decided/ })
      .or(page.getByRole('button', { name: /^Decided/ }))
      .first()
      .click()
    await page.locator('.ag-row').first().waitFor()
    await desk.press('j')
    await expect.poll(() => page.getByRole('region', { name: 'History' }).textContent()).toContain('Seen in the demonstration')
    await desk.picture('alert-decided')
  })

  test('undone, it is open again', async () => {
    const { page } = desk
    await desk.press('u')
    await expect.poll(() => page.getByRole('region', { name: 'History' }).textContent()).toContain('taken back')
  })

  test('nothing went wrong on the page', () => {
    expect(desk.complaints).toEqual([])
  })
})
