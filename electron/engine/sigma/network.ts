/** Networks in CIDR notation (RFC 4632, RFC 4291) and addresses in them. */
import { groupsOf, isIpv4 } from '../ingest/normalise/address.ts'

/** An address or prefix as 16-bit groups: two for IPv4, eight for IPv6. */
export interface Network {
  readonly groups: readonly number[]
  readonly bits: number
}

/** `10.0.0.0/8`, `2001:db8::/32`, or one address; null where it is neither. Bits below the prefix are ignored. */
export function parseNetwork(text: string): Network | null {
  const match = /^([0-9a-fA-F:.]{2,45})(?:\/(\d{1,3}))?$/.exec(text.trim())
  if (match?.[1] === undefined) return null
  const groups = addressGroups(match[1])
  if (groups === null) return null
  const width = groups.length * 16
  const bits = match[2] === undefined ? width : Number(match[2])
  return bits > width ? null : { groups, bits }
}

/** Null where the text is no address. An IPv4-mapped IPv6 address counts as IPv4. */
export function addressGroups(text: string): number[] | null {
  if (isIpv4(text)) {
    const [a, b, c, d] = text.split('.').map(Number) as [number, number, number, number]
    return [a * 256 + b, c * 256 + d]
  }
  if (!text.includes(':')) return null
  const zone = text.indexOf('%')
  const groups = groupsOf(zone < 0 ? text : text.slice(0, zone))
  if (groups === null) return null
  const mapped = groups[5] === 0xffff && groups.slice(0, 5).every((group) => group === 0)
  return mapped ? groups.slice(6) : groups
}

export function inNetwork(address: string, { groups, bits }: Network): boolean {
  const own = addressGroups(address)
  if (own === null || own.length !== groups.length) return false
  const whole = bits >> 4
  for (let i = 0; i < whole; i++) if (own[i] !== groups[i]) return false
  const rest = bits & 15
  return rest === 0 || (own[whole]! ^ groups[whole]!) >> (16 - rest) === 0
}
