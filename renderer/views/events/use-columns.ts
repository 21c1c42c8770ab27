import { useCallback, useEffect } from 'react'
import { create } from 'zustand'
import { useClient, useClientState } from '../../client/hooks.ts'
import { changeColumns, columnsOf, DEFAULT_COLUMNS, type Column, type ColumnChange } from './columns.ts'

const KEY = 'events.columns'

/** One state for the window: the page keeps its columns while another view is on screen. */
const useStored = create<{ readonly columns: readonly Column[]; readonly loaded: boolean }>(() => ({
  columns: DEFAULT_COLUMNS,
  loaded: false,
}))

/** The grid's columns, kept by the engine. `put` takes those of a saved view. */
export function useColumns(): {
  readonly columns: readonly Column[]
  change(change: ColumnChange): void
  put(stored: unknown): void
} {
  const client = useClient()
  const open = useClientState() === 'open'
  const { columns, loaded } = useStored()
  useEffect(() => {
    if (!open || loaded) return
    void client.query('settings.get', { key: KEY }).then((found) => {
      // What was changed while the answer was on its way is newer.
      if (found.ok && !useStored.getState().loaded) useStored.setState({ columns: columnsOf(found.value.value), loaded: true })
    })
  }, [client, open, loaded])
  const keep = useCallback(
    (after: readonly Column[]) => {
      if (after === useStored.getState().columns) return
      useStored.setState({ columns: after, loaded: true })
      void client.command('settings.set', { key: KEY, value: after.map((column) => ({ ...column })) })
    },
    [client],
  )
  return {
    columns,
    change: useCallback((change: ColumnChange) => keep(changeColumns(useStored.getState().columns, change)), [keep]),
    put: useCallback((stored: unknown) => keep(columnsOf(stored)), [keep]),
  }
}
