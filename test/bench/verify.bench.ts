/**
 * Impact verification of a thousand alerts with packets, and what it costs ingestion meanwhile. The demonstration is imported with its
 * capture; beside it stand IDS alerts made for its web requests, each a detection of its own. Prints one JSON object. `VERIFY_ALERTS`
 * changes how many.
 *
 * Seconds are those of the verifications alone, all questions to the store and all reading of packets included. What it costs others:
 * how soon a line that is appended to a followed file is stored, and how soon its alert is on screen of a served desk, ten a second,
 * while nothing and while everything is verified; on screen as many alerts again come at once, and are verified because they came.
 */
import { spawnSync } from 'node:child_process'
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { Ingest } from '../../electron/engine/ingest/ingest.ts'
import { shippedLogSources } from '../../electron/engine/sigma/logsources/table.ts'
import { PacketBench } from '../../electron/engine/packets/bench/bench.ts'
import { CaptureLibrary } from '../../electron/engine/packets/library/capture-library.ts'
import { openStoreWith } from '../../electron/engine/store/client.ts'
import type { Store } from '../../electron/engine/store/types.ts'
import type { Alert } from '../../shared/model/alert.ts'
import { CaptureStreams } from '../../electron/engine/verify/gather/streams.ts'
import { deskKnows } from '../../electron/engine/verify/desk-knows.ts'
import { impactTests } from '../../electron/engine/verify/registry.ts'
import { Verifier } from '../../electron/engine/verify/verifier.ts'
import { cli, end, followFiles, linesToScreen, openBrowser, openQueue, quantile, serve } from './desk-on-screen.ts'

const ALERTS = Number(process.env['VERIFY_ALERTS'] ?? 1000)
const LINES = 100
/** Long, for what comes once in ten seconds decides where 95 % lie. */
const SCREEN_SECONDS = 60
const WARM_SECONDS = 5
const folder = mkdtempSync(join(tmpdir(), 'watchfloor-bench-'))
const round = (value: number, digits = 2): number => Number(value.toFixed(digits))

function run(...args: string[]): void {
  const done = spawnSync(process.execPath, [cli, ...args], { stdio: ['ignore', 'ignore', 'inherit'] })
  if (done.status !== 0) throw new Error(`${args[0]} ended with ${done.status}`)
}

/** IDS alerts for web requests, each of a signature of its own: so each is an alert. */
function madeAlerts(demo: string, firstSignature: number, name = 'request', most = ALERTS): string {
  const requests = readFileSync(join(demo, 'eve.json'), 'utf8')
    .split('\n')
    .filter((line) => line.includes('"event_type":"http"'))
    .slice(0, most)
  const lines = requests.map((line, i) => {
    const record = JSON.parse(line) as Record<string, unknown>
    return JSON.stringify({
      ...record,
      event_type: 'alert',
      alert: {
        action: 'allowed',
        gid: 1,
        signature_id: firstSignature + i,
        rev: 1,
        signature: `SQL injection, ${name} ${i}`,
        category: 'Web Application Attack',
        severity: 2,
      },
    })
  })
  return lines.map((line) => `${line}\n`).join('')
}

async function openedStore(data: string): Promise<Store> {
  const opened = await openStoreWith(data, {})
  if (!opened.ok) throw new Error(opened.error.message)
  return opened.value
}

/** The made alerts of this name, all states. */
async function alertsOf(store: Store, name: string): Promise<Alert[]> {
  const alerts: Alert[] = []
  for (let after: string | null = null; ;) {
    const page: Awaited<ReturnType<typeof store.alerts.search>> = await store.alerts.search(
      {
        where: `title:SQL\\ injection,\\ ${name}*`,
        states: ['open', 'snoozed', 'decided'],
        window: { from: null, to: null },
        order: 'oldest',
        limit: 1000,
        after,
      },
      'bench',
      new AbortController().signal,
    )
    if (!page.ok) throw new Error(page.error.message)
    alerts.push(...page.value.alerts)
    after = page.value.after
    if (after === null) return alerts
  }
}

const p95 = (times: readonly number[]): number => [...times].sort((a, b) => a - b)[Math.floor(times.length * 0.95)] ?? NaN

