/** Overview (contract area `overview`). */
import type { WatchfloorContract } from '../../../shared/contract.ts'
import type { HandlersOf } from '../../../shared/rpc/kinds.ts'
import type { Store } from '../store/types.ts'

type OverviewHandlers = Pick<HandlersOf<WatchfloorContract>, 'overview.numbers'>

export const overviewHandlers = (store: Store): OverviewHandlers => ({
  'overview.numbers': (input, { signal }) => store.overview(input, signal),
})
