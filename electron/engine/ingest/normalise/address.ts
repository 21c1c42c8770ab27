/** Addresses in one form: lower case, IPv6 compressed as RFC 5952 says, IPv4 and IPv4-mapped kept. */

const REMEMBERED = 4096
const known = new Map<string, string>()

/** Normal form of an address; text that is none is given back as it is. */
export function address(text: string): string {
  if (text.length < 2 || text.length > 64 || !text.includes(':')) return text
  let normal = known.get(text)
  if (normal === undefined) {
    normal = compress(text)
    if (known.size >= REMEMBERED) known.clear()
    known.set(text, normal)
  }
  return normal
}

/** True for dotted IPv4 text. */
export function isIpv4(text: string): boolean {
  if (text.length < 7 || text.length > 15) return false
  const parts = text.split('.')
  if (parts.length !== 4) return false
  for (const part of parts) if (!/^\d{1,3}$/.test(part) || Number(part) > 255) return false
  return true
}

export const isAddress = (text: string): boolean => isIpv4(text) || groupsOf(text) !== null

/** The eight 16-bit groups of an IPv6 address (RFC 4291 section 2.2), or null. No zone. */
export function groupsOf(text: string): number[] | null {
  if (text.length < 2 || text.length > 45) return null
  let head = text
  const tail: number[] = []
  const dot = text.indexOf('.')
  if (dot >= 0) {
    const colon = text.lastIndexOf(':')
    const four = text.slice(colon + 1)
    // RFC 4291 section 2.2: decimal values, so no zero before another digit, which some read as octal.
    if (colon < 0 || !isIpv4(four) || /(?:^|\.)0\d/.test(four)) return null
    const [a, b, c, d] = four.split('.').map(Number) as [number, number, number, number]
    tail.push(a * 256 + b, c * 256 + d)
    head = text.slice(0, colon)
    if (head.endsWith(':')) head += ':'
  }
  const gap = head.indexOf('::')
  const left = groups(gap < 0 ? head : head.slice(0, gap))
  const right = gap < 0 ? [] : groups(head.slice(gap + 2))
  if (left === null || right === null) return null
  right.push(...tail)
  const missing = 8 - left.length - right.length
  if (gap < 0 ? missing !== 0 : missing < 1) return null
  return [...left, ...Array.from({ length: missing }, () => 0), ...right]
}

function groups(text: string): number[] | null {
  if (text === '') return []
  const found: number[] = []
  for (const part of text.split(':')) {
    if (!/^[0-9a-fA-F]{1,4}$/.test(part)) return null
    found.push(Number.parseInt(part, 16))
  }
  return found
}

function compress(text: string): string {
  const percent = text.indexOf('%')
  const bare = percent < 0 ? text : text.slice(0, percent)
  const words = groupsOf(bare)
  if (words === null) return text
  const zone = percent < 0 ? '' : text.slice(percent)
  if (words[5] === 0xffff && words.slice(0, 5).every((word) => word === 0)) {
    const [high, low] = [words[6]!, words[7]!]
    return `::ffff:${high >> 8}.${high & 255}.${low >> 8}.${low & 255}${zone}`
  }
  let bestStart = -1
  let bestLength = 1
  for (let i = 0; i < 8; i++) {
    let length = 0
    while (i + length < 8 && words[i + length] === 0) length++
    if (length > bestLength) {
      bestStart = i
      bestLength = length
    }
    if (length > 0) i += length - 1
  }
  const hex = (list: readonly number[]): string => list.map((word) => word.toString(16)).join(':')
  if (bestStart < 0) return hex(words) + zone
  return `${hex(words.slice(0, bestStart))}::${hex(words.slice(bestStart + bestLength))}${zone}`
}
