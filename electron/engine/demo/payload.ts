/** Bytes of one message. What is encrypted is made only when a capture asks for it; its length is known without. */
import { Random } from './random.ts'

export interface Payload {
  readonly length: number
  bytes(): Uint8Array
}

const encoder = new TextEncoder()
export const utf8 = (text: string): Uint8Array => encoder.encode(text)

export function raw(bytes: Uint8Array): Payload {
  return { length: bytes.length, bytes: () => bytes }
}
export const text = (value: string): Payload => raw(utf8(value))

/** Bytes nobody can read, always the same for one key. */
export function opaque(key: string, length: number): Payload {
  return { length, bytes: () => new Random(key).bytes(length) }
}

export function joined(...parts: readonly Payload[]): Payload {
  const length = parts.reduce((sum, part) => sum + part.length, 0)
  return { length, bytes: () => concat(...parts.map((part) => part.bytes())) }
}

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}

/** Big-endian numbers. */
export const u8 = (value: number): Uint8Array => Uint8Array.of(value & 255)
export const u16 = (value: number): Uint8Array => Uint8Array.of((value >> 8) & 255, value & 255)
export const u24 = (value: number): Uint8Array => Uint8Array.of((value >> 16) & 255, (value >> 8) & 255, value & 255)
export const u32 = (value: number): Uint8Array =>
  Uint8Array.of((value >>> 24) & 255, (value >>> 16) & 255, (value >>> 8) & 255, value & 255)
/** Little-endian numbers. */
export const le16 = (value: number): Uint8Array => Uint8Array.of(value & 255, (value >> 8) & 255)
export const le32 = (value: number): Uint8Array =>
  Uint8Array.of(value & 255, (value >>> 8) & 255, (value >>> 16) & 255, (value >>> 24) & 255)
export function le64(value: bigint): Uint8Array {
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setBigUint64(0, value, true)
  return bytes
}
/** UTF-16LE, as Windows writes text. */
export function utf16(value: string): Uint8Array {
  const bytes = new Uint8Array(value.length * 2)
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i)
    bytes[i * 2] = code & 255
    bytes[i * 2 + 1] = code >> 8
  }
  return bytes
}
/** Windows FILETIME: 100 ns since 1601. */
export const filetime = (micros: number): Uint8Array => le64(BigInt(Math.round(micros)) * 10n + 116444736000000000n)
