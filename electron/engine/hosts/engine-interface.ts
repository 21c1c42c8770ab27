/** What a host needs of the engine. */
import type { WatchfloorContract } from '../../../shared/contract.ts'
import type { HandlersOf } from '../../../shared/rpc/kinds.ts'

export interface Engine {
  readonly handlers: HandlersOf<WatchfloorContract>
  /** Commits what is under way and gives the data folder free. */
  close(): Promise<void>
}
