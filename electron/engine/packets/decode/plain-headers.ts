/**
 * The headers of nearly every packet, read at once: Ethernet, IPv4 without options and no fragment, TCP. What is written into the
 * packet is what the decoders of these protocols write, one after the other; anything unusual is left to them.
 */
import { TABLE } from './dispatch.ts'
import type { Packet } from './packet.ts'
import { dispatch, protocolNumber } from './registry.ts'

const ETHERNET = 1
const ETH = protocolNumber('eth')
const ETHERTYPE = dispatch.etherType
const IP = dispatch.find(TABLE.etherType, 0x0800)
const TCP = dispatch.find(TABLE.ip, 6)
/** Ethernet's header, IPv4's and TCP's without options. */
const LEAST = 14 + 20 + 20

/** Reads a packet that was begun; false, with nothing done, where it is of another kind. */
export function readPlainHeaders(p: Packet): boolean {
  const { data, at, end } = p
  if (p.linkType !== ETHERNET || end - at < LEAST) return false
  if (data[at + 12] !== 0x08 || data[at + 13] !== 0 || data[at + 14] !== 0x45 || data[at + 23] !== 6) return false
  if (((data[at + 20]! & 0x3f) | data[at + 21]!) !== 0) return false
  const ip = at + 14
  const tcp = at + 34
  const behind = ip + ((data[at + 16]! << 8) | data[at + 17]!)
  const header = (data[tcp + 12]! >> 4) << 2
  const payload = tcp + header
  const stated = behind < p.stated ? behind : p.stated
  const room = behind < end ? behind : end
  if (header < 20 || payload > room) return false

  const { view, layerId, layerAt, layerEnd, layerSource, from, to } = p
  layerId[0] = ETH
  layerId[1] = ETHERTYPE
  layerId[2] = IP
  layerId[3] = TCP
  layerAt[0] = at
  layerAt[1] = layerAt[2] = ip
  layerAt[3] = tcp
  layerEnd[0] = layerEnd[1] = layerEnd[2] = end
  layerEnd[3] = room
  layerSource[0] = layerSource[1] = layerSource[2] = layerSource[3] = 0
  p.layers = 4
  p.family = 4
  p.networks = 1
  from[0] = from[1] = from[2] = to[0] = to[1] = to[2] = 0
  from[3] = view.getUint32(ip + 12)
  to[3] = view.getUint32(ip + 16)
  p.transport = 6
  p.sourcePort = (data[tcp]! << 8) | data[tcp + 1]!
  p.destinationPort = (data[tcp + 2]! << 8) | data[tcp + 3]!
  p.seq = view.getUint32(tcp + 4)
  p.ack = view.getUint32(tcp + 8)
  p.flags = ((data[tcp + 12]! << 8) | data[tcp + 13]!) & 0xfff
  p.window = (data[tcp + 14]! << 8) | data[tcp + 15]!
  p.at = payload
  p.end = room
  p.stated = stated
  p.payloadAt = payload
  p.payloadLength = room - payload
  p.payloadStated = stated - payload
  return true
}
