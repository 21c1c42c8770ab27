/**
 * Syslog over a stream of bytes → records (RFC 6587; RFC 5425 uses the counted form). What each record is framed by is seen at
 * its beginning, so senders may mix both forms:
 *
 * - Counted: `LENGTH SP` and so many bytes. Taken for a count are digits and a space before a PRI; at the very beginning also
 *   before `{`, `CEF:` or `LEEF:`; behind a counted record before anything. A line may begin with a number.
 * - Line: up to LF, CRLF or NUL.
 *
 * A count that is wrong leaves bytes where a count should be. They are refused up to the next line end or the next count that
 * stands before a PRI, and reading goes on there.
 */
import { Buffer } from 'node:buffer'
import { say, type Sentence } from '../../../../shared/model/sentence.ts'
import { KEPT_OF_REFUSED, MAX_RECORD } from '../framer.ts'

const NUL = 0x00
const LF = 0x0a
const CR = 0x0d
const SPACE = 0x20
const ZERO = 0x30
const NINE = 0x39
const LESS = 0x3c
const GREATER = 0x3e
/** A longer count is none: passing over what it announces would take the connection away for good. */
const COUNT_DIGITS = 8
const SMALLEST_BUFFER = 4 * 1024

/** A record that cannot be given to a parser. */
export interface RefusedRecord {
  /** In bytes, as far as it is known. */
  readonly length: number
  readonly reason: Sentence
  /** Its first bytes, at most `KEPT_OF_REFUSED`. */
  readonly raw: Uint8Array
}

export interface FramerSink {
  /** The bytes are the sink's only until it returns. */
  record(bytes: Uint8Array): void
  refused(record: RefusedRecord): void
}

/** Bytes that are passed over up to their end. */
interface Passing {
  /** Counted bytes that are still to come, or null where a line end is looked for. */
  left: number | null
  length: number
  readonly reason: Sentence
  /** Also ended by a count before a PRI. */
  readonly resync: boolean
  raw: Buffer
  kept: number
  /** The last byte, for the CR of a line end. */
  last: number
}

export class SyslogFramer {
  readonly #sink: FramerSink
  readonly #max: number
  #buffer = Buffer.allocUnsafeSlow(SMALLEST_BUFFER)
  #filled = 0
  /** Start of the record that is open, and next byte to look at. */
  #at = 0
  #scanned = 0
  /** Bytes of the counted record that is open. */
  #need = 0
  #state: 'start' | 'counted' | 'line' | 'passing' = 'start'
  #passing: Passing | null = null
  /** How the last record was framed. */
  #last: 'counted' | 'line' | null = null

  constructor(sink: FramerSink, maxRecord: number = MAX_RECORD) {
    this.#sink = sink
    this.#max = maxRecord
  }

  /** Bytes of memory that wait for the rest of their record. */
  get waiting(): number {
    return this.#filled - this.#at + (this.#passing?.kept ?? 0)
  }
  /** Whether a record has begun and is not whole. */
  get open(): boolean {
    return this.#state !== 'start' || this.#filled > this.#at
  }

  /** Takes the next piece, of any size; the sink is called for each record that is whole. Copies. */
  push(piece: Uint8Array): void {
    // A long piece in parts: the buffer then holds one record and one part, whatever comes.
    for (let at = 0; at < piece.length; at += 64 * 1024) {
      this.#append(piece.subarray(at, at + 64 * 1024))
      this.#scan(false)
      this.#compact()
    }
  }

