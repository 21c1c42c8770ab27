import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { NO_TIME, PcapngWriter, type InterfaceTexts, type WrittenPacket } from './write-pcapng.ts'
import { readCapture, type ReadCapture } from './read-capture.ts'

interface Got {
  readonly iface: number
  readonly seconds: number
  readonly nanos: number
  readonly wire: number
  readonly bytes: string
}
async function read(pieces: readonly Uint8Array[]): Promise<{ file: ReadCapture; packets: Got[] }> {
  const packets: Got[] = []
  const file = await readCapture(
    (async function* () {
      yield* pieces
    })(),
    (batch, data, offset) => {
      for (let i = 0; i < batch.length; i++) {
        const from = batch.offsets[i]! - offset
        packets.push({
          iface: batch.interfaces[i]!,
          seconds: batch.seconds[i]!,
          nanos: batch.nanos[i]!,
          wire: batch.wire[i]!,
          bytes: Buffer.from(data.subarray(from, from + batch.captured[i]!)).toString('hex'),
        })
      }
    },
  )
  if (file === null) throw new Error('not a capture')
  return { file, packets }
}

const text = fc.option(
  fc.string({ minLength: 1, maxLength: 40, unit: 'binary' }).filter((s) => !s.includes('\0') && s.isWellFormed()),
)
const anInterface: fc.Arbitrary<InterfaceTexts> = fc.record({
  linkType: fc.nat(65_535),
  snapLength: fc.constantFrom(0, 65_535, 262_144),
  name: text,
  description: text,
  filter: text,
  system: text,
  hardware: text,
})
const aPacket: fc.Arbitrary<WrittenPacket & { of: number }> = fc.record({
  bytes: fc.uint8Array({ maxLength: 200 }),
  wire: fc.nat(100_000),
  seconds: fc.oneof(fc.nat(4_000_000_000), fc.integer({ min: -(2 ** 40), max: 2 ** 40 }), fc.constant(NaN)),
  nanos: fc.nat(999_999_999),
  comments: fc.array(fc.string({ minLength: 1, maxLength: 30 }), { maxLength: 2 }),
  of: fc.nat(),
})

describe('pcapng that is written', () => {
  it('says what was given, when read', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anInterface, { minLength: 1, maxLength: 4 }),
        fc.array(aPacket, { maxLength: 20 }),
        async (interfaces, packets) => {
          const writer = new PcapngWriter({ comments: ['cut from another file'], application: 'Watchfloor' })
          const pieces: Uint8Array[] = []
          const numbers = interfaces.map((of) => writer.interface(of))
          for (const packet of packets) {
            writer.packet(numbers[packet.of % numbers.length]!, packet)
            if (packet.of % 3 === 0) pieces.push(writer.take())
          }
          pieces.push(writer.take())
          expect(writer.pending).toBe(0)
          expect(writer.written).toBe(pieces.reduce((sum, piece) => sum + piece.length, 0))
          const { file, packets: got } = await read(pieces)
          expect(file.stopped).toBeNull()
          expect(file.interfaces.slice(0, interfaces.length)).toEqual(interfaces)
          expect(got.map(({ iface, ...rest }) => ({ ...rest, linkType: file.interfaces[iface]!.linkType }))).toEqual(
            packets.map(({ bytes, wire, seconds, nanos, of }, i) => ({
              // Without a time it is a simple packet, or one at 1970 with a comment that says so.
              seconds: Number.isNaN(seconds) ? (Number.isNaN(got[i]!.seconds) ? NaN : 0) : seconds,
              nanos: Number.isNaN(seconds) ? 0 : nanos,
              wire,
              bytes: Buffer.from(bytes).toString('hex'),
              linkType: interfaces[of % interfaces.length]!.linkType,
            })),
          )
          expect(file.remarks.filter((remark) => remark.packet === null).map((remark) => remark.text)).toEqual([
            'cut from another file',
          ])
          expect(file.remarks.filter((remark) => remark.packet !== null).map((remark) => [remark.packet, remark.text])).toEqual(
            packets.flatMap(({ seconds, comments = [] }, i) => [
              ...comments.map((comment) => [i, comment]),
              ...(Number.isNaN(seconds) && !Number.isNaN(got[i]!.seconds) ? [[i, NO_TIME]] : []),
            ]),
          )
        },
      ),
    )
  })

  it('has secrets, long ones cut at their lines', async () => {
    const line = `CLIENT_RANDOM ${'ab'.repeat(32)} ${'cd'.repeat(48)}\n`
    const keyLog = line.repeat(Math.ceil((5 << 20) / line.length))
    const writer = new PcapngWriter()
    writer.secrets(keyLog)
    writer.interface({ linkType: 1 })
    const { file } = await read([writer.take()])
    expect(file.stopped).toBeNull()
    expect(file.remarks.map((remark) => [remark.kind, remark.about])).toEqual([['secret', 'TLSK'], ['secret', 'TLSK']]) // prettier-ignore
    expect(file.remarks.every((remark) => remark.text.endsWith('\n'))).toBe(true)
    expect(file.remarks.map((remark) => remark.text).join('') === keyLog).toBe(true)
  })

  it('cuts a comment that is too long between characters', async () => {
    const writer = new PcapngWriter({ comments: ['한'.repeat(30_000)] })
    const { file } = await read([writer.take()])
    expect(file.stopped).toBeNull()
    expect(file.remarks[0]?.text).toHaveLength(21_844)
  })
})
