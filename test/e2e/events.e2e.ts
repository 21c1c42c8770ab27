/** The Events page over the real engine: asked, narrowed, counted, pivoted, kept, exported; and every page of the desk for everyone. */
import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { addSource, run, temporary } from '../faults/engine.ts'
import { axeFindings } from '../fixtures/axe.ts'
import { openDesk, type Desk } from './desk.ts'

const EVENTS = 400_000
const HOURS = 10
const began = Date.now() - HOURS * 3_600_000
const TYPES = ['http', 'dns', 'tls', 'flow', 'flow'] as const

/** Spread evenly over ten hours; every fifth is `http`, and every 10,000th an alert. */
function record(n: number): string {
  const type = n % 10_000 === 9_999 ? 'alert' : (TYPES[n % 5] as string)
  return JSON.stringify({
    timestamp: new Date(began + Math.floor((n * HOURS * 3_600_000) / EVENTS)).toISOString().replace('Z', '+0000'),
    flow_id: n,
    event_type: type,
    src_ip: `198.51.100.${n % 200}`,
    src_port: 1024 + (n % 5000),
    dest_ip: `10.1.0.${n % 7}`,
    dest_port: type === 'dns' ? 53 : 443,
    proto: type === 'dns' ? 'UDP' : 'TCP',
    ...(type === 'http'
      ? { http: { hostname: 'shop.example', url: `/item/${n}`, http_method: 'GET', status: n % 50 === 0 ? 500 : 200 } }
      : {}),
    ...(type === 'dns' ? { dns: { type: 'query', rrname: `host-${n % 30}.example`, rrtype: 'A' } } : {}),
    ...(type === 'alert'
      ? {
          alert: {
            action: 'allowed',
            gid: 1,
            signature_id: n,
            rev: 1,
            signature: `Alert ${n}`,
            category: 'Test',
            severity: 1 + (n % 3),
          },
        }
      : {}),
  })
}

let base: string
let desk: Desk
beforeAll(async () => {
  base = temporary('e2e-events')
  const file = join(base, 'eve.json')
  const data = join(base, 'desk')
  writeFileSync(file, Array.from({ length: EVENTS }, (_, n) => `${record(n)}\n`).join(''))
  expect((await run(['import', file, '--data', data, '--json'])).code).toBe(0)
  const followed = join(base, 'followed.jsonl')
  writeFileSync(followed, '{"time":"2026-01-01T00:00:00Z","message":"one"}\n{"broken\n')
  await addSource(data, { input: { kind: 'file', path: followed }, format: 'jsonl' }, 'Followed')
  desk = await openDesk({ dataDir: data })
})
afterEach(async ({ task }) => {
  if (task.result?.state === 'fail') await desk.picture(`failed-${task.name.replaceAll(/\W+/g, '-')}`)
  expect(desk.complaints.splice(0)).toEqual([])
})
afterAll(async () => {
  await desk?.close()
  if (base) rmSync(base, { recursive: true, force: true })
})

const eventually = <T>(read: () => T | Promise<T>) => expect.poll(read, { timeout: 15_000, interval: 50 })
const note = (): Promise<string> =>
  desk.page
    .locator('.wf-query-note')
    .innerText()
    .then((text) => text.replaceAll(/[\u202f\u2009 ]/g, ' '))
const rows = (): Promise<string[]> => desk.page.locator('.ev-rows .ag-row').allInnerTexts()
const address = (): Promise<URLSearchParams> =>
  desk.page.evaluate(() => window.location.hash).then((hash) => new URLSearchParams(hash.split('?')[1] ?? ''))
