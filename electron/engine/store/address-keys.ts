/**
 * IPv4 addresses in the filters of a block. Their digits would only fill a text filter, so they stand in the value filter
 * alone: by value and by the networks /24, /16 and /8 they are in.
 */
import { hashNumber } from './value-hash.ts'

const NET = { 24: 2 ** 33, 16: 2 ** 34, 8: 2 ** 35 } as const

/** Address in ASCII bytes `[from, to)`, without leading zeros, so that each has one text only; -1 where it is none. */
export function addressIn(bytes: Uint8Array, from: number, to: number): number {
  if (to - from < 7 || to - from > 15) return -1
  let value = 0
  let part = 0
  let digits = 0
  let dots = 0
  for (let i = from; i < to; i++) {
    const unit = bytes[i]!
    if (unit === 46) {
      if (digits === 0 || part > 255) return -1
      value = value * 256 + part
      part = 0
      digits = 0
      dots++
    } else if (unit >= 48 && unit <= 57 && !(digits > 0 && part === 0) && digits < 3) {
      part = part * 10 + unit - 48
      digits++
    } else return -1
  }
  return dots === 3 && digits > 0 && part <= 255 ? value * 256 + part : -1
}

/** The same of text. */
export function addressOf(text: string): number {
  return text.length > 15 ? -1 : addressIn(Buffer.from(text, 'latin1'), 0, text.length)
}

export const addressText = (address: number): string =>
  `${address >>> 24}.${(address >>> 16) & 255}.${(address >>> 8) & 255}.${address & 255}`

/**
 * Keys of addresses of one /24 begin alike, whatever the field, and so stand in one part of the filter: to ask for all
 * addresses that contain a text is to read as many parts as it has networks.
 */
const inNet = (net: number, key: number): number => ((hashNumber(0, NET[24] + net) & 0xff000000) | (key & 0x00ffffff)) >>> 0

/** Keys that an address is found by. */
export function addAddress(seed: number, address: number, add: (key: number) => void): void {
  add(addressKey(seed, address))
  add(networkKey(seed, address))
  add(netKey(seed, 16, Math.floor(address / 2 ** 16)))
  add(netKey(seed, 8, Math.floor(address / 2 ** 24)))
}

export const addressKey = (seed: number, address: number): number =>
  inNet(Math.floor(address / 2 ** 8), hashNumber(seed, address))
/** Key of the /24 an address is in. */
export const networkKey = (seed: number, address: number): number => netKey(seed, 24, Math.floor(address / 2 ** 8))
function netKey(seed: number, bits: 24 | 16 | 8, net: number): number {
  const key = hashNumber(seed, NET[bits] + net)
  return bits === 24 ? inNet(net, key) : key
}

/** Key that every address between two (both included) has; null where they span more than one /8. */
export function rangeKey(seed: number, from: number, to: number): number | null {
  if (from === to) return addressKey(seed, from)
  for (const bits of [24, 16, 8] as const) {
    const net = Math.floor(from / 2 ** (32 - bits))
    if (net === Math.floor(to / 2 ** (32 - bits))) return netKey(seed, bits, net)
  }
  return null
}

const MOST = 320
/** All addresses whose text contains this text, or null where they are too many to name. */
export function addressesWith(text: string): readonly number[] | null {
  if (!/^[0-9.]+$/.test(text)) return []
  const parts = text.split('.')
  if (parts.length > 4) return []
  if (parts.length < 4) return null
  const [a, b, c, d] = parts as [string, string, string, string]
  const octets = Array.from({ length: 256 }, (_, i) => String(i))
  const ends = octets.filter((octet) => octet.endsWith(a))
  const begins = octets.filter((octet) => octet.startsWith(d))
  if (ends.length * begins.length > MOST) return null
  return ends.flatMap((first) => begins.map((last) => addressOf(`${first}.${b}.${c}.${last}`))).filter((address) => address >= 0)
}
