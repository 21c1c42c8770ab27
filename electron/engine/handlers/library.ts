/** The capture library (contract area `library`). */
import type { WatchfloorContract } from '../../../shared/contract.ts'
import { ok } from '../../../shared/model/result.ts'
import { microsFromIso } from '../../../shared/model/time.ts'
import type { HandlersOf } from '../../../shared/rpc/kinds.ts'
import type { CaptureLibrary } from '../packets/library/capture-library.ts'
import { Changes } from './changes.ts'

const GAP_MS = 500

export function libraryHandlers(
  library: CaptureLibrary,
): Pick<HandlersOf<WatchfloorContract>, Extract<keyof WatchfloorContract, `library.${string}`>> {
  return {
    'library.list': async () => ok({ folders: [...library.folders] }),
    'library.watch': async (_, emit, { signal }) => {
      const changes = new Changes(GAP_MS)
      const remove = library.onChange(() => changes.mark())
      try {
        await emit({ folders: [...library.folders] })
        while (await changes.next(signal)) await emit({ folders: [...library.folders] })
      } finally {
        remove()
      }
      return ok(undefined)
    },
    'library.add': (folder) => library.add(folder),
    'library.remove': async ({ path }) => {
      const removed = await library.remove(path)
      return removed.ok ? ok({}) : removed
    },
    'library.search': ({ from, to, ...asked }) => library.search({ ...asked, from: secondsOf(from), to: secondsOf(to) }),
  }
}

function secondsOf(time: string | null): number | null {
  const micros = time === null ? undefined : microsFromIso(time)
  return micros === undefined ? null : micros / 1e6
}
