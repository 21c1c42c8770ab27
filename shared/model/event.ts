/**
 * The one event model. An event is a normalised record: system fields, canonical fields (see `fields.ts`), and every
 * other field of the record under its own native name. The raw record is always kept.
 */
import { z } from 'zod'
import { IsoTime } from './time.ts'

/** A value of one field. Several values of one field (DNS answers, tags) are a list. */
export const FieldValue = z.union([z.string(), z.number(), z.boolean(), z.array(z.string())])
export type FieldValue = z.infer<typeof FieldValue>

/**
 * Why an event's time is not simply what the record says:
 * `received` the record has none · `assumed_zone` it names no zone, the source's zone was used · `assumed_year` it names no
 * year · `bad_clock` its time is impossible (more than a day ahead of, or before 1990), so the time of receipt is used.
 */
export const TIME_NOTES = ['', 'received', 'assumed_zone', 'assumed_year', 'bad_clock'] as const
export const TimeNote = z.enum(TIME_NOTES)
export type TimeNote = z.infer<typeof TimeNote>

/**
 * A 64-bit id as decimal text: `day × 2^36 + sequence`, where day counts from 1970 and names the partition (the UTC day
 * of receipt). Ids grow with order of storage and never change.
 */
export const EventId = z.string().regex(/^\d{1,16}$/)
export type EventId = z.infer<typeof EventId>

/** One row of a list of events: system fields and the fields that were asked for. */
export const EventRow = z.object({
  id: EventId,
  time: IsoTime,
  timeNote: TimeNote,
  /** Time of receipt. */
  received: IsoTime,
  /** The source's own type name: `alert`, `conn`, `sshd`, `4688`. */
  type: z.string(),
  /** Parser id: `eve`, `zeek-tsv`, `syslog-5424` … */
  format: z.string(),
  /** Source id. */
  source: z.string(),
  fields: z.record(z.string(), FieldValue),
})
export type EventRow = z.infer<typeof EventRow>

/** Where the raw record stands in its source. */
export const RecordPlace = z.object({
  source: z.string(),
  /** File path, or the sender's address for a network source. */
  origin: z.string(),
  /** 1-based record number within the file, where the source has files. */
  record: z.number().int().nullable(),
  /** Byte offset of the record within the (uncompressed) file. */
  offset: z.number().int().nullable(),
})
export type RecordPlace = z.infer<typeof RecordPlace>

export const EventDetail = EventRow.extend({
  place: RecordPlace,
  /** The raw record: UTF-8 text with U+FFFD where bytes were no UTF-8, and the exact bytes in base64. */
  raw: z.string(),
  rawBase64: z.string(),
})
export type EventDetail = z.infer<typeof EventDetail>
