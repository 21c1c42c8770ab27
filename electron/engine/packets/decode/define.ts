/**
 * What a decoder is. One `*.decoder.ts` file default-exports `defineDecoder({...})`; `registry.ts` finds it by glob. A decoder
 * imports this file, `packet.ts`, `dispatch.ts` and the readers beside them, never a sibling and never the registry.
 *
 * A decoder reads headers (`header`: every packet, fast, nothing allocated), or messages (`message`: application data of one
 * datagram, or of one PDU of a TCP stream), or both. It never throws, whatever the bytes.
 */
import type { Table } from './dispatch.ts'
import type { Packet } from './packet.ts'

/** `ipv4` as a number, `ipv6`, `ether` and `bytes` as bytes, `time` as seconds since 1970. */
export type FieldType = 'uint' | 'int' | 'float' | 'bool' | 'ipv4' | 'ipv6' | 'ether' | 'text' | 'bytes' | 'time'
export type FieldValue = number | bigint | string | boolean | Uint8Array

export interface DecoderField {
  /** Wireshark's display-filter name, with Wireshark's meaning: `ip.ttl`. */
  readonly name: string
  readonly type: FieldType
  readonly doc: string
  /**
   * Of headers: the value in the layer at `at` (its room ends at `end`), several where it occurs several times, undefined where
   * it is not there. `p.data` and `p.view` are the layer's bytes.
   */
  readonly read?: (p: Packet, at: number, end: number) => FieldValue | readonly FieldValue[] | undefined
  /** Of headers: first byte within the layer, and bytes; for the link from field to bytes. */
  readonly place?: readonly [offset: number, length: number]
}

/** What a packet's line needs to know of its flow. Sequence numbers are relative to the first that was seen. */
export interface LineContext {
  readonly seq: number
  readonly ack: number
  /** Shift of the window of this direction; -1 where the handshake was not seen. */
  readonly windowShift: number
  /** Signs as text, Wireshark's words: `TCP Retransmission`. */
  readonly signs: readonly string[]
}

/** One datagram, or one PDU of a stream. */
export interface Message {
  readonly data: Uint8Array
  readonly view: DataView
  readonly from: number
  /** First byte behind what is there of it. */
  readonly to: number
  /** Bytes it has; more than `to - from` where the rest was not captured, or is too long to be kept. */
  readonly length: number
  readonly transport: 'tcp' | 'udp' | 'sctp'
  /** 0 from the flow's client, 1 from its server. */
  readonly direction: 0 | 1
  readonly sourcePort: number
  readonly destinationPort: number
  /** Of the sender and the receiver, as text. */
  readonly source: string
  readonly destination: string
  readonly seconds: number
  /** False where bytes before it are missing: it may begin anywhere. */
  readonly inStep: boolean
}

export interface FoundObject {
  readonly kind: 'http' | 'smb' | 'tftp' | 'ftp-data' | 'imf'
  readonly host: string
  readonly name: string
  readonly type: string
  /** Decoded: chunks joined, compression undone. */
  readonly bytes: Uint8Array
  readonly complete: boolean
}

/**
 * Where a message's facts go. A message of a stream of which nothing is said belongs to something larger, and adds nothing to its
 * packet: so a decoder can take something long in pieces.
 */
export interface Facts {
  /** Another protocol inside, Wireshark's name, listed in the decoder's `also`: `data-text-lines`. Outer before inner. */
  layer(name: string): void
  /** A value of one of the decoder's fields; `from` and `length` in the message's bytes where it stands there. */
  fact(field: string, value: FieldValue, from?: number, length?: number): void
  /** What the list's Info column says. Several lines are joined. */
  line(text: string): void
  /** The list's Protocol column, where it is not the decoder's title: `TLSv1.3`. */
  protocol(title: string): void
  /**
   * From the next message on another decoder reads this flow, in both directions: STARTTLS, CONNECT, Upgrade; '' is the one that
   * knows the bytes. `inside`: this protocol stays around it in the packets, as Wireshark has HTTP around what it turned into.
   */
  become(decoder: string, inside?: boolean): void
  /** Bytes inside are another decoder's message. */
  inner(decoder: string, data: Uint8Array, from: number, to: number): void
  /** The next flow from or to this address and port is the decoder's: FTP data, TFTP transfers. */
  expect(decoder: string, transport: 'tcp' | 'udp', address: string, port: number, note?: unknown): void
  malformed(): void
  /** True where objects are being exported: only then are bodies put together. */
  readonly wantsObjects: boolean
  object(object: FoundObject): void
}

export type Bytes = Uint8Array

export interface StreamFraming<S> {
  /** Bytes of the message at `from`: its whole length; 0 where more is needed to know (what is there will come again, longer); -1 where this is not the protocol; Infinity where it lasts until the direction ends. */
  length(data: Bytes, from: number, to: number, direction: 0 | 1, state: S): number
  /** As Wireshark has TLS: the protocol is also in the packet in which a message begins that does not end in it. */
  readonly begins?: boolean
}

interface Described {
  /** Wireshark's name of the protocol: `ip`, `http`. */
  readonly id: string
  /** As in Wireshark's Protocol column: `IPv4`, `HTTP`. */
  readonly title: string
  /** Link to the specification. */
  readonly spec: string
  /** Two or three sentences: what is read of it, what is not. */
  readonly doc: string
  /** Further protocol names it adds to a packet: `data-text-lines`. */
  readonly also?: readonly string[]
  readonly fields: readonly DecoderField[]
  readonly examples: readonly DecoderExample[]
}

export interface DecoderDefinition<S = unknown> extends Described {
  /** Where it comes in. */
  readonly on: readonly { readonly table: Table; readonly keys: readonly number[] }[]
  /** Reads the header at `p.at`. */
  header?(p: Packet): void
  /** Info column where this is the innermost layer that has one. `at` and `end` are the layer's room. */
  line?(p: Packet, at: number, end: number, context: LineContext): string
  /** The Protocol column where it depends on the packet. */
  column?(p: Packet, at: number): string

  /** State of one flow, for `message`. */
  begin?(note?: unknown): S
  message?(m: Message, state: S, out: Facts): void
  /** Cuts a TCP stream into messages. Without it the decoder reads datagrams only. */
  readonly stream?: StreamFraming<S>
  /**
   * True where the first bytes of a flow (or a datagram) are surely of this protocol, on any port. Asked in order of `id`.
   */
  guess?(data: Bytes, from: number, to: number, transport: 'tcp' | 'udp', direction: 0 | 1): boolean
}

export interface DecoderExample {
  readonly name: string
  /** A whole packet (hex, white space is ignored) of this link type, made for this project ... */
  readonly packet?: { readonly link: number; readonly hex: string }
  /** ... or messages of one flow, in order; `text` as latin1, with \r\n as written. `to` is the server's port. */
  readonly messages?: {
    readonly transport: 'tcp' | 'udp'
    readonly port: number
    readonly sent: readonly ({ readonly by: 0 | 1 } & ({ readonly hex: string } | { readonly text: string }))[]
  }
  readonly expect: {
    /** `eth:ethertype:ip:tcp`, of the packet, or what messages add: `http:data-text-lines`. */
    readonly stack?: string
    readonly line?: string
    /** Of all messages, by field: text form of the values. */
    readonly facts?: Readonly<Record<string, string | number | boolean | readonly (string | number)[]>>
  }
}

/** Types are checked where a decoder is written; the registry knows none of its state. */
export function defineDecoder<S>(definition: DecoderDefinition<S>): DecoderDefinition {
  return definition as unknown as DecoderDefinition
}
