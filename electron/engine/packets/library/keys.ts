/** What a capture is searched by, as hashes: hosts, pairs of hosts, ports, Community IDs. They are kept on disk: never change them. */
import { groupsOf, isIpv4 } from '../../ingest/normalise/address.ts'

/** An address as flow records have it: four words, IPv4 in the fourth. */
export interface Host {
  readonly family: 4 | 6
  readonly words: Uint32Array
}

export function hostOf(text: string): Host | null {
  if (isIpv4(text)) {
    const [a, b, c, d] = text.split('.').map(Number) as [number, number, number, number]
    return { family: 4, words: Uint32Array.of(0, 0, 0, (a << 24) | (b << 16) | (c << 8) | d) }
  }
  const groups = groupsOf(text)
  if (groups === null) return null
  return { family: 6, words: Uint32Array.from([0, 2, 4, 6], (i) => (groups[i]! << 16) | groups[i + 1]!) }
}

/** The first eight bytes of a Community ID's hash (`1:` and 28 characters of Base64), as two words; null where it is none. */
export function communityWords(text: string): readonly [number, number] | null {
  if (!/^1:[A-Za-z0-9+/]{27}=$/.test(text)) return null
  const bytes = Buffer.from(text.slice(2), 'base64')
  return [bytes.readUInt32LE(0), bytes.readUInt32LE(4)]
}

const KIND = { host: 1, pair: 2, port: 3, community: 4 } as const

/** Two hashes of 32 bits. One instance is used again and again. */
export class KeyHash {
  a = 0
  b = 0

  host(family: number, words: Uint32Array, at = 0): this {
    return this.#begin(KIND.host, family).#address(words, at)
  }
  /** The same in either order. */
  pair(family: number, one: Uint32Array, at: number, other: Uint32Array, otherAt: number): this {
    this.#begin(KIND.pair, family)
    return compare(one, at, other, otherAt) <= 0
      ? this.#address(one, at).#address(other, otherAt)
      : this.#address(other, otherAt).#address(one, at)
  }
  port(port: number): this {
    return this.#begin(KIND.port, port)
  }
  community(first: number, second: number): this {
    return this.#begin(KIND.community, 0).#add(first).#add(second)
  }

  #begin(kind: number, more: number): this {
    this.a = mix(0x243f_6a88 ^ kind)
    this.b = mix(0x85a3_08d3 ^ kind)
    return this.#add(more)
  }
  #address(words: Uint32Array, at: number): this {
    return this.#add(words[at]!)
      .#add(words[at + 1]!)
      .#add(words[at + 2]!)
      .#add(words[at + 3]!)
  }
  #add(word: number): this {
    this.a = mix(this.a ^ word)
    this.b = mix((Math.imul(this.b, 31) + word) | 0)
    return this
  }
}

function compare(one: Uint32Array, at: number, other: Uint32Array, otherAt: number): number {
  for (let i = 0; i < 4; i++) {
    const [x, y] = [one[at + i]!, other[otherAt + i]!]
    if (x !== y) return x < y ? -1 : 1
  }
  return 0
}

export function mix(value: number): number {
  let x = value | 0
  x = Math.imul(x ^ (x >>> 16), 0x7feb_352d)
  x = Math.imul(x ^ (x >>> 15), 0x846c_a68b)
  return (x ^ (x >>> 16)) >>> 0
}
