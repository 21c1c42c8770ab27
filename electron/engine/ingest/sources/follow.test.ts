import { execFileSync } from 'node:child_process'
import { appendFile, copyFile, mkdtemp, readFile, rename, rm, truncate, unlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { inEnglish } from '../../../../shared/model/sentence-english.ts'
import { MemorySink, MemoryThreads } from '../memory-sink.ts'
import { Pipeline, type Feed } from '../pipeline.ts'
import { FollowedFile } from './follow.ts'

let folder: string
let path: string
let sink: MemorySink
let feed: Feed
let followed: FollowedFile | null = null
let notices: (string | null)[] = []
let states: string[] = []

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'watchfloor-follow-'))
  path = join(folder, 'eve.json')
  sink = new MemorySink()
  notices = []
  states = []
})
afterEach(async () => {
  await stop()
  await rm(folder, { recursive: true })
})

/** A record with its number, as Suricata writes them. */
const line = (n: number): string =>
  JSON.stringify({
    timestamp: '2026-01-02T03:04:05.000000+0000',
    event_type: 'dns',
    flow_id: n,
    src_ip: '10.0.0.1',
    dest_ip: '10.0.0.2',
    dns: { rrname: `n${n}.example` },
  })
const lines = (from: number, to: number): string => Array.from({ length: to - from }, (_, i) => `${line(from + i)}\n`).join('')

