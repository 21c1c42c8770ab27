import { useEffect, useMemo, useRef, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { AssetRow } from '../../../shared/asset-contract.ts'
import { Grid, type ColDef, type GridApi, type ICellRendererParams } from '../../components/Grid.tsx'
import { formatExact, secondsSince } from '../../format/time.ts'
import { visibleText } from '../../format/text.ts'
import { useFormat } from '../../i18n/use-format.ts'
import { useEngineNow } from '../../state/clock.ts'
import { WeaknessMarks } from './WeaknessMarks.tsx'

type Params = ICellRendererParams<AssetRow>

function Name({ data }: Params): ReactNode {
  const { t } = useTranslation('assets')
  if (!data) return null
  return (
    <span className="as-name">
      <b className="ellipsis">{visibleText(data.asset.name)}</b>
      {data.asset.observed ? <em>{t('observed')}</em> : null}
    </span>
  )
}
function Weak({ data }: Params): ReactNode {
  return data ? <WeaknessMarks counts={data.weaknesses} /> : null
}
function LastSeen({ data }: Params): ReactNode {
  const format = useFormat()
  const now = useEngineNow()
  if (!data?.asset.lastSeen) return '–'
  return <span title={formatExact(data.asset.lastSeen)}>{format.age(Math.max(0, secondsSince(data.asset.lastSeen, now)))}</span>
}

const COLUMN = { resizable: false } as const
const addresses = ({ asset: { addresses: own, networks, seen } }: AssetRow): string =>
  [...own, ...networks, ...seen.addresses].join(' ')

export function AssetGrid({
  rows,
  narrow,
  chosen,
  onReady,
  onCurrent,
  onOpen,
}: {
  readonly rows: readonly AssetRow[]
  /** The page of one is open: what it shows leaves the grid. */
  readonly narrow: boolean
  readonly chosen: string | null
  onReady(api: GridApi<AssetRow>): void
  onCurrent(id: string): void
  onOpen(id: string): void
}): ReactNode {
  const { t } = useTranslation('assets')
  const format = useFormat()
  const latest = useRef({ onCurrent, onOpen })
  useEffect(() => {
    latest.current = { onCurrent, onOpen }
  })
  const [api, setApi] = useState<GridApi<AssetRow> | null>(null)
  useEffect(() => {
    const node = chosen === null ? undefined : api?.getRowNode(chosen)
    if (!node || node.isSelected()) return
    node.setSelected(true, true)
    api?.ensureNodeVisible(node)
  }, [api, chosen, rows])
  const columns = useMemo<ColDef<AssetRow>[]>(() => {
    const all: ColDef<AssetRow>[] = [
      { colId: 'name', headerName: t('column.name'), flex: 3, minWidth: 150, cellRenderer: Name },
      {
        colId: 'addresses',
        headerName: t('column.addresses'),
        flex: 3,
        minWidth: 150,
        cellClass: 'mono',
        valueGetter: ({ data }) => (data ? visibleText(addresses(data)) : ''),
      },
      {
        colId: 'customer',
        headerName: t('column.customer'),
        flex: 2,
        minWidth: 110,
        valueGetter: ({ data }) => visibleText(data?.customerName ?? '–'),
      },
      {
        colId: 'criticality',
        headerName: t('column.criticality'),
        width: 96,
        cellClass: ({ data }) => (data?.asset.observed ? 'as-off' : ''),
        valueGetter: ({ data }) => (data ? (data.asset.observed ? '–' : t(`criticality.${data.asset.criticality}`)) : ''),
      },
      {
        colId: 'services',
        headerName: t('column.services'),
        headerClass: 'as-head-right',
        width: 84,
        cellClass: 'as-num',
        valueGetter: ({ data }) => data?.services,
        valueFormatter: ({ value }) => format.number((value as number | undefined) ?? 0),
      },
      { colId: 'weaknesses', headerName: t('column.weaknesses'), width: narrow ? 190 : 210, cellRenderer: Weak },
      {
        colId: 'alerts',
        headerName: t('column.alerts'),
        headerClass: 'as-head-right',
        width: 104,
        cellClass: ({ data }) => (data?.openAlerts ? 'as-num' : 'as-num as-off'),
        valueGetter: ({ data }) => (data?.openAlerts === null || data === undefined ? '–' : format.number(data.openAlerts)),
      },
      {
        colId: 'seen',
        headerName: t('column.seen'),
        headerClass: 'as-head-right',
        width: 96,
        cellClass: 'as-num',
        cellRenderer: LastSeen,
      },
    ]
    const left = narrow ? new Set(['addresses', 'criticality', 'services', 'seen', 'customer']) : new Set<string>()
    return all.filter(({ colId }) => !left.has(colId ?? ''))
  }, [t, format, narrow])
  return (
    <Grid<AssetRow>
      label={t('grid')}
      rowData={rows as AssetRow[]}
      columnDefs={columns}
      defaultColDef={COLUMN}
      getRowId={({ data }) => data.asset.id}
      onGridReady={({ api: ready }) => {
        setApi(ready)
        onReady(ready)
      }}
      onCurrent={(row) => row && latest.current.onCurrent(row.asset.id)}
      onRowDoubleClicked={({ data }) => data && latest.current.onOpen(data.asset.id)}
    />
  )
}
