/** What the record of a flow says of its packets: addresses, ports, the number of the stream. */
import type { FieldValue } from '../decode/define.ts'
import { NO_STREAM, STATE, W } from '../flows/flow-record.ts'
import type { PacketValues } from './evaluate.ts'
import type { FieldUse } from './fields.ts'

type Read = (words: Uint32Array, at: number, fromServer: boolean) => readonly FieldValue[] | null

const family = (words: Uint32Array, at: number): number => (words[at + W.kind]! >>> 8) & 255
const transport = (words: Uint32Array, at: number): number => words[at + W.kind]! & 255

/** Of the sender (`to` false) or the receiver. */
const address =
  (version: 4 | 6, ...ends: readonly boolean[]): Read =>
  (words, at, fromServer) =>
    family(words, at) !== version
      ? null
      : ends.map((to) => {
          const place = at + (to === fromServer ? W.client : W.server)
          return version === 4 ? words[place + 3]! : ipv6(words, place)
        })
function ipv6(words: Uint32Array, at: number): Uint8Array {
  const bytes = new Uint8Array(16)
  for (let i = 0; i < 16; i++) bytes[i] = words[at + (i >> 2)]! >>> (24 - 8 * (i & 3))
  return bytes
}
const port =
  (protocol: number, ...ends: readonly boolean[]): Read =>
  (words, at, fromServer) => {
    if (transport(words, at) !== protocol || (words[at + W.kind]! >>> 16) & STATE.fragments) return null
    const ports = words[at + W.ports]!
    return ends.map((to) => (to === fromServer ? ports >>> 16 : ports & 0xffff))
  }
const stream =
  (protocol: number): Read =>
  (words, at) =>
    transport(words, at) === protocol && words[at + W.stream] !== NO_STREAM ? [words[at + W.stream]!] : null

const READ: ReadonlyMap<string, Read> = new Map<string, Read>([
  ['ip.src', address(4, false)],
  ['ip.dst', address(4, true)],
  ['ip.addr', address(4, false, true)],
  ['ipv6.src', address(6, false)],
  ['ipv6.dst', address(6, true)],
  ['ipv6.addr', address(6, false, true)],
  ['ip.proto', (words, at) => (family(words, at) === 4 ? [transport(words, at)] : null)],
  ['tcp.srcport', port(6, false)],
  ['tcp.dstport', port(6, true)],
  ['tcp.port', port(6, false, true)],
  ['udp.srcport', port(17, false)],
  ['udp.dstport', port(17, true)],
  ['udp.port', port(17, false, true)],
  ['tcp.stream', stream(6)],
  ['udp.stream', stream(17)],
])
export const ofFlow = (field: string): boolean => READ.has(field)

/** Values of packets of one flow in one direction. */
export class FlowValues implements PacketValues {
  words: Uint32Array = new Uint32Array(0)
  /** First word of the record. */
  at = 0
  fromServer = false

  values(use: FieldUse): readonly FieldValue[] | null | undefined {
    return READ.get(use.field.name)?.(this.words, this.at, this.fromServer)
  }
  has(use: FieldUse): boolean | undefined {
    const found = this.values(use)
    return found === undefined ? undefined : found !== null
  }
}
