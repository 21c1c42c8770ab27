/**
 * What a parser is. One `*.parser.ts` file default-exports `defineParser({...})`; `registry.ts` finds it by glob.
 * A parser imports this file and `../normalise/*`, never a sibling and never the registry.
 */
import type { Sentence } from '../../../../shared/model/sentence.ts'
import type { CsvMapping } from '../../../../shared/model/source.ts'
import type { FieldRegistry } from '../../event/field-registry.ts'
import type { EventRow } from '../../event/row.ts'

/** `event`: the row is filled · `header`: understood, no event (column names, comments, blank) · an object: rejected, and why, in English or as a sentence. */
export type ParseResult = 'event' | 'header' | { readonly rejected: string | Sentence }

export interface ParserContext {
  readonly fields: FieldRegistry
  /** IANA zone for records that name none. */
  readonly zone: string
  /** Time of receipt of the chunk in microseconds, for missing years and bad clocks. */
  readonly received: number
  readonly csv?: CsvMapping | undefined
  readonly fileName: string
  /** What `RecordParser.state` gave when reading stopped, to go on in the middle of a file. */
  readonly state?: string | undefined
}

/** Parser of one source or file: may keep state (a header) between records. */
export interface RecordParser {
  /**
   * Reads one record, without its line end, into `row` (cleared before). Sets time, nanos, timeNote, type and fields; the
   * caller sets received, format and source. Must not throw, whatever the text; U+FFFD stands where bytes were no UTF-8.
   */
  parse(text: string, row: EventRow): ParseResult
  /** The same of a record that is an object already: what `JSON.parse` makes of its text. Only where records are objects. */
  object?(record: Readonly<Record<string, unknown>>, row: EventRow): ParseResult
  /** State needed to go on after this record, as text; undefined where there is none. */
  state?(): string | undefined
}

/**
 * How a stream of bytes becomes records: `line` ends at LF or CRLF; `quoted` is the same for separated values, whose quoted
 * fields may go over line ends; `json` is concatenated or arrayed JSON documents, over several lines.
 */
export type Framing = 'line' | 'quoted' | 'json'

export interface ParserExample {
  readonly name: string
  /** Made for this project. Records joined by line feeds, framed as `framing` says. */
  readonly input: string
  readonly zone?: string
  readonly csv?: CsvMapping
  /** ISO time; default 2026-01-02T03:04:05Z. */
  readonly received?: string
  /** Default `example.log`. */
  readonly fileName?: string
  /** False where the input alone does not show what it is. */
  readonly sniffed?: boolean
  /** One for each record: the event's time, type and (some) fields; `header`; or a reason that contains the text. */
  readonly expect: readonly (
    | 'header'
    | { readonly rejected: string }
    | {
        readonly time: string
        readonly timeNote?: string
        readonly type: string
        readonly fields: Readonly<Record<string, string | number | boolean | readonly string[]>>
      }
  )[]
}

export interface ParserDefinition {
  readonly id: string
  readonly title: string
  /** Link to the format's specification. */
  readonly spec: string
  /** Two or three sentences: what it reads, what it does where the format is unclear. */
  readonly doc: string
  /** Asked first when sniffing where higher; ties are an error. */
  readonly priority: number
  readonly framing: Framing
  /** True where every record can be parsed alone, in any order: chunks of one file then spread over threads. */
  readonly stateless: boolean
  /** Certainty 0–1 that these first records (whole ones, at most 64 KiB) are of this format. */
  sniff(records: readonly string[], fileName: string): number
  /**
   * Native field name → canonical name, for every native name that gets one: rules and queries may use either. Native names
   * that are not here keep their own name.
   */
  readonly aliases: Readonly<Record<string, string>>
  /** The same for events of one type, where a name means different things in different types. */
  aliasesOfType?(type: string): Readonly<Record<string, string>>
  create(context: ParserContext): RecordParser
  readonly examples: readonly ParserExample[]
}

export const defineParser = (definition: ParserDefinition): ParserDefinition => definition
