import { useEffect, useMemo, useRef, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import {
  focusRow,
  Grid,
  moveCurrent,
  type ColDef,
  type GridApi,
  type ICellRendererParams,
  type IDatasource,
} from '../../../../components/Grid.tsx'
import { Icon } from '../../../../components/Icon.tsx'
import { visibleText } from '../../../../format/text.ts'
import { useInsideKeys } from './use-inside-keys.ts'
import { paneHasFocus } from './waits-for-focus.ts'

export interface ToolColumn<T> {
  readonly id: string
  readonly head: string
  /** Pixels; the rest of the width goes to `flex`. */
  readonly width?: number
  readonly flex?: number
  readonly minWidth?: number
  /** What no value is wider than: on a wide screen the rest stays empty. */
  readonly maxWidth?: number
  /** Figures: to the right, in the mono type. */
  readonly right?: boolean
  readonly mono?: boolean
  /** May be sorted by. */
  readonly sorts?: boolean
  /** Foreign text is made visible here, whatever it holds. */
  text(row: T): string
  renderCell?(row: T): ReactNode
}

export interface Sort {
  readonly column: string
  readonly descending: boolean
}

/** Longest text of a cell. */
const CELL = 400
const ROW = 24

interface HeadProps {
  readonly displayName: string
  readonly column: { getColId(): string }
  readonly sort: Sort | null
  readonly right: boolean
  readonly sorts: boolean
  onSort(column: string): void
}
/** Name of a column; a press sorts by it, another turns the order round. */
function SortHead({ displayName, column, sort, right, sorts, onSort }: HeadProps): ReactNode {
  const { t } = useTranslation('packet-tools')
  const own = sort?.column === column.getColId()
  if (!sorts) return <span className={right ? 'pt-th right' : 'pt-th'}>{displayName}</span>
  return (
    <button
      type="button"
      tabIndex={-1}
      className={right ? 'pt-th right' : 'pt-th'}
      aria-label={
        own ? t(sort.descending ? 'sortedDown' : 'sortedUp', { column: displayName }) : t('sortBy', { column: displayName })
      }
      onClick={() => onSort(column.getColId())}
    >
      {displayName}
      {own ? <Icon name={sort.descending ? 'down' : 'up'} size={12} /> : null}
    </button>
  )
}

/** A table of a tool. Rows are given, or read by number from a source; Enter or two presses choose a row. */
export function ToolGrid<T>({
  label,
  columns,
  rows,
  source,
  revision = '',
  sort = null,
  idOf,
  rowClass,
  onSort = () => {},
  onCurrent,
  onChoose,
  onReady,
}: {
  readonly label: string
  readonly columns: readonly ToolColumn<T>[]
  readonly rows?: readonly T[]
  readonly source?: IDatasource
  /** Another one reads the source anew. */
  readonly revision?: string
  readonly sort?: Sort | null
  idOf(row: T): string
  rowClass?(row: T): string
  onSort?(column: string): void
  onCurrent?(row: T | null): void
  onChoose?(row: T): void
  onReady?(api: GridApi<T>): void
}): ReactNode {
  const around = useRef<HTMLDivElement>(null)
  const [api, setApi] = useState<GridApi<T> | null>(null)
  const current = useRef<T | null>(null)
  const latest = useRef({ onCurrent, onChoose, onSort, idOf, rowClass })
  useEffect(() => {
    latest.current = { onCurrent, onChoose, onSort, idOf, rowClass }
  })
  const defs = useMemo<ColDef<T>[]>(
    () =>
      columns.map((column) => {
        const params = {
          sort,
          right: column.right === true,
          sorts: column.sorts === true,
          onSort: (id: string) => latest.current.onSort(id),
        }
        return {
          colId: column.id,
          headerName: column.head,
          headerComponent: SortHead,
          headerComponentParams: params,
          cellClass: [column.right ? 'pt-right mono' : column.mono ? 'mono' : ''].filter(Boolean),
          valueGetter: ({ data }) => (data ? column.text(data) : ''),
          valueFormatter: ({ value }: { value: unknown }) => visibleText(String(value).slice(0, CELL)),
          ...(column.renderCell
            ? { cellRenderer: ({ data }: ICellRendererParams<T>) => (data && column.renderCell ? column.renderCell(data) : null) }
            : {}),
          ...(column.flex === undefined
            ? { width: column.width ?? 100 }
            : { flex: column.flex, minWidth: column.minWidth ?? column.width ?? 120 }),
          ...(column.maxWidth === undefined ? {} : { maxWidth: column.maxWidth }),
        } satisfies ColDef<T>
      }),
    [columns, sort],
  )
  useEffect(() => {
    if (api && !api.isDestroyed() && source) api.setGridOption('datasource', source)
  }, [api, source, revision])
  const move = (step: number) => (): unknown => {
    if (!api || api.isDestroyed()) return false
    // The head, and what stands in cells, keep their own arrows.
    if (document.activeElement?.closest('.ag-header')) return false
    const row = moveCurrent(api, step)
    current.current = row ?? current.current
    return true
  }
  useInsideKeys(around, [
    { keys: ['ArrowDown', 'j'], run: move(1) },
    { keys: ['ArrowUp', 'k'], run: move(-1) },
    { keys: ['PageDown'], run: move(12) },
    { keys: ['PageUp'], run: move(-12) },
    { keys: ['Home'], run: () => (api ? (focusRow(api, 0), true) : false) },
    { keys: ['End'], run: () => (api ? (focusRow(api, api.getDisplayedRowCount() - 1), true) : false) },
    {
      keys: ['Enter'],
      run: () => {
        if (!current.current || document.activeElement?.closest('.ag-header')) return false
        latest.current.onChoose?.(current.current)
        return true
      },
    },
  ])
  const shared = {
    label,
    columnDefs: defs,
    defaultColDef: DEFAULTS,
    rowHeight: ROW,
    headerHeight: ROW,
    className: 'pt-grid',
    onCurrent: (row: T | null) => {
      current.current = row
      latest.current.onCurrent?.(row)
    },
    onGridReady: ({ api: ready }: { api: GridApi<T> }) => {
      setApi(ready)
      onReady?.(ready)
    },
    onRowDoubleClicked: ({ data }: { data: T | undefined }) => data && latest.current.onChoose?.(data),
    getRowClass: ({ data }: { data: T | undefined }) => (data ? latest.current.rowClass?.(data) : undefined),
    // The first rows take the focus that the pane has kept for them, once their cells are there.
    onModelUpdated: ({ api: updated }: { api: GridApi<T> }) => {
      const take = (tries: number): void => {
        if (updated.isDestroyed() || !paneHasFocus(around.current) || !updated.getDisplayedRowAtIndex(0)?.data) return
        current.current = focusRow(updated, 0)
        if (tries > 0) requestAnimationFrame(() => take(tries - 1))
      }
      take(8)
    },
  } as const
  return (
    <div ref={around} className="pt-fill">
      {source ? (
        <Grid<T>
          {...shared}
          rowModelType="infinite"
          cacheBlockSize={200}
          maxBlocksInCache={40}
          infiniteInitialRowCount={1}
          maxConcurrentDatasourceRequests={2}
          blockLoadDebounceMillis={60}
        />
      ) : (
        <Grid<T> {...shared} rowData={rows as T[]} getRowId={({ data }) => latest.current.idOf(data)} />
      )}
    </div>
  )
}

const DEFAULTS: ColDef = {
  suppressHeaderKeyboardEvent: ({ event }) => {
    if (event.key !== 'Enter' && event.key !== ' ') return false
    ;(event.target as HTMLElement).querySelector('button')?.click()
    return true
  },
}

/** The next order after a press on a column: figures begin with the largest. */
export const sortAfter = (before: Sort | null, column: string, figures: boolean): Sort =>
  before?.column === column ? { column, descending: !before.descending } : { column, descending: figures }
