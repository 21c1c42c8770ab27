/**
 * Flows as the network saw them: packets first, everything else counted from them. EVE, Zeek and the capture are three
 * accounts of the same packets, so their figures agree by construction.
 */
import type { Micros } from '../../../shared/model/time.ts'
import type { Payload } from './payload.ts'
import type { Transaction } from './transactions.ts'

export const FIN = 1
export const SYN = 2
export const RST = 4
export const PSH = 8
export const ACK = 16

export interface End {
  readonly ip: string
  readonly port: number
}
export interface Packet {
  readonly at: Micros
  readonly fromClient: boolean
  /** TCP flags; for ICMP the type. */
  readonly flags: number
  readonly seq: number
  readonly ack: number
  readonly payload: Payload | null
  /** The part of the payload that this packet carries. */
  readonly offset: number
  readonly length: number
  /** Of the whole Ethernet frame. */
  readonly size: number
}
/** A signature of the demonstration's sensor. */
export interface Signature {
  readonly sid: number
  readonly rev: number
  readonly name: string
  readonly category: string
  /** 1 is the highest. */
  readonly priority: 1 | 2 | 3
  readonly action: 'allowed' | 'blocked'
  /** Its author calls it critical. */
  readonly critical: boolean
  readonly tactic: string
  readonly technique: string
}
export interface SignatureHit {
  readonly at: Micros
  readonly signature: Signature
  readonly toServer: boolean
  /** The transaction it matched in. */
  readonly transaction: Transaction | null
}
/** Zeek's word for how a connection went. */
export type ConnState = 'SF' | 'S0' | 'REJ' | 'RSTO' | 'RSTR' | 'SHR' | 'OTH'

export interface Flow {
  /** Suricata's flow_id. */
  readonly id: number
  /** Zeek's uid. */
  readonly uid: string
  readonly transport: 'tcp' | 'udp' | 'icmp'
  readonly client: End
  readonly server: End
  readonly rtt: number
  /** Windows hosts send no TCP timestamps. */
  readonly timestamps: boolean
  readonly app: string | null
  readonly state: ConnState
  /** In order of time; at least one. */
  readonly packets: readonly Packet[]
  readonly transactions: readonly Transaction[]
  readonly hits: readonly SignatureHit[]
}

export interface Counters {
  packetsToServer: number
  packetsToClient: number
  /** Whole frames. */
  bytesToServer: number
  bytesToClient: number
  /** Payload only. */
  payloadToServer: number
  payloadToClient: number
}

export const ETHERNET = 14
export const IPV4 = 20

/** Counts packets up to a moment (all of them where there is none). */
export function count(flow: Flow, until = Infinity): Counters {
  const sum: Counters = {
    packetsToServer: 0,
    packetsToClient: 0,
    bytesToServer: 0,
    bytesToClient: 0,
    payloadToServer: 0,
    payloadToClient: 0,
  }
  for (const packet of flow.packets) {
    if (packet.at > until) break
    if (packet.fromClient) {
      sum.packetsToServer++
      sum.bytesToServer += packet.size
      sum.payloadToServer += packet.length
    } else {
      sum.packetsToClient++
      sum.bytesToClient += packet.size
      sum.payloadToClient += packet.length
    }
  }
  return sum
}

export const firstAt = (flow: Flow): Micros => flow.packets[0]!.at
export const lastAt = (flow: Flow): Micros => flow.packets[flow.packets.length - 1]!.at

export interface Heard {
  /** First and last packet of the message, as seen on the wire. */
  readonly first: Micros
  readonly last: Micros
}

export interface TcpOptions {
  readonly start: Micros
  /** Microseconds from the tap to the client and back, and to the server and back. */
  readonly clientSide: number
  readonly serverSide: number
  readonly timestamps: boolean
  /** First sequence numbers. */
  readonly sequence: readonly [client: number, server: number]
  /** Microseconds between two full packets of one burst. */
  readonly pace: number
}

const DELAYED_ACK = 40_000

/** Lays one TCP conversation packet by packet. */
export class TcpConversation {
  readonly #packets: Packet[] = []
  readonly #options: TcpOptions
  readonly #mss: number
  readonly #header: number
  readonly #next: [client: number, server: number]
  #now: Micros
  #last: 0 | 1 = 1
  #owed: { readonly by: 0 | 1; readonly at: Micros } | null = null
  #window: [number, number] = [10, 10]

  constructor(options: TcpOptions) {
    this.#options = options
    this.#mss = options.timestamps ? 1448 : 1460
    this.#header = ETHERNET + IPV4 + (options.timestamps ? 32 : 20)
    this.#next = [options.sequence[0] >>> 0, options.sequence[1] >>> 0]
    this.#now = options.start
  }

