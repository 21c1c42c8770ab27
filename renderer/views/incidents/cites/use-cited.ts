import { useEffect, useMemo, useRef, useState } from 'react'
import type { Cite } from '../../../../shared/model/impact.ts'
import { useClient } from '../../../client/hooks.ts'
import { citeKey } from './cite-text.ts'

export interface Cited {
  readonly label: string
  readonly detail: string
  /** Whether it is still there. */
  readonly known: boolean
}
/** In one call, and at most. */
const AT_ONCE = 200
const MOST = 2000

/** What cites lead to, asked for once each. */
export function useCited(cites: readonly Cite[]): ReadonlyMap<string, Cited> {
  const client = useClient()
  const [found, setFound] = useState<ReadonlyMap<string, Cited>>(new Map())
  const asked = useRef(new Set<string>())
  const wanted = useMemo(() => [...new Map(cites.map((cite) => [citeKey(cite), cite])).values()].slice(0, MOST), [cites])
  useEffect(() => {
    const controller = new AbortController()
    const missing = wanted.filter((cite) => !asked.current.has(citeKey(cite)))
    void (async () => {
      for (let at = 0; at < missing.length; at += AT_ONCE) {
        const some = missing.slice(at, at + AT_ONCE)
        const answer = await client.query('incidents.cited', { cites: some }, { signal: controller.signal })
        if (controller.signal.aborted) return
        if (!answer.ok) continue
        const { cited } = answer.value
        for (const cite of some) asked.current.add(citeKey(cite))
        setFound((before) => {
          const after = new Map(before)
          some.forEach((cite, index) => {
            const one = cited[index]
            if (one) after.set(citeKey(cite), one)
          })
          return after
        })
      }
    })()
    return () => controller.abort()
  }, [client, wanted])
  return found
}
