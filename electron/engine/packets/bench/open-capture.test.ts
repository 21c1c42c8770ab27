import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { everyMs, MADE_TIME, madeDatagram, madePcap, madePcapng, madeSegment } from '../capture/made-packets.ts'
import { asker, knownCapture, MadeFolder, opened, PACKETS, type Asker } from './made-capture.ts'
import { OpenCapture } from './open-capture.ts'

const folder = new MadeFolder()
afterAll(() => folder.remove())
const ID = '0'.repeat(32)

describe('an opened capture', () => {
  let path: string
  let desk: Asker
  const index = folder.folder('index')
  beforeAll(async () => {
    path = folder.write(knownCapture())
    desk = await opened(index, [path])
  })
  afterAll(() => desk.capture.close())

  it('says what its files are', async () => {
    const bytes = readFileSync(path)
    expect(await desk.ask('summary', {})).toMatchObject({
      state: 'ready',
      problem: null,
      packets: PACKETS.length,
      capturedBytes: PACKETS.reduce((sum, packet) => sum + packet.bytes.length, 0),
      timeDigits: 6,
      first: '2026-01-02T03:04:05.000Z',
      linkTypes: [{ name: 'eth', packets: PACKETS.length }],
      interfaces: [{ name: 'made1', linkType: 1 }],
      files: [
        {
          path,
          name: path.slice(path.lastIndexOf('/') + 1),
          format: 'pcapng',
          compression: null,
          size: bytes.length,
          packets: PACKETS.length,
          error: null,
          sha256: createHash('sha256').update(bytes).digest('hex'),
        },
      ],
    })
  })

  it('shows rows, of all packets and of a view, and where one is', async () => {
    const { rows, total } = await desk.ask('rows', { view: null, from: 5, count: 2, fields: ['tcp.dstport', 'http.host', 'frame.len', 'frame.protocols', 'tcp.stream', 'udp.stream', 'no.such'] }) // prettier-ignore
    expect(total).toBe(PACKETS.length)
    expect(rows[0]).toMatchObject({
      number: 6,
      seconds: MADE_TIME + 1,
      nanos: 250_000_000,
      source: '192.0.2.1',
      destination: '198.51.100.10',
      sourcePort: 50_001,
      destinationPort: 80,
      protocol: 'HTTP',
      captured: PACKETS[5]!.bytes.length,
      wire: PACKETS[5]!.bytes.length,
      info: 'GET /first HTTP/1.1',
      flow: 1,
      direction: 0,
      signs: [],
      marked: false,
      comments: [],
      fields: {
        'tcp.dstport': '80',
        'http.host': 'www.example.com',
        'frame.len': String(PACKETS[5]!.bytes.length),
        'frame.protocols': 'eth:ethertype:ip:tcp:http',
        'tcp.stream': '0',
      },
    })
    expect(rows[1]!.protocol).toBe('TCP')
    const view = await desk.filter('dns')
    const numbers = PACKETS.flatMap(({ flow }, i) => (flow === 0 || flow === 3 ? [i + 1] : []))
    const page = await desk.ask('rows', { view, from: 1, count: 100, fields: [] })
    expect(page.rows.map(({ number }) => number)).toEqual(numbers.slice(1))
    expect(page.total).toBe(numbers.length)
    // Of a packet that is not in the view, the place of the next one that is.
    expect(await desk.ask('place', { view, packet: numbers[1]! })).toEqual({ index: 1, exact: true })
    expect(await desk.ask('place', { view, packet: numbers[1]! + 1 })).toEqual({ index: 2, exact: false })
    expect(await desk.ask('place', { view: null, packet: 9 })).toEqual({ index: 8, exact: true })
    expect(await desk.ask('at', { seconds: MADE_TIME + 1.1 })).toEqual({ packet: 6 })
    expect(await desk.ask('at', { seconds: MADE_TIME + 1 })).toEqual({ packet: 5 })
    expect(await desk.ask('at', { seconds: MADE_TIME + 1e6 })).toEqual({ packet: null })
    expect(await desk.call('rows', { view: 4711, from: 0, count: 1, fields: [] })).toMatchObject({ ok: false, error: { code: 'not_found' } }) // prettier-ignore
  })

  it('gives the bytes of every packet', async () => {
    for (const [i, { bytes }] of PACKETS.entries())
      expect(await desk.ask('bytes', { packet: i + 1 })).toEqual({ bytes: Buffer.from(bytes).toString('base64'), wire: bytes.length }) // prettier-ignore
    expect(await desk.call('bytes', { packet: PACKETS.length + 1 })).toMatchObject({ error: { code: 'not_found' } })
  })

  it('forgets the oldest views, and says so', async () => {
    const first = await desk.filter('tcp')
    for (let n = 0; n < 16; n++) await desk.filter(`frame.number == ${n + 1}`)
    expect(await desk.call('place', { view: first, packet: 1 })).toMatchObject({ error: { code: 'not_found' } })
  })

  it('goes from one view to the packets that are in another too', async () => {
    const [view, within] = [await desk.filter('tcp'), await desk.filter('ip.addr == 192.0.2.2')]
    const both = PACKETS.flatMap(({ flow }, i) => (flow === 2 || flow === 4 ? [i + 1] : []))
    const walked: number[] = []
    for (let after = 0; ;) {
      const { packet } = await desk.ask('nextOf', { view, within, after, backwards: false })
      if (packet === null) break
      walked.push((after = packet))
    }
    expect(walked).toEqual(both)
    expect(await desk.ask('nextOf', { view, within, after: 0, backwards: true })).toEqual({ packet: both.at(-1) })
    expect(await desk.ask('nextOf', { view, within, after: both[1]!, backwards: true })).toEqual({ packet: both[0] })
    expect(await desk.ask('nextOf', { view, within, after: both[0]!, backwards: true })).toEqual({ packet: null })
  })

  it('keeps marks and comments, and its index, when it is opened again', async () => {
    await desk.ask('mark', { packets: [9, 3, 12, 4711], marked: true })
    expect(await desk.ask('mark', { packets: [12], marked: false })).toEqual({ marked: 2 })
    await desk.ask('comment', { packet: 3, text: 'look here' })
    await desk.ask('comment', { packet: 4, text: 'gone again' })
    await desk.ask('comment', { packet: 4, text: '' })
    expect(await desk.call('comment', { packet: 4711, text: 'x' })).toMatchObject({ error: { code: 'not_found' } })
    const before = (await desk.ask('rows', { view: null, from: 0, count: 1000, fields: ['http.host', 'dns.qry.name'] })).rows
    const summary = await desk.ask('summary', {})
    const conversations = await desk.ask('conversations', { view: null, transport: 'all', order: 'first', descending: false, pair: null, from: 0, count: 100 }) // prettier-ignore
    await desk.capture.close()
    const again = await OpenCapture.open(ID, index, [path], () => undefined)
    if (!again.ok) throw new Error(again.error.message)
    desk = asker(again.value)
    expect(desk.capture.phase).toBe('ready')
    expect(await desk.ask('summary', {})).toEqual(summary)
    expect((await desk.ask('rows', { view: null, from: 0, count: 1000, fields: ['http.host', 'dns.qry.name'] })).rows).toEqual(before) // prettier-ignore
    expect(await desk.ask('conversations', { view: null, transport: 'all', order: 'first', descending: false, pair: null, from: 0, count: 100 })).toEqual(conversations) // prettier-ignore
    expect(before[2]).toMatchObject({ marked: true, comments: ['look here'], signs: ['comment'] })
    expect(before[3]).toMatchObject({ marked: false, comments: [], signs: [] })
    expect(await desk.ask('nextMark', { after: 3, backwards: false })).toEqual({ packet: 9 })
    expect(await desk.ask('nextMark', { after: 9, backwards: true })).toEqual({ packet: 3 })
    expect(await desk.ask('nextMark', { after: 9, backwards: false })).toEqual({ packet: null })
    expect(await desk.call('mark', { packets: Array.from({ length: 100_000 }, () => 1), marked: true })).toMatchObject({ error: { code: 'conflict' } }) // prettier-ignore
  })

  it('shows rows without bytes where the file is gone, and fails to carve them', async () => {
    const other = folder.write(knownCapture())
    const gone = await opened(folder.folder('gone'), [other])
    rmSync(other)
    const { rows } = await gone.ask('rows', { view: null, from: 0, count: 1000, fields: ['tcp.dstport', 'frame.len'] })
    expect(rows).toHaveLength(PACKETS.length)
    expect(rows[5]).toMatchObject({ number: 6, seconds: MADE_TIME + 1, flow: 1, fields: { 'frame.len': String(PACKETS[5]!.bytes.length) } }) // prettier-ignore
    expect(await gone.ask('bytes', { packet: 6 })).toMatchObject({ bytes: '' })
    expect((await gone.ask('follow', { flow: 1, from: 0, bytes: 1000 })).pieces).toEqual([])
    expect(await gone.ask('find', { view: null, what: 'text', where: 'bytes', text: 'GET', caseSensitive: true, after: 0, backwards: false })).toMatchObject({ packet: null }) // prettier-ignore
    expect(await gone.ask('objects', { flow: null })).toMatchObject({ objects: [] })
    const out = join(folder.path, 'never.pcapng')
    const carved = await gone.call('carve', { view: null, filter: '', flow: null, packets: null, span: { from: null, to: null }, path: out }) // prettier-ignore
    expect(carved).toMatchObject({ ok: false })
    expect(existsSync(out) || existsSync(`${out}.part`)).toBe(false)
    await gone.capture.close()
  })
})

