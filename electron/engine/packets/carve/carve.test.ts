import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { MadeFolder, opened, type Asker } from '../bench/made-capture.ts'
import type { CaptureCalls } from '../bench/capture-calls.ts'
import { MADE_TIME, madeDatagram, madePcap, madePcapng, madeSegment, type MadePacket } from '../capture/made-packets.ts'
import { PcapngWriter } from '../capture/write-pcapng.ts'
import { readCapture, type ReadCapture } from '../capture/read-capture.ts'

const folder = new MadeFolder()
/** Every packet. */
const ALL = { view: null, filter: '', flow: null, packets: null, span: { from: null, to: null } }
afterAll(() => folder.remove())

interface Read {
  readonly file: ReadCapture
  readonly packets: { seconds: number; nanos: number; bytes: string; wire: number; linkType: number; comments: string[] }[]
}
async function read(path: string): Promise<Read> {
  const packets: (Read['packets'][number] & { iface: number })[] = []
  const file = await readCapture(
    (async function* () {
      yield new Uint8Array(readFileSync(path))
    })(),
    (batch, data, offset) => {
      for (let i = 0; i < batch.length; i++) {
        const at = batch.offsets[i]! - offset
        packets.push({
          seconds: batch.seconds[i]!,
          nanos: batch.nanos[i]!,
          bytes: Buffer.from(data.subarray(at, at + batch.captured[i]!)).toString('hex'),
          wire: batch.wire[i]!,
          iface: batch.interfaces[i]!,
          linkType: -1,
          comments: [],
        })
      }
    },
  )
  for (const { packet, kind, text } of file!.remarks) if (kind === 'comment' && packet !== null) packets[packet]!.comments.push(text) // prettier-ignore
  return { file: file!, packets: packets.map(({ iface, ...packet }) => ({ ...packet, linkType: file!.interfaces[iface]!.linkType })) } // prettier-ignore
}

const made: MadePacket[] = [
  { seconds: MADE_TIME, nanos: 1, bytes: madeSegment({ flags: 'S', seq: 1 }), comments: ['first', '두 번째'] },
  { seconds: MADE_TIME, nanos: 999_999_001, bytes: madeDatagram(0, 'cut short').subarray(0, 45), wire: 1400 },
  { seconds: MADE_TIME + 1, nanos: 5, bytes: madeSegment({ by: 1, flags: 'SA', seq: 9, ack: 2 }) },
  // Of another link, raw IP; of one that nobody knows; and without a time.
  { seconds: MADE_TIME + 2, nanos: 0, bytes: madeDatagram(1, 'raw').subarray(14), linkType: 101 },
  { seconds: MADE_TIME + 2, nanos: 7, bytes: Buffer.from('0badc0de', 'hex'), linkType: 162 },
  { seconds: NaN, nanos: 0, bytes: madeDatagram(0, 'when'), comments: ['a comment'] },
  { seconds: NaN, nanos: 0, bytes: Buffer.from('no time'), linkType: 162 },
  { seconds: MADE_TIME + 3, nanos: 0, bytes: new Uint8Array(0), wire: 60 },
  { seconds: 4e9, nanos: 3, bytes: madeDatagram(0, 'far away') },
]
/** Where there is a comment there must be a time. */
const timeless = (i: number): boolean => Number.isNaN(made[i]!.seconds) && made[i]!.comments === undefined
const said = (i: number): string[] => [...(made[i]!.comments ?? []), ...(Number.isNaN(made[i]!.seconds) && !timeless(i) ? ['No time is known of this packet.'] : [])] // prettier-ignore
const wantedOf = (numbers: readonly number[]): Read['packets'] =>
  numbers.map((number) => {
    const { seconds, nanos = 0, bytes, wire = bytes.length, linkType = 1 } = made[number - 1]!
    return {
      seconds: Number.isNaN(seconds) && !timeless(number - 1) ? 0 : seconds,
      nanos,
      bytes: Buffer.from(bytes).toString('hex'),
      wire,
      linkType,
      comments: [...said(number - 1)],
    }
  })

let desk: Asker
const path = folder.write(madePcapng(made, {}, 'CLIENT_RANDOM 00 11\n'), 'from.pcapng')
beforeAll(async () => {
  desk = await opened(folder.folder('index'), [path])
})
afterAll(() => desk.capture.close())

