/**
 * Imports of EVE beside `sqlite3 .import` of the same rows, with the starter rules and with all of SigmaHQ's; a million repeats of
 * one alert; and how soon an appended line is stored. Prints one JSON object. `IMPORT_RECORDS` and `IMPORT_ROUNDS` change how much.
 *
 * Seconds are those of whole processes, start and end included; the best of the rounds counts for each, and for ratios the middle of
 * the rounds' own.
 */
import { spawn, spawnSync } from 'node:child_process'
import {
  appendFileSync,
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Ingest } from '../../electron/engine/ingest/ingest.ts'
import { loadRules } from '../../electron/engine/sigma/load-rules.ts'
import { shippedLogSources } from '../../electron/engine/sigma/logsources/table.ts'
import { openStoreWith } from '../../electron/engine/store/client.ts'
import engine from '../../scripts/launch/engine-process.json' with { type: 'json' }
import { corpus } from '../corpora.ts'

const root = process.env['WATCHFLOOR_ROOT'] ?? process.cwd()
const cli = join(root, 'dist', 'engine', 'cli.js')
const RECORDS = Number(process.env['IMPORT_RECORDS'] ?? 1_000_000)
const ROUNDS = Number(process.env['IMPORT_ROUNDS'] ?? 3)
const folder = mkdtempSync(join(tmpdir(), 'watchfloor-bench-'))
const round = (value: number, digits = 2): number => Number(value.toFixed(digits))
const folderBytes = (path: string): number =>
  readdirSync(path, { withFileTypes: true }).reduce(
    (sum, entry) => sum + (entry.isDirectory() ? folderBytes(join(path, entry.name)) : statSync(join(path, entry.name)).size),
    0,
  )

/** The records that are repeated: the performance corpus, or the demonstration where that is absent. */
function original(): { name: string; lines: string[] } {
  const perf = corpus('perf')
  let path = perf === null ? '' : join(perf, 'eve-60k.json')
  if (perf === null) {
    const made = spawnSync(process.execPath, [cli, 'demo', '--out', join(folder, 'demo'), '--seed', '1', '--minutes', '120'])
    if (made.status !== 0) throw new Error(made.stderr.toString())
    path = join(folder, 'demo', 'eve.json')
  }
  return { name: perf === null ? 'demonstration' : 'perf corpus', lines: readFileSync(path, 'utf8').split('\n').filter(Boolean) }
}

/** Writes the records over and over until there are enough. Gives how many. */
function repeat(path: string, lines: readonly string[], separator: string): number {
  const file = openSync(path, 'w')
  const once = Buffer.from(lines.map((line) => line + separator).join(''))
  let records = 0
  for (; records < RECORDS; records += lines.length) writeSync(file, once)
  closeSync(file)
  return records
}

/** Twenty columns and the record, as the shell's `.import --ascii` reads them. */
const COLUMNS = [
  'timestamp',
  'event_type',
  'src_ip',
  'src_port',
  'dest_ip',
  'dest_port',
  'proto',
  'app_proto',
  'flow_id',
  'tx_id',
  'alert.signature_id',
  'alert.signature',
  'alert.category',
  'alert.severity',
  'dns.rrname',
  'dns.rrtype',
  'http.hostname',
  'http.url',
  'http.status',
  'http.http_user_agent',
] as const
function rowOf(line: string): string {
  const record = JSON.parse(line) as Record<string, unknown>
  const values = COLUMNS.map((name) => {
    const [first = '', second] = name.split('.')
    const outer = record[first]
    const value = second === undefined ? outer : (outer as Record<string, unknown> | undefined)?.[second]
    return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
  })
  return [...values, line].join('\x1f')
}

interface Ran {
  readonly seconds: number
  readonly stdout: string
  readonly peak: number | null
}
async function ran(command: string, args: readonly string[], input?: string): Promise<Ran> {
  const began = performance.now()
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'], env: { ...process.env, ...engine.environment } })
  let stdout = ''
  let stderr = ''
  let peak: number | null = null
  child.stdout.on('data', (data: Buffer) => (stdout += data.toString()))
  child.stderr.on('data', (data: Buffer) => (stderr = (stderr + data.toString()).slice(-4096)))
  child.stdin.end(input ?? '')
  const watch = setInterval(() => (peak = peakOf(child.pid) ?? peak), 50)
  const code = await new Promise((resolve) => child.once('close', resolve))
  clearInterval(watch)
  if (code !== 0) throw new Error(`${command} ended with ${String(code)}: ${stderr}`)
  return { seconds: (performance.now() - began) / 1000, stdout, peak }
}
/** Most memory a process ever had, in MB; null where the system does not say. */
function peakOf(pid: number | undefined): number | null {
  try {
    const found = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
    return found ? round(Number(found[1]) / 1024, 0) : null
  } catch {
    return null
  }
}

