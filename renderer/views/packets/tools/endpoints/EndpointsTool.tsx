import { useEffect, useMemo, useRef, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useQuery } from '../../../../client/hooks.ts'
import type { OutputOf } from '../../../../client/types.ts'
import { Button } from '../../../../components/Button.tsx'
import { EmptyState, ErrorState, Loading } from '../../../../components/States.tsx'
import { useFormat } from '../../../../i18n/use-format.ts'
import type { ToolProps } from '../define.ts'
import { endpointFilter } from '../../filter/flow-filter.ts'
import { LimitToFilter } from '../shared/LimitToFilter.tsx'
import { sortRows } from '../shared/sort-rows.ts'
import { ToolFrame } from '../shared/ToolFrame.tsx'
import { sortAfter, ToolGrid, type Sort, type ToolColumn } from '../shared/ToolGrid.tsx'
import { useInsideKeys } from '../shared/use-inside-keys.ts'

type Endpoint = OutputOf<'packets.endpoints'>['endpoints'][number]
const LIMIT = 5000

const VALUES: Readonly<Record<string, (row: Endpoint) => string | number>> = {
  address: (row) => row.address,
  port: (row) => row.port ?? -1,
  transport: (row) => row.transport,
  packets: (row) => row.sentPackets + row.receivedPackets,
  bytes: (row) => row.sentBytes + row.receivedBytes,
  sentPackets: (row) => row.sentPackets,
  sentBytes: (row) => row.sentBytes,
  receivedPackets: (row) => row.receivedPackets,
  receivedBytes: (row) => row.receivedBytes,
}
const idOf = (row: Endpoint): string => `${row.address} ${row.port ?? ''} ${row.transport}`

/** Hosts, or their ports, with what they sent and received. */
export default function EndpointsTool({ capture, view, filter, onFilter, onClose }: ToolProps): ReactNode {
  const { t } = useTranslation('packet-tools')
  const format = useFormat()
  const body = useRef<HTMLDivElement>(null)
  const [ports, setPorts] = useState(false)
  const [limited, setLimited] = useState(true)
  const [sort, setSort] = useState<Sort>({ column: 'bytes', descending: true })
  const [current, setCurrent] = useState<Endpoint | null>(null)
  const of = limited ? view : null
  const { value, error, loading, refresh } = useQuery('packets.endpoints', { capture: capture.id, view: of, ports, limit: LIMIT })
  const ready = capture.state !== 'indexing'
  // Once more when all packets are there.
  const was = useRef(ready)
  useEffect(() => {
    if (ready && !was.current) refresh()
    was.current = ready
  }, [ready, refresh])
  const rows = useMemo(() => sortRows(value?.endpoints ?? [], VALUES[sort.column] ?? (() => 0), sort.descending), [value, sort])
  const columns = useMemo<ToolColumn<Endpoint>[]>(() => {
    const figure = (id: string, text: (row: Endpoint) => string): ToolColumn<Endpoint> => ({
      id,
      head: t(`endpoints.column.${id}`),
      width: 104,
      right: true,
      sorts: true,
      text,
    })
    return [
      { id: 'address', head: t('endpoints.column.address'), flex: 1, minWidth: 200, mono: true, sorts: true, text: (row) => row.address },
      ...(ports ? [{ id: 'port', head: t('endpoints.column.port'), width: 76, right: true, sorts: true, text: (row: Endpoint) => (row.port === null ? '' : String(row.port)) }] : []),
      { id: 'transport', head: t('endpoints.column.transport'), width: 92, sorts: true, text: (row) => row.transport.toUpperCase() },
      figure('packets', (row) => format.number(row.sentPackets + row.receivedPackets)),
      figure('bytes', (row) => format.bytes(row.sentBytes + row.receivedBytes)),
      figure('sentPackets', (row) => format.number(row.sentPackets)),
      figure('sentBytes', (row) => format.bytes(row.sentBytes)),
      figure('receivedPackets', (row) => format.number(row.receivedPackets)),
      figure('receivedBytes', (row) => format.bytes(row.receivedBytes)),
    ] // prettier-ignore
  }, [t, format, ports])
  const filterOf = (row: Endpoint | null): string =>
    row ? endpointFilter(row.address, row.transport.toLowerCase(), row.port) : ''
  const apply = (text: string): unknown => (text === '' ? false : onFilter(text))
  useInsideKeys(
    body,
    [
      { keys: ['f'], run: () => apply(filterOf(current)) },
      { keys: ['o'], run: () => setPorts(!ports) },
    ],
    true,
  )
  return (
    <ToolFrame
      title={t('tool.endpoints')}
      facts={
        value
          ? t('endpoints.count', { count: value.total, figure: `${format.number(value.total)}${value.complete ? '' : '+'}` })
          : null
      }
      controls={
        <>
          <LimitToFilter view={view} filter={filter} limited={limited} onChange={setLimited} />
          <label className="wf-check pt-limit">
            <input type="checkbox" checked={ports} onChange={(event) => setPorts(event.target.checked)} />
            <span>{t('endpoints.ports')}</span>
          </label>
        </>
      }
      onClose={onClose}
    >
      <div ref={body} className="pt-fill">
        {error ? <ErrorState error={error} what={t('endpoints.failed')} onRetry={refresh} /> : null}
        <Loading waiting={loading} />
        {value && rows.length === 0 ? (
          <EmptyState>{t(of === null ? 'endpoints.empty' : 'emptyFilter')}</EmptyState>
        ) : (
          <ToolGrid<Endpoint>
            label={t('tool.endpoints')}
            columns={columns}
            rows={rows}
            sort={sort}
            idOf={idOf}
            onSort={(column) =>
              setSort((before) => sortAfter(before, column, !['address', 'port', 'transport'].includes(column)))
            }
            onCurrent={setCurrent}
            onChoose={(row) => apply(filterOf(row))}
          />
        )}
        <div className="pt-foot">
          <Button small keys="f" disabled={filterOf(current) === ''} onClick={() => apply(filterOf(current))}>
            {t('filterEndpoint')}
          </Button>
          <span className="grow" />
          {value && !value.complete ? <span>{t('endpoints.more', { figure: format.number(value.total) })}</span> : null}
          {value && value.total > value.endpoints.length ? (
            <span>{t('endpoints.cut', { figure: format.number(value.endpoints.length) })}</span>
          ) : null}
        </div>
      </div>
    </ToolFrame>
  )
}
