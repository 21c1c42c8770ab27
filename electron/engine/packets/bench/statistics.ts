/** What a whole capture, or a view of it, is made of. One scan of the columns each; all yield between chunks. */
import { protocolNames, decoders } from '../decode/registry.ts'
import { CHUNK } from '../index/columns.ts'
import type { CaptureIndex } from '../index/capture-index.ts'
import type { View } from './view.ts'

const pause = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

export interface HierarchyRow {
  readonly name: string
  readonly title: string
  readonly depth: number
  readonly packets: number
  readonly bytes: number
  readonly ends: number
}

/** The tree of protocols, depth first, the most frequent first. */
export async function hierarchy(
  { columns, stacks }: CaptureIndex,
  view: View | null,
): Promise<{ protocols: HierarchyRow[]; packets: number; bytes: number }> {
  const packets = new Float64Array(stacks.size)
  const bytes = new Float64Array(stacks.size)
  for (let chunk = 0; chunk < columns.chunks; chunk++) {
    if (view !== null && view.countOf(chunk) === 0) continue
    const stack = columns.column(chunk, 'stack')
    const wire = columns.column(chunk, 'wire')
    const length = columns.lengthOf(chunk)
    for (let row = 0; row < length; row++) {
      if (view !== null && !view.has(chunk * CHUNK + row)) continue
      const at = stack[row]!
      if (at >= packets.length) continue
      packets[at]!++
      bytes[at]! += wire[row]!
    }
    if (chunk % 8 === 7) await pause()
  }
  const ends = packets.slice()
  // A stack is made after its parent: from the last to the first, each adds to its parent.
  for (let at = packets.length - 1; at > 0; at--) {
    const parent = stacks.parent(at)
    packets[parent]! += packets[at]!
    bytes[parent]! += bytes[at]!
  }
  const children = new Map<number, number[]>()
  for (let at = 1; at < packets.length; at++) {
    if (packets[at] === 0) continue
    const parent = stacks.parent(at)
    const list = children.get(parent)
    if (list === undefined) children.set(parent, [at])
    else list.push(at)
  }
  const protocols: HierarchyRow[] = []
  const walk = (parent: number, depth: number): void => {
    for (const at of (children.get(parent) ?? []).sort((a, b) => packets[b]! - packets[a]!)) {
      const number = stacks.innermost(at)
      // Not a layer of its own, only Wireshark's name for the choice.
      if (protocolNames[number] === 'ethertype') {
        walk(at, depth)
        continue
      }
      protocols.push({
        name: protocolNames[number] ?? 'data',
        title: decoders[number]?.title ?? protocolNames[number] ?? 'Data',
        depth,
        packets: packets[at]!,
        bytes: bytes[at]!,
        ends: ends[at]!,
      })
      walk(at, depth + 1)
    }
  }
  walk(0, 0)
  return { protocols, packets: packets[0]!, bytes: bytes[0]! }
}

export interface Graph {
  readonly from: number
  readonly to: number
  readonly packets: number[]
  readonly bytes: number[]
  readonly viewPackets: number[] | null
  readonly viewBytes: number[] | null
}

/** Packets and bytes in even slots of time. `from` and `to` in seconds; null is the capture's. */
export async function graph(
  { columns, known }: CaptureIndex,
  view: View | null,
  span: { readonly from: number | null; readonly to: number | null },
  slots: number,
): Promise<Graph> {
  const { earliest, latest } = known.totals
  const from = span.from ?? (Number.isFinite(earliest) ? earliest : 0)
  const last = span.to ?? (Number.isFinite(latest) ? latest : 0)
  const to = last > from ? last : from + 1
  const scale = slots / (to - from)
  const make = (): number[] => Array.from({ length: slots }, () => 0)
  const [packets, bytes] = [make(), make()]
  const [viewPackets, viewBytes] = view === null ? [null, null] : [make(), make()]
  for (let chunk = 0; chunk < columns.chunks; chunk++) {
    const seconds = columns.column(chunk, 'seconds')
    const nanos = columns.column(chunk, 'nanos')
    const wire = columns.column(chunk, 'wire')
    const length = columns.lengthOf(chunk)
    for (let row = 0; row < length; row++) {
      let slot = Math.floor((seconds[row]! - from + nanos[row]! / 1e9) * scale)
      // The capture's last packet is in the last slot.
      if (slot === slots && span.to === null) slot--
      if (!(slot >= 0 && slot < slots)) continue
      packets[slot]!++
      bytes[slot]! += wire[row]!
      if (view === null || viewPackets === null || viewBytes === null || !view.has(chunk * CHUNK + row)) continue
      viewPackets[slot]!++
      viewBytes[slot]! += wire[row]!
    }
    if (chunk % 4 === 3) await pause()
  }
  return { from, to, packets, bytes, viewPackets, viewBytes }
}