describe('a capture that cannot be read whole', () => {
  it('is read as far as it can be, and says where it ends', async () => {
    const bytes = madePcap(everyMs(1, [madeSegment({ seq: 1 }), madeSegment({ seq: 2 }), madeSegment({ seq: 3 })]))
    const desk = await opened(folder.folder('cut'), [folder.write(bytes.subarray(0, bytes.length - 10))])
    const { files, packets, state } = await desk.ask('summary', {})
    expect({ packets, state }).toEqual({ packets: 2, state: 'ready' })
    expect(files[0]?.error?.offset).toBe(24 + 2 * (16 + 54))
    expect(files[0]?.error?.reason).toContain('ends inside a packet')
    await desk.capture.close()
  })

  it('is an error where it is no capture', async () => {
    const text = folder.write(Buffer.from('this is no capture, whatever it is called'))
    for (const paths of [[text], [folder.write(knownCapture()), text]]) {
      const result = await OpenCapture.open(ID, folder.folder('none'), paths, () => undefined)
      expect(result).toMatchObject({ ok: false, error: { code: 'unsupported_format' } })
      if (!result.ok) expect(result.error.message).toContain(text)
    }
    const archive = folder.write(gzipSync(Buffer.from('and this is none either, only packed together')))
    const index = folder.folder('no-archive')
    expect(await OpenCapture.open(ID, index, [archive], () => undefined)).toMatchObject({ ok: false })
    // What was expanded is not kept, nor is its expansion.
    expect(existsSync(join(index, 'meta.json'))).toBe(false)
  })

  it('is not there yet where its index cannot be made', async () => {
    const path = folder.write(knownCapture())
    const file = folder.write(Buffer.from('in the way'))
    expect(await OpenCapture.open(ID, join(file, 'index'), [path], () => undefined)).toMatchObject({ ok: false, error: { code: 'conflict' } }) // prettier-ignore
  })

  it('keeps what was read when it is stopped, and is read again from the beginning', async () => {
    const path = folder.write(madePcap(everyMs(1, Array.from({ length: 60_000 }, (_, i) => madeDatagram(0, `number ${i}`, { clientPort: 1024 + (i % 5000) }))))) // prettier-ignore
    const index = folder.folder('stopped')
    let capture: OpenCapture | null = null
    const opening = await OpenCapture.open(ID, index, [path], () => capture?.stop())
    if (!opening.ok) throw new Error(opening.error.message)
    capture = opening.value
    await capture.read()
    expect(capture.phase).toBe('stopped')
    const some = capture.summary.packets
    expect(some).toBeGreaterThan(0)
    expect(capture.page(null, 0, 3, []).rows.map(({ number }) => number)).toEqual([1, 2, 3])
    await capture.close()
    expect(existsSync(join(index, 'meta.json'))).toBe(false)
    const desk = await opened(index, [path])
    expect(await desk.ask('summary', {})).toMatchObject({ state: 'ready', packets: 60_000 })
    await desk.capture.close()
  })
})

