/** An event log of which most is damaged is an event log all the same: for rules, imports and those who try a source. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { inEnglish } from '../../../shared/model/sentence-english.ts'
import { made, madeEvtx, type MadeNode, type MadeRecord } from '../evtx/made-evtx.ts'
import { sigmaScan } from '../sigma/scan.ts'
import { importFiles } from './importer.ts'
import { MemorySink, MemoryThreads } from './memory-sink.ts'
import { Pipeline } from './pipeline.ts'
import { trySource } from './try-source.ts'

const TEMPLATE: readonly MadeNode[] = [
  {
    name: 'Event',
    children: [
      {
        name: 'System',
        children: [
          { name: 'EventID', children: [{ value: 0 }] },
          { name: 'Channel', children: ['Security'] },
          { name: 'Computer', children: ['dc1.example'] },
        ],
      },
    ],
  },
]
const record = (id: number): MadeRecord => ({ id, template: TEMPLATE, values: [made.u16(1102)] })
const bad = (id: number): MadeRecord => ({ ...record(id), raw: Uint8Array.of(0x0f, 1, 1, 0, 0x66) })
/** Five records that cannot be read, and one that can. */
const mostlyBad = madeEvtx([[1, 2, 3, 4, 5].map(bad).concat(record(6))])
/** A hole where the second of five records was, and then the same without its header, and without the chunk's. */
const whole = madeEvtx([[1, 2, 3, 4, 5].map(record)])
const places = [
  ...Buffer.from(whole)
    .toString('latin1')
    .matchAll(/\*\*\0\0/g),
].map(({ index }) => index)
const zeroed = (from: number, to: number): Uint8Array => Uint8Array.from(whole).fill(0, from, to)
const hole = zeroed(places[1]!, places[2]!)

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'watchfloor-damaged-'))
  await writeFile(
    join(folder, 'cleared.yml'),
    'title: Cleared\nid: cleared\nlogsource:\n  product: windows\n  service: security\ndetection:\n  selection:\n    EventID: 1102\n  condition: selection\n',
  )
})
afterEach(() => rm(folder, { recursive: true }))

async function write(name: string, bytes: Uint8Array): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, bytes)
  return path
}

async function rules(path: string) {
  const notes: string[] = []
  let matches = 0
  const summary = await sigmaScan({
    paths: [path],
    ruleFolders: [join(folder, 'cleared.yml')],
    onMatch: () => void matches++,
    onNote: (note) => notes.push(note),
  })
  return { matches, notes, summary }
}

async function imported(path: string): Promise<MemorySink> {
  const sink = new MemorySink()
  const feed = new Pipeline({ threads: new MemoryThreads(), sink }).feed('import', 'bulk')
  const options = { feed, format: null, zone: 'UTC', csv: undefined, importedContent: async () => [] }
  const { skipped } = await importFiles({ ...options, paths: [path], signal: new AbortController().signal })
  await feed.drained()
  expect(skipped).toEqual([])
  return sink
}
const bad5 = (texts: readonly string[]): string[] => texts.filter((text) => /record \d at byte \d+: an unknown token/.test(text))

it('mostly of records that cannot be read gives the others, and says each', async () => {
  for (const path of [await write('bad.evtx', mostlyBad), await write('bad.gz', gzipSync(mostlyBad))]) {
    const { matches, notes, summary } = await rules(path)
    expect([matches, summary]).toEqual([1, expect.objectContaining({ records: 6, rejected: 5, ok: false })])
    expect(bad5(notes)).toHaveLength(5)

    const sink = await imported(path)
    expect(sink.records.filter(({ raw }) => raw.includes('"Event"'))).toHaveLength(1)
    expect(bad5(sink.rejects.map(({ reason }) => inEnglish(reason)))).toHaveLength(5)

    const input = { kind: 'file', path } as const
    const tried = await trySource({ name: 'test', input, format: null, zone: 'UTC', paused: false })
    expect(tried.format).toBe('windows-json')
    expect(tried.records.map(({ event }) => event?.type ?? null)).toEqual([null, null, null, null, null, '1102'])
  }
})

it('gives what is whole in it, and says the rest, whichever part of it is gone', async () => {
  const cases: readonly (readonly [Uint8Array, ids: number, said: number])[] = [
    [whole, 5, 0],
    // The checksum, and the hole.
    [hole, 4, 2],
    [zeroed(0, 4096), 5, 1],
    [whole.subarray(4096), 5, 1],
    [zeroed(4096, 4096 + 512), 5, 1],
    // The chunk's header and what tells the first record; its template and names are those of the others too.
    [zeroed(4096, places[0]! + 24), 4, 1],
    [Buffer.concat([zeroed(4096, places[0]! + 24), madeEvtx([[6, 7].map(record)]).subarray(4096)]), 6, 1],
  ]
  for (const [i, [bytes, ids, said]] of cases.entries()) {
    const path = await write(`${i}.evtx`, bytes)
    const { matches, summary } = await rules(path)
    expect([matches, summary.rejected, summary.ok], path).toEqual([ids, said, said === 0])
    const sink = await imported(path)
    expect([sink.raws.length, sink.rejects.length], path).toEqual([ids, said])
  }
})
