/**
 * The whole desk in a real Chromium: from a line appended to its row on screen while 5,000 events a second arrive, and from
 * starting the engine to a usable queue with millions of events stored. Prints one JSON object. `DESK_EVENTS` (default 5,000,000),
 * `DESK_SECONDS` (default 20) and `DESK_RATE` (default 5,000) change how much. Chromium itself is running already.
 */
import { spawnSync } from 'node:child_process'
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { cli, end, eveLine, followFiles, linesToScreen, openBrowser, openQueue, quantile, serve } from './desk-on-screen.ts'

const EVENTS = Number(process.env['DESK_EVENTS'] ?? 5_000_000)
const SECONDS = Number(process.env['DESK_SECONDS'] ?? 20)
/** Of a desk that was started a moment ago: its code is not compiled yet. */
const WARM_SECONDS = 5
const RATE = Number(process.env['DESK_RATE'] ?? 5000)
const folder = mkdtempSync(join(tmpdir(), 'watchfloor-desk-'))

async function latency(page: Page): Promise<object> {
  const data = join(folder, 'live')
  const file = join(folder, 'eve.json')
  mkdirSync(data)
  writeFileSync(file, eveLine(Date.now(), null))
  await followFiles(data, { live: file })
  const { child, url } = await serve(data)
  await openQueue(page, url)
  const first = await linesToScreen(page, file, WARM_SECONDS, RATE, 0)
  const after = await linesToScreen(page, file, SECONDS, RATE)
  await end(child)
  const figures = ({ lines, markers, delays }: typeof after, seconds: number): object => ({
    eventsPerSecond: Math.round(lines / seconds),
    markers,
    shown: delays.length,
    p50ms: quantile(delays, 0.5),
    p95ms: quantile(delays, 0.95),
    maxMs: quantile(delays, 1),
  })
  return { firstSeconds: figures(first, WARM_SECONDS), after: figures(after, SECONDS) }
}

async function coldStart(page: Page): Promise<object> {
  const file = join(folder, 'many.json')
  const out = openSync(file, 'w')
  const from = Date.now() - 12 * 3_600_000
  for (let n = 0; n < EVENTS;) {
    let text = ''
    for (let i = 0; i < 20_000 && n < EVENTS; i++, n++)
      text += eveLine(from + (n / EVENTS) * 12 * 3_600_000, n % 500 === 0 ? n % 200_000 : null)
    writeSync(out, text)
  }
  closeSync(out)
  const data = join(folder, 'cold')
  const imported = spawnSync(process.execPath, [cli, 'import', file, '--data', data, '--json'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const { events, alerts, seconds } = JSON.parse(imported.stdout) as { events: number; alerts: number; seconds: number }
  rmSync(file)
  const starts: number[] = []
  const urls: number[] = []
  for (let i = 0; i < 5; i++) {
    const { child, url, began } = await serve(data)
    urls.push(performance.now() - began)
    await page.goto(url)
    await page.locator('.ag-row[row-index="0"]').waitFor()
    await page.keyboard.press('j')
    await page.locator('[aria-label^="Alert A-"]').first().waitFor()
    starts.push(performance.now() - began)
    await end(child)
  }
  urls.sort((a, b) => a - b)
  starts.sort((a, b) => a - b)
  return {
    events,
    alerts,
    importSeconds: seconds,
    engineUpMs: quantile(urls, 0.5),
    usableQueueMs: { best: quantile(starts, 0), median: quantile(starts, 0.5), worst: quantile(starts, 1) },
  }
}

const browser = await openBrowser()
try {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
  const live = await latency(page)
  process.stderr.write(`${JSON.stringify(live)}\n`)
  const cold = await coldStart(page)
  console.log(JSON.stringify({ appendedToScreen: live, coldStart: cold }))
} finally {
  await browser.close()
  rmSync(folder, { recursive: true, force: true })
}
