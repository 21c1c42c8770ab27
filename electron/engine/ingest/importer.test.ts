import { appendFile, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { say } from '../../../shared/model/sentence.ts'
import { inEnglish } from '../../../shared/model/sentence-english.ts'
import { made, madeEvtx, MadeLog, type MadeNode } from '../evtx/made-evtx.ts'
import { importFiles, type Imported } from './importer.ts'
import { MemorySink, MemoryThreads } from './memory-sink.ts'
import { Pipeline } from './pipeline.ts'

let folder: string
let sink: MemorySink
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'watchfloor-import-'))
  sink = new MemorySink()
})
afterEach(() => rm(folder, { recursive: true }))

const line = (n: number): string =>
  `${JSON.stringify({ timestamp: '2026-01-02T03:04:05.000000+0000', event_type: 'dns', flow_id: n, dns: { rrname: `n${n}.example` } })}\n`
const lines = (from: number, to: number): string => Array.from({ length: to - from }, (_, i) => line(from + i)).join('')
const numbers = (): number[] => sink.raws.map((raw) => Number(/"flow_id":(\d+)/.exec(raw)?.[1]))
const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i)
const at = (name: string): string => join(folder, name)

let run = 0
/** `stopAfter`: the process is as good as killed once so many batches were committed. */
async function bring(
  paths: readonly string[],
  { format = null as string | null, stopAfter = Infinity, inFlight = 64 * 1024 } = {},
): Promise<Imported> {
  const pipeline = new Pipeline({ threads: new MemoryThreads(), sink })
  const feed = pipeline.feed(`import-${++run}`, 'bulk', inFlight)
  const abort = new AbortController()
  const before = sink.batches.length
  const commit = sink.commit.bind(sink)
  if (stopAfter < Infinity)
    sink.commit = async (batch) => {
      const result = await commit(batch)
      if (sink.batches.length - before >= stopAfter) {
        abort.abort()
        void feed.abandon()
      }
      return result
    }
  const imported = await importFiles({
    paths,
    feed,
    format,
    zone: 'UTC',
    csv: undefined,
    importedContent: (files) => sink.importedContent(files),
    signal: abort.signal,
  })
  await feed.drained()
  sink.commit = commit
  return imported
}
const COMPLETE_ALREADY = inEnglish(say('complete_already'))
const reasons = ({ skipped }: Imported): Record<string, string> =>
  Object.fromEntries(skipped.map(({ path, reason }) => [path.slice(folder.length + 1), inEnglish(reason)]))

describe('an import', () => {
  it('walks folders, recognises each file, and names what it leaves out', async () => {
    await mkdir(at('a/b'), { recursive: true })
    await writeFile(at('a/eve.json'), lines(0, 3))
    await writeFile(at('a/b/more.json.gz'), gzipSync(lines(3, 6)))
    await writeFile(at('a/b/again.zst'), zstdCompressSync(lines(6, 8)))
    await writeFile(at('a/README'), 'This folder has logs.\nNothing to read here.\n')
    await writeFile(at('a/empty.log'), '')
    await writeFile(at('a/picture'), Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 1, 2, 3]))
    await symlink(at('a'), at('a/b/loop'))
    const imported = await bring([folder])
    expect(numbers().sort((x, y) => x - y)).toEqual(range(0, 8))
    expect(Object.keys(reasons(imported)).sort()).toEqual(['a/README', 'a/b/loop', 'a/empty.log', 'a/picture'])
    expect(imported.skipped.some(({ failed }) => failed)).toBe(false)
  })
  it('says what cannot be read', async () => {
    await writeFile(at('cut.gz'), gzipSync(lines(0, 5000)).subarray(0, -40))
    const imported = await bring([at('gone.json'), at('cut.gz')])
    expect(reasons(imported)['gone.json']).toBe('not there')
    expect(reasons(imported)['cut.gz']).toContain('gzip')
    expect(imported.skipped.every(({ failed }) => failed)).toBe(true)
    expect(numbers()).toEqual(range(0, numbers().length))
  })
  it('takes an unterminated last line as a record', async () => {
    await writeFile(at('eve.json'), lines(0, 2) + line(2).trimEnd())
    await bring([folder])
    expect(numbers()).toEqual([0, 1, 2])
  })
})

