/** Addresses and networks as 128-bit numbers: IPv4 lies in ::ffff:0:0/96 (RFC 4291 section 2.5.5.2), so one order serves both. */
import { groupsOf, isIpv4 } from '../ingest/normalise/address.ts'

export interface AddressRange {
  readonly base: bigint
  /** Length of the prefix, 0 to 128. */
  readonly bits: number
}

/** Null where the text is no address. */
export function addressNumber(text: string): bigint | null {
  if (isIpv4(text)) {
    let value = 0n
    for (const part of text.split('.')) value = (value << 8n) | BigInt(part)
    return 0xffff_0000_0000n | value
  }
  const groups = groupsOf(text.replace(/%.*$/s, ''))
  if (groups === null) return null
  let value = 0n
  for (const group of groups) value = (value << 16n) | BigInt(group)
  return value
}

export const prefixOf = (address: bigint, bits: number): bigint => (address >> BigInt(128 - bits)) << BigInt(128 - bits)

/** An address, or a network in CIDR notation; null where it is neither. */
export function rangeOf(text: string): AddressRange | null {
  const [head = '', length] = text.split('/')
  const address = addressNumber(head)
  if (address === null) return null
  if (length === undefined) return { base: address, bits: 128 }
  if (!/^\d{1,3}$/.test(length)) return null
  const bits = Number(length) + (head.includes(':') ? 0 : 96)
  return bits > 128 ? null : { base: prefixOf(address, bits), bits }
}

const PRIVATE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'].map((text) => rangeOf(text)!)
/** Of nobody in particular (RFC 1918, RFC 4193). */
export function isPrivate(text: string): boolean {
  const address = addressNumber(text)
  return address !== null && PRIVATE.some(({ base, bits }) => prefixOf(address, bits) === base)
}