const ask = async (where: string): Promise<void> => {
  await desk.page.locator('.wf-query-input').fill(where)
  await desk.page.keyboard.press('Enter')
}
/** From another page: what is seen then is this search's, and nothing of the one before. */
const open = async (where = ''): Promise<void> => {
  await desk.go('#/settings')
  await eventually(() => desk.page.locator('.ev').count()).toBe(0)
  await desk.go(`#/events?all=1${where === '' ? '' : `&where=${encodeURIComponent(where)}`}`)
  await eventually(async () => (await rows())[0]?.trim() ?? '').not.toBe('')
}

describe('events of the real engine', () => {
  test('a query narrows them; an error stands at its character, and the rows stay', async () => {
    await open()
    await eventually(note).toContain('400 001 events')
    await ask('type:http and http.status>=500')
    await eventually(note).toMatch(/^8 000 events/)
    await eventually(async () => (await rows()).every((row) => row.includes('http'))).toBe(true)
    await desk.page.locator('.wf-query-input').fill('type:http and dst.port > x')
    await eventually(() => desk.page.locator('.wf-query-message').innerText()).toContain('(character 26)')
    expect(await desk.page.locator('.q-error').innerText()).toBe('x')
    await desk.page.keyboard.press('Enter')
    expect((await rows()).every((row) => row.includes('http'))).toBe(true)
    expect((await address()).get('where')).toBe('type:http and http.status>=500')
    await desk.picture('real-events-error')
    await ask('src.ip:198.51.100.0/28 and not type:(flow or dns)')
    await eventually(note).toMatch(/^\d+ \d{3} events/)
    expect(
      await run(['query', 'src.ip:198.51.100.0/28 and not type:(flow or dns)', '--data', desk.dataDir, '--count']),
    ).toMatchObject({
      stdout: `${(await note()).replace(/ events.*/, '').replaceAll(' ', '')}\n`,
    })
  })

  test('values of the store are offered while typing', async () => {
    await open()
    await desk.page.locator('.wf-query-input').fill('type:')
    for (const type of ['http', 'dns', 'tls', 'flow', 'alert'])
      await desk.page.getByRole('option', { name: new RegExp(`^${type}`) }).waitFor()
    await desk.press('Escape', 'Escape')
  })

  test('a brush over the histogram is a window of time', async () => {
    await desk.go(`#/events?where=&from=${new Date(began).toISOString()}&to=${new Date(began + HOURS * 3_600_000).toISOString()}`)
    await desk.page.locator('.ev-rows .ag-row').first().waitFor()
    await eventually(note).toContain('400 000 events')
    const box = await desk.page.locator('.ev-histogram-area').boundingBox()
    if (!box) throw new Error('no histogram')
    await desk.page.mouse.move(box.x + box.width * 0.4, box.y + 30)
    await desk.page.mouse.down()
    await desk.page.mouse.move(box.x + box.width * 0.6, box.y + 30, { steps: 3 })
    await desk.page.mouse.up()
    await eventually(async () => Date.parse((await address()).get('from') ?? '')).toBeGreaterThan(began + 3 * 3_600_000)
    const params = await address()
    const span = Date.parse(params.get('to') ?? '') - Date.parse(params.get('from') ?? '')
    expect(span / 3_600_000).toBeGreaterThan(1.5)
    expect(span / 3_600_000).toBeLessThan(2.6)
    // Events are spread evenly: the window has its share of them, and the figure is that of its histogram.
    const wanted = (EVENTS * span) / (HOURS * 3_600_000)
    await eventually(async () =>
      Math.abs(Number((await note()).replace(/ events.*/, '').replaceAll(' ', '')) - wanted),
    ).toBeLessThan(5)
    await desk.picture('real-events-brush')
  })

  test('statistics of a field are exact, and lead to a filter', async () => {
    await open('type:http')
    await eventually(note).toMatch(/^\d+ \d{3} events/)
    await desk.page.locator('.ev-field-name', { hasText: 'http.status' }).click()
    const stats = desk.page.getByRole('dialog', { name: 'Statistics of http.status' })
    await stats.locator('.ev-top li').first().waitFor()
    const text = (await stats.innerText()).replaceAll(/[\u202f\u2009]/g, ' ')
    expect(text).toContain('72 000')
    expect(text).toContain('8 000')
    await stats.getByRole('button', { name: 'Filter for 500' }).click()
    await eventually(async () => (await address()).get('where')).toBe('type:http and http.status:500')
    await eventually(note).toMatch(/^8 000 events/)
  })

  test('a value filters and excludes', async () => {
    await open('type:dns')
    await desk.press('j', 'Enter')
    const panel = desk.page.getByRole('complementary', { name: 'Event' })
    await panel.locator('.ev-table').waitFor()
    await panel
      .locator('.ev-table dd button', { hasText: /^host-\d+\.example$/ })
      .first()
      .click()
    await desk.page
      .getByRole('menuitem', { name: /^Filter for/ })
      .or(desk.page.getByRole('menuitem').first())
      .first()
      .click()
    await eventually(async () => (await address()).get('where')).toMatch(/^type:dns and dns\.query:host-\d+\.example$/)
    await eventually(note).toMatch(/^13 \d{3} events/)
    const kept = Number((await note()).replace(/ events.*/, '').replaceAll(' ', ''))
    await desk.press('Escape')
    await open('type:dns')
    await desk.press('j', 'ArrowRight', '-')
    await eventually(async () => (await address()).get('where')).toBe('type:dns and not type:dns')
    await desk.page.getByText('No event fits the query.').waitFor()
    expect(kept).toBeGreaterThan(13_000)
  })

  test('a search is saved with its columns, and opened again', async () => {
    await open('type:http and http.status:500')
    await desk.page.getByRole('button', { name: 'Add http.status as a column' }).click()
    await desk.page.locator('.ev-head', { hasText: 'http.status' }).waitFor()
    await desk.page.getByRole('button', { name: 'Saved' }).click()
    await desk.page.getByRole('menuitem', { name: 'Save this search' }).click()
    await desk.page.keyboard.type('Failures')
    await desk.press('Enter')
    await desk.page.locator('.statusbar [role=status]', { hasText: 'Saved as Failures' }).waitFor()
    await open()
    // It is the engine that keeps it: a page that is loaded anew has it too.
    await desk.page.reload()
    await desk.page.getByRole('button', { name: 'Saved' }).click()
    await desk.page.getByRole('menuitem', { name: 'Failures', exact: true }).click()
    await eventually(note).toMatch(/^8 000 events/)
    await desk.page.locator('.ev-head', { hasText: 'http.status' }).waitFor()
  })

  test('an export shows its progress, can be stopped, and writes every event that fits', async () => {
    const { page } = desk
    const exports = join(desk.dataDir, 'exports')
    await open()
    await page.getByRole('button', { name: 'Export' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('radio', { name: 'All fields' }).click()
    await dialog.getByRole('button', { name: /^Export .*events$/ }).click()
    await dialog.getByRole('progressbar').waitFor()
    await expect
      .poll(() => dialog.getByRole('progressbar').getAttribute('aria-valuenow').then(Number), { interval: 20 })
      .toBeGreaterThan(0)
    await dialog.getByRole('button', { name: 'Stop', exact: true }).click()
    await dialog.getByText(/stopped/i).waitFor()
    // Nothing of it is left behind.
    await eventually(() => (existsSync(exports) ? readdirSync(exports) : [])).toEqual([])
    await desk.press('Escape')
    await ask('type:http and http.status:500')
    await eventually(note).toMatch(/^8 000 events/)
    await page.getByRole('button', { name: 'Export' }).click()
    await dialog.getByRole('radio', { name: 'CSV' }).click()
    await dialog.getByRole('button', { name: /^Export .*events$/ }).click()
    const path = await page.locator('.ev-path').innerText()
    const lines = readFileSync(path, 'utf8').split('\r\n').filter(Boolean)
    expect(lines.length).toBe(8001)
    expect(lines[0]).toMatch(/^id,time,/)
    expect(lines.slice(1).every((line) => line.includes(',http,'))).toBe(true)
    await desk.press('Escape')
  })
})

describe('WCAG 2.2 AA over real data', () => {
  const close = async (): Promise<void> => desk.press('Escape')
  const states: readonly (readonly [string, () => Promise<void>])[] = [
    [
      'the queue and its panel',
      async () => {
        await desk.go('#/alerts')
        await desk.page.locator('.ag-row').first().click()
        await desk.page.locator('.al-picture').waitFor()
        await desk.page.locator('.al-history').first().waitFor()
      },
    ],
    [
      'events and the panel of one',
      async () => {
        await open('type:http')
        await desk.press('j', 'Enter')
        await desk.page.locator('.ev-table').waitFor()
      },
    ],
    [
      'the export',
      async () => {
        await open('type:dns')
        await desk.page.getByRole('button', { name: 'Export' }).click()
        await desk.page.getByRole('dialog').waitFor()
      },
    ],
    [
      'statistics',
      async () => {
        await open('type:http')
        await desk.page.locator('.ev-field-name', { hasText: 'http.status' }).click()
        await desk.page.locator('.ev-top li').first().waitFor()
      },
    ],
    [
      'a source and what it rejected',
      async () => {
        await desk.go('#/sources')
        await desk.page.locator('.ag-row', { hasText: 'Followed' }).first().dblclick()
        await desk.page.locator('.so-rejected li button').first().click()
        await desk.page.locator('.so-raw').waitFor()
      },
    ],
    [
      'adding a source',
      async () => {
        await desk.go('#/sources?add=file')
        await desk.page.getByRole('dialog').waitFor()
      },
    ],
    [
      'a rule',
      async () => {
        await desk.go('#/rules')
        await desk.page.locator('.ag-row').first().dblclick()
        await desk.page.getByRole('region', { name: 'Rule text' }).last().waitFor()
      },
    ],
    [
      'the overview',
      async () => {
        await desk.go('#/overview')
        await desk.page.locator('.ov-big').first().waitFor()
      },
    ],
    [
      'settings',
      async () => {
        await desk.go('#/settings')
        await desk.page.getByLabel('Single-letter keys').waitFor()
      },
    ],
    [
      'the palette',
      async () => {
        await desk.press('Control+k')
        await desk.page.getByRole('combobox', { name: 'Search or run a command' }).waitFor()
      },
    ],
  ]
  test.each(states)('%s', async (name, prepare) => {
    await prepare()
    for (const theme of ['dark', 'light']) {
      await desk.page.evaluate((to) => void (document.documentElement.dataset['theme'] = to), theme)
      await desk.picture(`real-${name.replaceAll(' ', '-')}-${theme}`)
      expect(await axeFindings(desk.page, 'html', theme === 'dark' ? 'all' : 'colours'), theme).toEqual([])
    }
    await close()
  })
  test('in Korean', async () => {
    const { page } = desk
    await desk.go('#/settings')
    await page.getByRole('radio', { name: '한국어' }).click()
    await page.getByRole('heading', { name: '설정', level: 1 }).waitFor()
    for (const [hash, there] of [
      ['#/alerts', '.al-picture'],
      ['#/events?all=1&where=type%3Adns', '.ev-rows .ag-row'],
      ['#/overview', '.ov-big'],
      ['#/sources', '.ag-row'],
      ['#/rules', '.ag-row'],
    ] as const) {
      await desk.go(hash)
      if (hash === '#/alerts') await page.locator('.ag-row').first().click()
      // It was closed above.
      if (hash === '#/alerts') await desk.press('Enter')
      await page.locator(there).first().waitFor()
      await desk.picture(`real-ko-${hash.replaceAll(/\W+/g, '-')}`)
      expect(await axeFindings(page), hash).toEqual([])
    }
  })
})
