/** Mail as SMTP and POP send it: lines, of which one that is a dot is the last (RFC 5321, section 4.5.2). Read piece by piece. */
const DOT = 46
const CR = 13
const LF = 10

/** Of a mail this much is kept for its head, or for its object. */
const MOST_HEAD = 64 << 10
const MOST_OBJECT = 64 << 20

export class DottedText {
  readonly #pieces: Uint8Array[] = []
  #held = 0
  #lineBegins = true
  /** Bytes there were, without the last line. */
  bytes = 0
  /** The piece that was measured last is the last one. */
  ends = false
  /** Not all of it was kept. */
  dropped = false

  /** Bytes of the next piece; 0 where more is needed to know. */
  length(data: Uint8Array, from: number, to: number): number {
    this.ends = false
    for (let dot = data.indexOf(DOT, from); dot >= 0 && dot < to; dot = data.indexOf(DOT, dot + 1)) {
      if (dot === from ? !this.#lineBegins : data[dot - 1] !== LF) continue
      let after = dot + 1
      if (after < to && data[after] === CR) after++
      if (after >= to) return dot - from
      if (data[after] !== LF) continue
      this.ends = true
      return after + 1 - from
    }
    return to - from
  }

  /** Takes the piece that was measured. */
  take(data: Uint8Array, from: number, to: number, wantsObjects: boolean): void {
    let end = to
    // Without the line of the dot.
    if (this.ends) end -= data[to - 2] === CR ? 3 : 2
    this.#lineBegins = data[to - 1] === LF
    const length = Math.max(0, end - from)
    this.bytes += length
    const most = wantsObjects ? MOST_OBJECT : MOST_HEAD
    const kept = Math.min(length, most - this.#held)
    if (kept < length) this.dropped = true
    if (kept <= 0) return
    this.#pieces.push(data.slice(from, from + kept))
    this.#held += kept
  }

  /** The mail as it was sent in counted chunks. */
  raw(): Uint8Array {
    return Buffer.concat(this.#pieces)
  }

  /** The mail: a dot that was put before a line is taken away. */
  text(): Uint8Array {
    const joined = Buffer.concat(this.#pieces)
    let length = 0
    for (let i = 0; i < joined.length; i++) {
      if (joined[i] === DOT && (i === 0 || joined[i - 1] === LF) && joined[i + 1] === DOT) continue
      joined[length++] = joined[i]!
    }
    return joined.subarray(0, length)
  }
}
