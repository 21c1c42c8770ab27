import { mkdtemp, open, rm, writeFile, type FileHandle } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { EventLogFile } from '../../evtx/log-file.ts'
import { made, MadeLog, type MadeNode } from '../../evtx/made-evtx.ts'
import { MemorySink, MemoryThreads } from '../memory-sink.ts'
import { Pipeline, type Feed } from '../pipeline.ts'
import { EventLogs } from './event-logs.ts'
import { lookAt, readChunk } from './read-log.ts'

const TEMPLATE: readonly MadeNode[] = [
  { name: 'Event', children: [{ name: 'System', children: [{ name: 'EventID', children: [{ value: 0 }] }] }] },
]

/** Gives the next of its files at each read of a chunk: one that is being written. */
class Changing extends EventLogFile {
  readonly #chunks: Buffer[]
  constructor(handle: FileHandle, files: readonly Buffer[]) {
    super(handle)
    this.#chunks = files.map((file) => file.subarray(4096))
  }
  override async chunk(): Promise<Uint8Array<ArrayBuffer>> {
    return Uint8Array.from(this.#chunks.length > 1 ? this.#chunks.shift()! : this.#chunks[0]!)
  }
}

let folder: string
let handle: FileHandle
let sink: MemorySink
let feed: Feed
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'watchfloor-read-log-'))
  await writeFile(join(folder, 'log'), '')
  handle = await open(join(folder, 'log'))
  sink = new MemorySink()
  feed = new Pipeline({ threads: new MemoryThreads(), sink }).feed('s1', 'live')
})
afterEach(async () => {
  await handle.close()
  await rm(folder, { recursive: true })
})

/** Reads a chunk that has these bytes at one look, and those at the next. */
async function read(...files: readonly Buffer[]): Promise<number[]> {
  const logs = new EventLogs({ feed, format: null, zone: 'UTC', csv: undefined, prefix: 'evtx:', positions: [] })
  const log = logs.begin(1, { id: 1, check: 'x' })
  await readChunk(
    new Changing(handle, files),
    { index: 0, first: 1 },
    { logs, log, origin: 'log', stopped: () => false, patient: false },
  )
  await feed.drained()
  return sink.raws.map((raw) => Number(/"EventID":(\d+)/.exec(raw)?.[1]))
}
/** Three records; without `dirty` the chunk's checksum is that of all of them. */
function chunk(ids: readonly number[], dirty: boolean): Buffer {
  const log = new MadeLog()
  ids.forEach((id, i) => log.append({ template: TEMPLATE, values: [made.u16(id)] }, dirty && i > 0))
  return log.bytes
}

it('takes a chunk whose checksum holds at once', async () => {
  expect(await read(chunk([1, 2, 3], false), chunk([7, 8, 9], false))).toEqual([1, 2, 3])
})

it('takes of one whose checksum does not hold what is the same a moment later', async () => {
  expect(await read(chunk([1, 2, 3], true), chunk([1, 2, 3], true))).toEqual([1, 2, 3])
  // The third was half of an older one.
  expect(await read(chunk([1, 2, 4], true), chunk([1, 2, 3], true))).toEqual([1, 2, 3, 1, 2])
})

it('takes nothing of a chunk that was overwritten since it was looked for', async () => {
  const log = new MadeLog(1)
  for (let i = 0; i < 4; i++) log.append({ template: [...TEMPLATE, 'x'.repeat(9000)], values: [made.u16(i)] })
  expect(log.chunks[0]![0]).toBeGreaterThan(1)
  expect(await read(log.bytes)).toEqual([])
})

it('sees no record in a file that has none', async () => {
  expect(await lookAt(new EventLogFile(handle))).toBeNull()
})
