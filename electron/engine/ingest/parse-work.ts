/** What a parser thread does with its work: records → rows → rules → columns, into one batch. */
import { Buffer } from 'node:buffer'
import { say, type Sentence } from '../../../shared/model/sentence.ts'
import { Detector } from '../detection/hits.ts'
import { FieldRegistry } from '../event/field-registry.ts'
import { EventRow } from '../event/row.ts'
import type { LogSource } from '../sigma/logsources/log-source.ts'
import type { CostReport } from '../sigma/rule-costs.ts'
import type { CompileRules, RuleMatcher, SigmaRule } from '../sigma/types.ts'
import type { Batch, EncodedBlock, Position, RejectGroup, RollupCount } from '../store/batch.ts'
import { KEPT_OF_REFUSED } from './framer.ts'
import { rejection } from './rejection.ts'
import { RuleReports } from './rule-reports.ts'
import type { ParserDefinition, RecordParser } from './parsers/define.ts'
import type { Segment, Work } from './work.ts'

const MINUTE = 60_000_000

/** Makes the columns of a block; the store's builder. */
export interface RowSink {
  add(row: EventRow, raw: Uint8Array): void
  readonly rows: number
  finish(): EncodedBlock
}

export interface WorkParserParts {
  readonly parserById: (id: string) => ParserDefinition | undefined
  readonly compileRules: CompileRules
  readonly createBuilder: (fields: FieldRegistry) => RowSink
}

type Places = Batch['places'][number]

/** The tables of one batch while it is made. */
interface Draft {
  readonly places: Places[]
  readonly rejects: RejectGroup[]
  rejected: number
  records: number
  bytes: number
  readonly positions: Position[]
  readonly rollup: Map<number, Map<string, number>>
}

/** One for each thread. */
export class WorkParser {
  readonly #parts: WorkParserParts
  readonly #fields = new FieldRegistry()
  readonly #row = new EventRow()
  readonly #detector: Detector
  readonly #builder: RowSink
  readonly #parsers = new Map<number, RecordParser>()
  #rules: readonly SigmaRule[] = []
  #matcher: RuleMatcher | null = null
  #reports: RuleReports | null = null
  #minute = NaN
  #types = new Map<string, number>()

  constructor(parts: WorkParserParts) {
    this.#parts = parts
    this.#detector = new Detector(this.#fields)
    this.#builder = parts.createBuilder(this.#fields)
  }

  /** Rules, and the log sources they speak of, for all work from now on. */
  setRules(rules: readonly SigmaRule[], sources: readonly LogSource[]): void {
    const { matcher } = this.#parts.compileRules(rules, this.#fields, sources)
    this.#rules = rules
    this.#matcher = matcher
    this.#reports = new RuleReports(rules, matcher)
    this.#detector.setRules(rules, matcher)
  }

