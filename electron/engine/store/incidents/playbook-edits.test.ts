import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { PlaybookRun } from '../../../../shared/model/playbook-run.ts'
import { opened, removeDir, temporaryDir, type Opened } from '../../../../test/fixtures/store/opened.ts'
import { readPlaybook } from '../../incidents/playbooks/read-playbook.ts'
import { viewRun } from '../../incidents/playbooks/run-view.ts'
import { DeskLedger } from '../desk-ledger.ts'

let dir: string
let store: Opened
beforeEach(() => {
  dir = temporaryDir()
  store = opened(dir, {})
})
afterEach(() => {
  store.close()
  removeDir(dir)
})

const file = join(import.meta.dirname, '../../../../resources/playbooks/web-exploit-succeeded.yml')

it('a run is a part of its incident: each action is one change with its entries, and what is refused changes nothing', async () => {
  const read = readPlaybook(readFileSync(file, 'utf8'))
  if (!read.ok) throw new Error('the playbook cannot be read')
  const desk = store.writer.incidents
  const now = Date.now() * 1000
  const acting = { by: 'mina', now }
  const made = desk.create({ title: 'Web shell', alerts: [], edit: {} }, acting)
  if (!made.ok) throw new Error(made.error.message)
  const { number } = made.value
  const begun = desk.startPlaybook({ number, playbook: read.value }, acting)
  if (!begun.ok) throw new Error(begun.error.message)
  const runOf = async (): Promise<PlaybookRun> => {
    const parts = await store.ask('incidents.parts', { number })
    if (!parts.ok) throw new Error(parts.error.message)
    return PlaybookRun.parse(parts.value.playbooks[0]?.run)
  }
  const before = await runOf()
  const iso = new Date(now / 1000).toISOString()
  const ready = viewRun(before, iso).steps.find(({ state }) => state === 'ready')!
  // Whoever acts is the caller, whatever the action says.
  const refused = desk.act(
    { number, run: begun.value.id, action: { kind: 'skip', at: iso, by: 'nobody', step: 'no-such-step', reason: 'x' } },
    acting,
  )
  expect(!refused.ok && refused.error.code).toBe('conflict')
  expect(await runOf()).toEqual(before)
  const assigned = desk.act(
    { number, run: begun.value.id, action: { kind: 'assign', at: iso, by: 'nobody', step: ready.id, who: 'jo' } },
    acting,
  )
  expect(assigned.ok && assigned.value.revision).toBe(2)
  expect((await runOf()).steps.find(({ id }) => id === ready.id)?.assignee).toBe('jo')
  const gone = desk.act(
    { number, run: 'no-such-run', action: { kind: 'assign', at: iso, by: 'x', step: ready.id, who: null } },
    acting,
  )
  expect(!gone.ok && gone.error.code).toBe('not_found')
  const entries = await store.ask('incidents.timeline', { number, from: null, to: null, slots: 10, limit: 100, after: null })
  expect(entries.ok && entries.value.entries.filter(({ kind }) => kind === 'step')).toHaveLength(1)
  expect(new DeskLedger(store.writer.desk).fault(number)).toBeNull()
})
