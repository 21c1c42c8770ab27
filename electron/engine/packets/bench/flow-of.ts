/** A flow's record as the contract has it. */
import type { Flow } from '../../../../shared/model/capture.ts'
import { isoFromMicros } from '../../../../shared/model/time.ts'
import { communityId } from '../../ingest/normalise/community-id.ts'
import { protocolNames } from '../decode/registry.ts'
import { ipv4, ipv6 } from '../decode/text.ts'
import { F, NO_STREAM, STATE, W } from '../flows/flow-record.ts'
import type { CaptureIndex } from '../index/capture-index.ts'
import type { ConversationRow } from '../../../../shared/packet-contract.ts'
import type { z } from 'zod'

const TRANSPORTS: Readonly<Record<number, string>> = {
  1: 'icmp', 2: 'igmp', 4: 'ipip', 6: 'tcp', 17: 'udp', 41: 'ipv6', 47: 'gre', 50: 'esp', 51: 'ah', 58: 'icmpv6', 88: 'eigrp', 89: 'ospf', 103: 'pim', 112: 'vrrp', 132: 'sctp',
} // prettier-ignore
export const transportName = (number: number): string => TRANSPORTS[number] ?? String(number)

/** Where in a record (see flow-record.ts) an address is, as text. */
export const addressText = (words: Uint32Array, at: number, family: number): string =>
  family === 6 ? ipv6(words, at) : ipv4(words[at + 3]!)

/** Null also where it is further away than a date can be. */
const MOST_FIRST_LINE = 120

const iso = (seconds: number): string | null =>
  Math.abs(seconds) <= 250_000_000_000 ? isoFromMicros(Math.round(seconds * 1e6)) : null

export type Conversation = z.input<typeof ConversationRow>

/** A flow by its number; it must exist. */
export function conversationOf(index: CaptureIndex, flow: number): Conversation {
  const { flows } = index
  flows.seek(flow)
  const { words, doubles } = flows.page
  const { at } = flows
  const kind = words[at + W.kind]!
  const family = (kind >>> 8) & 255
  const transport = kind & 255
  const ports = words[at + W.ports]!
  const hasPorts = transport === 6 || transport === 17 || transport === 132
  const double = at / 2
  const first = doubles[double + F.firstTime]!
  const last = doubles[double + F.lastTime]!
  const trip = doubles[double + F.roundTrip]!
  const app = words[at + W.app]!
  return {
    flow,
    transport: transportName(transport),
    stream: words[at + W.stream] === NO_STREAM ? null : words[at + W.stream]!,
    client: {
      ip: addressText(words, at + W.client, family),
      port: hasPorts ? ports >>> 16 : null,
      packets: words[at + W.clientPackets]!,
      bytes: doubles[double + F.clientBytes]!,
      payload: doubles[double + F.clientPayload]!,
    },
    server: {
      ip: addressText(words, at + W.server, family),
      port: hasPorts ? ports & 0xffff : null,
      packets: words[at + W.serverPackets]!,
      bytes: doubles[double + F.serverBytes]!,
      payload: doubles[double + F.serverPayload]!,
    },
    state: stateOf(kind >>> 16, transport, words[at + W.clientPackets]!, words[at + W.serverPackets]!),
    app: app === 0 ? '' : (protocolNames[app - 1] ?? ''),
    first: iso(first),
    last: iso(last),
    firstPacket: words[at + W.firstPacket]! + 1,
    lastPacket: words[at + W.lastPacket]! + 1,
    duration: Number.isFinite(last - first) ? Math.max(0, last - first) : 0,
    roundTrip: Number.isFinite(trip) ? trip : null,
  }
}

function stateOf(state: number, transport: number, client: number, server: number): Flow['state'] {
  if (transport !== 6) return client > 0 && server > 0 ? 'answered' : 'unanswered'
  if (state & STATE.reset) return state & STATE.synAck || state & STATE.established || !(state & STATE.syn) ? 'reset' : 'refused'
  if (state & STATE.finClient && state & STATE.finServer) return 'closed'
  if (state & (STATE.synAck | STATE.established) && server > 0) return 'established'
  return server > 0 ? 'open' : 'unanswered'
}

/** ICMP has a type and a code in place of ports, which the record does not keep: `icmp` is of the first packet. */
export function flowOf(index: CaptureIndex, flow: number, icmp: { readonly type: number; readonly code: number } | null): Flow {
  const row = conversationOf(index, flow)
  const number = index.flows.page.words[index.flows.at + W.kind]! & 255
  return {
    ...row,
    communityId:
      communityId(row.client.ip, row.server.ip, String(number), icmp?.type ?? row.client.port, icmp?.code ?? row.server.port) ??
      '',
    firstData: firstDataOf(index, flow),
  }
}

/** The line of the flow's first application data, cut where it is long. */
function firstDataOf({ flows, notes }: CaptureIndex, flow: number): string {
  flows.seek(flow)
  const packet = flows.page.words[flows.at + W.firstData]!
  return packet === 0 ? '' : (notes.lineOf(packet - 1)?.text ?? '').slice(0, MOST_FIRST_LINE)
}
