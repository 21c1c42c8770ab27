import { copyFile, mkdtemp, open, readFile, rename, rm, stat, truncate, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { inEnglish } from '../../../../shared/model/sentence-english.ts'
import { made, MadeLog, type MadeNode, type MadeRecord } from '../../evtx/made-evtx.ts'
import { EventLogs } from '../event-logs/event-logs.ts'
import { MemorySink, MemoryThreads } from '../memory-sink.ts'
import { openLog } from '../open-log.ts'
import { Pipeline, type Feed } from '../pipeline.ts'
import { readEventLogOnce } from './event-log-once.ts'
import { Followed, SourceEventLogs } from './followed.ts'

let folder: string
let path: string
let sink: MemorySink
let feed: Feed
let followed: Followed | null = null
let notice: string | null = null
let states: string[] = []
/** Every record that was ever made has a number of its own. */
let count = 0

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'watchfloor-event-log-'))
  path = join(folder, 'Security.evtx')
  sink = new MemorySink()
  notice = null
  states = []
  count = 0
})
afterEach(async () => {
  await stop()
  await rm(folder, { recursive: true })
})

const TEMPLATE: readonly MadeNode[] = [
  {
    name: 'Event',
    children: [
      { name: 'System', children: [{ name: 'EventID', children: [{ value: 0 }] }] },
      { name: 'EventData', children: [{ name: 'Data', attributes: { Name: ['Text'] }, children: [{ value: 1 }] }] },
    ],
  },
]
/** So large that three fit into a chunk. */
const record = (length = 9000): Omit<MadeRecord, 'id'> => ({
  template: TEMPLATE,
  values: [made.u16(4624), made.text(`n${count++};${'x'.repeat(length)}`)],
})
function append(log: MadeLog, count: number, dirty = false): void {
  for (let i = 0; i < count; i++) log.append(record(), dirty)
}

