/**
 * From what a record says of its flow to packets. Clocks differ, so flows count that were there within a window of the record's
 * time; addresses are translated on the way, so one end that fits together with the service's port is taken where no flow fits
 * with both, and said.
 */
import { communityId } from '../../ingest/normalise/community-id.ts'
import { F, NO_STREAM, W, WORDS } from '../flows/flow-record.ts'
import { CHUNK } from '../index/columns.ts'
import { addressText, transportName } from './flow-of.ts'
import type { OpenCapture } from './open-capture.ts'
import { packetsOfFlow } from './packets-of-flow.ts'
import { isAddressAt, readAddress, type RecordAddress } from './record-address.ts'

export interface LocateAsked {
  readonly communityId: string | null
  readonly source: string | null
  readonly destination: string | null
  readonly sourcePort: number | null
  readonly destinationPort: number | null
  readonly transport: string | null
  /** Seconds since 1970, of the record. */
  readonly time: number
  readonly window: number
  /** Text that matched, to be found in the packets; where none of it is found, what else the record tells. */
  readonly matched: readonly string[]
  readonly telling: readonly string[]
}
export interface Located {
  readonly flow: number | null
  readonly packet: number
  readonly filter: string
  readonly by: 'community_id' | 'tuple' | 'pair' | 'time'
  readonly apart: number
  readonly translated: boolean
  readonly matched: readonly { packet: number; from: number; length: number }[]
}

const MOST_FOUND = 20
/** Packets of a flow that are searched for the bytes that matched. */
const MOST_SEARCHED = 2000
const MOST_MATCHED = 50

interface Candidate {
  readonly flow: number
  readonly rank: number
  readonly by: Located['by']
  readonly apart: number
  readonly translated: boolean
}

/** Best first. */
export function locateFlows(capture: OpenCapture, asked: LocateAsked): Located[] {
  const candidates: Candidate[] = []
  const { flows } = capture.index
  const { source, destination } = asked
  const ends = [source, destination].filter((text) => text !== null).map(readAddress)
  const own = ends.filter((address) => address !== null)
  if (own.length === 0 && ends.length > 0) return []
  for (const { page, first, count } of flows.pages()) {
    const { words, doubles } = page
    for (let i = 0; i < count; i++) {
      const at = i * WORDS
      const begin = doubles[at / 2 + F.firstTime]!
      const end = doubles[at / 2 + F.lastTime]!
      const apart = asked.time < begin ? begin - asked.time : asked.time > end ? asked.time - end : 0
      // Without times everything is at the same time.
      if (apart > asked.window) continue
      // Whatever was translated, one end is as the record has it.
      const family = (words[at + W.kind]! >>> 8) & 255
      if (own.length > 0 && !own.some((address) => isEnd(words, at, family, address))) continue
      const found = fits(words, at, asked)
      if (found !== null) candidates.push({ flow: first + i, apart: Number.isNaN(apart) ? 0 : apart, ...found })
    }
    if (candidates.length > 100_000) break
  }
  candidates.sort((a, b) => a.rank - b.rank || a.apart - b.apart || a.flow - b.flow)
  const best = candidates[0]?.rank
  return candidates
    .filter(({ rank }) => rank === best)
    .slice(0, MOST_FOUND)
    .map((candidate) => placeOf(capture, candidate, asked))
}

const isEnd = (words: Uint32Array, at: number, family: number, address: RecordAddress): boolean =>
  isAddressAt(words, at + W.client, family, address) || isAddressAt(words, at + W.server, family, address)

