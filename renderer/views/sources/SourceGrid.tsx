import { useEffect, useMemo, useRef, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { SourceStatus } from '../../../shared/model/source.ts'
import { Grid, type ColDef, type GridApi, type ICellRendererParams } from '../../components/Grid.tsx'
import { Sparkline } from '../../components/Spark.tsx'
import { formatExact, secondsSince } from '../../format/time.ts'
import { visibleText } from '../../format/text.ts'
import { useFormat } from '../../i18n/use-format.ts'
import { useEngineNow } from '../../state/clock.ts'
import { placeOf } from './draft.ts'
import { StateWord } from './StateWord.tsx'

type Params = ICellRendererParams<SourceStatus>

/** Behind by more than this (seconds), reading is late. */
const LATE = 60

function LastRecord({ data }: Params): ReactNode {
  const format = useFormat()
  const now = useEngineNow()
  if (!data?.lastRecord) return '–'
  return <span title={formatExact(data.lastRecord)}>{format.age(secondsSince(data.lastRecord, now))}</span>
}
function State({ data }: Params): ReactNode {
  return data ? <StateWord state={data.state} problem={data.problem} /> : null
}
function Rate({ data }: Params): ReactNode {
  const format = useFormat()
  if (!data) return null
  return (
    <span className="so-rate">
      <span>{format.rate(data.rate)}</span>
      <Sparkline counts={shrunk(data.rates)} width={60} />
    </span>
  )
}
/** Sixty values as twenty bars. */
const shrunk = (rates: readonly number[]): number[] =>
  Array.from(
    { length: Math.ceil(rates.length / 3) },
    (_, i) => rates.slice(i * 3, i * 3 + 3).reduce((sum, rate) => sum + rate, 0) / 3,
  )

const COLUMN = { resizable: false } as const

/** All sources, in the order in which they were added. */
export function SourceGrid({
  sources,
  narrow,
  chosen,
  onReady,
  onCurrent,
  onOpen,
}: {
  readonly sources: readonly SourceStatus[]
  /** The panel is open: what it shows leaves the grid. */
  readonly narrow: boolean
  /** The one the panel shows: selected, and in view when it comes from a link. */
  readonly chosen: string | null
  onReady(api: GridApi<SourceStatus>): void
  onCurrent(source: SourceStatus): void
  onOpen(source: SourceStatus): void
}): ReactNode {
  const { t } = useTranslation('sources')
  const format = useFormat()
  const latest = useRef({ onCurrent, onOpen })
  useEffect(() => {
    latest.current = { onCurrent, onOpen }
  })
  const [api, setApi] = useState<GridApi<SourceStatus> | null>(null)
  useEffect(() => {
    const node = chosen === null ? undefined : api?.getRowNode(chosen)
    if (!node || node.isSelected()) return
    node.setSelected(true, true)
    api?.ensureNodeVisible(node)
  }, [api, chosen])
  const columns = useMemo<ColDef<SourceStatus>[]>(() => {
    const figure = (field: 'records' | 'events' | 'rejected', width: number): ColDef<SourceStatus> => ({
      colId: field,
      headerName: t(`column.${field}`),
      headerClass: 'so-head-right',
      width,
      cellClass: ({ value }) => (field === 'rejected' && value === 0 ? 'so-num so-zero' : 'so-num'),
      valueGetter: ({ data }) => data?.[field],
      valueFormatter: ({ value }) => format.number(value as number),
    })
    const all: ColDef<SourceStatus>[] = [
      { colId: 'state', headerName: t('column.state'), width: 92, cellRenderer: State },
      {
        colId: 'name',
        headerName: t('column.name'),
        flex: 2,
        minWidth: 140,
        cellClass: 'so-bright',
        valueGetter: ({ data }) => visibleText(data?.settings.name ?? ''),
      },
      {
        colId: 'kind',
        headerName: t('kindTitle'),
        width: 108,
        valueGetter: ({ data }) => (data ? t(`kind.${data.settings.input.kind}`) : ''),
      },
      {
        colId: 'place',
        headerName: t('column.place'),
        flex: 3,
        minWidth: 160,
        cellClass: 'mono',
        valueGetter: ({ data }) => (data ? visibleText(placeOf(data.settings.input)) : ''),
      },
      {
        colId: 'formats',
        headerName: t('column.formats'),
        width: 124,
        cellClass: 'mono so-small',
        valueGetter: ({ data }) => data?.formats.join(', ') || '–',
      },
      { colId: 'rate', headerName: t('column.rate'), headerClass: 'so-head-right', width: 132, cellRenderer: Rate },
      {
        colId: 'lag',
        headerName: t('column.lag'),
        headerClass: 'so-head-right',
        width: 68,
        cellClass: ({ data }) => (data && data.lag > LATE ? 'so-num so-late' : 'so-num'),
        valueGetter: ({ data }) => (data ? (data.state === 'running' ? format.fineAge(data.lag) : '–') : ''),
      },
      {
        colId: 'last',
        headerName: t('column.last'),
        headerClass: 'so-head-right',
        width: 84,
        cellClass: 'so-num',
        cellRenderer: LastRecord,
      },
      figure('records', 96),
      figure('events', 96),
      figure('rejected', narrow ? 92 : 76),
      {
        colId: 'bytes',
        headerName: t('column.bytes'),
        headerClass: 'so-head-right',
        width: 100,
        cellClass: 'so-num',
        valueGetter: ({ data }) => (data ? format.bytes(data.bytes) : ''),
      },
    ]
    const left = narrow ? new Set(['kind', 'formats', 'records', 'bytes', 'last']) : new Set<string>()
    return all.filter(({ colId }) => !left.has(colId ?? ''))
  }, [t, format, narrow])
  return (
    <Grid<SourceStatus>
      label={t('grid')}
      rowData={sources as SourceStatus[]}
      columnDefs={columns}
      defaultColDef={COLUMN}
      getRowId={({ data }) => data.id}
      onGridReady={({ api: ready }) => {
        setApi(ready)
        onReady(ready)
      }}
      onCurrent={(row) => row && latest.current.onCurrent(row)}
      onRowDoubleClicked={({ data }) => data && latest.current.onOpen(data)}
    />
  )
}
