/** Feeds parsers with changed examples of all formats, and checks what must hold whatever comes in. */
import { inEnglish } from '../../shared/model/sentence-english.ts'
import { FieldRegistry, MAX_FIELDS } from '../../electron/engine/event/field-registry.ts'
import { EventRow, MAX_LIST, MAX_MATCHED, MAX_ROW_FIELDS } from '../../electron/engine/event/row.ts'
import type { ParseResult, ParserDefinition, RecordParser } from '../../electron/engine/ingest/parsers/define.ts'
import { parsers, recogniseText } from '../../electron/engine/ingest/parsers/registry.ts'
import { rejection } from '../../electron/engine/ingest/rejection.ts'
import { mutate, Random } from './random.ts'

export interface FuzzCounts {
  inputs: number
  events: number
  headers: number
  rejected: number
  recognised: number
}

/** Why a result or a row is not what a parser may give; null where it is. */
export function wrong(result: ParseResult, row: EventRow): string | null {
  if (result === 'header') return null
  if (result !== 'event') {
    const reason = inEnglish(rejection(result.rejected))
    return reason.length > 4 && reason.length < 500 ? null : 'rejected without a reason'
  }
  if (!Number.isSafeInteger(row.time) || row.time <= 0) return `time ${row.time}`
  if (!Number.isInteger(row.nanos) || row.nanos < 0 || row.nanos > 999) return `nanos ${row.nanos}`
  if (!(row.timeNote >= 0 && row.timeNote <= 4)) return `time note ${String(row.timeNote)}`
  if (row.type === '' || row.type.length > 64) return `type of ${row.type.length} characters`
  if (row.fields.length > MAX_ROW_FIELDS) return `${row.fields.length} fields`
  if (new Set(row.fields).size !== row.fields.length) return 'a field twice'
  for (const field of row.fields) {
    const value = row.get(field)
    if (
      typeof value === 'string'
        ? value.length > MAX_MATCHED
        : typeof value === 'number'
          ? !Number.isFinite(value)
          : typeof value === 'object'
            ? value.length > MAX_LIST || value.some((item) => typeof item !== 'string')
            : typeof value !== 'boolean'
    ) {
      return `value of field ${field}: ${String(value).slice(0, 80)}`
    }
  }
  return null
}

export const contextFor = (parser: ParserDefinition, fields: FieldRegistry, state?: string) => ({
  fields,
  zone: 'Europe/Berlin',
  received: Date.UTC(2026, 0, 2, 3, 4, 5) * 1000,
  fileName: `${parser.id}.log`,
  ...(state === undefined ? {} : { state }),
})

/** Runs `count` inputs; throws with the seed, the parser and the input where one goes wrong. */
export function fuzzParsers(count: number, seed: number, progress?: (counts: Readonly<FuzzCounts>) => void): FuzzCounts {
  const random = new Random(seed)
  const examples = parsers.flatMap((parser) => parser.examples.map(({ input }) => input))
  const counts: FuzzCounts = { inputs: 0, events: 0, headers: 0, rejected: 0, recognised: 0 }
  const row = new EventRow()
  let fields = new FieldRegistry()
  let readers = new Map<ParserDefinition, RecordParser>()
  while (counts.inputs < count) {
    if (random.below(2000) === 0 || fields.size >= MAX_FIELDS) {
      fields = new FieldRegistry()
      readers = new Map()
    }
    const parser = random.pick(parsers)
    // Mostly its own examples, sometimes those of others.
    const example = random.below(5) === 0 ? random.pick(examples) : random.pick(parser.examples).input
    const text = mutate(example, random, examples)
    let reader = readers.get(parser)
    if (reader === undefined || random.below(50) === 0) {
      // Also with a state that is none of its own.
      reader = parser.create(
        contextFor(
          parser,
          fields,
          random.below(4) === 0 ? mutate('{"separator":"\\t","names":["a"],"fields":["ts"]}', random, examples) : undefined,
        ),
      )
      readers.set(parser, reader)
    }
    const records = random.below(3) === 0 ? [text] : text.split('\n')
    for (const record of records) {
      row.clear()
      let problem: string | null
      try {
        const result = reader.parse(record, row)
        problem = wrong(result, row)
        if (result === 'event') counts.events++
        else if (result === 'header') counts.headers++
        else counts.rejected++
      } catch (error) {
        problem = `threw ${String(error)}`
      }
      counts.inputs++
      if (problem !== null)
        throw new Error(
          `seed ${seed}, input ${counts.inputs}, ${parser.id}: ${problem}\n${JSON.stringify(record.slice(0, 2000))}`,
        )
      if (counts.inputs % 50_000 === 0) progress?.(counts)
    }
    if (random.below(8) === 0 && recogniseText(text, 'x.log', random.below(2) === 0) !== null) counts.recognised++
    reader.state?.()
  }
  return counts
}
