/** Fills a store with made events, as parser threads would. */
import { FieldRegistry } from '../../electron/engine/event/field-registry.ts'
import { EventRow } from '../../electron/engine/event/row.ts'
import type { Batch } from '../../electron/engine/store/batch.ts'
import { BlockBuilder } from '../../electron/engine/store/block-builder.ts'
import type { Store } from '../../electron/engine/store/types.ts'
import { SensorEvents } from './store-events.ts'

/** What a parser thread would hand to the writer. */
export function batchFrom(builder: BlockBuilder, types: ReadonlyMap<string, number>, bytes: number): Batch {
  const block = builder.finish()
  const offsets = new Float64Array(block.rows).map((_, i) => i * 520)
  return {
    block,
    places: [{ rows: block.rows, source: 'bench', origin: '/var/log/eve.json', record: 1, offsets }],
    hits: [],
    rejects: [],
    rejectedCount: 0,
    positions: [
      {
        source: 'bench',
        file: '1:1',
        origin: '/var/log/eve.json',
        offset: bytes,
        records: block.rows,
        tail: '',
        format: 'eve',
        parserState: null,
        complete: false,
      },
    ],
    events: [...types].map(([key, count]) => ({
      minute: Number(key.split(' ')[0]),
      type: key.split(' ')[1]!,
      source: 'bench',
      count,
    })),
    detections: [],
    records: block.rows,
    bytes,
  }
}

/** So many events of a busy sensor, in a store. Times in seconds. */
export async function fill(store: Store, events: number): Promise<{ end: number; seconds: number; committing: number }> {
  const fields = new FieldRegistry()
  const builder = new BlockBuilder(fields)
  const row = new EventRow()
  const start = (Date.now() - events * 16.5) * 1000
  const made = new SensorEvents(fields, start)
  const began = performance.now()
  let committing = 0
  let under: Promise<unknown> = Promise.resolve()
  let minutes = new Map<string, number>()
  let bytes = 0
  for (let n = 0; n < events; n++) {
    const raw = Buffer.from(made.next(row))
    // Receipt is the same for all records of one read.
    row.received = start + Math.floor(n / 500) * 8_000_000
    builder.add(row, raw)
    bytes += raw.length + 1
    const key = `${Math.floor(row.time / 60_000_000)} ${row.type}`
    minutes.set(key, (minutes.get(key) ?? 0) + 1)
    if (!builder.full && n < events - 1) continue
    const batch = batchFrom(builder, minutes, bytes)
    minutes = new Map()
    bytes = 0
    const waited = performance.now()
    await under
    committing += performance.now() - waited
    under = store.commit(batch).then((result) => {
      if (!result.ok) throw new Error(result.error.message)
    })
  }
  await under
  return { end: made.time, seconds: (performance.now() - began) / 1000, committing }
}
