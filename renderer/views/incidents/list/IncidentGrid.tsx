import { useEffect, useMemo, useRef, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { PHASES, type Incident } from '../../../../shared/model/incident.ts'
import { Grid, type ColDef, type GridApi, type ICellRendererParams } from '../../../components/Grid.tsx'
import { SeverityGlyph } from '../../../components/Severity.tsx'
import { ImpactBadge } from '../../../components/Verdict.tsx'
import { formatExact, secondsSince } from '../../../format/time.ts'
import { visibleText } from '../../../format/text.ts'
import { useFormat } from '../../../i18n/use-format.ts'
import { useEngineNow } from '../../../state/clock.ts'
import { TlpMark } from '../marks.tsx'

type Params = ICellRendererParams<Incident>
const COLUMN = { resizable: false } as const

function Level({ data }: Params): ReactNode {
  return data ? <SeverityGlyph severity={data.severity} /> : null
}
function Title({ data }: Params): ReactNode {
  return data ? <span title={visibleText(data.title)}>{visibleText(data.title)}</span> : null
}
function Impact({ data }: Params): ReactNode {
  return data ? <ImpactBadge impact={data.impact?.result ?? 'unverified'} /> : null
}
function Traffic({ data }: Params): ReactNode {
  return data ? <TlpMark tlp={data.tlp} /> : null
}
/** The last phase it reached. */
export function lastReached(incident: Incident): { readonly phase: (typeof PHASES)[number]; readonly at: string } | null {
  for (const phase of PHASES.toReversed()) {
    const at = incident.times[phase]
    if (at) return { phase, at }
  }
  return null
}
function Reached({ data }: Params): ReactNode {
  const format = useFormat()
  const now = useEngineNow()
  const last = data ? (lastReached(data)?.at ?? data.created) : null
  return last === null ? null : <span title={formatExact(last)}>{format.age(secondsSince(last, now))}</span>
}
function Opened({ data }: Params): ReactNode {
  const format = useFormat()
  const now = useEngineNow()
  return data ? <span title={formatExact(data.created)}>{format.age(secondsSince(data.created, now))}</span> : null
}

/** One row for each. */
export function IncidentGrid({
  incidents,
  onReady,
  onOpen,
}: {
  readonly incidents: readonly Incident[]
  onReady(api: GridApi<Incident>): void
  onOpen(number: string): void
}): ReactNode {
  const { t } = useTranslation('incidents')
  const format = useFormat()
  const latest = useRef(onOpen)
  useEffect(() => {
    latest.current = onOpen
  })
  const columns = useMemo<ColDef<Incident>[]>(() => {
    const figure = (colId: string, value: (incident: Incident) => number): ColDef<Incident> => ({
      colId,
      headerName: t(`column.${colId}`),
      headerClass: 'in-head-right',
      width: 72,
      cellClass: ({ value: count }) => (count === 0 ? 'in-num in-zero' : 'in-num'),
      valueGetter: ({ data }) => (data ? value(data) : 0),
      valueFormatter: ({ value: count }) => format.number(count as number),
    })
    return [
      { colId: 'severity', headerName: t('column.severity'), width: 52, cellClass: 'in-glyph', cellRenderer: Level },
      {
        colId: 'number',
        headerName: t('column.number'),
        width: 128,
        cellClass: 'mono',
        valueGetter: ({ data }) => data?.number ?? '',
      },
      { colId: 'title', headerName: t('column.title'), flex: 3, minWidth: 180, cellClass: 'in-bright', cellRenderer: Title },
      {
        colId: 'status',
        headerName: t('column.status'),
        width: 96,
        valueGetter: ({ data }) => (data ? t(`status.${data.status}`) : ''),
      },
      {
        colId: 'reached',
        headerName: t('column.reached'),
        headerClass: 'in-head-right',
        width: 84,
        cellClass: 'in-num',
        cellRenderer: Reached,
      },
      {
        colId: 'impact',
        headerName: t('column.impact'),
        width: 118,
        cellClass: 'in-badge',
        headerClass: 'in-head-badge',
        cellRenderer: Impact,
      },
      { colId: 'tlp', headerName: 'TLP', width: 128, cellClass: 'in-badge', headerClass: 'in-head-badge', cellRenderer: Traffic },
      {
        colId: 'owner',
        headerName: t('column.owner'),
        flex: 1,
        minWidth: 88,
        valueGetter: ({ data }) => visibleText(data?.owner ?? '–'),
      },
      {
        colId: 'customer',
        headerName: t('column.customer'),
        flex: 1,
        minWidth: 88,
        valueGetter: ({ data }) => visibleText(data?.customer ?? '–'),
      },
      figure('alerts', ({ counts }) => counts.alerts),
      figure('evidence', ({ counts }) => counts.evidence),
      {
        ...figure('tasks', ({ counts }) => counts.tasks),
        valueFormatter: ({ data }) =>
          data && data.counts.tasks > 0 ? `${format.number(data.counts.tasksDone)}/${format.number(data.counts.tasks)}` : '–',
      },
      {
        colId: 'opened',
        headerName: t('column.opened'),
        headerClass: 'in-head-right',
        width: 84,
        cellClass: 'in-num',
        cellRenderer: Opened,
      },
    ]
  }, [t, format])
  return (
    <Grid<Incident>
      label={t('title')}
      rowData={incidents as Incident[]}
      columnDefs={columns}
      defaultColDef={COLUMN}
      getRowId={({ data }) => data.number}
      onGridReady={({ api }) => onReady(api)}
      onRowDoubleClicked={({ data }) => data && latest.current(data.number)}
    />
  )
}
