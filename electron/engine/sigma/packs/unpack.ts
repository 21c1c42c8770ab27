/** Bytes of one entry of a zip file: never more than was allowed, whatever it says of itself. */
import { crc32 } from 'node:zlib'
import { Inflate } from 'fflate'
import { ok, type Result } from '../../../../shared/model/result.ts'
import type { Pace } from './pace.ts'
import { refuse } from './refusal.ts'
import type { ZipEntry } from './zip-entries.ts'

/** Deflate makes at most 1032 bytes of one, so a piece becomes at most 4 MiB before anybody looks. */
const PIECE = 4096

/** `limit`: bytes it may have. Refused where it is longer, damaged, or not what the directory says. */
export async function unpack(
  { name, deflated, crc, size, packed }: ZipEntry,
  limit: number,
  pace: Pace,
): Promise<Result<Uint8Array>> {
  const tooLong = refuse(name, `is longer than ${limit} bytes`)
  if (size > limit) return tooLong
  let bytes: Uint8Array
  if (deflated) {
    const pieces: Uint8Array[] = []
    let length = 0
    const inflate = new Inflate((piece) => {
      length += piece.length
      pieces.push(piece)
    })
    for (let at = 0; at === 0 || at < packed.length; at += PIECE) {
      await pace.rest()
      try {
        inflate.push(packed.subarray(at, at + PIECE), at + PIECE >= packed.length)
      } catch {
        return refuse(name, 'its packed bytes are damaged')
      }
      if (length > limit) return tooLong
      if (length > size) return refuse(name, 'is longer than it says')
    }
    bytes = pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces)
  } else bytes = packed
  if (bytes.length !== size) return refuse(name, 'is shorter than it says')
  return crc32(bytes) === crc ? ok(bytes) : refuse(name, 'its check sum is wrong')
}
