/** TCP's numbers that are relative to the connection's beginning, as columns: one base for each direction of each flow. */
import type { CaptureIndex } from '../index/capture-index.ts'
import { D, W, WORDS } from '../flows/flow-record.ts'
import type { Columnar } from './columnar.ts'
import { MAYBE, NO, YES } from './evaluate.ts'
import { BROKEN, type IndexValues } from './index-values.ts'
import { ABSENT, OWN, QUOTED } from './transport-of-stack.ts'

type RelativeField = 'tcp.seq' | 'tcp.nxtseq' | 'tcp.ack' | 'tcp.window_size'
const FIELDS = new Set<string>(['tcp.seq', 'tcp.nxtseq', 'tcp.ack', 'tcp.window_size'] satisfies RelativeField[])
export const isRelative = (field: string): field is RelativeField => FIELDS.has(field)

/** Largest shift of a window (RFC 7323, 2.3). */
const MOST_SHIFT = 14

export function relativeNumbers(
  { columns, flows }: Pick<CaptureIndex, 'columns' | 'flows'>,
  values: IndexValues,
  field: RelativeField,
  fits: (value: number) => boolean,
): Columnar {
  let table: Uint32Array | null = null
  /** Of both directions of each flow: the first sequence number that the field counts from; of windows the shift. */
  const made = (): Uint32Array => {
    const found = new Uint32Array(2 * flows.length + 2)
    for (const { page, first, count } of flows.pages()) {
      const { words } = page
      for (let i = 0; i < count; i++) {
        const at = 2 * (first + i + 1)
        const client = i * WORDS + W.clientSide
        const server = i * WORDS + W.serverSide
        if (field === 'tcp.window_size') {
          const shifts = [(words[client + D.seen]! >>> 16) & 255, (words[server + D.seen]! >>> 16) & 255] as const
          const scaled = shifts[0] <= MOST_SHIFT && shifts[1] <= MOST_SHIFT
          found[at] = scaled ? shifts[0] : 0
          found[at + 1] = scaled ? shifts[1] : 0
        } else {
          const other = field === 'tcp.ack'
          found[at] = words[(other ? server : client) + D.base]!
          found[at + 1] = words[(other ? client : server) + D.base]!
        }
      }
    }
    return found
  }
  return (index, length, out) => {
    const bases = (table ??= made())
    const kinds = values.transport('tcp')
    const stack = columns.column(index, 'stack')
    const signs = columns.column(index, 'signs')
    const flow = columns.column(index, 'flow')
    const flags = columns.column(index, 'flags')
    const value = valueOf(field, index, flags, columns)
    const ofQuoted = field === 'tcp.nxtseq' ? NO : MAYBE
    for (let i = 0; i < length; i++) {
      const bits = signs[i]!
      const kind = kinds[stack[i]!]!
      if (kind === ABSENT) out[i] = NO
      else if (kind === QUOTED) out[i] = ofQuoted
      else if (kind !== OWN || (bits & BROKEN) !== 0 || flow[i] === 0) out[i] = MAYBE
      else out[i] = fits(value(i, bases[2 * flow[i]! + (bits >>> 31)]!)) ? YES : NO
    }
  }
}

/** The value of row `i`, with what the table has of its direction. */
function valueOf(
  field: RelativeField,
  index: number,
  flags: Uint16Array,
  columns: CaptureIndex['columns'],
): (i: number, base: number) => number {
  switch (field) {
    case 'tcp.seq': {
      const seq = columns.column(index, 'seq')
      return (i, base) => (seq[i]! - base) >>> 0
    }
    case 'tcp.nxtseq': {
      const seq = columns.column(index, 'seq')
      const payload = columns.column(index, 'payload')
      return (i, base) => (seq[i]! - base + payload[i]! + (flags[i]! & 3 ? 1 : 0)) >>> 0
    }
    case 'tcp.ack': {
      const ack = columns.column(index, 'ack')
      return (i, base) => (flags[i]! & 16 ? (ack[i]! - base) >>> 0 : 0)
    }
    case 'tcp.window_size': {
      const window = columns.column(index, 'window')
      return (i, shift) => window[i]! * (flags[i]! & 2 ? 1 : 2 ** shift)
    }
  }
}
