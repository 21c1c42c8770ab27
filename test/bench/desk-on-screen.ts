/** A served desk and a page of it, for benches: how soon what is appended to a file is on screen. */
import { spawn, type ChildProcess } from 'node:child_process'
import { closeSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { chromium, type Browser, type Page } from 'playwright-core'
import { openStoreWith } from '../../electron/engine/store/client.ts'
import { findChromium } from '../../scripts/chromium.ts'
import engine from '../../scripts/launch/engine-process.json' with { type: 'json' }

const root = process.env['WATCHFLOOR_ROOT'] ?? process.cwd()
export const cli = join(root, 'dist', 'engine', 'cli.js')
const MARKER_EVERY_MS = 100

/** Of sorted numbers, rounded; NaN of none. */
export const quantile = (sorted: readonly number[], q: number): number =>
  Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? NaN)

export interface Served {
  readonly child: ChildProcess
  readonly url: string
  /** Of `performance.now()`. */
  readonly began: number
}
export async function serve(data: string): Promise<Served> {
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
export async function end(child: ChildProcess): Promise<void> {
  const gone = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  await gone
}

export async function openBrowser(): Promise<Browser> {
  const executablePath = findChromium()
  if (!executablePath) throw new Error('no Chromium')
  return chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run'],
  })
}

/** Files that a desk follows once it is served. */
export async function followFiles(data: string, files: Readonly<Record<string, string>>): Promise<void> {
  const store = await openStoreWith(data, {})
  if (!store.ok) throw new Error(store.error.message)
  for (const [name, path] of Object.entries(files)) {
    await store.value.sources.save({
      id: name,
      settings: { name, input: { kind: 'file', path }, format: 'eve', zone: 'UTC', paused: false },
      created: new Date().toISOString(),
    })
  }
  await store.value.close()
}

let serial = 0
/** An EVE record: a flow, or an alert `Marker N.` */
export function eveLine(time: number, marker: number | null): string {
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

/** The queue, newest first and following, that notes when each marker is on screen. */
export async function openQueue(page: Page, url: string): Promise<void> {
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
  await page.locator('.al-arrival').waitFor()
  await pause(1000)
  // An empty queue follows by itself.
  const follows = page.getByText('Following live')
  if ((await follows.count()) === 0) await page.keyboard.press('f')
  await follows.waitFor()
}

let markers = 0
/**
 * Appends `rate` lines a second and ten markers, and looks at the screen once more after `rest` milliseconds. Milliseconds from
 * each marker's writing to its row on screen, sorted.
 */
export async function linesToScreen(
  page: Page,
  file: string,
  seconds: number,
  rate: number,
  rest = 2000,
): Promise<{ readonly lines: number; readonly markers: number; readonly delays: readonly number[] }> {
  const written = new Map<number, number>()
  const out = openSync(file, 'a')
  const began = performance.now()
  let lines = 0
  while (performance.now() - began < seconds * 1000) {
    const passed = performance.now() - began
    const due = Math.floor((passed / 1000) * rate) - lines
    let text = ''
    for (let i = 0; i < due; i++) text += eveLine(Date.now(), null)
    lines += Math.max(0, due)
    if (passed > written.size * MARKER_EVERY_MS) {
      text += eveLine(Date.now(), ++markers)
      lines++
      written.set(markers, Date.now())
    }
    if (text !== '') writeSync(out, text)
    await pause(5)
  }
  closeSync(out)
  await pause(rest)
  const seen = await page.evaluate(() => (window as unknown as { seen: Record<string, number> }).seen)
  const delays = [...written].flatMap(([number, at]) => (seen[number] === undefined ? [] : [seen[number] - at]))
  return { lines, markers: written.size, delays: delays.sort((a, b) => a - b) }
}
