/** What would become of a source's first records, without storing anything. */
import type { EventRow as EventView, FieldValue } from '../../../shared/model/event.ts'
import { TIME_NOTES } from '../../../shared/model/event.ts'
import { say, type Sentence } from '../../../shared/model/sentence.ts'
import type { SourceSettings } from '../../../shared/model/source.ts'
import { isoFromMicros } from '../../../shared/model/time.ts'
import { FieldRegistry } from '../event/field-registry.ts'
import { EventRow } from '../event/row.ts'
import { type Chunk } from './framer.ts'
import { createFramer } from './framing.ts'
import { rejection } from './rejection.ts'
import { parserById } from './parsers/registry.ts'
import { formatById, recogniseHead } from './recognise-log.ts'
import { sourceOfKind } from './sources/registry.ts'

export interface Tried {
  readonly format: string | null
  readonly problem: Sentence | null
  readonly records: readonly { readonly raw: string; readonly event: EventView | null; readonly rejected: Sentence | null }[]
}

const RECORDS = 20
const SHOWN = 4096
const nothing = (problem: Sentence | null): Tried => ({ format: null, problem, records: [] })

/** Looks at the beginning of the source's first file. A network source has nothing to look at before it arrives: no records, no problem. */
export async function trySource(settings: SourceSettings): Promise<Tried> {
  const { input } = settings
  const sampled = await sourceOfKind(input.kind).sample(input)
  if ('problem' in sampled) return nothing(sampled.problem)
  const { head, fileName, whole } = sampled
  if (head === null) return { ...nothing(null), format: settings.format }
  if (head.length === 0) return nothing(say('empty'))
  const text = Buffer.from(head).toString('utf8')
  const found = sampled.format === undefined ? recogniseHead(text, fileName, whole) : formatById(sampled.format)
  const format =
    settings.format === null
      ? found
      : formatById(settings.format, found?.framing === 'json' && settings.format !== 'text' ? 'json' : undefined)
  const definition = format === null ? undefined : parserById(format.id)
  if (format === null || definition === undefined)
    return nothing(settings.format === null ? say('no_format') : say('unknown_format', { format: settings.format }))

  const fields = new FieldRegistry()
  const row = new EventRow()
  const received = Date.now() * 1000
  const parser = definition.create({ fields, zone: settings.zone, received, fileName, csv: settings.csv })
  const framer = createFramer(format.framing, { delimiter: settings.csv?.delimiter })
  const records: Tried['records'][number][] = []
  const take = (chunk: Chunk | null): void => {
    if (chunk === null) return
    const bytes = Buffer.from(chunk.bytes.buffer, chunk.bytes.byteOffset, chunk.bytes.byteLength)
    for (let i = 0; i < chunk.bounds.length && records.length < RECORDS; i += 2) {
      const raw = bytes.toString('utf8', chunk.bounds[i], chunk.bounds[i + 1])
      if (raw === '') continue
      row.clear()
      row.received = received
      const parsed = parser.parse(raw, row)
      if (parsed === 'header') continue
      records.push({
        raw: raw.slice(0, SHOWN),
        event: parsed === 'event' ? view(row, fields, format.id, settings.name) : null,
        rejected: parsed === 'event' ? null : rejection(parsed.rejected),
      })
    }
  }
  framer.push(head)
  // The end of the sample may be the middle of a record.
  if (whole) framer.finish()
  for (let chunk = framer.take(true); chunk !== null; chunk = framer.take(true)) take(chunk)
  return { format: format.id, problem: null, records }
}

function view(row: EventRow, fields: FieldRegistry, format: string, source: string): EventView {
  const values: Record<string, FieldValue> = {}
  for (const id of row.fields) {
    const value = row.values[id]
    if (value !== undefined)
      Object.defineProperty(values, fields.name(id), {
        value: typeof value === 'object' ? [...value] : value,
        enumerable: true,
        configurable: true,
        writable: true,
      })
  }
  return {
    id: '0',
    time: isoFromMicros(row.time, row.nanos),
    timeNote: TIME_NOTES[row.timeNote],
    received: isoFromMicros(row.received),
    type: row.type,
    format,
    source,
    fields: values,
  }
}
