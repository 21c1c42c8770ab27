import { resolve } from 'node:path'
import { defineSource } from './define.ts'
import { FollowedFile } from './follow.ts'
import { sampleFile } from './sample-file.ts'

export default defineSource({
  kind: 'file',
  title: 'A file that grows',
  doc: 'Read from its beginning, then followed. It may be rotated by rename or by copy and truncation, also while nobody reads: what was missed is found in its rotated copies (`name.1`, `name-20261120`, `stem.1.ext` …, plain or compressed), by inode or by content. A last line without a line end waits for the rest. Reading goes on at the exact byte.',
  start({ input, settings, feed, positions, stored, state, warning }) {
    const file = new FollowedFile({
      path: resolve(input.path),
      feed,
      format: settings.format,
      zone: settings.zone,
      csv: settings.csv,
      positions,
      stored,
      state,
      notice: warning,
    })
    return { waiting: () => file.waiting, close: () => file.close() }
  },
  sample: ({ path }) => sampleFile(resolve(path)),
})
