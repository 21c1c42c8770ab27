/** Small things of the screen in a real browser over the made-up engine, each of which was wrong once. */
import type { Server } from 'node:http'
import { chromium, type Browser, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { findChromium } from '../../scripts/chromium.ts'
import { openBrowser, serveScreens } from '../../scripts/screenshots.ts'

let browser: Browser
let server: Server
let url: string
let page: Page
/** What the page wrote to its console as a warning or an error. */
const said: string[] = []

beforeAll(async () => {
  const served = await serveScreens()
  server = served.server
  url = served.url
  browser = await openBrowser()
})
afterAll(async () => {
  await browser.close()
  server.close()
})
afterEach(async () => {
  await page.close()
  expect(said.splice(0)).toEqual([])
})

async function open(hash: string, params = '', size = { width: 1440, height: 900 }): Promise<void> {
  page = await browser.newPage({ viewport: size, reducedMotion: 'reduce' })
  page.on('pageerror', (error) => said.push(error.message))
  page.on('console', (message) => /warning|error/.test(message.type()) && said.push(message.text()))
  await page.goto(`${url}?${params}${hash}`)
}
const eventually = <T>(read: () => T | Promise<T>) => expect.poll(read, { timeout: 10_000 })
const press = async (...keys: string[]): Promise<void> => {
  for (const key of keys) await page.keyboard.press(key)
}
const rowsThere = (): Promise<void> => page.locator('.ag-row').first().waitFor()

describe('waiting', () => {
  it('has its Stop beside the progress bar, not in it', async () => {
    await open('#/events?all=1')
    await rowsThere()
    await page.getByRole('button', { name: 'Count' }).click()
    const stop = page.getByRole('button', { name: 'Stop' })
    await stop.waitFor()
    expect(await page.getByRole('progressbar').count()).toBe(1)
    expect(await stop.evaluate((button) => button.closest('[role=progressbar]'))).toBeNull()
  })
})

describe('grids', () => {
  it.each(['alerts', 'events', 'sources', 'rules'])('leave the scrollbar its own place beside the rows: %s', async (view) => {
    // As on a system that lays its scrollbars over the content.
    const overlaid = await chromium.launch({
      executablePath: findChromium()!,
      args: ['--no-sandbox', '--disable-gpu', '--hide-scrollbars'],
    })
    page = await overlaid.newPage({ viewport: { width: 1440, height: 900 } })
    await page.goto(`${url}#/${view}`)
    await rowsThere()
    const right = (selector: string): Promise<number> =>
      page
        .locator(selector)
        .first()
        .evaluate((element) => element.getBoundingClientRect().right)
    const bar = await page.locator('.ag-body-vertical-scroll').evaluate((element) => element.getBoundingClientRect().left)
    expect(await right('.ag-row .ag-cell.ag-column-last')).toBeLessThanOrEqual(bar)
    expect(await right('.ag-header-cell.ag-column-last')).toBeLessThanOrEqual(bar)
    expect((await right('.wf-grid')) - bar).toBe(10)
    await overlaid.close()
  })
  it('take the focus to a row that is not read yet without complaint, and select it when it is', async () => {
    await open('#/events?all=1', 'slow=600')
    await rowsThere()
    await page.locator('.ag-row .ag-cell').first().waitFor()
    await page.locator('.wf-query-note', { hasText: /\d events/ }).waitFor()
    await press('End')
    const index = (): Promise<number> =>
      page.evaluate(() => Number(document.querySelector('.ag-row-focus.ag-row-selected')?.getAttribute('row-index') ?? -1))
    await eventually(index).toBeGreaterThan(1000)
  })
})
