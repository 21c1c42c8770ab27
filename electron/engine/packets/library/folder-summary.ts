/** A folder of the library as the contract has it. */
import type { LibraryFolder } from '../../../../shared/model/capture.ts'
import { isoFromMicros } from '../../../../shared/model/time.ts'
import type { Entry } from './catalogue.ts'
import type { WatchedFolder } from './library-folders.ts'

/** Further away a date cannot be. */
const MOST_SECONDS = 250_000_000_000

/** `entries` are the folder's; `problem` is why it cannot be looked at. */
export function folderSummary(folder: WatchedFolder, entries: readonly Entry[], problem: string | null): LibraryFolder {
  let [files, bytes, indexed, failed] = [0, 0, 0, 0]
  let [earliest, latest] = [Infinity, -Infinity]
  let reason = ''
  for (const { path, state, size, first, last, problem: why } of entries) {
    if (state === 'failed') {
      failed++
      reason ||= `${path}: ${why ?? ''}`
    }
    if (state === 'new' || state === 'other') continue
    files++
    bytes += size
    if (state === 'indexed') indexed++
    if (first !== null && first < earliest && Math.abs(first) < MOST_SECONDS) earliest = first
    const end = last ?? first
    if (end !== null && end > latest && Math.abs(end) < MOST_SECONDS) latest = end
  }
  const unread = failed === 0 ? null : failed === 1 ? reason : `${reason} (and ${failed - 1} more)`
  return { ...folder, files, bytes, indexed, first: iso(earliest), last: iso(latest), problem: problem ?? unread }
}

const iso = (seconds: number): string | null => (Number.isFinite(seconds) ? isoFromMicros(Math.round(seconds * 1e6)) : null)
