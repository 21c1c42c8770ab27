/** Captures in an import: every event exactly once, whatever happens; and what cannot be read is named with its place. */
import { appendFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { say } from '../../../../shared/model/sentence.ts'
import { inEnglish } from '../../../../shared/model/sentence-english.ts'
import { importFiles, type Imported } from '../../ingest/importer.ts'
import { MemorySink, MemoryThreads } from '../../ingest/memory-sink.ts'
import { Pipeline } from '../../ingest/pipeline.ts'
import { captureLines } from './capture-lines.ts'
import { lookups, pcapHead, pcapRecord, tcp, type Ends } from './made-capture.ts'

let folder: string
let sink: MemorySink
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'watchfloor-captures-'))
  await mkdir(join(folder, 'scratch'))
  sink = new MemorySink()
})
afterEach(() => rm(folder, { recursive: true }))
const at = (name: string): string => join(folder, name)

let run = 0
/** `stopAfter`: the process is as good as killed once so many batches were committed. */
async function bring(paths: readonly string[], stopAfter = Infinity): Promise<Imported> {
  const pipeline = new Pipeline({ threads: new MemoryThreads(), sink })
  const feed = pipeline.feed(`import-${++run}`, 'bulk', 64 * 1024)
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
    format: null,
    zone: 'UTC',
    csv: undefined,
    importedContent: (files) => sink.importedContent(files),
    signal: abort.signal,
    captures: (start) =>
      captureLines({ ...start, scratch: at('scratch') }, () => new Promise((resolve) => setImmediate(resolve))),
  })
  await feed.drained()
  sink.commit = commit
  return imported
}
const COMPLETE_ALREADY = inEnglish(say('complete_already'))
const reasons = ({ skipped }: Imported): string[] => skipped.map(({ reason }) => inEnglish(reason))
interface Event {
  readonly _path: string
  readonly packet: number
  readonly uid: string
  readonly query?: string
  readonly answers?: readonly string[]
}
const events = (type: string): Event[] => sink.raws.map((raw) => JSON.parse(raw) as Event).filter(({ _path }) => _path === type)
const names = (type = 'dns'): string[] =>
  events(type)
    .map(({ query = '' }) => query)
    .sort()
const all = (from: number, to: number): string[] => Array.from({ length: to - from }, (_, i) => `n${from + i}.example.com`).sort()

describe('a capture', () => {
  it('becomes events, whose places are its own', async () => {
    await writeFile(at('tap.pcap'), Buffer.concat([pcapHead(), lookups(0, 4)]))
    expect(await bring([at('tap.pcap')])).toEqual({ files: 1, skipped: [] })
    expect(names()).toEqual(all(0, 4))
    expect(events('dns').map(({ packet }) => packet)).toEqual([1, 4, 3, 6])
    expect(events('dns')[0]!.answers).toEqual(['203.0.113.0'])
    expect(events('conn').map(({ packet }) => packet)).toEqual([1, 3, 4, 6])
    expect(sink.records.map(({ origin, record }) => [origin, record])).toEqual(
      Array.from({ length: 8 }, (_, i) => [at('tap.pcap'), i + 1]),
    )
    expect(sink.batches.flatMap(({ events: counts }) => counts.map(({ type, count }) => [type, count]))).toEqual([
      ['dns', 4],
      ['conn', 4],
    ])
  })

  it('adds nothing the second time, under another name, compressed', async () => {
    const bytes = Buffer.concat([pcapHead(), lookups(0, 300)])
    await writeFile(at('one.pcap'), bytes)
    await bring([at('one.pcap')])
    await writeFile(at('two.dump'), bytes)
    await writeFile(at('three.pcap.gz'), gzipSync(bytes))
    await writeFile(at('four.zst'), zstdCompressSync(bytes))
    const again = await bring([at('one.pcap'), at('two.dump'), at('three.pcap.gz'), at('four.zst')])
    expect(reasons(again)).toEqual(Array(4).fill(COMPLETE_ALREADY))
    expect(names()).toEqual(all(0, 300))
  })

  it('that is compressed is the same capture', async () => {
    await writeFile(at('tap.pcap.gz'), gzipSync(Buffer.concat([pcapHead(), lookups(0, 300)])))
    await bring([at('tap.pcap.gz')])
    expect(names()).toEqual(all(0, 300))
    await writeFile(at('tap.pcap'), Buffer.concat([pcapHead(), lookups(0, 300)]))
    expect(reasons(await bring([at('tap.pcap')]))).toEqual([COMPLETE_ALREADY])
  })

  it('whose reading was killed, anywhere and often, is complete in the end and nothing is doubled', async () => {
    const bytes = Buffer.concat([pcapHead(), lookups(0, 6000)])
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 2 }), { minLength: 1, maxLength: 3 }),
        fc.constantFrom('pcap', 'gz'),
        async (stops, form) => {
          sink = new MemorySink()
          const path = at(`tap.${form}`)
          await writeFile(path, form === 'gz' ? gzipSync(bytes, { level: 1 }) : bytes)
          for (const stopAfter of stops) await bring([path], stopAfter)
          await bring([path])
          expect(names()).toEqual(all(0, 6000))
          expect(events('conn').length).toBe(6000)
          expect(sink.records.map(({ record }) => record)).toEqual(Array.from({ length: 12_000 }, (_, i) => i + 1))
          expect((await bring([path])).files).toBe(0)
        },
      ),
      { numRuns: 3 },
    )
  }, 60_000)

  it('that grew gives what came since, whatever was cut off and killed on the way', async () => {
    const path = at('rolling.pcap')
    const bytes = Buffer.concat([pcapHead(), lookups(0, 9000)])
    // The ends of these lie within records.
    let before = 0
    for (const [to, stopAfter] of [
      [1001, Infinity],
      [90_007, Infinity],
      [400_011, 1],
      [500_000, Infinity],
      [bytes.length, 1],
      [bytes.length, Infinity],
    ] as const) {
      await appendFile(path, bytes.subarray(before, to))
      before = to
      await bring([path], stopAfter)
    }
    // A question whose answer came after the end of what there was is said alone; the answer is said alone too.
    const alone = events('dns').filter(({ packet, answers }) => answers === undefined && packet % 3 === 1)
    expect(alone.length).toBeLessThanOrEqual(5)
    const asked = new Set(names())
    expect([...asked].sort()).toEqual(all(0, 9000))
    expect(names().length - asked.size).toBe(alone.length)
    expect(sink.records.map(({ record }) => record)).toEqual(sink.records.map((_, i) => i + 1))
    expect(new Set(events('conn').map(({ packet }) => packet)).size).toBe(events('conn').length)
    expect((await bring([path])).files).toBe(0)
  })
})

