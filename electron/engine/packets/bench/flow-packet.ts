/** A packet of a flow with its payload, as streams are put in order from. */
import type { FlowPacket } from '../facts/follow-flow.ts'
import { CHUNK, SIGN } from '../index/columns.ts'
import type { OpenCapture } from './open-capture.ts'

/** `packet` from 0. Null where it carries nothing. Its bytes are good until the next one is asked for. */
export function flowPacket({ index, rows }: OpenCapture, packet: number): FlowPacket | null {
  const p = rows.decoded(packet)
  if (p.payloadAt < 0) return null
  const chunk = index.columns.chunk(Math.floor(packet / CHUNK))
  return {
    number: packet + 1,
    direction: chunk.signs[packet % CHUNK]! & SIGN.fromServer ? 1 : 0,
    data: p.data,
    from: p.payloadAt,
    to: p.payloadAt + p.payloadLength,
    stated: p.payloadStated,
    seq: p.seq,
    ack: p.ack,
    flags: p.flags,
  }
}
