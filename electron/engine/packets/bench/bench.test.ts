/** The bench with its real threads: they run from the built engine. */
import { existsSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import type { Capture } from '../../../../shared/model/capture.ts'
import type { Result } from '../../../../shared/model/result.ts'
import { everyMs, madeDatagram, madePcap } from '../capture/made-packets.ts'
import { PacketBench } from './bench.ts'
import { knownCapture, MadeFolder, PACKETS } from './made-capture.ts'

const folder = new MadeFolder()
const benches: PacketBench[] = []
afterEach(async () => {
  await Promise.all(benches.splice(0).map((bench) => bench.close()))
})
afterAll(() => folder.remove())
let desks = 0
function bench(dataDir = folder.folder(`desk-${++desks}`)): PacketBench {
  const made = new PacketBench(dataDir)
  benches.push(made)
  return made
}
const valueOf = <T>(result: Result<T>): T => {
  if (!result.ok) throw new Error(result.error.message)
  return result.value
}
const never = new AbortController().signal
async function ready(of: PacketBench, paths: readonly string[]): Promise<Capture> {
  const { id } = valueOf(await of.openFiles(paths))
  const thread = valueOf(of.thread(id))
  while (thread.capture?.state === 'indexing' || thread.capture?.state === 'reading')
    await new Promise((resolve) => setTimeout(resolve, 5))
  return thread.capture!
}
const page = { view: null, from: 0, count: 1000, fields: [] }

describe('the packet bench', () => {
  it('opens the same files as one capture, and others as another', async () => {
    const desk = bench()
    const [one, other] = [folder.write(knownCapture()), folder.write(knownCapture())]
    // At the same time, and again.
    const [first, second] = await Promise.all([desk.openFiles([one]), desk.openFiles([one])])
    const { id } = valueOf(first)
    expect(valueOf(second).id).toBe(id)
    expect(await ready(desk, [one])).toMatchObject({ id, state: 'ready', packets: PACKETS.length })
    // What is said of it is what is known now.
    expect(valueOf(await desk.openFiles([one]))).toMatchObject({ id, state: 'ready', packets: PACKETS.length })
    const both = await ready(desk, [one, other])
    expect(both.id).not.toBe(id)
    expect(both.packets).toBe(2 * PACKETS.length)
    expect(desk.open.map((capture) => capture.id).sort()).toEqual([id, both.id].sort())
    // A file that was written to is another capture.
    utimesSync(one, new Date(), new Date(Date.now() + 5000))
    expect(valueOf(await desk.openFiles([one])).id).not.toBe(id)
  })

  it('finds the index again, and lists what was open', async () => {
    const path = folder.write(knownCapture())
    const data = folder.folder('again')
    const desk = bench(data)
    const { id } = await ready(desk, [path])
    valueOf(await valueOf(desk.thread(id)).call('comment', { packet: 1, text: 'kept' }))
    await desk.closeCapture(id)
    expect(desk.open).toEqual([])
    expect(desk.thread(id)).toMatchObject({ ok: false, error: { code: 'not_found' } })
    await desk.close()
    const next = bench(data)
    expect(next.recent.list).toMatchObject([{ id, paths: [path], packets: PACKETS.length }])
    expect(valueOf(await next.openFiles([path]))).toMatchObject({ id, state: 'ready', packets: PACKETS.length })
    const { rows } = valueOf(await valueOf(next.thread(id)).call('rows', page))
    expect(rows[0]?.comments).toEqual(['kept'])
  })

  it('closes the capture that was used longest ago when there are too many', async () => {
    const desk = bench()
    const ids: string[] = []
    for (let n = 0; n < 6; n++) {
      ids.push((await ready(desk, [folder.write(knownCapture())])).id)
      await new Promise((resolve) => setTimeout(resolve, 3))
    }
    // The first is looked at: the second is the oldest now.
    valueOf(await valueOf(desk.thread(ids[0]!)).call('summary', {}))
    const last = valueOf(await desk.openFiles([folder.write(knownCapture())])).id
    expect(new Set(desk.open.map(({ id }) => id))).toEqual(new Set([...ids.filter((_, n) => n !== 1), last]))
    expect(desk.thread(ids[1]!)).toMatchObject({ error: { code: 'not_found' } })
  })

  it('gives an error value where there is no capture', async () => {
    const desk = bench()
    const none = join(folder.path, 'none.pcap')
    expect(await desk.openFiles([none])).toMatchObject({ ok: false, error: { code: 'not_found' } })
    expect(await desk.openFiles(['relative.pcap'])).toMatchObject({ ok: false, error: { code: 'invalid_input' } })
    expect(await desk.openFiles([`${none}\0`])).toMatchObject({ ok: false, error: { code: 'invalid_input' } })
    expect(await desk.openFiles([folder.write(Buffer.from('no capture at all, and long enough to be one'))])).toMatchObject({ ok: false, error: { code: 'unsupported_format' } }) // prettier-ignore
    expect(await desk.openFiles([folder.path])).toMatchObject({ ok: false, error: { code: 'unsupported_format' } })
    // The next one opens.
    expect(await ready(desk, [folder.write(knownCapture())])).toMatchObject({ state: 'ready' })
  })

  it('still lists the rows of a file that has gone', async () => {
    const desk = bench()
    const path = folder.write(knownCapture())
    const { id } = await ready(desk, [path])
    rmSync(path)
    const thread = valueOf(desk.thread(id))
    const { rows, total } = valueOf(await thread.call('rows', page))
    expect([rows.length, total]).toEqual([PACKETS.length, PACKETS.length])
    expect(valueOf(await thread.call('bytes', { packet: 1 }))).toMatchObject({ bytes: '' })
    expect(thread.gone).toBe(false)
    expect(await desk.openFiles([path])).toMatchObject({ error: { code: 'not_found' } })
  })

  it('cancels what is asked, and closes while it reads', async () => {
    const desk = bench()
    const many = folder.write(madePcap(everyMs(1, Array.from({ length: 40_000 }, (_, n) => madeDatagram(0, `number ${n}`, { clientPort: 1024 + (n % 60_000) }))))) // prettier-ignore
    const { id } = await ready(desk, [many])
    const thread = valueOf(desk.thread(id))
    // Lines take long enough for any machine to hear of it before it is through.
    const cancelled = new AbortController()
    const asked = await thread.call('find', { view: null, what: 'regex', where: 'line', text: 'is (not|never) there', caseSensitive: true, after: 0, backwards: false }, cancelled.signal, () => cancelled.abort()) // prettier-ignore
    expect(asked).toMatchObject({ ok: false, error: { code: 'cancelled' } })
    const abort = new AbortController()
    abort.abort()
    expect(await thread.call('summary', {}, abort.signal)).toMatchObject({ error: { code: 'cancelled' } })
    const copy = join(folder.path, 'copy.pcap')
    writeFileSync(
      copy,
      madePcap(
        everyMs(
          1,
          Array.from({ length: 60_000 }, (_, n) => madeDatagram(0, `number ${n}`)),
        ),
      ),
    )
    const reading = valueOf(await desk.openFiles([copy])).id
    const waiting = valueOf(desk.thread(reading)).call('find', { view: null, what: 'text', where: 'bytes', text: 'is not there', caseSensitive: true, after: 0, backwards: false }, never) // prettier-ignore
    await desk.closeCapture(reading)
    // Every call ends.
    await waiting
    expect(existsSync(join(desk.recent.folder, reading, 'meta.json'))).toBe(false)
  })
})
