/** What goes from the main thread to a parser thread: plain data, its bytes transferred. */
import type { CsvMapping } from '../../../shared/model/source.ts'
import type { Chunk } from './framer.ts'

/** How the records of one stream are parsed; the same for all its segments. */
export interface Reading {
  /** Parser id. */
  readonly format: string
  /** IANA zone for records that name none. */
  readonly zone: string
  readonly csv: CsvMapping | undefined
  readonly fileName: string
  /** Parser state to begin with, where reading goes on in the middle of a file. */
  readonly parserState: string | null
}

/** Records of one stream (a file, a sender), next to each other. */
export interface Segment {
  /** Number of the stream, unique in this process: a parser thread keeps one parser for each. */
  readonly stream: number
  readonly reading: Reading
  /** File path, or the sender's address. */
  readonly origin: string
  readonly chunk: Chunk
  /** False for network sources: their records have no number and no offset. */
  readonly numbered: boolean
  /** Committed with the records; null for what cannot be taken up again. */
  readonly position: { readonly file: string; readonly tail: string; readonly complete: boolean } | null
}

/** Becomes one batch: segments of one source, together at most `CHUNK_RECORDS` records. */
export interface Work {
  readonly id: number
  readonly source: string
  /** Time of receipt in microseconds. */
  readonly received: number
  readonly segments: readonly Segment[]
}
