/** What a display filter can name, and of which type it is. */
import type { FilterHow } from '../../../../shared/packet-contract.ts'
import type { z } from 'zod'
import type { KnownField } from '../decode/registry.ts'

/**
 * Types as the language compares them. `none` is there or not; `duration` and `time` are nanoseconds (bigint), the latter since
 * 1970; `other` is a type that only the full dissection compares.
 */
export type FilterType =
  | 'none' | 'protocol' | 'uint' | 'int' | 'float' | 'bool' | 'ipv4' | 'ipv6' | 'ether' | 'bytes' | 'text' | 'time' | 'duration'
  | 'other' // prettier-ignore

export type How = z.infer<typeof FilterHow>

export interface FilterField {
  /** Display-filter name. */
  readonly name: string
  readonly type: FilterType
  readonly doc: string
  /** `index`: columns have it; `decode`: own decoders read the packet again; `dissect`: Wireshark's dissectors do. */
  readonly how: How
  /** Protocol (Wireshark's name) without which a packet has no such field; null where none is known. */
  readonly protocol: string | null
  /** Of protocols: a decoder reads its header, so its bytes are known without its messages. */
  readonly header: boolean
  /** The decoder's field; null for protocols, for what the index computes, and for what only the dissection knows. */
  readonly known: KnownField | null
}

/** A field as a filter uses it. */
export interface FieldUse {
  readonly field: FilterField
  /** Which occurrences of its protocol; null is all. From 1; negative from the last. */
  readonly layers: readonly { readonly from: number; readonly to: number | null }[] | null
  /** The bytes from which the value was read, instead of the value. */
  readonly raw: boolean
  /** Of a protocol: all bytes from its first to the packet's end, not only its header. */
  readonly whole: boolean
}

/** True where the layer operator takes occurrence `number` (from 1) of `count`. */
export function takesLayer(layers: FieldUse['layers'], number: number, count: number): boolean {
  if (layers === null) return true
  return layers.some(({ from, to }) => {
    const first = from < 0 ? count + 1 + from : from
    const last = to === null ? count : to < 0 ? count + 1 + to : to
    return number >= first && number <= last
  })
}
