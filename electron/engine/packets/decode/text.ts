/** Addresses and bytes as text. */
const HEX = Array.from({ length: 256 }, (_, i) => i.toString(16).padStart(2, '0'))

/** `02:00:00:00:00:01` */
export function ether(data: Uint8Array, at: number): string {
  let text = ''
  for (let i = 0; i < 6; i++) text += (i > 0 ? ':' : '') + (HEX[data[at + i] ?? 0] ?? '')
  return text
}

/** `192.0.2.1` */
export const ipv4 = (address: number): string =>
  `${address >>> 24}.${(address >>> 16) & 255}.${(address >>> 8) & 255}.${address & 255}`

/** RFC 5952: `2001:db8::1`; the last 32 bits as IPv4 where RFC 5952, section 5 asks for it. */
export function ipv6(words: ArrayLike<number>, at = 0): string {
  const groups: number[] = []
  for (let i = 0; i < 4; i++) {
    const word = words[at + i] ?? 0
    groups.push(word >>> 16, word & 0xffff)
  }
  let [best, bestLength] = [-1, 1]
  for (let i = 0; i < 8; i++) {
    let length = 0
    while (i + length < 8 && groups[i + length] === 0) length++
    if (length > bestLength) [best, bestLength] = [i, length]
    i += Math.max(0, length - 1)
  }
  const mapped = best === 0 && (bestLength === 6 || (bestLength === 5 && groups[5] === 0xffff))
  const last = mapped && !(bestLength === 6 && groups[6] === 0) ? ipv4(((groups[6]! << 16) | groups[7]!) >>> 0) : null
  const shown = last === null ? groups : groups.slice(0, 6)
  let text = ''
  for (let i = 0; i < shown.length; i++) {
    if (i === best) {
      text += '::'
      i += bestLength - 1
      continue
    }
    if (text !== '' && !text.endsWith(':')) text += ':'
    text += shown[i]!.toString(16)
  }
  if (last !== null) text += text.endsWith(':') ? last : `:${last}`
  return text
}

/** Of 16 bytes. */
export function ipv6Bytes(data: Uint8Array, at: number): string {
  const words = [0, 4, 8, 12].map(
    (i) => ((data[at + i]! << 24) | (data[at + i + 1]! << 16) | (data[at + i + 2]! << 8) | data[at + i + 3]!) >>> 0,
  )
  return ipv6(words)
}

/** `0a0bff` */
export function hex(data: Uint8Array, from = 0, to = data.length): string {
  let text = ''
  for (let i = from; i < to; i++) text += HEX[data[i]!] ?? ''
  return text
}

/** Bytes as one character each (latin1); never longer than `most`. */
export function latin1(data: Uint8Array, from: number, to: number, most = 4096): string {
  let text = ''
  for (let i = from; i < Math.min(to, from + most); i++) text += String.fromCharCode(data[i]!)
  return text
}

const decoder = new TextDecoder()
/** UTF-8, U+FFFD where it is none. */
export const utf8 = (data: Uint8Array, from: number, to: number): string => decoder.decode(data.subarray(from, to))
