/**
 * SIGKILL while a case is taken in, and while one is written: the desk has the whole incident or nothing of it, and takes it in when asked
 * again; a file has its name when it is whole. `WATCHFLOOR_KILLS` says how often (the short form once each).
 */
import { existsSync, mkdirSync, readdirSync, rmSync, watch } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { created, deskWith, must } from '../fixtures/store/incidents.ts'
import { writeCase } from '../../electron/engine/case-file/write-case.ts'
import { run, start, temporary, type Running } from './engine.ts'

const KILLS = process.env['WATCHFLOOR_KILLS'] === undefined ? 1 : Math.ceil(Number(process.env['WATCHFLOOR_KILLS']) / 10)
const dir = temporary('cases')
const first = join(dir, 'first')
const file = join(dir, 'one.wfcase')
let number = ''

beforeAll(async () => {
  mkdirSync(first)
  const desk = deskWith(
    first,
    Array.from({ length: 1500 }, (_, at) => [`hit-${at % 3}`, 60 + at] as const),
  )
  ;({ number } = created(desk, 'Killed', ['1', '2', '3']))
  desk.writer.desk
    .exec(`INSERT INTO incident_entry (incident, id, kind, time, until, title, severity, alert, grp, internal, body, revision, at, by, gone)
    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)
    SELECT (SELECT id FROM incident), 'made-' || i, 'note', 1700000000000000 + i, NULL, 'entry ' || i, NULL, NULL, '', 0, '{"text":"","event":null,"cites":[]}', 1, 1700000000000000, 'kim', 0 FROM n`)
  must(desk.writer.incidents.exportCase({ number, by: 'kim' }, { by: 'kim', now: Date.now() * 1000 }))
  must(await writeCase({ dataDir: first, number, path: file, by: 'kim', signal: new AbortController().signal }))
  desk.close()
})
afterAll(() => rmSync(dir, { recursive: true, force: true }))

/** When the first file whose name fits is there. */
async function appears(folder: string, fits: RegExp, running: Running): Promise<void> {
  mkdirSync(folder, { recursive: true })
  await new Promise<void>((resolve) => {
    const there = (): boolean => readdirSync(folder).some((name) => fits.test(name))
    const watcher = watch(folder, () => there() && found())
    const found = (): void => {
      watcher.close()
      resolve()
    }
    void running.ended.then(found)
    if (there()) found()
  })
}
const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
const numbers = async (data: string): Promise<string[]> => {
  const said = await run(['incident', 'list', '--data', data, '--json'])
  expect(said.code, said.stderr).toBe(0)
  return [...said.stdout.matchAll(/INC-\d{4}-\d+/g)].map(([one]) => one)
}

test.each(Array.from({ length: KILLS }, (_, at) => [at]))('an import that is killed, %i', { timeout: 300_000 }, async (at) => {
  const data = join(dir, `to-${at}`)
  const running = start(['incident', 'import', file, '--data', data, '--json'])
  await appears(data, /^case-import-/, running)
  await wait(Math.random() * 1500)
  await running.kill()
  const has = (await numbers(data)).includes(number)
  const again = await run(['incident', 'import', file, '--data', data, '--json'])
  expect(again.code, again.stderr).toBe(has ? 1 : 0)
  expect(await numbers(data)).toContain(number)
  expect(readdirSync(data).filter((name) => name.startsWith('case-import-'))).toEqual([])
  const next = join(dir, `next-${at}.wfcase`)
  expect((await run(['incident', 'export', number, next, '--data', data])).code).toBe(0)
  expect((await run(['evidence', 'verify', next])).code).toBe(0)
})

test.each(Array.from({ length: KILLS }, (_, at) => [at]))('an export that is killed, %i', { timeout: 300_000 }, async (at) => {
  const folder = join(dir, `out-${at}`)
  const path = join(folder, 'case.wfcase')
  mkdirSync(folder)
  const running = start(['incident', 'export', number, path, '--data', first])
  await appears(folder, /\.part$/, running)
  await wait(Math.random() * 500)
  await running.kill()
  if (existsSync(path)) expect((await run(['evidence', 'verify', path])).code).toBe(0)
  const other = join(folder, 'other.wfcase')
  expect((await run(['incident', 'export', number, other, '--data', first])).code).toBe(0)
  expect((await run(['evidence', 'verify', other])).code).toBe(0)
})
