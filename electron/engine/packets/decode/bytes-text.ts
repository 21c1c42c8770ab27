/** Text that stands in messages: found and taken without a look at every byte in JavaScript. */

// Takes any Uint8Array, though its type asks for a Buffer.
const latin1Slice = (Buffer.prototype as unknown as { latin1Slice(this: Uint8Array, from: number, to: number): string })
  .latin1Slice

/** Up to here a call costs more than it saves. */
const SHORT = 8

/** Bytes as one character each (latin1); never longer than `most`. */
export function ascii(data: Uint8Array, from: number, to: number, most = 4096): string {
  const end = Math.min(to, data.length, from + most)
  if (end - from > SHORT) return latin1Slice.call(data, from, end)
  let text = ''
  for (let i = from; i < end; i++) text += String.fromCharCode(data[i]!)
  return text
}

const CONTROL = /[\p{Cc}\u2028\u2029]/gu
const ESCAPES: Readonly<Record<string, string>> = {
  '\u0007': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
}
const escaped = (character: string): string => ESCAPES[character] ?? `\\${character.charCodeAt(0).toString(8).padStart(3, '0')}`
const decoder = new TextDecoder()

/** Bytes as text of one line, as Wireshark writes them: UTF-8, control characters as `\n` and `\004`. Never longer than `most` bytes. */
export function printable(data: Uint8Array, from: number, to: number, most = 4096): string {
  const end = Math.min(to, data.length, from + most)
  let plain = true
  for (let i = from; i < end && plain; i++) plain = data[i]! >= 0x20 && data[i]! < 0x7f
  if (plain) return ascii(data, from, end, most)
  return decoder.decode(data.subarray(from, Math.max(from, end))).replace(CONTROL, escaped)
}

/** Text as UTF-8 where it is, as it stands. */
export function text(data: Uint8Array, from: number, to: number, most = 4096): string {
  const end = Math.min(to, data.length, from + most)
  for (let i = from; i < end; i++) if (data[i]! >= 0x80) return decoder.decode(data.subarray(from, end))
  return ascii(data, from, end, most)
}

/** Place of the line feed at or after `from`, or -1 where there is none before `to`. */
export function lineFeed(data: Uint8Array, from: number, to: number): number {
  const at = data.indexOf(10, from)
  return at < 0 || at >= to ? -1 : at
}

/** Where a line's text ends that has its line feed at `feed`: before its carriage return. */
export const lineText = (data: Uint8Array, from: number, feed: number): number =>
  feed > from && data[feed - 1] === 13 ? feed - 1 : feed

/** True where the bytes at `at` are `word` (of ASCII), whatever their case. */
export function isWord(data: Uint8Array, at: number, to: number, word: string): boolean {
  if (at + word.length > to) return false
  if ((data[at]! | 32) !== (word.charCodeAt(0) | 32)) return false
  for (let i = 0; i < word.length; i++) {
    const a = data[at + i]!
    const b = word.charCodeAt(i)
    if (a !== b && (a | 32) !== (b | 32)) return false
    if (a !== b && ((a | 32) < 97 || (a | 32) > 122)) return false
  }
  return true
}

/** Skips blanks and tabs. */
export function skipBlanks(data: Uint8Array, at: number, to: number): number {
  while (at < to && (data[at] === 32 || data[at] === 9)) at++
  return at
}

/** First blank or tab at or after `at`, or `to`. */
export function wordEnd(data: Uint8Array, at: number, to: number): number {
  while (at < to && data[at] !== 32 && data[at] !== 9) at++
  return at
}
