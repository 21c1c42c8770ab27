import { useSyncExternalStore } from 'react'

/** Steps of the layout: below 1400 columns narrow, and ports and the sparkline leave the grid; from 1560 the tactic has a column. */
export type Width = 'narrow' | 'normal' | 'wide' | 'huge'

const QUERIES = ['(max-width: 1399px)', '(min-width: 1560px)', '(min-width: 2400px)'] as const
const lists = (): readonly MediaQueryList[] => QUERIES.map((query) => window.matchMedia(query))
const read = (): Width => {
  const [narrow, wide, huge] = lists()
  return narrow?.matches ? 'narrow' : huge?.matches ? 'huge' : wide?.matches ? 'wide' : 'normal'
}
const subscribe = (changed: () => void): (() => void) => {
  const all = lists()
  for (const list of all) list.addEventListener('change', changed)
  return () => {
    for (const list of all) list.removeEventListener('change', changed)
  }
}

export const useWidth = (): Width => useSyncExternalStore(subscribe, read, () => 'normal')
