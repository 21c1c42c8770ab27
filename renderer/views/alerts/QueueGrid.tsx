import { useEffect, useMemo, useRef, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Grid, type ColDef, type GridApi, type RowClassRules } from '../../components/Grid.tsx'
import { Icon } from '../../components/Icon.tsx'
import {
  AgeCell,
  AttackCell,
  CountCell,
  EndsCell,
  GroupHead,
  ImpactCell,
  KindCell,
  MarkCell,
  OwnerCell,
  SeverityCell,
  SparkCell,
  TacticCell,
  TitleCell,
  type QueueContext,
} from './cells.tsx'
import type { QueueRow } from './groups.ts'
import type { Order } from './queue-view.ts'
import { useShownRange } from './shown-range.ts'
import { useWidth } from './use-width.ts'

interface HeadParams {
  readonly displayName: string
  readonly orders?: readonly Order[]
  readonly order: Order
  onOrder(order: Order): void
}

/** A column head; where the queue can be ordered by it, a press does. */
function Head({ displayName, orders, order, onOrder }: HeadParams): ReactNode {
  if (!orders) return <span className="ellipsis">{displayName}</span>
  const at = orders.indexOf(order)
  return (
    <button
      type="button"
      className={at >= 0 ? 'al-head on' : 'al-head'}
      tabIndex={-1}
      onClick={() => onOrder(orders[(at + 1) % orders.length] ?? 'urgency')}
    >
      {displayName}
      {at >= 0 && orders.length > 1 ? <Icon name={at === 0 ? 'down' : 'up'} size={10} /> : null}
    </button>
  )
}

const ROW_CLASSES: RowClassRules<QueueRow> = {
  'al-fresh': ({ data }) => data?.kind === 'alert' && data.alert.owner === null && data.alert.state === 'open',
  'al-left': ({ data }) => data?.kind === 'alert' && data.left,
  'al-marked': ({ data }) => data?.kind === 'alert' && data.marked,
}

/** The rows. */
export function QueueGrid({
  rows,
  label,
  order,
  context,
  onApi,
  onOrder,
  onCurrent,
  onClicked,
  onOpen,
  onNearEnd,
  onRows,
}: {
  readonly rows: readonly QueueRow[]
  readonly label: string
  readonly order: Order
  readonly context: QueueContext
  /** The grid is there, or gone. */
  onApi(grid: GridApi<QueueRow> | null): void
  onOrder(order: Order): void
  onCurrent(row: QueueRow | null): void
  /** The reader has pressed a row, be it the current one. */
  onClicked(): void
  onOpen(): void
  onNearEnd(): void
  /** The grid has taken new rows. */
  onRows(): void
}): ReactNode {
  const { t, i18n } = useTranslation('alerts')
  const width = useWidth()
  const ordering = useRef(onOrder)
  const columns = useMemo<ColDef<QueueRow>[]>(() => {
    const narrow = width === 'narrow'
    const wide = width === 'wide' || width === 'huge'
    const huge = width === 'huge'
    const fixed = (
      colId: string,
      headerName: string,
      size: number,
      cellRenderer: unknown,
      more: ColDef<QueueRow> & { orders?: readonly Order[] } = {},
    ): ColDef<QueueRow> => {
      const { orders, ...rest } = more
      return {
        colId,
        headerName,
        width: size,
        minWidth: 20,
        cellRenderer,
        resizable: false,
        headerComponent: Head,
        headerComponentParams: { orders, order, onOrder: (next: Order) => ordering.current(next) },
        cellClass: `al-${colId}`,
        headerClass: `al-h-${colId}`,
        ...rest,
      }
    }
    return [
      fixed('mark', '', 23, MarkCell),
      fixed('severity', t('column.severity'), narrow ? 27 : 28, SeverityCell, { orders: ['urgency'] }),
      fixed('impact', t('column.impact'), huge ? 124 : narrow ? 101 : 106, ImpactCell, { orders: ['urgency'] }),
      fixed('kind', '', huge ? 48 : 34, KindCell),
      { ...fixed('title', t('column.detection'), 200, TitleCell, { orders: ['title'] }), flex: 1, minWidth: 120 },
      fixed('count', t('column.count'), huge ? 72 : narrow ? 42 : 44, CountCell, { orders: ['count'] }),
      fixed('spark', t('column.spark'), 62, SparkCell, { hide: narrow }),
      fixed('ends', t('column.ends'), huge ? 420 : wide ? 300 : narrow ? 212 : 274, EndsCell, {
        orders: ['source', 'destination'],
      }),
      fixed('tactic', t('column.tactic'), huge ? 200 : 140, TacticCell, { hide: !wide }),
      fixed('attack', t('column.attack'), 52, AttackCell),
      fixed('age', t('column.age'), i18n.language === 'ko' ? 84 : narrow ? 54 : 58, AgeCell, { orders: ['newest', 'oldest'] }),
      fixed('owner', '', 30, OwnerCell),
    ]
  }, [t, i18n.language, width, order])
  const nearEnd = useRef(onNearEnd)
  useEffect(() => {
    nearEnd.current = onNearEnd
    ordering.current = onOrder
  })
  const report = (grid: GridApi<QueueRow>): void => {
    const { top, bottom } = grid.getVerticalPixelRange()
    const count = grid.getDisplayedRowCount()
    const first = Math.floor(top / 28)
    const last = Math.min(count - 1, Math.floor((bottom - 1) / 28))
    const before = useShownRange.getState()
    if (before.first !== first || before.last !== last) useShownRange.setState({ first, last })
    if (count > 0 && last > count - 60) nearEnd.current()
  }
  return (
    <Grid<QueueRow>
      className={`al-grid al-${width}`}
      headerHeight={57}
      label={label}
      rowData={rows as QueueRow[]}
      columnDefs={columns}
      context={context}
      getRowId={({ data }) => data.id}
      rowClassRules={ROW_CLASSES}
      isFullWidthRow={({ rowNode }) => rowNode.data?.kind === 'group'}
      fullWidthCellRenderer={GroupHead}
      onCurrent={onCurrent}
      onRowClicked={onClicked}
      onRowDoubleClicked={onOpen}
      onGridReady={(event) => onApi(event.api)}
      onGridPreDestroyed={() => onApi(null)}
      onViewportChanged={(event) => report(event.api)}
      onRowDataUpdated={(event) => {
        report(event.api)
        onRows()
      }}
    />
  )
}
