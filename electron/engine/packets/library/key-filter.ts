/**
 * A Bloom filter in blocks of 64 bytes: all bits of a key are in one block, so that a question reads one block of the file. A block
 * holds 480 bits and their CRC-32. About one key in a hundred that is not there seems to be.
 */
import { crc32 } from 'node:zlib'
import { mix, type KeyHash } from './keys.ts'

export const BLOCK = 64
const DATA = 60
const BITS = DATA * 8
const BITS_A_KEY = 12
const PROBES = 6

export const blocksFor = (keys: number): number => Math.max(1, Math.ceil((keys * BITS_A_KEY) / BITS))
export const blockOf = ({ a }: KeyHash, blocks: number): number => a % blocks

export class KeyFilter {
  readonly bytes: Uint8Array
  readonly #blocks: number

  constructor(blocks: number) {
    this.#blocks = blocks
    this.bytes = new Uint8Array(blocks * BLOCK)
  }

  add(key: KeyHash): void {
    const at = blockOf(key, this.#blocks) * BLOCK
    for (let i = 0; i < PROBES; i++) {
      const bit = probe(key, i)
      this.bytes[at + (bit >> 3)]! |= 1 << (bit & 7)
    }
  }

  /** No more keys: writes the checksums. */
  seal(): void {
    const view = new DataView(this.bytes.buffer)
    for (let at = 0; at < this.bytes.length; at += BLOCK)
      view.setUint32(at + DATA, crc32(this.bytes.subarray(at, at + DATA)), true)
  }
}

const probe = ({ b }: KeyHash, i: number): number => mix((b + Math.imul(i, 0x9e37_79b9)) | 0) % BITS

/** Whether a key may be in a block that `blockOf` named; null where the block is damaged. */
export function inBlock(block: Uint8Array, key: KeyHash): boolean | null {
  const data = block.subarray(0, DATA)
  if (block.length !== BLOCK || new DataView(block.buffer, block.byteOffset).getUint32(DATA, true) !== crc32(data)) return null
  for (let i = 0; i < PROBES; i++) {
    const bit = probe(key, i)
    if ((data[bit >> 3]! & (1 << (bit & 7))) === 0) return false
  }
  return true
}

/** About how many different keys there were (linear counting), in little memory. */
export class DistinctKeys {
  readonly #bits: Uint8Array
  readonly #mask: number

  /** `most` keys will come at most. */
  constructor(most: number) {
    const size = 2 ** Math.min(22, Math.max(10, Math.ceil(Math.log2(most + 1)) + 1))
    this.#bits = new Uint8Array(size / 8)
    this.#mask = size - 1
  }
  add({ a, b }: KeyHash): void {
    const bit = (a ^ b) & this.#mask
    this.#bits[bit >> 3]! |= 1 << (bit & 7)
  }
  get count(): number {
    let free = 0
    for (const byte of this.#bits) for (let rest = ~byte & 255; rest !== 0; rest &= rest - 1) free++
    const size = this.#mask + 1
    return Math.ceil(-size * Math.log(Math.max(1, free) / size))
  }
}
