/** Records that stand whole somewhere in a chunk: how reading goes on behind what is damaged. */
import { Buffer } from 'node:buffer'

/** Of a record: signature, size, number and time. */
export const RECORD_HEADER = 24
/** And the size once more, at its end. */
export const LEAST_RECORD = RECORD_HEADER + 4
export const RECORD_MAGIC = 0x2a2a
const SIGNATURE = Buffer.of(0x2a, 0x2a, 0, 0)
/** Numbers that a chunk may hold, were all its records as short as can be. */
const MOST_RECORDS = BigInt(Math.ceil(65_536 / LEAST_RECORD))
const MOST_ID = BigInt(Number.MAX_SAFE_INTEGER)

/** Numbers of which records are looked for: those of the chunk, or those behind the last record that was read. */
export interface Numbers {
  readonly first: bigint
  readonly last: bigint
}

/** Numbers that the header of a chunk states; null where it states none that can be. */
export function statedNumbers(view: DataView): Numbers | null {
  const first = view.getBigUint64(24, true)
  const last = view.getBigUint64(32, true)
  return last >= first && last - first < MOST_RECORDS && last <= MOST_ID ? { first, last } : null
}

/** Byte behind the record at `at`; null where its size is not said twice, or nothing begins there. */
export function wholeRecordEnd(view: DataView, at: number): number | null {
  if (at + LEAST_RECORD > view.byteLength || view.getUint32(at, true) !== RECORD_MAGIC) return null
  const size = view.getUint32(at + 4, true)
  const end = at + size
  return size >= LEAST_RECORD && end <= view.byteLength && view.getUint32(end - 4, true) === size ? end : null
}

/**
 * Where the next whole record begins, from `from` on and before `to`, or -1. Its number must be behind `previous`, or among those that the
 * chunk states; where neither is known any will do. Looks at each byte once.
 */
export function nextRecord(
  data: Uint8Array,
  view: DataView,
  from: number,
  to: number,
  previous: bigint | null,
  stated: Numbers | null,
): number {
  const bytes = Buffer.from(data.buffer, data.byteOffset, Math.min(to, data.length))
  for (let at = bytes.indexOf(SIGNATURE, from); at >= 0; at = bytes.indexOf(SIGNATURE, at + 1)) {
    if (wholeRecordEnd(view, at) === null) continue
    const id = view.getBigUint64(at + 8, true)
    const behind = previous !== null && id > previous && id - previous <= MOST_RECORDS
    const among = stated !== null && id >= stated.first && id <= stated.last
    if (id <= MOST_ID && (behind || among || (previous === null && stated === null))) return at
  }
  return -1
}
