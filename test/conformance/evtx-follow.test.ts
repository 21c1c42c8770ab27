/** Event logs of real attacks in a watched folder, and imported: the same records under the same numbers, those that their lines have. */
import { createReadStream, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { evtxLines } from '../../electron/engine/evtx/evtx-lines.ts'
import { importFiles } from '../../electron/engine/ingest/importer.ts'
import { MemorySink, MemoryThreads } from '../../electron/engine/ingest/memory-sink.ts'
import { Pipeline } from '../../electron/engine/ingest/pipeline.ts'
import folderSource from '../../electron/engine/ingest/sources/folder.source.ts'
import { corpus, NO_CORPORA } from '../corpora.ts'

const root = corpus('evtx')

async function linesOf(path: string): Promise<string[]> {
  const parts: Buffer[] = []
  for await (const piece of evtxLines(createReadStream(path, { highWaterMark: 1 << 20 }))) parts.push(Buffer.from(piece))
  return Buffer.concat(parts).toString('utf8').split('\n').filter(Boolean)
}
const byFile = (sink: MemorySink): Map<string, [number | null, string][]> => {
  const files = new Map<string, [number | null, string][]>()
  for (const { origin, record, raw } of sink.records)
    files.set(basename(origin), [...(files.get(basename(origin)) ?? []), [record, raw]])
  return files
}

if (root === null) it.skip(NO_CORPORA)
else
  describe('event logs', () => {
    it('give the same records whether they are followed or imported', async () => {
      const folder = mkdtempSync(join(tmpdir(), 'watchfloor-evtx-'))
      try {
        const files = readFileSync(join(root, 'expected.jsonl'), 'utf8')
          .split('\n')
          .filter(Boolean)
          .map((line, i) => ({ path: join(root, (JSON.parse(line) as { file: string }).file), name: `${i}.evtx` }))
        for (const { path, name } of files) symlinkSync(path, join(folder, name))
        const wanted = new Map<string, [number | null, string][]>()
        for (const { path, name } of files)
          wanted.set(
            name,
            (await linesOf(path)).map((raw, i) => [i + 1, raw]),
          )
        // The corpus has a log under two names: each record is read once.
        const distinct = new Set([...wanted.values()].map((records) => JSON.stringify(records))).size
        const records = new Set([...wanted.values()].flat().map((each) => JSON.stringify(each))).size

        const imported = new MemorySink()
        const bulk = new Pipeline({ threads: new MemoryThreads(), sink: imported }).feed('import', 'bulk')
        await importFiles({
          paths: files.map(({ name }) => join(folder, name)),
          feed: bulk,
          format: null,
          zone: 'UTC',
          csv: undefined,
          importedContent: async () => [],
          signal: new AbortController().signal,
        })
        await bulk.drained()

        const sink = new MemorySink()
        const feed = new Pipeline({ threads: new MemoryThreads(), sink }).feed('s1', 'live')
        const input = { kind: 'folder', path: folder, pattern: '*.evtx' } as const
        const running = folderSource.start({
          id: 's1',
          input,
          settings: { name: 'test', input, format: null, zone: 'UTC', paused: false },
          feed,
          positions: [],
          stored: () => sink.positions('s1'),
          importedContent: async () => [],
          state: () => undefined,
          warning: () => undefined,
          notice: () => undefined,
        })
        const deadline = Date.now() + 60_000
        while (sink.records.length < imported.records.length && Date.now() < deadline)
          await new Promise((resolve) => setTimeout(resolve, 50))
        await running.close()
        await feed.drained()

        for (const found of [byFile(imported), byFile(sink)])
          for (const [name, each] of found) expect(each, name).toEqual(wanted.get(name))
        for (const { records: stored, rejects } of [sink, imported]) {
          expect(new Set(stored.map(({ origin }) => origin)).size).toBe(distinct)
          expect(stored.length).toBe(records)
          expect(rejects).toEqual([])
        }
        console.info(`${files.length} event logs followed: ${sink.records.length} records as in imports`)
      } finally {
        rmSync(folder, { recursive: true })
      }
    }, 120_000)
  })