  /**
   * No more bytes come. `cut` says why they ended, where the sender did not end them: then what is not whole is
   * refused. Otherwise an unterminated line is a record.
   */
  end(cut: Sentence | null): void {
    this.#scan(true)
    const left = this.#buffer.subarray(this.#at, this.#filled)
    if (this.#state === 'passing') this.#endPassing()
    else if (this.#state === 'counted')
      this.#sink.refused({
        length: left.length,
        reason: say('cut_counted', { why: cut ?? say('ended'), read: left.length, of: this.#need }),
        raw: left.subarray(0, KEPT_OF_REFUSED),
      })
    else if (this.#state === 'line' && cut === null) this.#line(this.#filled)
    else if (left.length > 0)
      this.#sink.refused({
        length: left.length,
        reason: say('cut_line', { why: cut ?? say('ended') }),
        raw: left.subarray(0, KEPT_OF_REFUSED),
      })
    this.#state = 'start'
    this.#at = this.#filled = this.#scanned = 0
  }

  #append(piece: Uint8Array): void {
    const needed = this.#filled + piece.length
    if (needed > this.#buffer.length) {
      const grown = Buffer.allocUnsafeSlow(Math.max(needed, this.#buffer.length * 2))
      this.#buffer.copy(grown, 0, 0, this.#filled)
      this.#buffer = grown
    }
    this.#buffer.set(piece, this.#filled)
    this.#filled = needed
  }

  #compact(): void {
    const rest = this.#filled - this.#at
    if (this.#at > 0) this.#buffer.copyWithin(0, this.#at, this.#filled)
    this.#scanned -= this.#at
    this.#filled = rest
    this.#at = 0
    // A connection that is silent holds little.
    if (this.#buffer.length > 64 * 1024 && rest < SMALLEST_BUFFER) {
      const smaller = Buffer.allocUnsafeSlow(SMALLEST_BUFFER)
      this.#buffer.copy(smaller, 0, 0, rest)
      this.#buffer = smaller
    }
  }

  /** `over`: nothing more comes, so nothing can be waited for. */
  #scan(over: boolean): void {
    for (;;) {
      const before = this.#at
      const state = this.#state
      if (state === 'start') this.#begin(over)
      else if (state === 'counted') this.#counted()
      else if (state === 'line') this.#findLineEnd()
      else this.#pass(over)
      if (this.#state === state && this.#at === before) return
    }
  }

  #begin(over: boolean): void {
    const buffer = this.#buffer
    let at = this.#at
    while (at < this.#filled && isEnd(buffer[at]!)) at++
    this.#at = this.#scanned = at
    if (at === this.#filled) return
    const count = countAt(buffer, at, this.#filled, this.#last === 'counted' ? 'any' : this.#last === 'line' ? 'pri' : 'first')
    if (count === 'more' && !over) return
    if (count !== null && count !== 'more') {
      this.#last = 'counted'
      this.#at = this.#scanned = count.from
      this.#need = count.length
      if (count.length > this.#max) this.#beginPassing(count.length, say('too_long', { bytes: this.#max }), false)
      else this.#state = 'counted'
    } else if (this.#last === 'counted' && buffer[at] !== LESS) this.#beginPassing(null, say('no_length'), true)
    else {
      this.#last = 'line'
      this.#state = 'line'
    }
  }

  #counted(): void {
    const end = this.#at + this.#need
    if (end > this.#filled) return
    const bytes = trimmed(this.#buffer.subarray(this.#at, end))
    if (bytes.length > 0) this.#sink.record(bytes)
    this.#at = this.#scanned = end
    this.#state = 'start'
  }

  #findLineEnd(): void {
    const end = lineEnd(this.#buffer, this.#scanned, this.#filled)
    // One byte more than a record may have: it can be the CR of the line end.
    const open = (end < 0 ? this.#filled : end) - this.#at
    if (open > this.#max + 1) {
      this.#beginPassing(null, say('too_long', { bytes: this.#max }), false)
      return
    }
    this.#scanned = this.#filled
    if (end >= 0) this.#line(end)
  }

  #line(end: number): void {
    const from = this.#at
    const to = end > from && this.#buffer[end - 1] === CR ? end - 1 : end
    const bytes = this.#buffer.subarray(from, to)
    if (bytes.length > this.#max)
      this.#sink.refused({
        length: bytes.length,
        reason: say('too_long', { bytes: this.#max }),
        raw: bytes.subarray(0, KEPT_OF_REFUSED),
      })
    else if (bytes.length > 0) this.#sink.record(bytes)
    this.#at = this.#scanned = Math.min(end + 1, this.#filled)
    this.#state = 'start'
  }

  #beginPassing(left: number | null, reason: Sentence, resync: boolean): void {
    this.#passing = { left, length: 0, reason, resync, raw: Buffer.allocUnsafeSlow(1024), kept: 0, last: -1 }
    this.#state = 'passing'
  }

  #pass(over: boolean): void {
    const passing = this.#passing!
    const buffer = this.#buffer
    let end = this.#filled
    let ended = false
    if (passing.left !== null) {
      end = Math.min(end, this.#at + passing.left)
      passing.left -= end - this.#at
      ended = passing.left === 0
    } else {
      const line = lineEnd(buffer, this.#at, this.#filled)
      if (line >= 0) end = line
      ended = line >= 0
      if (passing.resync) {
        const next = nextCount(buffer, this.#at, end, this.#filled, over || ended, passing.last)
        if (next !== null) {
          end = next.at
          ended = next.sure
        }
      }
    }
    if (end > this.#at) {
      const bytes = buffer.subarray(this.#at, end)
      keep(passing, bytes)
      passing.length += bytes.length
      passing.last = bytes.at(-1)!
    }
    this.#at = this.#scanned = end
    if (ended) this.#endPassing()
  }

  #endPassing(): void {
    const passing = this.#passing!
    this.#passing = null
    this.#state = 'start'
    const cr = passing.left === null && passing.last === CR ? 1 : 0
    const length = passing.length - cr
    if (length > 0)
      this.#sink.refused({ length, reason: passing.reason, raw: passing.raw.subarray(0, Math.min(passing.kept, length)) })
  }
}

function keep(passing: Passing, bytes: Uint8Array): void {
  const part = bytes.subarray(0, KEPT_OF_REFUSED - passing.kept)
  const needed = passing.kept + part.length
  if (needed > passing.raw.length) {
    const grown = Buffer.allocUnsafeSlow(Math.min(KEPT_OF_REFUSED, Math.max(needed, passing.raw.length * 2)))
    passing.raw.copy(grown, 0, 0, passing.kept)
    passing.raw = grown
  }
  passing.raw.set(part, passing.kept)
  passing.kept = needed
}

const isEnd = (byte: number): boolean => byte === LF || byte === CR || byte === NUL
const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= ZERO && byte <= NINE

/** Without the line ends and NULs that stand behind it. */
export function trimmed(bytes: Uint8Array): Uint8Array {
  let end = bytes.length
  while (end > 0 && isEnd(bytes[end - 1]!)) end--
  return end === bytes.length ? bytes : bytes.subarray(0, end)
}

/** The first LF or NUL, or -1. */
function lineEnd(buffer: Buffer, from: number, to: number): number {
  for (let i = from; i < to; i++) if (buffer[i] === LF || buffer[i] === NUL) return i
  return -1
}

const BEGINNINGS = ['{', 'CEF:', 'LEEF:'].map((text) => Buffer.from(text))

/** A count with its space at `at`: where its record begins. `more`: it cannot be said before more bytes are there. */
function countAt(
  buffer: Buffer,
  at: number,
  filled: number,
  before: 'any' | 'pri' | 'first',
): { from: number; length: number } | 'more' | null {
  let i = at
  if (buffer[i] === ZERO) return null
  let length = 0
  while (i < filled && isDigit(buffer[i])) {
    if (i - at >= COUNT_DIGITS) return null
    length = length * 10 + buffer[i]! - ZERO
    i++
  }
  if (i === filled) return 'more'
  if (i === at || buffer[i] !== SPACE) return null
  const found = { from: i + 1, length }
  if (before === 'any') return found
  const rest = buffer.subarray(i + 1, filled)
  if (rest.length === 0) return 'more'
  if (rest[0] !== LESS) {
    const beginning = before === 'first' ? BEGINNINGS.find((bytes) => bytes[0] === rest[0]) : undefined
    const there = Math.min(rest.length, beginning?.length ?? 0)
    if (beginning === undefined || !rest.subarray(0, there).equals(beginning.subarray(0, there))) return null
    return there === beginning.length ? found : 'more'
  }
  for (let j = 1; j <= 4; j++) {
    if (j === rest.length) return 'more'
    if (rest[j] === GREATER) return j > 1 ? found : null
    if (!isDigit(rest[j])) return null
  }
  return null
}

/**
 * The first count before a PRI that begins in `from..to`. Not `sure`: it may be one, but its end is not there yet. A number
 * whose first digits were passed over already is none.
 */
function nextCount(
  buffer: Buffer,
  from: number,
  to: number,
  filled: number,
  over: boolean,
  before: number,
): { at: number; sure: boolean } | null {
  let previous = before
  for (let i = from; i < to; i++) {
    const byte = buffer[i]!
    if (isDigit(byte) && !isDigit(previous)) {
      const count = countAt(buffer, i, filled, 'pri')
      if (count === 'more' ? !over : count !== null) return { at: i, sure: count !== 'more' }
    }
    previous = byte
  }
  return null
}
