/** Who sent and received how much: over a whole capture from its flows, over a view from its packets. */
import { F, W, WORDS } from '../flows/flow-record.ts'
import type { CaptureIndex } from '../index/capture-index.ts'
import { WordTable } from '../index/word-table.ts'
import { addressText, transportName } from './flow-of.ts'
import { flowsOfView } from './flow-sums.ts'
import { inverted, sortedPlaces, wordsOfNumbers } from './sort-places.ts'
import type { View } from './view.ts'

/** Endpoints that are told apart; about 70 bytes each. */
export const MOST_ENDPOINTS = 1_000_000
/** Words of a key: family, transport + 1 where it has a port, that port, and the address. */
const WIDTH = 6
const ADDRESS = 2
/** Figures of an endpoint. */
const SENT_PACKETS = 0
const SENT_BYTES = 1
const GOT_PACKETS = 2
const GOT_BYTES = 3
const FIGURES = 4

export interface EndpointRow {
  readonly address: string
  readonly port: number | null
  readonly transport: string
  readonly sentPackets: number
  readonly sentBytes: number
  readonly receivedPackets: number
  readonly receivedBytes: number
}
export interface Endpoints {
  /** The most bytes first. */
  readonly endpoints: EndpointRow[]
  readonly total: number
  /** False where there are more than are told apart. */
  readonly complete: boolean
}

export async function endpoints(
  index: CaptureIndex,
  view: View | null,
  ports: boolean,
  limit: number,
  most = MOST_ENDPOINTS,
): Promise<Endpoints> {
  const counted = view === null ? null : await flowsOfView(index, view)
  const table = new WordTable(WIDTH, most)
  let figures = new Float64Array(FIGURES * table.capacity)
  let complete = true
  /** Adds the figures of one end of a flow: `c` are those from its client. */
  const add = (words: Uint32Array, at: number, c: number, cb: number, s: number, sb: number): void => {
    for (let i = 0; i < 4; i++) table.key[ADDRESS + i] = words[at + i]!
    const row = table.row()
    if (row < 0) {
      complete = false
      return
    }
    if (FIGURES * row >= figures.length) {
      const larger = new Float64Array(FIGURES * table.capacity)
      larger.set(figures)
      figures = larger
    }
    figures[FIGURES * row + SENT_PACKETS]! += c
    figures[FIGURES * row + SENT_BYTES]! += cb
    figures[FIGURES * row + GOT_PACKETS]! += s
    figures[FIGURES * row + GOT_BYTES]! += sb
  }
  for (const { page, first, count } of index.flows.pages()) {
    const { words, doubles } = page
    for (let i = 0; i < count; i++) {
      const flow = first + i
      if (counted !== null && !counted.has(flow)) continue
      const at = i * WORDS
      const kind = words[at + W.kind]!
      const transport = kind & 255
      const hasPorts = ports && (transport === 6 || transport === 17 || transport === 132)
      const both = words[at + W.ports]!
      const c = counted === null ? words[at + W.clientPackets]! : counted.packets(flow, 0)
      const cb = counted === null ? doubles[at / 2 + F.clientBytes]! : counted.bytes(flow, 0)
      const s = counted === null ? words[at + W.serverPackets]! : counted.packets(flow, 1)
      const sb = counted === null ? doubles[at / 2 + F.serverBytes]! : counted.bytes(flow, 1)
      const { key } = table
      key[0] = ((kind >>> 8) & 255) | ((hasPorts ? transport + 1 : 0) << 8)
      key[1] = hasPorts ? both >>> 16 : 0
      add(words, at + W.client, c, cb, s, sb)
      key[1] = hasPorts ? both & 0xffff : 0
      add(words, at + W.server, s, sb, c, cb)
    }
    await new Promise((resolve) => setImmediate(resolve))
  }
  const bytes = Float64Array.from({ length: table.size }, (_, row) => figures[FIGURES * row + SENT_BYTES]! + figures[FIGURES * row + GOT_BYTES]!) // prettier-ignore
  const order = sortedPlaces(table.size, wordsOfNumbers(bytes).map(inverted))
  const { words } = table
  return {
    endpoints: Array.from(order.subarray(0, limit), (row): EndpointRow => {
      const at = row * WIDTH
      const transport = words[at]! >>> 8
      const of = figures.subarray(FIGURES * row, FIGURES * (row + 1))
      return {
        address: addressText(words, at + ADDRESS, words[at]! & 255),
        port: transport === 0 ? null : words[at + 1]!,
        transport: transport === 0 ? '' : transportName(transport - 1),
        sentPackets: of[SENT_PACKETS]!,
        sentBytes: of[SENT_BYTES]!,
        receivedPackets: of[GOT_PACKETS]!,
        receivedBytes: of[GOT_BYTES]!,
      }
    }),
    total: table.size,
    complete,
  }
}
