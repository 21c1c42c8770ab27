/** Imports (contract area `import`). */
import type { WatchfloorContract } from '../../../shared/contract.ts'
import { ok } from '../../../shared/model/result.ts'
import type { HandlersOf } from '../../../shared/rpc/kinds.ts'
import type { ImportProgress, Ingest } from '../ingest/ingest.ts'

export function importHandlers(ingest: Ingest): Pick<HandlersOf<WatchfloorContract>, 'import.run'> {
  return {
    async 'import.run'(request, emit, { signal }) {
      // Progress is dropped while the screen has no credit: only the newest is of interest.
      let emitting = false
      const progress = (done: ImportProgress): void => {
        if (emitting || signal.aborted) return
        emitting = true
        emit(done).then(
          () => (emitting = false),
          () => undefined,
        )
      }
      const done = await ingest.runImport(request, progress, signal)
      return done.ok ? ok(done.value.summary) : done
    },
  }
}
