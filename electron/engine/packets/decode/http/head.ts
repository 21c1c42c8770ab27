/** The head of an HTTP/1 message (RFC 9112): where its parts stand. One instance is used again and again; nothing is copied. */
import { isWord } from '../bytes-text.ts'

/** A head that is longer is none. */
const MOST_HEAD = 131_072
const MOST_HEADERS = 512
const MOST_METHOD = 32

export class HttpHead {
  data: Uint8Array | null = null
  from = 0
  /** First byte behind the head; 0 where it is not complete, -1 where it is none. */
  end = 0
  request = false
  /** Of a response. */
  code = 0
  /** Method, or the response's version. */
  firstAt = 0
  firstEnd = 0
  /** Target, or the response's code. */
  secondAt = 0
  secondEnd = 0
  /** The request's version, or the response's phrase. */
  thirdAt = 0
  thirdEnd = 0
  headers = 0
  readonly nameAt = new Int32Array(MOST_HEADERS)
  readonly nameEnd = new Int32Array(MOST_HEADERS)
  readonly valueAt = new Int32Array(MOST_HEADERS)
  readonly valueEnd = new Int32Array(MOST_HEADERS)
  /** -1 where none is stated. */
  contentLength = -1
  chunked = false

  /** Reads the head at `from`; gives `end`. */
  read(data: Uint8Array, from: number, to: number): number {
    this.data = data
    this.from = from
    this.headers = 0
    this.contentLength = -1
    this.chunked = false
    this.end = this.#read(data, from, Math.min(to, from + MOST_HEAD))
    if (this.end === 0 && to - from >= MOST_HEAD) this.end = -1
    return this.end
  }

  #read(data: Uint8Array, from: number, to: number): number {
    let at = from
    // Some clients send an empty line behind a body.
    while (at < to && at < from + 4 && (data[at] === 13 || data[at] === 10)) at++
    if (at >= to) return 0
    const start = startOf(data, at, to)
    if (start <= 0) return start
    let feed = at
    while (feed < to && data[feed] !== 10) feed++
    if (feed >= to) return 0
    if (!this.#first(data, at, feed)) return -1
    at = feed + 1
    for (;;) {
      if (at >= to) return 0
      const byte = data[at]!
      if (byte === 10) return at + 1
      if (byte === 13) {
        if (at + 1 >= to) return 0
        if (data[at + 1] === 10) return at + 2
      }
      let colon = -1
      let i = at
      for (; i < to; i++) {
        const one = data[i]!
        if (one === 10) break
        if (one === 58 && colon < 0) colon = i
      }
      if (i >= to) return 0
      this.#header(data, at, colon, i)
      at = i + 1
    }
  }

