/** Display filters of flows and their ends. Addresses come from captures: what is no address or name is not put into a filter. */
import type { Flow } from '../../../../shared/model/capture.ts'

export type FlowEnds = Pick<Flow, 'transport' | 'stream'> & {
  readonly client: { readonly ip: string; readonly port: number | null }
  readonly server: { readonly ip: string; readonly port: number | null }
}

const V4 = /^\d{1,3}(?:\.\d{1,3}){3}$/
const V6 = /^[0-9a-f:]*:[0-9a-f:.]*$/i
const MAC = /^[0-9a-f]{2}(?:[:-][0-9a-f]{2}){5}$/i
/** Transports with ports and a field of that name. */
const PORTED = new Set(['tcp', 'udp', 'sctp', 'dccp'])

/** The field that holds an address: `ip.addr`, `ipv6.addr`, `eth.addr`; '' for what is no address. */
export function addressField(address: string): string {
  if (V4.test(address)) return 'ip.addr'
  if (MAC.test(address)) return 'eth.addr'
  return V6.test(address) ? 'ipv6.addr' : ''
}

/** Packets of one host, of one of its ports where that is given. '' where it is no address. */
export function endpointFilter(address: string, transport = '', port: number | null = null): string {
  const field = addressField(address)
  if (field === '') return ''
  const own = `${field} == ${address}`
  return port !== null && PORTED.has(transport) ? `${own} && ${transport}.port == ${port}` : own
}

/** Packets between two hosts, whatever the ports. */
export function pairFilter(one: string, other: string): string {
  const [a, b] = [endpointFilter(one), endpointFilter(other)]
  if (a === '' || b === '') return ''
  return one === other ? a : `${a} && ${b}`
}

/** Packets of a flow: by its stream where Wireshark numbers them, else by its ends and what runs between them. */
export function flowFilter(flow: FlowEnds): string {
  const transport = flow.transport.toLowerCase()
  if (flow.stream !== null && (transport === 'tcp' || transport === 'udp')) return `${transport}.stream == ${flow.stream}`
  const pair = pairFilter(flow.client.ip, flow.server.ip)
  if (pair === '') return ''
  if (!PORTED.has(transport) || flow.client.port === null || flow.server.port === null)
    return /^[a-z][a-z0-9]*$/.test(transport) && transport !== 'ip' ? `${transport} && ${pair}` : pair
  const port = `${transport}.port`
  return `${pair} && ${port} == ${flow.client.port} && ${port} == ${flow.server.port}`
}

/** A protocol's name where it is one that a filter may say: letters, digits, `-`, `_` and dots. */
export const protocolFilter = (name: string): string => (/^[a-z][a-z0-9_.-]*$/i.test(name) ? name : '')
