/** The store: encoding, committing, the first rows of many filters, overview and opening over millions of events. Prints one JSON object. `STORE_EVENTS` changes how many. */
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { FieldRegistry } from '../../electron/engine/event/field-registry.ts'
import { EventRow } from '../../electron/engine/event/row.ts'
import { BlockBuilder } from '../../electron/engine/store/block-builder.ts'
import { openStoreWith } from '../../electron/engine/store/client.ts'
import type { Store } from '../../electron/engine/store/types.ts'
import { batchFrom, fill } from './fill-store.ts'
import { SensorEvents } from './store-events.ts'

const EVENTS = Number(process.env['STORE_EVENTS'] ?? 5_000_000)
const ROUNDS = 3
const FILTERS: readonly (readonly [what: string, where: string])[] = [
  ['everything', '*'],
  ['common type', 'type:dns'],
  ['common value', 'dst.port:443'],
  ['common, negated', 'not type:flow'],
  ['common and common', 'type:http and http.method:POST'],
  ['group of fields', 'port:8080'],
  ['status range', 'http.status:[500 to 599]'],
  ['usual address', 'src.ip:10.0.0.0'],
  ['rare address', 'dst.ip:24.52.20.228'],
  ['rare address, either end', 'ip:24.52.20.228'],
  ['absent address', 'src.ip:203.0.113.77'],
  ['absent address, either end', 'ip:203.0.113.77'],
  ['absent flow', 'flow.id:1234567890123456'],
  ['rare name', 'dns.query:beacon.evil-domain.test'],
  ['absent name', 'dns.query:nothing.here.test'],
  ['absent value of an absent field', 'process.command:whoami'],
  ['absent and common', 'type:dns and src.ip:203.0.113.77'],
  ['rare number range', 'dst.bytes>=1500000000'],
  ['absent number range', 'dst.bytes>=3000000000'],
  ['numbers inside', 'file.size:[8500000 to 9000000]'],
  ['rare signature', 'sig.id:2000597'],
  ['network, usual', 'src.ip:10.0.0.0/16'],
  ['network, small', 'dst.ip:24.52.20.0/24'],
  ['network, absent', 'src.ip:192.168.0.0/16'],
  ['wildcard, usual', 'http.url:/api/*'],
  ['wildcard, rare', 'http.url:*etc/passwd*'],
  ['wildcard, absent', 'http.url:*wp-admin*'],
  ['wildcard at the end', 'dns.query:*.example.org'],
  ['free text, usual', 'chrome'],
  ['free text, rare', 'sqlmap'],
  ['free text, rare phrase', '"powershell -enc"'],
  ['free text, absent', 'mimikatz'],
  ['free text, an absent address', '203.0.113.77'],
  ['free text, absent and common', 'mimikatz type:http'],
  ['negated rare', 'type:alert and not sig.priority:[1 to 2]'],
  ['exists', 'payload_printable:*'],
  ['recent', 'time>now-1h type:alert'],
]
const GRID = ['src.ip', 'src.port', 'dst.ip', 'dst.port', 'net.transport', 'http.host', 'sig.name', 'message']

const signal = new AbortController().signal
const since = (began: number): number => performance.now() - began
const round = (n: number, digits = 2): number => Number(n.toFixed(digits))
const quantile = (values: readonly number[], share: number): number => {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? 0
}
const folderBytes = (folder: string): number =>
  readdirSync(folder, { withFileTypes: true }).reduce(
    (sum, entry) => sum + (entry.isDirectory() ? folderBytes(join(folder, entry.name)) : statSync(join(folder, entry.name)).size),
    0,
  )

async function open(dir: string): Promise<Store> {
  const opened = await openStoreWith(dir, { checkAfter: 1e9 })
  if (!opened.ok) throw new Error(opened.error.message)
  return opened.value
}

/** Encoding alone, with the rows made beforehand. */
function measureEncoding(): Record<string, unknown> {
  const fields = new FieldRegistry()
  const events = new SensorEvents(fields, 1.7e15)
  const row = new EventRow()
  const kept = Array.from({ length: 65_536 }, () => {
    const raw = Buffer.from(events.next(row))
    return { time: row.time, type: row.type, fields: [...row.fields], values: row.fields.map((field) => row.values[field]!), raw }
  })
  const result: Record<string, unknown> = {
    fieldsPerEvent: round(kept.reduce((sum, k) => sum + k.fields.length, 0) / kept.length, 1),
    rawBytes: round(kept.reduce((sum, k) => sum + k.raw.length, 0) / kept.length, 0),
  }
  for (const fulltext of ['words', 'trigrams'] as const) {
    const builder = new BlockBuilder(fields, fulltext)
    const times: number[] = []
    for (let run = 0; run < 6; run++) {
      const began = performance.now()
      for (const k of kept) {
        row.clear()
        row.time = k.time
        row.received = k.time
        row.type = k.type
        row.format = 'eve'
        row.source = 'bench'
        for (let i = 0; i < k.fields.length; i++) row.set(k.fields[i]!, k.values[i]!)
        builder.add(row, k.raw)
        if (builder.full) builder.finish()
      }
      times.push((since(began) * 1000) / kept.length)
    }
    result[`microsPerEvent_${fulltext}`] = round(quantile(times, 0.5))
  }
  return result
}

