import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { constants, createGzip, gzipSync, zstdCompressSync } from 'node:zlib'
import { afterAll, describe, expect, it } from 'vitest'
import { openContent, RATIO_FREE, type Content } from './content.ts'
import { everyMs, madePcap } from './made-packets.ts'
import { PacketSource } from './packet-source.ts'

const folder = mkdtempSync(join(tmpdir(), 'watchfloor-content-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
let files = 0
function written(bytes: Uint8Array): { path: string; spool: string } {
  const path = join(folder, `file-${++files}`)
  writeFileSync(path, bytes)
  return { path, spool: `${path}.spool` }
}
async function all(content: Content): Promise<Buffer> {
  const parts: Buffer[] = []
  for (let position = 0; ;) {
    const buffer = new Uint8Array(10_000)
    const read = await content.read(buffer, 0, buffer.length, position)
    if (read === 0) return Buffer.concat(parts)
    parts.push(Buffer.from(buffer.subarray(0, read)))
    position += read
  }
}

/** Bytes that do not shrink much. */
let state = 1
const noise = (length: number): Buffer =>
  Buffer.from(Uint8Array.from({ length }, () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) >>> 24))
// Several blocks of zstd.
const packets = everyMs(
  1,
  Array.from({ length: 1500 }, (_, i) => Buffer.concat([Buffer.from(`packet ${i} `), noise(500)])),
)
const capture = Buffer.from(madePcap(packets))
const forms = { plain: capture, gzip: gzipSync(capture), zstd: zstdCompressSync(capture) }

describe('the content of a capture', () => {
  it.each(['plain', 'gzip', 'zstd'] as const)('is the same bytes from a %s file, from any place', async (form) => {
    const { path, spool } = written(forms[form])
    const content = openContent(path, spool)
    expect(content.compression).toBe(form === 'plain' ? null : form)
    expect(content.size).toBe(forms[form].length)
    // The last bytes first: they must be waited for.
    const tail = new Uint8Array(100)
    let read = 0
    while (read < 100) read += await content.read(tail, read, 100 - read, capture.length - 100 + read)
    expect(Buffer.compare(Buffer.from(tail), capture.subarray(capture.length - 100))).toBe(0)
    expect(Buffer.compare(await all(content), capture)).toBe(0)
    expect(await content.read(tail, 0, 10, capture.length)).toBe(0)
    expect(content.problem).toBeNull()
    expect(content.done).toBe(forms[form].length)
    content.close()
  })

  it.each(['gzip', 'zstd'] as const)('of a cut %s file is every packet that can be read, and where it ends', async (form) => {
    const { path, spool } = written(forms[form].subarray(0, Math.floor(forms[form].length * 0.7)))
    const source = new PacketSource(openContent(path, spool), 4096, 16)
    expect(await source.begin()).toBe(true)
    const got: Buffer[] = []
    while (await source.next())
      for (let i = 0; i < source.batch.length; i++) {
        const at = source.batch.offsets[i]! - source.dataOffset
        got.push(Buffer.from(source.data.subarray(at, at + source.batch.captured[i]!)))
      }
    expect(got.length).toBeGreaterThan(0)
    expect(got.length).toBeLessThan(packets.length)
    for (const [i, bytes] of got.entries()) expect(Buffer.compare(bytes, packets[i]!.bytes)).toBe(0)
    expect(source.stopped?.reason).toMatch(form)
    expect(source.stopped?.offset).toBeGreaterThanOrEqual(24 + got.length * (16 + got[0]!.length))
    source.close()
  })

  it('of a bomb ends at the limit, and says so', async () => {
    const path = join(folder, 'bomb.gz')
    // Zeros shrink more than a thousand times, which packets cannot.
    const gzip = createGzip({ level: constants.Z_BEST_COMPRESSION })
    const parts: Buffer[] = []
    gzip.on('data', (part: Buffer) => parts.push(part))
    const ended = new Promise((resolve) => gzip.on('end', resolve))
    gzip.write(capture.subarray(0, 24))
    const zeros = Buffer.alloc(8 << 20)
    const total = RATIO_FREE + (64 << 20)
    for (let put = 0; put < total; put += zeros.length)
      if (!gzip.write(zeros)) await new Promise((resolve) => gzip.once('drain', resolve))
    gzip.end()
    await ended
    writeFileSync(path, Buffer.concat(parts))
    const content = openContent(path, `${path}.spool`)
    const buffer = new Uint8Array(1 << 20)
    let position = 0
    for (let read = 1; read > 0; position += read) read = await content.read(buffer, 0, buffer.length, position)
    expect(content.problem).toContain('it expands more than 1000 times: given up after')
    expect(position).toBeGreaterThan(RATIO_FREE)
    expect(position).toBeLessThan(content.size * 1000 + (1 << 20))
    expect(position).toBeLessThan(total)
    content.close()
  })

  it('that is closed while it expands leaves no file', async () => {
    const { path, spool } = written(gzipSync(Buffer.alloc(40 << 20, noise(1000))))
    const content = openContent(path, spool)
    expect(await content.read(new Uint8Array(10), 0, 10, 0)).toBe(10)
    const waiting = content.read(new Uint8Array(10), 0, 10, 39 << 20)
    content.close()
    content.close()
    expect(await waiting).toBe(0)
    expect(content.read(new Uint8Array(10), 0, 10, 0)).toBe(0)
    while (existsSync(spool)) await new Promise((resolve) => setTimeout(resolve, 5))
    expect(readdirSync(folder).filter((name) => name.startsWith(`${path.slice(folder.length + 1)}.`))).toEqual([])
  })

  it('is an error where there is no file, or a folder', () => {
    mkdirSync(join(folder, 'a'))
    expect(() => openContent(join(folder, 'none'), join(folder, 'spool'))).toThrow('ENOENT')
    expect(() => openContent(join(folder, 'a'), join(folder, 'spool'))).toThrow('a folder')
  })
})
