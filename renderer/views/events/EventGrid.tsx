import { useEffect, useMemo, useRef, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { EventRow } from '../../../shared/model/event.ts'
import type { WatchfloorError } from '../../../shared/model/result.ts'
import { typeOf } from '../../../shared/query/lookup.ts'
import { Grid, type ColDef, type GridApi, type ICellRendererParams, type IDatasource } from '../../components/Grid.tsx'
import { formatExact } from '../../format/time.ts'
import { visibleText } from '../../format/text.ts'
import { ColumnHead } from './ColumnHead.tsx'
import { naturalWidth, SUMMARY, type Column, type ColumnChange } from './columns.ts'
import type { PageBook } from './pages.ts'
import { addressParts, summaryFieldOf, summaryOf, textOf, valuesOf } from './values.ts'

/** Rows of a block the grid asks for. */
const BLOCK = 200
/** Techniques and tactics; a tactic's id says nothing to a reader, so its name stands behind it. */
const ATTACK = 'sig.attack'
/** An event that is dragged by its time: onto the timeline of an incident. */
const DRAGGED = 'application/x-watchfloor-event'
/** Longest text of a cell: the rest is in the detail. */
const CELL = 400

export interface CellPlace {
  readonly row: EventRow
  readonly field: string
  readonly element: HTMLElement
}

export interface EventGridProps {
  /** Pages of the search, or null while the tail is followed. */
  readonly book: PageBook | null
  /** Followed events, newest first, or null. */
  readonly tail: readonly EventRow[] | null
  readonly columns: readonly Column[]
  /** How many events there are, once counted. */
  readonly total: number | null
  /** Fields the columns need. */
  readonly fields: readonly string[]
  onReady(api: GridApi<EventRow>): void
  onCurrent(row: EventRow | null): void
  onOpen(row: EventRow): void
  onMenu(place: CellPlace): void
  onHead(field: string, element: HTMLElement): void
  onColumns(change: ColumnChange): void
  /** A block was read: milliseconds the engine took, and how many rows there are where the end was reached. */
  onRead(took: number, last: number | null): void
  onError(error: WatchfloorError): void
}

/** Events as rows: by number over millions, or the followed tail. */
export function EventGrid(props: EventGridProps): ReactNode {
  const { book, tail, columns, total, onHead } = props
  const { t } = useTranslation('events')
  const latest = useRef(props)
  useEffect(() => {
    latest.current = props
  })
  const [fitted, setFitted] = useState<Readonly<Record<string, number>>>({})
  const defs = useMemo<ColDef<EventRow>[]>(
    () =>
      columns.map((column) =>
        columnDef(column, fitted[column.field], column.field === SUMMARY ? t('columns.summary') : column.field, onHead, (id) =>
          t(`common:tactic.${id}`, { defaultValue: '' }),
        ),
      ),
    [columns, fitted, onHead, t],
  )
  const [api, setApi] = useState<GridApi<EventRow> | null>(null)
  /** A row that got the focus before it was read: it becomes the current one when it is there. */
  const awaited = useRef<number | null>(null)

  useEffect(() => {
    // Between tail and pages the grid is another one; the old one is gone before the new one is ready.
    if (!api || api.isDestroyed() || !book) return
    let gone = false
    const source: IDatasource = {
      getRows: ({ startRow, endRow, successCallback, failCallback }) => {
        void book.rows(startRow, endRow, latest.current.fields).then((found) => {
          if (gone || api.isDestroyed()) return
          if (!found.ok) {
            failCallback()
            if (found.error.code !== 'cancelled') latest.current.onError(found.error)
            return
          }
          const { rows, last, took } = found.value
          successCallback([...rows], last ?? -1)
          const row = awaited.current
          if (row !== null && row >= startRow && row < endRow) {
            awaited.current = null
            const node = api.getDisplayedRowAtIndex(row)
            if (node?.data && api.getFocusedCell()?.rowIndex === row) {
              node.setSelected(true, true)
              latest.current.onCurrent(node.data)
            }
          }
          if (startRow === 0) setFitted(addressWidths(latest.current.columns, rows))
          if (last === null && latest.current.total !== null)
            api.setRowCount(Math.max(latest.current.total, startRow + rows.length), true)
          latest.current.onRead(took, last)
        })
      },
    }
    api.setGridOption('datasource', source)
    return () => void (gone = true)
  }, [api, book])
  useEffect(() => {
    if (
      api &&
      !api.isDestroyed() &&
      book &&
      total !== null &&
      total > api.getDisplayedRowCount() &&
      api.getDisplayedRowCount() > 0
    )
      api.setRowCount(total, true)
  }, [api, book, total])

  const shared = {
    label: t('grid'),
    columnDefs: defs,
    defaultColDef: DEFAULTS,
    maintainColumnOrder: false,
    preventDefaultOnContextMenu: true,
    onCurrent: (row: EventRow | null) => latest.current.onCurrent(row),
    onGridReady: ({ api: ready }: { api: GridApi<EventRow> }) => {
      latest.current.onReady(ready)
      ready.addEventListener('cellFocused', ({ rowIndex }) => {
        awaited.current = rowIndex !== null && !ready.getDisplayedRowAtIndex(rowIndex)?.data ? rowIndex : null
      })
      setApi(ready)
    },
    onRowDoubleClicked: ({ data }: { data: EventRow | undefined }) => data && latest.current.onOpen(data),
    onCellContextMenu: ({
      data,
      column,
      event,
    }: {
      data: EventRow | undefined
      column: { getColId(): string }
      event?: Event | null
    }) => {
      const element = (event?.target as HTMLElement | null)?.closest<HTMLElement>('.ag-cell')
      if (data && element) latest.current.onMenu({ row: data, field: fieldOfCell(data, column.getColId()), element })
    },
    onColumnMoved: ({ finished, api: moved }: { finished: boolean; api: GridApi<EventRow> }) => {
      if (finished)
        latest.current.onColumns({ kind: 'order', fields: moved.getAllGridColumns().map((column) => column.getColId()) })
    },
    onColumnResized: ({
      finished,
      source,
      column,
    }: {
      finished: boolean
      source: string
      column: { getColId(): string; getActualWidth(): number } | null
    }) => {
      if (finished && source === 'uiColumnResized' && column)
        latest.current.onColumns({ kind: 'width', field: column.getColId(), width: column.getActualWidth() })
    },
  } as const
  return tail ? (
    <Grid<EventRow> key="tail" {...shared} rowData={tail as EventRow[]} getRowId={rowId} />
  ) : (
    <Grid<EventRow>
      key="pages"
      {...shared}
      rowModelType="infinite"
      cacheBlockSize={BLOCK}
      maxBlocksInCache={40}
      infiniteInitialRowCount={1}
      maxConcurrentDatasourceRequests={2}
      blockLoadDebounceMillis={60}
    />
  )
}

/** Addresses are never cut: until a person sets a width, their columns are as wide as the longest of the first rows. */
function addressWidths(columns: readonly Column[], rows: readonly EventRow[]): Record<string, number> {
  const widths: Record<string, number> = {}
  for (const { field } of columns) {
    if (typeOf(field) !== 'ip') continue
    const longest = rows.reduce((most, row) => Math.max(most, textOf(row, field).length), 0)
    // 7.2 pixels to a character of the grid's mono type, and the padding.
    widths[field] = Math.max(naturalWidth(field), Math.min(320, Math.ceil(longest * 7.2) + 20))
  }
  return widths
}

const rowId = ({ data }: { data: EventRow }): string => data.id
const DEFAULTS: ColDef<EventRow> = {
  suppressMovable: false,
  suppressHeaderKeyboardEvent: ({ event }) => {
    if (event.key !== 'Enter' && event.key !== ' ') return false
    ;(event.target as HTMLElement).querySelector('button')?.click()
    return true
  },
}

/** The field that a value of a cell belongs to; the summary shows its most telling one. */
export const fieldOfCell = (row: EventRow, column: string): string =>
  column === SUMMARY ? (summaryFieldOf(row) ?? 'type') : column

function columnDef(
  { field, width }: Column,
  fitted: number | undefined,
  name: string,
  onHead: (field: string, element: HTMLElement) => void,
  tacticName: (id: string) => string,
): ColDef<EventRow> {
  const type = typeOf(field)
  const time = field === 'time' || field === 'received'
  const named = (row: EventRow): string =>
    valuesOf(row, ATTACK)
      .map((id) => `${id} ${/^TA\d{4}$/.test(id) ? tacticName(id) : ''}`.trimEnd())
      .join(', ')
  const classes = [
    time || type === 'ip' || type === 'port' || type === 'number' || field === 'id' ? 'mono' : '',
    type === 'number' || type === 'port' ? 'ev-right' : '',
    field === SUMMARY || field === 'type' ? 'ev-bright' : type === 'port' ? 'ev-dim' : '',
  ].filter(Boolean)
  return {
    colId: field,
    headerName: name,
    headerComponent: ColumnHead,
    headerComponentParams: { onHead, right: type === 'number' || type === 'port' },
    valueGetter: ({ data }) =>
      data ? (field === SUMMARY ? summaryOf(data) : field === ATTACK ? named(data) : textOf(data, field)) : '',
    valueFormatter: ({ value }: { value: unknown }) => visibleText(String(value).slice(0, CELL)),
    cellClass: classes,
    minWidth: 48,
    width: width ?? fitted ?? naturalWidth(field),
    ...(field === SUMMARY && width === null ? { flex: 1, minWidth: 240 } : {}),
    ...(time ? { cellRenderer: TimeCell } : type === 'ip' ? { cellRenderer: AddressCell } : {}),
  }
}

/** An address that has no room keeps its end, which tells hosts of one network apart; the whole on hover. */
function AddressCell({ valueFormatted, value }: ICellRendererParams<EventRow>): ReactNode {
  const text = valueFormatted ?? String(value ?? '')
  const [head, tail] = addressParts(text)
  if (head === '') return <span title={text}>{text}</span>
  return (
    <span className="ev-address" title={text}>
      <span className="ellipsis">{head}</span>
      <span>{tail}</span>
    </span>
  )
}

/** Day and time to the millisecond; the whole of it, and where it is not simply the record's own, on hover. */
function TimeCell({ data, colDef }: ICellRendererParams<EventRow>): ReactNode {
  const { t } = useTranslation('events')
  if (!data) return null
  const iso = colDef?.colId === 'received' ? data.received : data.time
  const note = colDef?.colId !== 'received' && data.timeNote !== ''
  const title = `${formatExact(iso)}\n${t('columns.received', { time: formatExact(data.received) })}${note ? `\n${t(`timeNote.${data.timeNote}`)}` : ''}`
  return (
    <span title={title} draggable onDragStart={(event) => event.dataTransfer.setData(DRAGGED, data.id)}>
      <em>{iso.slice(5, 10)}</em> {iso.slice(11, 23).replace('Z', '')}
      {note ? <em>*</em> : null}
    </span>
  )
}
