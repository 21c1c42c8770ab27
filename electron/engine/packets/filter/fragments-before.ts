/** A packet that completes a fragmented datagram, decoded together with the fragments before it. */
import { decodeHeaders } from '../decode/decode.ts'
import { Fragments } from '../decode/fragments.ts'
import { Packet } from '../decode/packet.ts'
import { dispatch } from '../decode/registry.ts'
import { PACKET_SIGNS } from '../../../../shared/model/capture.ts'
import { CHUNK, type Columns } from '../index/columns.ts'

const FRAGMENT = 1 << PACKET_SIGNS.indexOf('fragment')
/** Packets that are looked through, and fragments of them that are read. */
const MOST_BACK = 20_000
const MOST_FRAGMENTS = 512

/**
 * `begin` makes the packet of that index (from 0) the decoder's next one. The last that is begun is `packet` itself, after which
 * the result holds its layers, if all its fragments were near enough.
 */
export function withFragments(columns: Columns, packet: number, begin: (p: Packet, packet: number) => void): Packet {
  const before: number[] = []
  for (let at = packet - 1; at >= Math.max(0, packet - MOST_BACK) && before.length < MOST_FRAGMENTS; at--)
    if (columns.chunk(Math.floor(at / CHUNK)).signs[at % CHUNK]! & FRAGMENT) before.push(at)
  const p = new Packet(dispatch, new Fragments())
  for (const at of [...before.reverse(), packet]) {
    begin(p, at)
    decodeHeaders(p)
  }
  return p
}
