/** The shell in a real browser over the made-up engine: what is around every view, and what it says when something fails. */
import { describe, expect, it } from 'vitest'
import { current, ids, press, rowsThere } from '../fixtures/screen/queue-on-screen.ts'
import { eventually, openScreen, page, useScreens } from '../fixtures/screen/open-screen.ts'

useScreens()
const open = (params = '', hash = '#/alerts'): Promise<void> => openScreen(params, hash)

describe('the shell', () => {
  it('shows what is old as old, keeps it, and catches up', async () => {
    await open()
    await rowsThere()
    const before = (await ids()).slice(0, 20)
    await page.evaluate(() => window.fake.kill())
    await page.getByText('The engine is not there.').waitFor()
    await page.locator('.desk-stale').waitFor()
    await page.locator('.health', { hasText: 'not there' }).waitFor()
    await page.getByText('not live,').waitFor()
    expect((await ids()).slice(0, 20)).toEqual(before)
    await page.evaluate(() => {
      window.fake.arrive(5)
      window.fake.revive()
    })
    await page.getByText('5 new').waitFor({ timeout: 20_000 })
    await eventually(() => page.locator('.desk-stale').count()).toBe(0)
    expect((await ids()).slice(0, 20)).toEqual(before)
  })
  it('has a palette, a sheet of the keys that act, and goes with g', async () => {
    await open()
    await rowsThere()
    await press('Control+k')
    await page.keyboard.type('theme light')
    await press('Enter')
    await eventually(() => page.locator('html').getAttribute('data-theme')).toBe('light')
    await press('?')
    const sheet = page.getByRole('dialog', { name: 'All keys' })
    await sheet.getByText('next pane', { exact: true }).waitFor()
    await sheet.getByText('snooze').waitFor()
    await press('Escape', 'g', ',')
    await page.getByRole('heading', { name: 'Settings', level: 1 }).waitFor()
  })
  it('lets single letters be turned off', async () => {
    await open('', '#/settings')
    await page.getByLabel('Single-letter keys').uncheck()
    await page.locator('.rail a').first().click()
    await rowsThere()
    const at = await current()
    await press('j', 'j')
    expect(await current()).toBe(at)
    await press('ArrowDown')
    await eventually(current).not.toBe(at)
    await page.evaluate(() => localStorage.clear())
  })
  it('speaks Korean at once, and remembers', async () => {
    await open('', '#/settings')
    await page.getByRole('radio', { name: '한국어' }).click()
    await page.getByRole('heading', { name: '설정', level: 1 }).waitFor()
    expect(await page.locator('html').getAttribute('lang')).toBe('ko')
    await page.evaluate(() => localStorage.clear())
  })
  it('tells of a full disk and a damaged day', async () => {
    await open('banner')
    await page.getByText('The disk is full: /home/analyst/.local/share/watchfloor.').waitFor()
    await page.getByText('The events of 2026-11-12 are damaged and were set aside.').waitFor()
  })
  it('begins with three ways to begin', async () => {
    await open('empty')
    await page.getByRole('heading', { name: 'Nothing is watched yet' }).waitFor()
    await page.getByRole('button', { name: /Watch the demonstration/ }).click()
    await rowsThere()
  })
  it('says what failed, what still works, and the code', async () => {
    await open('failing=alerts.search')
    await page.getByText('The alerts could not be read.').waitFor()
    await page.getByText('internal f4c1-22').waitFor()
    await page.getByRole('button', { name: 'Try again' }).waitFor()
  })
  it('shows nothing below 200 ms of waiting, then a bar', async () => {
    await open('slow=1500')
    await page.getByRole('progressbar').first().waitFor()
    await rowsThere()
  })
  it('contains a view that breaks', async () => {
    await open('', '#/nowhere')
    await page.getByText('There is no view named nowhere.').waitFor()
  })
})
