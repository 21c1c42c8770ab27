/** Records of separated values. */
import type { FramerStart } from './framer.ts'
import { LineFramer } from './line-framer.ts'
import { delimiterBytes, delimiterOf, quoteBehind } from './normalise/csv.ts'

/** A quoted field of separated values closes within so many lines and bytes of its record, or it was none. */
export const MAX_QUOTED_LINES = 1000
export const MAX_QUOTED_BYTES = 256 * 1024

const LF = 0x0a
const CR = 0x0d

/**
 * Lines, where a record of separated values goes on over line ends inside a quoted field (RFC 4180 §2.6). A quoted field that
 * is not closed in time, or behind which text stands, was none: its first line is a record by itself, and reading goes on with
 * the line after it. So what a record is depends on nothing before its beginning, and reading can go on at any of them.
 */
export class QuotedFramer extends LineFramer {
  #delimiter: Uint8Array | null
  readonly #maxLines: number
  readonly #maxBytes: number
  /** The record at `recordStart` is open: lines of it that were seen, and where in the stream the next one begins. */
  #open = false
  #lines = 0
  #next = 0
  /** Lines that begin before this place in the stream are records by themselves. */
  #alone = 0
  /**
   * Up to this place in the stream an open field stays open, wherever before it it began: `#known` is the number of lines
   * from `recordStart` to there. So no line is looked at more than twice.
   */
  #reach = 0
  #known = 0
  #over = false

  constructor(start: FramerStart) {
    super(start)
    this.#delimiter = start.delimiter === undefined ? null : delimiterBytes(start.delimiter)
    this.#maxLines = start.quotedLines ?? MAX_QUOTED_LINES
    this.#maxBytes = Math.min(start.quotedBytes ?? MAX_QUOTED_BYTES, this.maxRecord)
  }

  protected override scan(): void {
    while (!this.full) {
      const start = this.#open ? this.#next - this.base : this.recordStart
      const limit = this.#open ? Math.min(this.filled, this.recordStart + this.#maxBytes + 1) : this.filled
      const found = this.buffer.subarray(0, limit).indexOf(LF, this.scanned)
      if (found >= 0) this.#line(start, found, found + 1)
      else if (limit < this.filled) this.#tooLong()
      else if (this.#over && this.filled > start) this.#line(start, this.filled, this.filled)
      else if (this.#over && this.#open) this.#notOne(this.base + this.filled)
      else {
        this.scanned = this.filled
        return
      }
    }
  }

  protected override last(): void {
    this.#over = true
    this.scan()
    if (!this.full) this.cut = this.filled
  }

  #line(start: number, end: number, next: number): void {
    const { buffer, base } = this
    const to = end > start && buffer[end - 1] === CR ? end - 1 : end
    if (this.#delimiter === null && to > start)
      this.#delimiter = delimiterBytes(delimiterOf(buffer.toString('utf8', start, to)) ?? ',')
    const alone = this.#delimiter === null || (!this.#open && base + start < this.#alone)
    const state = alone ? 'closed' : quoteBehind(buffer, start, to, this.#delimiter!, this.#open)
    if (this.#open && state === 'broken') {
      this.#notOne(base + start)
      return
    }
    if (state !== 'open') {
      this.add(this.recordStart, to, next)
      this.#known = this.#open ? 0 : Math.max(0, this.#known - 1)
      this.#open = false
      this.recordStart = next
      this.scanned = next
      return
    }
    if (this.#open || this.#known === 0 || base + next > this.#reach) {
      this.#lines = this.#open ? this.#lines + 1 : 1
      this.#next = base + next
    } else {
      this.#lines = this.#known
      this.#next = this.#reach
    }
    this.#open = true
    this.scanned = this.#next - base
    if (this.#lines >= this.#maxLines || this.scanned - this.recordStart > this.#maxBytes) this.#tooLong()
  }

  /** Nothing closes it before `end`: nor does anything close a field that began in a later line. */
  #notOne(end: number): void {
    this.#alone = end
    this.#known = 0
    this.#again()
  }

  #tooLong(): void {
    this.#alone = this.base + this.recordStart + 1
    this.#reach = this.#next
    this.#known = this.#lines
    this.#again()
  }

  #again(): void {
    this.#open = false
    this.#lines = 0
    this.scanned = this.recordStart
  }
}
