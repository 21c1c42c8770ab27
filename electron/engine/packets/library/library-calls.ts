/** What can be asked of the library's thread. Times are seconds since 1970. */
import type { LibraryFolder } from '../../../../shared/model/capture.ts'
import type { Result } from '../../../../shared/model/result.ts'
import type { WatchedFolder } from './library-folders.ts'
import type { FlowsAsked } from './read-summary.ts'
import type { PlacesAsked, Searched } from './search.ts'

export interface LibraryStart {
  /** Where indexes are kept. */
  readonly folder: string
}
export interface LibraryCalls {
  add: [WatchedFolder, LibraryFolder]
  remove: [{ readonly path: string }, object]
  search: [FlowsAsked & { readonly limit: number }, Searched]
  find: [PlacesAsked, { readonly paths: string[]; readonly notIndexed: number }]
}
export type LibraryCall = keyof LibraryCalls

export type ToLibrary =
  | {
      readonly [N in LibraryCall]: {
        readonly kind: 'call'
        readonly id: number
        readonly name: N
        readonly input: LibraryCalls[N][0]
      }
    }[LibraryCall]
  | { readonly kind: 'close' }
export type FromLibrary =
  | { readonly kind: 'folders'; readonly folders: readonly LibraryFolder[] }
  | { readonly kind: 'done'; readonly id: number; readonly result: Result<unknown> }