describe('an index', () => {
  const spoil: readonly (readonly [string, (index: string) => void])[] = [
    ['of another version', (index) => change(index, { version: 0 })],
    ['with a field that is not there', (index) => change(index, { stacks: undefined })],
    ['whose description is cut', (index) => truncateSync(join(index, 'meta.json'), 100)],
    ['whose description is empty', (index) => truncateSync(join(index, 'meta.json'), 0)],
    ['without columns', (index) => rmSync(join(index, 'columns.bin'))],
    ['without flows', (index) => rmSync(join(index, 'flows.bin'))],
    ['without notes', (index) => rmSync(join(index, 'notes.bin'))],
    ['without expanded bytes', (index) => rmSync(join(index, 'content-0'))],
    ['with cut columns', (index) => truncateSync(join(index, 'columns.bin'), 1000)],
    ['with cut flows', (index) => truncateSync(join(index, 'flows.bin'), 1000)],
    ['with cut notes', (index) => truncateSync(join(index, 'notes.bin'), statSync(join(index, 'notes.bin')).size - 1)],
  ]
  function change(index: string, more: object): void {
    const meta = join(index, 'meta.json')
    writeFileSync(meta, JSON.stringify({ ...(JSON.parse(readFileSync(meta, 'utf8')) as object), ...more }))
  }
  it.each(spoil)('%s is made again', async (_, damage) => {
    const path = folder.write(gzipSync(knownCapture()), 'one.pcapng.gz')
    const index = folder.folder('made-again')
    rmSync(index, { recursive: true })
    const desk = await opened(index, [path])
    const rows = (await desk.ask('rows', { view: null, from: 0, count: 1000, fields: [] })).rows
    expect(rows[5]?.info).toBe('GET /first HTTP/1.1')
    await desk.ask('comment', { packet: 2, text: 'stays' })
    await desk.capture.close()
    damage(index)
    const opening = await OpenCapture.open(ID, index, [path], () => undefined)
    if (!opening.ok) throw new Error(opening.error.message)
    // It is not taken for whole while it is made: whoever is killed now makes it again.
    expect(opening.value.phase).toBe('indexing')
    expect(existsSync(join(index, 'meta.json'))).toBe(false)
    await opening.value.read()
    const again = (await asker(opening.value).ask('rows', { view: null, from: 0, count: 1000, fields: [] })).rows
    expect(again).toEqual(rows.map((row, i) => (i === 1 ? { ...row, comments: ['stays'], signs: ['comment'] } : row)))
    await opening.value.close()
    expect(readdirSync(index).sort()).toEqual(['annotations.json', 'columns.bin', 'content-0', 'flows.bin', 'meta.json', 'notes.bin']) // prettier-ignore
  })

  it('that is whole is taken as it is', async () => {
    const path = folder.write(knownCapture())
    const index = folder.folder('taken')
    await (await opened(index, [path])).capture.close()
    const again = await OpenCapture.open(ID, index, [path], () => undefined)
    if (!again.ok) throw new Error(again.error.message)
    expect(again.value.phase).toBe('ready')
    await again.value.close()
  })
})

