import { z } from 'zod'
import { Sentence } from './sentence.ts'
import { IsoTime } from './time.ts'

/** How records of a source are read. One member per file in `electron/engine/ingest/sources`. */
export const SourceInput = z.discriminatedUnion('kind', [
  /** A file that grows: rotation by rename and by copy-truncate, compressed rotations. */
  z.object({ kind: z.literal('file'), path: z.string().min(1).max(4096) }),
  /** Every file of a folder whose name matches `pattern` (`*` and `?`). */
  z.object({ kind: z.literal('folder'), path: z.string().min(1).max(4096), pattern: z.string().max(256).default('*') }),
  z.object({
    kind: z.literal('syslog-udp'),
    address: z.string().max(64).default('127.0.0.1'),
    port: z.number().int().min(0).max(65535),
  }),
  z.object({
    kind: z.literal('syslog-tcp'),
    address: z.string().max(64).default('127.0.0.1'),
    port: z.number().int().min(0).max(65535),
  }),
  z.object({
    kind: z.literal('syslog-tls'),
    address: z.string().max(64).default('127.0.0.1'),
    port: z.number().int().min(0).max(65535),
    /** PEM files. */
    cert: z.string().max(4096),
    key: z.string().max(4096),
    /** Where set, senders must show a certificate of this authority. */
    ca: z.string().max(4096).optional(),
  }),
  z.object({ kind: z.literal('stdin') }),
  /** A one-off import; ends by itself. */
  z.object({ kind: z.literal('import'), paths: z.array(z.string().min(1).max(4096)).min(1).max(10_000) }),
])
export type SourceInput = z.infer<typeof SourceInput>

/** For `csv`: which column is which field. */
export const CsvMapping = z.object({
  delimiter: z.string().length(1).default(','),
  header: z.boolean().default(true),
  /** Column name (or 1-based number where there is no header) → field name. Unnamed columns keep their own name. */
  columns: z.record(z.string().max(256), z.string().max(256)).default({}),
  time: z.string().max(256).optional(),
  /** `iso`, `epoch`, `epoch_ms`, or a pattern of `yyyy MM dd HH mm ss SSS`. */
  timeFormat: z.string().max(64).default('iso'),
})
export type CsvMapping = z.infer<typeof CsvMapping>

export const SourceSettings = z.object({
  name: z.string().min(1).max(120),
  input: SourceInput,
  /** Parser id, or null to recognise each file by its content. */
  format: z.string().max(64).nullable().default(null),
  /** IANA zone for records that name none. */
  zone: z.string().max(64).default('UTC'),
  csv: CsvMapping.optional(),
  paused: z.boolean().default(false),
})
export type SourceSettings = z.infer<typeof SourceSettings>

/** `waiting`: the file or port is not there (yet), and it is tried again. */
export const SourceState = z.enum(['running', 'paused', 'waiting', 'done', 'failed'])
export type SourceState = z.infer<typeof SourceState>

export const SourceStatus = z.object({
  id: z.string(),
  settings: SourceSettings,
  state: SourceState,
  /** Why it waits or failed, or what it could not read or lost; null otherwise. */
  problem: Sentence.nullable(),
  /** What is as it should be and worth knowing (where it listens); null where there is nothing. */
  notice: Sentence.nullable(),
  /** Formats seen. */
  formats: z.array(z.string()),
  /** Records per second over the last ten seconds. */
  rate: z.number(),
  /** Rate of the last 60 × 10 s, oldest first. */
  rates: z.array(z.number()),
  /** Seconds between now and the last record that is stored, where more bytes are known to wait; 0 when all is read. */
  lag: z.number(),
  /** Bytes known to wait. */
  waiting: z.number(),
  lastRecord: IsoTime.nullable(),
  records: z.number().int(),
  events: z.number().int(),
  rejected: z.number().int(),
  bytes: z.number(),
})
export type SourceStatus = z.infer<typeof SourceStatus>

export const RejectedRecord = z.object({
  source: z.string(),
  origin: z.string(),
  record: z.number().int().nullable(),
  offset: z.number().int().nullable(),
  /** Whole length in bytes; `raw` holds at most the first 64 KiB. */
  length: z.number().int(),
  reason: Sentence,
  at: IsoTime,
  raw: z.string(),
})
export type RejectedRecord = z.infer<typeof RejectedRecord>

export const ImportSummary = z.object({
  records: z.number().int(),
  events: z.number().int(),
  alerts: z.number().int(),
  rejected: z.number().int(),
  bytes: z.number(),
  seconds: z.number(),
  /** By the source's own type names. */
  byType: z.record(z.string(), z.number().int()),
  /** Files that are no logs, and files that were complete already. */
  skipped: z.array(z.object({ path: z.string(), reason: Sentence })),
})
export type ImportSummary = z.infer<typeof ImportSummary>