  #first(data: Uint8Array, at: number, feed: number): boolean {
    const end = feed > at && data[feed - 1] === 13 ? feed - 1 : feed
    let space = at
    while (space < end && data[space] !== 32) space++
    this.firstAt = at
    this.firstEnd = space
    this.request = !isWord(data, at, end, 'HTTP/')
    let second = space
    while (second < end && data[second] === 32) second++
    this.secondAt = second
    if (this.request) {
      let last = end
      while (last > second && data[last - 1] === 32) last--
      const stop = last
      while (last > second && data[last - 1] !== 32) last--
      const versioned = last > second && isWord(data, last, stop, 'HTTP/')
      this.thirdAt = versioned ? last : stop
      this.thirdEnd = stop
      // What stands between target and version belongs to neither.
      let target = second
      while (target < (versioned ? last : stop) && data[target] !== 32) target++
      this.secondEnd = target
      this.code = 0
      return versioned || isMethod(data, at, space)
    }
    let third = second
    let code = 0
    while (third < end && data[third]! >= 48 && data[third]! <= 57 && code < 1000) code = code * 10 + (data[third++]! - 48)
    this.secondEnd = third
    this.code = code
    while (third < end && data[third] === 32) third++
    this.thirdAt = third
    this.thirdEnd = end
    return true
  }

  #header(data: Uint8Array, at: number, colon: number, feed: number): void {
    let end = feed > at && data[feed - 1] === 13 ? feed - 1 : feed
    while (end > at && (data[end - 1] === 32 || data[end - 1] === 9)) end--
    const first = data[at]!
    // A folded line goes on with the value before it.
    if ((first === 32 || first === 9) && this.headers > 0) {
      this.valueEnd[this.headers - 1] = end
      return
    }
    if (colon < 0 || this.headers >= MOST_HEADERS) return
    let nameEnd = colon
    while (nameEnd > at && (data[nameEnd - 1] === 32 || data[nameEnd - 1] === 9)) nameEnd--
    let value = colon + 1
    while (value < end && (data[value] === 32 || data[value] === 9)) value++
    const i = this.headers++
    this.nameAt[i] = at
    this.nameEnd[i] = nameEnd
    this.valueAt[i] = value
    this.valueEnd[i] = Math.max(value, end)
    const length = nameEnd - at
    if (length === 14 && isWord(data, at, nameEnd, 'content-length')) {
      const stated = decimal(data, value, end)
      if (stated >= 0) this.contentLength = stated
    } else if (length === 17 && isWord(data, at, nameEnd, 'transfer-encoding'))
      this.chunked = end - value >= 7 && isWord(data, end - 7, end, 'chunked')
  }

  /** Index of the header of this name (lower case), or -1. */
  find(name: string): number {
    const data = this.data
    if (data === null) return -1
    for (let i = 0; i < this.headers; i++) {
      const at = this.nameAt[i]!
      const end = this.nameEnd[i]!
      if (end - at === name.length && isWord(data, at, end, name)) return i
    }
    return -1
  }
}

/** A number of at most 15 digits, or -1. */
function decimal(data: Uint8Array, from: number, to: number): number {
  if (to <= from || to - from > 15) return -1
  let value = 0
  for (let i = from; i < to; i++) {
    const digit = data[i]! - 48
    if (digit < 0 || digit > 9) return -1
    value = value * 10 + digit
  }
  return value
}

const METHODS: readonly string[] = ['GET', 'POST', 'HEAD', 'PUT', 'DELETE', 'OPTIONS', 'TRACE', 'CONNECT', 'PATCH']
const isMethod = (data: Uint8Array, at: number, end: number): boolean =>
  METHODS.some((method) => end - at === method.length && isWord(data, at, end, method))

/** 1 where a head can begin like this, 0 where more is needed to know, -1 where none can. */
function startOf(data: Uint8Array, at: number, to: number): number {
  if (data[at] === 72 && data[at + 1] === 84 && at + 1 < to) {
    const word = 'HTTP/'
    for (let i = 0; i < word.length; i++) {
      if (at + i >= to) return 0
      if (data[at + i] !== word.charCodeAt(i)) break
      if (i === word.length - 1) return 1
    }
  }
  for (let i = at; i < Math.min(to, at + MOST_METHOD); i++) {
    const byte = data[i]!
    if (byte === 32 && i > at) return 1
    const letter = (byte >= 65 && byte <= 90) || (byte >= 97 && byte <= 122) || byte === 95 || byte === 45
    if (!letter) return -1
  }
  return to - at >= MOST_METHOD ? -1 : 0
}

/** True where these bytes surely begin an HTTP/1 message. */
export function beginsHttp(data: Uint8Array, from: number, to: number): boolean {
  if (isWord(data, from, to, 'HTTP/1.') || isWord(data, from, to, 'HTTP/0.')) return data[from] === 72
  if (startOf(data, from, to) <= 0) return false
  const most = Math.min(to, from + 8192)
  let feed = from
  while (feed < most && data[feed] !== 10) feed++
  if (feed >= most) {
    let space = from
    while (space < most && data[space] !== 32) space++
    return isMethod(data, from, space) && data[space + 1] === 47
  }
  const end = data[feed - 1] === 13 ? feed - 1 : feed
  return end - from > 12 && isWord(data, end - 8, end - 1, 'HTTP/1.')
}
