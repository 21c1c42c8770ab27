import { useEffect, useMemo, useRef, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { RuleSummary } from '../../../shared/model/rule.ts'
import { Grid, type ColDef, type GridApi, type ICellRendererParams } from '../../components/Grid.tsx'
import { SeverityGlyph } from '../../components/Severity.tsx'
import { formatExact, secondsSince } from '../../format/time.ts'
import { visibleText } from '../../format/text.ts'
import { useFormat } from '../../i18n/use-format.ts'
import { useEngineNow } from '../../state/clock.ts'
import { fileIn, isScheduled } from './filter.ts'

type Params = ICellRendererParams<RuleSummary>
const COLUMN = { resizable: false } as const
const CLASSES = { 'ru-off': ({ data }: { data: RuleSummary | undefined }) => data !== undefined && !data.enabled }

function LastAlert({ data }: Params): ReactNode {
  const format = useFormat()
  const now = useEngineNow()
  if (!data?.lastAlert) return '–'
  return <span title={formatExact(data.lastAlert)}>{format.age(secondsSince(data.lastAlert, now))}</span>
}
function Level({ data }: Params): ReactNode {
  return data ? <SeverityGlyph severity={data.level} /> : null
}
function Title({ data }: Params): ReactNode {
  const { t } = useTranslation('rules')
  if (!data) return null
  return (
    <span className="ru-title">
      <span className="ellipsis" title={visibleText(data.title)}>
        {visibleText(data.title)}
      </span>
      {data.slow === null ? null : <em className="ru-slow">{t('slow')}</em>}
      {data.reachable ? null : <em title={t('unreachableWhy')}>{t('unreachable')}</em>}
    </span>
  )
}

/** Rules as rows; thousands are no matter. */
export function RuleGrid({
  rules,
  narrow,
  chosen,
  onReady,
  onCurrent,
  onOpen,
}: {
  readonly rules: readonly RuleSummary[]
  /** The panel is open: what it shows leaves the grid. */
  readonly narrow: boolean
  /** The one the panel shows: selected, and in view when it comes from a link. */
  readonly chosen: string | null
  onReady(api: GridApi<RuleSummary>): void
  onCurrent(rule: RuleSummary): void
  onOpen(rule: RuleSummary): void
}): ReactNode {
  const { t } = useTranslation('rules')
  const format = useFormat()
  const latest = useRef({ onCurrent, onOpen })
  useEffect(() => {
    latest.current = { onCurrent, onOpen }
  })
  const [api, setApi] = useState<GridApi<RuleSummary> | null>(null)
  useEffect(() => {
    const node = chosen === null ? undefined : api?.getRowNode(chosen)
    if (!node || node.isSelected()) return
    node.setSelected(true, true)
    api?.ensureNodeVisible(node)
  }, [api, chosen])
  const columns = useMemo<ColDef<RuleSummary>[]>(() => {
    const all: ColDef<RuleSummary>[] = [
      { colId: 'level', headerName: t('column.level'), width: 44, cellClass: 'ru-glyph', cellRenderer: Level },
      { colId: 'title', headerName: t('column.title'), flex: 3, minWidth: 220, cellClass: 'ru-bright', cellRenderer: Title },
      {
        colId: 'state',
        headerName: t('column.state'),
        width: 92,
        valueGetter: ({ data }) => (data ? t(!data.enabled ? 'off' : isScheduled(data) ? 'scheduled' : 'on') : ''),
      },
      {
        colId: 'logsource',
        headerName: t('column.logsource'),
        flex: 2,
        minWidth: 160,
        valueGetter: ({ data }) => visibleText(data?.logsource ?? ''),
      },
      {
        colId: 'attack',
        headerName: 'ATT&CK',
        width: 150,
        cellClass: 'mono ru-small',
        valueGetter: ({ data }) => data?.attack.filter((id) => id.startsWith('T') && !id.startsWith('TA')).join(' ') || '–',
      },
      { colId: 'status', headerName: t('column.status'), width: 96, valueGetter: ({ data }) => visibleText(data?.status ?? '') },
      {
        colId: 'alerts',
        headerName: t('column.alerts'),
        headerClass: 'ru-head-right',
        width: narrow ? 92 : 76,
        cellClass: ({ value }) => (value === 0 ? 'ru-num ru-zero' : 'ru-num'),
        valueGetter: ({ data }) => data?.alerts ?? 0,
        valueFormatter: ({ value }) => format.number(value as number),
      },
      {
        colId: 'last',
        headerName: t('column.last'),
        headerClass: 'ru-head-right',
        width: 88,
        cellClass: 'ru-num',
        cellRenderer: LastAlert,
      },
      {
        colId: 'cost',
        headerName: t('column.cost'),
        headerClass: 'ru-head-right',
        width: 76,
        cellClass: ({ value }) => (value === 0 ? 'ru-num ru-zero' : 'ru-num'),
        valueGetter: ({ data }) => data?.cost?.share ?? 0,
        valueFormatter: ({ value }) => (value === 0 ? '–' : `${format.number((value as number) * 100, 1)} %`),
      },
      {
        colId: 'file',
        headerName: t('column.file'),
        flex: 2,
        minWidth: 140,
        cellClass: 'mono ru-small',
        valueGetter: ({ data }) => visibleText(data ? fileIn(data) : ''),
      },
    ]
    const left = narrow ? new Set(['status', 'file', 'attack', 'last', 'cost']) : new Set<string>()
    return all.filter(({ colId }) => !left.has(colId ?? ''))
  }, [t, format, narrow])
  return (
    <Grid<RuleSummary>
      label={t('grid')}
      rowData={rules as RuleSummary[]}
      columnDefs={columns}
      defaultColDef={COLUMN}
      rowClassRules={CLASSES}
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
