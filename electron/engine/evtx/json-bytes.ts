/** JSON written as UTF-8 into memory that is used again for the next record. What is written can be taken back to an earlier place. */
const QUOTE = 0x22
const BACKSLASH = 0x5c
const BRACE = 0x7b
const BRACKET = 0x5b
const COMMA = 0x2c
const HEX = new TextEncoder().encode('0123456789abcdef')
const encoder = new TextEncoder()

/** More than may be written. */
/** More was written than there may be. */
export class TooLong extends Error {}

export class JsonBytes {
  bytes = new Uint8Array(1 << 20)
  length = 0
  readonly #most: number

  /** `most` bytes: more throws {@link TooLong}. */
  constructor(most: number) {
    this.#most = most
  }

  /** Makes room for so many bytes more. */
  room(more: number): void {
    const needed = this.length + more
    if (needed <= this.bytes.length) return
    if (needed > this.#most) throw new TooLong(`more than ${this.#most} bytes`)
    const larger = new Uint8Array(Math.min(this.#most, Math.max(needed, this.bytes.length * 2)))
    larger.set(this.bytes.subarray(0, this.length))
    this.bytes = larger
  }

  byte(value: number): void {
    this.room(1)
    this.bytes[this.length++] = value
  }
  raw(part: Uint8Array): void {
    const { length } = part
    this.room(length)
    const { bytes } = this
    let at = this.length
    // Most parts are short: a call to copy them costs more.
    if (length < 48) for (let i = 0; i < length; i++) bytes[at++] = part[i]!
    else bytes.set(part, at)
    this.length += length
  }
  /** ASCII without quotes, backslashes and control characters. */
  ascii(text: string): void {
    const { length } = text
    this.room(length)
    const { bytes } = this
    let at = this.length
    for (let i = 0; i < length; i++) bytes[at++] = text.charCodeAt(i)
    this.length = at
  }
  /** A comma, unless an object or an array has just begun. */
  comma(): void {
    const last = this.bytes[this.length - 1]
    if (last !== BRACE && last !== BRACKET) this.byte(COMMA)
  }

  /** UTF-16 (little-endian) from `at` to `to`, escaped, without quotes around it. What is no character is U+FFFD. */
  utf16(data: Uint8Array, at: number, to: number): void {
    // Six bytes for each unit are the most.
    this.room(((to - at) >> 1) * 6)
    const { bytes } = this
    let out = this.length
    for (let i = at; i + 1 < to; i += 2) {
      const unit = data[i]! | (data[i + 1]! << 8)
      if (unit < 0x80) {
        if (unit >= 0x20 && unit !== QUOTE && unit !== BACKSLASH) bytes[out++] = unit
        else out = escaped(bytes, out, unit)
      } else if (unit < 0x800) {
        bytes[out++] = 0xc0 | (unit >> 6)
        bytes[out++] = 0x80 | (unit & 63)
      } else {
        let point = unit
        if (unit >= 0xd800 && unit < 0xe000) {
          const low = i + 3 < to ? data[i + 2]! | (data[i + 3]! << 8) : 0
          if (unit < 0xdc00 && low >= 0xdc00 && low < 0xe000) {
            point = 0x10000 + ((unit & 0x3ff) << 10) + (low & 0x3ff)
            i += 2
          } else point = 0xfffd
        }
        if (point >= 0x10000) {
          bytes[out++] = 0xf0 | (point >> 18)
          bytes[out++] = 0x80 | ((point >> 12) & 63)
        } else bytes[out++] = 0xe0 | (point >> 12)
        bytes[out++] = 0x80 | ((point >> 6) & 63)
        bytes[out++] = 0x80 | (point & 63)
      }
    }
    this.length = out
  }
  /** ISO 8859-1. */
  latin1(data: Uint8Array, at: number, to: number): void {
    this.room((to - at) * 6)
    const { bytes } = this
    let out = this.length
    for (let i = at; i < to; i++) {
      const unit = data[i]!
      if (unit >= 0x80) {
        bytes[out++] = 0xc0 | (unit >> 6)
        bytes[out++] = 0x80 | (unit & 63)
      } else if (unit >= 0x20 && unit !== QUOTE && unit !== BACKSLASH) bytes[out++] = unit
      else out = escaped(bytes, out, unit)
    }
    this.length = out
  }
}

function escaped(bytes: Uint8Array, at: number, unit: number): number {
  let out = at
  bytes[out++] = BACKSLASH
  if (unit === QUOTE || unit === BACKSLASH) bytes[out++] = unit
  else if (unit === 10) bytes[out++] = 0x6e
  else if (unit === 13) bytes[out++] = 0x72
  else if (unit === 9) bytes[out++] = 0x74
  else {
    bytes[out++] = 0x75
    bytes[out++] = 0x30
    bytes[out++] = 0x30
    bytes[out++] = HEX[unit >> 4]!
    bytes[out++] = HEX[unit & 15]!
  }
  return out
}

/** Texts that were asked for lately, as JSON: names and literals are the same in every chunk. */
const MOST_KNOWN = 20_000
const LONGEST_KNOWN = 200
let known = new Map<string, Uint8Array>()

/** A text as JSON, in its quotes. */
export function quoted(text: string): Uint8Array {
  let json = known.get(text)
  if (json !== undefined) return json
  json = encoder.encode(JSON.stringify(text))
  if (text.length <= LONGEST_KNOWN) {
    if (known.size >= MOST_KNOWN) known = new Map()
    known.set(text, json)
  }
  return json
}
