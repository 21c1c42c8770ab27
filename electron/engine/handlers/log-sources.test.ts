/** Through the whole engine and its built threads: what is changed of log sources and lists decides which alerts there are. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { WatchfloorContract } from '../../../shared/contract.ts'
import type { ClientOf } from '../../../shared/rpc/kinds.ts'
import { createEngine } from '../engine.ts'
import type { Engine } from '../hosts/engine-interface.ts'
import { connectInMemory } from '../hosts/in-memory.ts'

const RULE = '5c1f0a52-3f53-4a5e-9d0e-5d2f1a6f7b10'
const TEXT = `id: badge
title: Badge readers
format: jsonl
sources:
  - names: { product: acme, service: badge }
    when: { has: door }
    fields: { user: holder }
`
let dataDir = ''
let engine: Engine
let client: ClientOf<WatchfloorContract>
beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'watchfloor-log-sources-'))
  mkdirSync(join(dataDir, 'rules'))
  writeFileSync(
    join(dataDir, 'rules', 'door.yml'),
    `title: Door\nid: ${RULE}\nlogsource:\n  product: acme\n  service: badge\ndetection:\n  selection:\n    user|expand: "%Admins%"\n  condition: selection\nlevel: high\n`,
  )
  const created = await createEngine({ dataDir })
  if (!created.ok) throw new Error(created.error.message)
  engine = created.value
  client = connectInMemory(engine)
})
afterAll(async () => {
  client.close()
  await engine.close()
  rmSync(dataDir, { recursive: true, force: true })
})

let records = 0
/** Imports one record, which must be another each time; gives how many alerts of the rule there are then. */
async function alertsAfter(holder: string): Promise<number> {
  const file = join(dataDir, `${++records}.json`)
  writeFileSync(file, `${JSON.stringify({ time: '2026-01-02T03:04:05Z', door: '7', holder, number: records })}\n`)
  const done = await client.job('import.run', { paths: [file], format: 'jsonl' }).done
  expect(done.ok && done.value.events).toBe(1)
  const alerts = await client.query('alerts.search', { states: ['open'] })
  if (!alerts.ok) throw new Error(alerts.error.message)
  return alerts.value.alerts.filter(({ detection }) => detection === RULE).reduce((sum, { count }) => sum + count, 0)
}
const problems = async (): Promise<string[]> => {
  const listed = await client.query('rules.list', {})
  return listed.ok ? listed.value.problems.map(({ message }) => message) : []
}

it('nothing is found without them, everything with them, and nothing once they are gone', async () => {
  expect(await problems()).toContain('there is no list Admins; this value matches nothing')
  expect(await alertsAfter('kim')).toBe(0)

  expect(await client.command('logsources.save', { id: 'badge', text: TEXT })).toEqual({ ok: true, value: {} })
  expect(await alertsAfter('kim')).toBe(0)
  expect(await client.command('lists.save', { name: 'Admins', values: ['kim', 'kim', ' '] })).toEqual({
    ok: true,
    value: { values: 1 },
  })
  expect(await problems()).toEqual([])
  expect(await client.query('lists.list', {})).toMatchObject({
    ok: true,
    value: { lists: [{ name: 'Admins', values: 1, rules: 1 }], missing: [] },
  })
  expect(await alertsAfter('kim')).toBe(1)
  expect(await alertsAfter('lee')).toBe(1)

  expect(await client.command('logsources.reset', { id: 'badge' })).toEqual({ ok: true, value: {} })
  expect(await alertsAfter('kim')).toBe(1)
  expect(await client.command('lists.remove', { name: 'Admins' })).toEqual({ ok: true, value: {} })
  expect(await client.query('lists.get', { name: 'Admins' })).toMatchObject({ ok: false, error: { code: 'not_found' } })
})

it('tells what is wrong with a text, with its place, and keeps none that is', async () => {
  const text = TEXT.replace('has: door', 'has: []')
  const checked = await client.query('logsources.check', { text })
  expect(checked).toMatchObject({ ok: true, value: { problems: [{ line: 6, column: 18 }] } })
  expect(await client.command('logsources.save', { id: 'badge', text })).toMatchObject({
    ok: false,
    error: { code: 'rule_syntax', line: 6 },
  })
  const listed = await client.query('logsources.list', {})
  expect(listed.ok && listed.value.files.some(({ id }) => id === 'badge')).toBe(false)
  const windows = listed.ok ? listed.value.files.find(({ id }) => id === 'windows') : undefined
  expect(windows).toMatchObject({ shipped: true, changed: false, problems: [] })
  expect(windows!.sources.length).toBeGreaterThan(80)
  expect(windows!.rules).toBeGreaterThan(10)
})
