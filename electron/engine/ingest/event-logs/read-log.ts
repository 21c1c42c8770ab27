/** Reads what is new of an event log file: in the order of its records, whole ones only, each once. */
import { say, type Sentence } from '../../../../shared/model/sentence.ts'
import {
  NO_RECORDS,
  chunkRecords,
  firstNumber,
  recordCheck,
  recordsBehind,
  recordTime,
  wholeRecords,
  type ChunkRecords,
} from '../../evtx/chunk-records.ts'
import { CHUNK, FIRST_RECORD } from '../../evtx/evtx-chunks.ts'
import { chunkOffset, type ChunkHead, type EventLogFile } from '../../evtx/log-file.ts'
import type { EventLogs, LookedAt, RecordCheck } from './event-logs.ts'
import type { ReadRecords } from './read-records.ts'

/** A chunk whose checksum does not hold is read once more after so long: what is the same then counts. */
const AGAIN_MS = 25

/** How reading ended. `changed`: the file is another than it was a moment ago, look again. */
export type Ending =
  | { readonly kind: 'read' }
  | { readonly kind: 'changed' }
  /** Records `from` to `to` are not there, though there are later ones. */
  | { readonly kind: 'hole'; readonly from: number; readonly to: number }
  /** Something that is no record (yet) stands behind the last one. */
  | { readonly kind: 'broken'; readonly why: Sentence }

/** Where the next record will stand. */
export interface Place {
  readonly index: number
  readonly first: number
  readonly at: number
}

/** Null where the file has no record. */
export async function lookAt(file: EventLogFile): Promise<LookedAt | null> {
  const heads = await file.heads()
  const newest = heads.at(-1)
  if (newest === undefined) return null
  const data = await file.chunk(newest.index)
  const last = data === null ? undefined : wholeRecords(data).at(-1)
  return { file, heads, last: last?.id ?? newest.first, time: last === undefined ? 0n : recordTime(data!, last) }
}

/** What the file's first whole record is known by; null where it has none, or that has just been overwritten. */
export async function firstCheck({ file, heads }: LookedAt): Promise<RecordCheck | null> {
  for (const { index, first } of heads) {
    const data = await file.chunk(index)
    if (data === null || firstNumber(data) !== first) return null
    const record = wholeRecords(data)[0]
    if (record !== undefined) return { id: record.id, check: recordCheck(data, record) }
  }
  return null
}

export interface ReadOptions {
  readonly logs: EventLogs
  readonly log: ReadRecords
  readonly origin: string
  readonly stopped: () => boolean
  /** Nothing better is to be expected of what cannot be read: it is said, and what is behind it is read. */
  readonly patient: boolean
  /** The file is nobody's any more: behind damage inside its last chunk the records that are whole are read too. */
  readonly recover?: boolean
  /** Up to this record, which is not read. */
  readonly before?: number
  /** Called after each chunk with the byte behind it. */
  readonly progress?: (byte: number) => void
}

/** Reads all that is wanted, and says where the next record will stand. Holes are passed over only where `passOver` says so. */
export async function readLog(
  { file, heads }: LookedAt,
  options: ReadOptions,
  passOver: (from: number, to: number) => Promise<boolean>,
): Promise<{ ending: Ending; place: Place | null }> {
  const { log, stopped, before = Infinity } = options
  let place: Place | null = null
  let ending: Ending = { kind: 'read' }
  for (const [i, head] of heads.entries()) {
    if (stopped() || head.first >= before) break
    const to = (heads[i + 1]?.first ?? Infinity) - 1
    if (!log.wantsAny(head.first, to)) continue
    if (head.first > log.last + 1) {
      const hole = { from: log.last + 1, to: head.first - 1 }
      if (!(await passOver(hole.from, hole.to))) return { ending: { kind: 'hole', ...hole }, place: null }
    }
    // Nothing is written any more to a chunk that another one follows.
    const recover = options.recover === true || (options.patient && i < heads.length - 1)
    const read = await readChunk(file, head, { ...options, recover })
    if (read.ending.kind === 'changed') return { ending: read.ending, place: null }
    options.progress?.(chunkOffset(head.index + 1))
    place = read.place
    ending = read.ending
  }
  return { ending, place }
}

/** Reads one chunk, which is expected to begin with the record `head.first`. */
export async function readChunk(
  file: EventLogFile,
  head: ChunkHead,
  { logs, log, origin, stopped, patient, recover = false, before = Infinity }: ReadOptions,
): Promise<{ ending: Ending; place: Place | null }> {
  const changed = { ending: { kind: 'changed' }, place: null } as const
  const data = await file.chunk(head.index)
  if (data === null || firstNumber(data) !== head.first) return changed
  const first = chunkRecords(data) ?? NO_RECORDS
  const found = recover ? { ...first, records: [...first.records, ...recordsBehind(data, first)] } : first
  const sure = await sureOf(file, head.index, data, found)
  const records = found.records.filter(({ id, end }) => end <= sure && id < before)
  const { end, unreadable } = await logs.send(
    log,
    { data, index: head.index, records, whole: patient ? CHUNK : found.certain, damaged: recover && found.broken !== null },
    origin,
    stopped,
  )
  const place = { index: head.index, first: head.first, at: Math.max(end, FIRST_RECORD) }
  if (unreadable !== null) return { ending: { kind: 'broken', why: say('record_not_read', { record: unreadable }) }, place }
  if (found.broken !== null && sure >= (found.records.at(-1)?.end ?? 0))
    return { ending: { kind: 'broken', why: found.broken }, place }
  return { ending: { kind: 'read' }, place }
}

/** How far the chunk's bytes are not just being written. */
async function sureOf(file: EventLogFile, index: number, data: Uint8Array, { records, certain }: ChunkRecords): Promise<number> {
  const end = records.at(-1)?.end ?? 0
  if (end <= certain) return certain
  await new Promise((resolve) => setTimeout(resolve, AGAIN_MS))
  const again = await file.chunk(index)
  if (again === null) return 0
  let at = FIRST_RECORD
  while (at < end && data[at] === again[at]) at++
  return Math.max(certain, at)
}

/** True where the record that was read last still stands where the next one is expected. */
export async function stillThere(file: EventLogFile, { index, first, at }: Place, log: ReadRecords): Promise<boolean> {
  const data = await file.chunk(index)
  const records = data === null ? [] : (chunkRecords(data)?.records ?? [])
  const last = records[log.last - first]
  if (data === null || records[0]?.id !== first || last?.end !== at) return false
  const [id, check] = log.checks.at(-1) ?? [0, '']
  return id === log.last && recordCheck(data, last) === check
}
