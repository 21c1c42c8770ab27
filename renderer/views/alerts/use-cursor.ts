import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { currentIndex, focusRow, moveCurrent, type CellPosition, type GridApi } from '../../components/Grid.tsx'
import { useBindings } from '../../keys/use-keys.tsx'
import { startReading, useDesk } from './desk.ts'
import type { QueueRow } from './groups.ts'

export interface Cursor {
  setApi(grid: GridApi<QueueRow> | null): void
  /** An alert that is looked at without standing in the queue. */
  readonly peek: string | null
  /** The alert under the cursor is looked at again. */
  endPeek(): void
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

/** Rows of groups have other ids. */
export const isAlert = (id: string): boolean => /^\d+$/.test(id)
const UNDECIDED = { armed: false, verdict: null, why: null, reason: '' } as const
/** Somebody is about to say something of the alert that is shown. */
const isWriting = (): boolean => document.activeElement?.closest('.al-decide, [role=dialog], [role=menu]') != null

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
  const [peek, setPeekShown] = useState<string | null>(null)
  const peeked = useRef<string | null>(null)
  /** The alert of the address, until it has come into the rows or the reader has moved. */
  const awaited = useRef<string | null>(null)
  const setPeek = useCallback((id: string | null) => {
    peeked.current = id
    setPeekShown(id)
  }, [])
  const endPeek = useCallback(() => {
    awaited.current = null
    if (peeked.current === null) return
    useDesk.setState(UNDECIDED)
    setPeek(null)
  }, [setPeek])
  const setCurrent = useCallback(
    (row: QueueRow | null) => {
      if (row === null) return
      if (row.id !== useDesk.getState().current) {
        startReading()
        useDesk.setState({ current: row.id, ...UNDECIDED })
      }
      endPeek()
    },
    [endPeek],
  )
  const focused = useCallback(
    (row: QueueRow | null) => {
      // Of the row that is current already it is told late, after the cursor went with it: nobody has moved.
      if (!taking.current && row?.id !== useDesk.getState().current) setCurrent(row)
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
    // What the address tells of has come: it is under the cursor as if the reader had gone there.
    const come = awaited.current !== null && grid.getRowNode(awaited.current) !== undefined ? awaited.current : null
    if (come !== null) {
      awaited.current = null
      startReading()
      useDesk.setState(peeked.current === come ? { current: come } : { current: come, ...UNDECIDED })
      setPeek(null)
    }
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
    const inSight = !live || come !== null || (index + 1) * (row.rowHeight ?? 0) <= bottom - top
    if (inSight && free && (grid.getFocusedCell()?.rowIndex !== index || at?.closest('.al-grid') === null))
      focusRow(grid, index, !live || come !== null, before.current?.column)
    else if (!row.isSelected()) row.setSelected(true, true)
    if (come !== null) grid.ensureIndexVisible(index)
    // Asked for, it lays out everything: not where it is there already.
    else if (live && top > 0) grid.ensureIndexVisible(0, 'top')
    if (row.data.id === wanted) return
    // What is shown stays where it is looked at without its row, or somebody is writing: only the cursor goes on.
    if (peeked.current === null && wanted !== null && isAlert(wanted) && isWriting()) setPeek(wanted)
    useDesk.setState(peeked.current === null ? { current: row.data.id, ...UNDECIDED } : { current: row.data.id })
  }, [setPeek])
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
      else {
        if (peeked.current !== id) useDesk.setState(UNDECIDED)
        setPeek(id)
      }
    },
    [goTo, setPeek],
  )
  // Where the focus is on nothing, arrows are for the rows as `j` and `k` are; on a row the grid takes them itself.
  const onNothing = (): boolean => document.activeElement === null || document.activeElement === document.body
  useBindings([
    { keys: ['ArrowDown'], run: () => onNothing() && move(1) },
    { keys: ['ArrowUp'], run: () => onNothing() && move(-1) },
  ])
  useEffect(() => {
    awaited.current = null
    if (wantedId === undefined || !isAlert(wantedId)) return
    openAlert(wantedId)
    // The rows it stands in may only be coming.
    if (peeked.current === wantedId) awaited.current = wantedId
  }, [wantedId, openAlert])
  const goToLast = useCallback(() => goToIndex((api.current?.getDisplayedRowCount() ?? 0) - 1), [goToIndex])
  const toGrid = useCallback(() => {
    const grid = api.current
    if (grid) goToIndex(Math.max(0, currentIndex(grid)))
  }, [goToIndex])
  return { setApi, peek, endPeek, focused, goToIndex, goToLast, toGrid, move, followRow, goTo, openAlert }
}
