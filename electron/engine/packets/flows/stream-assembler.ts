/**
 * One direction of a TCP stream put in order (RFC 9293, section 3.4). Of bytes that come twice the first ones are kept. A gap is
 * given up where the receiver has acknowledged it and it has not come within a few packets more, where too much waits behind it, and at the end.
 */

/** Bytes and segments that wait behind a gap, of one direction. */
export const MOST_WAITING_BYTES = 8 << 20
export const MOST_WAITING_SEGMENTS = 8192
/** Largest window there is (RFC 7323, section 2.2): what lies further ahead is not of this stream. */
const MOST_AHEAD = 1 << 30
/** Packets of the flow after the acknowledgment: in captures of two interfaces it may stand before what it acknowledges. */
const PATIENCE = 4

export interface StreamSink {
  /** Bytes in order, carried by `packet`. They are good until this returns. */
  bytes(data: Uint8Array, view: DataView, from: number, to: number, packet: number, seconds: number): void
  /** Bytes that are not in the capture: `cut` where their packet is, but was not captured whole. */
  gap(missing: number, cut: boolean, packet: number, seconds: number): void
  /** Nothing more comes: the FIN was reached, or (not `closed`) the stream was reset or its reading ends. */
  end(closed: boolean, packet: number, seconds: number): void
}

/** What all directions hold together, in bytes. */
export interface HeldBytes {
  held: number
}

interface Waiting {
  /** Positions in the stream; `to` as the segment states it. */
  readonly at: number
  readonly to: number
  readonly bytes: Uint8Array
  readonly packet: number
  readonly seconds: number
}

export class StreamAssembler {
  readonly #sink: StreamSink
  readonly #total: HeldBytes
  /** Position of the next byte: its sequence number, plus 2^32 for every wrap. -1 before the stream has begun. */
  #next = -1
  /** Behind the last byte that was acknowledged, and packets since it has been beyond `#next`. */
  #acknowledged = -1
  #patience = 0
  #fin = -1
  #finPacket = 0
  #finSeconds = 0
  #ended = false
  /** In order, without overlap, all beyond `#next`. */
  #waiting: Waiting[] = []
  #held = 0

  constructor(sink: StreamSink, total: HeldBytes = { held: 0 }) {
    this.#sink = sink
    this.#total = total
  }

  get begun(): boolean {
    return this.#next >= 0
  }
  /** The FIN was reached. */
  get ended(): boolean {
    return this.#ended
  }
  /** Bytes that wait behind a gap. */
  get held(): number {
    return this.#held
  }

