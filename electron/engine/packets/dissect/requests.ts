/** What goes between the engine and the process with the dissectors. Both are this program's: structured data, not checked. */
import type { PacketDetail } from '../../../../shared/model/capture.ts'
import type { Result } from '../../../../shared/model/result.ts'

export interface Moment {
  readonly seconds: number
  readonly nanos: number
}
/**
 * What is true of the packet in its capture, and cannot be told from a slice of it. A line of the tree that is not told here is
 * left out.
 */
export interface PacketContext {
  readonly tcpStream?: number | null
  readonly udpStream?: number | null
  /** Times of the first packet of the capture, and of the one before this. */
  readonly first?: Moment | null
  readonly previous?: Moment | null
  /** The slice begins with the first packet of the flow, and has every one up to this: lines that count from there are right. */
  readonly wholeFlow?: boolean
  /** The file states no time of the packet; the slice's file has one that means nothing. */
  readonly timeless?: boolean
}

/** A slice on its way. One that the process has read last is named by its key alone. */
export interface SentSlice {
  readonly key: number
  readonly file: { readonly bytes: Uint8Array } | { readonly path: string } | null
  readonly numbers: Float64Array | null
}

export const OBJECT_KINDS = ['http', 'smb', 'tftp', 'ftp-data', 'imf'] as const
export type ObjectKind = (typeof OBJECT_KINDS)[number]
export type FollowKind = 'tcp' | 'udp' | 'http' | 'tls'

export interface Followed {
  /** As the dissectors have it: whoever spoke first where they saw no handshake. */
  readonly client: { readonly ip: string; readonly port: number }
  readonly server: { readonly ip: string; readonly port: number }
  readonly pieces: readonly { readonly direction: 0 | 1; readonly packet: number; readonly bytes: Uint8Array }[]
  /** There was more than is kept. */
  readonly truncated: boolean
}
export interface FoundObject {
  readonly kind: ObjectKind
  /** In which it was complete. */
  readonly packet: number
  readonly host: string
  /** As it was sent. */
  readonly name: string
  readonly type: string
  readonly bytes: Uint8Array
}
export interface KnownField {
  readonly name: string
  /** Wireshark's: `FT_IPv4`, `FT_UINT16`. */
  readonly type: string
  readonly title: string
}
export type FilterCheck = { readonly valid: true } | { readonly valid: false; readonly message: string }

/** Question and answer, by kind. */
export interface Questions {
  tree: [{ slice: SentSlice; target: number; context: PacketContext }, PacketDetail]
  filter: [{ slice: SentSlice; filter: string }, Float64Array]
  fields: [{ slice: SentSlice; names: readonly string[] }, { readonly packet: number; readonly values: readonly string[] }[]]
  follow: [{ slice: SentSlice; as: FollowKind; target: number }, Followed]
  objects: [{ slice: SentSlice; what: ObjectKind }, { readonly objects: readonly FoundObject[]; readonly truncated: boolean }]
  check: [{ filter: string }, FilterCheck]
  fieldsLike: [{ prefix: string; limit: number }, readonly KnownField[]]
  /** Only where tests ask for it. */
  spin: [object, null]
  eat: [object, null]
}
export type QuestionKind = keyof Questions
export type Question<K extends QuestionKind = QuestionKind> = { [P in K]: { readonly kind: P } & Questions[P][0] }[K]
export type Answer<K extends QuestionKind> = Questions[K][1]

/** Why there is no answer. `refused` is the question's fault: a wrong filter, a packet that is not in the slice. */
export const DISSECT_REASONS = ['killed_slow', 'killed_memory', 'failed', 'unavailable', 'refused', 'cancelled'] as const
export interface DissectProblem {
  readonly reason: (typeof DISSECT_REASONS)[number]
  readonly message: string
}
export type Dissected<T> = Result<T, DissectProblem>

export type ToProcess = { readonly id: number; readonly question: Question; readonly memoryCap: number }
export type FromProcess =
  | { readonly kind: 'ready'; readonly version: string; readonly pid: number }
  /** `done` from 0 to 1. */
  | { readonly kind: 'progress'; readonly id: number; readonly done: number; readonly memory: number }
  | {
      readonly kind: 'answer'
      readonly id: number
      readonly result: Dissected<unknown>
      readonly memory: number
      readonly kept: boolean
    }

/** Exit code of the process where it took more memory than it may. */
export const EXIT_MEMORY = 75
