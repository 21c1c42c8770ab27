import { useCallback } from 'react'
import { settingStore } from '../../client/setting-store.ts'
import { changeColumns, columnsOf, type Column, type ColumnChange } from './columns.ts'

const useStored = settingStore('events.columns', columnsOf)

/** The grid's columns, kept by the engine. `put` takes those of a saved view. */
export function useColumns(): {
  readonly columns: readonly Column[]
  change(change: ColumnChange): void
  put(stored: unknown): void
} {
  const [columns, keep] = useStored()
  return {
    columns,
    change: useCallback(
      (change: ColumnChange) => {
        const after = changeColumns(columns, change)
        if (after !== columns) keep(after)
      },
      [columns, keep],
    ),
    put: useCallback((stored: unknown) => keep(columnsOf(stored)), [keep]),
  }
}
