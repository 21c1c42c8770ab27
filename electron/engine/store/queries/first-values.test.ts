import { afterAll, beforeAll, expect, it } from 'vitest'
import { batchOf } from '../../../../test/fixtures/store/batches.ts'
import { opened, removeDir, temporaryDir } from '../../../../test/fixtures/store/opened.ts'
import type { Opened } from '../../../../test/fixtures/store/opened.ts'

const NOW = Date.UTC(2026, 10, 20, 12)
const at = (seconds: number): number => NOW * 1000 + seconds * 1_000_000
const all = { from: null, to: null }
let dir: string
let store: Opened
beforeAll(() => {
  dir = temporaryDir()
  store = opened(dir, { now: () => NOW })
  const event = (seconds: number, fields: Record<string, string | number>) => ({ time: at(seconds), fields })
  // Not in the order of their times, and in two blocks.
  expect(
    store.writer.commit(batchOf([event(5, { 'dst.ip': '192.0.2.1', port: 80 }), event(3, { 'dst.ip': '192.0.2.1', port: 443 })]))
      .ok,
  ).toBe(true)
  expect(
    store.writer.commit(
      batchOf([
        event(4, { 'dst.ip': '192.0.2.1', port: 80 }),
        event(1, { 'dst.ip': '192.0.2.9', port: 443 }),
        event(2, { a: 'none' }),
      ]),
    ).ok,
  ).toBe(true)
})
afterAll(() => {
  store.close()
  removeDir(dir)
})

it('says of each value when the earliest event that fits had it', async () => {
  const found = await store.ask('impact.firsts', { where: 'dst.ip:192.0.2.1', window: all, field: 'port', most: 10 })
  expect(found.ok && [...found.value.firsts].sort()).toEqual([
    ['443', at(3)],
    ['80', at(4)],
  ])
  expect(found.ok && found.value.complete).toBe(true)
})

it('says that there are more values than it keeps', async () => {
  const found = await store.ask('impact.firsts', { where: '', window: all, field: 'port', most: 1 })
  expect(found.ok && found.value.firsts.size).toBe(1)
  expect(found.ok && found.value.complete).toBe(false)
})

it('gives the file that an event came from', async () => {
  const [event] = await store
    .ask('events.search', { where: 'a:none', window: all, order: 'oldest', fields: [], limit: 1, after: null })
    .then((page) => (page.ok ? page.value.events : []))
  const origin = await store.ask('impact.origin', event!.id)
  expect(origin).toEqual({ ok: true, value: '/var/log/test.log' })
  expect((await store.ask('impact.origin', '1')).ok).toBe(false)
})
