import { appendFileSync, chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync, truncateSync, utimesSync, writeFileSync } from 'node:fs' // prettier-ignore
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { communityId } from '../../ingest/normalise/community-id.ts'
import { hostOf, communityWords } from './keys.ts'
import { Library } from './library.ts'
import { madeExchange, madePcap, record } from './made-pcap.ts'
import type { FlowsAsked } from './read-summary.ts'

const BEGIN = 1_767_225_600
let root: string
let folder: string
let now: number
const opened: Library[] = []

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'watchfloor-library-'))
  folder = join(root, 'rolling')
  mkdirSync(folder)
  now = (BEGIN + 1000) * 1000
})
afterEach(async () => {
  for (const library of opened.splice(0)) await library.close()
  rmSync(root, { recursive: true, force: true })
})

function open(): Library {
  const library = new Library(
    join(root, 'data', 'library'),
    () => undefined,
    { scan: 100, still: 3000, grow: 60_000 },
    () => now,
  )
  opened.push(library)
  return library
}
async function withFolder(budgetBytes = 0, budgetDays = 0): Promise<Library> {
  const library = open()
  expect(library.add({ path: folder, budgetBytes, budgetDays })).toMatchObject({ ok: true })
  await library.pass()
  return library
}
/** A capture of one exchange; it was written at its time. */
function put(name: string, seconds: number, client = '192.0.2.1', server = '198.51.100.1', port = 50_000): string {
  const path = join(folder, name)
  writeFileSync(path, madePcap(madeExchange(seconds, client, server, port, '/', 'body')))
  utimesSync(path, seconds + 1, seconds + 1)
  return path
}
function asked(of: Partial<Omit<FlowsAsked, 'hosts'>> & { hosts?: string[] } = {}): FlowsAsked {
  return { port: null, community: null, from: null, to: null, ...of, hosts: (of.hosts ?? []).map((text) => hostOf(text)!) }
}
const names = ({ hits }: { hits: { path: string }[] }): string[] => hits.map(({ path }) => path.slice(folder.length + 1))
const summaries = (): string[] => readdirSync(join(root, 'data', 'library')).filter((name) => name.endsWith('.flows'))

