import { appendFile, mkdtemp, rename, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { made, MadeLog, type MadeNode } from '../../evtx/made-evtx.ts'
import { MemorySink, MemoryThreads } from '../memory-sink.ts'
import { Pipeline, type Feed } from '../pipeline.ts'
import type { RunningSource } from './define.ts'
import source, { matcherOf } from './folder.source.ts'
import { rotatedName, rotationsOf } from './rotations.ts'

let folder: string
let sink: MemorySink
let feed: Feed
let running: RunningSource | null = null

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'watchfloor-folder-'))
  sink = new MemorySink()
})
afterEach(async () => {
  await stop()
  await rm(folder, { recursive: true })
})
const line = (n: number): string =>
  `${JSON.stringify({ timestamp: '2026-01-02T03:04:05.000000+0000', event_type: 'dns', flow_id: n })}\n`

async function start(pattern = '*'): Promise<void> {
  feed = new Pipeline({ threads: new MemoryThreads(), sink }).feed('s1', 'live')
  running = source.start({
    id: 's1',
    input: { kind: 'folder', path: folder, pattern },
    settings: { name: 'test', input: { kind: 'folder', path: folder, pattern }, format: null, zone: 'UTC', paused: false },
    feed,
    positions: await sink.positions('s1'),
    stored: () => sink.positions('s1'),
    importedContent: async () => [],
    state: () => undefined,
    warning: () => undefined,
    notice: () => undefined,
  })
}
async function stop(): Promise<void> {
  await running?.close()
  if (running) await feed.drained()
  running = null
}
const numbers = (): number[] => sink.raws.map((raw) => Number(/"flow_id":(\d+)/.exec(raw)?.[1])).sort((a, b) => a - b)
async function expectOnce(expected: readonly number[]): Promise<void> {
  const deadline = Date.now() + 20_000
  while (sink.records.length < expected.length) {
    if (Date.now() > deadline) throw new Error(`never: ${numbers()}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  await new Promise((resolve) => setTimeout(resolve, 200))
  expect(numbers()).toEqual(expected)
}

describe('a watched folder', () => {
  it('follows each file that matches, also those that come later', async () => {
    await writeFile(join(folder, 'a.json'), line(0))
    await writeFile(join(folder, 'other.txt'), line(99))
    await start('*.json')
    await expectOnce([0])
    await writeFile(join(folder, 'b.json'), line(1))
    await appendFile(join(folder, 'a.json'), line(2))
    await expectOnce([0, 1, 2])
  })
  it('leaves rotated copies to the file they were, and goes on after a pause', async () => {
    await writeFile(join(folder, 'eve.json'), line(0) + line(1))
    await start()
    await expectOnce([0, 1])
    await stop()
    await appendFile(join(folder, 'eve.json'), line(2))
    await rename(join(folder, 'eve.json'), join(folder, 'eve.json.1'))
    await writeFile(join(folder, 'eve.json'), line(3))
    await start()
    await expectOnce([0, 1, 2, 3])
  })
  it('reads a compressed file once', async () => {
    const path = join(folder, 'old.json.gz')
    await writeFile(path, gzipSync(line(0) + line(1)))
    await utimes(path, 1_700_000_000, 1_700_000_000)
    await start()
    await expectOnce([0, 1])
    await stop()
    await start()
    await expectOnce([0, 1])
  })
  it('keeps a file that was renamed within it as the same', async () => {
    await writeFile(join(folder, 'a.json'), line(0))
    await start()
    await expectOnce([0])
    await stop()
    await rename(join(folder, 'a.json'), join(folder, 'z.json'))
    await appendFile(join(folder, 'z.json'), line(1))
    await start()
    await expectOnce([0, 1])
  })
})

describe('event logs in a watched folder', () => {
  const TEMPLATE: readonly MadeNode[] = [
    {
      name: 'Event',
      children: [
        { name: 'System', children: [{ name: 'EventID', children: [{ value: 0 }] }] },
        { name: 'EventData', children: [{ name: 'Data', attributes: { Name: ['Text'] }, children: [{ value: 1 }] }] },
      ],
    },
  ]
  let count = 0
  beforeEach(() => (count = 0))
  /** Three fit into a chunk. */
  const append = (log: MadeLog, more: number): void => {
    for (let i = 0; i < more; i++)
      log.append({ template: TEMPLATE, values: [made.u16(4624), made.text(`n${count++};${'x'.repeat(9000)}`)] })
  }
  const numbers = (): number[] => sink.raws.map((raw) => Number(/"n(\d+);/.exec(raw)?.[1])).sort((a, b) => a - b)
  async function until(expected: readonly number[]): Promise<void> {
    const deadline = Date.now() + 30_000
    while (sink.records.length < expected.length && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 10))
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect(numbers()).toEqual(expected)
  }
  const range = (to: number): number[] => Array.from({ length: to }, (_, i) => i)

  it('have a place each, whichever is written', async () => {
    const logs = [new MadeLog(3), new MadeLog(3)]
    const write = async (): Promise<void> => {
      for (const [i, log] of logs.entries()) await writeFile(join(folder, `${i}.evtx`), log.bytes)
    }
    for (const log of logs) append(log, 4)
    await write()
    await start()
    await until(range(8))
    append(logs[0]!, 5)
    await write()
    await until(range(13))
    await stop()
    append(logs[1]!, 3)
    await write()
    await start()
    await until(range(16))
  })

  it('are known again as archives, plain and compressed, whichever is found first', async () => {
    const log = new MadeLog(3)
    append(log, 4)
    await writeFile(join(folder, 'Security.evtx'), log.bytes)
    await start()
    await until(range(4))
    append(log, 3)
    await writeFile(join(folder, 'Archive-Security-2026-11-28-10-00-00-001.evtx'), log.bytes)
    log.clear(true)
    append(log, 2)
    await writeFile(join(folder, 'Security.evtx'), log.bytes)
    await until(range(9))
    await stop()
    append(log, 2)
    const packed = join(folder, 'Archive-Security-2026-11-28-11-00-00-001.evtx.gz')
    await writeFile(packed, gzipSync(log.bytes))
    await utimes(packed, 1_700_000_000, 1_700_000_000)
    log.clear(true)
    append(log, 2)
    await writeFile(join(folder, 'Security.evtx'), log.bytes)
    await start()
    await until(range(13))
    await stop()
    await start()
    await new Promise((resolve) => setTimeout(resolve, 500))
    expect(numbers()).toEqual(range(13))
  })
})

describe('names', () => {
  it.each([
    ['eve.json.1', 'eve.json'],
    ['eve.json-20261120', 'eve.json'],
    ['eve.json.2026-11-20.gz', 'eve.json'],
    ['eve-20261120.json', 'eve.json'],
    ['conn.2026-01-02-00.log', 'conn.log'],
    ['conn.00:00:00-01:00:00.log.zst', 'conn.log'],
    ['syslog.2.gz', 'syslog'],
  ])('%s is a rotation of %s', (name, base) => {
    expect(rotatedName(name)).toBe(base)
    expect(rotationsOf(base)(name)).toBe(true)
  })
  it.each(['eve.json', 'eve2.json', 'access.log', 'messages'])('%s is none', (name) => expect(rotatedName(name)).toBeNull())
  it('match a pattern of * and ?', () => {
    expect(['eve.json', 'eveXjson', '.eve.json'].map(matcherOf('eve.*'))).toEqual([true, false, false])
    expect(matcherOf('conn.?.log')('conn.1.log')).toBe(true)
    expect(matcherOf('(a|b)+')('a')).toBe(false)
  })
})
