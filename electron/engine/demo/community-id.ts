/** Community ID v1 (https://github.com/corelight/community-id-spec), for IPv4 and seed 0. */
import { createHash } from 'node:crypto'
import type { Flow } from './flow.ts'

const PROTOCOLS = { icmp: 1, tcp: 6, udp: 17 } as const
/** ICMP has no ports: the type and its counterpart stand in for them. */
const COUNTERPARTS: Readonly<Record<number, number>> = { 8: 0, 0: 8 }

export function communityId(flow: Flow): string {
  const a = Buffer.from([...flow.client.ip.split('.').map(Number), 0, 0])
  const b = Buffer.from([...flow.server.ip.split('.').map(Number), 0, 0])
  a.writeUInt16BE(flow.client.port, 4)
  b.writeUInt16BE(flow.transport === 'icmp' ? (COUNTERPARTS[flow.client.port] ?? flow.server.port) : flow.server.port, 4)
  const [first, second] = Buffer.compare(a, b) <= 0 ? [a, b] : [b, a]
  const bytes = Buffer.concat([
    Buffer.of(0, 0), first.subarray(0, 4), second.subarray(0, 4), Buffer.of(PROTOCOLS[flow.transport], 0), first.subarray(4), second.subarray(4),
  ]) // prettier-ignore
  return `1:${createHash('sha1').update(bytes).digest('base64')}`
}