let files = 0
async function carve(choice: Partial<CaptureCalls['carve'][0]>) {
  const target = join(folder.path, `carved-${++files}.pcapng`)
  return desk.call('carve', { ...ALL, path: target, ...choice })
}
async function carved(choice: Partial<CaptureCalls['carve'][0]>): Promise<Read> {
  const done = await carve(choice)
  if (!done.ok) throw new Error(done.error.message)
  const bytes = readFileSync(done.value.path)
  const result = await read(done.value.path)
  expect(done.value).toMatchObject({ packets: result.packets.length, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') }) // prettier-ignore
  expect(result.file.stopped).toBeNull()
  expect(statSync(done.value.path).mode & 0o777).toBe(0o600)
  return result
}

describe('what is carved', () => {
  const all = made.map((_, i) => i + 1)

  it('is the packets, to the nanosecond, the byte and the word', async () => {
    const { packets } = await carved({})
    // That no time was known is said once: reading what was written adds nothing.
    expect(packets).toEqual(wantedOf(all).map((packet) => ({ ...packet, comments: [...new Set(packet.comments)] })))
  })

  it('says where it came from, with the file’s hash, and what was chosen', async () => {
    const { file } = await carved({ packets: [3, 1], filter: 'tcp' })
    const sha256 = createHash('sha256').update(readFileSync(path)).digest('hex')
    const [comment] = file.remarks.filter(({ kind, packet }) => kind === 'comment' && packet === null)
    expect(comment?.text).toBe(
      `Carved by Watchfloor from from.pcapng (${statSync(path).size} bytes, SHA-256 ${sha256}). Packets: numbers 3, 1, display filter tcp.`,
    )
    expect(file.interfaces.slice(0, 3).map(({ linkType, name }) => [linkType, name])).toEqual([[1, 'made1'], [101, 'made101'], [162, 'made162']]) // prettier-ignore
    // What decrypts them comes with them.
    expect(file.remarks.filter(({ kind }) => kind === 'secret').map(({ text }) => text)).toEqual(['CLIENT_RANDOM 00 11\n'])
  })

  it.each<[string, Partial<CaptureCalls['carve'][0]>, number[]]>([
    ['packets, each once and in order', { packets: [7, 2, 2, 1, 4711] }, [1, 2, 7]],
    ['a flow', { flow: 0 }, [1, 3]],
    ['a filter', { filter: 'udp' }, [2, 4, 6, 9]],
    ['a span, half-open', { span: { from: MADE_TIME + 1, to: MADE_TIME + 3 } }, [3, 4, 5]],
    ['a filter in a span', { filter: 'udp', span: { from: MADE_TIME + 1, to: null } }, [4, 9]],
    ['packets of a flow’s filter', { packets: [1, 2, 3], filter: 'tcp.flags.ack == 1' }, [3]],
    ['nothing', { filter: 'http' }, []],
  ])('is chosen: %s', async (_, choice, numbers) => {
    expect((await carved(choice)).packets.map(({ bytes }) => bytes)).toEqual(wantedOf(numbers).map(({ bytes }) => bytes))
  })

  it('has the comments that were made here too', async () => {
    await desk.ask('comment', { packet: 1, text: 'made here' })
    expect((await carved({ packets: [1] })).packets[0]?.comments).toEqual(['first', '두 번째', 'made here'])
    await desk.ask('comment', { packet: 1, text: '' })
  })

  it('takes the place of nothing, and leaves nothing where it fails', async () => {
    const there = folder.write(Buffer.from('precious'), 'there.pcapng.part')
    expect(await carve({ path: there.slice(0, -5) })).toMatchObject({ ok: false, error: { code: 'invalid_input' } })
    expect(readFileSync(there, 'utf8')).toBe('precious')
    expect(existsSync(there.slice(0, -5))).toBe(false)
    expect(await carve({ filter: 'no such word' })).toMatchObject({ ok: false, error: { code: 'query_syntax' } })
    expect(await carve({ path: join(folder.path, 'no', 'folder.pcapng') })).toMatchObject({ ok: false })
    expect(readdirSync(folder.path).filter((name) => name.endsWith('.part'))).toEqual(['there.pcapng.part'])
  })

  it('can be carved again and is the same', async () => {
    const first = await carve({ span: { from: MADE_TIME, to: null } })
    if (!first.ok) throw new Error(first.error.message)
    const again = await opened(folder.folder('again'), [first.value.path])
    const target = join(folder.path, 'again.pcapng')
    await again.ask('carve', { ...ALL, path: target })
    expect((await read(target)).packets).toEqual((await read(first.value.path)).packets)
    await again.capture.close()
  })

  it('has records that are no packets as they were', async () => {
    const writer = new PcapngWriter()
    const iface = writer.interface({ linkType: 1 })
    const records = [
      { type: 0xbad, enterprise: 32_473, bytes: Buffer.from('whose') },
      { type: 0x4000_0bad, enterprise: 1, bytes: Buffer.from('copied') },
      { type: 9, enterprise: null, bytes: Buffer.from('MESSAGE=x\n') },
    ]
    for (const record of records) {
      writer.record({ ...record, bytes: Buffer.concat([record.bytes], Math.ceil(record.bytes.length / 4) * 4) })
      writer.packet(iface, { bytes: madeDatagram(0, 'x'), wire: 50, seconds: MADE_TIME, nanos: 0 })
    }
    const special = await opened(folder.folder('records'), [folder.write(writer.take())])
    const target = join(folder.path, 'records.pcapng')
    await special.ask('carve', { ...ALL, path: target })
    const blocks: { type: number; enterprise: number | null; text: string }[] = []
    const bytes = readFileSync(target)
    for (let at = 0; at < bytes.length; at += bytes.readUInt32LE(at + 4)) {
      const type = bytes.readUInt32LE(at)
      const custom = (type & 0xffff) === 0xbad
      const text = bytes.toString('utf8', at + (custom ? 12 : 8), at + bytes.readUInt32LE(at + 4) - 4).replaceAll('\0', '')
      if (custom || type === 9) blocks.push({ type, enterprise: custom ? bytes.readUInt32LE(at + 8) : null, text })
    }
    expect(blocks).toEqual(records.map(({ bytes: content, ...record }) => ({ ...record, text: content.toString() })))
    await special.capture.close()
  })

  it('of a classic file is pcapng with the same times', async () => {
    const classic = await opened(folder.folder('classic'), [folder.write(madePcap([{ seconds: MADE_TIME, nanos: 123_456_000, bytes: madeDatagram(0, 'x') }]))]) // prettier-ignore
    const target = join(folder.path, 'classic.pcapng')
    await classic.ask('carve', { ...ALL, path: target })
    expect((await read(target)).packets).toMatchObject([{ seconds: MADE_TIME, nanos: 123_456_000, linkType: 1 }])
    await classic.capture.close()
  })
})
