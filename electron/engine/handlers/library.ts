/** The capture library (contract area `library`). */
import type { WatchfloorContract } from '../../../shared/contract.ts'
import { ok } from '../../../shared/model/result.ts'
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
    'library.add': () => library.add(),
    'library.remove': async () => {
      await library.remove()
      return ok({})
    },
    'library.search': async () => ok(await library.search()),
  }
}