interface Imported {
  readonly seconds: number
  readonly inside: number
  readonly peak: number | null
  readonly stored: number
  readonly summary: { records: number; events: number; alerts: number; rejected: number }
}
/** `known`: the desk has had these rules before, and need not parse them all. */
async function imported(path: string, rules: readonly string[], known = false): Promise<Imported> {
  const data = mkdtempSync(join(folder, 'desk-'))
  if (known) {
    const small = join(folder, 'small.json')
    // A file that does not begin as the other does: that one would be taken for the same, grown.
    writeFileSync(small, '{"timestamp":"2026-01-01T00:00:00.000000+0000","event_type":"stats","stats":{"uptime":1}}\n')
    await ran(process.execPath, [cli, 'import', small, '--data', data, ...rules.flatMap((rule) => ['--rules', rule])])
  }
  const { seconds, stdout, peak } = await ran(process.execPath, [
    ...engine.flags,
    cli,
    'import',
    path,
    '--data',
    data,
    '--json',
    ...rules.flatMap((rule) => ['--rules', rule]),
  ])
  const { seconds: inside, ...summary } = JSON.parse(stdout) as Imported['summary'] & { seconds: number }
  const stored = folderBytes(data)
  rmSync(data, { recursive: true })
  return { seconds, inside, peak, stored, summary }
}
const best = <T extends { readonly seconds: number }>(runs: readonly T[]): T =>
  runs.reduce((a, b) => (b.seconds < a.seconds ? b : a))

/** The middle of the ratios of each round: the speed of a machine may change between rounds, and less within one. */
function paired<T>(rounds: readonly T[], others: readonly T[], of: (one: T) => number): number {
  const ratios = rounds.map((one, i) => of(one) / of(others[i]!)).sort((a, b) => a - b)
  return round(ratios[Math.floor((ratios.length - 1) / 2)] ?? NaN)
}

async function peer(path: string): Promise<Ran | null> {
  if (spawnSync('sqlite3', ['--version']).status !== 0) return null
  const database = join(folder, 'peer.db')
  const columns = [...COLUMNS.map((name) => `"${name}"`), 'raw'].join(', ')
  const script = `PRAGMA journal_mode=WAL;\nPRAGMA synchronous=NORMAL;\nCREATE TABLE event (${columns});\n${['timestamp', 'event_type', 'src_ip', 'dest_ip'].map((name) => `CREATE INDEX "by_${name}" ON event ("${name}");`).join('\n')}\n.import --ascii ${path} event\n`
  const result = await ran('sqlite3', ['-batch', database], script)
  const bytes = statSync(database).size
  for (const suffix of ['', '-wal', '-shm']) rmSync(database + suffix, { force: true })
  return { ...result, stdout: String(bytes) }
}

function rulesOfSigma(): string[] | null {
  const sigma = corpus('sigma')
  if (sigma === null) return null
  return readdirSync(sigma)
    .filter((name) => /^rules(-|$)/.test(name))
    .map((name) => join(sigma, name))
}

