/** Case files of an open desk: the store, its writer and the threads as they are in the application. */
import { createHash } from 'node:crypto'
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { as, created, deskWith, must, note } from '../../../test/fixtures/store/incidents.ts'
import { removeDir, temporaryDir } from '../../../test/fixtures/store/opened.ts'
import type { CaseProgress } from '../../../shared/case-file-contract.ts'
import { ok } from '../../../shared/model/result.ts'
import { openStoreWith } from '../store/client.ts'
import type { Store } from '../store/types.ts'
import { CaseFiles } from './case-files.ts'
import { writeCase } from './write-case.ts'

const never = new AbortController().signal
const quiet = (): void => undefined
const ENTRIES = 10_000
const RUN = { playbook: { id: 'web-exploit', version: 1 }, steps: [{ id: 'isolate', status: 'done' }] }

interface Desk {
  readonly store: Store
  readonly files: CaseFiles
  readonly dataDir: string
}
let dir: string
let from: Desk
let number: string
let file: string
/** The same incident before it had many entries. */
let small: string
let clock = Date.UTC(2026, 10, 20, 13)
const opened: Desk[] = []

async function open(name: string): Promise<Desk> {
  const dataDir = join(dir, name)
  mkdirSync(dataDir, { recursive: true })
  const store = must(await openStoreWith(dataDir, { checkAfter: 3_600_000 }))
  const files = new CaseFiles(
    store,
    dataDir,
    (source) => store.sources.save(source),
    () => (clock += 1000),
  )
  const desk = { store, files, dataDir }
  opened.push(desk)
  return desk
}
const incidents = async ({ store }: Desk): Promise<string[]> =>
  must(
    await store.incidents.list(
      {
        text: '',
        status: ['open', 'contained', 'eradicated', 'recovered', 'closed'],
        owner: null,
        customer: null,
        limit: 100,
        after: null,
      } as never,
      never,
    ),
  ).incidents.map((one) => one.number)
const half = (desk: Desk): string[] =>
  [
    ...readdirSync(desk.dataDir),
    ...(existsSync(join(desk.dataDir, 'exports')) ? readdirSync(join(desk.dataDir, 'exports')) : []),
  ].filter((name) => name.startsWith('case-import') || name.endsWith('.part'))

beforeAll(async () => {
  dir = temporaryDir()
  mkdirSync(join(dir, 'a'))
  const hits = Array.from({ length: 1500 }, (_, at) => [`hit-${at % 3}`, 60 + at] as const)
  const desk = deskWith(join(dir, 'a'), hits)
  ;({ number } = created(desk, 'Many entries', ['1', '2', '3']))
  must(desk.writer.incidents.save({ number, draft: note('first') } as never, as('lee')))
  must(
    desk.writer.incidents.change(number, 'playbook.started', as('kim'), (change) => {
      change.put('playbook', 'run-1', RUN)
      change.tell('playbook.started', 'run-1', {})
      return ok(null)
    }),
  )
  small = join(dir, 'small.wfcase')
  must(await writeCase({ dataDir: join(dir, 'a'), number, path: small, by: 'kim', signal: never }))
  // As many as nobody types in a test.
  desk.writer.desk
    .exec(`INSERT INTO incident_entry (incident, id, kind, time, until, title, severity, alert, grp, internal, body, revision, at, by, gone)
    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${ENTRIES})
    SELECT (SELECT id FROM incident), 'made-' || i, 'note', 1700000000000000 + i, NULL, 'entry ' || i, NULL, NULL, '', 0, '{"text":"","event":null,"cites":[]}', 1, 1700000000000000, 'kim', 0 FROM n`)
  desk.close()
  from = await open('a')
  const told: CaseProgress[] = []
  const done = must(await from.files.export({ number, folder: null }, 'kim', (one) => told.push(one), never))
  file = done.path
  expect(told.length).toBeGreaterThan(0)
  expect(done).toMatchObject({ alerts: 3, bytes: statSync(file).size })
  expect(createHash('sha256').update(readFileSync(file)).digest('hex')).toBe(done.sha256)
  expect(half(from)).toEqual([])
})
afterAll(async () => {
  for (const { store, files } of opened) {
    await files.close()
    await store.close()
  }
  removeDir(dir)
})

