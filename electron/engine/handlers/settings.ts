/** Small values a screen keeps (contract area `settings`). */
import type { WatchfloorContract } from '../../../shared/contract.ts'
import type { HandlersOf } from '../../../shared/rpc/kinds.ts'
import type { Store } from '../store/types.ts'

type SettingHandlers = Pick<HandlersOf<WatchfloorContract>, 'settings.get' | 'settings.set'>

export const settingHandlers = (store: Store): SettingHandlers => ({
  'settings.get': (input) => store.settings.get(input),
  'settings.set': (input) => store.settings.set(input),
})
