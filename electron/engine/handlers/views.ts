/** Saved views (contract area `views`). */
import type { WatchfloorContract } from '../../../shared/contract.ts'
import type { HandlersOf } from '../../../shared/rpc/kinds.ts'
import type { Store } from '../store/types.ts'

type ViewHandlers = Pick<HandlersOf<WatchfloorContract>, 'views.list' | 'views.save' | 'views.remove'>

export const viewHandlers = (store: Store): ViewHandlers => ({
  'views.list': (input) => store.views.list(input),
  'views.save': (input) => store.views.save(input),
  'views.remove': (input) => store.views.remove(input),
})
