/**
 * SIGKILL at random moments while event logs of a watched folder are filled, overwritten from their beginning and copied over: every record
 * is there once, or is one of those that are counted as missing. `WATCHFLOOR_KILLS` says how often (default 10).
 */
import { closeSync, mkdirSync, openSync, readdirSync, renameSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, expect, test } from 'vitest'
import { made, MadeLog, type MadeNode } from '../../electron/engine/evtx/made-evtx.ts'
import { addSource, run, start, storedRaw, temporary, upTo } from './engine.ts'

const KILLS = Math.ceil(Number(process.env['WATCHFLOOR_KILLS'] ?? 10) / 2)
const base = temporary('event-log')
afterAll(() => rmSync(base, { recursive: true, force: true }))
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

const TEMPLATE: readonly MadeNode[] = [
  {
    name: 'Event',
    children: [
      {
        name: 'System',
        children: [
          { name: 'EventID', children: [{ value: 0 }] },
          { name: 'TimeCreated', attributes: { SystemTime: [{ value: 1 }] } },
        ],
      },
      { name: 'EventData', children: [{ name: 'Data', attributes: { Name: ['Text'] }, children: [{ value: 2 }] }] },
    ],
  },
]

test('event logs of an engine that is killed are stored exactly once, but for what was overwritten before it was read', async () => {
  const data = join(base, 'desk')
  const folder = join(base, 'logs')
  mkdirSync(folder)
  // One that is large enough for all, and one that is overwritten while nobody reads.
  const logs = [
    { name: 'Application', log: new MadeLog(), size: 0 },
    { name: 'Security', log: new MadeLog(8), size: 0 },
  ]
  const write = (rename: boolean): void => {
    for (const each of logs) {
      const more = 5 + Math.floor(Math.random() * 40)
      for (let i = 0; i < more; i++)
        each.log.append({
          template: TEMPLATE,
          values: [
            made.u16(4624),
            made.time('2026-01-02T03:04:05.678Z'),
            made.text(`${each.name} ${each.size++};${'x'.repeat(2000)}`),
          ],
        })
      const path = join(folder, `${each.name}.evtx`)
      if (rename) {
        writeFileSync(`${path}.new`, each.log.bytes)
        renameSync(`${path}.new`, path)
      } else {
        const fd = openSync(path, each.size === more ? 'w' : 'r+')
        writeSync(fd, each.log.bytes)
        closeSync(fd)
      }
    }
  }
  write(false)
  await addSource(data, { input: { kind: 'folder', path: folder, pattern: '*.evtx' }, format: null })
  const count = async (): Promise<number> => Number((await run(['query', '*', '--data', data, '--count'])).stdout)
  const first = start(['serve', '--data', data, '--no-open'])
  while ((await count()) < logs[0]!.size) await pause(200)
  for (let killed = 0, running = first; ; running = start(['serve', '--data', data, '--no-open'])) {
    for (let i = 0; i < 4; i++) {
      write(Math.random() < 0.3)
      await pause(Math.random() * 250)
    }
    await pause(Math.random() * 1500)
    await running.kill()
    if (++killed === KILLS) break
    write(Math.random() < 0.5)
  }
  const last = start(['serve', '--data', data, '--no-open'])
  const found = async (): Promise<Map<string, number[]>> => {
    const numbers = new Map(logs.map(({ name }) => [name, [] as number[]]))
    for await (const raw of storedRaw(data)) {
      const [, name = '', number] = /"Text":"(\w+) (\d+);/.exec(raw) ?? []
      numbers.get(name)?.push(Number(number))
    }
    return numbers
  }
  const ended = (numbers: Map<string, number[]>): boolean => logs.every(({ name, size }) => numbers.get(name)!.includes(size - 1))
  let numbers = await found()
  for (const deadline = Date.now() + 60_000; !ended(numbers) && Date.now() < deadline; numbers = await found()) await pause(300)
  await pause(1000)
  await last.kill()
  numbers = await found()

  const missing = missingIn(data)
  expect(missing).toHaveLength(2)
  const gone = missing.reduce((sum, ids) => sum + ids.length, 0)
  for (const { name, size } of logs) {
    const read = numbers.get(name)!.sort((a, b) => a - b)
    expect(new Set(read).size, name).toBe(read.length)
    const none = upTo(size).filter((n) => !read.includes(n))
    // Numbers of records begin at 1.
    expect(missing, name).toContainEqual(none.map((n) => n + 1))
  }
  expect(missing).toContainEqual([])
  console.log(
    `event logs: killed ${KILLS} times, ${logs.reduce((sum, { size }) => sum + size, 0)} records, ${gone} overwritten before they were read`,
  )
}, 600_000)

/** Numbers of missing records, for each log. */
function missingIn(data: string): number[][] {
  const days = new Map<string, number[]>()
  const desk = join(data, 'events')
  for (const day of readdirSync(desk)
    .filter((name) => name.endsWith('.db'))
    .sort()) {
    const db = new Database(join(desk, day), { readonly: true })
    try {
      for (const { file, tail } of db.prepare("SELECT file, tail FROM position WHERE file LIKE 'evtx:%'").all() as {
        file: string
        tail: string
      }[])
        days.set(
          file,
          (JSON.parse(tail) as { missing: [number, number][] }).missing.flatMap(([from, to]) =>
            Array.from({ length: to - from + 1 }, (_, i) => from + i),
          ),
        )
    } finally {
      db.close()
    }
  }
  return [...days.values()]
}
