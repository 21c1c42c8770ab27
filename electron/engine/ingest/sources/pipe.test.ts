import { PassThrough } from 'node:stream'
import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import { inEnglish } from '../../../../shared/model/sentence-english.ts'
import { SourceSettings } from '../../../../shared/model/source.ts'
import { MemorySink, MemoryThreads } from '../memory-sink.ts'
import { Pipeline, type Feed } from '../pipeline.ts'
import type { RunningSource } from './define.ts'
import { startPipe } from './pipe.ts'
import stdin from './stdin.source.ts'

let sink: MemorySink
let feed: Feed
let formats: Set<string>
let states: [string, string | null][] = []

beforeEach(() => {
  sink = new MemorySink()
  states = []
  formats = new Set()
})
function start(stream: () => PassThrough, format: string | null = null, limit?: number): RunningSource {
  const threads = new MemoryThreads()
  threads.before = ({ segments }) => segments.forEach(({ reading }) => formats.add(reading.format))
  feed = new Pipeline({ threads, sink, retryMs: 10 }).feed('s1', 'live', limit)
  return startPipe(
    {
      id: 's1',
      feed,
      positions: [],
      input: { kind: 'stdin' },
      settings: SourceSettings.parse({ name: 's1', input: { kind: 'stdin' }, format }),
      stored: () => sink.positions('s1'),
      importedContent: (files) => sink.importedContent(files),
      state: (state, problem) => states.push([state, problem && inEnglish(problem)]),
      warning: () => undefined,
      notice: () => undefined,
    },
    stream,
  )
}
async function until(test: () => boolean): Promise<void> {
  const deadline = Date.now() + 20_000
  while (!test()) {
    if (Date.now() > deadline) throw new Error(`never: ${sink.records.length} records, ${states.at(-1)?.join()}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
async function done(): Promise<void> {
  await until(() => states.at(-1)?.[0] === 'done')
  await feed.drained()
}
const line = (n: number): string =>
  JSON.stringify({
    timestamp: '2026-01-02T03:04:05.000000+0000',
    event_type: 'dns',
    flow_id: n,
    src_ip: '10.0.0.1',
    dest_ip: '10.0.0.2',
  })
const lines = (from: number, to: number): string => Array.from({ length: to - from }, (_, i) => `${line(from + i)}\n`).join('')
const numbers = (): number[] => sink.raws.map((raw) => Number(/"flow_id":(\d+)/.exec(raw)?.[1]))
const range = (to: number): number[] => Array.from({ length: to }, (_, i) => i)

describe('standard input', () => {
  it('is read to its end, the unterminated last line too, with the place of each record', async () => {
    const stream = new PassThrough()
    start(() => stream)
    const text = lines(0, 5) + line(5)
    stream.end(text)
    await done()
    expect(numbers()).toEqual(range(6))
    expect([...formats]).toEqual(['eve'])
    for (const [i, { record, offset, origin, raw }] of sink.records.entries()) {
      expect([record, origin]).toEqual([i + 1, 'stdin'])
      expect(text.slice(offset!, offset! + raw.length)).toBe(raw)
    }
    expect(sink.batches.every(({ positions }) => positions.length === 0)).toBe(true)
  })
  it('shows records before it ends', async () => {
    const stream = new PassThrough()
    start(() => stream)
    stream.write(lines(0, 2))
    await until(() => sink.records.length === 2)
    stream.write(lines(2, 3) + line(3).slice(0, 10))
    await until(() => sink.records.length === 3)
    stream.end(line(3).slice(10))
    await done()
    expect(numbers()).toEqual(range(4))
  })
  it('gives the same records however it comes', async () => {
    const text = Buffer.from(lines(0, 8) + line(8))
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(text.length), { maxLength: 12 }), async (cuts) => {
        sink = new MemorySink()
        states = []
        const stream = new PassThrough()
        start(() => stream)
        const places = [0, ...cuts.sort((a, b) => a - b)]
        for (const [i, from] of places.entries()) {
          stream.write(text.subarray(from, places[i + 1] ?? text.length))
          await new Promise((resolve) => setImmediate(resolve))
        }
        stream.end()
        await done()
        expect(numbers()).toEqual(range(9))
      }),
      { numRuns: 30 },
    )
  })
  it('that is empty is done', async () => {
    const stream = new PassThrough()
    start(() => stream).waiting()
    stream.end()
    await done()
    expect(sink.batches).toEqual([])
  })
  it('that is not recognised is read as text', async () => {
    const stream = new PassThrough()
    start(() => stream)
    stream.end('who knows\n')
    await done()
    expect([...formats]).toEqual(['text'])
    expect(sink.rejects.length + sink.records.length).toBe(1)
  })
  it('that is not recognised is read as text also while it goes on', async () => {
    const stream = new PassThrough()
    start(() => stream)
    stream.write('who knows\n')
    await until(() => sink.rejects.length + sink.records.length === 1)
    stream.end()
    await done()
  })
  it('is read as the format that was named', async () => {
    const stream = new PassThrough()
    start(() => stream, 'csv')
    stream.end('time,user\n2026-01-02T03:04:05Z,alice\n')
    await done()
    expect([...formats]).toEqual(['csv'])
    expect(sink.records.length).toBe(1)
  })
  it('may be objects over several lines', async () => {
    const stream = new PassThrough()
    start(() => stream)
    for (const part of JSON.stringify(
      [
        { timestamp: '2026-01-02T03:04:05Z', a: 1 },
        { timestamp: '2026-01-02T03:04:06Z', a: 2 },
      ],
      null,
      2,
    ).split(/(?<=\n)/))
      stream.write(part)
    stream.end()
    await done()
    expect(sink.records.length).toBe(2)
  })
  it('waits while the store has no room, and loses nothing', async () => {
    const stream = new PassThrough()
    sink.error = { code: 'disk_full', message: 'no room' }
    start(() => stream, null, 10_000)
    stream.write(lines(0, 1000))
    await until(() => !feed.hasRoom)
    await until(() => stream.isPaused())
    stream.write(lines(1000, 2000))
    stream.end()
    sink.error = null
    await done()
    expect(numbers()).toEqual(range(2000))
  })
  it('that is stopped leaves a record that has begun for whoever reads on', async () => {
    const stream = new PassThrough()
    const first = start(() => stream)
    stream.write(lines(0, 3) + line(3).slice(0, 20))
    await until(() => sink.records.length === 3)
    await first.close()
    stream.write(`${line(3).slice(20)}\n`)
    start(() => stream)
    stream.end(lines(4, 6))
    await done()
    expect(numbers()).toEqual(range(6))
  })
  it('survives a record that is too long', async () => {
    const stream = new PassThrough()
    const source = start(() => stream)
    stream.write(lines(0, 2))
    const part = Buffer.alloc(1_000_000, 'x')
    for (let i = 0; i < 30; i++) if (!stream.write(part)) await new Promise((resolve) => stream.once('drain', resolve))
    expect(source.waiting()).toBeGreaterThan(20_000_000)
    stream.end(`\n${lines(2, 4)}`)
    await done()
    expect(numbers()).toEqual(range(4))
    expect(sink.rejects).toMatchObject([{ length: 30_000_000, record: 3 }])
  })
  it('that breaks fails with its reason, and what was whole is kept', async () => {
    const stream = new PassThrough()
    start(() => stream)
    stream.write(lines(0, 2))
    await until(() => sink.records.length === 2)
    stream.destroy(new Error('broken pipe'))
    await until(() => states.at(-1)?.[0] === 'failed')
    expect(states.at(-1)).toEqual(['failed', 'standard input: broken pipe'])
  })
  it('that breaks before its format is known loses nothing', async () => {
    const stream = new PassThrough()
    const source = start(() => stream)
    stream.write(line(0))
    await until(() => source.waiting() > 0)
    stream.destroy(new Error('broken pipe'))
    await until(() => states.at(-1)?.[0] === 'failed')
    await feed.drained()
    expect(numbers()).toEqual([0])
  })
  it('that cannot be opened fails', () => {
    const source = start(() => {
      throw new Error('no such thing')
    })
    expect(states).toEqual([['failed', 'standard input: no such thing']])
    expect(source.waiting()).toBe(0)
  })
  it('gives no sample: looking would take from it', async () => {
    expect(await stdin.sample({ kind: 'stdin' })).toMatchObject({ head: null })
  })
})
