/** Zip files made by hand, for tests: any of their numbers can be another than it should be. */
import { crc32 } from 'node:zlib'
import { deflateSync } from 'fflate'

export interface MadeEntry {
  readonly name: string | Uint8Array
  readonly bytes?: Uint8Array | string
  readonly method?: number
  readonly flags?: number
  readonly crc?: number
  readonly size?: number
  readonly packedSize?: number
  /** As it lies there, instead of what `bytes` are packed to. */
  readonly packed?: Uint8Array
  readonly attributes?: number
  /** Where the directory says that it begins. */
  readonly offset?: number
  /** What its own header says instead. */
  readonly localName?: string
  readonly localMethod?: number
  readonly localSize?: number
  /** Sizes stand behind it, as those write who do not know them before. */
  readonly later?: boolean
  readonly extra?: Uint8Array
  readonly comment?: string
}

export interface MadeZip {
  readonly comment?: string
  readonly after?: Uint8Array
  readonly count?: number
  readonly disk?: number
}

const EMPTY = new Uint8Array(0)
const numbers = (...parts: readonly (readonly [value: number, bytes: 2 | 4])[]): Buffer => {
  const out = Buffer.alloc(parts.reduce((sum, [, bytes]) => sum + bytes, 0))
  let at = 0
  for (const [value, bytes] of parts)
    at = bytes === 2 ? out.writeUInt16LE(value & 0xffff, at) : out.writeUInt32LE(value >>> 0, at)
  return out
}

export function madeZip(entries: readonly MadeEntry[], zip: MadeZip = {}): Uint8Array {
  const body: Uint8Array[] = []
  const directory: Uint8Array[] = []
  let at = 0
  for (const entry of entries) {
    const name = typeof entry.name === 'string' ? Buffer.from(entry.name) : entry.name
    const localName = entry.localName === undefined ? name : Buffer.from(entry.localName)
    const bytes = typeof entry.bytes === 'string' ? Buffer.from(entry.bytes) : (entry.bytes ?? EMPTY)
    const method = entry.method ?? 8
    const packed = entry.packed ?? (method === 8 ? deflateSync(bytes) : bytes)
    const flags = (entry.flags ?? 0x0800) | (entry.later === true ? 8 : 0)
    const crc = entry.crc ?? crc32(bytes)
    const size = entry.size ?? bytes.length
    const packedSize = entry.packedSize ?? packed.length
    const extra = entry.extra ?? EMPTY
    const comment = Buffer.from(entry.comment ?? '')
    const unknown = entry.later === true
    const local = [
      numbers([0x04034b50, 4], [20, 2], [flags, 2], [entry.localMethod ?? method, 2], [0, 2], [0x21, 2], [unknown ? 0 : crc, 4]),
      numbers(
        [unknown ? 0 : packedSize, 4],
        [unknown ? 0 : (entry.localSize ?? size), 4],
        [localName.length, 2],
        [extra.length, 2],
      ),
      localName,
      extra,
      packed,
      unknown ? numbers([0x08074b50, 4], [crc, 4], [packedSize, 4], [size, 4]) : EMPTY,
    ]
    directory.push(
      numbers(
        [0x02014b50, 4],
        [0x031e, 2],
        [20, 2],
        [flags, 2],
        [method, 2],
        [0, 2],
        [0x21, 2],
        [crc, 4],
        [packedSize, 4],
        [size, 4],
      ),
      numbers([name.length, 2], [extra.length, 2], [comment.length, 2], [0, 2], [0, 2]),
      numbers([entry.attributes ?? 0o100644 * 0x10000, 4], [entry.offset ?? at, 4]),
      name,
      extra,
      comment,
    )
    body.push(...local)
    at += local.reduce((sum, part) => sum + part.length, 0)
  }
  const length = directory.reduce((sum, part) => sum + part.length, 0)
  const comment = Buffer.from(zip.comment ?? '')
  const count = zip.count ?? entries.length
  const end = numbers(
    [0x06054b50, 4],
    [zip.disk ?? 0, 2],
    [0, 2],
    [count, 2],
    [count, 2],
    [length, 4],
    [at, 4],
    [comment.length, 2],
  )
  return new Uint8Array(Buffer.concat([...body, ...directory, end, comment, zip.after ?? EMPTY]))
}
