/** The commonest tests of flows, an address or a port against constants, as plain functions of a flow's record: there are millions. */
import { STATE, W } from '../flows/flow-record.ts'
import type { Network4, Test } from './checked.ts'
import { numberTest } from './number-test.ts'
import { mask4 } from './runtime.ts'

export type FlowTest = (words: Uint32Array, at: number, fromServer: boolean) => boolean

/** Which ends: of the sender, of the receiver, of both. */
const ENDS: Readonly<Record<string, readonly [source: boolean, destination: boolean]>> = {
  src: [true, false],
  srcport: [true, false],
  dst: [false, true],
  dstport: [false, true],
  addr: [true, true],
  port: [true, true],
}

/** Null where the test is anything else. */
export function flowTest(test: Test): FlowTest | null {
  if (test.kind === 'and' || test.kind === 'or') {
    const [left, right] = [flowTest(test.left), flowTest(test.right)]
    if (left === null || right === null) return null
    return test.kind === 'and'
      ? (words, at, fromServer) => left(words, at, fromServer) && right(words, at, fromServer)
      : (words, at, fromServer) => left(words, at, fromServer) || right(words, at, fromServer)
  }
  if ((test.kind !== 'compare' && test.kind !== 'in') || test.left.kind !== 'field') return null
  const [protocol, end, more] = test.left.use.field.name.split('.')
  const ends = end !== undefined && more === undefined && Object.hasOwn(ENDS, end) ? ENDS[end]! : null
  if (ends === null) return null
  const any = test.quantifier === 'any'
  if (protocol === 'tcp' || protocol === 'udp') {
    const fits = numberTest(test)
    return fits === null ? null : portTest(protocol === 'tcp' ? 6 : 17, ends, any, fits)
  }
  if (protocol !== 'ip' || test.kind !== 'compare' || (test.comparison !== 'equal' && test.comparison !== 'unequal')) return null
  const { right } = test
  if (right.kind !== 'constant' || typeof right.value !== 'object' || !('bits' in right.value)) return null
  const { address, bits } = right.value as Network4
  return addressTest(ends, any, address, mask4(bits), test.comparison === 'equal')
}

function portTest(
  transport: number,
  [source, destination]: readonly [boolean, boolean],
  any: boolean,
  fits: (port: number) => boolean,
): FlowTest {
  return (words, at, fromServer) => {
    const kind = words[at + W.kind]!
    if ((kind & 255) !== transport || (kind >>> 16) & STATE.fragments) return false
    const ports = words[at + W.ports]!
    const from = fromServer ? ports & 0xffff : ports >>> 16
    const to = fromServer ? ports >>> 16 : ports & 0xffff
    if (!source) return fits(to)
    if (!destination) return fits(from)
    return any ? fits(from) || fits(to) : fits(from) && fits(to)
  }
}
function addressTest(
  [source, destination]: readonly [boolean, boolean],
  any: boolean,
  address: number,
  mask: number,
  equal: boolean,
): FlowTest {
  const wanted = (address & mask) >>> 0
  return (words, at, fromServer) => {
    if (((words[at + W.kind]! >>> 8) & 255) !== 4) return false
    const client = ((words[at + W.client + 3]! & mask) >>> 0 === wanted) === equal
    const server = ((words[at + W.server + 3]! & mask) >>> 0 === wanted) === equal
    if (source && destination) return any ? client || server : client && server
    return source === fromServer ? server : client
  }
}
