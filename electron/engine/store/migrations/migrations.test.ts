import Database from 'better-sqlite3'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { batchOf, positionAt } from '../../../../test/fixtures/store/batches.ts'
import type { GivenEvent } from '../../../../test/fixtures/store/batches.ts'
import { everything, opened, removeDir, temporaryDir } from '../../../../test/fixtures/store/opened.ts'
import { openForReading, openForWriting } from '../database.ts'
import { dayOf, deskPath, eventsDir, partitionPath } from '../partition-files.ts'
import { migrate, schemaState } from './migrate.ts'
import { DESK_STEPS, PARTITION_STEPS } from './registry.ts'

const NOW = Date.UTC(2026, 10, 20, 12)
const DAY = dayOf(NOW)
/** What the stored old databases hold. */
const given: readonly GivenEvent[] = Array.from({ length: 40 }, (_, i) => ({
  time: NOW * 1000 + i * 90_000_000,
  type: i % 3 === 0 ? 'dns' : 'http',
  fields: { 'src.ip': `10.0.0.${i % 5}`, n: i, list: ['a', `b${i % 4}`], 'http.url': `/page/${i}` },
  raw: `{"n":${i},"text":"Zeile ${i} äöü"}`,
  ...(i % 10 === 0 ? { hit: `rule-${i % 20}` } : {}),
}))

const stored = join(import.meta.dirname, '..', '..', '..', '..', 'test', 'fixtures', 'store')
let dir: string
beforeEach(() => {
  dir = temporaryDir()
  mkdirSync(eventsDir(dir), { recursive: true })
})
afterEach(() => removeDir(dir))

/** Makes `desk-0010.db.gz` and `partition-0010.db.gz` anew; they are made once, by the version that had these schemas. */
it.runIf(process.env['MAKE_OLD_DATABASES'] === '1')('writes the old databases', () => {
  const store = opened(dir, { now: () => NOW })
  store.writer.commit(batchOf(given, { positions: [positionAt(400)], rejects: 1 }))
  store.writer.act('decide', { ids: ['1'], verdict: 'tp_impact', reason: 'seen', join: { title: 'Seen' } }, 'mina')
  store.close()
  for (const [path, name, tables] of [
    [deskPath(dir), 'desk', ['alert_total', 'checked']],
    [partitionPath(dir, DAY), 'partition', ['event_quarter', 'detection_quarter']],
  ] as const) {
    const db = new Database(path)
    for (const table of tables) db.exec(`DROP TABLE ${table}`)
    db.pragma('user_version = 10')
    db.pragma('journal_mode = DELETE')
    db.exec('VACUUM')
    db.close()
    writeFileSync(join(stored, `${name}-0010.db.gz`), gzipSync(readFileSync(path), { level: 9 }))
  }
})

function place(number: string): void {
  writeFileSync(deskPath(dir), gunzipSync(readFileSync(join(stored, `desk-${number}.db.gz`))))
  writeFileSync(partitionPath(dir, DAY), gunzipSync(readFileSync(join(stored, `partition-${number}.db.gz`))))
}

describe('migrations', () => {
  it('are numbered by tens, in order, each number once', () => {
    for (const steps of [DESK_STEPS, PARTITION_STEPS]) {
      const numbers = steps.map(({ number }) => number)
      expect(numbers.every((number) => number > 0 && number % 10 === 0)).toBe(true)
      // A number may be left out; none is there twice.
      expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b))
      expect(steps.every(({ doc }) => doc.length > 20)).toBe(true)
    }
  })

  it('from every stored old version keep everything and fill what is new', async () => {
    place('0010')
    for (const [path, kind] of [
      [deskPath(dir), 'desk'],
      [partitionPath(dir, DAY), 'partition'],
    ] as const) {
      const db = openForReading(path)
      expect(schemaState(db, kind)).toBe('older')
      db.close()
    }
    const store = opened(dir, { now: () => NOW })
    try {
      expect(store.banners).toEqual([])
      const page = await store.ask('events.search', everything)
      if (!page.ok) throw new Error('search')
      expect(page.value.events.map(({ type, fields }) => [type, fields])).toEqual(
        given.map(({ type, fields }) => [type, { ...fields }]),
      )
      for (const [i, { id }] of page.value.events.entries()) {
        const event = await store.ask('events.get', { id })
        expect(event.ok && event.value.raw).toBe(given[i]!.raw)
      }
      expect((await store.alerts()).map(({ detection, count, state }) => [detection, count, state]).sort()).toEqual([
        ['rule-0', 2, 'decided'],
        ['rule-10', 2, 'open'],
      ])
      expect(store.writer.partitions.positions('source-1')).toEqual([positionAt(400)])
      // Step 20 of the desk: alerts per detection.
      expect(Object.entries(store.writer.ruleCounts()).map(([detection, { alerts }]) => [detection, alerts])).toEqual([
        ['rule-0', 1],
        ['rule-10', 1],
      ])
      // Step 20 of partitions: counts per quarter of an hour are those per minute.
      const db = new Database(partitionPath(dir, DAY), { readonly: true })
      const quarters = db.prepare('SELECT quarter, source, type, count FROM event_quarter ORDER BY 1, 2, 3').all()
      const detections = db.prepare('SELECT sum(count) FROM detection_quarter').pluck().get()
      db.close()
      const expected = new Map<string, number>()
      for (const { time, type } of given)
        expected.set(
          `${Math.floor(time / 900_000_000)} ${type}`,
          (expected.get(`${Math.floor(time / 900_000_000)} ${type}`) ?? 0) + 1,
        )
      expect(quarters).toEqual(
        [...expected]
          .sort()
          .map(([key, count]) => ({ quarter: Number(key.split(' ')[0]), source: 'source-1', type: key.split(' ')[1], count })),
      )
      expect(detections).toBe(4)
      // And it goes on.
      expect(store.writer.commit(batchOf(given)).ok).toBe(true)
      expect(store.writer.numbers.events).toBe(80)
    } finally {
      store.close()
    }
  })

  it('are done as far as they came when one fails, and again the next time', () => {
    const path = join(dir, 'x.db')
    const db = openForWriting(path, 'desk')
    migrate(db, 'desk', 10)
    expect(schemaState(db, 'desk')).toBe('older')
    // Something stands in the way of step 20.
    db.exec('CREATE TABLE alert_total (x)')
    expect(() => migrate(db, 'desk')).toThrow()
    expect(db.pragma('user_version', { simple: true })).toBe(10)
    expect(db.prepare("SELECT count(*) FROM sqlite_master WHERE name = 'checked'").pluck().get()).toBe(0)
    db.exec('DROP TABLE alert_total')
    migrate(db, 'desk')
    expect(schemaState(db, 'desk')).toBe('current')
    migrate(db, 'desk')
    db.close()
  })
})
