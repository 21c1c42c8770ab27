/**
 * The packet bench over large captures, with tshark on the same file in the same run where it is installed. Prints one JSON object.
 * `PACKETS_TIMES` (default 27: 1 GB) repeats the corpus' capture, `PACKETS_HUGE` (default 270: 10 GB; 0 leaves it out) for memory;
 * `PACKETS_ONLY` names the parts that are wanted.
 */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { PacketBench } from '../../electron/engine/packets/bench/bench.ts'
import { dissectedFilter } from '../../electron/engine/packets/dissect/dissected-filter.ts'
import { fullTree } from '../../electron/engine/packets/dissect/full-tree.ts'
import { findChromium } from '../../scripts/chromium.ts'
import engine from '../../scripts/launch/engine-process.json' with { type: 'json' }
import { corpus, NO_CORPORA } from '../corpora.ts'
import { longStream, repeatCapture } from './large-captures.ts'

const root = process.env['WATCHFLOOR_ROOT'] ?? process.cwd()
const TIMES = Number(process.env['PACKETS_TIMES'] ?? 27)
const HUGE = Number(process.env['PACKETS_HUGE'] ?? 270)
const folder = mkdtempSync(join(tmpdir(), 'watchfloor-packets-'))
const none = new AbortController().signal
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
const quantile = (values: readonly number[], q: number): number => {
  const sorted = [...values].sort((a, b) => a - b)
  return round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? NaN)
}
const round = (value: number): number => Math.round(value * 10) / 10

const FILTERS = [
  'tcp.port == 445', 'ip.addr == 172.18.39.5', 'http', 'dns', 'tcp.flags.syn == 1 && tcp.flags.ack == 0', 'tcp.analysis.retransmission',
  'frame.len > 1000', 'ip.addr == 172.18.38.0/24 && tcp', 'http.request.method == "GET"', 'tcp.len > 0 && !http', 'kerberos || ldap',
  'tcp.stream == 100', 'udp.port == 53', 'http.host contains "10"', 'smb2.cmd == 5',
] as const // prettier-ignore

async function openAt(data: string, path: string) {
  const bench = new PacketBench(data)
  // As in a desk that runs: its next thread waits.
  bench.prepare()
  await pause(2000)
  const began = performance.now()
  const opened = await bench.openFiles([path])
  if (!opened.ok) throw new Error(opened.error.message)
  const thread = bench.thread(opened.value.id)
  if (!thread.ok) throw new Error(thread.error.message)
  for (;;) {
    const rows = await thread.value.call('rows', { view: null, from: 0, count: 60, fields: [] }, none)
    if (!rows.ok) throw new Error(rows.error.message)
    if (rows.value.rows.length >= 60) break
    await pause(2)
  }
  const firstPage = performance.now() - began
  return { bench, thread: thread.value, id: opened.value.id, began, firstPage }
}

/** Milliseconds until the state is none of these. */
async function until(thread: { capture: { state: string } | null }, states: readonly string[], began: number): Promise<number> {
  while (states.includes(thread.capture?.state ?? '')) await pause(2)
  return performance.now() - began
}

function tsharkSeconds(path: string): number | null {
  const began = performance.now()
  const run = spawnSync('tshark', ['-n', '-r', path, '-T', 'fields', '-e', 'frame.number'], {
    stdio: ['ignore', 'ignore', 'ignore'],
  })
  return run.status === 0 ? (performance.now() - began) / 1000 : null
}

async function oneGigabyte(path: string, packets: number): Promise<object> {
  const data = join(folder, 'data')
  mkdirSync(data)
  const first = await openAt(data, path)
  const indexed = await until(first.thread, ['indexing'], first.began)
  const read = await until(first.thread, ['indexing', 'reading'], first.began)
  const { bench, thread, id } = first
  const filters: Record<string, { ms: number; matched: number; how: string }> = {}
  for (const filter of FILTERS) {
    const times: number[] = []
    let matched = 0
    let how = ''
    for (let round = 0; round < 3; round++) {
      const began = performance.now()
      const run = await dissectedFilter(bench, { capture: id, filter, span: { from: null, to: null } }, () => undefined, none)
      if (!run.ok) throw new Error(`${filter}: ${run.error.message}`)
      times.push(performance.now() - began)
      ;({ matched, how } = run.value)
    }
    filters[filter] = { ms: quantile(times, 0.5), matched, how }
  }
  const trees: number[] = []
  await fullTree(bench, { capture: id, packet: 1 }, none)
  let full = 0
  for (let n = 0; n < 200; n++) {
    const packet = 1 + ((n * 7919 * 1013) % packets)
    const began = performance.now()
    const tree = await fullTree(bench, { capture: id, packet }, none)
    trees.push(performance.now() - began)
    if (tree.ok && tree.value.by === 'full') full++
  }
  const pages: number[] = []
  for (let n = 0; n < 100; n++) {
    const began = performance.now()
    await thread.call('rows', { view: null, from: (n * 104_729 * 1009) % (packets - 60), count: 60, fields: [] }, none)
    pages.push(performance.now() - began)
  }
  await bench.close()
  const again = await openAt(data, path)
  await again.bench.close()
  const seconds = tsharkSeconds(path)
  const rate = packets / (indexed / 1000)
  return {
    packets,
    bytes: statSync(path).size,
    firstPageMs: round(first.firstPage),
    reopenedFirstPageMs: round(again.firstPage),
    indexSeconds: round(indexed / 1000),
    packetsPerSecond: Math.round(rate),
    messagesSeconds: round((read - indexed) / 1000),
    tsharkSeconds: seconds === null ? null : round(seconds),
    timesTshark: seconds === null ? null : round((rate * seconds) / packets),
    filterMs: filters,
    filterWorstMs: Math.max(...Object.values(filters).map(({ ms }) => ms)),
    treeMs: { p50: quantile(trees, 0.5), p95: quantile(trees, 0.95), full, of: trees.length },
    pageMs: { p50: quantile(pages, 0.5), p95: quantile(pages, 0.95) },
  }
}

