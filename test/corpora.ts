/** Real data with independently stated results, kept outside the project. Unpacked once into node_modules/.cache. */
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

/** Built test programs (benchmarks) are told where the project is. */
const root = process.env['WATCHFLOOR_ROOT'] ?? join(import.meta.dirname, '..')
const shared = join(root, '..', 'shared', 'corpora')

/** Folder of an area (`eve`, `zeek`, `logs`, `sigma`, `perf`), or null where the corpora are absent: the test is skipped. */
export function corpus(area: string): string | null {
  const unpack = join(shared, 'unpack')
  if (!existsSync(unpack) || !existsSync(join(shared, `${area}.tar.xz`))) return null
  const cache = join(root, 'node_modules', '.cache', 'corpora')
  execFileSync('bash', [unpack, cache, area], { stdio: 'ignore' })
  return join(cache, area)
}
/** Reason to print where `corpus` is null. */
export const NO_CORPORA = 'skipped: no corpora'
