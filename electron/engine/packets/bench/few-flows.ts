/** Packets whose flows are few: the dissectors are given those flows instead of all that lies between. */
import { W } from '../flows/flow-record.ts'
import { signBit } from '../flows/tcp-analysis.ts'
import type { CaptureIndex } from '../index/capture-index.ts'
import { CHUNK, SIGN } from '../index/columns.ts'

const MOST_FLOWS = 64
/** Flows that are not this much smaller than the stretch that they lie in are not worth what else is lost. */
const MUCH_SMALLER = 4
/** What other flows hold is needed to read these. */
const FRAGMENTS = signBit('fragment') | SIGN.reassembled

/**
 * All packets (indexes from 0, ascending) of the flows of `packets`, which are ascending too; null where that is more than `most`, or
 * not much less than the stretch from the first to the last of them and `around` it.
 */
export function packetsOfFewFlows(
  { columns, flows }: Pick<CaptureIndex, 'columns' | 'flows'>,
  packets: Iterable<number>,
  most: number,
  around: number,
): number[] | null {
  const wanted = new Set<number>()
  let first = -1
  let last = -1
  for (const packet of packets) {
    const chunk = columns.chunk(Math.floor(packet / CHUNK))
    const row = packet % CHUNK
    const flow = chunk.flow[row]!
    if (flow === 0 || (chunk.signs[row]! & FRAGMENTS) !== 0) return null
    wanted.add(flow)
    if (wanted.size > MOST_FLOWS) return null
    if (first < 0) first = packet
    last = packet
  }
  let count = 0
  let begin = first
  for (const flow of wanted) {
    flows.seek(flow - 1)
    const { words } = flows.page
    count += words[flows.at + W.clientPackets]! + words[flows.at + W.serverPackets]!
    begin = Math.min(begin, words[flows.at + W.firstPacket]!)
  }
  if (count > most || count * MUCH_SMALLER > last - first + around) return null
  const found: number[] = []
  for (let index = Math.floor(begin / CHUNK); index <= Math.floor(last / CHUNK); index++) {
    const flow = columns.column(index, 'flow')
    const length = Math.min(columns.lengthOf(index), last + 1 - index * CHUNK)
    for (let row = 0; row < length; row++) if (wanted.has(flow[row]!)) found.push(index * CHUNK + row)
  }
  return found.length > most ? null : found
}
