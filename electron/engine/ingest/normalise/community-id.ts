/**
 * Community ID v1 (https://github.com/corelight/community-id-spec), seed 0: the same short text for a flow, whichever tool saw
 * it and in whichever direction. Computed on demand, not for every event: a SHA-1 for each costs more than it is asked for.
 */
import { createHash } from 'node:crypto'
import { groupsOf, isIpv4 } from './address.ts'

const NUMBERS: Readonly<Record<string, number>> = { icmp: 1, tcp: 6, udp: 17, 'ipv6-icmp': 58, icmpv6: 58, icmp6: 58, sctp: 132 }
const protocols = new Map(Object.entries(NUMBERS))

/** ICMP types that answer each other stand for the two ports; the flow of any other type has one direction. */
const ICMP = new Map([
  [0, 8],
  [8, 0],
  [9, 10],
  [10, 9],
  [13, 14],
  [14, 13],
  [15, 16],
  [16, 15],
  [17, 18],
  [18, 17],
])
const ICMP6 = new Map([
  [128, 129],
  [129, 128],
  [130, 131],
  [131, 130],
  [133, 134],
  [134, 133],
  [135, 136],
  [136, 135],
  [139, 140],
  [140, 139],
  [144, 145],
  [145, 144],
])

/**
 * @param protocol name in lower case (`tcp`, `icmp6`) or its IANA number as text.
 * @param sourcePort for ICMP the type; null for protocols without ports.
 * @param destinationPort for ICMP the code.
 * @returns undefined where the addresses are none or of two kinds, the protocol is unknown, or ports are missing that it has.
 */
export function communityId(
  source: string,
  destination: string,
  protocol: string,
  sourcePort: number | null,
  destinationPort: number | null,
): string | undefined {
  const number = protocols.get(protocol) ?? (/^\d{1,3}$/.test(protocol) ? Number(protocol) : -1)
  if (number < 0 || number > 255) return undefined
  let from = bytesOf(source)
  let to = bytesOf(destination)
  if (from === null || to === null || from.length !== to.length) return undefined
  const hasPorts = number === 1 || number === 6 || number === 17 || number === 58 || number === 132
  let ports: readonly [number, number] | null = null
  let oneWay = false
  if (hasPorts) {
    if (!isPort(sourcePort) || !isPort(destinationPort)) return undefined
    const answer = number === 1 ? ICMP.get(sourcePort) : number === 58 ? ICMP6.get(sourcePort) : undefined
    oneWay = (number === 1 || number === 58) && answer === undefined
    ports = [sourcePort, answer ?? destinationPort]
  }
  const order = Buffer.compare(from, to) || (ports === null ? 0 : ports[0] - ports[1])
  if (order > 0 && !oneWay) {
    ;[from, to] = [to, from]
    if (ports !== null) ports = [ports[1], ports[0]]
  }
  const tail = ports === null ? [number, 0] : [number, 0, ports[0] >> 8, ports[0] & 255, ports[1] >> 8, ports[1] & 255]
  const digest = createHash('sha1')
    .update(Buffer.concat([Buffer.alloc(2), from, to, Buffer.from(tail)]))
    .digest('base64')
  return `1:${digest}`
}

const isPort = (port: number | null): port is number => port !== null && Number.isInteger(port) && port >= 0 && port <= 65_535

function bytesOf(address: string): Buffer | null {
  if (isIpv4(address)) return Buffer.from(address.split('.').map(Number))
  const groups = groupsOf(address)
  return groups === null ? null : Buffer.from(groups.flatMap((group) => [group >> 8, group & 255]))
}
