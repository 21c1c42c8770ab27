import { resolve } from 'node:path'
import { defineSource } from './define.ts'
import { Followed, SourceEventLogs } from './followed.ts'
import { sampleFile } from './sample-file.ts'

export default defineSource({
  kind: 'file',
  title: 'A file that grows',
  doc: 'Read from its beginning, then followed. It may be rotated by rename or by copy and truncation, also while nobody reads: what was missed is found in its rotated copies (`name.1`, `name-20261120`, `stem.1.ext` …, plain or compressed), by inode or by content. A last line without a line end waits for the rest. Reading goes on at the exact byte. A Windows event log (`.evtx`) is followed by the numbers of its records: while Windows fills it and overwrites its oldest records, when it is cleared or archived, and when a job copies it over again and again; what was overwritten before it was read is looked for in archives beside it, and said.',
  start({ input, settings, feed, positions, stored, state, warning }) {
    const reading = { feed, format: settings.format, zone: settings.zone, csv: settings.csv, positions, stored }
    const logs = new SourceEventLogs(reading)
    const file = new Followed({ ...reading, path: resolve(input.path), logs, state, notice: warning })
    return {
      waiting: () => file.waiting,
      async close() {
        await file.close()
        logs.close()
      },
    }
  },
  sample: ({ path }) => sampleFile(resolve(path)),
})
