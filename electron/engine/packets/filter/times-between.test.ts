import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { CaptureIndex } from '../index/capture-index.ts'
import { NO, YES } from './evaluate.ts'
import { timesBetween } from './times-between.ts'
import type { DeltaField } from './time-test.ts'
import { OWN } from './transport-of-stack.ts'

interface Row {
  readonly flow: number
  readonly nanos: bigint | null
}
const SECOND = 1_000_000_000n
const LENGTH = 5

/** Chunks of five packets, as the index has them. */
function indexOf(rows: readonly Row[]): Pick<CaptureIndex, 'columns' | 'flows'> {
  const lengthOf = (index: number): number => Math.max(0, Math.min(LENGTH, rows.length - index * LENGTH))
  const column = (index: number, name: string): ArrayLike<number> => {
    const chunk = rows.slice(index * LENGTH, (index + 1) * LENGTH)
    if (name === 'flow') return Uint32Array.from(chunk, ({ flow }) => flow)
    if (name === 'seconds') return Float64Array.from(chunk, ({ nanos }) => (nanos === null ? NaN : Number(nanos / SECOND)))
    if (name === 'nanos') return Uint32Array.from(chunk, ({ nanos }) => Number((nanos ?? 0n) % SECOND))
    return new Uint32Array(LENGTH)
  }
  return { columns: { lengthOf, column }, flows: { length: 4 } } as unknown as Pick<CaptureIndex, 'columns' | 'flows'>
}

/** Nanoseconds between packet `i` and the one it is counted from; null where a time is missing. */
function between(rows: readonly Row[], i: number, field: DeltaField): bigint | null {
  const before = rows.slice(0, i).filter(({ flow }) => field === 'frame.time_delta' || flow === rows[i]!.flow)
  const from = field === 'tcp.time_relative' ? [...before, rows[i]!][0]! : before.at(-1)
  if (from === undefined) return 0n
  return rows[i]!.nanos === null || from.nanos === null ? null : rows[i]!.nanos - from.nanos
}

it('times between packets are right across chunks, in whatever order chunks are asked for', () => {
  const row = fc.record({
    flow: fc.integer({ min: 1, max: 4 }),
    nanos: fc.option(fc.bigInt({ min: 0n, max: 4n * SECOND }), { freq: 8 }),
  })
  fc.assert(
    fc.property(
      fc.constantFrom<DeltaField>('frame.time_delta', 'tcp.time_delta', 'tcp.time_relative'),
      fc.array(row, { minLength: 1, maxLength: 23 }),
      fc.array(fc.nat({ max: 4 }), { minLength: 1, maxLength: 8 }),
      (field, rows, order) => {
        const heard: bigint[] = []
        const fits = (seconds: number, nanos: number): boolean => {
          heard.push(BigInt(seconds) * SECOND + BigInt(nanos))
          return true
        }
        const index = indexOf(rows)
        const columnar = timesBetween(index, { transport: () => Uint8Array.of(OWN) }, field, fits)
        for (const chunk of order) {
          const length = index.columns.lengthOf(chunk)
          const out = new Uint8Array(LENGTH)
          heard.length = 0
          columnar(chunk, length, out)
          const wanted = Array.from({ length }, (_, i) => between(rows, chunk * LENGTH + i, field))
          expect(Array.from(out.subarray(0, length))).toEqual(wanted.map((one) => (one === null ? NO : YES)))
          expect(heard).toEqual(wanted.filter((one) => one !== null))
        }
      },
    ),
    { numRuns: 300 },
  )
})
