/** A packet through its headers, outermost first. */
import { TABLE } from './dispatch.ts'
import { MOST_LAYERS, type Packet } from './packet.ts'
import { readPlainHeaders } from './plain-headers.ts'
import { decoders, dispatch } from './registry.ts'

const headers = decoders.map(({ header }) => header ?? null)

/** Reads the headers of a packet that was begun (see `Packet.begin`). */
export function decodeHeaders(p: Packet): void {
  if (!readPlainHeaders(p)) decodeByLayer(p)
}

/** Decoder by decoder. */
export function decodeByLayer(p: Packet): void {
  let next = dispatch.find(TABLE.link, p.linkType)
  if (next < 0) next = dispatch.data
  while (next >= 0 && p.layers < MOST_LAYERS) {
    const header = headers[next]
    if (header == null) break
    const layer = p.layers++
    p.layerId[layer] = next
    p.layerAt[layer] = p.at
    p.layerEnd[layer] = p.end
    p.layerSource[layer] = p.source
    p.next = -1
    header(p)
    next = p.next
  }
}
