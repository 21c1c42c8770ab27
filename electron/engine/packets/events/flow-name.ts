/** How the events of a flow name it: identifier, both ends, Community ID. */
import { communityId } from '../../ingest/normalise/community-id.ts'
import { addressText, transportName } from '../bench/flow-of.ts'
import { W } from '../flows/flow-record.ts'
import type { FlowTable } from '../flows/flow-table.ts'
import type { FlowName } from './define.ts'

const hasPorts = (transport: number): boolean => transport === 6 || transport === 17 || transport === 132
export const isIcmp = (transport: number): boolean => transport === 1 || transport === 58

/**
 * Of the flow with a number in the table; `offset` is added for its number in the capture. `id` names the capture. The type and code
 * of ICMP's first message stand in a word that only TCP uses: {@link ICMP}.
 */
export function flowName(flows: FlowTable, flow: number, offset: number, id: string): FlowName {
  flows.seek(flow)
  const { words } = flows.page
  const { at } = flows
  const kind = words[at + W.kind]!
  const family = (kind >>> 8) & 255
  const transport = kind & 255
  const client = addressText(words, at + W.client, family)
  const server = addressText(words, at + W.server, family)
  const ports = words[at + W.ports]!
  const icmp = words[at + ICMP]!
  const known = hasPorts(transport) || (isIcmp(transport) && icmp > 0)
  const clientPort = hasPorts(transport) ? ports >>> 16 : (icmp - 1) >>> 8
  const serverPort = hasPorts(transport) ? ports & 0xffff : (icmp - 1) & 255
  const name = isIcmp(transport) ? 'icmp' : transportName(transport)
  const community = communityId(client, server, String(transport), known ? clientPort : null, known ? serverPort : null)
  const number = flow + offset
  return {
    flow: number,
    transport: name,
    clientAddress: client,
    serverAddress: server,
    serverPort: known ? serverPort : 0,
    json:
      `"uid":"${id}-${number}","id.orig_h":"${client}",${known ? `"id.orig_p":${clientPort},` : ''}"id.resp_h":"${server}",` +
      `${known ? `"id.resp_p":${serverPort},` : ''}"proto":"${name}"${community === undefined ? '' : `,"community_id":"${community}"`}`,
  }
}

/** Word of a flow's record that has type << 8 | code, + 1, of ICMP's first message. */
export const ICMP = W.clientSide + 12
/** Word of a flow's record in which services are bits: see services.ts. */
export const SERVICES = W.serverSide + 12
