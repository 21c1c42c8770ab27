/** The time between a packet and the one before it, of the capture or of its flow, or its flow's first, as columns. */
import type { CaptureIndex } from '../index/capture-index.ts'
import type { Columnar } from './columnar.ts'
import { MAYBE, NO, YES } from './evaluate.ts'
import { BROKEN, type IndexValues } from './index-values.ts'
import type { DeltaField, TimeTest } from './time-test.ts'
import { ABSENT, QUOTED, SEVERAL } from './transport-of-stack.ts'

const SECOND = 1_000_000_000

/** A time that is not stated has no distance to any other. */
export function timesBetween(
  { columns, flows }: Pick<CaptureIndex, 'columns' | 'flows'>,
  values: Pick<IndexValues, 'transport'>,
  field: DeltaField,
  fits: TimeTest,
): Columnar {
  const between = (s: number, n: number, s0: number, n0: number): 0 | 1 => {
    const nanos = n - n0
    const seconds = nanos < 0 ? s - s0 - 1 : s - s0
    // Not a number where one of them is none.
    return seconds === seconds && fits(seconds, nanos < 0 ? nanos + SECOND : nanos) ? YES : NO
  }
  const ofFrame = field === 'frame.time_delta'
  /** Of each flow (or, first, of the capture) the packet that is counted from; chunks before `next` are in it. */
  let table: { readonly seconds: Float64Array; readonly nanos: Uint32Array; readonly seen: Uint8Array } | null = null
  let next = 0
  const made = (): NonNullable<typeof table> => {
    const size = ofFrame ? 1 : flows.length + 1
    return { seconds: new Float64Array(size), nanos: new Uint32Array(size), seen: new Uint8Array(size) }
  }
  /** Goes through a chunk; `out` is null where only the table is wanted. */
  const pass = (index: number, length: number, out: Uint8Array | null): void => {
    const from = (table ??= made())
    const seconds = columns.column(index, 'seconds')
    const nanos = columns.column(index, 'nanos')
    const flow = ofFrame ? null : columns.column(index, 'flow')
    const signs = ofFrame ? null : columns.column(index, 'signs')
    const stack = ofFrame ? null : columns.column(index, 'stack')
    const ack = ofFrame ? null : columns.column(index, 'ack')
    const kinds = ofFrame ? null : values.transport('tcp')
    for (let i = 0; i < length; i++) {
      const kind = kinds === null ? 0 : kinds[stack![i]!]!
      // What an ICMP error quotes is a segment of its conversation, too.
      const of = flow === null ? 0 : kind === QUOTED ? ack![i]! : flow[i]!
      const s = seconds[i]!
      const n = nanos[i]!
      const seen = from.seen[of] === 1
      if (out !== null)
        out[i] =
          kinds !== null && (kind === ABSENT || (kind === QUOTED && of === 0))
            ? NO
            : signs !== null && (kind === SEVERAL || (signs[i]! & BROKEN) !== 0 || of === 0)
              ? MAYBE
              : !seen && field !== 'tcp.time_relative'
                ? between(0, 0, 0, 0)
                : between(s, n, seen ? from.seconds[of]! : s, seen ? from.nanos[of]! : n)
      if (seen && field === 'tcp.time_relative') continue
      from.seen[of] = 1
      from.seconds[of] = s
      from.nanos[of] = n
    }
  }
  return (index, length, out) => {
    // Chunks are asked for in order, but one that others decide is left out.
    if (index < next) {
      table = null
      next = 0
    }
    for (; next < index; next++) pass(next, columns.lengthOf(next), null)
    pass(index, length, out)
    next = index + 1
  }
}
