/** Protocols of lines: FTP, SMTP, POP, IMAP, IRC. */
import { printable } from './bytes-text.ts'

/** A line that is longer is taken for one. */
const MOST_LINE = 16_384

const isText = (byte: number): boolean => (byte >= 32 && byte < 127) || byte === 9 || byte === 10 || byte === 13

/** For `stream.length`: the line at `from` with its end; 0 where it is not whole, -1 where these are no letters. */
export function lineLength(data: Uint8Array, from: number, to: number): number {
  if (!isText(data[from]!)) return -1
  const feed = data.indexOf(10, from)
  if (feed >= 0 && feed < to) return feed + 1 - from
  return to - from >= MOST_LINE ? to - from : 0
}

const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 48 && byte <= 57

/** For `stream.length`: the reply at `from` (RFC 959, section 4.2), of one line or several; 0 where it is not whole. */
export function replyLength(data: Uint8Array, from: number, to: number): number {
  if (!isText(data[from]!)) return -1
  const first = lineLength(data, from, to)
  const several =
    to - from > 3 && isDigit(data[from]) && isDigit(data[from + 1]) && isDigit(data[from + 2]) && data[from + 3] === 45
  if (first <= 0 || !several) return first
  let at = from + first
  while (at < to) {
    const length = lineLength(data, at, to)
    // What is no line ends the reply.
    if (length < 0) return at - from
    if (length === 0) break
    const same = data[at] === data[from] && data[at + 1] === data[from + 1] && data[at + 2] === data[from + 2]
    at += length
    if (same && data[at - length + 3] !== 45) return at - from
  }
  return to - from >= MOST_LINE ? to - from : 0
}

/** A number of three digits at `from`; 0 where there is none. */
export const replyCode = (data: Uint8Array, from: number, to: number): number =>
  from + 3 <= to && isDigit(data[from]) && isDigit(data[from + 1]) && isDigit(data[from + 2])
    ? (data[from]! - 48) * 100 + (data[from + 1]! - 48) * 10 + data[from + 2]! - 48
    : 0

/** Where the text of the line at `from` ends, without its end of line. */
export function lineEnd(data: Uint8Array, from: number, to: number): number {
  const feed = data.indexOf(10, from)
  let end = feed < 0 || feed > to ? to : feed
  if (end > from && data[end - 1] === 13) end--
  return end
}

/** A command and what follows it; both '' where the line is empty. */
export interface Command {
  readonly word: string
  readonly wordEnd: number
  readonly rest: string
  readonly restAt: number
  readonly end: number
}
export function readCommand(data: Uint8Array, from: number, to: number): Command {
  const end = lineEnd(data, from, to)
  let word = from
  while (word < end && data[word] !== 32) word++
  let rest = word
  while (rest < end && data[rest] === 32) rest++
  return { word: printable(data, from, word, 256), wordEnd: word, rest: printable(data, rest, end), restAt: rest, end }
}