describe('the same content', () => {
  it('adds nothing, under another name, compressed, in another import', async () => {
    await writeFile(at('one.json'), lines(0, 500))
    await bring([at('one.json')])
    await writeFile(at('two.log'), lines(0, 500))
    await writeFile(at('three.gz'), gzipSync(lines(0, 500)))
    const imported = await bring([at('one.json'), at('two.log'), at('three.gz')])
    expect(Object.values(reasons(imported))).toEqual(Array(3).fill(COMPLETE_ALREADY))
    expect(numbers()).toEqual(range(0, 500))
  })
  it('twice in one import is stored once', async () => {
    for (const name of ['a.json', 'b.json', 'c.json']) await writeFile(at(name), lines(0, name === 'b.json' ? 30_000 : 29_000))
    const commit = sink.commit.bind(sink)
    sink.commit = async (batch) => {
      await new Promise((resolve) => setTimeout(resolve, 50))
      return commit(batch)
    }
    await bring([folder], { inFlight: 64 * 1024 * 1024 })
    expect(numbers()).toEqual(range(0, 30_000))
  })
  it('that grew goes on where it ended, however small it was', async () => {
    for (const [from, to] of [
      [0, 1],
      [1, 2],
      [2, 10],
      [10, 400],
      [400, 2000],
      [2000, 2001],
    ] as const) {
      await appendFile(at('eve.json'), lines(from, to))
      await bring([at('eve.json')])
      expect(numbers()).toEqual(range(0, to))
    }
    expect(sink.records.map(({ record }) => record)).toEqual(range(1, 2002))
  })
  it('at the beginning only is another file', async () => {
    await writeFile(at('a.json'), lines(0, 1000))
    await writeFile(at('b.json'), lines(0, 999) + line(5000))
    await bring([at('a.json')])
    await bring([at('b.json')])
    expect(numbers()).toEqual([...range(0, 1000), ...range(0, 999), 5000])
  })
  it('of separated values whose fields go over line ends goes on with a whole record, wherever it was cut off', async () => {
    const row = (n: number): string => `2026-01-02T03:04:05Z,${n},"first of ${n}\n""second"",\n\nlast"\n`
    const path = at('rows.csv')
    // Large enough for several chunks.
    const count = 60_000
    await writeFile(path, `time,n,text\n${Array.from({ length: count }, (_, n) => row(n)).join('')}`)
    await bring([path], { stopAfter: 1 })
    expect(sink.raws.length).toBeLessThan(count)
    await bring([path], { stopAfter: 1 })
    await bring([path])
    expect(sink.rejects).toEqual([])
    expect(sink.raws.map((raw) => `${raw}\n`)).toEqual(Array.from({ length: count }, (_, n) => row(n)))
    expect(sink.records.map(({ record }) => record)).toEqual(range(2, count + 2))
    const ends = sink.batches.flatMap(({ positions }) => positions.map(({ offset }) => offset))
    const starts = new Set<number>([12])
    for (let n = 0, end = 12; n < count; n++) starts.add((end += Buffer.byteLength(row(n))))
    expect(ends.filter((end) => !starts.has(end))).toEqual([])
    expect((await bring([path])).files).toBe(0)
  })
  it('cut off anywhere goes on exactly there', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 5 }),
        fc.constantFrom('plain', 'gz'),
        async (stops, form) => {
          sink = new MemorySink()
          const text = lines(0, 60_000)
          const path = at(`eve.${form}`)
          await writeFile(path, form === 'gz' ? gzipSync(text, { level: 1 }) : text)
          for (const stopAfter of stops) await bring([path], { stopAfter })
          await bring([path])
          expect(numbers()).toEqual(range(0, 60_000))
          expect((await bring([path])).files).toBe(0)
        },
      ),
      { numRuns: 6 },
    )
  })
})

