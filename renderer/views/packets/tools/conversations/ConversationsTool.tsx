import { useEffect, useMemo, useRef, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { WatchfloorError } from '../../../../../shared/model/result.ts'
import type { InputOf } from '../../../../client/types.ts'
import { useClient, useQuery } from '../../../../client/hooks.ts'
import { Button } from '../../../../components/Button.tsx'
import type { IDatasource } from '../../../../components/Grid.tsx'
import { EmptyState, ErrorState } from '../../../../components/States.tsx'
import { Tabs } from '../../../../components/Tabs.tsx'
import { visibleText } from '../../../../format/text.ts'
import { useFormat } from '../../../../i18n/use-format.ts'
import type { ToolProps } from '../define.ts'
import { isoSeconds } from '../shared/capture-time.ts'
import { flowFilter, pairFilter } from '../../filter/flow-filter.ts'
import { LimitToFilter } from '../shared/LimitToFilter.tsx'
import { ToolFrame } from '../shared/ToolFrame.tsx'
import { sortAfter, ToolGrid, type Sort } from '../shared/ToolGrid.tsx'
import { useInsideKeys } from '../shared/use-inside-keys.ts'
import { useWide } from '../shared/use-wide.ts'
import { FIGURES, isOrder, useConversationColumns, type Conversation } from './use-columns.ts'

type Asked = InputOf<'packets.conversations'>
type Transport = NonNullable<Asked['transport']>
const TRANSPORTS: readonly Transport[] = ['all', 'tcp', 'udp', 'sctp', 'icmp', 'ip', 'ethernet']
const BODY = 'packet-conversations'

/** Who spoke with whom: by transport, sorted, of the filter or of all packets, of one pair. */
export default function ConversationsTool({ capture, view, filter, onPacket, onFilter, onTool, onClose }: ToolProps): ReactNode {
  const { t } = useTranslation('packet-tools')
  const format = useFormat()
  const client = useClient()
  const body = useRef<HTMLDivElement>(null)
  const [usual, wide] = [useWide(1560), useWide(1900)]
  const [transport, setTransport] = useState<Transport>('all')
  const [limited, setLimited] = useState(true)
  const [pair, setPair] = useState<readonly [string, string] | null>(null)
  const [sort, setSort] = useState<Sort>({ column: 'first', descending: false })
  const [current, setCurrent] = useState<Conversation | null>(null)
  const [error, setError] = useState<WatchfloorError | null>(null)
  const [turn, setTurn] = useState(0)
  const of = limited ? view : null
  // Counts change while a capture is read; a few times are enough.
  const progress = Math.floor(capture.packets / 50_000)
  const shared = useMemo(
    () => ({ capture: capture.id, view: of, pair: pair === null ? null : ([pair[0], pair[1]] as [string, string]) }),
    [capture.id, of, pair],
  )
  const count = { ...shared, count: 1 } as const
  const totals: Record<Transport, number | undefined> = {
    all: useTotal({ ...count, transport: 'all' }, progress),
    tcp: useTotal({ ...count, transport: 'tcp' }, progress),
    udp: useTotal({ ...count, transport: 'udp' }, progress),
    sctp: useTotal({ ...count, transport: 'sctp' }, progress),
    icmp: useTotal({ ...count, transport: 'icmp' }, progress),
    ip: useTotal({ ...count, transport: 'ip' }, progress),
    ethernet: useTotal({ ...count, transport: 'ethernet' }, progress),
  }
  const source = useMemo<IDatasource>(
    () => ({
      getRows: ({ startRow, endRow, successCallback, failCallback }) => {
        const order = isOrder(sort.column) ? sort.column : 'first'
        const asked: Asked = {
          ...shared,
          transport,
          order,
          descending: sort.descending,
          from: startRow,
          count: endRow - startRow,
        }
        void client.query('packets.conversations', asked).then((result) => {
          if (result.ok) successCallback(result.value.flows, result.value.total)
          else failCallback()
          setError(result.ok ? null : result.error)
        })
      },
    }),
    [client, shared, transport, sort],
  )
  const columns = useConversationColumns(isoSeconds(capture.first), wide ? 'wide' : usual ? 'usual' : 'narrow')
  const filterOf = (row: Conversation | null): string => (row ? flowFilter(row) : '')
  const pairOf = (row: Conversation | null): string => (row ? pairFilter(row.client.ip, row.server.ip) : '')
  const follows = (row: Conversation | null): boolean => row !== null && /^(?:tcp|udp)$/i.test(row.transport)
  const apply = (text: string): unknown => (text === '' ? false : onFilter(text))
  const togglePair = (): unknown => {
    if (pair !== null) return setPair(null)
    return current ? setPair([current.client.ip, current.server.ip]) : false
  }
  useInsideKeys(
    body,
    [
      { keys: ['f'], run: () => apply(filterOf(current)) },
      { keys: ['o'], run: togglePair },
      { keys: ['s'], run: () => (current && follows(current) ? onTool('follow', current.flow) : false) },
    ],
    true,
  )
  const total = totals[transport]
  return (
    <ToolFrame
      title={t('tool.conversations')}
      facts={total === undefined ? null : t('conversations.count', { count: total, figure: format.number(total) })}
      controls={<LimitToFilter view={view} filter={filter} limited={limited} onChange={setLimited} />}
      onClose={onClose}
    >
      <div ref={body} className="pt-fill">
        <div className="pt-tools">
          <Tabs
            label={t('conversations.transports')}
            controls={BODY}
            selected={transport}
            onSelect={(id) => setTransport(TRANSPORTS.find((one) => one === id) ?? 'all')}
            tabs={TRANSPORTS.filter((id) => id === transport || totals[id] !== 0).map((id) => {
              const figure = totals[id]
              return {
                id,
                label: t(`conversations.transport.${id}`),
                count: figure === undefined ? undefined : format.number(figure),
              }
            })}
          />
          {pair ? (
            <button type="button" className="wf-chip mono" onClick={() => setPair(null)} aria-label={t('conversations.allPairs')}>
              {visibleText(pair[0])} ↔ {visibleText(pair[1])} ×
            </button>
          ) : null}
        </div>
        {error ? (
          <ErrorState error={error} what={t('conversations.failed')} onRetry={() => setTurn((before) => before + 1)} />
        ) : null}
        <div id={BODY} role="tabpanel" aria-label={t(`conversations.transport.${transport}`)} className="pt-fill">
          {total === 0 ? (
            <EmptyState>{t(of === null ? 'conversations.empty' : 'emptyFilter')}</EmptyState>
          ) : (
            <ToolGrid<Conversation>
              label={t('tool.conversations')}
              columns={columns}
              source={source}
              revision={`${turn} ${progress}`}
              sort={sort}
              idOf={(row) => String(row.flow)}
              onSort={(column) => setSort((before) => sortAfter(before, column, FIGURES.has(column)))}
              onCurrent={setCurrent}
              onChoose={(row) => apply(filterOf(row))}
            />
          )}
        </div>
        <div className="pt-foot">
          <Button small keys="f" disabled={filterOf(current) === ''} onClick={() => apply(filterOf(current))}>
            {t('filterFlow')}
          </Button>
          <Button small keys="s" disabled={!follows(current)} onClick={() => current && onTool('follow', current.flow)}>
            {t('conversations.follow')}
          </Button>
          <Button
            small
            keys="o"
            aria-pressed={pair !== null}
            disabled={pair === null && pairOf(current) === ''}
            onClick={togglePair}
          >
            {t('conversations.pair')}
          </Button>
          <Button small kind="quiet" disabled={!current} onClick={() => current && onPacket(current.firstPacket)}>
            {t('conversations.firstPacket')}
          </Button>
        </div>
      </div>
    </ToolFrame>
  )
}

/** How many conversations of a kind there are; undefined until it is known. */
function useTotal(input: Asked, progress: number): number | undefined {
  const { value, refresh } = useQuery('packets.conversations', input)
  const asked = useRef(progress)
  useEffect(() => {
    if (asked.current === progress) return
    asked.current = progress
    refresh()
  }, [progress, refresh])
  return value?.total
}
