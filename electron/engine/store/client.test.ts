import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, statfsSync, writeFileSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Banner } from '../../../shared/contract.ts'
import type { Caller } from '../../../shared/rpc/kinds.ts'
import { SOURCE, batchOf, positionAt } from '../../../test/fixtures/store/batches.ts'
import type { GivenEvent } from '../../../test/fixtures/store/batches.ts'
import { everything, removeDir, temporaryDir } from '../../../test/fixtures/store/opened.ts'
import { alertHandlers } from '../handlers/alerts.ts'
import { eventHandlers } from '../handlers/events.ts'
import { openStoreWith } from './client.ts'
import type { StoreOptions } from './client.ts'
import { partitionPath, dayOf, eventsDir } from './partition-files.ts'
import { cell } from './queries/hunt.ts'
import type { Store } from './types.ts'

const never = new AbortController().signal
const window = { from: null, to: null }
const caller: Caller = { id: 'me', name: 'mina', permissions: new Set() }
let dir: string
let store: Store
async function open(options: StoreOptions = {}): Promise<Store> {
  const opened = await openStoreWith(dir, { checkAfter: 1e8, ...options })
  if (!opened.ok) throw new Error(JSON.stringify(opened.error))
  return (store = opened.value)
}
beforeEach(async () => {
  dir = temporaryDir()
  await open()
})
afterEach(async () => {
  await store.close()
  removeDir(dir)
})
const NOW = Date.now() * 1000
const some = (count: number, from = 0, more: Partial<GivenEvent> = {}): GivenEvent[] =>
  Array.from({ length: count }, (_, i) => ({
    time: NOW + (from + i) * 1000,
    fields: { n: from + i, name: `host-${(from + i) % 7}` },
    ...more,
  }))
const until = async (fits: () => boolean | Promise<boolean>): Promise<void> => {
  while (!(await fits())) await new Promise((resolve) => setTimeout(resolve, 10))
}