/** How soon a line that was appended to a followed file is stored, at 5,000 a second. */
async function following(lines: readonly string[]): Promise<Record<string, number>> {
  const data = mkdtempSync(join(folder, 'desk-'))
  const opened = await openStoreWith(data, {})
  if (!opened.ok) throw new Error(opened.error.message)
  const store = opened.value
  const { rules } = await loadRules([{ path: join(root, 'resources', 'rules'), builtin: true }])
  const ingest = new Ingest({ store, rules: { rules, sources: shippedLogSources().sources, onChange: () => () => undefined } })
  await ingest.start()
  const path = join(folder, 'followed.json')
  writeFileSync(path, '')
  await ingest.add({ name: 'followed', input: { kind: 'file', path }, format: 'eve', zone: 'UTC', paused: false })
  const appended: number[] = []
  const late: number[] = []
  let seen = 0
  const total = 60_000
  const all = Promise.withResolvers<void>()
  store.onCommitted(({ rows }) => {
    const now = performance.now()
    for (let i = 0; i < rows; i++) late.push(now - appended[seen++]!)
    if (seen >= total) all.resolve()
  })
  const began = performance.now()
  const rate = 5000
  while (appended.length < total) {
    const due = Math.min(total, Math.floor(((performance.now() - began) / 1000) * rate))
    let text = ''
    const from = appended.length
    for (let n = from; n < due; n++) text += `${lines[n % lines.length]}\n`
    if (due > from) {
      appendFileSync(path, text)
      const now = performance.now()
      for (let n = from; n < due; n++) appended.push(now)
    }
    await new Promise((resolve) => setTimeout(resolve, 4))
  }
  await Promise.race([all.promise, new Promise((resolve) => setTimeout(resolve, 30_000).unref())])
  await ingest.close()
  await store.close()
  // The first second is the start: threads compile, the day's partition is made.
  const settled = late.slice(rate).sort((a, b) => a - b)
  const at = (share: number): number => round(settled[Math.floor((settled.length - 1) * share)] ?? NaN, 1)
  return { perSecond: rate, records: seen, p50ms: at(0.5), p95ms: at(0.95), p99ms: at(0.99), maxMs: at(1) }
}

async function measure(): Promise<unknown> {
  const { name, lines } = original()
  const log = join(folder, 'eve.json')
  const rows = join(folder, 'rows.ascii')
  const records = repeat(log, lines, '\n')
  repeat(rows, lines.map(rowOf), '\x1e')
  const sigma = rulesOfSigma()
  const starter: Imported[] = []
  const all: Imported[] = []
  const unknown: Imported[] = []
  const peers: Ran[] = []
  for (let i = 0; i < ROUNDS; i++) {
    starter.push(await imported(log, []))
    const other = await peer(rows)
    if (other !== null) peers.push(other)
    if (sigma !== null) all.push(await imported(log, sigma, true))
    if (sigma !== null) unknown.push(await imported(log, sigma))
    process.stderr.write(
      `round ${i + 1}: ${JSON.stringify({ starter: starter.at(-1)!.seconds, peer: peers.at(-1)?.seconds, sigma: all.at(-1)?.seconds })}\n`,
    )
  }
  rmSync(rows)
  const alert = lines.find((line) => line.includes('"event_type":"alert"')) ?? lines[0]!
  repeat(
    log,
    Array.from({ length: 10_000 }, () => alert),
    '\n',
  )
  const repeats = await imported(log, [])
  rmSync(log)
  const live = await following(lines)
  const ours = best(starter)
  const withSigma = all.length > 0 ? best(all) : null
  const other = peers.length > 0 ? best(peers) : null
  return {
    of: name,
    records,
    starterRules: {
      eventsPerSecond: Math.round(records / ours.seconds),
      seconds: round(ours.seconds),
      secondsInside: ours.inside,
      peakMB: Math.max(...starter.map(({ peak }) => peak ?? NaN)),
      storedMB: round(ours.stored / 2 ** 20, 0),
      events: ours.summary.events,
      alerts: ours.summary.alerts,
      rejected: ours.summary.rejected,
    },
    sqlite3Import:
      other === null
        ? 'skipped: no sqlite3'
        : {
            rowsPerSecond: Math.round(records / other.seconds),
            seconds: round(other.seconds),
            storedMB: round(Number(other.stdout) / 2 ** 20, 0),
            ratio: paired<{ readonly seconds: number }>(peers, starter, ({ seconds }) => seconds),
          },
    sigmaRules:
      withSigma === null
        ? 'skipped: no corpora'
        : {
            eventsPerSecond: Math.round(records / withSigma.seconds),
            secondsInside: withSigma.inside,
            peakMB: withSigma.peak,
            alerts: withSigma.summary.alerts,
            ratio: paired(starter, all, ({ seconds }) => seconds),
            ratioInside: paired(starter, all, ({ inside }) => inside),
            // The whole process again, with every rule parsed first.
            ratioRulesParsed: paired(starter, unknown, ({ seconds }) => seconds),
          },
    repeats: {
      records: repeats.summary.records,
      alerts: repeats.summary.alerts,
      eventsPerSecond: Math.round(repeats.summary.records / repeats.seconds),
      peakMB: repeats.peak,
    },
    following: live,
  }
}

try {
  if (!existsSync(cli)) throw new Error('the engine is not built')
  console.log(JSON.stringify(await measure()))
} finally {
  rmSync(folder, { recursive: true, force: true })
}