  /** The stream's first byte has this sequence number. Only the first call counts. */
  begin(seq: number): void {
    if (this.#next < 0) this.#next = seq >>> 0
  }

  /**
   * A segment's payload: captured are `from` to `to` of `data`, `stated` bytes there were. `seq` is its 32-bit sequence number,
   * raw or relative, as long as it is always the same.
   */
  add(
    seq: number,
    data: Uint8Array,
    view: DataView,
    from: number,
    to: number,
    stated: number,
    packet: number,
    seconds: number,
  ): void {
    if (stated <= 0 || this.#ended) return
    this.begin(seq)
    const next = this.#next
    const at = next + ((seq - next) | 0)
    const stop = at + stated
    if (stop > next && at - next <= MOST_AHEAD) {
      if (at > next) this.#wait(at, stop, data, from, to, packet, seconds)
      else if (this.#waiting.length === 0) {
        this.#deliver(data, view, Math.min(to, from + next - at), to, stop - next, packet, seconds)
      } else this.#fill(at, stop, data, view, from, to, packet, seconds)
    }
    if (this.#fin >= 0) this.#reachedFin()
    if (this.#waiting.length > 0) this.#consider()
  }

  /** The direction ends behind this segment. */
  fin(seq: number, stated: number, packet: number, seconds: number): void {
    if (this.#ended || this.#fin >= 0) return
    this.begin(seq)
    const next = this.#next
    const at = next + ((seq - next) | 0) + stated
    if (at < next || at - next > MOST_AHEAD) return
    this.#fin = at
    this.#finPacket = packet
    this.#finSeconds = seconds
    this.#reachedFin()
  }

  /** The other side has everything before this sequence number. */
  acknowledge(ack: number): void {
    const next = this.#next
    if (next < 0 || this.#ended) return
    const at = next + ((ack - next) | 0)
    if (at > this.#acknowledged && at - next <= MOST_AHEAD) this.#acknowledged = at
    if (this.#waiting.length > 0) this.#consider()
  }

  /** A reset: what waits is handed over; more may come nevertheless, from a stream that did not believe it. */
  reset(packet: number, seconds: number): void {
    if (this.#ended) return
    this.flush()
    if (!this.#ended) this.#sink.end(false, packet, seconds)
  }

  /** Every gap is given up. */
  flush(): void {
    while (this.#waiting.length > 0) this.#giveUp(this.#waiting[0]!.at)
  }

  #deliver(data: Uint8Array, view: DataView, from: number, to: number, stated: number, packet: number, seconds: number): void {
    this.#next += stated
    this.#patience = 0
    if (to > from) this.#sink.bytes(data, view, from, to, packet, seconds)
    const missing = stated - Math.max(0, to - from)
    if (missing > 0) this.#sink.gap(missing, true, packet, seconds)
  }

  /** A segment that begins at or before the next byte, while others wait. */
  #fill(
    at: number,
    stop: number,
    data: Uint8Array,
    view: DataView,
    from: number,
    to: number,
    packet: number,
    seconds: number,
  ): void {
    const origin = from - at
    while (this.#next < stop) {
      const next = this.#next
      const until = Math.min(stop, this.#waiting[0]?.at ?? stop)
      if (until > next) {
        const first = Math.min(to, origin + next)
        this.#deliver(data, view, first, Math.max(first, Math.min(to, origin + until)), until - next, packet, seconds)
      }
      this.#drain()
    }
  }

  /** Hands over what waits no longer. */
  #drain(): void {
    let taken = 0
    for (const { at, to, bytes, packet, seconds } of this.#waiting) {
      if (at > this.#next) break
      taken++
      this.#hold(-bytes.length)
      this.#deliver(bytes, new DataView(bytes.buffer), 0, bytes.length, to - this.#next, packet, seconds)
    }
    if (taken > 0) this.#waiting.splice(0, taken)
  }

  #wait(at: number, stop: number, data: Uint8Array, from: number, to: number, packet: number, seconds: number): void {
    const waiting = this.#waiting
    let i = waiting.length
    while (i > 0 && waiting[i - 1]!.at > at) i--
    const origin = from - at
    let start = i > 0 ? Math.max(at, waiting[i - 1]!.to) : at
    while (start < stop) {
      const following = waiting[i]
      const until = following === undefined ? stop : Math.min(stop, following.at)
      if (until > start) {
        // A copy, also of a Buffer, whose `slice` is none.
        const bytes = new Uint8Array(data.subarray(Math.min(to, origin + start), Math.min(to, origin + until)))
        waiting.splice(i++, 0, { at: start, to: until, bytes, packet, seconds })
        this.#hold(bytes.length)
      }
      if (following === undefined) break
      start = Math.max(start, following.to)
      i++
    }
    while (this.#held > MOST_WAITING_BYTES || waiting.length > MOST_WAITING_SEGMENTS) this.#giveUp(waiting[0]!.at)
  }

  #hold(bytes: number): void {
    this.#held += bytes
    this.#total.held += bytes
  }

  #consider(): void {
    if (this.#acknowledged <= this.#next) return
    if (++this.#patience < PATIENCE) return
    this.#giveUp(Math.min(this.#acknowledged, this.#waiting[0]!.at))
  }

  /** The bytes before this position do not come. */
  #giveUp(position: number): void {
    const first = this.#waiting[0]!
    const missing = position - this.#next
    this.#next = position
    this.#patience = 0
    if (missing > 0) this.#sink.gap(missing, false, first.packet, first.seconds)
    this.#drain()
    if (this.#fin >= 0) this.#reachedFin()
  }

  #reachedFin(): void {
    if (this.#ended || this.#next < this.#fin) return
    this.#ended = true
    this.#total.held -= this.#held
    this.#held = 0
    this.#waiting = []
    this.#sink.end(true, this.#finPacket, this.#finSeconds)
  }
}
