/** True where an address is of a network that is nobody's in the Internet (RFC 1918, RFC 6598, RFC 4193) or of this link or host. */
export function isLocal(words: Uint32Array, at: number, family: number): boolean {
  if (family === 6) {
    const first = words[at]!
    return (
      first >>> 25 === 0x7e ||
      first >>> 22 === 0x3fa ||
      (first === 0 && words[at + 1] === 0 && words[at + 2] === 0 && words[at + 3] === 1)
    )
  }
  const address = words[at + 3]!
  const top = address >>> 24
  return (
    top === 10 ||
    top === 127 ||
    address >>> 20 === 0xac1 ||
    address >>> 16 === 0xc0a8 ||
    address >>> 22 === 0x191 ||
    address >>> 16 === 0xa9fe
  )
}
