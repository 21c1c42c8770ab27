/** Text and bytes looked for in a stream, within its runs: what one side says does not go on in what the other answers. */
import type { Direction, StreamBytes } from './stream-bytes.ts'

/** Most hits that are kept. */
export const HIT_LIMIT = 100_000

/** The bytes of what was typed, with the escapes `\xNN \r \n \t \0 \\` read as the view writes them. */
export function wantedBytes(text: string): Uint8Array {
  const encoder = new TextEncoder()
  const out: number[] = []
  const pattern = /\\(?:x([0-9a-fA-F]{2})|([rnt0\\]))/g
  let from = 0
  const plain = (to: number): void => {
    for (const byte of encoder.encode(text.slice(from, to))) out.push(byte)
  }
  for (const match of text.matchAll(pattern)) {
    plain(match.index)
    from = match.index + match[0].length
    if (match[1] !== undefined) out.push(Number.parseInt(match[1], 16))
    else out.push({ r: 13, n: 10, t: 9, '0': 0, '\\': 92 }[match[2] ?? ''] ?? 0)
  }
  plain(text.length)
  return Uint8Array.from(out)
}

const lower = (byte: number): number => (byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte)

export interface Hits {
  /** Where they begin, in order; none overlaps another. */
  readonly starts: readonly number[]
  /** Bytes of each. */
  readonly length: number
  /** There are more. */
  readonly more: boolean
}
export const NO_HITS: Hits = { starts: [], length: 0, more: false }

/** Letters of ASCII fit each other unless `caseSensitive`. */
export function searchStream(stream: StreamBytes, wanted: Uint8Array, caseSensitive: boolean, only: Direction | null): Hits {
  const size = wanted.length
  if (size === 0) return NO_HITS
  const data = stream.data.subarray(0, stream.length)
  const pattern = caseSensitive ? wanted : wanted.map(lower)
  const first = pattern[0] ?? 0
  // The other case of the first letter, so that the engine's own search finds where to look.
  const other = !caseSensitive && first >= 0x61 && first <= 0x7a ? first - 0x20 : first
  const starts: number[] = []
  // Where the first byte is next, in the whole store: looked for once, not once for each run.
  let [next, nextOther] = [-2, other === first ? -1 : -2]
  for (const run of stream.runs) {
    if (run.missing > 0 || (only !== null && run.direction !== only)) continue
    const last = run.end - size
    for (let at = run.start; at <= last;) {
      if (next !== -1 && next < at) next = data.indexOf(first, at)
      if (nextOther !== -1 && nextOther < at) nextOther = data.indexOf(other, at)
      at = next === -1 ? nextOther : nextOther === -1 ? next : Math.min(next, nextOther)
      if (at === -1 || at > last) break
      let index = 1
      while (index < size && (caseSensitive ? data[at + index] : lower(data[at + index] ?? 0)) === pattern[index]) index += 1
      if (index < size) {
        at += 1
        continue
      }
      if (starts.length === HIT_LIMIT) return { starts, length: size, more: true }
      starts.push(at)
      at += size
    }
  }
  return { starts, length: size, more: false }
}

/** Index of the first hit at or behind `at`, of the last before it where `backwards`; goes round at the ends. -1 for none. */
export function nextHit({ starts }: Hits, at: number, backwards: boolean): number {
  if (starts.length === 0) return -1
  const behind = firstNotBefore(starts, at)
  if (backwards) return (behind - 1 + starts.length) % starts.length
  return behind % starts.length
}

/** Hits that touch the bytes `from` to `to`, by index. */
export function hitsIn({ starts, length }: Hits, from: number, to: number): { first: number; behind: number } {
  return { first: firstNotBefore(starts, from - length + 1), behind: firstNotBefore(starts, to) }
}

function firstNotBefore(starts: readonly number[], at: number): number {
  let low = 0
  let high = starts.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((starts[middle] ?? 0) < at) low = middle + 1
    else high = middle
  }
  return low
}