function fits(words: Uint32Array, at: number, asked: LocateAsked): Pick<Candidate, 'rank' | 'by' | 'translated'> | null {
  const kind = words[at + W.kind]!
  const family = (kind >>> 8) & 255
  const transport = transportName(kind & 255)
  if (asked.transport !== null && asked.transport !== transport) return null
  const client = addressText(words, at + W.client, family)
  const server = addressText(words, at + W.server, family)
  const [clientPort, serverPort] = [words[at + W.ports]! >>> 16, words[at + W.ports]! & 0xffff]
  const { source, destination, sourcePort, destinationPort } = asked
  if (source === null && destination === null) {
    if (asked.communityId === null) return null
    const own = communityId(client, server, String(kind & 255), clientPort, serverPort)
    return own === asked.communityId ? { rank: 0, by: 'community_id', translated: false } : null
  }
  const ports =
    sourcePort !== null && destinationPort !== null && (transport === 'tcp' || transport === 'udp' || transport === 'sctp')
  for (const [a, aPort, b, bPort] of [
    [client, clientPort, server, serverPort],
    [server, serverPort, client, clientPort],
  ] as const) {
    const hosts = (source === null || a === source) && (destination === null || b === destination)
    if (hosts && (!ports || (aPort === sourcePort && bPort === destinationPort))) {
      if (source === null || destination === null) return { rank: 3, by: 'pair', translated: false }
      if (!ports) return { rank: 2, by: 'pair', translated: false }
      const same =
        asked.communityId !== null &&
        communityId(client, server, String(kind & 255), clientPort, serverPort) === asked.communityId
      return { rank: same ? 0 : 1, by: same ? 'community_id' : 'tuple', translated: false }
    }
    if (!ports) continue
    // One end as it is, the other one translated: the service's port, or the client's, tells them from others.
    if (a === source && aPort === sourcePort && b !== destination) return { rank: 4, by: 'tuple', translated: true }
    if (b === destination && bPort === destinationPort && aPort === sourcePort && a !== source)
      return { rank: 4, by: 'tuple', translated: true }
    if (hosts && bPort === destinationPort) return { rank: 5, by: 'pair', translated: false }
    if (hosts) return { rank: 6, by: 'pair', translated: false }
  }
  return null
}

function placeOf(capture: OpenCapture, { flow, by, apart, translated }: Candidate, asked: LocateAsked): Located {
  const { index } = capture
  index.flows.seek(flow)
  const { words } = index.flows.page
  const { at } = index.flows
  const stream = words[at + W.stream]!
  const kind = words[at + W.kind]!
  const transport = transportName(kind & 255)
  const family = (kind >>> 8) & 255
  const word = family === 6 ? 'ipv6.addr' : 'ip.addr'
  const filter =
    stream !== NO_STREAM
      ? `${transport}.stream == ${stream}`
      : `${word} == ${addressText(words, at + W.client, family)} && ${word} == ${addressText(words, at + W.server, family)}`
  let packet = -1
  let nearest = Infinity
  let searched = 0
  const marks = [wanted(asked.matched), wanted(asked.telling)] as const
  const searches = marks.some((texts) => texts.length > 0)
  const found: [Mark[], Mark[]] = [[], []]
  for (const one of packetsOfFlow(index, flow)) {
    if (searched++ > MOST_SEARCHED) break
    const chunk = index.columns.chunk(Math.floor(one / CHUNK))
    const row = one % CHUNK
    const away = Math.abs(chunk.seconds[row]! + chunk.nanos[row]! / 1e9 - asked.time)
    if (packet < 0 || away < nearest) {
      packet = one
      nearest = away
    }
    if (!searches || chunk.payload[row] === 0) continue
    const bytes = capture.bytes.read(one)
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    for (const [i, texts] of marks.entries()) {
      if (found[i]!.length >= MOST_MATCHED) continue
      for (const text of texts) {
        const from = buffer.indexOf(text)
        if (from >= 0) found[i]!.push({ packet: one + 1, from, length: text.length, away })
      }
    }
  }
  const all = found[0].length > 0 ? found[0] : found[1]
  // Of several packets with the same text the one that was there at the record's time.
  const best = all.reduce<Mark | null>((least, one) => (least === null || one.away < least.away ? one : least), null)
  const matched = all.map(({ packet: number, from, length }) => ({ packet: number, from, length }))
  return { flow, packet: (best?.packet ?? packet + 1) || 1, filter, by, apart, translated, matched }
}

interface Mark {
  readonly packet: number
  readonly from: number
  readonly length: number
  readonly away: number
}
/** Shorter ones are everywhere. */
const wanted = (texts: readonly string[]): Buffer[] =>
  texts
    .filter((text) => text.length >= 3)
    .slice(0, 16)
    .map((text) => Buffer.from(text, 'utf8'))
