import { execFileSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { constants, gzipSync, zstdCompressSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { made, madeEvtx } from '../evtx/made-evtx.ts'
import { openLog } from './open-log.ts'

let folder: string
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'watchfloor-open-'))))
afterEach(() => rm(folder, { recursive: true }))

async function read(bytes: Uint8Array, offset = 0): Promise<Buffer> {
  const path = join(folder, 'log')
  await writeFile(path, bytes)
  const log = await openLog(path)
  try {
    const parts: Buffer[] = []
    for await (const piece of log.pieces(offset)) parts.push(Buffer.from(piece))
    return Buffer.concat(parts)
  } finally {
    await log.close()
  }
}
const text = Buffer.from(Array.from({ length: 200_000 }, (_, n) => `record ${n}\n`).join(''))
const xz = (): boolean => {
  try {
    execFileSync('xz', ['--version'])
    return true
  } catch {
    return false
  }
}

describe('a log', () => {
  it.each([
    ['plain', (bytes: Buffer) => bytes],
    ['gzip', gzipSync],
    ['zstd', zstdCompressSync],
  ] as const)('%s is read from any offset', async (_, compress) => {
    const file = compress(text)
    for (const offset of [0, 1, 1_000_000, text.length - 3, text.length, text.length + 5])
      expect((await read(file, offset)).equals(text.subarray(offset))).toBe(true)
  })
  it.skipIf(!xz())('xz is read by the system’s program', async () => {
    expect((await read(execFileSync('xz', ['-c'], { input: text }), 7)).equals(text.subarray(7))).toBe(true)
  })
  it('of several gzip members or zstd frames is read whole', async () => {
    expect((await read(Buffer.concat([gzipSync('one\n'), gzipSync('two\n')]))).toString()).toBe('one\ntwo\n')
    const skippable = Buffer.from('532a4d18040000000badcafe', 'hex')
    const frames = [
      skippable,
      zstdCompressSync('one\n'),
      zstdCompressSync(Buffer.alloc(300_000, 'x\n')),
      skippable,
      zstdCompressSync(text, { params: { [constants.ZSTD_c_checksumFlag]: 1 } }),
      zstdCompressSync(''),
    ]
    expect(
      (await read(Buffer.concat(frames))).equals(Buffer.concat([Buffer.from('one\n'), Buffer.alloc(300_000, 'x\n'), text])),
    ).toBe(true)
    await expect(read(Buffer.concat([zstdCompressSync('one\n'), Buffer.from('junk')]))).rejects.toThrow('something else')
  })
  it.each([
    ['gzip', gzipSync],
    ['zstd', zstdCompressSync],
  ] as const)('%s that was cut off gives what there is, then says so', async (name, compress) => {
    const path = join(folder, 'cut')
    const noise = Buffer.from(Array.from({ length: 100_000 }, (_, n) => Math.imul(n, 2654435761).toString(36)).join('\n'))
    const file = compress(noise)
    await writeFile(path, file.subarray(0, file.length / 2))
    const log = await openLog(path)
    let length = 0
    await expect(async () => {
      for await (const piece of log.pieces()) length += piece.length
    }).rejects.toThrow(name)
    await log.close()
    expect(length).toBeGreaterThan(0)
  })
  it('that expands beyond reason is given up', async () => {
    const path = join(folder, 'bomb')
    const zeros = zstdCompressSync(Buffer.alloc(64 * 1024 * 1024))
    await writeFile(path, Buffer.concat(Array.from({ length: 20 }, () => zeros)))
    const log = await openLog(path)
    let length = 0
    await expect(async () => {
      for await (const piece of log.pieces()) length += piece.length
    }).rejects.toThrow('expands')
    await log.close()
    expect(length).toBeLessThan(1.1 * 1024 * 1024 * 1024)
  })
})

it.each([
  ['a zip archive', Buffer.from('PK\x03\x04')],
  ['a packet capture', Buffer.from('d4c3b2a1020004', 'hex')],
  ['UTF-16', Buffer.from('\ufeffa', 'utf16le')],
])('%s is named for what it is', async (name, bytes) => {
  const path = join(folder, 'other')
  await writeFile(path, bytes)
  await expect(openLog(path)).rejects.toThrow(name)
})
it('a folder, and a pipe that nobody writes to, are no files', async () => {
  await expect(openLog(folder)).rejects.toThrow('a folder')
  execFileSync('mkfifo', [join(folder, 'pipe')])
  await expect(openLog(join(folder, 'pipe'))).rejects.toThrow('no regular file')
})

it.each([
  ['as it is', (bytes: Uint8Array) => bytes],
  ['compressed', gzipSync],
])('a Windows event log, %s, is its records as lines, from any offset', async (name, packed) => {
  const path = join(folder, `log-${name.replaceAll(' ', '-')}`)
  const template = [{ name: 'Event', children: [{ name: 'System', children: [{ name: 'EventID', children: [{ value: 0 }] }] }] }]
  await writeFile(path, packed(madeEvtx([[1, 2].map((id) => ({ id, template, values: [made.u16(id)] }))])))
  const log = await openLog(path)
  expect(log.plain).toBe(false)
  for (const offset of [0, 5, 60]) {
    const parts: Buffer[] = []
    for await (const piece of log.pieces(offset)) parts.push(Buffer.from(piece))
    const lines = '{"Event":{"System":{"EventID":1}}}\n{"Event":{"System":{"EventID":2}}}\n'
    expect(Buffer.concat(parts).toString()).toBe(lines.slice(offset))
  }
  await log.close()
})
