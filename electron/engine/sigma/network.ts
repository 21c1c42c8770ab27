/** Networks in CIDR notation (RFC 4632, RFC 4291) and addresses in them. */
import { groupsOf } from '../ingest/normalise/address.ts'

/** An IPv4 network is a number and a mask, an IPv6 one eight 16-bit groups and a length in bits. */
export type Network =
  | { readonly version: 4; readonly base: number; readonly mask: number }
  | { readonly version: 6; readonly groups: readonly number[]; readonly bits: number }

type Address = number | readonly number[]

/** `10.0.0.0/8`, `2001:db8::/32`, or one address; null where it is neither. Bits below the prefix are ignored. */
export function parseNetwork(text: string): Network | null {
  const match = /^([0-9a-fA-F:.]{2,45})(?:\/(\d{1,3}))?$/.exec(text.trim())
  if (match?.[1] === undefined) return null
  const address = parseAddress(match[1])
  if (address === null) return null
  const width = match[1].includes(':') ? 128 : 32
  const length = match[2] === undefined ? width : Number(match[2])
  if (length > width) return null
  if (typeof address !== 'number') return { version: 6, groups: address, bits: length }
  // An IPv4-mapped network counts from the IPv4 part.
  const bits = length - (width - 32)
  if (bits < 0) return null
  const mask = bits === 0 ? 0 : -1 << (32 - bits)
  return { version: 4, base: address & mask, mask }
}

/** Dotted IPv4 as a signed 32-bit number, or null. */
function parseIpv4(text: string): number | null {
  const { length } = text
  if (length < 7 || length > 15) return null
  let value = 0
  let part = -1
  let dots = 0
  for (let i = 0; i < length; i++) {
    const code = text.charCodeAt(i)
    if (code >= 48 && code <= 57) {
      part = part < 0 ? code - 48 : part * 10 + code - 48
      if (part > 255) return null
    } else if (code === 46 && part >= 0 && dots < 3) {
      value = (value << 8) | part
      part = -1
      dots++
    } else return null
  }
  return dots === 3 && part >= 0 ? (value << 8) | part : null
}

/** Null where the text is no address. An IPv4-mapped IPv6 address counts as IPv4. */
function parseAddress(text: string): Address | null {
  const four = parseIpv4(text)
  if (four !== null || !text.includes(':')) return four
  const zone = text.indexOf('%')
  const groups = groupsOf(zone < 0 ? text : text.slice(0, zone))
  if (groups === null) return null
  const mapped = groups[5] === 0xffff && groups.slice(0, 5).every((group) => group === 0)
  return mapped ? (groups[6]! << 16) | groups[7]! : groups
}

// A rule asks about one address in many networks.
let lastText = ''
let lastAddress: Address | null = null

export function inNetwork(text: string, network: Network): boolean {
  if (text !== lastText) {
    lastAddress = parseAddress(text)
    lastText = text
  }
  if (typeof lastAddress === 'number') return network.version === 4 && (lastAddress & network.mask) === network.base
  if (lastAddress === null || network.version === 4) return false
  const { groups, bits } = network
  const whole = bits >> 4
  for (let i = 0; i < whole; i++) if (lastAddress[i] !== groups[i]) return false
  const rest = bits & 15
  return rest === 0 || (lastAddress[whole]! ^ groups[whole]!) >> (16 - rest) === 0
}
