/**
 * One direction of a TCP flow cut into messages. Where a message lies in one segment it is read in place; otherwise what there is
 * of it is kept, up to a bound. A message belongs to the packet that completed it.
 */
import { StreamAssembler, type StreamSink } from '../flows/stream-assembler.ts'
import type { FlowMessages } from './flow-messages.ts'
import { MOST_UNKNOWN, type Reading } from './reading.ts'

/** After so many segments that are not the protocol nobody reads the direction. */
const MOST_FAILURES = 16
/** Packets that are remembered of the beginning. */
const MOST_EARLY = 16
const NOTHING = new Uint8Array(0)
const NO_VIEW = new DataView(NOTHING.buffer)

export class StreamMessages implements StreamSink {
  readonly #flow: FlowMessages
  readonly #reading: Reading
  readonly #direction: 0 | 1
  readonly assembler: StreamAssembler
  /** What is kept of the unfinished message. */
  #kept: Uint8Array = NOTHING
  #view = NO_VIEW
  #length = 0
  /** Bytes of the unfinished message that came, and that it has; 0 where that is not known, Infinity to the direction's end. */
  #seen = 0
  #whole = 0
  /** What is behind a gap of the unfinished message is not kept. */
  #broken = false
  /** Bytes to pass over: the rest of a message that was handed over already. */
  #skip = 0
  /** The latest packet that the unfinished message has bytes of. */
  #packet = 0
  #seconds = 0
  /** Packets of the beginning, as long as nobody is found. */
  #early: number[] = []
  #inStep = true
  #failures = 0

  constructor(flow: FlowMessages, reading: Reading, direction: 0 | 1) {
    this.#flow = flow
    this.#reading = reading
    this.#direction = direction
    this.assembler = new StreamAssembler(this, reading.total)
  }

  /** Its beginning was not seen. */
  inTheMiddle(): void {
    this.#inStep = false
  }

  bytes(data: Uint8Array, view: DataView, from: number, to: number, packet: number, seconds: number): void {
    let at = from
    if (this.#skip > 0) {
      const skipped = Math.min(this.#skip, to - at)
      this.#skip -= skipped
      at += skipped
    }
    while (at < to) {
      if (this.#flow.nobody || this.#failures > MOST_FAILURES) {
        this.#forget()
        this.#unread(packet)
        return
      }
      at = this.#seen > 0 ? this.#goOn(data, at, to, packet, seconds) : this.#fresh(data, view, at, to, packet, seconds)
    }
  }

  /** The bytes at `at` begin a message. Gives where the next ones are. */
  #fresh(data: Uint8Array, view: DataView, at: number, to: number, packet: number, seconds: number): number {
    const length = this.#flow.length(data, at, to, this.#direction, this.#inStep)
    if (length < 0) return this.#notIt(to, packet)
    if (length > 0 && length <= to - at) {
      this.#hand(data, view, at, at + length, length, packet, seconds)
      return at + length
    }
    this.#packet = packet
    this.#seconds = seconds
    this.#whole = length
    this.#keep(data, at, to, packet, seconds)
    if (length === 0) this.#wait(packet)
    this.#flow.begun(packet)
    return to
  }

  #wait(packet: number): void {
    if (this.#flow.undecided && this.#early.length < MOST_EARLY) this.#early.push(packet)
  }

