/** The Alerts view and what lies over it, for everyone: findings of axe in all themes, and a small screen. */
import { describe, expect, it } from 'vitest'
import { axeFindings } from '../fixtures/axe.ts'
import { press, rowsThere } from '../fixtures/screen/queue-on-screen.ts'
import { openScreen, page, settled, useScreens } from '../fixtures/screen/open-screen.ts'

useScreens()
const open = (params = '', hash = '#/alerts', size?: { width: number; height: number }): Promise<void> =>
  openScreen(params, hash, size)

describe('WCAG 2.2 AA', () => {
  // What lies over the queue is looked at in every theme by itself, and with few rows: the queue is the first state.
  const states: readonly (readonly [name: string, params: string, within: string, prepare: () => Promise<void>])[] = [
    [
      'the queue with its panel',
      'alerts=25',
      'html',
      async () => {
        await page.evaluate(() => window.fake.arrive(3))
        await page.locator('.al-history').first().waitFor()
      },
    ],
    [
      'groups',
      'alerts=25',
      'html',
      async () => {
        await page.getByRole('button', { name: /Group:/ }).click()
        await press('3')
        await page.locator('.al-group').first().waitFor()
      },
    ],
    [
      'the filter',
      'alerts=12',
      '.wf-viewbar',
      async () => {
        await press('/')
        await page.keyboard.type('sev')
      },
    ],
    [
      'the order menu',
      'alerts=12',
      '[role=menu]',
      async () => {
        await press('s')
        await page.getByRole('menu').waitFor()
      },
    ],
    [
      'the time range',
      'alerts=12',
      '[role=dialog]',
      async () => {
        await page.getByRole('button', { name: /Time range/ }).click()
        await page.getByRole('dialog').waitFor()
      },
    ],
    [
      'the palette',
      'alerts=12',
      '[role=dialog]',
      async () => {
        await press('Control+k')
        await page.getByRole('dialog').getByRole('combobox').waitFor()
      },
    ],
    [
      'the sheet',
      'alerts=12',
      '[role=dialog]',
      async () => {
        await press('?')
        await page.getByRole('dialog').waitFor()
      },
    ],
    ['banners', 'banner&alerts=12', '.wf-banner', async () => {}],
  ]
  it.each(states)('%s', async (_name, params, within, prepare) => {
    await open(params)
    await rowsThere()
    await prepare()
    for (const theme of ['dark', 'light', 'contrast']) {
      await page.evaluate((name) => {
        document.documentElement.dataset['theme'] = name
      }, theme)
      expect(await (theme === 'dark' ? axeFindings(page) : axeFindings(page, within, 'colours')), theme).toEqual([])
    }
  })
  it.each([
    ['empty', '#/alerts'],
    ['failing=alerts.search', '#/alerts'],
    ['', '#/settings'],
    ['', '#/alerts?where=title:zzz'],
  ])('%s %s', async (params, hash) => {
    await open(params, hash)
    await settled()
    expect(await axeFindings(page)).toEqual([])
  })
  it('fits 1366 × 768 without scrolling the page', async () => {
    await open('language=ko', '#/alerts', { width: 1366, height: 768 })
    await rowsThere()
    const size = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.scrollHeight])
    expect(size).toEqual([1366, 768])
    const over = await page.evaluate(() =>
      [...document.querySelectorAll<HTMLElement>('.topbar, .wf-viewbar, .statusbar, .al-decide, .al-arrival')]
        .filter((one) => one.scrollWidth > one.clientWidth + 1)
        .map((one) => one.className),
    )
    expect(over).toEqual([])
  })
})
