/** Files → a zip file. The same files give the same bytes on every machine: names in order, one fixed time, one compressor. */
import { crc32 } from 'node:zlib'
import { deflateSync } from 'fflate'
import type { Pace } from './pace.ts'

export interface ZipFile {
  readonly name: string
  readonly bytes: Uint8Array
}

/** 1980-01-01 00:00, the first time there is in a zip. */
const DATE = 0x0021
const UTF8 = 0x0800
const VERSION = 20
/** Made on Unix: a plain file that its owner may write and others may read. */
const MADE_BY = (3 << 8) | VERSION
const MODE = 0o100644

/** Names must be different. Gives way to other work between files. */
export async function writeZip(files: readonly ZipFile[], pace: Pace): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  const directory: Uint8Array[] = []
  let at = 0
  for (const { name, bytes } of [...files].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    await pace.rest()
    const deflated = deflateSync(bytes, { level: 6 })
    const packed = deflated.length < bytes.length ? deflated : bytes
    const nameBytes = Buffer.from(name)
    const common = Buffer.alloc(26)
    common.writeUInt16LE(VERSION, 0)
    common.writeUInt16LE(UTF8, 2)
    common.writeUInt16LE(packed === deflated ? 8 : 0, 4)
    common.writeUInt16LE(DATE, 8)
    common.writeUInt32LE(crc32(bytes), 10)
    common.writeUInt32LE(packed.length, 14)
    common.writeUInt32LE(bytes.length, 18)
    common.writeUInt16LE(nameBytes.length, 22)
    parts.push(Buffer.from('PK\u0003\u0004', 'latin1'), common, nameBytes, packed)
    const tail = Buffer.alloc(14)
    tail.writeUInt32LE(MODE * 0x10000, 6)
    tail.writeUInt32LE(at, 10)
    const madeBy = Buffer.alloc(2)
    madeBy.writeUInt16LE(MADE_BY)
    directory.push(Buffer.from('PK\u0001\u0002', 'latin1'), madeBy, common, tail, nameBytes)
    at += 30 + nameBytes.length + packed.length
  }
  const length = directory.reduce((sum, part) => sum + part.length, 0)
  const end = Buffer.alloc(22)
  end.write('PK\u0005\u0006', 'latin1')
  end.writeUInt16LE(files.length, 8)
  end.writeUInt16LE(files.length, 10)
  end.writeUInt32LE(length, 12)
  end.writeUInt32LE(at, 16)
  return Buffer.concat([...parts, ...directory, end])
}