async function start(): Promise<void> {
  feed = new Pipeline({ threads: new MemoryThreads(), sink }).feed('s1', 'live')
  const reading = {
    feed,
    format: null,
    zone: 'UTC',
    csv: undefined,
    positions: await sink.positions('s1'),
    stored: () => sink.positions('s1'),
  }
  notice = null
  followed = new Followed({
    ...reading,
    path,
    logs: new SourceEventLogs(reading),
    patienceMs: 120,
    state: (state) => states.push(state),
    notice: (sentence) => (notice = sentence && inEnglish(sentence)),
  })
}
async function stop(): Promise<void> {
  await followed?.close()
  if (followed) await feed.drained()
  followed = null
}
/** As a kill does: nothing after this moment is committed. */
async function kill(): Promise<void> {
  await feed.abandon()
  await followed?.close()
  followed = null
}
const numbers = (): number[] => sink.raws.map((raw) => Number(/"n(\d+);/.exec(raw)?.[1]))
async function until(test: () => boolean, what = ''): Promise<void> {
  const deadline = Date.now() + 15_000
  while (!test()) {
    if (Date.now() > deadline) throw new Error(`never: ${what} ${numbers().join(' ')} ${states.at(-1)} ${notice}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
/** Long enough for a file to be looked at again. */
const quiet = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 300))
const range = (to: number, from = 0): number[] => Array.from({ length: to - from }, (_, i) => from + i)
async function expectOnce(expected: readonly number[]): Promise<void> {
  await until(() => sink.records.length >= expected.length, `${expected.length}`)
  await quiet()
  expect(numbers().sort((a, b) => a - b)).toEqual(expected)
}
/** Writes into the file that is there, as Windows does. */
async function inPlace(bytes: Uint8Array, target = path): Promise<void> {
  const handle = await open(target, 'r+')
  await handle.write(bytes, 0, bytes.length, 0)
  await handle.close()
}

describe('a followed event log', () => {
  it('is read from its first record, then as it is filled in place, each record under its number', async () => {
    const log = new MadeLog()
    append(log, 4)
    await writeFile(path, log.bytes)
    await start()
    await until(() => sink.records.length === 4)
    for (let i = 0; i < 6; i++) {
      append(log, 2)
      await inPlace(log.bytes)
      if (i % 2 === 0) await quiet()
    }
    await expectOnce(range(16))
    expect(numbers()).toEqual(range(16))
    expect(sink.records.map((each) => each.record)).toEqual(range(17, 1))
    expect(notice).toBeNull()
  })

  it('may come later, and be empty at first', async () => {
    await start()
    await until(() => states.includes('waiting'))
    const log = new MadeLog()
    await writeFile(path, log.bytes)
    await quiet()
    append(log, 2)
    await writeFile(path, log.bytes)
    await expectOnce(range(2))
    expect(states.at(-1)).toBe('running')
  })

  it('goes on behind the last record after a stop and after a kill', async () => {
    const log = new MadeLog()
    append(log, 5)
    await writeFile(path, log.bytes)
    await start()
    await until(() => sink.records.length === 5)
    await stop()
    append(log, 3)
    await inPlace(log.bytes)
    await start()
    await until(() => sink.records.length === 8)
    append(log, 40)
    await inPlace(log.bytes)
    await until(() => sink.records.length > 8)
    await kill()
    append(log, 1)
    await inPlace(log.bytes)
    await start()
    await expectOnce(range(49))
  })

  it('is read though its headers are older than its records and size and time do not change', async () => {
    const log = new MadeLog()
    append(log, 1)
    await writeFile(path, Buffer.concat([log.bytes, Buffer.alloc(65_536)]))
    await start()
    await until(() => sink.records.length === 1)
    const { atime, mtime } = await stat(path)
    append(log, 2, true)
    await inPlace(log.bytes)
    await utimes(path, atime, mtime)
    await expectOnce(range(3))
  })

  it('reads a full log that is overwritten from its beginning, in the order of its records', async () => {
    const log = new MadeLog(3)
    append(log, 8)
    await writeFile(path, log.bytes)
    await start()
    await until(() => sink.records.length === 8)
    for (let i = 0; i < 12; i++) {
      append(log, 2)
      await inPlace(log.bytes)
      await until(() => sink.records.length === 10 + 2 * i)
    }
    expect(numbers()).toEqual(range(32))
    await stop()
    append(log, 3)
    await inPlace(log.bytes)
    await start()
    await expectOnce(range(35))
    expect(notice).toBeNull()
  })

  it('says how many records were overwritten before they were read', async () => {
    const log = new MadeLog(3)
    append(log, 8)
    await writeFile(path, log.bytes)
    await start()
    await until(() => sink.records.length === 8)
    await stop()
    append(log, 20)
    await inPlace(log.bytes)
    const there = log.chunks.flat().sort((a, b) => a - b)
    await start()
    await expectOnce([...range(8), ...there.map((id) => id - 1)])
    const gone = there[0]! - 9
    expect(gone).toBeGreaterThan(5)
    expect(notice).toContain(`${gone} records are missing (numbers 9 to ${there[0]! - 1})`)
    // What is missing is so once.
    await stop()
    append(log, 1)
    await inPlace(log.bytes)
    await start()
    await expectOnce([...range(8), ...there.map((id) => id - 1), 28])
    expect(notice).toBeNull()
  })

  it('finds what was overwritten in the archives that Windows made, compressed ones too', async () => {
    const log = new MadeLog(2)
    append(log, 4)
    await writeFile(path, log.bytes)
    await start()
    await until(() => sink.records.length === 4)
    await kill()
    for (const name of ['Archive-Security-2026-11-28-10-00-00-001.evtx', 'Archive-Security-2026-11-28-10-00-00-002.evtx.gz']) {
      append(log, 2)
      await writeFile(join(folder, name), name.endsWith('.gz') ? gzipSync(log.bytes) : log.bytes)
      log.clear(true)
    }
    append(log, 3)
    await writeFile(path, log.bytes)
    await start()
    await expectOnce(range(11))
    expect(notice).toBeNull()
  })

  it('reads the end of a log that is archived while it is followed, then the new one', async () => {
    const log = new MadeLog()
    append(log, 4)
    await writeFile(path, log.bytes)
    await start()
    await until(() => sink.records.length === 4)
    for (let i = 1; i < 4; i++) {
      append(log, 2)
      await inPlace(log.bytes)
      await rename(path, join(folder, `Archive-Security-2026-11-28-10-00-00-00${i}.evtx`))
      log.clear(i === 2)
      append(log, 2)
      await writeFile(path, log.bytes)
      await until(() => sink.records.length === 4 + 4 * i)
    }
    await expectOnce(range(16))
    expect(numbers()).toEqual(range(16))
  })

  it.each([false, true])('is read anew when it is cleared (numbers go on: %s)', async (goOn) => {
    const log = new MadeLog()
    append(log, 7)
    await writeFile(path, log.bytes)
    await start()
    await until(() => sink.records.length === 7)
    log.clear(goOn)
    append(log, 2)
    await inPlace(Buffer.concat([log.bytes, Buffer.alloc(2 * 65_536)]))
    await until(() => sink.records.length === 9)
    append(log, 9)
    await inPlace(log.bytes)
    await expectOnce(range(18))
    if (goOn) expect(notice).toBeNull()
    else expect(notice).toContain('record numbers begin again at 1')
    await stop()
    await start()
    append(log, 1)
    await inPlace(log.bytes)
    await expectOnce(range(19))
  })

  it('reads nothing twice of a file that is copied over again and again, also with an older copy', async () => {
    const log = new MadeLog(4)
    const copies: Buffer[] = []
    append(log, 5)
    await writeFile(path, log.bytes)
    await start()
    await until(() => sink.records.length === 5)
    for (let i = 0; i < 8; i++) {
      append(log, 2)
      copies.push(log.bytes)
      if (i % 2 === 0) await writeFile(path, log.bytes)
      else {
        await writeFile(join(folder, 'copy.tmp'), log.bytes)
        await rename(join(folder, 'copy.tmp'), path)
      }
      await until(() => sink.records.length === 7 + 2 * i)
    }
    await writeFile(path, copies[2]!)
    await quiet()
    await stop()
    await writeFile(path, copies[4]!)
    await start()
    await quiet()
    await writeFile(path, copies.at(-1)!)
    await expectOnce(range(21))
    expect(notice).toBeNull()
  })

  it('reads nothing twice of a file that was cut, and goes on when it is whole again', async () => {
    const log = new MadeLog()
    append(log, 9)
    await writeFile(path, log.bytes)
    await start()
    await until(() => sink.records.length === 9)
    await truncate(path, 4096 + 65_536 + 1000)
    await quiet()
    await truncate(path, 0)
    await quiet()
    append(log, 4)
    await writeFile(path, log.bytes)
    await expectOnce(range(13))
    expect(notice).toBeNull()
  })
})

describe('an event log that is being written', () => {
  it('waits for a record that is half there', async () => {
    const log = new MadeLog()
    append(log, 1)
    await writeFile(path, log.bytes)
    await start()
    await until(() => sink.records.length === 1)
    const before = log.bytes
    append(log, 1)
    const after = log.bytes
    // The header says that it is there; the record's second half is not.
    const half = Buffer.from(after)
    half.set(before.subarray(4096 + 30_000), 4096 + 30_000)
    await inPlace(half)
    await quiet()
    await until(() => notice?.includes('record 2 is not whole') ?? false)
    expect(sink.records.length).toBe(1)
    await inPlace(after)
    await expectOnce(range(2))
    expect(sink.rejects).toEqual([])
    await until(() => notice === null)
  })

  it('waits for a chunk that is not there yet, and gives it up when nothing changes; should it come, it is read', async () => {
    const log = new MadeLog()
    append(log, 9)
    const whole = log.bytes
    const holed = Buffer.from(whole)
    holed.fill(0x55, 4096 + 65_536, 4096 + 2 * 65_536)
    await writeFile(path, holed)
    await start()
    await expectOnce([0, 1, 2, 6, 7, 8])
    expect(notice).toContain('3 records are missing (numbers 4 to 6)')
    await inPlace(whole)
    await expectOnce(range(9))
    await until(() => notice === null)
    await stop()
    await start()
    await expectOnce(range(9))
  })

  const CHUNK = 65_536
  type Part = 'the size of its first record' | 'its first record' | 'its signature and its first record' | 'its second record'
  const PARTS: readonly Part[] = [
    'the size of its first record',
    'its first record',
    'its signature and its first record',
    'its second record',
  ]
  /**
   * The file, with zeroes where this part of a chunk was. Of the first record only what tells it: its template and names are those of the
   * others too.
   */
  const damaged = (log: MadeLog, chunk: number, part: Part): Buffer => {
    const bytes = Buffer.from(log.bytes)
    const begin = 4096 + chunk * CHUNK
    const first = begin + 512
    const second = bytes.indexOf(Buffer.from('2a2a0000', 'hex'), first + 4)
    const third = bytes.indexOf(Buffer.from('2a2a0000', 'hex'), second + 4)
    if (part === 'the size of its first record') return bytes.fill(0, first + 4, first + 8)
    if (part === 'its first record') return bytes.fill(0, first, first + 24)
    if (part === 'its second record') return bytes.fill(0, second, third)
    return bytes.fill(0, begin, first + 24)
  }

  it.each(PARTS)('reads what is whole of a chunk that has lost %s, and goes on', async (part) => {
    const log = new MadeLog()
    append(log, 9)
    for (const chunk of [0, 1]) {
      const lost = 3 * chunk + (part === 'its second record' ? 1 : 0)
      sink = new MemorySink()
      path = join(folder, `${chunk}.evtx`)
      await writeFile(path, damaged(log, chunk, part))
      await start()
      const rest = range(9).filter((n) => n !== lost)
      await expectOnce(rest)
      // What was before the first record that is there is not known to be missing.
      if (lost > 0 || part === 'the size of its first record')
        expect(notice).toContain(`1 record is missing (number ${lost + 1})`)
      await stop()
      await start()
      await expectOnce(rest)
      await stop()
      sink = new MemorySink()
      path = join(folder, `${chunk}.evtx.gz`)
      await writeFile(path, gzipSync(damaged(log, chunk, part)))
      const opened = await openLog(path)
      const none = new Pipeline({ threads: new MemoryThreads(), sink }).feed('s1', 'live')
      const logs = new EventLogs({ feed: none, format: null, zone: 'UTC', csv: undefined, prefix: 'evtx:', positions: [] })
      await readEventLogOnce({ log: opened, logs, origin: path, file: path, stopped: () => false })
      await opened.close()
      await none.drained()
      expect(numbers()).toEqual(rest)
    }
  })

  it('reads what is whole of a chunk that is damaged once another one follows it', async () => {
    const log = new MadeLog()
    append(log, 6)
    await writeFile(path, damaged(log, 1, 'the size of its first record'))
    await start()
    await expectOnce([0, 1, 2])
    append(log, 1)
    await inPlace(damaged(log, 1, 'the size of its first record'))
    await expectOnce([0, 1, 2, 4, 5, 6])
  })

  it('keeps a record that cannot be read as rejected, once', async () => {
    const log = new MadeLog()
    append(log, 1)
    log.append({ ...record(10), raw: Uint8Array.of(0x0f, 1, 1, 0, 0x77) })
    append(log, 1)
    await writeFile(path, log.bytes)
    await start()
    await expectOnce([0, 2])
    await stop()
    await start()
    await quiet()
    expect(sink.rejects.map(({ record: number, reason }) => [number, inEnglish(reason)])).toEqual([
      [2, expect.stringContaining('unknown token') as string],
    ])
  })

  it('keeps a record that cannot be read in a chunk without a good checksum too, when it does not become better', async () => {
    const log = new MadeLog()
    append(log, 1)
    log.append({ ...record(10), raw: Uint8Array.of(0x0f, 1, 1, 0, 0x77) }, true)
    append(log, 1)
    const bytes = log.bytes
    bytes.writeUInt32LE(7, 4096 + 52)
    await writeFile(path, bytes)
    await start()
    await expectOnce([0, 2])
    expect(sink.rejects).toHaveLength(1)
  })
})

it('that is copied beside itself is the same log, and a compressed copy has nothing new', async () => {
  const log = new MadeLog()
  append(log, 4)
  await writeFile(path, log.bytes)
  await start()
  await until(() => sink.records.length === 4)
  await stop()
  await copyFile(path, join(folder, 'Other.evtx'))
  path = join(folder, 'Other.evtx')
  append(log, 2)
  await writeFile(path, log.bytes)
  await start()
  await expectOnce(range(6))
  expect((await readFile(path)).length).toBe(log.bytes.length)
})

const SEED = Number(process.env['WATCHFLOOR_SEED'] ?? 11)
it.each(range(SEED + 6, SEED))(
  'whatever is appended, overwritten, copied, archived and stopped, each record is read once or counted as missing (%i)',
  async (seed) => {
    const random = (below: number): number => {
      seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff
      return Math.floor((seed / 0x80000000) * below)
    }
    const log = new MadeLog(2 + random(4))
    let archives = 0
    const copies: Buffer[] = []
    const write = async (bytes: Buffer): Promise<void> => {
      const way = random(3)
      if (way === 0) await writeFile(path, bytes)
      else if (way === 1) {
        await writeFile(join(folder, 'copy.tmp'), bytes)
        await rename(join(folder, 'copy.tmp'), path)
      } else await inPlace(bytes)
    }
    append(log, 1 + random(5))
    await writeFile(path, log.bytes)
    await start()
    // What a log is known by must have been read.
    await until(() => sink.records.length > 0)
    for (let step = 0; step < 40; step++) {
      const what = random(12)
      if (what < 6) {
        append(log, 1 + random(7), random(3) === 0)
        await write(log.bytes)
      } else if (what === 6) {
        // Half of a copy, then the whole.
        append(log, 1 + random(4))
        const { bytes } = log
        await inPlace(bytes.subarray(0, random(bytes.length)))
        if (random(2) === 0) await new Promise((resolve) => setTimeout(resolve, random(60)))
        await inPlace(bytes)
      } else if (what === 7 && copies.length > 0) {
        await write(copies[random(copies.length)]!)
        await new Promise((resolve) => setTimeout(resolve, random(200)))
        await write(log.bytes)
      } else if (what === 8) {
        await writeFile(path, log.bytes)
        await rename(path, join(folder, `Archive-Security-2026-11-28-10-00-00-${String(++archives).padStart(3, '0')}.evtx`))
        log.clear(true)
        copies.length = 0
        append(log, 1)
        await writeFile(path, log.bytes)
      } else if (what === 9) {
        await kill()
        await start()
      } else if (what === 10) {
        await stop()
        append(log, random(20))
        await write(log.bytes)
        await start()
      }
      copies.push(log.bytes)
      if (random(3) === 0) await new Promise((resolve) => setTimeout(resolve, random(60)))
    }
    append(log, 1)
    await writeFile(path, log.bytes)
    await until(() => numbers().includes(count - 1))
    await quiet()
    await stop()
    const found = numbers().sort((a, b) => a - b)
    expect(new Set(found).size).toBe(found.length)
    const positions = await sink.positions('s1')
    const stored = positions
      .filter(({ file }) => file.startsWith('evtx:'))
      .map(({ tail }) => JSON.parse(tail) as { last: number; missing: [number, number][] })
    expect(stored).toHaveLength(1)
    const missing = stored[0]!.missing.flatMap(([from, to]) => range(to + 1, from))
    // Numbers begin at 1, records at 0.
    expect([...found, ...missing.map((id) => id - 1)].sort((a, b) => a - b)).toEqual(range(count))
  },
  60_000,
)