async function start(): Promise<void> {
  feed = new Pipeline({ threads: new MemoryThreads(), sink }).feed('s1', 'live')
  followed = new FollowedFile({
    path,
    feed,
    format: null,
    zone: 'UTC',
    csv: undefined,
    lingerMs: 150,
    positions: await sink.positions('s1'),
    stored: () => sink.positions('s1'),
    state: (state) => states.push(state),
    notice: (notice) => notices.push(notice && inEnglish(notice)),
  })
}
/** As a pause does: what was read is committed. */
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
const numbers = (): number[] => sink.raws.map((raw) => Number(/"flow_id":(\d+)/.exec(raw)?.[1]))
async function until(test: () => boolean): Promise<void> {
  const deadline = Date.now() + 20_000
  while (!test()) {
    if (Date.now() > deadline) throw new Error(`never: ${sink.records.length} records, ${states.at(-1)}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
const quiet = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 250))
const range = (to: number): number[] => Array.from({ length: to }, (_, i) => i)
/** All of 0..n-1 exactly once. */
async function expectOnce(n: number): Promise<void> {
  await until(() => sink.records.length >= n)
  await quiet()
  expect(numbers().sort((a, b) => a - b)).toEqual(range(n))
}

describe('a followed file', () => {
  it('is read from its beginning, then as it grows, in order', async () => {
    await writeFile(path, lines(0, 10))
    await start()
    await until(() => sink.records.length === 10)
    for (let n = 10; n < 40; n += 3) await appendFile(path, lines(n, n + 3))
    await until(() => sink.records.length === 40)
    expect(numbers()).toEqual(range(40))
    const text = await readFile(path)
    for (const { record, offset, raw } of sink.records) {
      expect(text.subarray(offset!, offset! + raw.length).toString()).toBe(raw)
      expect(record).toBe(numbers().indexOf(Number(/"flow_id":(\d+)/.exec(raw)![1])) + 1)
    }
  })
  it('may come later', async () => {
    await start()
    await until(() => states.includes('waiting'))
    await writeFile(path, lines(0, 3))
    await expectOnce(3)
    expect(states.at(-1)).toBe('running')
  })
  it('keeps a partial line until its end is there', async () => {
    const [one = '', two = ''] = [line(0), line(1)]
    await writeFile(path, `${one}\n${two.slice(0, 20)}`)
    await start()
    await until(() => sink.records.length === 1)
    await quiet()
    expect(sink.records.length).toBe(1)
    await appendFile(path, `${two.slice(20)}\n`)
    await expectOnce(2)
  })
  it('goes on at the exact byte, also in the middle of a line', async () => {
    await writeFile(path, `${lines(0, 5)}${line(5).slice(0, 30)}`)
    await start()
    await until(() => sink.records.length === 5)
    await stop()
    await appendFile(path, `${line(5).slice(30)}\n${lines(6, 9)}`)
    await start()
    await expectOnce(9)
  })
  it('that is none yet recognised waits for its first whole record', async () => {
    await writeFile(path, line(0).slice(0, 10))
    await start()
    await quiet()
    await appendFile(path, `${line(0).slice(10)}\n`)
    await expectOnce(1)
  })
})

describe('rotation by rename', () => {
  it('finishes the old file, also what is written to it late, and begins the new one', async () => {
    await writeFile(path, lines(0, 5))
    await start()
    await until(() => sink.records.length === 5)
    await appendFile(path, lines(5, 8))
    await rename(path, `${path}.1`)
    await writeFile(path, lines(10, 12))
    await until(() => sink.records.length === 10)
    await appendFile(`${path}.1`, lines(8, 10))
    await expectOnce(12)
  })
  it('gives up the partial last line of the old file as a record, and reads a new file with no gap between', async () => {
    await writeFile(path, lines(0, 2) + line(2))
    await start()
    await until(() => sink.records.length === 2)
    await rename(path, `${path}.1`)
    await expect(readFile(path)).rejects.toThrow()
    await writeFile(path, lines(3, 5))
    await expectOnce(5)
  })
  it('is caught up after a kill, over several rotations, compressed ones too', async () => {
    await writeFile(path, lines(0, 5))
    await start()
    await until(() => sink.records.length === 5)
    await kill()
    await appendFile(path, lines(5, 10))
    await rename(path, `${path}.1`)
    await writeFile(path, lines(10, 20))
    // The file that was read becomes .2.gz; the one never seen .1; then the current.
    await rename(path, join(folder, 'next'))
    await writeFile(`${path}.2.gz`, gzipSync(await readFile(`${path}.1`)))
    await unlink(`${path}.1`)
    await rename(join(folder, 'next'), `${path}.1`)
    execFileSync('touch', ['-d', '1 hour ago', `${path}.2.gz`])
    execFileSync('touch', ['-d', '10 minutes ago', `${path}.1`])
    await writeFile(path, lines(20, 25))
    await start()
    await expectOnce(25)
    expect(numbers()).toEqual(range(25))
    await stop()
    await start()
    await appendFile(path, lines(25, 27))
    await expectOnce(27)
  })
  it.each([
    ['zst', zstdCompressSync],
    ['gz', gzipSync],
  ] as const)('finds the rest in a .%s copy', async (extension, compress) => {
    await writeFile(path, lines(0, 50))
    await start()
    await until(() => sink.records.length === 50)
    await stop()
    await appendFile(path, lines(50, 60))
    await writeFile(`${path}.1.${extension}`, compress(await readFile(path)))
    await unlink(path)
    await writeFile(path, lines(60, 61))
    await start()
    await expectOnce(61)
  })
  it('does not read copies that were there before it began', async () => {
    await writeFile(`${path}.1`, lines(100, 110))
    await writeFile(path, lines(0, 3))
    await start()
    await expectOnce(3)
  })
})

describe('copy-truncate', () => {
  it('reads what the copy has beyond the position, then the file anew', async () => {
    await writeFile(path, lines(0, 20))
    await start()
    await until(() => sink.records.length === 20)
    await copyFile(path, `${path}.1`)
    await truncate(path, 0)
    await appendFile(path, lines(20, 22))
    await expectOnce(22)
  })
  it('is caught up after a kill', async () => {
    await writeFile(path, lines(0, 20))
    await start()
    await until(() => sink.records.length === 20)
    await kill()
    await appendFile(path, lines(20, 30))
    await copyFile(path, `${path}.1`)
    await truncate(path, 0)
    await appendFile(path, lines(30, 32))
    await start()
    await expectOnce(32)
    await stop()
    await start()
    await expectOnce(32)
  })
  it('is noticed when the file has already grown past the position', async () => {
    await writeFile(path, lines(0, 3))
    await start()
    await until(() => sink.records.length === 3)
    await stop()
    await writeFile(path, lines(3, 50))
    await start()
    await expectOnce(50)
  })
  it('of a file that was never copied keeps the part of a record that was there', async () => {
    await writeFile(path, lines(0, 2) + '{"event_type":"cut')
    await start()
    await until(() => sink.records.length === 2)
    await quiet()
    await truncate(path, 0)
    await appendFile(path, lines(2, 4))
    await expectOnce(4)
    expect(sink.rejects.map(({ raw }) => Buffer.from(raw).toString())).toEqual(['{"event_type":"cut'])
  })
  it('of a format whose parser keeps a header goes on with it in the copy', async () => {
    path = join(folder, 'conn.log')
    const head =
      '#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\tconn\n#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\n#types\ttime\tstring\taddr\tport\taddr\tport\tenum\n'
    const row = (n: number): string => `17673${String(n).padStart(5, '0')}.000001\tC${n}\t10.0.0.1\t${n}\t10.0.0.2\t53\tudp\n`
    await writeFile(path, head + row(1) + row(2))
    await start()
    await until(() => sink.records.length === 2)
    await kill()
    await appendFile(path, row(3))
    await start()
    await until(() => sink.records.length === 3)
    await stop()
    await appendFile(path, row(4))
    await copyFile(path, `${path}.1`)
    await truncate(path, 0)
    await appendFile(path, head + row(5))
    await start()
    await until(() => sink.records.length === 5)
    expect(sink.rejects).toEqual([])
  })
})

it('loses and doubles nothing under a storm of rotations, truncations and kills', async () => {
  await writeFile(path, '')
  let n = 0
  let seed = Number(process.env['WATCHFLOOR_SEED'] ?? 7)
  const random = (below: number): number => {
    seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff
    return Math.floor((seed / 0x80000000) * below)
  }
  let rotation = 0
  for (let round = 0; round < 25; round++) {
    await start()
    for (let step = 0; step < 4; step++) {
      const count = random(40)
      await appendFile(path, lines(n, n + count))
      n += count
      if (random(3) === 0) await new Promise((resolve) => setTimeout(resolve, random(40)))
      if (random(4) === 0) {
        rotation++
        const copy = `${path}.${String(rotation).padStart(4, '0')}`
        if (random(2) === 0) {
          await rename(path, copy)
          await writeFile(path, '')
        } else {
          // A copy that is made and cut again before anyone has looked at the file cannot be told from an old one.
          await quiet()
          await copyFile(path, copy)
          // As a writer that appends does: nothing is written between copy and truncation.
          await truncate(path, 0)
        }
        if (random(3) === 0) {
          execFileSync('gzip', ['-n', copy])
        }
      }
    }
    if (random(2) === 0) await kill()
    else await stop()
  }
  await start()
  await expectOnce(n)
  expect(notices.filter((text) => text !== null)).toEqual([])
}, 120_000)
