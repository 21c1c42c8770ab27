import { describe, expect, it } from 'vitest'
import { say } from '../../../shared/model/sentence.ts'
import type { WatchfloorError } from '../../../shared/model/result.ts'
import { LogReader } from './log-reader.ts'
import { MemorySink, MemoryThreads } from './memory-sink.ts'
import { Pipeline, type Feed } from './pipeline.ts'
import type { Format } from './recognise-log.ts'

const EVE: Format = { id: 'eve', framing: 'line', stateless: true }
const line = (n: number): string => `{"timestamp":"2026-01-02T03:04:05Z","event_type":"dns","flow_id":${n}}\n`
const lines = (from: number, to: number): Buffer =>
  Buffer.from(Array.from({ length: to - from }, (_, i) => line(from + i)).join(''))
const numbers = (sink: MemorySink): number[] => sink.raws.map((raw) => Number(/"flow_id":(\d+)/.exec(raw)![1]))
const range = (to: number): number[] => Array.from({ length: to }, (_, i) => i)

function desk(): { sink: MemorySink; threads: MemoryThreads; pipeline: Pipeline; troubles: (WatchfloorError | null)[] } {
  const sink = new MemorySink()
  const threads = new MemoryThreads()
  const troubles: (WatchfloorError | null)[] = []
  return {
    sink,
    threads,
    troubles,
    pipeline: new Pipeline({ threads, sink, retryMs: 5, trouble: (error) => troubles.push(error) }),
  }
}
const reader = (feed: Feed, file: string | null = 'f'): LogReader =>
  new LogReader({ feed, origin: '/log', file, format: EVE, zone: 'UTC', csv: undefined })
const later = (ms = 20): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

describe('the pipeline', () => {
  it('commits in the order of sending, though two threads take turns', async () => {
    const { sink, threads, pipeline } = desk()
    let first = true
    const run = threads.run.bind(threads)
    threads.run = async (thread, work) => {
      if (first) {
        first = false
        await later(40)
      }
      return run(thread, work)
    }
    const feed = pipeline.feed('s', 'live')
    const log = reader(feed)
    for (let n = 0; n < 60; n += 10) {
      log.push(lines(n, n + 10))
      log.flush()
      await later(1)
    }
    await feed.drained()
    expect(numbers(sink)).toEqual(range(60))
    const offsets = sink.batches.flatMap(({ positions }) => positions.map(({ offset }) => offset))
    expect(offsets).toEqual(offsets.toSorted((a, b) => a - b))
  })

  it('keeps the parser of a file until its last segment is parsed, on one thread, though the reader has closed', async () => {
    const { sink, threads, pipeline } = desk()
    const used = new Set<number>()
    const forgotten: number[] = []
    const run = threads.run.bind(threads)
    threads.run = (thread, work) => {
      used.add(thread)
      return run(thread, work)
    }
    const forget = threads.forget.bind(threads)
    threads.forget = (stream) => {
      forgotten.push(sink.records.length)
      forget(stream)
    }
    const feed = pipeline.feed('s', 'bulk')
    const log = new LogReader({
      feed,
      origin: '/conn.log',
      file: 'f',
      format: { id: 'zeek-tsv', framing: 'line', stateless: false },
      zone: 'UTC',
      csv: undefined,
    })
    log.push(Buffer.from('#separator \\x09\n#path\tconn\n#fields\tts\tuid\n#types\ttime\tstring\n'))
    for (let n = 0; n < 50; n++) {
      log.push(Buffer.from(`17${n + 10}000000.000000\tC${n}\n`))
      log.flush()
    }
    log.finish(true)
    await feed.drained()
    expect(sink.raws).toHaveLength(50)
    expect(sink.rejects).toEqual([])
    expect(used.size).toBe(1)
    expect(forgotten).toHaveLength(1)
  })

  it('waits while the disk is full, and goes on with nothing lost or doubled', async () => {
    const { sink, pipeline, troubles } = desk()
    const feed = pipeline.feed('s', 'live')
    const log = reader(feed)
    sink.error = { code: 'disk_full', message: 'no room' }
    log.push(lines(0, 10))
    log.flush()
    await expect.poll(() => troubles.at(-1)?.code, { timeout: 20_000 }).toBe('disk_full')
    // It was tried again meanwhile.
    await later(40)
    expect(sink.records).toEqual([])
    sink.error = null
    log.push(lines(10, 20))
    log.flush()
    await feed.drained()
    expect(numbers(sink)).toEqual(range(20))
    expect(troubles.at(-1)).toBeNull()
  })

  it('gives up a batch that can never be stored, and says so', async () => {
    const { sink, pipeline } = desk()
    const feed = pipeline.feed('s', 'live')
    sink.error = { code: 'internal', message: 'broken', correlationId: 'x' }
    const log = reader(feed)
    log.push(lines(0, 10))
    log.flush()
    await feed.drained()
    expect(feed.error?.code).toBe('internal')
    expect(sink.records).toEqual([])
  })

  it('holds a source back while too much is under way', async () => {
    const { sink, pipeline } = desk()
    const feed = pipeline.feed('s', 'bulk', 1000)
    const log = reader(feed)
    sink.error = { code: 'store_busy', message: 'busy' }
    log.push(lines(0, 100))
    log.flush()
    expect(feed.hasRoom).toBe(false)
    let room = false
    void feed.room().then(() => (room = true))
    await later(30)
    expect(room).toBe(false)
    sink.error = null
    await feed.room()
    expect(numbers(sink)).toEqual(range(100))
  })

  it('fails a file whose thread died, so that it is read again from its position', async () => {
    const { sink, threads, pipeline } = desk()
    const feed = pipeline.feed('s', 'live')
    const log = reader(feed)
    log.push(lines(0, 10))
    log.flush()
    await feed.drained()
    threads.before = () => {
      throw new Error('out of memory')
    }
    log.push(lines(10, 20))
    log.flush()
    await feed.drained()
    expect(feed.error).not.toBeNull()
    expect((await sink.positions('s'))[0]?.records).toBe(10)
  })

  it('tries records of a sender on another thread, and keeps them as rejected when that dies as well', async () => {
    const { sink, threads, pipeline } = desk()
    let deaths = 0
    threads.before = () => {
      if (deaths++ < 1) throw new Error('died')
    }
    const feed = pipeline.feed('s', 'live')
    const log = reader(feed, null)
    log.push(lines(0, 3))
    log.flush()
    await feed.drained()
    expect(numbers(sink)).toEqual(range(3))
    threads.before = () => {
      throw new Error('died again')
    }
    log.push(lines(3, 5))
    log.flush()
    await feed.drained()
    expect(feed.error).toBeNull()
    expect(sink.rejects.map(({ raw, reason }) => [Buffer.from(raw).toString(), reason])).toEqual(
      [3, 4].map((n) => [line(n).trim(), say('parser_thread_died', { text: 'Error: died again' })]),
    )
  })

  it('rejects what cannot be parsed with its reason and place, and counts no blank lines', async () => {
    const { sink, pipeline } = desk()
    const feed = pipeline.feed('s', 'live')
    const log = reader(feed)
    log.push(Buffer.from(`${line(0)}\n{"broken\n${line(1)}`))
    log.flush()
    await feed.drained()
    expect(sink.records.map(({ record }) => record)).toEqual([1, 4])
    expect(sink.rejects).toMatchObject([{ record: 3, offset: line(0).length + 1, length: 8, reason: say('not_json') }])
    expect(sink.batches[0]).toMatchObject({ records: 3, rejectedCount: 1, bytes: 2 * line(0).length + 10 })
  })
})
