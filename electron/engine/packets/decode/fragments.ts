/**
 * IP fragments put together (RFC 791, RFC 8200 section 4.5; RFC 5722: overlaps do not replace what was there). Memory is bounded:
 * the oldest unfinished datagrams are given up first.
 */
import type { Packet } from './packet.ts'

const MOST_DATAGRAMS = 4096
const MOST_BYTES = 32 << 20
const MOST_PIECES = 8192
/** Longest datagram: 65,535 and its header. */
const MOST_LENGTH = 65_600

interface Piece {
  readonly offset: number
  readonly bytes: Uint8Array
}
interface Datagram {
  pieces: Piece[]
  /** Bytes it has; -1 while the last fragment is missing. */
  length: number
  held: number
}

export class Fragments {
  readonly #waiting = new Map<string, Datagram>()
  #bytes = 0

  /** The whole payload where it is complete with the packet's fragment, otherwise null. */
  add(p: Packet, protocol: number): Uint8Array | null {
    const { from, to } = p
    const key = `${p.family} ${from[0]} ${from[1]} ${from[2]} ${from[3]} ${to[0]} ${to[1]} ${to[2]} ${to[3]} ${protocol} ${p.fragmentId} ${p.vlan}`
    const offset = p.fragmentOffset
    const bytes = p.data.slice(p.at, p.end)
    // A snapped fragment completes nothing: its rest is not there.
    if (bytes.length < p.stated - p.at || offset + bytes.length > MOST_LENGTH) return null
    let datagram = this.#waiting.get(key)
    if (datagram === undefined) {
      if (this.#waiting.size >= MOST_DATAGRAMS) this.#drop()
      datagram = { pieces: [], length: -1, held: 0 }
      this.#waiting.set(key, datagram)
    }
    if (datagram.pieces.length >= MOST_PIECES) return null
    datagram.pieces.push({ offset, bytes })
    datagram.held += bytes.length
    this.#bytes += bytes.length
    if (!p.fragmentMore) datagram.length = offset + bytes.length
    while (this.#bytes > MOST_BYTES) this.#drop()
    if (datagram.length < 0 || datagram.held < datagram.length) return null
    const whole = joined(datagram)
    if (whole === null) return null
    this.#bytes -= datagram.held
    this.#waiting.delete(key)
    return whole
  }

  #drop(): void {
    const [oldest] = this.#waiting
    if (oldest === undefined) return
    this.#bytes -= oldest[1].held
    this.#waiting.delete(oldest[0])
  }
}

function joined({ pieces, length }: Datagram): Uint8Array | null {
  const whole = new Uint8Array(length)
  let end = 0
  for (const { offset, bytes } of [...pieces].sort((a, b) => a.offset - b.offset)) {
    if (offset > end) return null
    const fresh = bytes.subarray(Math.min(bytes.length, end - offset), Math.max(0, length - offset))
    whole.set(fresh, Math.min(length, Math.max(offset, end)))
    end = Math.max(end, Math.min(length, offset + bytes.length))
  }
  return end >= length ? whole : null
}
