/** What `watchfloor packets <capture> --json` says: a capture's facts, as tshark would count them. */
import { protocolNames } from '../decode/registry.ts'
import { W } from '../flows/flow-record.ts'
import { AddressPairs } from '../index/address-pairs.ts'
import { CHUNK, SIGN } from '../index/columns.ts'
import { addressText } from './flow-of.ts'
import type { OpenCapture } from './open-capture.ts'

export interface CaptureFacts {
  readonly packets: number
  readonly capturedBytes: number
  readonly wireBytes: number
  /** Seconds with nine decimals; of the first and the last packet. */
  readonly firstTime: string | null
  readonly lastTime: string | null
  readonly linkTypes: Readonly<Record<string, number>>
  /** Packets that contain it, by Wireshark's name. */
  readonly protocols: Readonly<Record<string, number>>
  readonly tcpStreams: number
  readonly udpStreams: number
  readonly ipPairs: Readonly<Record<string, number>>
  readonly dnsQueries: readonly string[]
  readonly tlsSni: readonly string[]
  readonly httpHosts: readonly string[]
  readonly httpUris: readonly string[]
  readonly error: string | null
  readonly sha256: string | null
}

/** Different values of one kind that are listed. */
const MOST_NAMES = 1_000_000

export async function factsOf(capture: OpenCapture): Promise<CaptureFacts> {
  const { index } = capture
  const { known, columns } = index
  const { totals } = known
  const stopped = known.files.filter(({ error }) => error !== null)
  return {
    packets: columns.length,
    capturedBytes: totals.captured,
    wireBytes: totals.wire,
    firstTime: timeText(totals.firstSeconds, totals.firstNanos),
    lastTime: timeText(totals.lastSeconds, totals.lastNanos),
    linkTypes: Object.fromEntries(index.linkCounts()),
    protocols: protocolsOf(capture),
    tcpStreams: index.flows.tcpStreams,
    udpStreams: index.flows.udpStreams,
    ipPairs: Object.fromEntries(await pairsOf(capture)),
    dnsQueries: namesOf(capture, 'dns.qry.name'),
    tlsSni: namesOf(capture, 'tls.handshake.extensions_server_name'),
    httpHosts: namesOf(capture, 'http.host'),
    httpUris: namesOf(capture, 'http.request.uri'),
    error:
      stopped.length === 0
        ? null
        : stopped
            .map(({ path, error }) => `${known.files.length > 1 ? `${path}: ` : ''}byte ${error!.offset}: ${error!.reason}`)
            .join('; '),
    sha256: known.files.length === 1 ? (known.files[0]!.sha256 ?? null) : null,
  }
}

const timeText = (seconds: number, nanos: number): string | null =>
  Number.isNaN(seconds) ? null : `${seconds}.${String(nanos).padStart(9, '0')}`

function protocolsOf({ index: { columns, stacks } }: OpenCapture): Record<string, number> {
  const counts = new Float64Array(stacks.size)
  for (let chunk = 0; chunk < columns.chunks; chunk++) {
    const stack = columns.column(chunk, 'stack')
    const length = columns.lengthOf(chunk)
    for (let row = 0; row < length; row++) counts[stack[row]!]!++
  }
  const found = new Map<number, number>()
  for (const [stack, count] of counts.entries())
    if (count > 0) for (const one of new Set(stacks.protocols(stack))) found.set(one, (found.get(one) ?? 0) + count)
  return Object.fromEntries([...found].sort((a, b) => b[1] - a[1]).map(([one, count]) => [protocolNames[one] ?? 'data', count]))
}

/** Of packets with one IP header from their flows; tunnels are looked at again. */
async function pairsOf({ index: { columns, flows }, rows }: OpenCapture): Promise<Map<string, number>> {
  const byFlow = new Float64Array(flows.length)
  const outermost = new AddressPairs()
  for (let chunk = 0; chunk < columns.chunks; chunk++) {
    const flow = columns.column(chunk, 'flow')
    const signs = columns.column(chunk, 'signs')
    const length = columns.lengthOf(chunk)
    for (let row = 0; row < length; row++) {
      if (signs[row]! & SIGN.tunnelled) outermost.add(rows.decoded(chunk * CHUNK + row))
      else if (flow[row]! > 0) byFlow[flow[row]! - 1]!++
    }
    await new Promise((resolve) => setImmediate(resolve))
  }
  const pairs = new Map<string, number>(outermost.entries())
  for (let flow = 0; flow < flows.length; flow++) {
    if (byFlow[flow] === 0) continue
    flows.seek(flow)
    const { words } = flows.page
    const family = (words[flows.at + W.kind]! >>> 8) & 255
    const [a, b] = [addressText(words, flows.at + W.client, family), addressText(words, flows.at + W.server, family)]
    const pair = a <= b ? `${a} <-> ${b}` : `${b} <-> ${a}`
    pairs.set(pair, (pairs.get(pair) ?? 0) + byFlow[flow]!)
  }
  return pairs
}

function namesOf({ index: { columns, notes } }: OpenCapture, field: string): string[] {
  const found = new Set<string>()
  for (let chunk = 0; chunk < columns.chunks; chunk++)
    for (const value of notes.valuesOf(chunk, field)?.values ?? []) if (found.size < MOST_NAMES) found.add(String(value))
  return [...found].sort()
}
