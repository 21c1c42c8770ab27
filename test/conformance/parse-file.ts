/** A whole file through recognition and its parser, as plain objects. */
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import type { CsvMapping } from '../../shared/model/source.ts'
import { inEnglish } from '../../shared/model/sentence-english.ts'
import { TIME_NOTES } from '../../shared/model/event.ts'
import { isoFromMicros } from '../../shared/model/time.ts'
import { FieldRegistry } from '../../electron/engine/event/field-registry.ts'
import { EventRow, type RowValue } from '../../electron/engine/event/row.ts'
import { splitJson } from '../../electron/engine/ingest/normalise/json-split.ts'
import { parserById, recogniseText } from '../../electron/engine/ingest/parsers/registry.ts'
import { rejection } from '../../electron/engine/ingest/rejection.ts'

export interface ParsedEvent {
  readonly time: string
  readonly timeNote: string
  readonly type: string
  readonly fields: Readonly<Record<string, RowValue>>
  readonly raw: string
}
export interface ParsedFile {
  /** Parser id, or null where the file is no log. */
  readonly format: string | null
  readonly events: readonly ParsedEvent[]
  readonly rejected: readonly { readonly reason: string; readonly raw: string }[]
}
export interface ParseOptions {
  readonly zone?: string
  readonly csv?: CsvMapping
  /** Milliseconds since 1970. */
  readonly received?: number
}

export function parseFile(path: string, options: ParseOptions = {}): ParsedFile {
  const text = readFileSync(path, 'utf8')
  const whole = text.length <= 65_536
  const found = recogniseText(whole ? text : text.slice(0, 65_536), basename(path), whole)
  if (found === null) return { format: null, events: [], rejected: [] }
  const records =
    found.framing === 'json'
      ? splitJson(text, Number.POSITIVE_INFINITY)
      : text.split('\n').map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line))
  return { format: found.parser.id, ...parseRecords(found.parser.id, records, basename(path), options) }
}

export function parseRecords(
  format: string,
  records: readonly string[],
  fileName: string,
  { zone = 'UTC', csv, received = Date.UTC(2026, 10, 20) }: ParseOptions = {},
): Omit<ParsedFile, 'format'> {
  const fields = new FieldRegistry()
  const parser = parserById(format)!.create({ fields, zone, received: received * 1000, fileName, csv })
  const row = new EventRow()
  const events: ParsedEvent[] = []
  const rejected: { reason: string; raw: string }[] = []
  for (const raw of records) {
    row.clear()
    const result = parser.parse(raw, row)
    if (result === 'header') continue
    if (result !== 'event') {
      rejected.push({ reason: inEnglish(rejection(result.rejected)), raw })
      continue
    }
    const named = Object.create(null) as Record<string, RowValue>
    for (const field of row.fields) {
      const value = row.get(field)!
      named[fields.name(field)] = typeof value === 'object' ? [...value] : value
    }
    events.push({
      time: isoFromMicros(row.time, row.nanos),
      timeNote: TIME_NOTES[row.timeNote]!,
      type: row.type,
      fields: named,
      raw,
    })
  }
  return { events, rejected }
}

export function countBy<T>(items: Iterable<T>, key: (item: T) => string): Record<string, number> {
  const counts = new Map<string, number>()
  for (const item of items) counts.set(key(item), (counts.get(key(item)) ?? 0) + 1)
  return Object.fromEntries([...counts].sort())
}
