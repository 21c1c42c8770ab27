/** The capture library: to be filled by its room. */
import type { LibraryFolder, LibraryHit } from '../../../../shared/model/capture.ts'
import { fail, type Result } from '../../../../shared/model/result.ts'
import type { FindsCaptures } from '../links/packet-links.ts'

export class CaptureLibrary implements FindsCaptures {
  get folders(): readonly LibraryFolder[] {
    return []
  }
  onChange(_: () => void): () => void {
    return () => undefined
  }
  find(): Promise<{ paths: readonly string[]; notIndexed: number }> {
    return Promise.resolve({ paths: [], notIndexed: 0 })
  }
  search(): Promise<{ hits: LibraryHit[]; notIndexed: number; truncated: boolean }> {
    return Promise.resolve({ hits: [], notIndexed: 0, truncated: false })
  }
  add(): Promise<Result<LibraryFolder>> {
    return Promise.resolve(fail({ code: 'internal', message: 'not there yet', correlationId: '' }))
  }
  remove(): Promise<void> {
    return Promise.resolve()
  }
  close(): Promise<void> {
    return Promise.resolve()
  }
}