  /** The unfinished message goes on. */
  #goOn(data: Uint8Array, at: number, to: number, packet: number, seconds: number): number {
    if (this.#whole > 0) {
      const stop = this.#whole === Infinity ? to : Math.min(to, at + this.#whole - this.#seen)
      this.#keep(data, at, stop, packet, seconds)
      if (this.#seen >= this.#whole) this.#handKept(this.#whole)
      return stop
    }
    const before = this.#length
    this.#keep(data, at, to, packet, seconds)
    const length = this.#flow.length(this.#kept, 0, this.#length, this.#direction, this.#inStep)
    if (length < 0 || (length === 0 && this.#length >= MOST_UNKNOWN)) {
      // What came before is not the beginning of this; this may be a beginning.
      this.#forget()
      this.#inStep = false
      for (const one of this.#early) this.#flow.unread(one)
      this.#early = []
      return at
    }
    if (length === 0) {
      this.#wait(packet)
      return to
    }
    this.#whole = length
    if (length > this.#length) return to
    if (length > before) {
      this.#length = length
      this.#handKept(length)
      return at + length - before
    }
    // Shorter than what was not enough: the rest is looked at again, from a copy.
    const rest = this.#kept.slice(length, this.#length)
    this.#length = length
    this.#handKept(length)
    this.bytes(rest, new DataView(rest.buffer), 0, rest.length, packet, seconds)
    return to
  }

  #keep(data: Uint8Array, from: number, to: number, packet: number, seconds: number): void {
    this.#seen += to - from
    if (packet > this.#packet) {
      this.#packet = packet
      this.#seconds = seconds
    }
    if (this.#broken) return
    const length = Math.min(this.#length + to - from, this.#whole > 0 ? this.#reading.mostKept : 2 * MOST_UNKNOWN)
    if (this.#whole === 0 && length < this.#length + to - from) this.#broken = true
    if (length <= this.#length) return
    if (length > this.#kept.length) {
      const most = Math.min(this.#whole > 0 ? this.#whole : Infinity, this.#reading.mostKept)
      const larger = new Uint8Array(Math.max(512, length, Math.min(2 * length, most)))
      larger.set(this.#kept.subarray(0, this.#length))
      this.#reading.total.held += larger.length - this.#kept.length
      this.#kept = larger
      this.#view = new DataView(larger.buffer)
    }
    this.#kept.set(data.subarray(from, from + length - this.#length), this.#length)
    this.#length = length
  }

  #handKept(whole: number): void {
    const [data, view, length, packet, seconds] = [this.#kept, this.#view, this.#length, this.#packet, this.#seconds]
    this.#forget()
    this.#hand(data, view, 0, length, whole, packet, seconds)
  }

  #hand(data: Uint8Array, view: DataView, from: number, to: number, length: number, packet: number, seconds: number): void {
    const inStep = this.#inStep
    this.#inStep = true
    this.#failures = 0
    this.#early = []
    this.#flow.hand(data, view, from, to, length, this.#direction, inStep, packet, seconds)
  }

  /** The unfinished message is given up. */
  #forget(): void {
    this.#reading.total.held -= this.#kept.length
    this.#kept = NOTHING
    this.#view = NO_VIEW
    this.#length = 0
    this.#seen = 0
    this.#whole = 0
    this.#packet = 0
    this.#broken = false
  }

  /** What came is not the protocol: it may begin again with the next segment. */
  #notIt(to: number, packet: number): number {
    this.#forget()
    this.#failures++
    this.#inStep = false
    this.#unread(packet)
    return to
  }

  #unread(packet: number): void {
    for (const one of this.#early) this.#flow.unread(one)
    this.#early = []
    this.#flow.unread(packet)
  }

  gap(missing: number, cut: boolean, packet: number): void {
    if (this.#skip > 0) {
      const skipped = Math.min(this.#skip, missing)
      this.#skip -= skipped
      missing -= skipped
      if (missing === 0) return
    }
    if (this.#seen === 0) {
      this.#inStep = false
      return
    }
    const left = this.#whole - this.#seen
    if (cut && this.#length > 0 && !this.#broken) {
      // As much as was captured.
      const whole = this.#whole > 0 && this.#whole < Infinity ? this.#whole : this.#seen + missing
      this.#flow.settle(this.#kept, 0, this.#length, this.#direction)
      if (this.#flow.undecided) this.#unread(packet)
      this.#handKept(whole)
      this.#skip = Math.max(0, left - missing)
      this.#inStep = left >= missing && left < Infinity
    } else if (this.#whole === 0 || (left < missing && left < Infinity)) {
      if (this.#whole > 0) this.#handKept(this.#whole)
      else this.#forget()
      this.#inStep = false
    } else {
      // The message's length is known, and what comes after it.
      this.#broken = true
      this.#seen += missing
      if (this.#seen >= this.#whole) this.#handKept(this.#whole)
    }
  }

  end(closed: boolean, packet: number, seconds: number): void {
    if (this.#whole === Infinity) {
      if (closed && packet > this.#packet) {
        this.#packet = packet
        this.#seconds = seconds
      }
      this.#handKept(this.#seen)
    } else if (this.#whole > 0 && this.#reading.wantsObjects) this.#handKept(this.#whole)
    else if (this.#seen > 0) {
      this.#inStep = false
      // A flow that ends before anybody was found.
      if (this.#flow.undecided) for (const one of this.#early) this.#flow.unread(one)
    }
    this.#early = []
    this.#forget()
  }

  /** Another decoder reads on: what is kept is looked at again with the next bytes. */
  again(): void {
    this.#failures = 0
    if (this.#length < this.#seen) this.#forget()
    this.#whole = 0
  }

  /** Nothing more is read of the flow. */
  finish(): void {
    if (!this.assembler.ended) this.assembler.reset(0, 0)
  }

  relieve(): void {
    this.assembler.flush()
    if (this.#length === 0) return
    const left = this.#whole - this.#seen
    if (this.#whole > 0) {
      this.#handKept(left < Infinity ? this.#whole : this.#seen)
      this.#skip = left
    } else {
      this.#forget()
      this.#inStep = false
    }
  }
}