describe('several files', () => {
  it('are one capture in order of time', async () => {
    const even = madePcapng(PACKETS.filter((_, i) => i % 2 === 0))
    const odd = gzipSync(madePcapng(PACKETS.filter((_, i) => i % 2 === 1)))
    const paths = [folder.write(odd, 'odd.pcapng.gz'), folder.write(even)]
    const desk = await opened(folder.folder('merged'), paths)
    const alone = await opened(folder.folder('alone'), [folder.write(knownCapture())])
    const all = { view: null, from: 0, count: 1000, fields: ['http.host', 'tcp.stream'] }
    expect((await desk.ask('rows', all)).rows).toEqual((await alone.ask('rows', all)).rows)
    for (const [i, { bytes }] of PACKETS.entries())
      expect((await desk.ask('bytes', { packet: i + 1 })).bytes).toBe(Buffer.from(bytes).toString('base64'))
    const { files } = await desk.ask('summary', {})
    expect(files.map(({ compression, packets }) => [compression, packets])).toEqual([
      ['gzip', Math.floor(PACKETS.length / 2)],
      [null, Math.ceil(PACKETS.length / 2)],
    ])
    await desk.capture.close()
    await alone.capture.close()
  })

  it('keep the comments of their packets', async () => {
    const said = PACKETS.map((packet, i) => ({ ...packet, comments: i % 3 === 0 ? [`of ${i}`, 'and more'] : [] }))
    const paths = [0, 1].map((rest) => folder.write(madePcapng(said.filter((_, i) => i % 2 === rest))))
    const desk = await opened(folder.folder('commented'), paths)
    const { rows } = await desk.ask('rows', { view: null, from: 0, count: 1000, fields: [] })
    expect(rows.map(({ comments }) => comments)).toEqual(said.map(({ comments }) => comments))
    expect(rows.length).toBe(PACKETS.length)
    await desk.capture.close()
  })
})
