/** IP addresses as numbers, for CIDR and for ranges of addresses. */

/** IPv4 as 0 … 2^32 - 1, or -1 where the text is none. */
export function ipv4(text: string): number {
  const length = text.length
  if (length < 7 || length > 15) return -1
  let value = 0
  let part = 0
  let digits = 0
  let dots = 0
  for (let i = 0; i < length; i++) {
    const unit = text.charCodeAt(i)
    if (unit === 46) {
      if (digits === 0 || part > 255) return -1
      value = value * 256 + part
      part = 0
      digits = 0
      dots++
    } else if (unit >= 48 && unit <= 57 && digits < 3) {
      part = part * 10 + unit - 48
      digits++
    } else return -1
  }
  return dots === 3 && digits > 0 && part <= 255 ? value * 256 + part : -1
}

/** IPv6 as a number of 128 bits, or null where the text is none. */
export function ipv6(text: string): bigint | null {
  if (text.length > 45 || !text.includes(':')) return null
  const halves = text.split('::')
  if (halves.length > 2) return null
  const groups = (half: string): number[] | null => {
    if (half === '') return []
    const out: number[] = []
    const parts = half.split(':')
    for (const [i, part] of parts.entries()) {
      if (i === parts.length - 1 && part.includes('.')) {
        const v4 = ipv4(part)
        if (v4 < 0) return null
        out.push(Math.floor(v4 / 65536), v4 % 65536)
      } else if (/^[0-9a-f]{1,4}$/i.test(part)) out.push(parseInt(part, 16))
      else return null
    }
    return out
  }
  const head = groups(halves[0]!)
  const tail = halves.length === 2 ? groups(halves[1]!) : []
  if (!head || !tail) return null
  const missing = 8 - head.length - tail.length
  if (halves.length === 2 ? missing < 1 : missing !== 0) return null
  let value = 0n
  for (const group of [...head, ...new Array<number>(missing).fill(0), ...tail]) value = (value << 16n) | BigInt(group)
  return value
}

export type AddressRange =
  { readonly v: 4; readonly from: number; readonly to: number } | { readonly v: 6; readonly from: bigint; readonly to: bigint }

/** Both ends included; null where the text is no network. */
export function cidrRange(text: string): AddressRange | null {
  const slash = text.indexOf('/')
  const bits = Number(text.slice(slash + 1))
  if (slash < 0 || !/^\d{1,3}$/.test(text.slice(slash + 1))) return null
  const v4 = ipv4(text.slice(0, slash))
  if (v4 >= 0) {
    if (bits > 32) return null
    const size = 2 ** (32 - bits)
    const from = Math.floor(v4 / size) * size
    return { v: 4, from, to: from + size - 1 }
  }
  const v6 = ipv6(text.slice(0, slash))
  if (v6 === null || bits > 128) return null
  const size = 1n << BigInt(128 - bits)
  const from = (v6 / size) * size
  return { v: 6, from, to: from + size - 1n }
}

export function inRange(text: string, range: AddressRange): boolean {
  if (range.v === 4) {
    const value = ipv4(text)
    return value >= range.from && value <= range.to
  }
  const value = ipv6(text)
  return value !== null && value >= range.from && value <= range.to
}
