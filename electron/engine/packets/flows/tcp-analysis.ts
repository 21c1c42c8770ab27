/**
 * What one segment means after those before it: retransmissions, loss, windows. The signs and their precedence are Wireshark's, as
 * its user's guide states them (section 7.5, TCP Analysis); state is the two blocks of the flow's record.
 */
import { PACKET_SIGNS, type PacketSign } from '../../../../shared/model/capture.ts'
import type { Packet } from '../decode/packet.ts'
import { D, F, SEEN, STATE, W } from './flow-record.ts'
import type { FlowTable } from './flow-table.ts'

export const signBit = (sign: PacketSign): number => 1 << PACKET_SIGNS.indexOf(sign)
const BIT = {
  retransmission: signBit('retransmission'),
  fast: signBit('fast_retransmission'),
  spurious: signBit('spurious_retransmission'),
  outOfOrder: signBit('out_of_order'),
  lost: signBit('lost_segment'),
  ackedUnseen: signBit('acked_unseen'),
  duplicateAck: signBit('duplicate_ack'),
  keepAlive: signBit('keep_alive'),
  keepAliveAck: signBit('keep_alive_ack'),
  zeroWindow: signBit('zero_window'),
  windowFull: signBit('window_full'),
  windowUpdate: signBit('window_update'),
  reused: signBit('port_reused'),
  reset: signBit('reset'),
} as const
const FIN = 1
const SYN = 2
const RST = 4
const ACK = 16
/** A retransmission this soon after duplicate acknowledgments is a fast one; seconds. */
const FAST = 0.02
/** A segment that is this late is out of order, where the time of the handshake is not known; seconds. */
const NEAR = 0.003

/** By window shift; more than 14 cannot be (RFC 7323, section 2.3). */
const SCALE = Float64Array.from({ length: 256 }, (_, shift) => 2 ** Math.min(14, shift))

/** In the count of duplicate acknowledgments: the other side has acknowledged what was not seen. */
const UNSEEN = 0xffff_ffff

/** Sequence numbers wrap. */
const before = (a: number, b: number): boolean => ((a - b) | 0) < 0
const notAfter = (a: number, b: number): boolean => ((a - b) | 0) <= 0

/** True where a SYN begins a new conversation on ports that were used before. */
export function beginsAnew(p: Packet, table: FlowTable): boolean {
  if ((p.flags & (SYN | ACK)) !== SYN) return false
  const { words } = table.page
  const side = table.at + (table.direction === 0 ? W.clientSide : W.serverSide)
  return ((words[side + D.seen]! >>> 24) & SEEN.base) !== 0 && words[side + D.base] !== p.seq
}

