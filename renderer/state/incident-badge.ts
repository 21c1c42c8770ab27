/** How many incidents are open, on the rail, whichever view is on screen. */
import type { WatchfloorContract } from '../../shared/contract.ts'
import type { ClientOf } from '../../shared/rpc/kinds.ts'
import { useBadges } from './badges.ts'

/** Follows the incidents; gives the function that stops it. */
export function followIncidents(client: ClientOf<WatchfloorContract>): () => void {
  let over = false
  let asking = false
  let again = false
  const count = async (): Promise<void> => {
    // One question at a time; what changes meanwhile is asked for afterwards.
    if (asking) return void (again = true)
    asking = true
    const found = await client.query('incidents.list', { limit: 1 })
    asking = false
    if (over) return
    if (found.ok) useBadges.getState().set('incidents', found.value.total)
    if (again) {
      again = false
      void count()
    }
  }
  const subscription = client.stream('incidents.watch', { number: null }, { next: () => void count() })
  return () => {
    over = true
    subscription.cancel()
  }
}