describe('case files of an open desk', () => {
  it('are looked at, taken in while the desk is open, and known when they come again', async () => {
    const b = await open('b')
    const looked = must(await b.files.verify(file, quiet, never))
    expect(looked).toMatchObject({
      findings: [],
      manifest: { incident: number, alerts: 3 },
      bytes: statSync(file).size,
      standing: { state: 'new', number },
    })
    const told: CaseProgress[] = []
    const taken = must(await b.files.import(file, 'park', (one) => told.push(one), never))
    expect(taken).toMatchObject({ number, original: number, alerts: 3 })
    expect(new Set(told.map(({ step }) => step))).toEqual(new Set(['copying', 'checking', 'events', 'incident']))
    const parts = must(await b.store.incidents.parts({ number }, never))
    expect(parts.playbooks).toMatchObject([{ id: 'run-1', run: RUN }])
    const timeline = must(
      await b.store.incidents.timeline({ number, from: null, to: null, slots: 1, limit: 1, after: null }, never),
    )
    expect(timeline.total).toBeGreaterThanOrEqual(ENTRIES)
    expect(must(await b.files.verify(file, quiet, never)).standing).toEqual({ state: 'here', number })
    expect(await b.files.import(file, 'park', quiet, never)).toMatchObject({ ok: false, error: { code: 'conflict' } })
    expect(half(b)).toEqual([])
  })

  it('that are altered are told of by code, and not taken in', async () => {
    const c = await open('c')
    const altered = join(dir, 'altered.wfcase')
    copyFileSync(small, altered)
    const db = new Database(altered)
    db.exec("UPDATE ledger SET by = 'lee' WHERE place = 2")
    db.close()
    const looked = must(await c.files.verify(altered, quiet, never))
    expect(looked.standing).toBeNull()
    expect(looked.findings.map(({ code }) => code)).toContain('chain_broken')
    expect(await c.files.import(altered, 'park', quiet, never)).toMatchObject({ ok: false, error: { code: 'invalid_input' } })
    expect([await incidents(c), c.store.numbers.events, half(c)]).toEqual([[], 0, []])
    expect(await c.files.verify(join(dir, 'none'), quiet, never)).toMatchObject({ ok: false, error: { code: 'not_found' } })
    expect(await c.files.verify('relative', quiet, never)).toMatchObject({ ok: false, error: { code: 'invalid_input' } })
  })

  it('that are cancelled leave no part of the incident, and come in later', async () => {
    const d = await open('d')
    for (const step of ['checking', 'events'] as const) {
      const stop = new AbortController()
      const done = await d.files.import(small, 'park', (one) => one.step === step && stop.abort(), stop.signal)
      expect(done).toMatchObject({ ok: false, error: { code: 'cancelled' } })
      expect(await incidents(d)).toEqual([])
    }
    expect(must(await d.files.import(small, 'park', quiet, never)).number).toBe(number)
    expect(await incidents(d)).toEqual([number])
  })

  it('are taken in one at a time', async () => {
    const e = await open('e')
    const both = await Promise.all([e.files.import(small, 'park', quiet, never), e.files.import(small, 'kim', quiet, never)])
    expect(both.map((one) => (one.ok ? one.value.number : one.error.code))).toEqual([number, 'store_busy'])
  })

  it('are not written where nothing can be, nor half when cancelled', async () => {
    const nowhere = { number, folder: join(dir, 'nowhere') }
    const before = must(await from.store.incidents.ledger({ number, limit: 1, before: null }, never)).entries[0]?.number
    expect(await from.files.export(nowhere, 'kim', quiet, never)).toMatchObject({
      ok: false,
      error: { code: 'invalid_input', path: 'folder' },
    })
    expect(must(await from.store.incidents.ledger({ number, limit: 1, before: null }, never)).entries[0]?.number).toBe(before)
    const stop = new AbortController()
    const out = join(dir, 'out')
    mkdirSync(out)
    const cancelled = from.files.export({ number, folder: out }, 'kim', () => stop.abort(), stop.signal)
    expect(await cancelled).toMatchObject({ ok: false, error: { code: 'cancelled' } })
    await expect.poll(() => readdirSync(out)).toEqual([])
  })

  it('that a killed program had begun are swept', async () => {
    const f = await open('f')
    mkdirSync(join(f.dataDir, 'case-import-x', 'evidence'), { recursive: true })
    mkdirSync(join(f.dataDir, 'exports'))
    writeFileSync(join(f.dataDir, 'exports', 'INC-2026-0001.wfcase.x.part'), '')
    writeFileSync(join(f.dataDir, 'exports', 'INC-2026-0001.wfcase'), '')
    await f.files.sweep()
    expect(half(f)).toEqual([])
    expect(readdirSync(join(f.dataDir, 'exports'))).toEqual(['INC-2026-0001.wfcase'])
  })
})
