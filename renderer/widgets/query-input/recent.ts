/** Queries that were run lately, newest first: kept by the engine under a settings key, so they are there after a restart. */
import { useCallback, useEffect, useRef, useState } from 'react'
import { z } from 'zod'
import { useClient, useClientState } from '../../client/hooks.ts'

const KEPT = 30
const Recent = z.array(z.string().max(8192)).max(200).catch([])

/** The list with `text` as its newest; blanks are not kept. */
export function withRecent(list: readonly string[], text: string): readonly string[] {
  const trimmed = text.trim()
  if (trimmed === '' || trimmed === '*') return list
  return [trimmed, ...list.filter((one) => one !== trimmed)].slice(0, KEPT)
}

/** Recent queries of one page, and the function that adds one. `key` is a settings key, for example `events.recent`. */
export function useRecentQueries(key: string): { readonly recent: readonly string[]; add(text: string): void } {
  const client = useClient()
  const open = useClientState() === 'open'
  const [recent, setRecent] = useState<readonly string[]>([])
  useEffect(() => {
    if (!open) return
    const controller = new AbortController()
    void client.query('settings.get', { key }, { signal: controller.signal }).then((found) => {
      if (found.ok && !controller.signal.aborted)
        setRecent((before) => before.reduceRight(withRecent, Recent.parse(found.value.value)))
    })
    return () => controller.abort()
  }, [client, key, open])
  const latest = useRef(recent)
  useEffect(() => {
    latest.current = recent
  })
  const add = useCallback(
    (text: string) => {
      const after = withRecent(latest.current, text)
      if (after === latest.current) return
      latest.current = after
      setRecent(after)
      void client.command('settings.set', { key, value: [...after] })
    },
    [client, key],
  )
  return { recent, add }
}