describe('the capture library', () => {
  it('finds by hosts, port, Community ID and time', async () => {
    put('log.pcap.1767225600', BEGIN)
    put('log.pcap.1767225700', BEGIN + 100, '192.0.2.2')
    put('log.pcap.1767225800', BEGIN + 200, '192.0.2.1', '198.51.100.2', 50_123)
    const library = await withFolder()
    expect(library.folders).toMatchObject([{ files: 3, indexed: 3, problem: null, first: '2026-01-01T00:00:00.000Z' }])
    const find = async (of: Parameters<typeof asked>[0]): Promise<string[]> => names(await library.search(asked(of), 100))
    expect(await find({ hosts: ['192.0.2.1'] })).toEqual(['log.pcap.1767225600', 'log.pcap.1767225800'])
    expect(await find({ hosts: ['198.51.100.1', '192.0.2.2'] })).toEqual(['log.pcap.1767225700'])
    expect(await find({ hosts: ['192.0.2.2', '198.51.100.2'] })).toEqual([])
    expect(await find({ hosts: ['192.0.2.1'], port: 50_123 })).toEqual(['log.pcap.1767225800'])
    expect(await find({ port: 80 })).toHaveLength(3)
    const id = communityId('198.51.100.2', '192.0.2.1', 'tcp', 80, 50_123)!
    expect(await find({ community: communityWords(id) })).toEqual(['log.pcap.1767225800'])
    expect(await find({ from: BEGIN + 50, to: BEGIN + 150 })).toEqual(['log.pcap.1767225700'])
    expect(await find({ hosts: ['2001:db8::1'] })).toEqual([])
    const limited = await library.search(asked({ port: 80 }), 2)
    expect(limited).toMatchObject({ truncated: true, notIndexed: 0 })
    expect(limited.hits[0]).toMatchObject({ flows: 1, first: '2026-01-01T00:00:00.000Z' })
  })

  it('gives places of a record, the surest first', async () => {
    put('a.pcap', BEGIN, '192.0.2.1', '198.51.100.9')
    put('b.pcap', BEGIN + 1, '192.0.2.1', '198.51.100.1', 50_001)
    put('c.pcap', BEGIN + 2, '192.0.2.1', '198.51.100.1', 50_002)
    put('d.pcap', BEGIN + 900)
    const library = await withFolder()
    const community = communityWords(communityId('192.0.2.1', '198.51.100.1', 'tcp', 50_002, 80)!)
    const hosts = [hostOf('192.0.2.1')!, hostOf('198.51.100.1')!]
    const { paths } = await library.find({ hosts, community, from: BEGIN - 60, to: BEGIN + 60 })
    expect(paths).toEqual(['c.pcap', 'b.pcap', 'a.pcap'].map((name) => join(folder, name)))
  })

  it('knows after a restart what it knew, without reading captures again', async () => {
    const path = put('a.pcap', BEGIN)
    const first = await withFolder()
    await first.close()
    // Whoever read it now would find something else.
    const before = readFileSync(path)
    writeFileSync(path, Buffer.alloc(before.length, 7))
    utimesSync(path, BEGIN + 1, BEGIN + 1)
    const second = open()
    expect(second.folders).toMatchObject([{ path: folder, files: 1, indexed: 1 }])
    await second.pass()
    expect(names(await second.search(asked({ hosts: ['192.0.2.1'] }), 10))).toEqual(['a.pcap'])
  })

  it('reads a file that grows as far as it is, and again when it has stopped', async () => {
    const path = put('a.pcap', BEGIN)
    const more = record({ seconds: BEGIN + 500, from: '192.0.2.77', to: '198.51.100.1', ports: [40_000, 80] })
    const library = await withFolder()
    expect(library.folders[0]).toMatchObject({ indexed: 1 })
    // Half of a record.
    now = (BEGIN + 500) * 1000
    appendFileSync(path, more.subarray(0, 20))
    utimesSync(path, BEGIN + 500, BEGIN + 500)
    await library.pass()
    const window = { hosts: ['192.0.2.77'], from: BEGIN + 400, to: BEGIN + 600 }
    expect(await library.search(asked(window), 10)).toMatchObject({ hits: [], notIndexed: 1 })
    now += 1000
    appendFileSync(path, more.subarray(20))
    utimesSync(path, BEGIN + 501, BEGIN + 501)
    await library.pass()
    expect(names(await library.search(asked(window), 10))).toEqual([])
    now += 5000
    await library.pass()
    expect(await library.search(asked(window), 10)).toMatchObject({ hits: [{ path, flows: 1 }], notIndexed: 0 })
    expect(summaries()).toHaveLength(1)
  })

  it('says of a new capture that it is not indexed yet, and still gives it for its time', async () => {
    const library = await withFolder()
    now = (BEGIN + 60) * 1000
    const path = put('a.pcap', BEGIN + 50)
    utimesSync(path, BEGIN + 60, BEGIN + 60)
    await library.pass()
    const found = await library.search(asked({ hosts: ['192.0.2.1'], from: BEGIN, to: BEGIN + 55 }), 10)
    expect(found).toMatchObject({ hits: [{ path, flows: null }], notIndexed: 1 })
    expect(await library.search(asked({ from: BEGIN + 100, to: null }), 10)).toMatchObject({ hits: [], notIndexed: 0 })
    expect(await library.find({ hosts: [hostOf('192.0.2.1')!], community: null, from: BEGIN, to: BEGIN + 55 })).toEqual({
      paths: [],
      notIndexed: 1,
    })
  })

  it('follows renamed, removed and overwritten files', async () => {
    const path = put('trace.pcap0', BEGIN)
    put('trace.pcap1', BEGIN + 100, '192.0.2.2')
    const library = await withFolder()
    const before = summaries()
    renameSync(path, join(folder, 'trace.pcap9'))
    await library.pass()
    expect(names(await library.search(asked({ hosts: ['192.0.2.1'] }), 10))).toEqual(['trace.pcap9'])
    expect(summaries().sort()).toEqual(before.sort())
    rmSync(join(folder, 'trace.pcap9'))
    await library.pass()
    expect(await library.search(asked({ hosts: ['192.0.2.1'] }), 10)).toMatchObject({ hits: [], notIndexed: 0 })
    expect(summaries()).toHaveLength(1)
    put('trace.pcap1', BEGIN + 300, '192.0.2.3')
    await library.pass()
    expect(names(await library.search(asked({ hosts: ['192.0.2.3'] }), 10))).toEqual(['trace.pcap1'])
    expect(names(await library.search(asked({ hosts: ['192.0.2.2'] }), 10))).toEqual([])
    expect(summaries()).toHaveLength(1)
  })

  it.each([
    ['cut', (path: string) => truncateSync(path, 100)],
    ['gone', (path: string) => rmSync(path)],
    ['overwritten', (path: string) => writeFileSync(path, Buffer.alloc(4096, 0xaa))],
    ['changed in its filter', (path: string) => change(path, 72 + 5)],
    ['changed in its flows', (path: string) => change(path, -20)],
  ])('makes a summary again that is %s', async (_, damage) => {
    const path = put('a.pcap', BEGIN)
    const library = await withFolder()
    damage(join(root, 'data', 'library', summaries()[0]!))
    const wanted = asked({ hosts: ['192.0.2.1'], from: BEGIN, to: BEGIN + 10 })
    expect(await library.search(wanted, 10)).toMatchObject({ hits: [{ path, flows: null }], notIndexed: 1 })
    await library.pass()
    expect(await library.search(wanted, 10)).toMatchObject({ hits: [{ path, flows: 1 }], notIndexed: 0 })
  })

  it('starts again where its catalogue is damaged', async () => {
    put('a.pcap', BEGIN)
    put('b.pcap', BEGIN + 5, '192.0.2.2')
    await (await withFolder()).close()
    const catalogue = join(root, 'data', 'library', 'catalogue.jsonl')
    writeFileSync(catalogue, `${readFileSync(catalogue, 'utf8').slice(0, -30)}`)
    const library = open()
    await library.pass()
    expect(library.folders[0]).toMatchObject({ files: 2, indexed: 2 })
    expect(summaries()).toHaveLength(2)
    await library.close()
    writeFileSync(catalogue, '\0\u0001{"path":7}\n[]\nnull\n')
    const again = open()
    await again.pass()
    expect(again.folders[0]).toMatchObject({ files: 2, indexed: 2 })
  })

  it('keeps to its budget, the oldest going first, and leaves captures alone', async () => {
    for (let i = 0; i < 6; i++) put(`log.pcap.${i}`, BEGIN + i * 10)
    const library = await withFolder()
    const one = readFileSync(join(root, 'data', 'library', summaries()[0]!)).length
    library.add({ path: folder, budgetBytes: 3 * one, budgetDays: 0 })
    await library.pass()
    expect(library.folders[0]).toMatchObject({ files: 6, indexed: 3, budgetBytes: 3 * one })
    expect(summaries()).toHaveLength(3)
    const found = await library.search(asked({ hosts: ['192.0.2.1'], from: BEGIN, to: null }), 10)
    expect(found.hits.map(({ flows }) => flows)).toEqual([null, null, null, 1, 1, 1])
    // A new one takes the place of the oldest.
    put('log.pcap.6', BEGIN + 100)
    await library.pass()
    expect((await library.search(asked({ port: 80, from: BEGIN, to: null }), 10)).hits.map(({ flows }) => flows)).toEqual([null, null, null, null, 1, 1, 1]) // prettier-ignore
    expect(readdirSync(folder)).toHaveLength(7)
    now = (BEGIN + 50 + 86_400) * 1000
    library.add({ path: folder, budgetBytes: 0, budgetDays: 1 })
    await library.pass()
    expect(library.folders[0]).toMatchObject({ indexed: 2 })
    library.add({ path: folder, budgetBytes: 0, budgetDays: 0 })
    await library.pass()
    expect(library.folders[0]).toMatchObject({ indexed: 7 })
  })

  it('takes names, files and links as they come', async () => {
    const hostile = ['line\nbreak.pcap', '\u202egnp.pcap', '"quoted" $(name).pcap', '..pcap', '한글.pcap', '.hidden']
    for (const [i, name] of hostile.entries()) put(name, BEGIN + i)
    writeFileSync(join(folder, 'notes.txt'), 'This is no capture, but long enough to be one.')
    writeFileSync(join(folder, 'empty.pcap'), '')
    writeFileSync(join(folder, 'packed.pcap.gz'), gzipSync(madePcap(madeExchange(BEGIN + 50, '192.0.2.9', '198.51.100.1', 1025, '/', '')))) // prettier-ignore
    symlinkSync('/dev/zero', join(folder, 'endless.pcap'))
    symlinkSync(folder, join(folder, 'circle'))
    mkdirSync(join(folder, '2026-01-01'))
    put('2026-01-01/below.pcap', BEGIN + 60)
    const library = await withFolder()
    expect(library.folders[0]).toMatchObject({ files: 8, indexed: 8, problem: null })
    const found = await library.search(asked({ from: BEGIN, to: null }), 100)
    expect(names(found)).toEqual([...hostile, 'packed.pcap.gz', '2026-01-01/below.pcap'])
    expect(names(await library.search(asked({ hosts: ['192.0.2.9'] }), 100))).toEqual(['packed.pcap.gz'])
    await library.close()
    expect(open().folders[0]).toMatchObject({ files: 8, indexed: 8 })
  })

  it('refuses what is no folder, and one inside another', async () => {
    put('a.pcap', BEGIN)
    const library = await withFolder()
    const add = (one: string): unknown => library.add({ path: one, budgetBytes: 0, budgetDays: 0 })
    expect(add(join(root, 'none'))).toMatchObject({ ok: false, error: { code: 'not_found' } })
    expect(add(join(root, 'data', 'library', 'folders.json'))).toMatchObject({ ok: false, error: { code: 'invalid_input' } })
    expect(add('rolling')).toMatchObject({ ok: false, error: { code: 'invalid_input' } })
    expect(add(root)).toMatchObject({ ok: false, error: { code: 'conflict' } })
    expect(library.remove(join(root, 'none'))).toMatchObject({ ok: false })
    expect(library.remove(folder)).toMatchObject({ ok: true })
    expect(library.folders).toEqual([])
    expect(summaries()).toEqual([])
  })

  it('says that a folder is away, and has lost nothing when it comes back', async () => {
    put('a.pcap', BEGIN)
    const library = await withFolder()
    renameSync(folder, `${folder}-away`)
    await library.pass()
    expect(library.folders[0]).toMatchObject({ problem: 'not there', indexed: 1 })
    renameSync(`${folder}-away`, folder)
    await library.pass()
    expect(library.folders[0]).toMatchObject({ problem: null, indexed: 1 })
  })

  it.skipIf(process.getuid?.() === 0)('says which captures it may not read', async () => {
    const path = put('a.pcap', BEGIN)
    chmodSync(path, 0)
    const library = await withFolder()
    expect(library.folders[0]!.problem).toContain('no permission')
    chmodSync(path, 0o600)
    await library.pass()
    expect(library.folders[0]).toMatchObject({ problem: null, indexed: 1 })
  })
})

function change(path: string, at: number): void {
  const bytes = readFileSync(path)
  bytes[at < 0 ? bytes.length + at : at]! ^= 0xff
  // All of the filter, since one block is read.
  if (at > 0) for (let i = 72; i < bytes.length; i += 64) bytes[i]! ^= 0xff
  writeFileSync(path, bytes)
}
