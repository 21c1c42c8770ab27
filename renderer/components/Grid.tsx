/**
 * The grid: ag-grid in our theme with only the modules that are used. Rows are focused with arrows or with `j` and `k` (see
 * `moveCurrent`); the focused row is the current row and is shown as selected also while the focus is elsewhere.
 */
import { useEffect, useMemo, useRef, type ReactNode } from 'react'
import {
  CellApiModule,
  CellStyleModule,
  ClientSideRowModelApiModule,
  ClientSideRowModelModule,
  ColumnApiModule,
  EventApiModule,
  InfiniteRowModelModule,
  LocaleModule,
  ModuleRegistry,
  RenderApiModule,
  RowApiModule,
  RowSelectionModule,
  RowStyleModule,
  ScrollApiModule,
  type CellFocusedEvent,
  type Column,
  type GridApi,
  type GridReadyEvent,
} from 'ag-grid-community'
import { AgGridReact, type AgGridReactProps } from 'ag-grid-react'
import { gridTheme } from './grid-theme.ts'
import './grid.css'

ModuleRegistry.registerModules([
  CellApiModule,
  CellStyleModule,
  ClientSideRowModelApiModule,
  ClientSideRowModelModule,
  ColumnApiModule,
  EventApiModule,
  InfiniteRowModelModule,
  LocaleModule,
  RenderApiModule,
  RowApiModule,
  RowSelectionModule,
  RowStyleModule,
  ScrollApiModule,
])

export type {
  CellClassParams,
  CellPosition,
  ColDef,
  GridApi,
  ICellRendererParams,
  IDatasource,
  IRowNode,
  RowClassRules,
} from 'ag-grid-community'

/** Pixels beside the rows that are the scrollbar's, also where the system lays its own over the content. */
const SCROLLBAR = 10

export interface GridProps<T> extends Omit<AgGridReactProps<T>, 'theme' | 'rowSelection' | 'onCellFocused'> {
  /** Name for screen readers. */
  readonly label: string
  /** The row the focus is on has changed; null where it is on none (the head, or nothing). */
  readonly onCurrent?: (row: T | null, index: number | null) => void
  readonly className?: string
}

/** Fills its container. All options of ag-grid are open; these are the defaults of the desk. */
export function Grid<T>({ label, onCurrent, onGridReady, className = '', defaultColDef, ...options }: GridProps<T>): ReactNode {
  const latest = useRef(onCurrent)
  useEffect(() => {
    latest.current = onCurrent
  })
  const selection = useMemo(() => ({ mode: 'singleRow', checkboxes: false, enableClickSelection: false }) as const, [])
  const columns = useMemo(
    () => ({
      sortable: false,
      resizable: true,
      suppressMovable: true,
      suppressHeaderMenuButton: true,
      suppressKeyboardEvent: ownsNoKey,
      ...defaultColDef,
    }),
    [defaultColDef],
  )
  const focused = (event: CellFocusedEvent<T>): void => {
    if (event.rowIndex === null || event.rowPinned) return
    // The grid tells later; in the meantime the focus may have gone on.
    if (event.api.getFocusedCell()?.rowIndex !== event.rowIndex) return
    const node = event.api.getDisplayedRowAtIndex(event.rowIndex)
    if (!node?.data) return
    if (!node.isSelected()) node.setSelected(true, true)
    followed.set(event.api, event.rowIndex)
    latest.current?.(node.data, event.rowIndex)
  }
  const ready = (event: GridReadyEvent<T>): void => {
    event.api.setGridAriaProperty('label', label)
    onGridReady?.(event)
  }
  return (
    <div className={`wf-grid ${className}`}>
      <AgGridReact<T>
        theme={gridTheme}
        rowSelection={selection}
        defaultColDef={columns}
        animateRows={false}
        suppressCellFocus={false}
        suppressRowHoverHighlight={false}
        suppressScrollOnNewData
        suppressDragLeaveHidesColumns
        rowBuffer={12}
        onCellFocused={focused}
        onGridReady={ready}
        suppressNoRowsOverlay
        suppressContextMenu
        alwaysShowVerticalScroll
        scrollbarWidth={SCROLLBAR}
        getLocaleText={quiet}
        {...options}
      />
    </div>
  )
}

/** The grid would tell that Space selects a row; here it does not. */
const quiet = ({ key, defaultValue }: { readonly key: string; readonly defaultValue: string }): string =>
  key === 'ariaRowSelect' || key === 'ariaRowDeselect' ? '' : defaultValue

/** Letters and Enter are the view's own: the grid must not take them for itself. */
const ownsNoKey = ({ event }: { event: KeyboardEvent }): boolean =>
  event.key.length === 1 || event.key === 'Enter' || event.key === 'F2'

/** The focused index that the selection was last made for. */
const followed = new WeakMap<object, number>()

/**
 * The index of the current row; -1 where there is none. The focus is an index, and the selection goes with its row: when rows have
 * come or gone, the selection is right. Only where the selection has yet to follow the focus, the focus is.
 */
export function currentIndex<T>(api: GridApi<T>): number {
  const focused = api.getFocusedCell()
  const focus = focused && !focused.rowPinned ? focused.rowIndex : null
  if (focus !== null && followed.get(api) !== focus) return focus
  return api.getSelectedNodes()[0]?.rowIndex ?? focus ?? -1
}

/**
 * Puts the focus on a row (and in view), and gives the row. Null where there is no such row, or it is not loaded. Where the
 * focus is in no column, it goes into `otherwise`, or the first.
 */
export function focusRow<T>(api: GridApi<T>, index: number, scroll = true, otherwise?: Column): T | null {
  const count = api.getDisplayedRowCount()
  if (index < 0 || index >= count) return null
  const column = api.getFocusedCell()?.column ?? otherwise ?? api.getAllDisplayedColumns()[0]
  if (!column) return null
  if (scroll) api.ensureIndexVisible(index)
  api.setFocusedCell(index, column)
  const node = api.getDisplayedRowAtIndex(index)
  // A row that is not read yet cannot be selected; whoever reads it does so when it is there.
  if (node?.id === undefined) followed.delete(api)
  else {
    if (!node.isSelected()) node.setSelected(true, true)
    followed.set(api, index)
  }
  return node?.data ?? null
}

/** One row down or up; stays at the ends. Gives the row. */
export function moveCurrent<T>(api: GridApi<T>, step: number): T | null {
  const last = api.getDisplayedRowCount() - 1
  if (last < 0) return null
  const at = currentIndex(api)
  return focusRow(api, at < 0 ? 0 : Math.max(0, Math.min(last, at + step)))
}
