/** Where arrows of the flow diagram lie: a lane for each host, its line in the middle of the lane. Pixels. */
const LEAST = 168
const MOST = 520

/** Width of a lane: the lanes share what there is, and no one is too narrow for an address. */
export const laneWidth = (nodes: number, room: number): number =>
  Math.round(Math.max(LEAST, Math.min(MOST, room / Math.max(1, nodes))))

export interface ArrowPlace {
  readonly left: number
  readonly width: number
  /** Points to the left. */
  readonly back: boolean
  /** From a host to itself. */
  readonly self: boolean
}

export function placeOf(from: number, to: number, lane: number): ArrowPlace {
  const [first, last] = [Math.min(from, to), Math.max(from, to)]
  if (first === last) return { left: first * lane + lane / 2, width: lane / 2, back: false, self: true }
  return { left: first * lane + lane / 2, width: (last - first) * lane, back: to < from, self: false }
}

const FAULTS = new Set(['reset', 'malformed'])
const LATE = new Set(['retransmission', 'fast_retransmission', 'spurious_retransmission', 'out_of_order', 'lost_segment', 'acked_unseen', 'duplicate_ack', 'zero_window', 'window_full', 'cut']) // prettier-ignore

/** The tone of a packet's line, as in the list: faults before what is late or lost. */
export const toneOf = (signs: readonly string[]): '' | 'fault' | 'late' =>
  signs.some((sign) => FAULTS.has(sign)) ? 'fault' : signs.some((sign) => LATE.has(sign)) ? 'late' : ''
