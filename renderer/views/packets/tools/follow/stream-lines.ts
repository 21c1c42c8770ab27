/**
 * A stream laid out as lines of at most so many columns. Lines are kept as numbers, so a stream of 10 MB has its lines within
 * some tens of milliseconds; what a line says is made when it is seen.
 */
import type { Direction, StreamBytes } from './stream-bytes.ts'
import { characterAt, widthOf, type Character, type Encoding } from './stream-text.ts'

export type Shape = 'ascii' | 'utf8' | 'hex' | 'raw'

export interface Layout {
  readonly shape: Shape
  /** Only this direction; null is both. */
  readonly only: Direction | null
  /** Characters of the mono type that fit. */
  readonly columns: number
}

/** Bytes of a line of the hex dump. */
export const HEX_BYTES = 16
export const encodingOf = (shape: Shape): Encoding => (shape === 'utf8' ? 'utf8' : 'ascii')

export interface Line {
  /** Bytes of the store; none in a gap. */
  readonly start: number
  readonly end: number
  readonly run: number
}

export class StreamLines {
  readonly #stream: StreamBytes
  readonly layout: Layout
  #starts = new Uint32Array(1024)
  #ends = new Uint32Array(1024)
  #runs = new Uint32Array(1024)
  count = 0
  /** The first run that is not wholly laid out. */
  #run = 0

  constructor(stream: StreamBytes, layout: Layout) {
    this.#stream = stream
    this.layout = layout
    this.extend()
  }

  /** Lays out what has come since; the last line is made anew where its run has grown. */
  extend(): void {
    const { runs } = this.#stream
    for (let index = this.#run; index < runs.length; index += 1) {
      const run = runs[index]
      if (!run || (this.layout.only !== null && run.direction !== this.layout.only)) continue
      let from = run.start
      const last = this.count - 1
      if (last >= 0 && this.#runs[last] === index) {
        if (run.missing > 0 || this.#ends[last] === run.end) continue
        from = this.#starts[last] ?? from
        this.count = last
      }
      if (run.missing > 0) this.#push(run.start, run.start, index)
      else this.#lay(from, run.end, index)
    }
    // The last run may still grow.
    this.#run = Math.max(0, runs.length - 1)
  }

  line(index: number): Line | null {
    if (index < 0 || index >= this.count) return null
    return { start: this.#starts[index] ?? 0, end: this.#ends[index] ?? 0, run: this.#runs[index] ?? 0 }
  }

  /** The line that shows a byte; -1 where no line does. */
  lineAt(at: number): number {
    let low = 0
    let high = this.count - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((this.#starts[middle] ?? 0) <= at) low = middle
      else high = middle - 1
    }
    return at >= (this.#starts[low] ?? 0) && at < (this.#ends[low] ?? 0) ? low : -1
  }

  #lay(from: number, end: number, run: number): void {
    const { shape, columns } = this.layout
    if (shape === 'hex' || shape === 'raw') {
      const step = shape === 'hex' ? HEX_BYTES : Math.max(8, Math.floor(columns / 2))
      for (let at = from; at < end; at += step) this.#push(at, Math.min(end, at + step), run)
      return
    }
    const { data } = this.#stream
    const encoding = encodingOf(shape)
    const character: Character = { code: 0, bytes: 1 }
    const most = Math.max(16, columns)
    let start = from
    let width = 0
    for (let at = from; at < end; at += character.bytes) {
      characterAt(data, at, end, encoding, character)
      if (character.code === 0x0a) {
        this.#push(start, at + 1, run)
        start = at + 1
        width = 0
        continue
      }
      const own = widthOf(character)
      // The carriage return before a line feed needs no line of its own.
      if (width + own > most && !(character.code === 0x0d && data[at + 1] === 0x0a)) {
        this.#push(start, at, run)
        start = at
        width = 0
      }
      width += own
    }
    if (start < end) this.#push(start, end, run)
  }

  #push(start: number, end: number, run: number): void {
    if (this.count === this.#starts.length) {
      this.#starts = larger(this.#starts)
      this.#ends = larger(this.#ends)
      this.#runs = larger(this.#runs)
    }
    this.#starts[this.count] = start
    this.#ends[this.count] = end
    this.#runs[this.count] = run
    this.count += 1
  }
}

function larger(list: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const grown = new Uint32Array(list.length * 2)
  grown.set(list)
  return grown
}