async function main(): Promise<Record<string, unknown>> {
  const dir = mkdtempSync(join(tmpdir(), 'watchfloor-bench-'))
  try {
    const encode = measureEncoding()
    process.stderr.write(`encode ${JSON.stringify(encode)}\n`)
    let store = await open(dir)

    // Commit alone: the same batch again and again, one after the other.
    const fields = new FieldRegistry()
    const builder = new BlockBuilder(fields)
    const row = new EventRow()
    const made = new SensorEvents(fields, Date.UTC(2020, 0) * 1000)
    while (!builder.full) {
      const raw = Buffer.from(made.next(row))
      builder.add(row, raw)
    }
    const batch = batchFrom(builder, new Map([['26000000 dns', 1]]), 1)
    const began = performance.now()
    const commits = 40
    for (let i = 0; i < commits; i++) await store.commit(batch)
    const commitRate = (commits * batch.block!.rows) / (since(began) / 1000)
    const before = store.numbers.events

    const filled = await fill(store, EVENTS)
    process.stderr.write(`filled in ${filled.seconds.toFixed(0)} s\n`)
    await store.close()
    const bytes = folderBytes(dir)

    const opening: number[] = []
    for (let i = 0; i < 3; i++) {
      const from = performance.now()
      store = await open(dir)
      const alerts = await store.alerts.search(
        { where: '', states: ['open'], window: { from: null, to: null }, order: 'urgency', limit: 200, after: null },
        'bench',
        signal,
      )
      if (!alerts.ok) throw new Error(alerts.error.message)
      opening.push(since(from))
      if (i < 2) await store.close()
    }

    const filters: Record<string, unknown> = {}
    const all: number[] = []
    const firsts: number[] = []
    for (let r = 0; r < ROUNDS; r++) {
      for (const [what, where] of FILTERS) {
        const from = performance.now()
        const page = await store.events.search(
          { where, window: { from: null, to: null }, order: 'newest', fields: GRID, limit: 200, after: null },
          signal,
        )
        const took = since(from)
        if (!page.ok) throw new Error(`${where}: ${page.error.message}`)
        all.push(took)
        if (r === 0) firsts.push(took)
        const known = (filters[what] ??= { where, rows: page.value.events.length, ms: [] as number[] }) as { ms: number[] }
        known.ms.push(round(took, 1))
      }
    }
    const allFields: number[] = []
    for (const [, where] of FILTERS) {
      const from = performance.now()
      await store.events.search(
        { where, window: { from: null, to: null }, order: 'newest', fields: [], limit: 200, after: null },
        signal,
      )
      allFields.push(since(from))
    }
    const overview: number[] = []
    for (let i = 0; i < 40; i++) {
      const from = performance.now()
      const numbers = await store.overview({ hours: [1, 4, 24, 168][i % 4]! }, signal)
      if (!numbers.ok) throw new Error(numbers.error.message)
      overview.push(since(from))
    }
    const timed = async (work: () => Promise<{ ok: boolean }>): Promise<number> => {
      const from = performance.now()
      if (!(await work()).ok) throw new Error('failed')
      return round(since(from), 1)
    }
    const window = { from: null, to: null }
    const others = {
      histogram_all: await timed(() => store.events.histogram({ where: '', window, slots: 120 }, signal)),
      histogram_type: await timed(() => store.events.histogram({ where: 'type:dns', window, slots: 120 }, signal)),
      stats_src_ip: await timed(() => store.events.stats({ field: 'src.ip', where: '', window, limit: 10 }, signal)),
      stats_flow_id: await timed(() => store.events.stats({ field: 'flow.id', where: 'type:alert', window, limit: 10 }, signal)),
      fields_all: await timed(() => store.events.fields({ where: '', window }, signal)),
      hunt_count: await timed(() => store.hunt.count({ where: 'dst.bytes>500000', window }, () => undefined, signal)),
      oldest: await timed(() =>
        store.events.search({ where: 'type:tls', window, order: 'oldest', fields: GRID, limit: 200, after: null }, signal),
      ),
    }
    const numbers = store.numbers.events
    const memory = process.memoryUsage().rss
    await store.close()
    return {
      events: numbers,
      encode,
      commit: {
        rowsPerSecond: Math.round(commitRate),
        fillSeconds: round(filled.seconds, 1),
        waitedForCommitsMs: Math.round(filled.committing),
      },
      megabytesPerMillion: round(bytes / 1e6 / ((EVENTS + before) / 1e6), 1),
      openMs: opening.map((ms) => round(ms, 0)),
      filters: {
        p50: round(quantile(all, 0.5), 1),
        p95: round(quantile(all, 0.95), 1),
        max: round(Math.max(...all), 1),
        firstTimeP95: round(quantile(firsts, 0.95), 1),
        allFieldsP50: round(quantile(allFields, 0.5), 1),
        allFieldsP95: round(quantile(allFields, 0.95), 1),
        each: filters,
      },
      overview: { p50: round(quantile(overview, 0.5), 1), p95: round(quantile(overview, 0.95), 1) },
      othersMs: others,
      memoryMB: Math.round(memory / 1e6),
    }
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}
console.log(JSON.stringify(await main(), null, process.stdout.isTTY ? 2 : 0))