describe('what cannot be read', () => {
  it('is named with its place, and what comes before it counts', async () => {
    const bytes = Buffer.concat([pcapHead(), lookups(0, 10)])
    await writeFile(at('cut.pcap'), bytes.subarray(0, -5))
    const cut = await bring([at('cut.pcap')])
    expect(names()).toEqual(all(0, 9))
    const [said] = cut.skipped
    expect(said).toMatchObject({ path: at('cut.pcap'), failed: true })
    expect(inEnglish(said!.reason)).toMatch(/^reading stopped at byte \d+, after 14 packets: the file ends inside a packet/)
  })
  it('is found inside, and the first packets count', async () => {
    const bad = pcapRecord(50, Buffer.alloc(40))
    bad.writeUInt32LE(0x7fff_ffff, 8)
    await writeFile(at('bad.pcap'), Buffer.concat([pcapHead(), lookups(0, 10), bad, lookups(10, 10)]))
    const [said] = (await bring([at('bad.pcap')])).skipped
    expect(inEnglish(said!.reason)).toMatch(/^reading stopped at byte \d+, after 15 packets: a packet of 2147483647 bytes/)
    expect(names()).toEqual(all(0, 10))
    await bring([at('bad.pcap')])
    expect(names()).toEqual(all(0, 10))
  })
  it('is a compressed capture that is cut off: whole packets count', async () => {
    await writeFile(at('cut.pcap.gz'), gzipSync(Buffer.concat([pcapHead(), lookups(0, 3000)])).subarray(0, -2000))
    const [said] = (await bring([at('cut.pcap.gz')])).skipped
    expect(inEnglish(said!.reason)).toMatch(/^reading stopped at byte \d+, after \d+ packets: gzip/)
    const asked = names()
    expect(asked.length).toBeGreaterThan(100)
    // A better copy goes on behind it.
    await writeFile(at('whole.pcap'), Buffer.concat([pcapHead(), lookups(0, 3000)]))
    await bring([at('whole.pcap')])
    expect([...new Set(names())].sort()).toEqual(all(0, 3000))
  })
  it('is garbage behind the head of a capture, of any kind', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ minLength: 4, maxLength: 400 }),
        fc.constantFrom('d4c3b2a1', 'a1b2c3d4', '4d3cb2a1', '0a0d0d0a1c0000004d3c2b1a', '34cdb2a1'),
        async (rest, magic) => {
          sink = new MemorySink()
          await writeFile(at('odd'), Buffer.concat([Buffer.from(magic, 'hex'), Buffer.alloc(20), rest]))
          const { files, skipped } = await bring([at('odd')])
          expect(files).toBe(1)
          for (const { reason } of skipped) expect(inEnglish(reason)).toMatch(/^reading stopped at byte \d+/)
          expect(sink.rejects).toEqual([])
        },
      ),
      { numRuns: 60 },
    )
  })
  it('is what lies in the packets: damaged ones never stop the rest', async () => {
    const ends: Ends = { client: 7, server: 80, clientPort: 40_000, serverPort: 80 }
    const http = tcp(ends, 0x18, 1, 1, 'GET /a HTTP/1.1\r\nHost: www.example.com\r\n\r\n')
    const good = Buffer.concat([pcapRecord(0, http), lookups(1, 30)])
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { minLength: 1, maxLength: 40 }),
        async (changes) => {
          sink = new MemorySink()
          const bytes = Buffer.from(good)
          for (const [place, value] of changes) bytes[place] = value
          await writeFile(at('mutated.pcap'), Buffer.concat([pcapHead(), bytes]))
          await bring([at('mutated.pcap')])
          expect(sink.rejects).toEqual([])
          const records = sink.records.length
          await bring([at('mutated.pcap')])
          expect(sink.records.length).toBe(records)
        },
      ),
      { numRuns: 60 },
    )
  })
})
