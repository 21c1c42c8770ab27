/** Headers of QUIC packets (RFC 9000, section 17) and of frames in Initial packets (section 19). */
import { draftOf, isKnownVersion, VERSION_2 } from './keys.ts'

export type LongType = 'Initial' | '0-RTT' | 'Handshake' | 'Retry' | 'Version Negotiation'
const TYPES: readonly LongType[] = ['Initial', '0-RTT', 'Handshake', 'Retry']
const MOST_CONNECTION = 20

export interface LongHeader {
  readonly type: LongType
  readonly version: number
  readonly destination: Uint8Array
  readonly source: Uint8Array
  /** First byte of the packet number; behind the header where it has none. */
  readonly numberAt: number
  /** Behind the packet, which others may follow; as stated, so perhaps behind what is there. */
  readonly end: number
}

/** What `varint` read last: the place behind it. */
export const after = { at: 0 }

/** A number of variable length (section 16); -1 where it does not fit. */
export function varint(data: Uint8Array, at: number, to: number): number {
  if (at >= to) return -1
  const length = 1 << (data[at]! >> 6)
  if (at + length > to) return -1
  let value = data[at]! & 63
  for (let i = 1; i < length; i++) value = value * 256 + data[at + i]!
  after.at = at + length
  return value
}

/** The long header at `from`; null where it is none. */
export function longHeader(data: Uint8Array, from: number, to: number): LongHeader | null {
  if (from + 7 > to || data[from]! < 0x80) return null
  const first = data[from]!
  const version = ((data[from + 1]! << 24) | (data[from + 2]! << 16) | (data[from + 3]! << 8) | data[from + 4]!) >>> 0
  const destinationLength = data[from + 5]!
  let at = from + 6 + destinationLength
  if (at >= to || destinationLength > MOST_CONNECTION) return null
  const destination = data.subarray(from + 6, at)
  const sourceLength = data[at]!
  if (at + 1 + sourceLength > to || sourceLength > MOST_CONNECTION) return null
  const source = data.subarray(at + 1, at + 1 + sourceLength)
  at += 1 + sourceLength
  if (version === 0) return { type: 'Version Negotiation', version, destination, source, numberAt: to, end: to }
  if ((first & 0x40) === 0) return null
  const number = (first >> 4) & 3
  // Version 2 moved the types by one.
  const type = TYPES[version === VERSION_2 ? (number + 3) & 3 : number]!
  if (type === 'Retry') return { type, version, destination, source, numberAt: to, end: to }
  if (type === 'Initial') {
    const token = varint(data, at, to)
    if (token < 0 || after.at + token > to) return null
    at = after.at + token
  }
  const length = varint(data, at, to)
  if (length < 0) return null
  return { type, version, destination, source, numberAt: after.at, end: after.at + length }
}

/** `Q050` and the like: Google's own, in packets of this form. */
const isGoogle = (version: number): boolean =>
  (version >>> 24 === 0x51 || version >>> 24 === 0x54) && ((version >>> 8) & 0xffff) === 0x3035

/** True where these bytes surely begin a QUIC connection of a known version. */
export function beginsQuic(data: Uint8Array, from: number, to: number): boolean {
  const header = longHeader(data, from, to)
  if (header === null) return false
  if (header.type === 'Version Negotiation') return false
  return (
    (isKnownVersion(header.version) || draftOf(header.version) > 0 || isGoogle(header.version)) &&
    header.end <= to &&
    header.destination.length > 0
  )
}

export interface CryptoPiece {
  readonly offset: number
  readonly from: number
  readonly to: number
}
/** Frames of one packet: a hostile one has a thousand, of one byte each. */
const MOST_FRAMES = 2048

/** Names of the frames, as Wireshark's line has them, and pieces of the handshake; `good` is false where something else came. */
export function readFrames(data: Uint8Array): {
  readonly names: string[]
  readonly pieces: CryptoPiece[]
  readonly good: boolean
} {
  const names: string[] = []
  const pieces: CryptoPiece[] = []
  const to = data.length
  let at = 0
  for (let i = 0; i < MOST_FRAMES && at < to; i++) {
    const type = data[at]!
    if (type === 0) {
      while (at < to && data[at] === 0) at++
      names.push('PADDING')
      continue
    }
    at++
    if (type === 1) names.push('PING')
    else if (type === 2 || type === 3) {
      at = skipAck(data, at, to, type === 3)
      if (at < 0) return { names, pieces, good: false }
      names.push('ACK')
    } else if (type === 6) {
      const offset = varint(data, at, to)
      if (offset < 0) return { names, pieces, good: false }
      const length = varint(data, after.at, to)
      if (length < 0 || after.at + length > to) return { names, pieces, good: false }
      pieces.push({ offset, from: after.at, to: after.at + length })
      names.push('CRYPTO')
      at = after.at + length
    } else {
      if (type === 0x1c || type === 0x1d) names.push('CC')
      return { names, pieces, good: type === 0x1c || type === 0x1d }
    }
  }
  return { names, pieces, good: true }
}

/** Behind an ACK frame; -1 where it does not fit. */
function skipAck(data: Uint8Array, at: number, to: number, counts: boolean): number {
  let next = at
  let ranges = 0
  for (let i = 0; i < 4; i++) {
    const value = varint(data, next, to)
    if (value < 0) return -1
    if (i === 2) ranges = value
    next = after.at
  }
  if (ranges > to) return -1
  for (let i = 0; i < ranges * 2 + (counts ? 3 : 0); i++) {
    if (varint(data, next, to) < 0) return -1
    next = after.at
  }
  return next
}
