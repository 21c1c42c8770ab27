/** Bytes that a test reads, and where they stand: in a packet of a capture, or in a field of an event. */
import { MOST_DECIDING, type Cite, type DecidingBytes } from '../../../shared/model/impact.ts'

export type OctetsPlace =
  | { readonly kind: 'field'; readonly event: string; readonly field: string }
  | {
      readonly kind: 'packets'
      readonly capture: string
      /** In order; `at` is the place of the piece's first byte in the text. */
      readonly pieces: readonly StreamPlace[]
    }

export interface StreamPlace {
  readonly at: number
  /** From 1. */
  readonly packet: number
  /** First byte in the packet. */
  readonly offset: number
  readonly length: number
}

export interface Octets {
  /** One character for each byte (Latin-1). */
  readonly text: string
  readonly place: OctetsPlace
  /** Chunks were joined or compression undone: places are those of the encoded whole. */
  readonly decoded: boolean
  /** There was more. */
  readonly cut: boolean
}

const AROUND = 32

export const fieldOctets = (event: string, field: string, bytes: Uint8Array | string, cut = false): Octets => ({
  text: typeof bytes === 'string' ? Buffer.from(bytes, 'utf8').toString('latin1') : Buffer.from(bytes).toString('latin1'),
  place: { kind: 'field', event, field },
  decoded: false,
  cut,
})

/** A part of stream or field bytes, as bytes of their own. */
export function slice(octets: Octets, from: number, to: number): Octets {
  const { place } = octets
  if (octets.decoded) return { ...octets, text: octets.text.slice(from, to) }
  const text = octets.text.slice(from, to)
  const cut = octets.cut && to >= octets.text.length
  if (place.kind === 'field') return { text, place, decoded: false, cut }
  return { text, place: { ...place, pieces: piecesOf(place.pieces, from, to) }, decoded: false, cut }
}

const piecesOf = (pieces: readonly StreamPlace[], from: number, to: number): StreamPlace[] =>
  pieces.flatMap(({ at, packet, offset, length }) => {
    const begin = Math.max(at, from)
    const end = Math.min(at + length, to)
    return begin < end ? [{ at: begin - from, packet, offset: offset + begin - at, length: end - begin }] : []
  })

/** Where bytes `from` to `to` stand: the packet that holds the first of them. */
export function cite({ place, decoded }: Octets, from: number, to: number): Cite {
  if (place.kind === 'field') return { kind: 'event', event: place.event }
  const [first] = decoded ? place.pieces : piecesOf(place.pieces, from, to)
  const known = first ?? place.pieces[0]
  return known === undefined
    ? { kind: 'packet', capture: place.capture, packet: 1, offset: 0, length: 0 }
    : { kind: 'packet', capture: place.capture, packet: known.packet, offset: known.offset, length: known.length }
}

/** The bytes that decided, with some around them. */
export function deciding(octets: Octets, from: number, to: number): DecidingBytes {
  const { place, decoded, text } = octets
  const begin = Math.max(0, from - AROUND)
  const end = Math.min(text.length, begin + MOST_DECIDING, to + AROUND)
  const where = cite(octets, from, to)
  // Within a packet where they are shown from one: its own offset.
  const offset = !decoded && where.kind === 'packet' ? Math.max(0, where.offset - (from - begin)) : begin
  return {
    cite: where,
    field: place.kind === 'field' ? place.field : null,
    base64: Buffer.from(text.slice(begin, end), 'latin1').toString('base64'),
    offset,
    start: from - begin,
    end: Math.min(to, end) - begin,
    decoded,
  }
}
