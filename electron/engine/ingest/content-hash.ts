/**
 * How an import knows a file by its content, whatever its name and compression.
 *
 * A position of an import is stored under `content:<n>:<hash of the first n bytes>:<number in the import>`, n being the largest
 * power of two that the content has (at most 64 KiB), with a SHA-256 of everything up to the position as its `tail`. A file
 * found later is looked up under all n it has, so a file that grew is found too; it is the same only where everything up to the
 * position hashes alike.
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
const keyOf = (bytes: Uint8Array): string => `content:${bytes.length}:${createHash('sha256').update(bytes).digest('hex').slice(0, 32)}`

/** A running hash of content whose position lags behind what has been seen. */
export class ContentHash {
  readonly #hash: Hash = createHash('sha256')
  #ahead: Uint8Array[] = []
  /** Bytes that are in the hash. */
  #hashed = 0

  /** The next bytes; copied, as the caller may use their place again. */
  push(bytes: Uint8Array): void {
    this.#ahead.push(Uint8Array.from(bytes))
  }

  /** Hash of the content up to `offset`, which never goes back and never beyond what was pushed. */
  at(offset: number): string {
    while (this.#hashed < offset) {
      const piece = this.#ahead[0]
      if (piece === undefined) throw new RangeError('a position beyond what was read')
      const part = piece.subarray(0, offset - this.#hashed)
      this.#hash.update(part)
      this.#hashed += part.length
      if (part.length === piece.length) this.#ahead.shift()
      else this.#ahead[0] = piece.subarray(part.length)
    }
    return this.#hash.copy().digest('hex')
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
  const open = known.toSorted((a, b) => a.offset - b.offset)
  const same: Position[] = []
  const hash = new ContentHash()
  let read = 0
  const check = (): void => {
    while (open[0] !== undefined && open[0].offset <= read) {
      const position = open.shift()!
      if (hash.at(position.offset) === position.tail) same.push(position)
    }
  }
  check()
  if (open.length > 0)
    for await (const piece of pieces) {
      read += piece.length
      hash.push(piece)
      check()
      const next = open[0]
      if (next === undefined) break
      hash.at(Math.min(read, next.offset))
    }
  return same.reverse()
}
