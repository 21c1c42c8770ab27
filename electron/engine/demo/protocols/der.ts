/** ASN.1 DER (ITU-T X.690), as far as certificates and Kerberos messages need it. */
import { concat, u8, u16, u24, utf8 } from '../payload.ts'

export function der(tag: number, ...content: readonly Uint8Array[]): Uint8Array {
  const body = concat(...content)
  const length =
    body.length < 128
      ? u8(body.length)
      : body.length < 256
        ? Uint8Array.of(0x81, body.length)
        : body.length < 65536
          ? concat(u8(0x82), u16(body.length))
          : concat(u8(0x83), u24(body.length))
  return concat(u8(tag), length, body)
}
export const sequence = (...content: readonly Uint8Array[]): Uint8Array => der(0x30, ...content)
export const set = (...content: readonly Uint8Array[]): Uint8Array => der(0x31, ...content)
/** `[n]`, explicit. */
export const context = (n: number, ...content: readonly Uint8Array[]): Uint8Array => der(0xa0 | n, ...content)
/** `[APPLICATION n]` */
export const application = (n: number, ...content: readonly Uint8Array[]): Uint8Array => der(0x60 | n, ...content)

/** A number that is not negative. */
export function integer(value: number): Uint8Array {
  const bytes: number[] = []
  for (let rest = value; rest > 0 || bytes.length === 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256)
  return integerBytes(Uint8Array.from(bytes))
}
export function integerBytes(bytes: Uint8Array): Uint8Array {
  return der(2, bytes[0]! & 0x80 ? concat(u8(0), bytes) : bytes)
}
export function oid(dotted: string): Uint8Array {
  const parts = dotted.split('.').map(Number)
  const bytes = [parts[0]! * 40 + parts[1]!]
  for (const part of parts.slice(2)) {
    const septets = [part & 127]
    for (let rest = part >> 7; rest > 0; rest >>= 7) septets.unshift((rest & 127) | 128)
    bytes.push(...septets)
  }
  return der(6, Uint8Array.from(bytes))
}
export const utf8String = (value: string): Uint8Array => der(12, utf8(value))
export const printableString = (value: string): Uint8Array => der(19, utf8(value))
export const generalString = (value: string): Uint8Array => der(27, utf8(value))
export const octets = (bytes: Uint8Array): Uint8Array => der(4, bytes)
export const bits = (bytes: Uint8Array): Uint8Array => der(3, u8(0), bytes)
export const nothing = (): Uint8Array => der(5)

const stamp = (micros: number): string =>
  new Date(Math.floor(micros / 1000)).toISOString().replace(/[-:T]/g, '').slice(0, 14) + 'Z'
export const utcTime = (micros: number): Uint8Array => der(23, utf8(stamp(micros).slice(2)))
export const generalizedTime = (micros: number): Uint8Array => der(24, utf8(stamp(micros)))
