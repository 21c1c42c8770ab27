/** What is said of event log files that are damaged, and what is read of them all the same. */
import { crc32 } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { evtxLines } from './evtx-lines.ts'
import { evtxObjects } from './evtx-objects.ts'
import { beginsEventLog, namedEventLog } from './file-chunks.ts'
import { made, madeEvtx, type MadeNode, type MadeRecord } from './made-evtx.ts'
import { inEnglish } from '../../../shared/model/sentence-english.ts'

const CHUNK = 65_536
const HEADER = 4096
const TEMPLATE: readonly MadeNode[] = [{ name: 'Event', children: [{ name: 'System', children: [{ value: 0 }] }] }]
const record = (id: number): MadeRecord => ({ id, template: TEMPLATE, values: [made.text(`number ${id}`)] })
/** Chunks of four records. */
const log = (chunks: number): Buffer =>
  Buffer.from(madeEvtx(Array.from({ length: chunks }, (_, i) => [1, 2, 3, 4].map((n) => record(4 * i + n)))))
/** Where records begin, of the whole file. */
const places = (file: Buffer): number[] => [...file.toString('latin1').matchAll(/\*\*\0\0/g)].map(({ index }) => index)
const dirty = (file: Buffer): Buffer => {
  file.writeUInt32LE(1, 120)
  return file
}
const changed = (file: Buffer, change: (file: Buffer) => unknown): Buffer => {
  change(file)
  return file
}

/** Numbers of the records that were read and what was said, in their order. */
async function read(file: Uint8Array, piece = 10_000): Promise<(number | string)[]> {
  async function* pieces(): AsyncGenerator<Uint8Array, void> {
    for (let at = 0; at < file.length; at += piece) yield file.subarray(at, at + piece)
  }
  const parts: Buffer[] = []
  for await (const part of evtxLines(pieces())) parts.push(Buffer.from(part))
  const found = Buffer.concat(parts).toString('utf8').split('\n').filter(Boolean).map((line) => {
    const object = JSON.parse(line) as { '#damaged'?: string; Event: { System: string } }
    return object['#damaged'] ?? Number(object.Event.System.split(' ')[1])
  }) // prettier-ignore
  // Objects are the same, and what is said of what is none.
  const said: string[] = []
  let nulls = 0
  for await (const some of evtxObjects(pieces(), (why) => said.push(inEnglish(why))))
    for (const object of some) if (object === null) nulls++
  expect(said).toEqual(found.filter((each) => typeof each === 'string'))
  expect(nulls).toBe(said.length)
  return found
}
const checksum = (chunk: number): unknown =>
  expect.stringMatching(new RegExp(`^the chunk at byte ${HEADER + chunk * CHUNK}: the checksum of its records .* does not hold`))

describe('a chunk whose checksums do not hold', () => {
  const letter = (file: Buffer, chunk: number): Buffer =>
    changed(file, () => {
      const at = file.indexOf('number', HEADER + chunk * CHUNK, 'utf16le')
      file.write('N', at, 'utf16le')
    })

  it('is read, and said', async () => {
    expect(await read(log(2))).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
    expect(await read(letter(log(2), 1))).toEqual([1, 2, 3, 4, checksum(1), 5, 6, 7, 8])
    expect(await read(changed(log(1), (file) => file.writeUInt8(9, HEADER + 200)))).toEqual([
      'the chunk at byte 4096: the checksum of its header does not hold: something in it was changed',
      1,
      2,
      3,
      4,
    ])
    // One that has none.
    expect(await read(changed(letter(log(1), 0), (file) => file.writeUInt32LE(2, HEADER + 120)))).toEqual([1, 2, 3, 4])
  })

  it('may be the last one of a log that was open, not one that was left before', async () => {
    expect(await read(dirty(letter(log(2), 1)))).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
    expect(await read(dirty(letter(log(2), 0)))).toEqual([1, 2, 3, 4, checksum(0), 5, 6, 7, 8])
  })
})