describe('the store behind its threads', () => {
  it('commits, tells, searches and keeps its numbers current', async () => {
    const committed: number[] = []
    const changed: string[] = []
    store.onCommitted(({ rows }) => committed.push(rows))
    store.onAlertsChanged(({ ids }) => changed.push(...ids))
    const batch = batchOf(some(100, 0, { hit: 'a' }), { positions: [positionAt(10)] })
    expect(await store.commit(batch)).toMatchObject({ ok: true, value: { rows: 100 } })
    expect(await store.raisedBy(SOURCE)).toBe(1)
    // The batch is still whole: a commit that failed can be tried again with it.
    expect(batch.block!.columns.every(({ data }) => data.length > 0)).toBe(true)
    expect([committed, changed]).toEqual([[100], ['1']])
    expect(store.numbers).toMatchObject({ events: 100, openAlerts: 1 })
    const page = await store.events.search({ ...everything, where: 'name:host-3', limit: 5 }, never)
    expect(page.ok && page.value.events.map(({ fields }) => fields['n'])).toEqual([3, 10, 17, 24, 31])
    expect(await store.positions(SOURCE)).toEqual([positionAt(10)])
    const taken = await store.alerts.take({ ids: ['1'] }, 'mina', never)
    expect(taken.ok && taken.value.alerts[0]!.owner).toBe('mina')
    expect(await store.overview({ hours: 24 }, never)).toMatchObject({
      ok: true,
      value: { totals: { events: 100, detections: 100 } },
    })
  })

  it('cancels a search, and answers short questions while long ones run', async () => {
    for (let i = 0; i < 60; i++) await store.commit(batchOf(some(2000, i * 2000)))
    const cancel = new AbortController()
    const long = Array.from({ length: 6 }, () => store.events.stats({ field: 'n', where: '', window, limit: 10 }, cancel.signal))
    const order: string[] = []
    void Promise.all(long).then(() => order.push('long'))
    const short = await store.alerts.counts({ filters: [] }, 'mina', never)
    order.push('short')
    expect(short.ok).toBe(true)
    expect(order).toEqual(['short'])
    cancel.abort()
    for (const result of await Promise.all(long)) expect(!result.ok && result.error.code).toBe('cancelled')
    expect(await store.events.search(everything, AbortSignal.abort())).toMatchObject({ ok: false, error: { code: 'cancelled' } })
  })

  it('sets a partition aside that turns out damaged while it is read, and goes on', async () => {
    await store.commit(batchOf(some(3000)))
    await store.close()
    const path = partitionPath(dir, dayOf(Date.now()))
    const bytes = readFileSync(path)
    for (let at = 3 * 8192; at < bytes.length; at += 4096) bytes.fill(0x5a, at + 100, at + 300)
    writeFileSync(path, bytes)
    await open()
    const told: (readonly Banner[])[] = []
    store.onBanners(() => told.push(store.banners))
    const page = await store.events.search({ ...everything, where: 'name:host-1' }, never)
    expect(page.ok && page.value.events).toEqual([])
    await until(() => told.length > 0)
    expect(told[0]!.map(({ key }) => key)).toEqual(['partition_damaged'])
    expect(await store.commit(batchOf(some(2)))).toMatchObject({ ok: true })
    const after = await store.events.search(everything, never)
    expect(after.ok && after.value.events.length).toBe(2)
  })

  it('goes on when the partition it writes to is overwritten with junk', async () => {
    for (let i = 0; i < 5; i++) await store.commit(batchOf(some(3000, i * 3000, { hit: 'a' })))
    // What is still in the log would heal the file: let it be written back first.
    await store.close()
    await open()
    expect((await store.commit(batchOf(some(3, 20_000)))).ok).toBe(true)
    const path = partitionPath(dir, dayOf(Date.now()))
    writeFileSync(path, randomBytes(readFileSync(path).length))
    await store.events.search({ ...everything, where: 'name:host-1' }, never)
    for (let i = 0; i < 5; i++) expect(await store.commit(batchOf(some(2, i * 2, { hit: 'a' })))).toMatchObject({ ok: true })
    // Whoever meets the damage first, the writer or a reader: it is set aside and named, once.
    await until(async () => {
      await store.events.search({ ...everything, where: 'name:host-1' }, never)
      return store.banners.length > 0
    })
    expect(store.banners.map(({ key }) => key)).toEqual(['partition_damaged'])
    expect(await store.commit(batchOf(some(2, 100, { hit: 'a' })))).toMatchObject({ ok: true })
    const page = await store.events.search(everything, never)
    expect(page.ok && page.value.events.length).toBeGreaterThanOrEqual(2)
    expect(readdirSync(eventsDir(dir)).filter((name) => name.includes('.damaged-') && !name.endsWith('-wal')).length).toBe(1)
    await store.close()
    await open()
    expect(store.banners).toEqual([])
    expect((await store.commit(batchOf(some(1)))).ok).toBe(true)
  })

  it('checks partitions in the background after start', async () => {
    await store.commit(batchOf(some(3000)))
    await store.close()
    const path = partitionPath(dir, dayOf(Date.now()))
    const bytes = readFileSync(path)
    bytes.fill(0x5a, bytes.length - 9000, bytes.length - 8900)
    writeFileSync(path, bytes)
    await open({ checkAfter: 1 })
    await until(() => store.banners.length > 0)
    expect(store.banners.map(({ key }) => key)).toEqual(['partition_damaged'])
    expect(readdirSync(eventsDir(dir)).some((name) => name.includes('.damaged-'))).toBe(true)
  })

  it('refuses a second instance, and can be opened again after it was closed', async () => {
    expect(await openStoreWith(dir, {})).toMatchObject({ ok: false, error: { code: 'data_in_use' } })
    await store.close()
    await open()
    expect((await store.commit(batchOf(some(1)))).ok).toBe(true)
  })

  it('leaves nothing of a batch behind when the disk is really full', async ({ skip }) => {
    // A small disk of its own; only root can mount one.
    const disk = join(dir, 'disk')
    mkdirSync(disk)
    if (process.platform !== 'linux' || spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=3m', 'tmpfs', disk]).status !== 0)
      return skip('a small disk can only be mounted as root')
    let small: Store | null = null
    try {
      expect(statfsSync(disk).blocks * statfsSync(disk).bsize).toBeLessThan(4 << 20)
      const opened = await openStoreWith(disk, { checkAfter: 1e8 })
      if (!opened.ok) throw new Error(opened.error.message)
      small = opened.value
      expect((await small.commit(batchOf(some(10), { positions: [positionAt(1)] }))).ok).toBe(true)
      const large = batchOf(
        some(3900, 10).map((event) => ({ ...event, raw: randomBytes(900) })),
        { positions: [positionAt(2)] },
      )
      expect(await small.commit(large)).toMatchObject({ ok: false, error: { code: 'disk_full' } })
      expect(small.banners.map(({ key }) => key)).toEqual(['disk_full'])
      expect(await small.positions(SOURCE)).toEqual([positionAt(1)])
      expect((await small.commit(batchOf(some(1), { positions: [positionAt(3)] }))).ok).toBe(true)
      expect(small.banners).toEqual([])
      const page = await small.events.search(everything, never)
      expect(page.ok && page.value.events.length).toBe(11)
      // More room: the same batch is stored.
      expect(spawnSync('mount', ['-o', 'remount,size=64m', disk]).status).toBe(0)
      expect(await small.commit(large)).toMatchObject({ ok: true, value: { rows: 3900 } })
    } finally {
      await small?.close()
      spawnSync('umount', ['-l', disk])
    }
  })
})

describe('hunting', () => {
  it('counts with progress', async () => {
    await store.commit(batchOf(some(500)))
    const progress: number[] = []
    const result = await store.hunt.count({ where: 'n<100', window }, ({ count }) => progress.push(count), never)
    expect(result).toEqual({ ok: true, value: { count: 100 } })
    expect(progress.at(-1)).toBe(100)
    expect(await store.hunt.count({ where: 'n:(', window }, () => undefined, never)).toMatchObject({
      ok: false,
      error: { code: 'query_syntax' },
    })
  })

  it('exports what fits, makes formulas inert, and leaves nothing when it is cancelled', async () => {
    await store.commit(
      batchOf([
        { time: NOW, type: 'http', fields: { 'http.url': '=HYPERLINK("http://evil")', n: -5, list: ['a', 'b"c'] } },
        { time: NOW + 1, fields: { 'http.url': '<script>alert(1)</script>\nx', esc: '\u001b[31m', n: 1 } },
        { time: NOW + 2, fields: { other: 'x' } },
      ]),
    )
    const csv = join(dir, 'out.csv')
    const result = await store.hunt.export(
      { where: 'n:*', window, format: 'csv', fields: ['http.url', 'n', 'list'], path: csv },
      () => undefined,
      never,
    )
    expect(result).toMatchObject({ ok: true, value: { path: csv, written: 2 } })
    const lines = readFileSync(csv, 'utf8').split('\r\n')
    expect(lines[0]).toBe('id,time,timeNote,received,type,format,source,http.url,n,list')
    expect(lines[1]).toMatch(/,http,jsonl,source-1,"'=HYPERLINK\(""http:\/\/evil""\)",-5,"a; b""c"$/)
    expect(lines[2]).toMatch(/,"<script>alert\(1\)<\/script>\nx",1,$/)
    const json = await store.hunt.export({ where: '', window, format: 'jsonl', fields: [], path: null }, () => undefined, never)
    if (!json.ok) throw new Error('export')
    const rows = readFileSync(json.value.path, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { fields: Record<string, unknown> })
    expect(rows.map(({ fields }) => Object.keys(fields).sort().join())).toEqual(['http.url,list,n', 'esc,http.url,n', 'other'])
    for (let i = 0; i < 30; i++) await store.commit(batchOf(some(3000, i * 3000)))
    const cancel = new AbortController()
    const cut = join(dir, 'cut.csv')
    const under = store.hunt.export(
      { where: '', window, format: 'csv', fields: [], path: cut },
      () => cancel.abort(),
      cancel.signal,
    )
    expect(await under).toMatchObject({ ok: false, error: { code: 'cancelled' } })
    expect(readdirSync(dir).filter((name) => name.startsWith('cut.csv'))).toEqual([])
    expect(
      await store.hunt.export({ where: '', window, format: 'csv', fields: [], path: 'relative.csv' }, () => undefined, never),
    ).toMatchObject({ ok: false, error: { code: 'invalid_input' } })
    expect(
      await store.hunt.export(
        { where: '', window, format: 'csv', fields: [], path: join(dir, 'no', 'x.csv') },
        () => undefined,
        never,
      ),
    ).toMatchObject({ ok: false, error: { code: 'invalid_input' } })
    expect(existsSync(join(dir, 'no'))).toBe(false)
  })

  it('writes cells that no spreadsheet runs', () => {
    expect(['=1', '+1', '-1', '@x', '\tx', '\r', '＝1', 'a,b', ' x', 'plain'].map(cell)).toEqual([
      "'=1",
      "'+1",
      "'-1",
      "'@x",
      "'\tx",
      '"\'\r"',
      "'＝1",
      '"a,b"',
      '" x"',
      'plain',
    ])
    expect([cell(-5), cell(true), cell(['=a', 'b'])]).toEqual(['-5', 'true', "'=a; b"])
  })
})

describe('watching', () => {
  it('tells changed alerts once, and no more than the client takes', async () => {
    const cancel = new AbortController()
    const deltas: { changed: number; removed: number; total: number }[] = []
    let held: (() => void) | null = null
    const watching = alertHandlers(store)['alerts.watch'](
      { where: '', states: ['open'], window },
      async (delta) => {
        deltas.push({ changed: delta.changed.length, removed: delta.removed.length, total: delta.total })
        if (deltas.length === 2) await new Promise<void>((resolve) => (held = resolve))
      },
      { caller, signal: cancel.signal },
    )
    await until(() => deltas.length === 1)
    expect(deltas[0]).toMatchObject({ changed: 0, total: 0 })
    await store.commit(batchOf(some(1, 0, { hit: 'a' })))
    await until(() => held !== null)
    // The client has no room: changes gather, an alert is told once however often it changed.
    for (let i = 0; i < 20; i++) await store.commit(batchOf(some(1, i, { hit: `k${i % 3}` })))
    await store.alerts.decide(
      { ids: ['1'], verdict: 'false_positive', why: 'benign_content', reason: '', restsOn: null, join: null },
      'mina',
      never,
    )
    expect(deltas.length).toBe(2)
    held!()
    await until(() => deltas.length === 3)
    expect(deltas[2]).toMatchObject({ changed: 3, removed: 1, total: 3 })
    for (let i = 0; i < 30; i++) await store.commit(batchOf(some(1, i, { hit: 'a2' })))
    await until(() => deltas.at(-1)!.total === 4)
    cancel.abort()
    expect(await watching).toEqual({ ok: true, value: undefined })
  })

  it('tells new events that fit, and counts what it leaves out', async () => {
    const cancel = new AbortController()
    const deltas: { events: string[]; missed: number }[] = []
    let held: (() => void) | null = null
    const watching = eventHandlers(store)['events.watch'](
      { where: 'n<1000', fields: [], limit: 10 },
      async (delta) => {
        deltas.push({ events: delta.events.map(({ id }) => id), missed: delta.missed })
        if (deltas.length === 1) await new Promise<void>((resolve) => (held = resolve))
      },
      { caller, signal: cancel.signal },
    )
    await store.commit(batchOf(some(3)))
    await until(() => held !== null)
    expect(deltas[0]).toMatchObject({ missed: 0 })
    expect(deltas[0]!.events.length).toBe(3)
    for (let i = 0; i < 20; i++) await store.commit(batchOf(some(5, 10 + i * 5)))
    await store.commit(batchOf(some(5, 5000)))
    held!()
    await until(() => deltas.length === 2)
    expect(deltas[1]!.events.length).toBe(10)
    expect(deltas[1]!.missed).toBe(90)
    cancel.abort()
    expect(await watching).toEqual({ ok: true, value: undefined })
    const wrong = await eventHandlers(store)['events.watch']({ where: 'a:(', fields: [], limit: 10 }, async () => undefined, {
      caller,
      signal: never,
    })
    expect(wrong).toMatchObject({ ok: false, error: { code: 'query_syntax' } })
  })
})
