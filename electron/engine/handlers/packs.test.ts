/** Packs through the whole engine: rules go from one desk to another, are used there, and are gone when the pack is. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import type { WatchfloorContract } from '../../../shared/contract.ts'
import { PERMISSIONS, type Caller, type ClientOf, type Permission } from '../../../shared/rpc/kinds.ts'
import { createEngine } from '../engine.ts'
import type { Engine } from '../hosts/engine-interface.ts'
import { connectInMemory } from '../hosts/in-memory.ts'

const RULE = '5c1f0a52-3f53-4a5e-9d0e-5d2f1a6f7b10'
const folder = mkdtempSync(join(tmpdir(), 'watchfloor-packs-'))
const engines: Engine[] = []
const clients: ClientOf<WatchfloorContract>[] = []
afterAll(async () => {
  for (const client of clients) client.close()
  for (const engine of engines) await engine.close()
  rmSync(folder, { recursive: true, force: true })
})

async function openEngine(name: string): Promise<Engine> {
  const created = await createEngine({ dataDir: join(folder, name) })
  if (!created.ok) throw new Error(created.error.message)
  engines.push(created.value)
  return created.value
}
function clientOf(engine: Engine, caller?: Caller): ClientOf<WatchfloorContract> {
  const client = connectInMemory(engine, caller === undefined ? {} : { caller })
  clients.push(client)
  return client
}
const callerWith = (...without: readonly Permission[]): Caller => ({
  id: 'kim',
  name: 'kim',
  permissions: new Set(PERMISSIONS.filter((one) => !without.includes(one))),
})

it('rules are exported by one desk and used by another', async () => {
  mkdirSync(join(folder, 'one', 'rules'), { recursive: true })
  writeFileSync(
    join(folder, 'one', 'rules', 'door.yml'),
    `title: Door\nid: ${RULE}\nlogsource:\n  category: webserver\ndetection:\n  selection:\n    cs-uri|contains: secret-door\n  condition: selection\nlevel: high\n`,
  )
  const path = join(folder, 'doors.zip')
  const one = clientOf(await openEngine('one'))
  const exported = await one.command('packs.export', { path, name: 'Doors', ids: [RULE] })
  expect(exported).toMatchObject({ ok: true, value: { path, files: 1, rules: 1, steps: 0, filters: 0, lists: [] } })

  const engine = await openEngine('two')
  const two = clientOf(engine, callerWith())
  const seen = await two.query('packs.read', { path })
  if (!seen.ok) throw new Error(seen.error.message)
  expect(seen.value).toMatchObject({ name: 'Doors', documents: [{ id: RULE, status: 'new' }], replaces: null })
  expect(await two.command('packs.import', { path, sha256: '0'.repeat(64) })).toMatchObject({
    ok: false,
    error: { code: 'conflict' },
  })
  expect(await two.command('packs.import', { path, sha256: seen.value.sha256 })).toEqual({ ok: true, value: { id: 'Doors' } })
  const listed = await two.query('packs.list', {})
  expect(listed).toMatchObject({ ok: true, value: { packs: [{ id: 'Doors', rules: 1, failed: 0, by: 'kim', from: path }] } })

  const log = join(folder, 'access.log')
  writeFileSync(log, '203.0.113.9 - - [02/Jan/2026:03:04:05 +0000] "GET /secret-door HTTP/1.1" 200 5 "-" "x"\n')
  await two.job('import.run', { paths: [log] }).done
  const alerts = await two.query('alerts.search', { states: ['open'] })
  expect(alerts.ok && alerts.value.alerts.filter(({ detection }) => detection === RULE)).toHaveLength(1)

  expect(await two.command('packs.remove', { id: 'Doors' })).toMatchObject({ ok: true })
  expect(await two.query('rules.get', { id: RULE })).toMatchObject({ ok: false, error: { code: 'not_found' } })
})

it('who may not manage rules sees which packs there are, and changes nothing', async () => {
  const client = clientOf(engines[0]!, callerWith('rules.manage'))
  expect(await client.query('packs.list', {})).toMatchObject({ ok: true })
  const refused = { ok: false, error: { code: 'forbidden', permission: 'rules.manage' } }
  expect(await client.query('packs.read', { path: folder })).toMatchObject(refused)
  expect(await client.command('packs.import', { path: folder, sha256: '0'.repeat(64) })).toMatchObject(refused)
  expect(await client.command('packs.remove', { id: 'x' })).toMatchObject(refused)
  expect(await client.command('packs.export', { path: join(folder, 'x'), name: 'x', ids: ['x'] })).toMatchObject(refused)
  const reader = clientOf(engines[0]!, callerWith('desk.read'))
  expect(await reader.query('packs.list', {})).toMatchObject({ ok: false, error: { code: 'forbidden', permission: 'desk.read' } })
})

it('names that are no names of packs are refused before anything is written', async () => {
  const client = clientOf(engines[0]!)
  for (const name of ['', '.x', 'a/b', '..', 'x.', 'nul', 'a\u0301', 'x'.repeat(65)])
    expect(await client.command('packs.export', { path: join(folder, 'x'), name, ids: [RULE] })).toMatchObject({
      ok: false,
      error: { code: 'invalid_input', path: 'name' },
    })
})
