/** zstd as the store uses it: level 1, and only where it pays. */
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib'

const OPTIONS = { params: { [constants.ZSTD_c_compressionLevel]: 1 } }
/** Each call costs about 15 µs whatever its size, and as much again to read: small pieces stay as they are. */
const WORTH_TRYING = 4096

/** Compressed bytes, or null where compression would not save at least an eighth. */
export function shrink(bytes: Uint8Array): Uint8Array | null {
  if (bytes.length < WORTH_TRYING) return null
  const packed = zstdCompressSync(bytes, OPTIONS)
  return packed.length <= bytes.length - (bytes.length >>> 3) ? packed : null
}

/** Compresses whatever the gain. */
export const pack = (bytes: Uint8Array): Uint8Array => zstdCompressSync(bytes, OPTIONS)

/**
 * The inverse. `length` is the expected size: a frame that claims more is damaged and throws before the memory is taken.
 */
export function unpack(bytes: Uint8Array, length: number): Uint8Array {
  const out = zstdDecompressSync(bytes, { maxOutputLength: Math.max(1, length) })
  if (out.length !== length) throw new RangeError(`compressed part holds ${out.length} bytes, not ${length}`)
  return out
}