describe('a file', () => {
  it('that is cut between chunks is said to be', async () => {
    expect(await read(log(3).subarray(0, HEADER + 2 * CHUNK))).toEqual([
      1, 2, 3, 4, 5, 6, 7, 8,
      `the file is cut at byte ${HEADER + 2 * CHUNK}: 1 of the 3 chunks that its header states are not there`,
    ]) // prettier-ignore
    expect(await read(log(1).subarray(0, HEADER))).toEqual([expect.stringContaining('1 of the 1 chunks')])
    // An open one may have more than it states.
    const old = dirty(log(3))
    old.writeUInt16LE(1, 42)
    old.writeUInt32LE(crc32(old.subarray(0, 120)), 124)
    expect(await read(old)).toHaveLength(12)
  })

  it('is read without its header, wherever its chunks begin', async () => {
    const all = [1, 2, 3, 4, 5, 6, 7, 8]
    const gone = 'the header of the file is damaged: its signature is not there'
    const whole = log(2)
    expect(await read(changed(log(2), (file) => file.fill(0, 0, 8)))).toEqual([gone, ...all])
    expect(await read(changed(log(2), (file) => file.fill(0, 0, HEADER)))).toEqual([gone, ...all])
    expect(await read(whole.subarray(HEADER))).toEqual([gone, ...all])
    expect(await read(Buffer.concat([Buffer.alloc(1000, 'G'), whole]))).toEqual([gone, ...all])
    expect(await read(Buffer.concat([Buffer.alloc(9000, 'G'), whole.subarray(HEADER)]))).toEqual([
      gone,
      `no chunk at byte ${HEADER}`,
      ...all,
    ])
    expect(await read(Buffer.concat([whole, whole]))).toEqual([...all, `no chunk at byte ${whole.length}`, ...all])
    expect(await read(changed(log(2), (file) => file.writeUInt16LE(7, 42)))).toEqual([
      'the header of the file is damaged: its checksum does not hold',
      ...all,
    ])
  })

  it('is known without its header where it begins with a chunk, or its name says so', () => {
    const whole = log(1)
    expect(beginsEventLog(whole.subarray(HEADER), false)).toBe(true)
    const zeros = changed(log(1), (file) => file.fill(0, 0, HEADER))
    expect([beginsEventLog(zeros, false), beginsEventLog(zeros, true)]).toEqual([false, true])
    expect(beginsEventLog(Buffer.from('{"a":"ElfChnk\0"}\n'), true)).toBe(false)
    expect(['a.evtx', '/x/a.EVTX.gz', 'a.evtx.1', 'a.evtx-2026'].every(namedEventLog)).toBe(true)
    expect(['a.json', 'b.evtx/a.json', 'a.evtxx'].some(namedEventLog)).toBe(false)
  })
})

describe('inside a chunk', () => {
  it('what is whole behind a hole is read', async () => {
    const file = log(2)
    const at = places(file)
    file.fill(0, at[1]!, at[2]!)
    expect(await read(file)).toEqual([checksum(0), 1, `no record at byte ${at[1]}`, 3, 4, 5, 6, 7, 8])
    file.fill(0x55, at[1]!, at[2]! + 5)
    expect(await read(file)).toEqual([checksum(0), 1, `no record at byte ${at[1]}`, 4, 5, 6, 7, 8])
  })

  it('a record whose size is wrong costs no other, and itself only where its end has none', async () => {
    const file = log(1)
    const at = places(file)
    const size = at[2]! - at[1]!
    for (const wrong of [3, size - 4, size + 9, 0xffff_ffff]) {
      file.writeUInt32LE(wrong, at[1]! + 4)
      expect(await read(file)).toEqual([checksum(0), 1, 2, 3, 4])
    }
    file.writeUInt32LE(1, at[2]! - 4)
    expect(await read(file)).toEqual([checksum(0), 1, `record 2 at byte ${at[1]} has 4294967295 bytes`, 3, 4])
  })

  it('records are read without the signature of the chunk, and none of earlier times', async () => {
    const file = log(2)
    file.fill(0, HEADER, HEADER + 512)
    // What a chunk of earlier times left behind.
    const at = places(file)
    file.copy(file, at[3]! + 2 * (at[3]! - at[2]!), at[0]!, at[1]!)
    expect(await read(file)).toEqual([`no chunk at byte ${HEADER}`, 1, 2, 3, 4, 5, 6, 7, 8])
    // A number that is not the next one.
    file.writeUInt32LE(9, at[1]! + 8)
    expect(await read(file)).toEqual([`no chunk at byte ${HEADER}`, 1, 2, 5, 6, 7, 8])
    file.writeUInt32LE(2, at[1]! + 8)
    file.writeUInt32LE(7, at[2]! + 8)
    expect(await read(file)).toEqual([`no chunk at byte ${HEADER}`, 1, 2, 3, 5, 6, 7, 8])
  })
})
