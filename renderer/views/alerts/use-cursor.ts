import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { currentIndex, focusRow, moveCurrent, type CellPosition, type GridApi } from '../../components/Grid.tsx'
import { useBindings } from '../../keys/use-keys.tsx'
import { startReading, useDesk } from './desk.ts'
import type { QueueRow } from './groups.ts'

export interface Cursor {
  setApi(grid: GridApi<QueueRow> | null): void
  /** An alert that is looked at without standing in the queue. */
  readonly peek: string | null
  setPeek(id: string | null): void
  /** What the grid tells of the focus; while it takes new rows, that is not the reader's doing. */
  focused(row: QueueRow | null): void
  goToIndex(index: number): void
  goToLast(): void
  /** The keys are for the queue again. */
  toGrid(): void
  move(step: number): void
  /** The row's place may have changed under the cursor: the cursor goes with the row. */
  followRow(): void
  goTo(id: string | null): void
  openAlert(id: string): void
}

/** The cursor of the queue: it stays with its alert, whatever comes and goes around it. `wantedId`: the alert of the address. */
export function useCursor(rows: readonly QueueRow[], wantedId: string | undefined): Cursor {
  const api = useRef<GridApi<QueueRow> | null>(null)
  const setApi = useCallback((grid: GridApi<QueueRow> | null) => {
    api.current = grid
  }, [])
  const taking = useRef(false)
  /** Where the focus was before the grid took rows. */
  const before = useRef<CellPosition | null>(null)
  const entered = useRef(false)
  // Before the grid has them: it would move the focus to whatever row comes where the cursor was, and lay out for each.
  useLayoutEffect(() => {
    taking.current = true
    const grid = api.current
    const focus = grid?.getFocusedCell() ?? null
    if (grid === null || focus === null || rows[focus.rowIndex]?.id === useDesk.getState().current) return
    before.current = focus
    grid.clearFocusedCell()
  }, [rows])
  const [peek, setPeek] = useState<string | null>(null)
  const setCurrent = useCallback((row: QueueRow | null) => {
    if (row === null) return
    if (row.id !== useDesk.getState().current) {
      startReading()
      useDesk.setState({ current: row.id, armed: false, verdict: null, why: null, reason: '' })
    }
    setPeek(null)
  }, [])
  const focused = useCallback(
    (row: QueueRow | null) => {
      if (!taking.current) setCurrent(row)
    },
    [setCurrent],
  )
  const goToIndex = useCallback(
    (index: number) => {
      if (api.current) setCurrent(focusRow(api.current, index))
    },
    [setCurrent],
  )
  const move = useCallback(
    (step: number) => {
      if (api.current) setCurrent(moveCurrent(api.current, step))
    },
    [setCurrent],
  )
  const followRow = useCallback(() => {
    const grid = api.current
    taking.current = false
    if (!grid || grid.getDisplayedRowCount() === 0) return
    const wanted = useDesk.getState().current
    const node = wanted === null ? undefined : grid.getRowNode(wanted)
    const index =
      node?.rowIndex ??
      Math.max(0, Math.min(grid.getDisplayedRowCount() - 1, (grid.getFocusedCell() ?? before.current)?.rowIndex ?? 0))
    const row = grid.getDisplayedRowAtIndex(index)
    if (!row?.data) return
    const at = document.activeElement
    // The view has just come: the keys are for its rows. Later the focus is only taken back from nowhere.
    const free =
      at === null || at === document.body || at.closest('.al-grid') !== null || (!entered.current && at.closest('.rail') !== null)
    entered.current = true
    // Following, the newest rows are what is looked at, wherever the cursor's row has gone.
    const live = useDesk.getState().following
    // A row that is out of sight has no focus: the grid would draw what is around it, and then the newest again.
    const { top, bottom } = grid.getVerticalPixelRange()
    const inSight = !live || (index + 1) * (row.rowHeight ?? 0) <= bottom - top
    if (inSight && free && (grid.getFocusedCell()?.rowIndex !== index || at?.closest('.al-grid') === null))
      focusRow(grid, index, !live, before.current?.column)
    else if (!row.isSelected()) row.setSelected(true, true)
    if (live) grid.ensureIndexVisible(0, 'top')
    if (row.data.id !== wanted) {
      useDesk.setState({ current: row.data.id, armed: false, verdict: null, why: null, reason: '' })
      setPeek(null)
    }
  }, [])
  const goTo = useCallback(
    (id: string | null) => {
      const node = id === null ? undefined : api.current?.getRowNode(id)
      if (node && node.rowIndex !== null) goToIndex(node.rowIndex)
    },
    [goToIndex],
  )
  const openAlert = useCallback(
    (id: string) => {
      useDesk.setState({ detail: true })
      if (api.current?.getRowNode(id)) goTo(id)
      else setPeek(id)
    },
    [goTo],
  )
  // Where the focus is on nothing, arrows are for the rows as `j` and `k` are; on a row the grid takes them itself.
  const onNothing = (): boolean => document.activeElement === null || document.activeElement === document.body
  useBindings([
    { keys: ['ArrowDown'], run: () => onNothing() && move(1) },
    { keys: ['ArrowUp'], run: () => onNothing() && move(-1) },
  ])
  useEffect(() => {
    if (wantedId !== undefined && /^\d+$/.test(wantedId)) openAlert(wantedId)
  }, [wantedId, openAlert])
  const goToLast = useCallback(() => goToIndex((api.current?.getDisplayedRowCount() ?? 0) - 1), [goToIndex])
  const toGrid = useCallback(() => {
    const grid = api.current
    if (grid) goToIndex(Math.max(0, currentIndex(grid)))
  }, [goToIndex])
  return { setApi, peek, setPeek, focused, goToIndex, goToLast, toGrid, move, followRow, goTo, openAlert }
}