  /** The three packets of the handshake. */
  open(): Heard {
    const first = this.#now
    this.#add(0, SYN, first)
    this.#next[0]++
    this.#add(1, SYN | ACK, first + this.#options.serverSide)
    this.#next[1]++
    this.#now = first + this.#options.serverSide + this.#options.clientSide
    this.#add(0, ACK, this.#now)
    this.#last = 1
    return { first, last: this.#now }
  }

  /** A SYN nobody answers, sent `tries` times. */
  unanswered(tries: number): void {
    for (let i = 0, at = this.#now; i < tries; at += 1_000_000 * 2 ** i, i++) this.#add(0, SYN, at)
  }

  /** A SYN that is answered by a reset. */
  refused(): void {
    this.#add(0, SYN, this.#now)
    this.#next[0]++
    this.#packets.push(this.#packet(1, RST | ACK, this.#now + this.#options.serverSide, null, 0, 0))
  }

  client(payload: Payload, think = 0): Heard {
    return this.#say(0, payload, think)
  }
  server(payload: Payload, think = 0): Heard {
    return this.#say(1, payload, think)
  }

  /** Closed in order, by the client unless it is said otherwise. */
  close(think = 0, by: 'client' | 'server' = 'client'): void {
    const a = by === 'client' ? 0 : 1
    const b = a === 0 ? 1 : 0
    const at = this.#time(a, think)
    this.#settle(a, at)
    this.#add(a, FIN | ACK, at)
    this.#next[a]++
    const answer = at + this.#reaction(b)
    this.#add(b, FIN | ACK, answer)
    this.#next[b]++
    this.#now = answer + this.#reaction(a)
    this.#add(a, ACK, this.#now)
  }

  reset(think = 0, by: 'client' | 'server' = 'client'): void {
    const a = by === 'client' ? 0 : 1
    const at = this.#time(a, think)
    this.#settle(a, at)
    this.#add(a, RST | ACK, at)
    this.#now = at
  }

  get now(): Micros {
    return this.#now
  }

  #say(from: 0 | 1, payload: Payload, think: number): Heard {
    const to = from === 0 ? 1 : 0
    const first = this.#time(from, think)
    this.#settle(from, first)
    const trip = this.#options.clientSide + this.#options.serverSide
    let at = first
    let left = this.#window[from]
    let unacked = 0
    for (let offset = 0; offset < payload.length; offset += this.#mss) {
      const length = Math.min(this.#mss, payload.length - offset)
      const end = offset + length === payload.length
      if (offset > 0) {
        at += this.#options.pace
        if (--left === 0) {
          this.#window[from] = Math.min(this.#window[from] * 2, 256)
          left = this.#window[from]
          at += trip
        }
      }
      this.#packets.push(this.#packet(from, end ? PSH | ACK : ACK, at, payload, offset, length))
      this.#next[from] = (this.#next[from] + length) >>> 0
      unacked++
      if (unacked === 2 && !end) {
        this.#add(to, ACK, at + this.#reaction(to))
        unacked = 0
      }
    }
    this.#now = at
    this.#last = from
    this.#owed = { by: to, at: at + this.#reaction(to) + DELAYED_ACK }
    return { first, last: at }
  }

  #time(from: 0 | 1, think: number): Micros {
    return this.#now + Math.max(1, Math.round(think)) + (this.#last === from ? 0 : this.#reaction(from))
  }

  /** An acknowledgement that can wait no longer is sent; one that can rides on what its owner says now. */
  #settle(from: 0 | 1, at: Micros): void {
    const owed = this.#owed
    if (owed === null) return
    if (owed.by === from && at <= owed.at) this.#owed = null
    else if (owed.at < at) {
      this.#add(owed.by, ACK, owed.at)
      this.#owed = null
    }
  }

  #reaction(side: 0 | 1): number {
    return side === 0 ? this.#options.clientSide : this.#options.serverSide
  }

  #add(side: 0 | 1, flags: number, at: Micros): void {
    this.#packets.push(this.#packet(side, flags, at, null, 0, 0))
  }

  #packet(side: 0 | 1, flags: number, at: Micros, payload: Payload | null, offset: number, length: number): Packet {
    const header =
      flags & SYN ? ETHERNET + IPV4 + (this.#options.timestamps ? 40 : 32) : flags & RST ? ETHERNET + IPV4 + 20 : this.#header
    const ack = flags & ACK ? this.#next[side === 0 ? 1 : 0] >>> 0 : 0
    const reset = flags & RST && this.#packets.length === 1
    return {
      at: Math.round(at),
      fromClient: side === 0,
      flags,
      seq: reset ? 0 : this.#next[side] >>> 0,
      ack,
      payload,
      offset,
      length,
      size: header + length,
    }
  }

  /** All packets in order of time. */
  done(): Packet[] {
    return this.#packets.sort((a, b) => a.at - b.at)
  }
}

/** One datagram. `flags` is the ICMP type where the flow is ICMP. */
export function datagram(at: Micros, fromClient: boolean, payload: Payload, flags = 0): Packet {
  return {
    at: Math.round(at),
    fromClient,
    flags,
    seq: 0,
    ack: 0,
    payload,
    offset: 0,
    length: payload.length,
    size: ETHERNET + IPV4 + 8 + payload.length,
  }
}
