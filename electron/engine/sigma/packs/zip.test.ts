/** Archives: what is written can be read, by others too; what could harm is refused with the entry's name. */
import { deflateSync, strToU8, unzipSync, zipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import type { Result } from '../../../../shared/model/result.ts'
import { MAX_FILE } from '../yaml-source.ts'
import { wrongName } from './entry-name.ts'
import { MAX_UNPACKED, MOST_ENTRIES } from './limits.ts'
import { madeZip, type MadeEntry, type MadeZip } from './made-zip.ts'
import { Pace } from './pace.ts'
import type { PackFiles } from './pack-file.ts'
import { filesOfArchive } from './read-archive.ts'
import { writeZip } from './write-zip.ts'

const read = (archive: Uint8Array): Promise<Result<PackFiles>> => filesOfArchive(archive, '', new Pace())
async function said(entries: readonly MadeEntry[], zip?: MadeZip): Promise<string> {
  const result = await read(madeZip(entries, zip))
  return result.ok ? `ok ${result.value.files.map(({ name }) => name).join(' ')}` : result.error.message
}
/** What a file b.yml is in an archive: as the content of another it is two files at once. */
const INNER = madeZip([{ name: 'b.yml', bytes: 'x', method: 0 }]).subarray(0, 36)
const A: MadeEntry = { name: 'a.yml', bytes: 'title: x\n' }

describe('a zip file', () => {
  it('that is written is read here and by others, also with names and bytes of every kind', async () => {
    const files = [
      { name: 'b/규칙.yml', bytes: Buffer.from('title: 규칙\n'.repeat(500)) },
      { name: 'a.yml', bytes: Buffer.alloc(0) },
      { name: 'B.yml', bytes: Buffer.from(Array.from({ length: 3000 }, (_, i) => (i * 7919) & 255)) },
    ]
    const zip = await writeZip(files, new Pace())
    const names = ['B.yml', 'a.yml', 'b/규칙.yml']
    const ours = await read(zip)
    expect(ours.ok && ours.value.files.map(({ name }) => name)).toEqual(names)
    const theirs = unzipSync(zip)
    expect(Object.keys(theirs)).toEqual(names)
    for (const { name, bytes } of files) {
      expect(Buffer.from(theirs[name]!)).toEqual(bytes)
      expect(ours.ok && Buffer.from(ours.value.files.find((file) => file.name === name)!.bytes)).toEqual(bytes)
    }
    expect(await writeZip(files.toReversed(), new Pace())).toEqual(zip)
  })

  it('of others is read: with comments, extra fields, folders, stored files, and sizes that stand behind', async () => {
    expect(
      await said(
        [
          { name: 'x/', attributes: 0o040755 * 0x10000 + 0x10, method: 0 },
          { ...A, name: 'x/a.yml', extra: new Uint8Array([0x55, 0x54, 1, 0, 0]), comment: 'hi' },
          { ...A, name: 'x/b.yml', method: 0 },
          { ...A, name: 'x/c.yml', later: true },
          { ...A, name: 'x/d.yml', flags: 0, attributes: 0 },
        ],
        { comment: 'made\u0000by somebody' },
      ),
    ).toBe('ok a.yml b.yml c.yml d.yml')
    const theirs = await read(zipSync({ 'a.yml': strToU8('title: x'), b: { 'c.yml': [strToU8('x'), { level: 0 }] } }))
    expect(theirs.ok && theirs.value.files.map(({ name }) => name)).toEqual(['a.yml', 'b/c.yml'])
  })

  it.each<[string, readonly MadeEntry[], MadeZip?]>([
    ['/etc/x.yml: an absolute path', [{ ...A, name: '/etc/x.yml' }]],
    ['../x.yml: .. in the path', [{ ...A, name: '../x.yml' }]],
    ['a/../../x.yml: .. in the path', [{ ...A, name: 'a/../../x.yml' }]],
    ['./x.yml: . in the path', [{ ...A, name: './x.yml' }]],
    ['a//x.yml: a part of the path is empty', [{ ...A, name: 'a//x.yml' }]],
    ['a\\\\x.yml: a backslash in the name', [{ ...A, name: 'a\\x.yml' }]],
    ['C:x.yml: a drive letter in the name', [{ ...A, name: 'C:x.yml' }]],
    ['a.yml:s: characters that a file name cannot have everywhere', [{ ...A, name: 'a.yml:s' }]],
    ['a\\u0000.yml: control characters in the name', [{ ...A, name: 'a\0.yml' }]],
    ['a\\n.yml: control characters in the name', [{ ...A, name: 'a\n.yml' }]],
    ['a\u0085.yml: control characters in the name', [{ ...A, name: 'a\u0085.yml' }]],
    ['x/nul.yml: the name of a device', [{ ...A, name: 'x/nul.yml' }]],
    ['a. /x.yml: a part of the path ends in a blank or a dot', [{ ...A, name: 'a. /x.yml' }]],
    ['the name is empty', [{ ...A, name: '' }]],
    ['ÿ.yml: the name is no UTF-8', [{ ...A, name: Uint8Array.from([0xff, 0x2e, 0x79, 0x6d, 0x6c]) }]],
    ['A.YML: is one with a.yml where case does not count', [A, { ...A, name: 'A.YML' }]],
    ['a.yml: is one with a.yml where case does not count', [A, A]],
    ['a.yml/b.yml: lies in a.yml, which is a file', [A, { ...A, name: 'a.yml/b.yml' }]],
    [
      'A.yml: is one with a.yml where case does not count',
      [
        { ...A, name: 'a.yml/b.yml' },
        { ...A, name: 'A.yml' },
      ],
    ],
    [
      'e\u0301.yml: is one with \u00e9.yml where case does not count',
      [
        { ...A, name: '\u00e9.yml' },
        { ...A, name: 'e\u0301.yml' },
      ],
    ],
    ['a.yml: is a symbolic link', [{ ...A, attributes: 0o120777 * 0x10000 }]],
    ['a.yml: is neither file nor folder', [{ ...A, attributes: 0o010644 * 0x10000 }]],
    ['a.yml: is encrypted', [{ ...A, flags: 1 }]],
    ['a.yml: packed in a way that is not taken (method 12)', [{ ...A, method: 12 }]],
    ['a.yml: its header says something else than the directory', [{ ...A, localName: 'b.yml' }]],
    ['a.yml: its header says something else than the directory', [{ ...A, localMethod: 0 }]],
    ['a.yml: its header says something else than the directory', [{ ...A, localSize: 3 }]],
    [
      'b.yml: lies over a.yml in the archive',
      [
        { name: 'a.yml', bytes: INNER, method: 0 },
        { name: 'b.yml', bytes: 'x', method: 0, offset: 35 },
      ],
    ],
    ['a.yml: is not where the directory says', [{ ...A, offset: 1000 }]],
    ['a.yml: two sizes of one stored file', [{ ...A, method: 0, size: 3 }]],
    ['a.yml: reaches into the directory', [{ ...A, packedSize: 3000 }]],
    ['a.yml: zip64 is not taken', [{ ...A, size: 0xffffffff }]],
    ['a.yml: its check sum is wrong', [{ ...A, crc: 1 }]],
    ['a.yml: is shorter than it says', [{ ...A, size: 100 }]],
    ['a.yml: is longer than it says', [{ ...A, size: 2 }]],
    ['a.yml: its packed bytes are damaged', [{ ...A, packed: Uint8Array.from([0xff, 0xff, 0xff]) }]],
    ['a.yml: its packed bytes are damaged', [{ ...A, packed: deflateSync(strToU8('title: x\n')).subarray(0, 5) }]],
    [`a.yml: is longer than ${MAX_FILE} bytes`, [{ ...A, bytes: new Uint8Array(MAX_FILE + 1) }]],
    // Says that it is small.
    [`a.yml: is longer than ${MAX_FILE} bytes`, [{ ...A, bytes: new Uint8Array(8 * MAX_FILE), size: 10 }]],
    ['an archive of several parts', [A], { disk: 1 }],
    ['zip64 is not taken', [A], { count: 0xffff }],
    [`more than ${MOST_ENTRIES} entries`, [A], { count: MOST_ENTRIES + 1 }],
    ['its directory is damaged at entry 2', [A], { count: 2 }],
    ['its directory is longer than its entries', [A], { count: 0 }],
    ['no zip file, or something stands behind its end', [A], { after: new Uint8Array([1]) }],
  ])('is refused: %s', async (message, entries, zip) => {
    expect(await said(entries, zip)).toBe(message)
  })

  it('is refused where something stands before it', async () => {
    const archive = Buffer.concat([Buffer.from('#!/bin/sh\n'), madeZip([A])])
    expect(await read(archive)).toMatchObject({ ok: false, error: { message: 'its directory is not where it says' } })
  })

  it('that becomes too large in all is refused, by what it says and by what it is', async () => {
    const bytes = new Uint8Array(MAX_FILE)
    const packed = deflateSync(bytes)
    const entry = { bytes, packed, crc: 0xa738ea1c }
    const entries = Array.from({ length: MAX_UNPACKED / MAX_FILE + 1 }, (_, i) => ({ ...entry, name: `${i}.yml` }))
    expect(await said(entries)).toBe(`${entries.length - 1}.yml: more than ${MAX_UNPACKED} bytes in all`)
  })

  it('is unpacked in slices: other work goes on', async () => {
    const bytes = new Uint8Array(MAX_FILE)
    const packed = deflateSync(bytes)
    const archive = madeZip(Array.from({ length: 60 }, (_, i) => ({ name: `${i}.yml`, bytes, packed, crc: 0xa738ea1c })))
    let longest = 0
    let last = performance.now()
    const timer = setInterval(() => {
      longest = Math.max(longest, performance.now() - last)
      last = performance.now()
    }, 1)
    expect((await read(archive)).ok).toBe(true)
    clearInterval(timer)
    // 50 where nothing else runs on the machine.
    expect(longest).toBeLessThan(400)
  })
})

it('names: what is fine', () => {
  for (const name of ['a.yml', 'a b/c.yml', '규칙/x.yml', 'con-x.yml', 'a..b.yml', '.a.yml', "it's.yml"])
    expect(wrongName(name)).toBeNull()
  expect(wrongName('a/'.repeat(40) + 'x.yml')).toMatch(/folders/)
  expect(wrongName('x'.repeat(600))).toMatch(/longer/)
  expect(wrongName('\ud800.yml')).toBe('the name is no text')
})
