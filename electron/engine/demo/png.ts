/** Pictures for the order site: PNG (RFC 2083) of grey noise, not compressed, so that its bytes never change. */
import { crc32 } from 'node:zlib'
import { concat, le16, u32, u8, utf8 } from './payload.ts'
import { Random } from './random.ts'

const made = new Map<string, Uint8Array>()

function adler32(bytes: Uint8Array): number {
  let a = 1
  let b = 0
  for (const byte of bytes) {
    a = (a + byte) % 65521
    b = (b + a) % 65521
  }
  return ((b << 16) | a) >>> 0
}

/** A square picture, always the same for one name. At most 255 pixels wide. */
export function png(name: string, size: number): Uint8Array {
  const known = made.get(name)
  if (known) return known
  const random = new Random(`picture/${name}`)
  const pixels = concat(...Array.from({ length: size }, () => concat(u8(0), random.bytes(size))))
  const blocks: Uint8Array[] = [Uint8Array.of(0x78, 0x01)]
  for (let at = 0; at < pixels.length; at += 65_535) {
    const part = pixels.subarray(at, at + 65_535)
    blocks.push(u8(at + 65_535 >= pixels.length ? 1 : 0), le16(part.length), le16(~part.length & 0xffff), part)
  }
  const chunk = (type: string, data: Uint8Array): Uint8Array => {
    const body = concat(utf8(type), data)
    return concat(u32(data.length), body, u32(crc32(body)))
  }
  const bytes = concat(
    Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10),
    chunk('IHDR', concat(u32(size), u32(size), Uint8Array.of(8, 0, 0, 0, 0))),
    chunk('IDAT', concat(...blocks, u32(adler32(pixels)))),
    chunk('IEND', new Uint8Array(0)),
  )
  made.set(name, bytes)
  return bytes
}
