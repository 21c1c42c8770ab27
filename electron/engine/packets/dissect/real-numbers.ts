/**
 * Makes a tree that was made of a slice true of the capture: numbers of packets, indexes of streams, times since other packets.
 * What cannot be told is left out. Texts that come from packets are never rewritten, only labels of lines known to hold a number.
 */
import type { TreeNode } from '../../../../shared/model/capture.ts'
import type { Moment, PacketContext } from './requests.ts'

/** Lines that count from the slice's beginning, and that nothing is known to put in the place of. */
const NEVER = new Set([
  'frame.time_delta_displayed',
  'frame.ref_time',
  'frame.marked',
  'frame.ignored',
  'frame.offset_shift',
  // Of the slice's file.
  'frame.interface_id',
  'frame.interface_name',
  'frame.interface_description',
  'frame.section_number',
  // The dissectors' colours are not those of the screen.
  'frame.coloring_rule.name',
  'frame.coloring_rule.string',
  'eth.stream',
  'ip.stream',
  'ipv6.stream',
  'mptcp.stream',
  'dccp.stream',
  'sctp.assoc_index',
  'quic.connection.number',
])
/** Lines that are right where the slice has the whole flow up to the packet. */
const OF_WHOLE_FLOW = new Set([
  'tcp.stream.pnum',
  'udp.stream.pnum',
  'tcp.completeness',
  'tcp.time_relative',
  'tcp.time_delta',
  'udp.time_relative',
  'udp.time_delta',
])
const TIMES = new Set(['frame.time', 'frame.time_utc', 'frame.time_epoch', 'frame.time_delta', 'frame.time_relative'])

export interface Target extends PacketContext {
  readonly number: number
  readonly time: Moment | null
  /** Number in the capture of a packet of the slice, by its number there; null where there is none. */
  readonly real: (number: number) => number | null
}

export function toReal(tree: readonly TreeNode[], target: Target): TreeNode[] {
  const innermost = { 'tcp.stream': count(tree, 'tcp.stream'), 'udp.stream': count(tree, 'udp.stream') }

  const one = (node: TreeNode): TreeNode[] => {
    const { field } = node
    if (NEVER.has(field) || (target.wholeFlow !== true && OF_WHOLE_FLOW.has(field))) return []
    if (TIMES.has(field) && target.time === null) return []
    if (field === 'frame') {
      // Its end names the interface of the slice's file.
      const label = node.label.replace(/^Frame \d+/, `Frame ${target.number}`).replace(/ on interface .*, id \d+$/, '')
      return [{ ...node, label, children: all(node.children) }]
    }
    if (field === 'frame.number') return [number(node, target.number)]
    if (field === 'frame.time_relative') return since(node, target.time, target.first)
    if (field === 'frame.time_delta') return since(node, target.time, target.previous)
    if (field === 'tcp.stream' || field === 'udp.stream') {
      const stream = field === 'tcp.stream' ? target.tcpStream : target.udpStream
      // In a tunnel there are several: the flow is the innermost one.
      if (--innermost[field] > 0 || stream === null || stream === undefined) return []
      return [number(node, stream)]
    }
    if (node.packet !== null) return reference(node, all(node.children), target.real)
    const children = all(node.children)
    return [{ ...node, label: heading(node, target.real), children }]
  }
  const all = (nodes: readonly TreeNode[]): TreeNode[] => nodes.flatMap(one)
  return all(tree)
}

function count(nodes: readonly TreeNode[], field: string): number {
  return nodes.reduce((sum, node) => sum + (node.field === field ? 1 : 0) + count(node.children, field), 0)
}

/** A line that ends with its value. */
const number = (node: TreeNode, value: number): TreeNode => ({
  ...node,
  label: node.label.replace(/\d+$/, `${value}`),
  filter: `${node.field} == ${value}`,
})

/** A line that names another packet. */
function reference(node: TreeNode, children: TreeNode[], real: Target['real']): TreeNode[] {
  const old = node.packet ?? 0
  // 0 is none: a chain that ends.
  const packet = real(old)
  if (packet === null) return []
  // `Frame: 3, payload: 3-16`: the number stands behind the first colon.
  const after = new RegExp(`(: )${old}(?!\\d)`)
  const word = new RegExp(`(^|[^\\d.])${old}(?![\\d.])`)
  const label = node.label.replace(after.test(node.label) ? after : word, (_, before: string) => `${before}${packet}`)
  return [{ ...node, label, packet, filter: node.field === '' ? node.filter : `${node.field} == ${packet}`, children }]
}

/** Other lines that name packets: an expert's; the one above such ones, which lists them: `2 Reassembled TCP Segments (…): #3(17), #4(1418)`; or `Stream setup by SDP (frame 3)`. */
function heading(node: TreeNode, real: Target['real']): string {
  // `No response seen to ICMPv6 request in frame 120`: the dissectors' words, not the packet's.
  if (node.field === '_ws.expert') {
    return node.label.replace(/( in frame )(\d+)$/, (whole, before: string, digits: string) => {
      const packet = real(Number(digits))
      return packet === null ? whole : `${before}${packet}`
    })
  }
  const named = new Set(node.children.flatMap(({ packet }) => (packet === null ? [] : [packet])))
  if (named.size === 0) return node.label
  return node.label.replace(/(#|\bframe:? )(\d+)(?=\(|\)|,|\]|$)/gi, (whole, before: string, digits: string) => {
    const packet = named.has(Number(digits)) ? real(Number(digits)) : null
    return packet === null ? whole : `${before}${packet}`
  })
}

function since(node: TreeNode, time: Moment | null, other: Moment | null | undefined): TreeNode[] {
  if (time === null || other === null || other === undefined) return []
  const text = difference(time, other)
  return [{ ...node, label: node.label.replace(/-?\d+\.\d+/, text), filter: `${node.field} == ${text}` }]
}

/** Seconds with 9 decimals, exactly. */
export function difference(later: Moment, earlier: Moment): string {
  const nanos = BigInt(later.seconds - earlier.seconds) * 1_000_000_000n + BigInt(later.nanos - earlier.nanos)
  const [sign, size] = nanos < 0n ? ['-', -nanos] : ['', nanos]
  return `${sign}${size / 1_000_000_000n}.${(size % 1_000_000_000n).toString().padStart(9, '0')}`
}
