/** The Events view in a real browser over the made-up engine: query, rows by number, brush, pivots, arrivals, export. */
import { describe, expect, it } from 'vitest'
import { axeFindings } from '../fixtures/axe.ts'
import { eventually, openScreen, page, useScreens } from '../fixtures/screen/open-screen.ts'

useScreens()
const open = (params = '', hash = '#/events', size?: { width: number; height: number }): Promise<void> =>
  openScreen(`${params.includes('events=') ? '' : 'events=5000&'}${params}`, hash, size)
const where = (query: string): string => `#/events?where=${encodeURIComponent(query)}`
const press = async (...keys: string[]): Promise<void> => {
  for (const key of keys) await page.keyboard.press(key)
}
const rows = (): Promise<string[]> =>
  page.locator('.ev-rows .ag-row').evaluateAll((found) =>
    found
      .sort((a, b) => Number(a.getAttribute('row-index')) - Number(b.getAttribute('row-index')))
      .map((row) => (row as HTMLElement).innerText.replaceAll('\n', ' | '))
      .filter((text) => text.trim() !== ''),
  )
/** The rows of the search that is shown are read: a key before that would be for a row that is not there. */
const rowsThere = async (): Promise<void> => {
  await page.locator('.ev-rows[aria-busy=false]').waitFor()
  await eventually(async () => (await rows()).length).toBeGreaterThan(5)
}
const query = (): Promise<string> => page.locator('.wf-query-input').inputValue()
const heads = (): Promise<string[]> =>
  page
    .locator('.ag-header-cell')
    .evaluateAll((cells) =>
      cells
        .sort((a, b) => a.getBoundingClientRect().left - b.getBoundingClientRect().left)
        .map((cell) => (cell as HTMLElement).innerText.trim()),
    )
const address = (): Promise<URLSearchParams> =>
  page.evaluate(() => window.location.hash).then((hash) => new URLSearchParams(hash.split('?')[1] ?? ''))

describe('the query', () => {
  it('is completed with Tab, run with Enter, and remembered', async () => {
    await open()
    await rowsThere()
    await press('/')
    await page.keyboard.type('typ')
    await page.getByRole('option', { name: /^type/ }).waitFor()
    await press('Tab')
    await eventually(query).toBe('type:')
    await page.getByRole('option', { name: /^dns/ }).waitFor()
    await page.keyboard.type('dn')
    await press('Tab')
    await eventually(query).toBe('type:dns')
    await press('Enter')
    await eventually(async () => (await address()).get('where')).toBe('type:dns')
    await eventually(async () => (await rows()).every((row) => row.includes('| dns |'))).toBe(true)
    await page.locator('.wf-query-input').fill('')
    await page.getByRole('option', { name: /^type:dns/ }).waitFor()
  })
  it('names its error at the character, and the rows keep the last valid one', async () => {
    await open('', where('type:http'))
    await rowsThere()
    await press('/')
    await page.locator('.wf-query-input').fill('type:http and dst.port > x')
    await eventually(() => page.locator('.wf-query-message').innerText()).toContain('(character 26)')
    expect(await page.locator('.q-error').innerText()).toBe('x')
    expect(await page.locator('.wf-query-note').innerText()).toContain('last valid query type:http')
    await press('Enter')
    expect((await rows()).every((row) => row.includes('| http |'))).toBe(true)
    await press('Escape', 'Escape')
    expect(await query()).toBe('type:http')
  })
  it('offers the nearest field, and takes it with a click', async () => {
    await open('', where('scr.ip:198.51.100.47'))
    await page.locator('.wf-query-fix', { hasText: 'src.ip' }).click()
    await eventually(async () => (await address()).get('where')).toBe('src.ip:198.51.100.47')
    await eventually(async () => (await rows()).every((row) => row.includes('198.51.100.47'))).toBe(true)
  })
  it('lies exactly under its letters, whatever they are', async () => {
    await open()
    await press('/')
    await page.locator('.wf-query-input').fill('message:"한국어 \u202eabc" and src.ip:10.* '.repeat(6))
    const [field, layer] = await page.evaluate(() => {
      const input = document.querySelector<HTMLInputElement>('.wf-query-input')
      const mirror = document.querySelector<HTMLElement>('.wf-query-mirror')
      return [
        { text: input?.value, width: input?.scrollWidth, left: input?.scrollLeft },
        { text: mirror?.textContent, width: mirror?.scrollWidth, left: mirror?.scrollLeft },
      ]
    })
    expect(layer?.text).toBe(field?.text)
    expect(layer?.text).toContain('\\u{202e}')
    expect(Math.abs((layer?.width ?? 0) - (field?.width ?? 0))).toBeLessThanOrEqual(2)
    expect(layer?.left).toBe(field?.left)
  })
})

