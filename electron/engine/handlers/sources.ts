/** Sources (contract areas `sources` and `files`). */
import type { WatchfloorContract } from '../../../shared/contract.ts'
import { ok } from '../../../shared/model/result.ts'
import type { HandlersOf } from '../../../shared/rpc/kinds.ts'
import type { Ingest } from '../ingest/ingest.ts'
import { parsers } from '../ingest/parsers/registry.ts'
import type { Store } from '../store/types.ts'
import { listFolder } from './list-folder.ts'

type Names = 'list' | 'watch' | 'add' | 'change' | 'pause' | 'remove' | 'try' | 'rejected' | 'formats'
type SourceHandlers = Pick<HandlersOf<WatchfloorContract>, `sources.${Names}` | 'files.list'>

export function sourceHandlers(ingest: Ingest, store: Pick<Store, 'rejected'>): SourceHandlers {
  return {
    'sources.list': async () => ok({ sources: ingest.list() }),
    async 'sources.watch'(_input, emit, { signal }) {
      // Figures once a second; a change of state at once, but no more than ten times a second.
      while (!signal.aborted) {
        await emit({ sources: ingest.list() })
        await pause(100, signal)
        if (!signal.aborted) await changeOr(ingest, 900, signal)
      }
      return ok(undefined)
    },
    'sources.add': (settings) => ingest.add(settings),
    'sources.change': ({ id, settings }) => ingest.change(id, settings),
    'sources.pause': ({ id, paused }) => ingest.pause(id, paused),
    async 'sources.remove'({ id }) {
      const removed = await ingest.remove(id)
      return removed.ok ? ok({}) : removed
    },
    async 'sources.try'(settings) {
      const { format, problem, records } = await ingest.try(settings)
      return ok({ format, problem, records: [...records] })
    },
    'sources.rejected': (input, { signal }) => store.rejected(input, signal),
    'sources.formats': async () => ok({ formats: parsers.map(({ id, title, spec, doc }) => ({ id, title, spec, doc })) }),
    'files.list': ({ path }) => listFolder(path),
  }
}

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, ms)
    signal.addEventListener('abort', end)
    if (signal.aborted) end()
  })

async function changeOr(ingest: Ingest, ms: number, signal: AbortSignal): Promise<void> {
  const changed = new AbortController()
  const off = ingest.onChange(() => changed.abort())
  await pause(ms, AbortSignal.any([signal, changed.signal]))
  off()
}
