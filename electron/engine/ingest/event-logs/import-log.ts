/**
 * An event log in an import. It is known by its records, as a followed one is (`read-records.ts`), not by its content from the beginning: of
 * one that grew, or was overwritten from its beginning since it was imported, what is new is read.
 */
import { hash } from 'node:crypto'
import { firstNumber, wholeRecords } from '../../evtx/chunk-records.ts'
import { eventObject, type JsonObject } from '../../evtx/event-object.ts'
import { EvtxLines } from '../../evtx/evtx-lines.ts'
import { ChunkXml } from '../../evtx/binxml.ts'
import { eachRecord } from '../../evtx/evtx-chunks.ts'
import { chunksOf } from '../../evtx/file-chunks.ts'
import type { EventLogFile } from '../../evtx/log-file.ts'
import { RECORD_HEADER } from '../../evtx/whole-record.ts'
import type { CommitSink } from '../../store/types.ts'
import { EventLogs, type EventLogsOptions, type LookedAt } from './event-logs.ts'
import { firstCheck, lookAt, readLog } from './read-log.ts'

/** Before the key of an imported event log in `Position.file`. */
const PREFIX = 'content:evtx:'
/** Channels and computers by which positions are looked up. */
const MOST_GROUPS = 16
/** Chunks whose first record is asked for them. */
const SAMPLED = 64

export interface ImportedLogs {
  readonly importedContent: CommitSink['importedContent']
  readonly logs: EventLogs
  /** Positions that were looked up. */
  readonly groups: Set<string>
}

export const importedLogs = (
  options: Omit<EventLogsOptions, 'prefix' | 'positions'>,
  importedContent: CommitSink['importedContent'],
): ImportedLogs => ({
  importedContent,
  logs: new EventLogs({ ...options, prefix: PREFIX, positions: [] }),
  groups: new Set(),
})

/**
 * `read`: there was something new. `nothing`: all its records were imported before. `other`: it has several records of one number, so it is
 * not known by them.
 */
export type ImportedLog = 'read' | 'nothing' | 'other'

export async function importLog(
  file: EventLogFile,
  { logs, groups, importedContent }: ImportedLogs,
  origin: string,
  stopped: () => boolean,
  /** Called after each chunk with its last byte. */
  progress: (byte: number) => void,
): Promise<ImportedLog> {
  const looked = await lookAt(file)
  if (looked === null || !(await isOrdered(looked))) return 'other'
  const found = await groupsOf(looked)
  const unknown = found.filter((group) => !groups.has(group))
  for (const group of unknown) groups.add(group)
  if (unknown.length > 0) logs.learn(await importedContent(unknown.map((group) => `${PREFIX}${group}`)))
  const known = await logs.known(looked, null)
  const check = known === null ? await firstCheck(looked) : null
  if (known === null && check === null) return 'other'
  const group = `${found.at(-1) ?? ''}:`
  // It is looked up by the names that it has last: those of its first records are overwritten some day.
  const log = known === null ? logs.begin(looked.heads[0]!.first, check!, group) : logs.regrouped(known, group)
  const before = log.records
  await readLog(looked, { logs, log, origin, stopped, patient: true, recover: true, progress }, async (_, to) => {
    log.passOver(to)
    return true
  })
  if (known === null && !stopped()) await sendDamage(looked, logs, origin, stopped)
  return known !== null && log.records === before ? 'nothing' : 'read'
}

/** Numbers of each chunk come before those of the next. */
async function isOrdered({ file, heads }: LookedAt): Promise<boolean> {
  const count = await file.count()
  const firsts = new Set<number>()
  for (let index = 0; index < count; index++) {
    const first = await file.first(index)
    if (first === null) continue
    if (firsts.has(first)) return false
    firsts.add(first)
  }
  for (const [i, { index, first }] of heads.entries()) {
    const data = await file.chunk(index)
    if (data === null || firstNumber(data) !== first) return false
    const last = wholeRecords(data).at(-1)?.id ?? first
    if (last >= (heads[i + 1]?.first ?? Infinity)) return false
  }
  return true
}

/** What is said once of a log that is new: all that is wrong with the file and its chunks. Of records it was said as they were read. */
async function sendDamage({ file }: LookedAt, logs: EventLogs, origin: string, stopped: () => boolean): Promise<void> {
  for await (const { data, offset, notes } of chunksOf(file.pieces())) {
    const found = [...notes]
    eachRecord(data, offset, { record: () => undefined, damage: (why) => found.push(why) })
    for (const why of found) {
      if (stopped()) return
      await logs.damage(why, origin)
    }
  }
}

/** Hashes of channel and computer, those of the newest record last: by them a log's positions are found. */
async function groupsOf({ file, heads }: LookedAt): Promise<string[]> {
  const step = Math.max(1, Math.ceil(heads.length / SAMPLED))
  const groups = new Set<string>()
  for (const [i, { index }] of heads.entries()) {
    if (i % step !== 0 && i !== heads.length - 1) continue
    const data = await file.chunk(index)
    const record = (data === null ? [] : wholeRecords(data))[0]
    if (data === null || record === undefined) continue
    let text = ''
    new EvtxLines().record(
      new ChunkXml(data),
      record.at + RECORD_HEADER,
      record.end - 4,
      (line) => (text = Buffer.from(line).toString('utf8')),
      () => ({ record: record.id, offset: 0 }),
    )
    const event = eventObject(JSON.parse(text) as JsonObject)
    const group = hash('sha256', `${event?.channel ?? ''}\n${event?.computer ?? ''}`, 'hex').slice(0, 16)
    groups.delete(group)
    groups.add(group)
  }
  return [...groups].slice(-MOST_GROUPS)
}