describe('rows', () => {
  it('go to the last of a million and back', async () => {
    await open('events=1000000')
    await rowsThere()
    const first = await rows()
    await eventually(() => page.locator('.wf-query-note').innerText()).toMatch(/\d{3}\u202f\d{3} events/)
    await press('j', 'G')
    await eventually(
      async () => (await rows()).length > 5 && (await page.locator('.ev-rows .ag-row-selected').getAttribute('row-index')),
    ).toMatch(/^9\d{5}$/)
    await press('g', 'g')
    await eventually(rows).toEqual(expect.arrayContaining(first.slice(0, 3)))
  })
  it('stay where they are when events arrive; n shows them, f follows, j holds', async () => {
    await open()
    await rowsThere()
    const before = await rows()
    await page.evaluate(() => window.fake.come(300))
    const line = page.locator('.ev-arrivals')
    await eventually(() => line.innerText()).toContain('300 new')
    expect(await rows()).toEqual(before)
    await press('n')
    await eventually(async () => (await rows())[0]).not.toBe(before[0])
    await eventually(() => line.innerText()).toContain('Last event')
    await press('f')
    await eventually(() => line.innerText()).toContain('Following')
    const followed = (await rows())[0]
    await page.evaluate(() => window.fake.come(7))
    await eventually(async () => (await rows())[0]).not.toBe(followed)
    await press('j')
    await eventually(() => line.innerText()).not.toContain('Following')
    await rowsThere()
  })
  it('open their event with Enter: every field, the raw record, hostile text as text', async () => {
    await open('', where('type:sshd'))
    await rowsThere()
    await press('j', 'Enter')
    const panel = page.getByRole('complementary', { name: 'Event' })
    await panel.getByText('Raw record').waitFor()
    expect(await panel.locator('.ev-table').innerText()).toContain('ssh2\\x1b[2K')
    expect(await panel.innerText()).toContain('The record names no year')
    const id = (await address()).get('event')
    await press('j')
    await eventually(async () => (await address()).get('event')).not.toBe(id)
    await press('Escape')
    await eventually(() => panel.count()).toBe(0)
  })
})

describe('pivots', () => {
  it('filter and exclude by key, start anew from the menu', async () => {
    await open()
    await rowsThere()
    await press('j', 'ArrowRight', '+')
    await eventually(query).toMatch(/^type:\w+$/)
    await rowsThere()
    await press('j', 'ArrowRight', '-')
    await eventually(query).toMatch(/^type:\w+ and not [\w.]+:/)
    await rowsThere()
    await press('j', 'm')
    await page.getByRole('menuitem', { name: 'New search for it' }).click()
    await eventually(async () => (await address()).get('where')).not.toContain(' and ')
    await page.goBack()
    await eventually(query).toContain(' and not ')
  })
  it('give the statistics of a field, and filter from them', async () => {
    await open()
    await rowsThere()
    await page.locator('.ev-field-name', { hasText: 'src.bytes' }).click()
    const stats = page.getByRole('dialog', { name: 'Statistics of src.bytes' })
    await stats.getByText('Mean').waitFor()
    await stats.getByRole('button', { name: 'Filter for 0' }).click()
    await eventually(async () => (await address()).get('where')).toBe('src.bytes:0')
  })
})

