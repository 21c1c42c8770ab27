/** The packets of one flow, in order. */
import { W } from '../flows/flow-record.ts'
import { CHUNK } from '../index/columns.ts'
import type { CaptureIndex } from '../index/capture-index.ts'

/** Indexes from 0, from `from` on. */
export function* packetsOfFlow(index: CaptureIndex, flow: number, from = 0): Generator<number> {
  const { flows, columns } = index
  if (flow < 0 || flow >= flows.length) return
  flows.seek(flow)
  const first = Math.max(from, flows.page.words[flows.at + W.firstPacket]!)
  const last = flows.page.words[flows.at + W.lastPacket]!
  const wanted = flow + 1
  for (let chunk = Math.floor(first / CHUNK); chunk <= Math.floor(last / CHUNK); chunk++) {
    const begin = chunk === Math.floor(first / CHUNK) ? first % CHUNK : 0
    const end = chunk === Math.floor(last / CHUNK) ? (last % CHUNK) + 1 : columns.lengthOf(chunk)
    // A copy of what is needed: the column's array is used again while the caller does other things.
    const own = columns.column(chunk, 'flow').slice(begin, end)
    for (let row = own.indexOf(wanted); row >= 0; row = own.indexOf(wanted, row + 1)) yield chunk * CHUNK + begin + row
  }
}

/** Up to `count` packets of a flow before this one, the nearest first; looks back through at most `chunks` chunks. */
export function packetsBefore(index: CaptureIndex, flow: number, packet: number, count: number, chunks: number): number[] {
  const { columns } = index
  const found: number[] = []
  const wanted = flow + 1
  const last = Math.floor(packet / CHUNK)
  for (let chunk = last; chunk >= 0 && chunk > last - chunks && found.length < count; chunk--) {
    const column = columns.column(chunk, 'flow')
    let row = chunk === last ? (packet % CHUNK) - 1 : CHUNK - 1
    for (; row >= 0 && found.length < count; row--) {
      row = column.lastIndexOf(wanted, row)
      if (row < 0) break
      found.push(chunk * CHUNK + row)
    }
  }
  return found
}