  /** They match nothing from now on, and cost nothing. */
  putAside(ids: readonly string[]): void {
    const gone = new Set(ids)
    for (const [place, { id }] of this.#rules.entries()) if (gone.has(id)) this.#matcher?.putAside(place)
  }

  /** What rules cost since it was asked last. */
  costs(): CostReport {
    return this.#reports?.take() ?? { costs: [], slow: [] }
  }

  /** The stream is over: its parser is not needed again. */
  forget(stream: number): void {
    this.#parsers.delete(stream)
  }

  run(work: Work): Batch {
    const draft: Draft = { places: [], rejects: [], rejected: 0, records: 0, bytes: 0, positions: [], rollup: new Map() }
    this.#minute = NaN
    this.#row.received = work.received
    this.#row.source = work.source
    for (const segment of work.segments) this.#segment(work, segment, draft)
    const { hits, detections, steps } = this.#detector.take()
    const events: RollupCount[] = []
    for (const [minute, types] of draft.rollup)
      for (const [type, count] of types) events.push({ minute, source: work.source, type, count })
    return {
      block: this.#builder.rows > 0 ? this.#builder.finish() : null,
      places: draft.places,
      hits,
      ...(steps.length === 0 ? {} : { steps }),
      rejects: draft.rejects,
      rejectedCount: draft.rejected,
      positions: draft.positions,
      events,
      detections,
      records: draft.records,
      bytes: draft.bytes,
    }
  }

  #segment(work: Work, segment: Segment, draft: Draft): void {
    const { chunk, reading, origin, numbered } = segment
    const { source } = work
    const parser = this.#parserOf(segment, work.received)
    const text = Buffer.from(chunk.bytes.buffer, chunk.bytes.byteOffset, chunk.bytes.byteLength)
    const row = this.#row
    row.format = reading.format
    const offsets: number[] = []
    let first = 0
    let last = -1
    const close = (): void => {
      if (offsets.length === 0) return
      draft.places.push({
        rows: offsets.length,
        source,
        origin,
        record: numbered ? first : null,
        offsets: numbered ? Float64Array.from(offsets) : null,
      })
      offsets.length = 0
    }
    const reject = (record: number, offset: number, length: number, reason: Sentence, raw: Uint8Array): void => {
      draft.rejected++
      draft.records++
      draft.rejects.push({
        source,
        origin,
        length,
        reason,
        record: numbered ? record : null,
        offset: numbered ? offset : null,
        raw: raw.slice(0, KEPT_OF_REFUSED) as Uint8Array<ArrayBuffer>,
      })
    }
    const { bounds } = chunk
    for (let i = 0; i < bounds.length; i += 2) {
      const start = bounds[i]!
      const end = bounds[i + 1]!
      if (start === end) continue
      const record = chunk.record + (i >> 1)
      const raw = text.toString('utf8', start, end)
      row.clear()
      const result = parsed(parser, raw, row)
      if (result === 'header') continue
      if (result !== 'event') {
        reject(
          record,
          chunk.offset + start,
          end - start,
          rejection(result.rejected),
          chunk.bytes.subarray(start, Math.min(end, start + KEPT_OF_REFUSED)),
        )
        continue
      }
      draft.records++
      // Places are runs of records that follow each other.
      if (numbered && record !== last + 1) {
        close()
        first = record
      }
      last = record
      offsets.push(chunk.offset + start)
      this.#detector.event(row, this.#builder.rows, raw)
      this.#builder.add(row, chunk.bytes.subarray(start, end))
      this.#count(draft, row)
    }
    close()
    const { refused } = chunk
    if (refused !== null) reject(refused.record, refused.offset, refused.length, refused.reason, refused.raw)
    draft.bytes += chunk.end - chunk.offset
    if (segment.position !== null) {
      draft.positions.push({
        source,
        origin,
        file: segment.position.file,
        offset: chunk.end,
        records: chunk.records,
        tail: segment.position.tail,
        format: reading.format,
        parserState: parser.state?.() ?? null,
        complete: segment.position.complete,
      })
    }
  }

  #parserOf({ stream, reading }: Segment, received: number): RecordParser {
    let parser = this.#parsers.get(stream)
    if (parser === undefined) {
      const definition = this.#parts.parserById(reading.format)
      const context = {
        fields: this.#fields,
        zone: reading.zone,
        received,
        csv: reading.csv,
        fileName: reading.fileName,
        state: reading.parserState ?? undefined,
      }
      parser = definition?.create(context) ?? { parse: () => ({ rejected: say('no_parser', { format: reading.format }) }) }
      this.#parsers.set(stream, parser)
    }
    return parser
  }

  #count(draft: Draft, row: EventRow): void {
    const minute = Math.floor(row.time / MINUTE)
    if (minute !== this.#minute) {
      let types = draft.rollup.get(minute)
      if (types === undefined) draft.rollup.set(minute, (types = new Map<string, number>()))
      this.#types = types
      this.#minute = minute
    }
    this.#types.set(row.type, (this.#types.get(row.type) ?? 0) + 1)
  }
}

/** Parsers must not throw; one that does costs its record, never the thread. */
function parsed(parser: RecordParser, raw: string, row: EventRow): ReturnType<RecordParser['parse']> {
  try {
    return parser.parse(raw, row)
  } catch (error) {
    return { rejected: say('parser_failed', { text: error instanceof Error ? error.message : String(error) }) }
  }
}
