/** Small things of the screen in a real browser over the made-up engine, each of which was wrong once. */
import { chromium, type Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findChromium } from '../../scripts/chromium.ts'
import '../fixtures/screen/fake-window.ts'
import { eventually, openScreen, page, useScreens } from '../fixtures/screen/open-screen.ts'

useScreens(/warning|error/)
const open = (hash: string, params = '', size?: { width: number; height: number }): Promise<void> =>
  openScreen(params, hash, size)
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
  let overlaid: Browser
  beforeAll(async () => {
    // As on a system that lays its scrollbars over the content.
    overlaid = await chromium.launch({
      executablePath: findChromium()!,
      args: ['--no-sandbox', '--disable-gpu', '--hide-scrollbars'],
    })
  })
  afterAll(() => overlaid.close())
  it.each(['alerts', 'events', 'sources', 'rules'])('leave the scrollbar its own place beside the rows: %s', async (view) => {
    await openScreen('', `#/${view}`, undefined, overlaid)
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
    await page.close()
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

describe('the events', () => {
  it('keep the end of an address in sight that has no room, and tell the whole of it', async () => {
    await open(`#/events?all=1&where=${encodeURIComponent('src.ip:"fe80::20c:29ff:feaa:bb01"')}`)
    const cell = page.locator('.ag-row [col-id="src.ip"]').first()
    await cell.locator('.ev-address').waitFor()
    const handle = (await page.locator('.ag-header-cell[col-id="src.ip"] .ag-header-cell-resize').boundingBox())!
    const [x, y] = [handle.x + handle.width / 2, handle.y + handle.height / 2]
    await page.mouse.move(x, y)
    await page.mouse.down()
    await page.mouse.move(x - 90, y, { steps: 4 })
    await page.mouse.up()
    const end = cell.locator('.ev-address > span').last()
    expect(await end.innerText()).toBe('feaa:bb01')
    expect(await cell.locator('.ev-address').getAttribute('title')).toBe('fe80::20c:29ff:feaa:bb01')
    await eventually(async () => {
      const [inner, outer] = [(await end.boundingBox())!, (await cell.boundingBox())!]
      const cut = await cell.locator('.ellipsis').evaluate((head) => head.scrollWidth > head.clientWidth)
      return cut && inner.x + inner.width <= outer.x + outer.width
    }).toBe(true)
  })
  it('name the tactics of a signature', async () => {
    await open('#/events?all=1&where=type:alert')
    await rowsThere()
    await page.getByRole('button', { name: 'Add sig.attack as a column' }).click()
    await page.locator('.ag-row [col-id="sig.attack"]', { hasText: 'T1190, TA0001 Initial Access' }).first().waitFor()
  })
  it('say that going to a row ended following, and follow again by one key or button', async () => {
    await open('#/events')
    await rowsThere()
    const line = page.locator('.ev-arrivals')
    await press('f')
    await line.getByText('Following.').waitFor()
    await rowsThere()
    await press('j')
    await line.getByText('No longer following: you went to a row.').waitFor()
    // The cursor is on the row that it went to.
    await page.locator('.ag-row-focus.ag-row-selected').waitFor()
    expect(await page.evaluate(() => document.activeElement?.closest('.ag-row') !== null)).toBe(true)
    await page.evaluate(() => window.fake.come(3))
    await line.getByText('3 new').waitFor()
    await line.getByText('No longer following').waitFor()
    await press('f')
    await line.getByText('Following.').waitFor()
    await rowsThere()
    await press('j')
    await line.getByRole('button', { name: 'follow again' }).click()
    await line.getByText('Following.').waitFor()
    await press('f')
    await line.getByText('Following.').waitFor({ state: 'hidden' })
    expect(await line.innerText()).not.toContain('No longer following')
  })
  it('say when only the newest were looked at for the list of fields', async () => {
    await open('#/events?all=1', 'events=30000')
    await page.getByText(/Counted in the newest 20.000 events/).waitFor()
    await open('#/events?all=1', 'events=9000')
    await page.getByRole('button', { name: 'Remove the column type' }).waitFor()
    expect(await page.getByText('Counted in the newest').count()).toBe(0)
  })
})

describe('the queue', () => {
  it('says over how many alerts its groups are made, where these are not all', async () => {
    await open('#/alerts?group=detection', 'alerts=5600')
    await page.locator('.statusbar', { hasText: /grouped over the first 5.\d{3} of 5.\d{3}/ }).waitFor()
    await open('#/alerts?group=detection', 'alerts=143')
    await rowsThere()
    expect(await page.locator('.statusbar', { hasText: 'grouped over' }).count()).toBe(0)
  })
  it('that fills by itself says that going to a row ended that, and follows again by one key', async () => {
    await open('#/alerts', 'alerts=0')
    const line = page.locator('.al-arrival')
    await line.getByText('Following live.').waitFor()
    await page.evaluate(() => window.fake.arrive(4))
    await rowsThere()
    await press('j')
    await line.getByText('No longer following: you went to a row.').waitFor()
    await line.getByRole('button', { name: 'follow again' }).waitFor()
    await press('f')
    await line.getByText('Following live.').waitFor()
  })
  it('names the tactic where it knows no technique', async () => {
    await open('#/alerts')
    await rowsThere()
    expect(await page.locator('.ag-row .al-attack span').first().getAttribute('title')).toMatch(/^TA\d{4} [A-Z]\w+/)
  })
})
