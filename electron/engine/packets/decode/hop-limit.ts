/** Time to live, or hop limit, of the network header that a layer lies in. */
import { TABLE } from './dispatch.ts'
import type { Packet } from './packet.ts'

/** -1 where there is none. */
export function hopLimit(p: Packet): number {
  const four = p.dispatch.find(TABLE.etherType, 0x0800)
  const six = p.dispatch.find(TABLE.etherType, 0x86dd)
  for (let layer = Math.min(p.layers, p.quotedFrom) - 1; layer >= 0; layer--) {
    const id = p.layerId[layer]
    if (id !== four && id !== six) continue
    const source = p.layerSource[layer]!
    const data = source === 0 ? p.bytes : p.sources[source - 1]!
    return data[p.layerAt[layer]! + (id === four ? 8 : 7)] ?? -1
  }
  return -1
}
