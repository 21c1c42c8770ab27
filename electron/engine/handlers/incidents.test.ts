/** Incidents through the whole engine: two people on one desk, each told what the other does. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import type { WatchfloorContract } from '../../../shared/contract.ts'
import { PERMISSIONS, type ClientOf } from '../../../shared/rpc/kinds.ts'
import { createEngine } from '../engine.ts'
import type { Engine } from '../hosts/engine-interface.ts'
import { connectInMemory } from '../hosts/in-memory.ts'
import { must } from '../../../test/fixtures/store/incidents.ts'
import { run } from '../../../test/faults/engine.ts'

const folder = mkdtempSync(join(tmpdir(), 'watchfloor-incidents-'))
let engine: Engine | null = null
const clients: ClientOf<WatchfloorContract>[] = []
const closeAll = async (): Promise<void> => {
  for (const client of clients.splice(0)) client.close()
  await engine?.close()
  engine = null
}
afterAll(async () => {
  await closeAll()
  rmSync(folder, { recursive: true, force: true })
})
/** Outputs are checked against the contract. */
function clientOf(name: string): ClientOf<WatchfloorContract> {
  if (!engine) throw new Error('no engine')
  const client = connectInMemory(engine, { caller: { id: name, name, permissions: new Set(PERMISSIONS) } })
  clients.push(client)
  return client
}
const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 10))
}

it('are made of alerts, edited by two, watched, and listed in a terminal', async () => {
  const record = {
    timestamp: '2026-11-20T10:00:00.000000+0000',
    event_type: 'alert',
    src_ip: '198.51.100.47',
    src_port: 40_000,
    dest_ip: '10.1.0.5',
    dest_port: 80,
    proto: 'TCP',
    alert: { action: 'allowed', gid: 1, signature_id: 9_100_001, rev: 1, signature: 'Web shell', category: 'Test', severity: 1 },
  }
  const log = join(folder, 'eve.json')
  writeFileSync(log, `${JSON.stringify(record)}\n`)
  const dataDir = join(folder, 'desk')
  engine = must(await createEngine({ dataDir }))
  const [kim, lee] = [clientOf('kim'), clientOf('lee')]
  must(await kim.job('import.run', { paths: [log] }).done)
  const { alerts } = must(await kim.query('alerts.search', { states: ['open'] }))
  expect(alerts).toHaveLength(1)
  const id = alerts[0]!.id
  const any: string[][] = []
  lee.stream('incidents.watch', { number: null }, { next: ({ changed }) => void any.push(changed) })

  const made = must(await kim.command('incidents.create', { title: '웹 셸 <b>', alerts: [id] }))
  expect(made).toMatchObject({ status: 'open', createdBy: 'kim', counts: { alerts: 1 }, severity: alerts[0]!.severity })
  await until(() => any.flat().includes(made.number))
  const { number } = made

  const told: { revision: number; parts: string[]; here: string[] }[] = []
  lee.stream('incidents.watch', { number }, { next: (delta) => void told.push(delta) })
  const own = kim.stream('incidents.watch', { number }, { next: () => undefined })
  await until(() => told.some(({ here }) => here.includes('kim')))
  const saved = must(
    await kim.command('incidents.save', { number, draft: { kind: 'note', part: { text: '@lee look', internal: true } } }),
  )
  await until(() => told.some(({ parts, revision }) => parts.includes('notes') && revision === saved.incident.revision))
  own.cancel()
  await until(() => told.at(-1)?.here.length === 0)

  const { events } = must(await kim.query('alerts.events', { id }))
  must(await lee.command('incidents.addEvents', { number, events: [events[0]!.id], group: 'Shell' }))
  expect(await lee.command('incidents.addEvents', { number, events: ['77'] })).toMatchObject({
    ok: false,
    error: { code: 'not_found' },
  })
  const timeline = must(await lee.query('incidents.timeline', { number }))
  expect(timeline.entries.map(({ kind }) => kind).sort()).toEqual(['alert', 'event', 'status'])
  must(await lee.command('incidents.edit', { number, edit: { title: 'Lee' }, from: { title: made.title } }))
  const late = must(await kim.command('incidents.edit', { number, edit: { title: 'Kim' }, from: { title: made.title } }))
  expect(late).toMatchObject({ conflicts: ['title'], incident: { title: 'Lee' } })
  must(await kim.command('incidents.keepDraft', { number, changes: { text: 'half' } }))
  expect(must(await kim.query('incidents.draft', { number })).draft).toEqual({ text: 'half' })
  expect(must(await kim.query('incidents.parts', { number })).notes).toMatchObject([{ mentions: ['lee'], internal: true }])
  expect(must(await kim.query('incidents.alerts', { number })).alerts.map((alert) => alert.id)).toEqual([id])
  expect(must(await kim.query('incidents.offered', { number })).alerts).toEqual([])
  expect(must(await kim.query('incidents.suggest', { alerts: [id] })).incidents.map((one) => one.number)).toEqual([number])
  expect(must(await kim.query('incidents.ledger', { number }))).toMatchObject({ intact: true, total: 5 })
  expect(must(await kim.query('incidents.cited', { cites: [{ kind: 'alert', alert: id }] })).cited[0]).toMatchObject({
    known: true,
    detail: 'Web shell',
  })

  const reader = connectInMemory(engine, { caller: { id: 'r', name: 'r', permissions: new Set(['desk.read']) } })
  clients.push(reader)
  expect(await reader.command('incidents.undo', { number })).toMatchObject({ ok: false, error: { code: 'forbidden' } })
  expect(await reader.query('incidents.get', { number: 'INC-2026-9999' })).toMatchObject({
    ok: false,
    error: { code: 'not_found' },
  })

  const listed = await run(['incident', 'list', '--data', dataDir, '--json'])
  expect(JSON.parse(listed.stdout)).toMatchObject({ number, title: 'Lee' })
  const shown = await run(['incident', 'show', number, '--data', dataDir, '--json'])
  expect(JSON.parse(shown.stdout)).toMatchObject({
    incident: { number },
    parts: { notes: [{ text: '@lee look' }] },
    entries: [{ kind: 'alert' }, { kind: 'event' }, { kind: 'status' }],
    ledger: { intact: true },
  })
  expect((await run(['incident', 'show', number, '--data', dataDir])).stdout).toContain('Web shell')
  expect(await run(['incident', 'show', 'INC-2026-9999', '--data', dataDir])).toMatchObject({ code: 1, stdout: '' })
  expect(await run(['incident', 'burn', '--data', dataDir])).toMatchObject({ code: 2 })
})
