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
  const own = new Uint32Array(CHUNK)
  for (let chunk = Math.floor(first / CHUNK); chunk <= Math.floor(last / CHUNK); chunk++) {
    // A copy: the column's array is used again while the caller does other things.
    own.set(columns.column(chunk, 'flow'))
    const column = own.subarray(0, columns.lengthOf(chunk))
    const begin = chunk === Math.floor(first / CHUNK) ? first % CHUNK : 0
    const end = chunk === Math.floor(last / CHUNK) ? (last % CHUNK) + 1 : column.length
    for (let row = column.indexOf(wanted, begin); row >= 0 && row < end; row = column.indexOf(wanted, row + 1))
      yield chunk * CHUNK + row
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