/** As it is on a desk: alerts come, and are verified because they came. */
async function toScreen(demo: string, data: string): Promise<object> {
  const live = join(folder, 'live.json')
  const burst = join(folder, 'burst.json')
  for (const file of [live, burst]) writeFileSync(file, '')
  await followFiles(data, { live, burst })
  // What else the demonstration raised would be verified by the desk as soon as it starts.
  run('verify', '--all', '--data', data)
  const { child, url } = await serve(data)
  const browser = await openBrowser()
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
    await openQueue(page, url)
    // A desk that was started a moment ago is slower: its code is not compiled yet.
    await linesToScreen(page, live, WARM_SECONDS, 10, 0)
    const before = await linesToScreen(page, live, SCREEN_SECONDS, 10)
    appendFileSync(burst, madeAlerts(demo, 9_800_000, 'burst', 2 * ALERTS))
    await pause(2000)
    const meanwhile = await linesToScreen(page, live, SCREEN_SECONDS, 10)
    await end(child)
    const store = await openedStore(data)
    const burstAlerts = await alertsOf(store, 'burst')
    await store.close()
    const [idleP95, verifyingP95] = [quantile(before.delays, 0.95), quantile(meanwhile.delays, 0.95)]
    return {
      idleP50: quantile(before.delays, 0.5),
      verifyingP50: quantile(meanwhile.delays, 0.5),
      idleP95,
      verifyingP95,
      ratio: round(verifyingP95 / idleP95),
      shown: [before.delays.length, meanwhile.delays.length],
      burst: burstAlerts.length,
      burstNotVerifiedAtTheEnd: burstAlerts.filter(({ impact }) => impact === null).length,
    }
  } finally {
    await browser.close()
    child.kill('SIGTERM')
  }
}

try {
  const demo = join(folder, 'demo')
  const data = join(folder, 'data')
  run('demo', '--out', demo, '--seed', '3', '--minutes', '30')
  writeFileSync(join(demo, 'made-alerts.json'), madeAlerts(demo, 9_700_000))
  run('import', demo, '--data', data)
  const store = await openedStore(data)
  const bench = new PacketBench(data)
  const library = new CaptureLibrary(data)
  const verifier = new Verifier(store, deskKnows(new CaptureStreams(bench, library), null))
  const ingest = new Ingest({
    store,
    rules: { rules: [], sources: shippedLogSources().sources, onChange: () => () => undefined },
  })
  await ingest.start()
  const log = join(folder, 'lines.json')
  writeFileSync(log, '')
  const added = await ingest.add({ name: 'lines', input: { kind: 'file', path: log }, format: 'eve', zone: 'UTC', paused: false })
  if (!added.ok) throw new Error(added.error.message)
  await pause(1500)

  /** Milliseconds from a line's writing to its being stored. */
  const latencies = async (count: number): Promise<number[]> => {
    const times: number[] = []
    for (let i = 0; i < count; i++) {
      const stored = new Promise<void>((resolve) => {
        const remove = store.onCommitted(({ rows }) => {
          if (rows === 0) return
          remove()
          resolve()
        })
      })
      const began = performance.now()
      appendFileSync(
        log,
        `${JSON.stringify({ timestamp: new Date().toISOString(), event_type: 'dns', src_ip: '10.9.9.9', src_port: 5000, dest_ip: '10.9.9.1', dest_port: 53, proto: 'UDP', dns: { type: 'query', rrname: 'a.example' } })}\n`,
      )
      await stored
      times.push(performance.now() - began)
      await pause(100)
    }
    return times
  }

  const none = new AbortController().signal
  const ids = (await alertsOf(store, 'request')).map(({ id }) => id)
  await latencies(10)
  const idle = await latencies(LINES)
  let done = 0
  let packets = 0
  const results: Record<string, number> = {}
  const began = performance.now()
  const some = ids.slice(0, ALERTS)
  for (let i = 0; i < some.length; i += 20) {
    const verified = await verifier.verify(some.slice(i, i + 20), 'bench', none)
    if (!verified.ok) throw new Error(verified.error.message)
    for (const { result, looked } of verified.value) {
      done++
      if (looked.bytes > 0) packets++
      results[result] = (results[result] ?? 0) + 1
    }
  }
  const seconds = (performance.now() - began) / 1000
  const working = { on: true }
  const loop = (async () => {
    while (working.on)
      for (let i = 0; i < some.length && working.on; i += 5) await verifier.verify(some.slice(i, i + 5), 'bench', none)
  })()
  const busy = await latencies(LINES)
  working.on = false
  await loop
  await verifier.close()
  await ingest.close()
  await library.close()
  await bench.close()
  await store.close()
  process.stdout.write(
    `${JSON.stringify({
      alerts: done,
      withPackets: packets,
      tests: impactTests.length,
      seconds: round(seconds),
      msEach: round((seconds / Math.max(1, done)) * 1000, 1),
      bound: '1,000 with packets in less than 30 s',
      results,
      lineStoredMs: { idleP95: round(p95(idle), 1), verifyingP95: round(p95(busy), 1), ratio: round(p95(busy) / p95(idle)) },
      lineToScreenMs: await toScreen(demo, data),
    })}\n`,
  )
} finally {
  rmSync(folder, { recursive: true, force: true })
}
