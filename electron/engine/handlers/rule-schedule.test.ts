/** Through the whole engine: a rule with a schedule finds nothing as records arrive, and everything once, when it runs. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import type { WatchfloorContract } from '../../../shared/contract.ts'
import type { RuleSummary } from '../../../shared/model/rule.ts'
import { PERMISSIONS, type ClientOf } from '../../../shared/rpc/kinds.ts'
import { createEngine } from '../engine.ts'
import type { Engine } from '../hosts/engine-interface.ts'
import { connectInMemory } from '../hosts/in-memory.ts'

const DOOR = '5c1f0a52-3f53-4a5e-9d0e-5d2f1a6f7b10'
const TWICE = '5c1f0a52-3f53-4a5e-9d0e-5d2f1a6f7b11'
let dataDir = ''
let engine: Engine
let client: ClientOf<WatchfloorContract>
async function open(): Promise<void> {
  const created = await createEngine({ dataDir })
  if (!created.ok) throw new Error(created.error.message)
  engine = created.value
  client = connectInMemory(engine)
}
async function close(): Promise<void> {
  client.close()
  await engine.close()
}
beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'watchfloor-schedule-'))
  mkdirSync(join(dataDir, 'rules'))
  writeFileSync(
    join(dataDir, 'rules', 'door.yml'),
    `title: Door\nid: ${DOOR}\nname: door\nlogsource:\n  category: webserver\ndetection:\n  selection:\n    cs-uri-stem|contains: secret-door\n  condition: selection\nlevel: high\n`,
  )
  await open()
})
afterAll(async () => {
  await close()
  rmSync(dataDir, { recursive: true, force: true })
})

let records = 0
async function visit(): Promise<void> {
  const file = join(dataDir, `${++records}.log`)
  const second = String(records % 60).padStart(2, '0')
  const http = { hostname: 'x', url: `/secret-door/${records}`, http_method: 'GET', status: 200 }
  const event = { timestamp: `2026-01-02T03:04:${second}.000000+0000`, event_type: 'http', src_ip: '10.0.0.1', src_port: 1000, dest_ip: '10.0.0.2', dest_port: 80, proto: 'TCP', http } // prettier-ignore
  writeFileSync(file, `${JSON.stringify(event)}\n`)
  const done = await client.job('import.run', { paths: [file] }).done
  expect(done).toMatchObject({ ok: true, value: { events: 1 } })
}
async function countOf(detection: string): Promise<number> {
  const alerts = await client.query('alerts.search', { states: ['open'] })
  if (!alerts.ok) throw new Error(alerts.error.message)
  return alerts.value.alerts.filter((alert) => alert.detection === detection).reduce((sum, { count }) => sum + count, 0)
}
async function rule(id = DOOR): Promise<RuleSummary> {
  const found = await client.query('rules.get', { id })
  if (!found.ok) throw new Error(found.error.message)
  return found.value.rule
}
async function run(): Promise<RuleSummary> {
  const before = (await rule()).schedule?.last?.at
  expect(await client.command('rules.runNow', { ids: [DOOR] })).toMatchObject({ ok: true })
  return vi.waitFor(
    async () => {
      const now = await rule()
      if (now.schedule === null || now.schedule.running || now.schedule.last === null || now.schedule.last.at === before)
        throw new Error('it runs')
      return now
    },
    { timeout: 60_000, interval: 50 },
  )
}

it('is found live before there is a schedule', async () => {
  await visit()
  expect(await countOf(DOOR)).toBe(1)
  expect(await client.command('rules.runNow', { ids: [DOOR] })).toMatchObject({ ok: false, error: { code: 'conflict' } })
})

it('runs at once over all that is stored, and raises what has no alert', async () => {
  expect(await client.command('rules.schedule', { ids: [DOOR], hours: 24 })).toMatchObject({ ok: true })
  const first = await vi.waitFor(
    async () => {
      const { schedule } = await rule()
      if (schedule === null || schedule.last === null) throw new Error('it runs')
      return schedule
    },
    { timeout: 60_000, interval: 50 },
  )
  expect(first).toMatchObject({ hours: 24, running: false, last: { scanned: 1, matches: 1, problem: null } })
  expect(Date.parse(first.next) - Date.parse(first.last!.at)).toBe(24 * 3_600_000)
  expect(await countOf(DOOR)).toBe(1)
})

it('finds nothing as records arrive, and each of them once when it runs', async () => {
  await visit()
  await visit()
  expect(await countOf(DOOR)).toBe(1)
  expect((await run()).schedule?.last).toMatchObject({ matches: 3, problem: null })
  expect(await countOf(DOOR)).toBe(3)
  await run()
  expect(await countOf(DOOR)).toBe(3)
})

it('is a step of a scenario all the same', async () => {
  const text = `title: Twice\nid: ${TWICE}\ncorrelation:\n  type: event_count\n  rules: [door]\n  group-by: [c-ip]\n  timespan: 1h\n  condition:\n    gte: 2\nlevel: critical\n`
  expect(await client.command('rules.save', { file: null, text })).toMatchObject({ ok: true })
  await visit()
  await visit()
  await vi.waitFor(async () => expect(await countOf(TWICE)).toBeGreaterThan(0), { timeout: 30_000 })
  expect(await countOf(DOOR)).toBe(3)
  expect((await rule()).schedule?.step).toBe(true)
  expect(await client.command('rules.runNow', { ids: [DOOR] })).toMatchObject({ ok: false, error: { code: 'conflict' } })
  expect(await client.command('rules.discard', { id: TWICE })).toMatchObject({ ok: true })
  expect((await run()).schedule?.last).toMatchObject({ matches: 5 })
  expect(await countOf(DOOR)).toBe(5)
})

it('keeps its schedule over a restart', async () => {
  const { schedule } = await rule()
  await close()
  await open()
  expect((await rule()).schedule).toEqual(schedule)
  await visit()
  expect(await countOf(DOOR)).toBe(5)
})

it('is evaluated live again where the schedule is taken away', async () => {
  expect(await client.command('rules.schedule', { ids: [DOOR], hours: null })).toMatchObject({ ok: true })
  expect((await rule()).schedule).toBeNull()
  const before = await countOf(DOOR)
  await visit()
  expect(await countOf(DOOR)).toBe(before + 1)
})

it('is nothing for those who may not manage rules', async () => {
  const reader = connectInMemory(engine, {
    caller: { id: 'lee', name: 'lee', permissions: new Set(PERMISSIONS.filter((one) => one !== 'rules.manage')) },
  })
  for (const refused of [
    await reader.command('rules.schedule', { ids: [DOOR], hours: 1 }),
    await reader.command('rules.runNow', { ids: [DOOR] }),
    await reader.command('rules.stopRun', {}),
  ])
    expect(refused).toMatchObject({ ok: false, error: { code: 'forbidden' } })
  reader.close()
})