/** Signs of the segment, as bits; the flow's state goes on. `table` is at the packet's flow. */
export function analyseSegment(p: Packet, table: FlowTable, packet: number): number {
  const { words, doubles } = table.page
  const { at } = table
  const fromClient = table.direction === 0
  const own = at + (fromClient ? W.clientSide : W.serverSide)
  const other = at + (fromClient ? W.serverSide : W.clientSide)
  const time = p.seconds + p.nanos / 1e9
  const { seq, ack, flags, window } = p
  const length = p.payloadStated
  const control = flags & (SYN | FIN | RST)
  let ownSeen = words[own + D.seen]!
  let otherSeen = words[other + D.seen]!
  let ownBits = ownSeen >>> 24
  let otherBits = otherSeen >>> 24
  const next = words[own + D.next]!
  const lastAck = words[own + D.ack]!
  const otherAck = words[other + D.ack]!
  const hasNext = (ownBits & SEEN.next) !== 0
  const hadBase = (ownBits & SEEN.base) !== 0
  const otherHasAck = (otherBits & SEEN.acked) !== 0
  let signs = 0

  if (!hadBase) {
    words[own + D.base] = flags & SYN ? seq : (seq - 1) >>> 0
    ownBits |= SEEN.base
  }
  if ((otherBits & SEEN.base) === 0 && flags & ACK) {
    words[other + D.base] = (ack - 1) >>> 0
    otherBits |= SEEN.base
  }
  if (flags & SYN) {
    const shift = windowShift(p)
    ownSeen = (ownSeen & 0xff00ffff) | ((shift < 0 ? 255 : shift) << 16)
    ownBits |= SEEN.windowScaled
  }

  const probe = length === 1 && hasNext && seq === next && words[other + D.window] === 0 && otherHasAck
  let keepAlive = false
  if (!probe) {
    if (window === 0 && control === 0) signs |= BIT.zeroWindow
    if (hasNext && before(next, seq) && !(flags & RST)) signs |= BIT.lost
    if (length <= 1 && hasNext && seq === (next - 1) >>> 0 && control === 0) {
      keepAlive = true
      signs |= BIT.keepAlive
    }
    const repeats = length === 0 && window !== 0 && hasNext && seq === next && ack === lastAck && control === 0
    if (repeats && window !== words[own + D.window]) signs |= BIT.windowUpdate
    else if (repeats && otherBits & SEEN.keepAlive) signs |= BIT.keepAliveAck
    else if (repeats) {
      signs |= BIT.duplicateAck
      words[own + D.duplicates] = words[own + D.duplicates] === UNSEEN ? 1 : words[own + D.duplicates]! + 1
    }
    if (length > 0 && otherHasAck && control === 0) {
      const shift = (otherSeen >>> 16) & 255
      if ((otherBits & SEEN.windowScaled) !== 0) {
        const room = words[other + D.window]! * SCALE[shift === 255 || ((ownSeen >>> 16) & 255) === 255 ? 0 : shift]!
        if ((seq + length) >>> 0 === (otherAck + room) >>> 0) signs |= BIT.windowFull
      }
    }
  }
  if (ack !== lastAck) words[own + D.duplicates] = 0
  const seen = words[other + D.acknowledged]!
  if (flags & ACK && seen !== 0 && before(seen, ack)) {
    const sent = words[other + D.next]!
    if (before(seen, sent)) {
      // There was a hole, behind which something was seen: what is behind that is another loss.
      words[other + D.acknowledged] = sent
      signs |= BIT.ackedUnseen
    } else {
      // Said once, until the other side acknowledges something new.
      if (words[other + D.duplicates] === 0) signs |= BIT.ackedUnseen
      words[other + D.duplicates] = UNSEEN
    }
  }
  if ((flags & (SYN | ACK)) === (SYN | ACK) && hadBase && words[own + D.base] !== seq) signs |= BIT.reused

  const end = (seq + length + (flags & (SYN | FIN) ? 1 : 0)) >>> 0
  if ((length > 0 || flags & (SYN | FIN)) && !keepAlive) {
    const back = hasNext && before(seq, next) && !(length > 1 && seq === (next - 1) >>> 0)
    const sinceNext = time - doubles[own / 2 + D.nextTime]!
    const sinceAck = time - doubles[other / 2 + D.ackTime]!
    const handshake = doubles[at / 2 + F.handshake]!
    if (length > 0 && otherAck !== 0 && notAfter((seq + length) >>> 0, otherAck)) signs |= BIT.spurious
    else if (back) {
      // Times that go backwards are no short ones.
      if (words[other + D.duplicates]! >= 2 && otherAck === seq && sinceAck >= 0 && sinceAck < FAST) signs |= BIT.fast
      else if (sinceNext >= 0 && sinceNext < (handshake > 0 ? handshake : NEAR) && end !== next) signs |= BIT.outOfOrder
      else signs |= BIT.retransmission
    }
  }
  if (flags & RST) signs |= BIT.reset

  // State after it. What probes a closed window is sent again later.
  if (!probe) {
    if (!hasNext || before(next, end)) {
      words[own + D.next] = end
      words[own + D.lastPacket] = packet
      doubles[own / 2 + D.nextTime] = time
      ownBits |= SEEN.next
    }
    if (words[own + D.acknowledged] === 0 || words[own + D.acknowledged] === seq)
      words[own + D.acknowledged] = words[own + D.next]!
  }
  words[own + D.ack] = ack
  doubles[own / 2 + D.ackTime] = time
  if (flags & ACK) ownBits |= SEEN.acked
  words[own + D.window] = window
  ownBits = keepAlive ? ownBits | SEEN.keepAlive : ownBits & ~SEEN.keepAlive
  words[own + D.seen] = ((ownSeen & 0x00ffffff) | (flags & 0xfff) | (ownBits << 24)) >>> 0
  otherSeen = (otherSeen & 0x00ffffff) | (otherBits << 24)
  words[other + D.seen] = otherSeen >>> 0
  follow(p, table, time)
  return signs
}

/** The flow's own state. */
function follow(p: Packet, table: FlowTable, time: number): void {
  const { words, doubles } = table.page
  const { at } = table
  let state = words[at + W.kind]! >>> 16
  const { flags } = p
  if ((flags & (SYN | ACK)) === SYN) {
    state |= STATE.syn
    doubles[at / 2 + F.lastSyn] = time
    if (Number.isNaN(doubles[at / 2 + F.synTime]!)) doubles[at / 2 + F.synTime] = time
  } else if ((flags & (SYN | ACK)) === (SYN | ACK)) {
    state |= STATE.synAck
    if (Number.isNaN(doubles[at / 2 + F.roundTrip]!)) doubles[at / 2 + F.roundTrip] = time - doubles[at / 2 + F.synTime]!
  } else if (p.payloadStated > 0 || flags & ACK) {
    if (table.direction === 0 || p.payloadStated > 0) state |= STATE.established
  }
  if ((flags & (SYN | ACK)) === ACK && Number.isNaN(doubles[at / 2 + F.handshake]!))
    doubles[at / 2 + F.handshake] = time - doubles[at / 2 + F.lastSyn]!
  if (flags & FIN) state |= table.direction === 0 ? STATE.finClient : STATE.finServer
  if (flags & RST) state |= STATE.reset
  words[at + W.kind] = (words[at + W.kind]! & 0xffff) | (state << 16)
}

/** Window scale option of the segment, or -1. */
function windowShift(p: Packet): number {
  const { data } = p
  const end = p.payloadAt
  const header = (p.flags & SYN ? headerStart(p) : end) + 20
  for (let i = header; i < end;) {
    const kind = data[i]!
    if (kind === 0) return -1
    if (kind === 1) {
      i++
      continue
    }
    const length = data[i + 1] ?? 0
    if (length < 2) return -1
    if (kind === 3 && length === 3) return Math.min(14, data[i + 2] ?? 0)
    i += length
  }
  return -1
}
const headerStart = (p: Packet): number => {
  const last = p.layers - 1
  return p.layerAt[last] ?? p.payloadAt
}
