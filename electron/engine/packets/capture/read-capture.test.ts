import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { NO_INTERFACE, PacketBatch } from './batch.ts'
import { readCapture, type ReadCapture } from './read-capture.ts'

type Packet = readonly [seconds: number, nanos: number, data: Uint8Array, wire: number]

const words = (little: boolean, ...values: number[]): Uint8Array => {
  const bytes = new Uint8Array(values.length * 4)
  const view = new DataView(bytes.buffer)
  values.forEach((value, i) => view.setUint32(i * 4, value >>> 0, little))
  return bytes
}
const shorts = (little: boolean, first: number, second: number): Uint8Array => {
  const bytes = new Uint8Array(4)
  const view = new DataView(bytes.buffer)
  view.setUint16(0, first, little)
  view.setUint16(2, second, little)
  return bytes
}
const joined = (...parts: Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts))

function pcap(packets: readonly Packet[], { little = true, nanoseconds = false, patched = false } = {}): Uint8Array {
  const magic = nanoseconds ? 0xa1b23c4d : patched ? 0xa1b2cd34 : 0xa1b2c3d4
  return joined(
    words(little, magic),
    shorts(little, 2, 4),
    words(little, 0, 0, 65_535, 1),
    ...packets.flatMap(([seconds, nanos, data, wire]) => [
      words(little, seconds, nanoseconds ? nanos : Math.floor(nanos / 1000), data.length, wire),
      ...(patched ? [words(little, 0, 0)] : []),
      data,
    ]),
  )
}
function block(little: boolean, type: number, ...parts: Uint8Array[]): Uint8Array {
  const body = joined(...parts)
  const padding = new Uint8Array((4 - (body.length % 4)) % 4)
  const length = 12 + body.length + padding.length
  return joined(words(little, type, length), body, padding, words(little, length))
}
const option = (little: boolean, code: number, value: Uint8Array): Uint8Array =>
  joined(shorts(little, code, value.length), value, new Uint8Array((4 - (value.length % 4)) % 4))
const text = (value: string): Uint8Array => new TextEncoder().encode(value)
const section = (little: boolean): Uint8Array =>
  block(little, 0x0a0d0d0a, words(little, 0x1a2b3c4d), shorts(little, 1, 0), words(little, 0xffffffff, 0xffffffff))

interface Seen {
  readonly read: ReadCapture | null
  readonly packets: { time: string | null; data: string; wire: number; iface: number }[]
}
async function seen(file: Uint8Array, cuts: readonly number[] = [], capacity = 16_384): Promise<Seen> {
  const packets: Seen['packets'] = []
  const at = [0, ...[...cuts].map((cut) => cut % (file.length + 1)).sort((a, b) => a - b), file.length]
  const read = await readCapture(
    (async function* () {
      for (let i = 1; i < at.length; i++) yield file.slice(at[i - 1], at[i])
    })(),
    (batch, data, offset) => {
      for (let i = 0; i < batch.length; i++) {
        const from = batch.offsets[i]! - offset
        packets.push({
          time: Number.isNaN(batch.seconds[i]) ? null : `${batch.seconds[i]}.${String(batch.nanos[i]).padStart(9, '0')}`,
          data: Buffer.from(data.subarray(from, from + batch.captured[i]!)).toString('hex'),
          wire: batch.wire[i]!,
          iface: batch.interfaces[i]!,
        })
      }
    },
    () => null,
    new PacketBatch(capacity),
  )
  return { read, packets }
}

const Packets = fc.array(
  fc.tuple(fc.nat({ max: 2 ** 32 - 1 }), fc.nat({ max: 999_999 }), fc.uint8Array({ maxLength: 90 }), fc.nat({ max: 9000 })),
  { maxLength: 12 },
)

