/**
 * How an import knows a file by its content, whatever its name and compression.
 *
 * A position of an import is stored under `content:<n>:<hash of the first n bytes>:<number in the import>`, n being the largest
 * power of two that the content has (at most 64 KiB). Its `tail` is `<bytes>:<SHA-256 of them>`: all that had been read when it
 * was made, which is the position or a little more; an end of a capture has `:<packets>` behind it. A file found later is looked up under all n it has, so a file that grew is
 * found too; it is the same only where all those bytes hash alike.
 */
import { createHash, type Hash } from 'node:crypto'
import type { Position } from '../store/batch.ts'

const SMALLEST = 64
const LARGEST = 64 * 1024

/** Keys under which positions of this content may be stored, the longest first. `head`: the first 64 KiB, or all there is. */
export function contentKeys(head: Uint8Array): string[] {
  const keys: string[] = []
  for (let size = LARGEST; size >= SMALLEST; size /= 2) if (size <= head.length) keys.push(keyOf(head.subarray(0, size)))
  // Smaller than the smallest: only the very same content.
  if (keys.length === 0) keys.push(keyOf(head))
  return keys
}
const keyOf = (bytes: Uint8Array): string =>
  `content:${bytes.length}:${createHash('sha256').update(bytes).digest('hex').slice(0, 32)}`

/** A running hash of what was read. */
export class ContentHash {
  readonly #hash: Hash = createHash('sha256')
  #bytes = 0

  push(bytes: Uint8Array): void {
    this.#hash.update(bytes)
    this.#bytes += bytes.length
  }

  /** `Position.tail` of everything so far. */
  get tail(): string {
    return `${this.#bytes}:${this.#hash.copy().digest('hex')}`
  }
}

/** The first 64 KiB. Stops asking as soon as it has them. */
export async function headOfContent(pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  let length = 0
  for await (const piece of pieces) {
    const part = Uint8Array.from(piece.subarray(0, LARGEST - length))
    parts.push(part)
    length += part.length
    if (length >= LARGEST) break
  }
  return Buffer.concat(parts)
}

/** Which of these positions belong to this content, the furthest first; they are checked in one pass over it. */
export async function samePositions(pieces: AsyncIterable<Uint8Array>, known: readonly Position[]): Promise<Position[]> {
  const open = known
    .map((position) => ({ position, bytes: Number(position.tail.split(':', 1)[0]) }))
    .sort((a, b) => a.bytes - b.bytes)
  const same: Position[] = []
  const hash = new ContentHash()
  let read = 0
  for await (const piece of pieces) {
    let rest = piece
    for (let next = open[0]; next !== undefined && next.bytes <= read + rest.length; next = open[0]) {
      hash.push(rest.subarray(0, next.bytes - read))
      rest = rest.subarray(next.bytes - read)
      read = next.bytes
      const { tail } = hash
      if (next.position.tail === tail || next.position.tail.startsWith(`${tail}:`)) same.push(next.position)
      open.shift()
    }
    if (open.length === 0) break
    hash.push(rest)
    read += rest.length
  }
  return same.sort((a, b) => b.offset - a.offset)
}
