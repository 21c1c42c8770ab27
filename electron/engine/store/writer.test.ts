import Database from 'better-sqlite3'
import { spawnSync } from 'node:child_process'
import {
  copyFileSync,
  existsSync,
  readFileSync,
  readdirSync,
  writeFileSync,
  openSync,
  writeSync,
  closeSync,
  statSync,
  mkdirSync,
  truncateSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { say } from '../../../shared/model/sentence.ts'
import { SOURCE, batchOf, positionAt } from '../../../test/fixtures/store/batches.ts'
import type { GivenEvent } from '../../../test/fixtures/store/batches.ts'
import { everything, openTogether, opened, removeDir, temporaryDir } from '../../../test/fixtures/store/opened.ts'
import type { Opened } from '../../../test/fixtures/store/opened.ts'
import { BLOCK_ROWS } from './limits.ts'
import { checkPartition } from './partition-check.ts'
import { DESK_STEPS } from './migrations/registry.ts'
import { dayName, dayOf, deskPath, eventsDir, partitionPath } from './partition-files.ts'
import { GRACE_MS } from './partition-upkeep.ts'

const NOW = Date.UTC(2026, 10, 20, 12)
const TODAY = dayOf(NOW)
const at = (seconds: number): number => NOW * 1000 + seconds * 1_000_000
let dir: string
let clock = NOW
let store: Opened
const open = (): Opened => (store = opened(dir, { now: () => clock }))
beforeEach(() => {
  dir = temporaryDir()
  clock = NOW
  open()
})
afterEach(() => {
  store.close()
  removeDir(dir)
})
const some = (count: number, from = 0, more: Partial<GivenEvent> = {}): GivenEvent[] =>
  Array.from({ length: count }, (_, i) => ({
    time: at(from + i),
    raw: `{"n":${from + i}}`,
    fields: { n: from + i, name: `host-${(from + i) % 7}` },
    ...more,
  }))
async function raws(): Promise<string[]> {
  const page = await store.ask('events.search', everything)
  if (!page.ok) throw new Error(JSON.stringify(page.error))
  const out: string[] = []
  for (const { id } of page.value.events) {
    const event = await store.ask('events.get', { id })
    if (event.ok) out.push(event.value.raw)
  }
  return out
}

describe('a commit', () => {
  it('stores events, raw records, places, positions, rejects and totals together', async () => {
    const raw = Uint8Array.from([0, 255, 13, 10, 34, 200])
    const result = store.writer.commit(
      batchOf([{ time: at(0), raw, fields: { a: 'x' }, type: 'dns' }, ...some(3, 1)], {
        positions: [positionAt(100)],
        rejects: 2,
      }),
    )
    expect(result.ok && result.value).toEqual({ day: dayName(TODAY), firstId: TODAY * 2 ** 36, rows: 4, times: [at(0), at(3)] })
    const page = await store.ask('events.search', { ...everything, order: 'newest' })
    if (!page.ok) throw new Error('search')
    expect(page.value.events.map(({ fields }) => fields['n'])).toEqual([3, 2, 1, undefined])
    const event = await store.ask('events.get', { id: String(TODAY * 2 ** 36) })
    if (!event.ok) throw new Error('get')
    expect(Buffer.from(event.value.rawBase64, 'base64')).toEqual(Buffer.from(raw))
    expect(event.value.place).toEqual({ source: SOURCE, origin: '/var/log/test.log', record: 1, offset: 0 })
    expect(event.value.type).toBe('dns')
    expect(store.writer.partitions.positions(SOURCE)).toEqual([positionAt(100)])
    expect(store.writer.partitions.totals.shown()[SOURCE]).toMatchObject({ records: 6, events: 4, rejected: 2 })
    const rejected = await store.ask('rejected', { source: SOURCE, limit: 1, after: null })
    const second = await store.ask('rejected', { source: null, limit: 10, after: rejected.ok ? rejected.value.after : null })
    expect([rejected, second].map((one) => one.ok && one.value.records.map((r) => [r.record, r.reason, r.raw]))).toEqual([
      [[2, say('not_json'), 'junk\ufffd']],
      [[1, say('not_json'), 'junk\ufffd']],
    ])
    expect(store.writer.numbers).toMatchObject({ events: 4, openAlerts: 0 })
  })

  it('is all there after the store is opened again', async () => {
    store.writer.commit(batchOf(some(5, 0, { hit: 'a' }), { positions: [positionAt(50)] }))
    store.close()
    open()
    expect(await raws()).toEqual(some(5).map(({ raw }) => raw))
    expect(store.writer.numbers.events).toBe(5)
    expect(store.writer.numbers.openAlerts).toBe(1)
    expect(store.writer.partitions.positions(SOURCE)).toEqual([positionAt(50)])
    expect(store.writer.partitions.totals.shown()[SOURCE]).toMatchObject({ events: 5, records: 5 })
  })

  it('continues where it was when a new day begins, and an older clock does not go back', async () => {
    store.writer.commit(batchOf(some(2), { positions: [positionAt(20), positionAt(7, { file: 'done:5', complete: true })] }))
    clock += 86_400_000
    expect(store.writer.commit(batchOf(some(2, 2)))).toMatchObject({
      ok: true,
      value: { day: dayName(TODAY + 1), firstId: (TODAY + 1) * 2 ** 36 },
    })
    // Positions of files that may grow are in the newest partition; those of complete ones are found in theirs.
    expect(store.writer.partitions.positions(SOURCE).map(({ file, offset }) => [file, offset])).toEqual([
      ['8:15', 20],
      ['done:5', 7],
    ])
    expect(store.writer.partitions.importedContent(['done'])).toMatchObject([{ complete: true }])
    expect(store.writer.partitions.importedContent(['other', 'do'])).toEqual([])
    clock -= 3_600_000 * 13
    expect(store.writer.commit(batchOf(some(1, 4)))).toMatchObject({ ok: true, value: { day: dayName(TODAY + 1) } })
    expect(await raws()).toEqual(some(5).map(({ raw }) => raw))
    expect(store.days).toEqual([TODAY, TODAY + 1])
  })

  it('leaves nothing behind when the disk is full, and stores the same batch when there is room', async () => {
    store.writer.commit(batchOf(some(2), { positions: [positionAt(20)] }))
    const db = store.writer.current!.db
    db.pragma('wal_checkpoint(TRUNCATE)')
    db.pragma(`max_page_count = ${Number(db.pragma('page_count', { simple: true })) + 2}`)
    const large = batchOf(
      some(3000, 2, { raw: Buffer.from(Array.from({ length: 400 }, () => Math.floor(Math.random() * 256))), hit: 'a' }),
      { positions: [positionAt(5000)] },
    )
    expect(store.writer.commit(large)).toMatchObject({ ok: false, error: { code: 'disk_full' } })
    expect(store.banners.map(({ key }) => key)).toEqual(['disk_full'])
    expect(store.writer.partitions.positions(SOURCE)).toEqual([positionAt(20)])
    expect(await store.alerts()).toEqual([])
    expect((await raws()).length).toBe(2)
    db.pragma('max_page_count = 1000000')
    expect(store.writer.commit(large)).toMatchObject({ ok: true, value: { rows: 3000 } })
    expect(store.banners).toEqual([])
    expect(store.writer.hits.gathers).toBe(true)
    expect(store.writer.hits.raisedBy(SOURCE)).toBe(1)
    const stats = await store.ask('events.stats', { field: 'n', where: '', window: { from: null, to: null }, limit: 1 })
    expect(stats.ok && [stats.value.total, stats.value.distinct]).toEqual([3002, 3002])
    expect(store.writer.partitions.positions(SOURCE)).toEqual([positionAt(5000)])
  })

  it('is stored when only the desk has no room, and its alerts follow later', async () => {
    store.writer.commit(batchOf(some(1, 0, { hit: 'first' })))
    store.writer.desk.pragma('wal_checkpoint(TRUNCATE)')
    store.writer.desk.pragma(`max_page_count = ${String(store.writer.desk.pragma('page_count', { simple: true }))}`)
    for (let i = 0; i < 30; i++)
      expect(store.writer.commit(batchOf([{ time: at(i), hit: `key-${i}-${'x'.repeat(500)}` }]))).toMatchObject({ ok: true })
    expect(store.banners.map(({ key }) => key)).toEqual(['disk_full'])
    expect((await store.alerts()).length).toBeLessThan(31)
    store.writer.desk.pragma('max_page_count = 1000000')
    store.writer.tick(1)
    expect((await store.alerts()).length).toBe(31)
    expect(store.banners).toEqual([])
  })
})

describe('a crash', () => {
  /** The data folder as it is at this moment, as a killed process would leave it. */
  function leave(name: string): string {
    const to = join(dir, name)
    mkdirSync(eventsDir(to), { recursive: true })
    for (const file of readdirSync(dir)) if (file.startsWith('desk.db')) copyFileSync(join(dir, file), join(to, file))
    for (const file of readdirSync(eventsDir(dir))) copyFileSync(join(eventsDir(dir), file), join(eventsDir(to), file))
    return to
  }

  it('between events and alerts makes each alert once', async () => {
    store.writer.commit(batchOf(some(3, 0, { hit: 'a' })))
    const before = leave('before')
    store.writer.commit(batchOf([...some(2, 10, { hit: 'a' }), ...some(1, 20, { hit: 'b' })]))
    const after = leave('after')
    // The partition of after with the desk of before: committed, and not applied.
    for (const file of readdirSync(before)) if (file.startsWith('desk.db')) copyFileSync(join(before, file), join(after, file))
    for (let round = 0; round < 2; round++) {
      store.close()
      store = opened(after, { now: () => clock })
      expect((await store.alerts()).map((a) => [a.detection, a.count]).sort()).toEqual([
        ['a', 5],
        ['b', 1],
      ])
      const a = (await store.alerts()).find(({ detection }) => detection === 'a')!
      const page = await store.ask('alerts.events', { id: a.id, limit: 100, after: null })
      expect(page.ok && page.value.events.length).toBe(5)
    }
    // And it goes on from there.
    store.writer.commit(batchOf(some(1, 30, { hit: 'a' })))
    expect((await store.alerts()).map((a) => a.count).sort()).toEqual([1, 6])
  })

  it('of the desk itself: it comes back from its copy, or from the hits that are stored', async () => {
    store.writer.commit(batchOf(some(2, 0, { hit: 'a' })))
    await store.writer.backupDesk()
    store.writer.act('decide', { ids: ['1'], verdict: 'false_positive', reason: '' }, 'mina')
    store.writer.commit(batchOf(some(1, 5, { hit: 'b' })))
    store.close()
    writeFileSync(deskPath(dir), Buffer.alloc(20_000, 7))
    open()
    expect(store.banners.map(({ key, values }) => [key, values['from']])).toEqual([['desk_recovered', 'backup']])
    expect((await store.alerts()).map((a) => [a.detection, a.count, a.state])).toEqual([
      ['a', 2, 'open'],
      ['b', 1, 'open'],
    ])
    store.close()
    writeFileSync(deskPath(dir), Buffer.alloc(20_000, 7))
    writeFileSync(join(dir, 'desk.backup.db'), 'junk')
    open()
    expect(store.banners.map(({ key, values }) => [key, values['from']])).toEqual([['desk_recovered', 'nothing']])
    expect((await store.alerts()).map((a) => [a.detection, a.count]).sort()).toEqual([
      ['a', 2],
      ['b', 1],
    ])
  })
})

describe('a damaged partition', () => {
  const overwrite = (path: string, from: number, length: number): void => {
    const file = openSync(path, 'r+')
    writeSync(file, Buffer.alloc(length, 0x5a), 0, length, from)
    closeSync(file)
  }
  async function twoDays(): Promise<string> {
    store.writer.commit(batchOf(some(2000, 0, { hit: 'old' }), { positions: [positionAt(10)] }))
    clock += 86_400_000
    store.writer.commit(batchOf(some(10, 5000)))
    store.close()
    return partitionPath(dir, TODAY)
  }

  it('is set aside at start and named, and the rest works', async () => {
    const path = await twoDays()
    overwrite(path, 0, 4096)
    open()
    expect(store.banners).toMatchObject([{ key: 'partition_damaged', values: { partition: dayName(TODAY) } }])
    expect(existsSync(path)).toBe(false)
    expect(readdirSync(eventsDir(dir)).some((name) => name === store.banners[0]!.values['file'])).toBe(true)
    expect((await raws()).length).toBe(10)
    expect(store.writer.numbers.events).toBe(10)
    // Its alerts stay; their events are gone.
    const [alert] = await store.alerts()
    const page = await store.ask('alerts.events', { id: alert!.id, limit: 10, after: null })
    expect(page.ok && page.value.events).toEqual([])
    expect((await store.ask('alerts.get', { id: alert!.id })).ok).toBe(true)
  })

  it('is found when it was cut off', async () => {
    const path = await twoDays()
    truncateSync(path, Math.floor(statSync(path).size / 8192 / 2) * 8192)
    open()
    expect(store.banners.map(({ key }) => key)).toEqual(['partition_damaged'])
  })

  it('is found while it is read, and the search goes on without it', async () => {
    const path = await twoDays()
    const size = statSync(path).size
    for (let at = 3 * 8192; at < size; at += 8192) overwrite(path, at + 200, 400)
    open()
    const before = store.banners.length
    const page = await store.ask('events.search', { ...everything, where: 'name:host-1' })
    expect(page.ok && page.value.events.length).toBeLessThan(10)
    expect(before).toBe(0)
    expect(store.banners.map(({ key }) => key)).toEqual(['partition_damaged'])
    expect(store.days).toEqual([TODAY + 1])
  })

  it('is found by the thorough check wherever a stored byte is wrong', async () => {
    const path = await twoDays()
    expect(checkPartition(path)).toBe(true)
    const bytes = readFileSync(path)
    // Inside the raw records, where only their own checksum knows.
    const db = new Database(path, { readonly: true })
    const piece = db.prepare('SELECT data FROM piece ORDER BY length(data) DESC LIMIT 1').pluck().get() as Buffer
    db.close()
    const where = bytes.indexOf(piece.subarray(100, 160))
    expect(where).toBeGreaterThan(0)
    overwrite(path, where + 5, 1)
    expect(checkPartition(path)).toBe(false)
    open()
  })

  it('of today gives way to a new one, whose ids are new', async () => {
    const first = store.writer.commit(batchOf(some(10, 0, { hit: 'a' })))
    store.writer.partitions.setAside(TODAY)
    const second = store.writer.commit(batchOf(some(3, 10, { hit: 'a' })))
    expect(second.ok && first.ok && second.value.firstId! > first.value.firstId! + 10).toBe(true)
    expect((await raws()).length).toBe(3)
    expect((await store.alerts()).map((a) => a.count)).toEqual([13])
    store.close()
    open()
    expect((await raws()).length).toBe(3)
    expect((await store.alerts()).map((a) => a.count)).toEqual([13])
  })
})

describe('a newer version', () => {
  const raise = (path: string): Buffer => {
    const db = new Database(path)
    db.pragma('user_version = 9990')
    db.close()
    return readFileSync(path)
  }

  it('of the desk is refused, and nothing is touched', () => {
    store.close()
    const bytes = raise(deskPath(dir))
    expect(openTogether(dir)).toMatchObject({ ok: false, error: { code: 'data_newer' } })
    expect(readFileSync(deskPath(dir)).equals(bytes)).toBe(true)
    const db = new Database(deskPath(dir))
    db.pragma(`user_version = ${DESK_STEPS.at(-1)!.number}`)
    db.close()
    open()
  })

  it('of a partition is left alone and named, and the rest works', async () => {
    store.writer.commit(batchOf(some(3)))
    clock += 86_400_000
    store.writer.commit(batchOf(some(2, 3)))
    store.close()
    const bytes = raise(partitionPath(dir, TODAY))
    open()
    expect(store.banners).toMatchObject([{ key: 'partition_newer', values: { partition: dayName(TODAY) } }])
    expect((await raws()).length).toBe(2)
    expect(readFileSync(partitionPath(dir, TODAY)).equals(bytes)).toBe(true)
  })
})

describe('a second instance', () => {
  it('is refused while the first runs, also in one process, and not after it has gone', () => {
    const refused = openTogether(dir)
    expect(refused).toMatchObject({ ok: false, error: { code: 'data_in_use' } })
    expect(!refused.ok && refused.error.message).toContain(String(process.pid))
    store.close()
    open()
  })

  it('is not refused when the first was killed', () => {
    store.close()
    // A process that takes the lock as the store does, and is killed while it holds it.
    const script = `
      const Database = require('better-sqlite3')
      const db = new Database(${JSON.stringify(join(dir, 'instance.lock'))})
      db.exec('BEGIN EXCLUSIVE')
      require('node:fs').writeFileSync(${JSON.stringify(join(dir, 'instance.txt'))}, String(process.pid))
      process.kill(process.pid, 'SIGKILL')`
    const killed = spawnSync(process.execPath, ['-e', script], { cwd: process.cwd() })
    expect(killed.signal).toBe('SIGKILL')
    expect(existsSync(join(dir, 'instance.txt'))).toBe(true)
    open()
    expect(store.writer.commit(batchOf(some(1))).ok).toBe(true)
  })
})

describe('upkeep', () => {
  it('merges small blocks without changing an event, and deletes what was merged when nobody needs it', async () => {
    let expected: string[] = []
    for (let i = 0; i < 50; i++) {
      store.writer.commit(batchOf(some(3 + (i % 4), expected.length)))
      expected = [...expected, ...some(3 + (i % 4), expected.length).map(({ raw }) => raw as string)]
    }
    const ids = async (): Promise<string[]> => {
      const page = await store.ask('events.search', everything)
      return page.ok ? page.value.events.map(({ id }) => id) : []
    }
    const before = await ids()
    const blocks = (): { live: number; all: number } =>
      store.writer
        .current!.db.prepare('SELECT count(*) FILTER (WHERE replaced_at IS NULL) AS live, count(*) AS "all" FROM block')
        .get() as { live: number; all: number }
    expect(blocks()).toEqual({ live: 50, all: 50 })
    while (store.writer.tick(5));
    expect(blocks().live).toBeLessThan(20)
    expect(blocks().all).toBeGreaterThan(50)
    // A reader that knew the old blocks finds the new ones, and one that opens now does too.
    expect(await ids()).toEqual(before)
    expect(await raws()).toEqual(expected)
    clock += GRACE_MS + 31_000
    while (store.writer.tick(5));
    expect(blocks().all).toBe(blocks().live)
    expect(await raws()).toEqual(expected)
    const pieces = store.writer.current!.db.prepare('SELECT count(*) FROM piece').pluck().get() as number
    expect(pieces).toBeLessThan(blocks().live * 5)
    store.close()
    expect(checkPartition(partitionPath(dir, TODAY))).toBe(true)
    open()
    expect(await ids()).toEqual(before)
  })

  it('merges all that is left of a day that is over', async () => {
    for (let i = 0; i < 9; i++) store.writer.commit(batchOf(some(200, i * 200)))
    clock += 86_400_000
    store.writer.commit(batchOf(some(1, 5000)))
    while (store.writer.tick(5));
    const db = new Database(partitionPath(dir, TODAY), { readonly: true })
    const live = db.prepare('SELECT rows FROM block WHERE replaced_at IS NULL').pluck().all()
    db.close()
    expect(live).toEqual([1800])
    expect(1800).toBeLessThan(BLOCK_ROWS)
    const stats = await store.ask('events.stats', { field: 'name', where: 'n<1000', window: { from: null, to: null }, limit: 3 })
    expect(stats.ok && [stats.value.total, stats.value.distinct, stats.value.top[0]]).toEqual([
      1000,
      7,
      { value: 'host-0', count: 143 },
    ])
  })
})

describe('settings', () => {
  it('keep sources, rules, views and values', () => {
    const { settings } = store.writer
    const source = {
      id: 's',
      created: '2026-01-01T00:00:00Z',
      settings: {
        name: 'EVE',
        input: { kind: 'file' as const, path: '/var/log/eve.json' },
        format: null,
        zone: 'UTC',
        paused: false,
      },
    }
    settings.saveSource(source)
    settings.saveSource({ ...source, settings: { ...source.settings, paused: true } })
    expect(settings.sources()).toEqual([{ ...source, settings: { ...source.settings, paused: true } }])
    settings.enableRules(['r1', 'r2'], false)
    settings.enableRules(['r1'], true)
    settings.setFolders(['/b', '/a'])
    expect(settings.rules()).toEqual({ disabled: ['r2'], enabled: ['r1'], folders: ['/b', '/a'] })
    settings.saveView({ id: 'v', page: 'alerts', name: 'Mine', value: { where: 'owner:me' } }, 1)
    expect(settings.views('alerts').views).toEqual([{ id: 'v', page: 'alerts', name: 'Mine', value: { where: 'owner:me' } }])
    expect(settings.views('events').views).toEqual([])
    expect(settings.removeView('v').ok && settings.removeView('v').ok).toBe(false)
    settings.setSetting('theme', 'dark')
    settings.setSetting('__proto__', { a: [1, null] })
    expect([settings.setting('theme'), settings.setting('__proto__'), settings.setting('nothing')]).toEqual([
      'dark',
      { a: [1, null] },
      null,
    ])
    settings.removeSource('s')
    expect(settings.sources()).toEqual([])
  })
})
