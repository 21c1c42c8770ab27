/** A compressed event log, which does not change any more: read once, as far as its records were not read from another copy of it. */
import type { Sentence } from '../../../../shared/model/sentence.ts'
import { EventLogFile } from '../../evtx/log-file.ts'
import type { EventLogs } from '../event-logs/event-logs.ts'
import { missingBehind, missingRecords, type Hole } from '../event-logs/missing-records.ts'
import { firstCheck, lookAt, readLog } from '../event-logs/read-log.ts'
import { unpackedLog } from '../event-logs/unpacked.ts'
import type { OpenLog } from '../open-log.ts'

export interface OnceOptions {
  readonly log: OpenLog
  readonly logs: EventLogs
  readonly origin: string
  /** `Position.file` under which it is noted that it was read. */
  readonly file: string
  readonly stopped: () => boolean
}

/** What is missing of it; null where nothing is. Throws what reading the log throws. */
export async function readEventLogOnce({ log, logs, origin, file, stopped }: OnceOptions): Promise<Sentence | null> {
  const unpacked = await unpackedLog(log, stopped)
  try {
    const looked = stopped() ? null : await lookAt(new EventLogFile(unpacked.handle))
    if (looked === null) return null
    const check = await firstCheck(looked)
    const read = (await logs.known(looked, origin)) ?? (check === null ? null : logs.begin(looked.heads[0]!.first, check))
    if (read === null) return null
    const missing: Hole[] = []
    const before = read.last
    await readLog(looked, { logs, log: read, origin, stopped, patient: true, recover: true }, async (from, to) => {
      read.passOver(to)
      missing.push({ log: read, from, to })
      return true
    })
    if (stopped()) return null
    missing.push(...missingBehind(read, before, missing))
    logs.done(file, origin)
    return missingRecords(origin, missing)
  } finally {
    await unpacked.close()
  }
}
