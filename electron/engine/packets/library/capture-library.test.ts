/** The library as the engine has it: its thread, over the contract's handlers. */
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { LibraryFolder } from '../../../../shared/model/capture.ts'
import { libraryHandlers } from '../../handlers/library.ts'
import { CaptureLibrary } from './capture-library.ts'
import { madeExchange, madePcap } from './made-pcap.ts'

const BEGIN = 1_767_225_600
const root = mkdtempSync(join(tmpdir(), 'watchfloor-thread-'))
const folder = join(root, 'rolling')
const path = join(folder, 'log.pcap.1767225600')
const call = { signal: new AbortController().signal, caller: { name: 'test' } } as never
const nothing = { hosts: [], port: null, communityId: null, from: null, to: null, limit: 10 }

beforeAll(() => {
  mkdirSync(folder)
  writeFileSync(path, madePcap(madeExchange(BEGIN, '192.0.2.1', '198.51.100.1', 50_000, '/', 'body')))
  utimesSync(path, BEGIN + 1, BEGIN + 1)
})
afterAll(() => rmSync(root, { recursive: true }))

it('watches, answers, and goes on after a restart', async () => {
  let library = new CaptureLibrary(root)
  let handlers = libraryHandlers(library)
  expect(await handlers['library.list']({}, call)).toEqual({ ok: true, value: { folders: [] } })
  expect(await handlers['library.search'](nothing, call)).toMatchObject({ ok: true, value: { hits: [] } })

  const watching = new AbortController()
  const told: LibraryFolder[][] = []
  const indexed = new Promise<void>((resolve) => {
    void handlers['library.watch'](
      {},
      ({ folders }: { folders: LibraryFolder[] }) => {
        told.push(folders)
        if (folders[0]?.indexed === 1) resolve()
        return Promise.resolve()
      },
      { ...(call as object), signal: watching.signal } as never,
    )
  })
  expect(await handlers['library.add']({ path: folder, budgetBytes: 0, budgetDays: 0 }, call)).toMatchObject({ ok: true })
  await indexed
  watching.abort()
  expect(told[0]).toEqual([])
  const found = await handlers['library.search']({ ...nothing, hosts: ['192.0.2.1'], from: '2026-01-01T00:00:00.000Z' }, call)
  expect(found).toMatchObject({ ok: true, value: { hits: [{ path, flows: 1 }], notIndexed: 0, truncated: false } })
  expect(await handlers['library.search']({ ...nothing, hosts: ['example.com'] }, call)).toMatchObject({
    ok: false,
    error: { code: 'invalid_input', path: 'hosts' },
  })
  expect(await handlers['library.search']({ ...nothing, communityId: '1:x' }, call)).toMatchObject({ ok: false })
  await library.close()

  library = new CaptureLibrary(root)
  handlers = libraryHandlers(library)
  expect(library.folders).toMatchObject([{ path: folder }])
  const { paths } = await library.find({ hosts: ['198.51.100.1', 'nobody'], communityId: null, from: BEGIN - 5, to: BEGIN + 5 })
  expect(paths).toEqual([path])
  expect(await handlers['library.remove']({ path: folder }, call)).toEqual({ ok: true, value: {} })
  expect(library.folders).toEqual([])
  await library.close()
})
