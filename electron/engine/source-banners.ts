/** Banners of sources whose records may be getting lost. */
import type { Banner } from '../../shared/contract.ts'
import type { SourceStatus } from '../../shared/model/source.ts'
import { isoFromMicros } from '../../shared/model/time.ts'

type Source = Pick<SourceStatus, 'id' | 'settings' | 'state' | 'problem'>

/**
 * A source that failed, and one that ought to listen and cannot: senders do not wait. A file that is not there yet loses nothing.
 * Import shows its failure where it was begun.
 */
const loses = ({ state, settings: { input } }: Source): boolean =>
  input.kind !== 'import' && (state === 'failed' || (state === 'waiting' && input.kind.startsWith('syslog-')))

/** Gives the banners for the sources as they are; remembers since when each has been in trouble. `now` is in milliseconds. */
export function sourceBanners(): (sources: readonly Source[], now: number) => Banner[] {
  let since = new Map<string, string>()
  return (sources, now) => {
    // Waiting without a reason is a source that is just starting.
    const lost = sources.filter((source) => loses(source) && source.problem !== null)
    since = new Map(lost.map(({ id }) => [id, since.get(id) ?? isoFromMicros(now * 1000)]))
    return lost.map(({ id, settings, problem }) => ({
      id: `source_failed:${id}`,
      tone: 'fault',
      key: 'source_failed',
      values: { name: settings.name, problem: problem ?? '' },
      since: since.get(id) ?? isoFromMicros(now * 1000),
    }))
  }
}