describe('a Windows event log', () => {
  const TEMPLATE: readonly MadeNode[] = [
    {
      name: 'Event',
      children: [
        {
          name: 'System',
          children: [
            { name: 'EventID', children: [{ value: 0 }] },
            { name: 'Channel', children: [{ value: 1 }] },
            { name: 'Computer', children: [{ value: 2 }] },
          ],
        },
        { name: 'EventData', children: [{ name: 'Data', attributes: { Name: ['Text'] }, children: [{ value: 3 }] }] },
      ],
    },
  ]
  let count = 0
  /** Three fit into a chunk. */
  const append = (log: MadeLog, more: number, computer = 'dc1'): void => {
    for (let i = 0; i < more; i++)
      log.append({
        template: TEMPLATE,
        values: [made.u16(4624), made.text('Security'), made.text(computer), made.text(`n${count++};${'x'.repeat(9000)}`)],
      })
  }
  const found = (): number[] => sink.raws.map((raw) => Number(/"n(\d+);/.exec(raw)?.[1]))
  beforeEach(() => (count = 0))

  it('that grew or was overwritten from its beginning since gives what is new', async () => {
    const log = new MadeLog(4)
    append(log, 7)
    await writeFile(at('a.evtx'), log.bytes)
    await bring([folder])
    expect(reasons(await bring([folder]))).toEqual({ 'a.evtx': COMPLETE_ALREADY })
    append(log, 2)
    await writeFile(at('a.evtx'), log.bytes)
    await bring([folder])
    expect(found()).toEqual(range(0, 9))
    for (let i = 0; i < 5; i++) {
      // The machine is renamed, and the copy compressed: it is still the same log.
      append(log, 3, i < 2 ? 'dc1' : 'dc2')
      await writeFile(at(`b${i}.evtx.gz`), gzipSync(log.bytes))
      await bring([at(`b${i}.evtx.gz`)])
      expect(found()).toEqual(range(0, 12 + 3 * i))
      expect(reasons(await bring([at(`b${i}.evtx.gz`)]))).toEqual({ [`b${i}.evtx.gz`]: COMPLETE_ALREADY })
    }
    expect(sink.records.map(({ record }) => record)).toEqual(range(1, 25))
    // Another one of that machine, and a copy of the first in the same import.
    const other = new MadeLog()
    append(other, 2)
    await writeFile(at('c.evtx'), other.bytes)
    await writeFile(at('d.evtx'), other.bytes)
    await bring([at('c.evtx'), at('d.evtx')])
    expect(found()).toEqual(range(0, 26))
  })

  it('whose import was killed goes on behind what is stored', async () => {
    const log = new MadeLog()
    append(log, 200)
    await writeFile(at('a.evtx'), log.bytes)
    await bring([folder], { stopAfter: 2, inFlight: 1024 })
    expect(found().length).toBeGreaterThan(0)
    expect(found().length).toBeLessThan(200)
    await bring([folder])
    expect(found()).toEqual(range(0, 200))
  })

  it('that is damaged says so once, and gives the rest', async () => {
    const log = new MadeLog()
    append(log, 9)
    const bytes = log.bytes
    bytes.fill(0x55, 4096 + 65_536, 4096 + 65_536 + 600)
    await writeFile(at('a.evtx'), bytes.subarray(0, bytes.length - 65_536 + 30_000))
    await bring([folder])
    await bring([folder])
    expect(found()).toEqual([0, 1, 2, 6])
    expect(sink.rejects.map(({ reason }) => inEnglish(reason))).toEqual([
      expect.stringContaining(`no chunk at byte ${4096 + 65_536}`) as string,
      expect.stringMatching(/^record 8 at byte \d+ is cut$/) as string,
    ])
    await writeFile(at('a.evtx'), log.bytes)
    await bring([folder])
    expect(found().sort((a, b) => a - b)).toEqual(range(0, 9))
  })

  it('with several records of one number is known by its content', async () => {
    const chunk = (name: string): Parameters<typeof madeEvtx>[0][number] => [
      { id: 1, template: TEMPLATE, values: [made.u16(1), made.text('S'), made.text(name), made.text(`n${count++};`)] },
    ]
    await writeFile(at('a.evtx'), madeEvtx([chunk('a'), chunk('b')]))
    await bring([folder])
    expect(reasons(await bring([folder]))).toEqual({ 'a.evtx': COMPLETE_ALREADY })
    expect(found()).toEqual([0, 1])
  })
})