async function following(): Promise<object> {
  const path = join(folder, 'stream.pcap')
  longStream(path, 10_000_000)
  const { bench, thread, began } = await openAt(join(folder, 'stream-data'), path)
  await until(thread, ['indexing', 'reading'], began)
  const times: number[] = []
  let bytes = 0
  for (let n = 0; n < 5; n++) {
    const begins = performance.now()
    const followed = await thread.call('follow', { flow: 0, from: 0, bytes: 16_777_216 }, none)
    times.push(performance.now() - begins)
    if (followed.ok) bytes = followed.value.serverBytes
  }
  await bench.close()
  return { bytes, ms: quantile(times, 0.5) }
}

/** The built engine behind its browser host, and a page on it that opens a capture. */
async function desk(data: string, path: string, executablePath: string) {
  mkdirSync(data)
  const cli = join(root, 'dist', 'engine', 'cli.js')
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
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--no-first-run'] })
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
  await page.goto(url)
  const go = (more = ''): Promise<void> =>
    page.evaluate(
      (hash) => void (window.location.hash = hash),
      `#/packets?open=${encodeURIComponent(JSON.stringify([path]))}${more}`,
    )
  await go()
  await page.locator('[role=grid] [role=row]').nth(5).waitFor({ timeout: 60_000 })
  return {
    pid: child.pid!,
    page,
    async close(): Promise<void> {
      await browser.close()
      const gone = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGTERM')
      await gone
    },
  }
}

/** Megabytes that a process has in memory (Linux). */
const residentMB = (pid: number): number => {
  const found = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
  return Math.round((Number(found?.[1] ?? NaN) * 1024) / 1e6)
}

/** Resident memory of the engine (of all its threads; the dissectors are a process of their own) while 10 GB are read. */
async function memory(source: string): Promise<object | null> {
  const executablePath = findChromium()
  if (executablePath === null || !existsSync('/proc/self/status')) return null
  const path = join(folder, 'huge.pcap')
  const { packets, bytes } = repeatCapture(source, path, HUGE)
  const data = join(folder, 'huge-data')
  const began = performance.now()
  const { pid, page, close } = await desk(data, path, executablePath)
  try {
    const beginMB = residentMB(pid)
    let mostMB = 0
    const sample = (): void => void (mostMB = Math.max(mostMB, residentMB(pid)))
    // An index is described once it is whole.
    const whole = (): boolean =>
      readdirSync(join(data, 'captures'), { recursive: true }).some((name) => String(name).endsWith('meta.json'))
    while (!whole()) {
      sample()
      await pause(100)
    }
    const seconds = (performance.now() - began) / 1000
    await page.keyboard.press('/')
    await page.keyboard.type('tcp.len > 100')
    await page.keyboard.press('Enter')
    for (let n = 0; n < 100; n++) {
      sample()
      await pause(100)
    }
    return { packets, bytes, seconds: round(seconds), beginMB, mostMB, endMB: residentMB(pid) }
  } finally {
    await close()
    rmSync(path)
  }
}

/** Frames while the list of the real screen is scrolled, over the real engine. */
async function scrolling(path: string): Promise<object | null> {
  const executablePath = findChromium()
  if (executablePath === null) return null
  const { page, close } = await desk(join(folder, 'scroll-data'), path, executablePath)
  try {
    await pause(20_000)
    const frames = await page.evaluate(async () => {
      const list = document.querySelector('.pk-list-scroll') ?? document.querySelector('[role=grid]')
      const gaps: number[] = []
      if (list === null) return gaps
      const began = performance.now()
      let last = began
      await new Promise<void>((resolve) => {
        const step = (now: number): void => {
          gaps.push(now - last)
          last = now
          list.dispatchEvent(new WheelEvent('wheel', { deltaY: 240, bubbles: true, cancelable: true }))
          list.scrollTop += 240
          if (now - began < 10_000) requestAnimationFrame(step)
          else resolve()
        }
        requestAnimationFrame(step)
      })
      return gaps.slice(5)
    })
    return { frames: frames.length, p50: quantile(frames, 0.5), p95: quantile(frames, 0.95), worst: quantile(frames, 1) }
  } finally {
    await close()
  }
}

const perf = corpus('perf')
try {
  if (perf === null) console.log(JSON.stringify({ skipped: NO_CORPORA }))
  else {
    const source = join(perf, 'ad-lab-web.pcap')
    const path = join(folder, 'large.pcap')
    const { packets } = repeatCapture(source, path, TIMES)
    const wanted = process.env['PACKETS_ONLY'] ?? 'large follow scrolling memory'
    const result = {
      large: wanted.includes('large') ? await oneGigabyte(path, packets) : null,
      follow: wanted.includes('follow') ? await following() : null,
      scrolling: wanted.includes('scrolling') ? await scrolling(path) : null,
      memory: HUGE > 0 && wanted.includes('memory') ? await memory(source) : null,
    }
    console.log(JSON.stringify(result))
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