describe('captures', () => {
  it('are read in every variant of pcap, however they come in pieces', async () => {
    await fc.assert(
      fc.asyncProperty(
        Packets,
        fc.record({ little: fc.boolean(), nanoseconds: fc.boolean(), patched: fc.boolean() }),
        fc.array(fc.nat(), { maxLength: 6 }),
        fc.integer({ min: 1, max: 4 }),
        async (given, variant, cuts, capacity) => {
          const form = { ...variant, patched: variant.patched && !variant.nanoseconds }
          const packets = given.map(([s, us, data, more]): Packet => [s, us * 1000, data, data.length + more])
          const { read, packets: found } = await seen(pcap(packets, form), cuts, capacity)
          expect(read).toMatchObject({ format: 'pcap', packets: packets.length, stopped: null, interfaces: [{ linkType: 1 }] })
          expect(found).toEqual(
            packets.map(([s, ns, data, wire]) => ({
              time: `${s}.${String(ns).padStart(9, '0')}`,
              data: Buffer.from(data).toString('hex'),
              wire,
              iface: 0,
            })),
          )
        },
      ),
      { numRuns: 300 },
    )
  })

  it('are read in every kind of block of pcapng: sections of either byte order, clocks of their own, comments, names, secrets', async () => {
    const parts = (little: boolean): Uint8Array[] => [
      section(little),
      block(
        little,
        1,
        shorts(little, 1, 0),
        words(little, 4),
        option(little, 2, text('dmz0')),
        option(little, 9, Uint8Array.of(9)),
        option(little, 11, joined(Uint8Array.of(0), text('port 80'))),
      ),
      // 2026-11-20T00:00:00.123456789Z in nanoseconds.
      block(
        little,
        6,
        words(little, 0, ...halves(1_795_132_800_123_456_789n)),
        words(little, 3, 60),
        Uint8Array.of(1, 2, 3, 0),
        option(little, 1, text('look')),
        option(little, 0, new Uint8Array(0)),
      ),
      block(little, 3, words(little, 9), Uint8Array.of(5, 6, 7, 8)),
      block(little, 0xbad, words(little, 32_473), text('data')),
      block(little, 0x7777, words(little, 1)),
      block(
        little,
        4,
        shorts(little, 1, 9),
        Uint8Array.of(10, 0, 0, 1),
        text('web\0'),
        Uint8Array.of(0, 0, 0, 0),
        words(little, 0),
      ),
      block(little, 10, words(little, 0x544c534b, 3), text('abc')),
    ]
    const file = joined(...parts(true), ...parts(false))
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(), { maxLength: 8 }), fc.integer({ min: 1, max: 3 }), async (cuts, capacity) => {
        const { read, packets } = await seen(file, cuts, capacity)
        expect(read?.stopped).toBeNull()
        expect(read?.interfaces).toMatchObject([{ name: 'dmz0', filter: 'port 80', snapLength: 4 }, { name: 'dmz0' }])
        const of = (iface: number) => [
          { time: '1795132800.123456789', data: '010203', wire: 60, iface },
          { time: null, data: '05060708', wire: 9, iface },
          { time: null, data: '64617461', wire: 4, iface: NO_INTERFACE },
        ]
        expect(packets).toEqual([...of(0), ...of(1)])
        const remarks = (packet: number) => [
          { kind: 'comment', packet, about: '', text: 'look' },
          { kind: 'name', packet: null, about: '10.0.0.1', text: 'web' },
          { kind: 'secret', packet: null, about: 'TLSK', text: 'abc' },
        ]
        expect(read?.remarks).toEqual([...remarks(0), ...remarks(3)])
      }),
    )
  })

  it('that are damaged show every packet before that, and where and why reading ended', async () => {
    const packet: Packet = [1, 0, Uint8Array.of(1, 2, 3, 4), 4]
    const file = pcap([packet, packet])
    expect((await seen(file.slice(0, -1))).read?.stopped).toEqual({
      offset: 44,
      reason: 'the file ends inside a packet, 19 bytes after its beginning',
    })
    const long = file.slice()
    new DataView(long.buffer).setUint32(44 + 8, 9_000_000, true)
    const { read, packets } = await seen(long)
    expect([packets.length, read?.stopped?.offset]).toEqual([1, 44])
    const ng = joined(section(true), block(true, 6, words(true, 3, 0, 0, 0, 0)))
    expect((await seen(ng)).read?.stopped).toEqual({
      offset: 28,
      reason: 'a packet is of interface 3, which its section does not describe',
    })
    expect((await seen(text('{"event_type":"flow"}\n'))).read).toBeNull()
    expect((await seen(new Uint8Array(0))).read).toBeNull()
  })

  it('take any bytes', async () => {
    const whole = joined(
      section(true),
      block(true, 1, shorts(true, 1, 0), words(true, 0)),
      block(true, 6, words(true, 0, 1, 2, 4, 4), Uint8Array.of(1, 2, 3, 4)),
      block(true, 4, shorts(true, 2, 20), new Uint8Array(20)),
    )
    const old = pcap([[1, 0, Uint8Array.of(1, 2, 3), 3]])
    await fc.assert(
      fc.asyncProperty(
        fc.boolean(),
        fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { minLength: 1, maxLength: 6 }),
        async (ng, changes) => {
          const file = (ng ? whole : old).slice()
          for (const [at, value] of changes) file[at % file.length] = value
          const { read, packets } = await seen(file, [7])
          expect(packets.length).toBe(read?.packets ?? 0)
          for (const { data } of packets) expect(data.length / 2).toBeLessThanOrEqual(file.length)
        },
      ),
      { numRuns: 3000 },
    )
  })
})

function halves(count: bigint): [number, number] {
  return [Number(count >> 32n), Number(count & 0xffffffffn)]
}