describe('the histogram', () => {
  it('sets the window with the pointer and with the keyboard, and widens it', async () => {
    await open()
    await rowsThere()
    const area = page.locator('.ev-histogram-area')
    const box = await area.boundingBox()
    if (!box) throw new Error('no histogram')
    const shown = page.locator('.sr', { hasText: /^From .* UTC$/ })
    const before = await shown.first().textContent()
    await page.mouse.move(box.x + box.width * 0.4, box.y + 30)
    await page.mouse.down()
    await page.mouse.move(box.x + box.width * 0.6, box.y + 30, { steps: 3 })
    await page.mouse.up()
    await eventually(async () => (await address()).get('from')).not.toBeNull()
    const [from, to] = await address().then((params) => [
      Date.parse(params.get('from') ?? ''),
      Date.parse(params.get('to') ?? ''),
    ])
    expect((to ?? 0) - (from ?? 0)).toBeGreaterThan(4 * 3_600_000)
    expect((to ?? 0) - (from ?? 0)).toBeLessThan(6 * 3_600_000)
    // The keys are for the slots of the new window.
    await eventually(() => shown.first().textContent()).not.toBe(before)
    await area.focus()
    await press('Home', 'Shift+ArrowRight', 'Shift+ArrowRight', 'Enter')
    await eventually(async () => Date.parse((await address()).get('to') ?? '')).toBeLessThan((from ?? 0) + 600_000)
    expect(Date.parse((await address()).get('from') ?? '')).toBe(from)
    await press('-')
    await eventually(async () => Date.parse((await address()).get('from') ?? '')).toBeLessThan(from ?? 0)
  })
})

describe('columns, saving, export', () => {
  it('are moved by the menu, added from the list, and there again after a while elsewhere', async () => {
    await open()
    await rowsThere()
    await page.locator('.ev-head', { hasText: 'dst.ip' }).click()
    await page.getByRole('menuitem', { name: 'Move to the left' }).click()
    await eventually(heads).toEqual(['time', 'type', 'dst.ip', 'src.ip', 'dst.port', 'Summary'])
    await page.getByRole('button', { name: 'Add net.transport as a column' }).click()
    await eventually(heads).toContain('net.transport')
    await page.evaluate(() => void (window.location.hash = '#/settings'))
    await eventually(() => page.locator('.ev').count()).toBe(0)
    await page.evaluate(() => void (window.location.hash = '#/events'))
    await eventually(heads).toContain('net.transport')
  })
  it('counts, exports with progress to a path, saves the search and opens it again', async () => {
    await open('', where('type:http'))
    await rowsThere()
    await page.getByRole('button', { name: 'Count' }).click()
    await eventually(() => page.locator('.wf-query-note').innerText()).toContain('Counted exactly')
    await page.getByRole('button', { name: 'Export' }).click()
    await page.getByRole('button', { name: /^Export .*events$/ }).click()
    await page.getByRole('progressbar').waitFor()
    await eventually(() => page.locator('.ev-path').innerText()).toContain('exports/events-1.csv')
    await press('Escape')
    await page.getByRole('button', { name: 'Saved' }).click()
    await page.getByRole('menuitem', { name: 'Save this search' }).click()
    await page.keyboard.type('Web')
    await press('Enter')
    await page.locator('.statusbar [role=status]', { hasText: 'Saved as Web' }).waitFor()
    await page.evaluate(() => void (window.location.hash = '#/events?all=1'))
    await eventually(query).toBe('')
    await page.getByRole('button', { name: 'Saved' }).click()
    await page.getByRole('menuitem', { name: 'Web', exact: true }).click()
    await eventually(query).toBe('type:http')
  })
})

describe('states', () => {
  it('say why there is nothing, and what would give something', async () => {
    await open('', where('src.ip:203.0.113.99'))
    await page.getByText('No event in this time range fits the query.').waitFor()
    await page.getByRole('button', { name: 'Search all time' }).click()
    await page.getByText('No event fits the query.').waitFor()
    await page.close()
    await open('empty')
    await page.getByText('No events are stored yet.').waitFor()
  })
  it('say what failed, and keep what works', async () => {
    await open('failing=events.search')
    await page.getByText('The events could not be read.').waitFor()
    await eventually(() => page.locator('.ev-histogram rect').count()).toBeGreaterThan(10)
  })
  it.each([
    ['dark', 'en', 1366, 768],
    ['light', 'ko', 1440, 900],
    ['contrast', 'en', 3840, 2160],
  ] as const)('pass axe: %s, %s, %d × %d', async (theme, language, width, height) => {
    await open(`theme=${theme}&language=${language}`, where('type:http and src.ip:10.0.0.0/8'), { width, height })
    await rowsThere()
    await press('j', 'Enter')
    await page.locator('.ev-table').waitFor()
    await press('/')
    await page.locator('.wf-query-input').fill('src.')
    await page.getByRole('option').first().waitFor()
    expect(await axeFindings(page)).toEqual([])
  })
})
