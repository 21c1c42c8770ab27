/** What all flows of one reading share. */
import type { HeldBytes } from '../flows/stream-assembler.ts'
import type { ExpectedFlows } from './expected.ts'
import type { Gathered } from './packet-facts.ts'

export interface Reading {
  readonly gathered: Gathered
  readonly expected: ExpectedFlows
  /** Bytes that streams and unfinished messages hold. */
  readonly total: HeldBytes
  /** Bytes that are kept of one message. */
  readonly mostKept: number
  readonly wantsObjects: boolean
  /** The packet that is read now: its own bytes (null where its payload lies in others), and its first byte in them. */
  data: Uint8Array | null
  start: number
}

/** Bytes that are kept of one message, and where objects are being exported. */
export const MOST_KEPT = 256 << 10
export const MOST_KEPT_OBJECTS = 64 << 20
/** A message whose length is not known after so many bytes is none. */
export const MOST_UNKNOWN = 256 << 10
/** Bytes that all flows together hold. */
export const MOST_HELD = 64 << 20
export const MOST_HELD_OBJECTS = 256 << 20
