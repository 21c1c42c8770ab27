/**
 * A WOFF file (W3C WOFF 1.0) → the font in it. fontkit reads WOFF too, but runs over the end of its glyphs where the last of them is
 * empty; with other tables behind them it does not.
 */
import { inflateSync } from 'node:zlib'

const SIGNATURE = 0x774f4646
const ENTRY = 20
const MOST_BYTES = 64 << 20

/** What is no WOFF is given back as it is. */
export function unwrapWoff(file: Uint8Array): Uint8Array {
  const woff = Buffer.from(file.buffer, file.byteOffset, file.length)
  if (woff.length < 44 || woff.readUInt32BE(0) !== SIGNATURE) return file
  const count = woff.readUInt16BE(12)
  const tables = Array.from({ length: count }, (_, index) => {
    const at = 44 + index * ENTRY
    const [offset, packed, length] = [woff.readUInt32BE(at + 4), woff.readUInt32BE(at + 8), woff.readUInt32BE(at + 12)]
    const bytes = woff.subarray(offset, offset + packed)
    return {
      tag: woff.subarray(at, at + 4),
      sum: woff.readUInt32BE(at + 16),
      bytes: packed < length ? inflateSync(bytes, { maxOutputLength: MOST_BYTES }) : bytes,
    }
  })
  const power = Math.floor(Math.log2(Math.max(1, count)))
  const head = Buffer.alloc(12 + count * 16)
  woff.copy(head, 0, 4, 8)
  head.writeUInt16BE(count, 4)
  head.writeUInt16BE(16 << power, 6)
  head.writeUInt16BE(power, 8)
  head.writeUInt16BE(count * 16 - (16 << power), 10)
  const parts: Buffer[] = [head]
  let at = head.length
  for (const [index, { tag, sum, bytes }] of tables.entries()) {
    const entry = 12 + index * 16
    tag.copy(head, entry)
    head.writeUInt32BE(sum, entry + 4)
    head.writeUInt32BE(at, entry + 8)
    head.writeUInt32BE(bytes.length, entry + 12)
    const padding = Buffer.alloc((4 - (bytes.length % 4)) % 4)
    parts.push(bytes, padding)
    at += bytes.length + padding.length
  }
  return Buffer.concat(parts)
}
