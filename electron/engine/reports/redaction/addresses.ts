/** IP addresses as numbers: what is one and the same address, however it is written. */
import { isIPv6 } from 'node:net'

/** Version and bytes in hexadecimal: `4:c633642f`. IPv4 within IPv6 (`::ffff:198.51.100.47`) is the IPv4 address. */
export type AddressKey = string

const MAPPED = '00000000000000000000ffff'
const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0')

/** Of four decimal numbers, leading zeros allowed; null where one is above 255. */
export function keyOfQuad(parts: readonly string[]): AddressKey | null {
  let key = ''
  for (const part of parts) {
    const value = Number(part)
    if (part.length > 8 || !(value <= 255)) return null
    key += hex(value, 2)
  }
  return parts.length === 4 ? `4:${key}` : null
}

/** Of an IPv6 address without a zone; null where it is none. */
export function keyOfV6(text: string): AddressKey | null {
  if (!isIPv6(text)) return null
  const quad = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(text)
  const plain =
    quad === null
      ? text
      : `${quad[1]}${hex(Number(quad[2]) * 256 + Number(quad[3]), 4)}:${hex(Number(quad[4]) * 256 + Number(quad[5]), 4)}`
  const [head = '', tail] = plain.split('::')
  const groups = (part: string): string[] => (part === '' ? [] : part.split(':')).map((group) => group.padStart(4, '0'))
  const [before, after] = [groups(head), groups(tail ?? '')]
  const bytes = [...before, ...new Array<string>(8 - before.length - after.length).fill('0000'), ...after].join('').toLowerCase()
  return bytes.startsWith(MAPPED) ? `4:${bytes.slice(24)}` : `6:${bytes}`
}

/** `198.51.100.47`, or eight groups. */
export const textOfKey = (key: AddressKey): string =>
  key.startsWith('4:')
    ? [2, 4, 6, 8].map((at) => parseInt(key.slice(at, at + 2), 16)).join('.')
    : (key.slice(2).match(/.{4}/g) ?? []).join(':')

/** Nobody's: unspecified, loopback, broadcast, multicast. */
export function isNobodys(key: AddressKey): boolean {
  const bytes = key.slice(2)
  if (key.startsWith('6:')) return bytes.startsWith('ff') || /^0{31}[01]$/.test(bytes)
  const first = parseInt(bytes.slice(0, 2), 16)
  return bytes === '00000000' || bytes === 'ffffffff' || first === 127 || (first >= 224 && first < 240)
}

/** What is shown in its place, before its number: the part that says which network it is in, roughly. */
export const roughly = (key: AddressKey): string =>
  key.startsWith('4:')
    ? `${[2, 4].map((at) => parseInt(key.slice(at, at + 2), 16)).join('.')}.x.x`
    : `${[2, 6].map((at) => parseInt(key.slice(at, at + 4), 16).toString(16)).join(':')}:x:x`
