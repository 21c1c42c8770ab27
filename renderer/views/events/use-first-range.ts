import { useEffect } from 'react'
import { navigate } from '../../app/route.ts'
import { useClient } from '../../client/hooks.ts'
import { ALL_TIME } from '../../components/time-range.ts'
import { engineNow } from '../../state/clock.ts'
import { searchHash, searchOfParams } from './search.ts'

/** A page opened without a search shows what it showed last; the first time the last day, or everything where that day is empty. */
export function useFirstRange(bare: boolean, lastHash: string | null, connected: boolean): void {
  const client = useClient()
  useEffect(() => {
    if (!bare) return
    if (lastHash !== null) return navigate(lastHash, true)
    if (!connected) return
    const controller = new AbortController()
    const window = { from: new Date(engineNow() - 86_400_000).toISOString(), to: null }
    void client.query('events.search', { window, limit: 1, fields: ['type'] }, { signal: controller.signal }).then((found) => {
      if (controller.signal.aborted || !found.ok || found.value.events.length > 0) return
      navigate(searchHash({ ...searchOfParams({}), range: ALL_TIME }), true)
    })
    return () => controller.abort()
  }, [bare, lastHash, connected, client])
}
