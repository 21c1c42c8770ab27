/** Fields that stand at a fixed place of a header, as decoders list them. What was not captured is undefined. */
import type { DecoderField, FieldType } from './define.ts'
import type { Packet } from './packet.ts'

type Read = (p: Packet, at: number, end: number) => number | undefined

/** Big-endian number of 1 to 4 bytes, for `read`. */
export const readUint =
  (offset: number, bytes: 1 | 2 | 3 | 4): Read =>
  (p, at, end) => {
    if (at + offset + bytes > end) return undefined
    let value = 0
    for (let i = 0; i < bytes; i++) value = value * 256 + p.data[at + offset + i]!
    return value
  }

const uint =
  (bytes: 1 | 2 | 3 | 4) =>
  (name: string, doc: string, offset: number): DecoderField => ({
    name,
    type: 'uint',
    doc,
    place: [offset, bytes],
    read: readUint(offset, bytes),
  })
export const u8 = uint(1)
export const u16 = uint(2)
export const u24 = uint(3)
export const u32 = uint(4)

/** Bits of a number of 1 to 4 bytes: those of the mask, moved down to its lowest bit. */
export function bits(name: string, doc: string, offset: number, bytes: 1 | 2 | 3 | 4, mask: number): DecoderField {
  const read = readUint(offset, bytes)
  const shift = 31 - Math.clz32(mask & -mask)
  return {
    name,
    type: 'uint',
    doc,
    place: [offset, bytes],
    read(p, at, end) {
      const value = read(p, at, end)
      return value === undefined ? undefined : (value & mask) >>> shift
    },
  }
}

/** One bit of a byte. */
export const flag = (name: string, doc: string, offset: number, mask: number): DecoderField => ({
  name,
  type: 'bool',
  doc,
  place: [offset, 1],
  read: (p, at, end) => (at + offset < end ? (p.data[at + offset]! & mask) !== 0 : undefined),
})

const bytesOf =
  (type: FieldType, length: number) =>
  (name: string, doc: string, offset: number): DecoderField => ({
    name,
    type,
    doc,
    place: [offset, length],
    read: (p, at, end) => (at + offset + length > end ? undefined : p.data.subarray(at + offset, at + offset + length)),
  })
export const etherAddress = bytesOf('ether', 6)
export const ipv6Address = bytesOf('ipv6', 16)
export const ipv4Address = (name: string, doc: string, offset: number): DecoderField => ({
  ...u32(name, doc, offset),
  type: 'ipv4',
})

/** Two fields under one name: `ip.addr`, `udp.port`. */
export const either = (name: string, doc: string, one: DecoderField, other: DecoderField): DecoderField => ({
  name,
  type: one.type,
  doc,
  read(p, at, end) {
    const values = [one, other].flatMap((field) => field.read?.(p, at, end) ?? [])
    return values.length > 0 ? values : undefined
  },
})

/** The field only where the header is such a one. */
export const where = (holds: (p: Packet, at: number, end: number) => boolean, field: DecoderField): DecoderField => ({
  ...field,
  read: (p, at, end) => (holds(p, at, end) ? field.read?.(p, at, end) : undefined),
})
