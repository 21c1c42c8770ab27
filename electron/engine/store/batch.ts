/**
 * What a parser thread hands to the writer: everything that one stretch of input means, committed in one transaction.
 * All binary parts are transferable; nothing here is an object per event.
 */
import type { DetectionKind, DetectionText, Mark } from '../../../shared/model/alert.ts'
import type { Sentence } from '../../../shared/model/sentence.ts'

/** One column of a block, encoded and perhaps compressed (codec.ts says how). */
export interface EncodedColumn {
  readonly field: string
  readonly data: Uint8Array<ArrayBuffer>
}

/** Up to `BLOCK_ROWS` events in order of arrival, column by column. */
export interface EncodedBlock {
  readonly rows: number
  /** Smallest and largest event time in microseconds. */
  readonly minTime: number
  readonly maxTime: number
  readonly columns: readonly EncodedColumn[]
  /** Raw records in compressed chunks of `RAW_ROWS`, byte for byte. */
  readonly raw: readonly Uint8Array<ArrayBuffer>[]
  /** Bloom filter over values (and words of text) of the block; empty where there is none. */
  readonly bloom: Uint8Array<ArrayBuffer>
  readonly rawBytes: number
}

/** Events of one batch that one detection matched on one pair: becomes, or joins, an alert. */
export interface HitGroup {
  /** `kind|detection|source|destination|user`: what is grouped into one alert. */
  readonly key: string
  readonly kind: DetectionKind
  readonly detection: string
  readonly title: string
  /** 0–4. */
  readonly severity: number
  readonly attack: readonly string[]
  readonly category: string | null
  readonly source: { readonly ip: string | null; readonly port: number | null; readonly name: string | null }
  readonly destination: { readonly ip: string | null; readonly port: number | null; readonly name: string | null }
  readonly asset: string
  readonly user: string | null
  /** Event time of the first and last of these, microseconds. */
  readonly first: number
  readonly last: number
  /** Row indexes in the block, ascending. */
  readonly rows: Uint32Array<ArrayBuffer>
  /** Of the first row. */
  readonly marks: readonly Mark[]
  /** Sent once per thread and detection, then null: the writer keeps it. */
  readonly text: DetectionText | null
}

export interface RejectGroup {
  readonly source: string
  readonly origin: string
  readonly record: number | null
  readonly offset: number | null
  readonly length: number
  readonly reason: Sentence
  /** At most 64 KiB. */
  readonly raw: Uint8Array<ArrayBuffer>
}

/** Where reading of one file (or sender) of a source stands after this batch. */
export interface Position {
  readonly source: string
  /** What identifies the file whatever its name: device:inode for a followed file, content hash for an import. */
  readonly file: string
  readonly origin: string
  /** Bytes of whole records read, in the uncompressed stream. */
  readonly offset: number
  /** Records read. */
  readonly records: number
  /** Hash of the bytes just before `offset` (at most 1 KiB), to know the file again after truncation. */
  readonly tail: string
  /** Parser id and its state (a header), to go on in the middle. */
  readonly format: string
  readonly parserState: string | null
  /** The file was read to its end and will not grow (imports). */
  readonly complete: boolean
}

/** Events per minute: the writer adds them up. */
export interface RollupCount {
  /** Minutes since 1970 of the event time. */
  readonly minute: number
  readonly source: string
  readonly type: string
  readonly count: number
}
/** Detections per minute, severity, detection and asset. */
export interface DetectionCount {
  readonly minute: number
  readonly severity: number
  readonly detection: string
  readonly asset: string
  readonly count: number
}

/** A field of an event as text; a list where it has several values, null where it has none. */
export type StepValue = string | readonly string[] | null

/** Events of one batch that a rule matched which is a step of scenarios. */
export interface StepEvents {
  /** The rule's id. */
  readonly rule: string
  /** Fields that scenarios asked for when the rule was compiled. */
  readonly fields: readonly string[]
  readonly events: readonly {
    /** Row index in the block. */
    readonly row: number
    /** Event time, microseconds. */
    readonly time: number
    /** For each of `fields`. */
    readonly values: readonly StepValue[]
    readonly parties: Pick<HitGroup, 'source' | 'destination' | 'asset' | 'user'>
  }[]
}

export interface Batch {
  readonly block: EncodedBlock | null
  /** For each row of the block, where its record stands: run-length groups, in row order. */
  readonly places: readonly {
    readonly rows: number
    readonly source: string
    readonly origin: string
    readonly record: number | null
    readonly offsets: Float64Array<ArrayBuffer> | null
  }[]
  readonly hits: readonly HitGroup[]
  /** What scenarios are made of; left out where there is none. */
  readonly steps?: readonly StepEvents[]
  readonly rejects: readonly RejectGroup[]
  readonly rejectedCount: number
  readonly positions: readonly Position[]
  readonly events: readonly RollupCount[]
  readonly detections: readonly DetectionCount[]
  /** Records read, blank lines and headers not counted. */
  readonly records: number
  readonly bytes: number
}
