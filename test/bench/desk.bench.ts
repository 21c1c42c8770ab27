/**
 * The whole desk in a real Chromium: from a line appended to its row on screen while 5,000 events a second arrive, and from
 * starting the engine to a usable queue with millions of events stored. Prints one JSON object. `DESK_EVENTS` (default 5,000,000),
 * `DESK_SECONDS` (default 20) and `DESK_RATE` (default 5,000) change how much. Chromium itself is running already.
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type Page } from 'playwright-core'
import { openStoreWith } from '../../electron/engine/store/client.ts'
import { findChromium } from '../../scripts/chromium.ts'
import engine from '../../scripts/launch/engine-process.json' with { type: 'json' }

const root = process.env['WATCHFLOOR_ROOT'] ?? process.cwd()
const cli = join(root, 'dist', 'engine', 'cli.js')
const EVENTS = Number(process.env['DESK_EVENTS'] ?? 5_000_000)
const SECONDS = Number(process.env['DESK_SECONDS'] ?? 20)
const RATE = Number(process.env['DESK_RATE'] ?? 5000)
const MARKER_EVERY_MS = 100
const folder = mkdtempSync(join(tmpdir(), 'watchfloor-desk-'))
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
const quantile = (sorted: readonly number[], q: number): number =>
  Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? NaN)

interface Served {
  readonly child: ChildProcess
  readonly url: string
  readonly began: number
}
async function serve(data: string): Promise<Served> {
  const began = performance.now()
  const child = spawn(process.execPath, [...engine.flags, cli, 'serve', '--data', data, '--no-open'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...engine.environment },
  })
  const url = await new Promise<string>((resolve) => {
    let text = ''
    child.stdout.on('data', (part: Buffer) => {
      text += part.toString()
      if (text.includes('\n')) resolve((JSON.parse(text) as { url: string }).url)
    })
  })
  return { child, url, began }
}
async function end(child: ChildProcess): Promise<void> {
  const gone = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  await gone
}

let serial = 0
function line(time: number, marker: number | null): string {
  const n = serial++
  const base = {
    timestamp: new Date(time).toISOString().replace('Z', '000+0000'),
    flow_id: n,
    in_iface: 'eth0',
    event_type: marker === null ? 'flow' : 'alert',
    src_ip: `10.${n % 7}.${n % 200}.${n % 250}`,
    src_port: 1024 + (n % 60_000),
    dest_ip: `192.0.2.${n % 250}`,
    dest_port: n % 3 === 0 ? 443 : 80,
    proto: 'TCP',
  }
  return `${JSON.stringify(
    marker === null
      ? {
          ...base,
          app_proto: 'tls',
          flow: {
            pkts_toserver: n % 90,
            pkts_toclient: n % 80,
            bytes_toserver: n % 9000,
            bytes_toclient: n % 80_000,
            state: 'closed',
          },
        }
      : {
          ...base,
          alert: {
            action: 'allowed',
            gid: 1,
            signature_id: 7_000_000 + marker,
            rev: 1,
            signature: `Marker ${marker}.`,
            category: 'Bench',
            severity: 1,
          },
        },
  )}\n`
}

async function latency(page: Page): Promise<object> {
  const data = join(folder, 'live')
  const file = join(folder, 'eve.json')
  mkdirSync(data)
  writeFileSync(file, line(Date.now(), null))
  const store = await openStoreWith(data, {})
  if (!store.ok) throw new Error(store.error.message)
  await store.value.sources.save({
    id: 'live',
    settings: { name: 'live', input: { kind: 'file', path: file }, format: 'eve', zone: 'UTC', paused: false },
    created: new Date().toISOString(),
  })
  await store.value.close()
  const { child, url } = await serve(data)
  await page.goto(url)
  await page.evaluate(() => (location.hash = '#/alerts?order=newest'))
  await page.locator('.rail').first().waitFor()
  await page.evaluate(() => {
    const seen: Record<string, number> = {}
    ;(window as unknown as { seen: typeof seen }).seen = seen
    const look = (): void => {
      const now = performance.timeOrigin + performance.now()
      for (const cell of document.querySelectorAll('.al-title .ellipsis')) {
        const found = /^Marker (\d+)\.$/.exec(cell.textContent ?? '')
        if (found?.[1] !== undefined) seen[found[1]] ??= now
      }
    }
    new MutationObserver(look).observe(document.body, { childList: true, subtree: true, characterData: true })
  })
  await pause(1000)
  // An empty queue follows by itself.
  if ((await page.getByText('Following live').count()) === 0) await page.keyboard.press('f')
  const written = new Map<number, number>()
  const out = openSync(file, 'a')
  const began = performance.now()
  let marker = 0
  let lines = 0
  while (performance.now() - began < SECONDS * 1000) {
    const passed = performance.now() - began
    const due = Math.floor((passed / 1000) * RATE) - lines
    let text = ''
    for (let i = 0; i < due; i++) text += line(Date.now(), null)
    lines += due
    if (passed > marker * MARKER_EVERY_MS) {
      text += line(Date.now(), ++marker)
      lines++
      written.set(marker, Date.now())
    }
    if (text !== '') writeSync(out, text)
    await pause(5)
  }
  closeSync(out)
  await pause(2000)
  const seen = await page.evaluate(() => (window as unknown as { seen: Record<string, number> }).seen)
  await end(child)
  const delays = [...written]
    .flatMap(([number, at]) => (seen[number] === undefined ? [] : [seen[number] - at]))
    .sort((a, b) => a - b)
  return {
    eventsPerSecond: Math.round(lines / SECONDS),
    markers: written.size,
    shown: delays.length,
    p50ms: quantile(delays, 0.5),
    p95ms: quantile(delays, 0.95),
    maxMs: quantile(delays, 1),
  }
}

async function coldStart(page: Page): Promise<object> {
  const file = join(folder, 'many.json')
  const out = openSync(file, 'w')
  const from = Date.now() - 12 * 3_600_000
  for (let n = 0; n < EVENTS;) {
    let text = ''
    for (let i = 0; i < 20_000 && n < EVENTS; i++, n++)
      text += line(from + (n / EVENTS) * 12 * 3_600_000, n % 500 === 0 ? n % 200_000 : null)
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

const executablePath = findChromium()
if (!executablePath) throw new Error('no Chromium')
const browser = await chromium.launch({
  executablePath,
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run'],
})
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
