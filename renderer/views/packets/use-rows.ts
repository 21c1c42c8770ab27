import { useEffect, useMemo } from 'react'
import { useClient } from '../../client/hooks.ts'
import { RowCache } from './list/row-cache.ts'

/** The rows of a view, with the values of these fields. `onGone`: the engine does not keep the view any more. */
export function useRows(
  capture: string,
  view: number | null,
  total: number,
  fields: readonly string[],
  settled: boolean,
  onGone: () => void,
): RowCache {
  const client = useClient()
  const key = fields.join(' ')
  const cache = useMemo(() => {
    const asked = key === '' ? [] : key.split(' ')
    return new RowCache((from, count) => client.query('packets.rows', { capture, view, from, count, fields: asked }))
  }, [client, capture, view, key])
  useEffect(() => {
    cache.open()
    return () => cache.close()
  }, [cache])
  useEffect(() => cache.grow(total), [cache, total])
  // Once application data has been read, rows say more.
  useEffect(() => cache.renew(), [cache, settled])
  useEffect(
    () => cache.subscribe(() => void (cache.error?.code === 'not_found' && view !== null && onGone())),
    [cache, view, onGone],
  )
  // What failed because the engine was away is read again when it is back.
  useEffect(() => client.onState((state) => void (state === 'open' && cache.error && cache.retry())), [client, cache])
  return cache
}
