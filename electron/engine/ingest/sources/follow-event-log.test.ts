import { copyFile, readFile, rename, stat, truncate, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import {
  append,
  count,
  elsewhere,
  expectOnce,
  folder,
  inPlace,
  kill,
  notice,
  numbers,
  path,
  quiet,
  range,
  sink,
  start,
  states,
  stop,
  until,
  useFollowedLog,
} from '../../../../test/fixtures/followed-log.ts'
import { MadeLog } from '../../evtx/made-evtx.ts'

useFollowedLog()

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
})

it('that is copied beside itself is the same log, and a compressed copy has nothing new', async () => {
  const log = new MadeLog()
  append(log, 4)
  await writeFile(path, log.bytes)
  await start()
  await until(() => sink.records.length === 4)
  await stop()
  await copyFile(path, join(folder, 'Other.evtx'))
  elsewhere('Other.evtx')
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
