import { useCallback, useMemo, useState } from 'react'
import { fail, ok, type Result, type WatchfloorError } from '../../../shared/model/result.ts'
import { useClient } from '../../client/hooks.ts'
import type { RowCache } from './list/row-cache.ts'
import { countOf, drawnTo, isSelected, MOST_SELECTED, oneRow, toggled, type Selection } from './list/selection.ts'

/** How a row is gone to: alone, with all between, or beside those that are selected. `keep`: where it is one of them. */
export type SelectHow = 'only' | 'draw' | 'toggle' | 'keep'

export interface Selected {
  readonly selection: Selection | null
  readonly count: number
  /** What is selected when the cursor goes to a row. */
  to(index: number, how: SelectHow): void
  /** Only the row with the cursor. */
  single(): void
  /** Numbers of the packets; at most {@link MOST_SELECTED}. */
  packets(): Promise<Result<readonly number[], WatchfloorError>>
}

const PAGE = 1000

/** The selected rows: that of the cursor, and those that were drawn or clicked to it. Going on without that ends it. */
export function useSelection(
  capture: string,
  view: number | null,
  cache: RowCache,
  cursor: number | null,
  packet: number | null,
): Selected {
  const client = useClient()
  const [kept, setKept] = useState<{ readonly of: RowCache; readonly selection: Selection } | null>(null)
  const selection = useMemo(
    () => (kept?.of === cache && kept.selection.lead === cursor ? kept.selection : cursor === null ? null : oneRow(cursor)),
    [kept, cache, cursor],
  )
  const to = (index: number, how: SelectHow): void => {
    const from = selection ?? oneRow(index)
    const next =
      how === 'draw'
        ? drawnTo(from, index)
        : how === 'toggle'
          ? toggled(from, index)
          : how === 'keep' && isSelected(from, index)
            ? { ...from, lead: index }
            : null
    setKept(next && { of: cache, selection: next })
  }
  const packets = useCallback(async (): Promise<Result<readonly number[], WatchfloorError>> => {
    const numbers: number[] = []
    // The packet may not be among the rows.
    if (selection === null) return ok(packet === null ? [] : [packet])
    for (const [from, end] of selection.spans)
      for (let at = from; at < end && numbers.length < MOST_SELECTED;) {
        const count = Math.min(PAGE, end - at, MOST_SELECTED - numbers.length)
        if (view === null) for (let index = at; index < at + count; index++) numbers.push(index + 1)
        else {
          const rows = await client.query('packets.rows', { capture, view, from: at, count })
          if (!rows.ok) return fail(rows.error)
          for (const { number } of rows.value.rows) numbers.push(number)
        }
        at += count
      }
    return ok(numbers)
  }, [client, capture, view, selection, packet])
  return {
    selection,
    count: selection ? countOf(selection) : packet === null ? 0 : 1,
    to,
    single: useCallback(() => setKept(null), []),
    packets,
  }
}
