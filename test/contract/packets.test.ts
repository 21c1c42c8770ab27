/** Captures and packets over the contract, with real threads behind it; answers are checked against their schemas. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { contract, type WatchfloorContract } from '../../shared/contract.ts'
import type { Capture } from '../../shared/model/capture.ts'
import { fail, type Result } from '../../shared/model/result.ts'
import { PERMISSIONS, type ClientOf, type HandlersOf, type Permission } from '../../shared/rpc/kinds.ts'
import { connectInMemory } from '../../electron/engine/hosts/in-memory.ts'
import { packetHandlers } from '../../electron/engine/handlers/packets.ts'
import { PacketBench } from '../../electron/engine/packets/bench/bench.ts'
import { knownCapture, MadeFolder, PACKETS } from '../../electron/engine/packets/bench/made-capture.ts'
import { everyMs, madeDatagram, madePcap } from '../../electron/engine/packets/capture/made-packets.ts'
import type { PacketLinks } from '../../electron/engine/packets/links/packet-links.ts'
import { errorOf, valueOf } from './suite.ts'

const folder = new MadeFolder()
const data = folder.folder('desk')
const bench = new PacketBench(data)
const elsewhere = Object.fromEntries(
  Object.keys(contract).map((name) => [name, () => Promise.resolve(fail({ code: 'data_newer', message: 'not asked here' }))]),
) as unknown as HandlersOf<WatchfloorContract>
// Records are of a store, which is not here.
const handlers = { ...elsewhere, ...packetHandlers(bench, {} as unknown as PacketLinks) }
const client = (...permissions: Permission[]): ClientOf<WatchfloorContract> =>
  connectInMemory({ handlers }, { log: () => undefined, caller: { id: 'test', name: 'Test', permissions: new Set(permissions) } })
const all = client(...PERMISSIONS)
const none = client()
const reader = client('packets.read')
const clients = [all, none, reader]

const path = folder.write(knownCapture())
const NOWHERE = 'f'.repeat(32)
let capture = ''
async function ready(paths: string[]): Promise<Capture> {
  const { id } = valueOf(await reader.command('captures.open', { paths }))
  return new Promise((resolve) => {
    const watched = reader.stream('captures.watch', { capture: id }, {
      next: (value) => {
        if (value.state === 'indexing' || value.state === 'reading') return
        watched.cancel()
        resolve(value)
      },
    }) // prettier-ignore
  })
}
beforeAll(async () => {
  const opened = await ready([path])
  expect(opened).toMatchObject({ state: 'ready', packets: PACKETS.length })
  capture = opened.id
})
afterAll(async () => {
  for (const one of clients) one.close()
  await bench.close()
  folder.remove()
})

describe('captures over the contract', () => {
  it('are refused to callers without the permission', async () => {
    expect(errorOf(await none.command('captures.open', { paths: [path] }))).toMatchObject({ code: 'forbidden', permission: 'packets.read' }) // prettier-ignore
    expect(errorOf(await none.query('packets.rows', { capture, from: 0, count: 1 }))).toMatchObject({ code: 'forbidden' })
    // Who may read may not write files.
    const target = join(folder.path, 'refused.pcapng')
    expect(errorOf(await reader.job('packets.carve', { capture, path: target }).done)).toMatchObject({ code: 'forbidden', permission: 'packets.export' }) // prettier-ignore
    expect(errorOf(await reader.command('packets.saveObjects', { capture, ids: ['x'], folder: null }))).toMatchObject({ code: 'forbidden' }) // prettier-ignore
    expect(errorOf(await reader.command('packets.saveStream', { capture, flow: 1, as: 'tcp', direction: 0, path: target }))).toMatchObject({ code: 'forbidden' }) // prettier-ignore
    expect(existsSync(target)).toBe(false)
  })

  it('are not found where they are not open', async () => {
    const calls: Promise<Result<unknown>>[] = [
      reader.query('captures.get', { capture: NOWHERE }),
      reader.command('captures.stop', { capture: NOWHERE }),
      reader.command('captures.resume', { capture: NOWHERE }),
      reader.command('captures.keys', { capture: NOWHERE, path: null }),
      reader.query('packets.rows', { capture: NOWHERE, from: 0, count: 1 }),
      reader.query('packets.tree', { capture: NOWHERE, packet: 1 }),
      reader.query('packets.flow', { capture: NOWHERE, flow: 0 }),
      reader.query('packets.graph', { capture: NOWHERE }),
      reader.job('packets.filter', { capture: NOWHERE, filter: 'tcp' }).done,
      reader.job('packets.find', { capture: NOWHERE, what: 'text', text: 'x', after: 0 }).done,
      reader.job('packets.objects', { capture: NOWHERE }).done,
      all.job('packets.carve', { capture: NOWHERE, path: null }).done,
      new Promise((resolve) => {
        reader.stream('captures.watch', { capture: NOWHERE }, { next: () => undefined, end: resolve })
      }),
    ]
    expect((await Promise.all(calls)).map((result) => errorOf(result).code)).toEqual(calls.map(() => 'not_found'))
    expect(errorOf(await reader.query('captures.get', { capture: '../../etc' })).code).toBe('invalid_input')
    expect(errorOf(await reader.command('captures.open', { paths: [join(folder.path, 'none.pcap')] })).code).toBe('not_found')
    expect(errorOf(await reader.command('captures.open', { paths: ['relative'] })).code).toBe('invalid_input')
  })

  it('answer as they promise', async () => {
    const { view, matched, how } = valueOf(await reader.job('packets.filter', { capture, filter: 'tcp.stream == 0' }).done)
    expect({ matched, how }).toEqual({ matched: PACKETS.filter(({ flow }) => flow === 1).length, how: 'index' })
    const answers: Promise<Result<unknown>>[] = [
      reader.query('captures.list', {}),
      reader.query('packets.rows', { capture, view, from: 0, count: 100, fields: ['ip.src', 'http.host'] }),
      reader.query('packets.place', { capture, view, packet: 6 }),
      reader.query('packets.at', { capture, seconds: 0 }),
      reader.query('packets.bytes', { capture, packet: 6 }),
      reader.command('packets.mark', { capture, packets: [6], marked: true }),
      reader.query('packets.nextMark', { capture, after: 0 }),
      reader.command('packets.comment', { capture, packet: 6, text: 'x' }),
      reader.query('packets.flow', { capture, packet: 6 }),
      reader.query('packets.conversations', { capture, view }),
      reader.query('packets.endpoints', { capture, ports: true }),
      reader.query('packets.hierarchy', { capture, view }),
      reader.query('packets.graph', { capture, view }),
      reader.query('packets.sequence', { capture, flow: 1 }),
      reader.query('packets.follow', { capture, flow: 1, as: 'tcp' }),
      reader.job('packets.find', { capture, what: 'text', where: 'bytes', text: 'GET', after: 0 }).done,
      reader.job('packets.objects', { capture }).done,
      all.job('packets.carve', { capture, flow: 1, path: null }).done,
      all.command('packets.saveStream', { capture, flow: 1, as: 'tcp', direction: null, path: null }),
      reader.query('packets.check', { filter: 'tcp.port == 80' }),
      reader.query('packets.complete', { filter: 'tcp.po', cursor: 6 }),
    ]
    for (const answer of await Promise.all(answers)) expect(answer).toMatchObject({ ok: true })
    expect(errorOf(await reader.job('packets.filter', { capture, filter: 'tcp.prot == 1' }).done)).toMatchObject({ code: 'query_syntax', offset: 0, length: 8 }) // prettier-ignore
  })

  it('write new files only, in the exports of the desk where no path is named', async () => {
    const carve = (to: string | null) => all.job('packets.carve', { capture, packets: [1, 2], path: to }).done
    const target = join(folder.path, 'carved.pcapng')
    expect(valueOf(await carve(target))).toMatchObject({ path: target, packets: 2 })
    expect(errorOf(await carve(target)).code).toBe('conflict')
    expect(errorOf(await carve('carved.pcapng')).code).toBe('invalid_input')
    expect(errorOf(await carve(join(folder.path, 'none', 'x.pcapng'))).code).toBe('invalid_input')
    const [one, two] = [valueOf(await carve(null)), valueOf(await carve(null))]
    expect(one.path.startsWith(join(data, 'exports'))).toBe(true)
    expect(two.path).not.toBe(one.path)
  })

  it('end a filter that is cancelled', async () => {
    const many = folder.write(madePcap(everyMs(1, Array.from({ length: 40_000 }, (_, n) => madeDatagram(0, `number ${n}`, { clientPort: 1024 + (n % 60_000) }))))) // prettier-ignore
    const { id } = await ready([many])
    // Bytes of packets: it must read every one of them.
    const filter = reader.job('packets.filter', { capture: id, filter: 'frame contains "is not there"' })
    const told = await new Promise<{ scanned: number; of: number }>((resolve) => filter.onProgress(resolve))
    expect(told.of).toBe(40_000)
    expect(told.scanned).toBeLessThan(40_000)
    filter.cancel()
    expect(errorOf(await filter.done).code).toBe('cancelled')
    // The thread goes on.
    expect(valueOf(await reader.query('packets.rows', { capture: id, from: 39_999, count: 5 })).rows).toHaveLength(1)
    const watched = new Promise<Result<void>>((resolve) => {
      reader.stream('captures.watch', { capture: id }, { next: () => undefined, end: resolve })
    })
    valueOf(await reader.command('captures.close', { capture: id }))
    expect(await watched).toEqual({ ok: true, value: undefined })
    expect(errorOf(await reader.query('captures.get', { capture: id })).code).toBe('not_found')
  })
})
