import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Content } from './content.ts'
import { madePcapng, type MadePacket } from './made-packets.ts'
import { Merge, type MergeFile } from './merge.ts'
import { PacketSource } from './packet-source.ts'

/** Bytes in memory, of which a part at a time is there; every so often somebody must wait for them. */
function memoryContent(bytes: Uint8Array, part: number, waits: boolean): Content & { closed: boolean } {
  let reads = 0
  return {
    size: bytes.length,
    compression: null,
    done: 0,
    problem: null,
    closed: false,
    read(into, offset, length, position) {
      const piece = bytes.subarray(position, position + Math.min(length, part))
      into.set(piece, offset)
      return waits && ++reads % 3 === 0 ? Promise.resolve(piece.length) : piece.length
    },
    close() {
      this.closed = true
    },
  }
}

interface Named extends MadePacket {
  readonly name: string
}
/** Each packet says in its bytes what it is. */
const fileOf = (packets: readonly Named[]): Uint8Array =>
  madePcapng(packets.map((packet) => ({ ...packet, bytes: Buffer.from(packet.name) })))

async function merged(files: readonly MergeFile[]): Promise<string[]> {
  const merge = new Merge(files)
  const names: string[] = []
  for (;;) {
    const run = await merge.next()
    if (run === null) return names
    const { batch, data, dataOffset } = run.source
    expect(run.to).toBeGreaterThan(run.from)
    for (let i = run.from; i < run.to; i++) {
      const at = batch.offsets[i]! - dataOffset
      names.push(Buffer.from(data.subarray(at, at + batch.captured[i]!)).toString())
    }
  }
}
const before = (a: Named, b: Named): boolean => {
  const [x, y] = [Number.isNaN(a.seconds) ? -Infinity : a.seconds, Number.isNaN(b.seconds) ? -Infinity : b.seconds]
  return x < y || (x === y && x !== -Infinity && (a.nanos ?? 0) < (b.nanos ?? 0))
}
/** Of all files' next packets always the earliest, of equal ones that of the file that was named first. */
function plainly(files: readonly (readonly Named[])[]): string[] {
  const next = files.map(() => 0)
  const names: string[] = []
  for (;;) {
    let best = -1
    for (const [file, packets] of files.entries()) {
      const packet = packets[next[file]!]
      if (packet !== undefined && (best < 0 || before(packet, files[best]![next[best]!]!))) best = file
    }
    if (best < 0) return names
    names.push(files[best]![next[best]!++]!.name)
  }
}

const moments = fc.record({
  // Close together, so that many are the same; nanoseconds that a double of our time does not hold.
  seconds: fc.oneof({ weight: 9, arbitrary: fc.integer({ min: 1_767_323_045, max: 1_767_323_047 }) }, fc.constant(NaN)),
  nanos: fc.constantFrom(0, 1, 2, 500_000_000, 999_999_999),
})
const someFiles = fc.array(fc.array(moments, { maxLength: 12 }), { minLength: 1, maxLength: 5 }).map((files) =>
  files.map((packets, file) =>
    packets.map(({ seconds, nanos }, i): Named => ({
      seconds,
      nanos: Number.isNaN(seconds) ? 0 : nanos,
      name: `${file}.${i}`,
      bytes: new Uint8Array(0),
    })),
  ),
)
const firstOf = (packets: readonly Named[]): number => {
  const [one] = packets
  return one === undefined || Number.isNaN(one.seconds) ? -Infinity : one.seconds + (one.nanos ?? 0) / 1e9
}

describe('files that are merged by time', () => {
  it('come in the same order whatever the sizes of batches and stretches', async () => {
    await fc.assert(
      fc.asyncProperty(
        someFiles,
        fc.integer({ min: 1, max: 7 }),
        fc.integer({ min: 64, max: 400 }),
        fc.boolean(),
        async (files, batch, stretch, waits) => {
          const given = files.map((packets): MergeFile => ({
            first: firstOf(packets),
            open: async () => {
              const source = new PacketSource(memoryContent(fileOf(packets), stretch, waits), stretch, batch)
              expect(await source.begin()).toBe(true)
              return source
            },
          }))
          expect(await merged(given)).toEqual(plainly(files))
        },
      ),
    )
  })

  it('are opened when their time has come', async () => {
    const opened: number[] = []
    const seen: string[] = []
    const files = [30, 10, 20].map((seconds, file): MergeFile => ({
      first: seconds,
      open: async () => {
        opened.push(seconds)
        const packets = [0, 1, 2].map((i): Named => ({ seconds: seconds + i, name: `${file}.${i}`, bytes: new Uint8Array(0) }))
        const source = new PacketSource(memoryContent(fileOf(packets), 4096, false))
        await source.begin()
        return source
      },
    }))
    const merge = new Merge(files)
    for (let run = await merge.next(); run !== null; run = await merge.next()) seen.push(`${run.file} of ${opened.join()}`)
    expect(seen).toEqual(['1 of 10', '2 of 10,20', '0 of 10,20,30'])
  })
})

describe('packets of one file', () => {
  it('are the same in batches and stretches of any size', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.uint8Array({ minLength: 1, maxLength: 200 }), { maxLength: 30 }),
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 32, max: 600 }),
        fc.boolean(),
        async (packets, batch, stretch, waits) => {
          const file = madePcapng(packets.map((bytes, i) => ({ seconds: i, bytes })))
          const source = new PacketSource(memoryContent(file, stretch, waits), stretch, batch)
          expect(await source.begin()).toBe(true)
          const got: string[] = []
          while (await source.next()) {
            expect(source.batch.length).toBeLessThanOrEqual(batch)
            expect(source.batch.first).toBe(got.length)
            for (let i = 0; i < source.batch.length; i++) {
              const at = source.batch.offsets[i]! - source.dataOffset
              got.push(Buffer.from(source.data.subarray(at, at + source.batch.captured[i]!)).toString('hex'))
            }
          }
          expect(got).toEqual(packets.map((bytes) => Buffer.from(bytes).toString('hex')))
          expect(source.stopped).toBeNull()
          expect(source.position).toBe(file.length)
        },
      ),
    )
  })

  it('end where the file is cut, which is said', async () => {
    const file = madePcapng([1, 2, 3].map((seconds) => ({ seconds, bytes: new Uint8Array(100) })))
    const cut = file.subarray(0, file.length - 50)
    const source = new PacketSource(memoryContent(cut, 64, false), 64, 10)
    await source.begin()
    let packets = 0
    while (await source.next()) packets += source.batch.length
    expect(packets).toBe(2)
    // A block of 100 bytes of packet has 32 of its own.
    expect(source.stopped).toMatchObject({ offset: file.length - 132 })
    expect(source.stopped?.reason).toContain('ends inside a block')
  })

  it('are none where the file is no capture, or too short to be one', async () => {
    for (const bytes of [Buffer.alloc(0), Buffer.from('GET / HTTP/1.1\r\n\r\n and so on, and on'), Buffer.from([0x0a, 0x0d])]) {
      const source = new PacketSource(memoryContent(bytes, 8, true), 64, 10)
      expect(await source.begin()).toBe(false)
      expect(await source.next()).toBe(false)
    }
  })
})
