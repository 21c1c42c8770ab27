import { useEffect, useMemo, useRef, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Incident } from '../../../../shared/model/incident.ts'
import { useCommands } from '../../../app/commands.ts'
import { navigate, useRoute } from '../../../app/route.ts'
import { StatusItems } from '../../../app/StatusBar.tsx'
import { useQuery, useSubscription } from '../../../client/hooks.ts'
import { Button } from '../../../components/Button.tsx'
import { currentIndex, focusRow, moveCurrent, type GridApi } from '../../../components/Grid.tsx'
import { Pane } from '../../../components/Pane.tsx'
import { Segmented } from '../../../components/Segmented.tsx'
import { EmptyState, ErrorState, Loading } from '../../../components/States.tsx'
import { useFormat } from '../../../i18n/use-format.ts'
import { useKeys } from '../../../keys/use-keys.tsx'
import { useEngine } from '../../../state/engine.ts'
import { INCIDENT_KEYS } from '../incident-keys.ts'
import { incidentWay, listWay } from '../ways.ts'
import { IncidentGrid } from './IncidentGrid.tsx'
import { filterOf, isFiltered, NO_FILTER, paramsOf, searchOf, STATES, type ListFilter } from './list-filter.ts'
import { ImportCase } from '../papers/ImportCase.tsx'
import { NewIncident } from './NewIncident.tsx'

/** All incidents, the open ones first of all. */
export function IncidentList(): ReactNode {
  const { t } = useTranslation('incidents')
  const format = useFormat()
  const { params } = useRoute()
  const filter = useMemo(() => filterOf(params), [params])
  const me = useEngine(({ status }) => status?.operator ?? '')
  const { value, error, loading, refresh } = useQuery('incidents.list', searchOf(filter, me))
  const [creating, setCreating] = useState(false)
  const [importing, setImporting] = useState(false)
  const words = useRef<HTMLInputElement>(null)
  const api = useRef<GridApi<Incident> | null>(null)
  const first = useRef(true)
  useSubscription(
    'incidents.watch',
    { number: null },
    {
      next: () => {
        // The first only says where things stand.
        if (first.current) first.current = false
        else refresh()
      },
      reset: () => void (first.current = true),
    },
  )
  const change = (to: Partial<ListFilter>): void => navigate(listWay(paramsOf({ ...filter, ...to })), true)
  const focusList = (): void => {
    if (api.current) focusRow(api.current, Math.max(0, currentIndex(api.current)))
  }
  const open = (number: string): void => navigate(incidentWay(number))
  const incidents = value?.incidents ?? []
  const some = incidents.length > 0
  useKeys('incidents', INCIDENT_KEYS, {
    create: () => setCreating(true),
    importCase: () => setImporting(true),
    filter: () => words.current?.focus(),
    down: some ? () => api.current && moveCurrent(api.current, 1) : undefined,
    up: some ? () => api.current && moveCurrent(api.current, -1) : undefined,
    open: some
      ? () => {
          const index = api.current ? currentIndex(api.current) : -1
          const row = index < 0 ? null : api.current?.getDisplayedRowAtIndex(index)?.data
          if (!row) return false
          open(row.number)
          return true
        }
      : undefined,
    back: isFiltered(filter) ? () => change(NO_FILTER) : undefined,
  })
  useCommands(
    'incidents',
    useMemo(
      () => [
        { id: 'incidents.new', label: t('list.new'), place: t('title'), keys: 'n', run: () => setCreating(true) },
        { id: 'incidents.import', label: t('papers:case.import'), place: t('title'), keys: 'i', run: () => setImporting(true) },
      ],
      [t],
    ),
  )
  // The first row is current as soon as there is one, so that Enter opens it.
  useEffect(() => {
    if (some && api.current && currentIndex(api.current) < 0 && document.activeElement === document.body) focusRow(api.current, 0)
  }, [some])
  return (
    <div className="in">
      <div className="wf-viewbar">
        <input
          ref={words}
          className="wf-input wf-input-small in-words"
          type="search"
          aria-label={t('list.filter')}
          placeholder={t('list.filter')}
          maxLength={500}
          value={filter.text}
          onChange={(event) => change({ text: event.target.value })}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' && event.key !== 'Escape' && event.key !== 'ArrowDown') return
            event.preventDefault()
            event.stopPropagation()
            if (event.key === 'Escape') change({ text: '' })
            focusList()
          }}
        />
        <Segmented
          label={t('list.state')}
          segments={STATES.map((one) => ({ value: one, label: t(`list.states.${one}`) }))}
          value={filter.state}
          onChange={(state) => change({ state })}
        />
        <label className="wf-check in-mine">
          <input type="checkbox" checked={filter.mine} onChange={(event) => change({ mine: event.target.checked })} />
          {t('list.mine')}
        </label>
        <div className="grow" />
        <Button small keys="i" onClick={() => setImporting(true)}>
          {t('papers:case.import')}
        </Button>
        <Button small icon="plus" keys="n" onClick={() => setCreating(true)}>
          {t('list.new')}
        </Button>
      </div>
      {error ? (
        <ErrorState error={error} what={t('list.failed')} {...(value ? { works: t('list.kept') } : {})} onRetry={refresh} />
      ) : null}
      {loading && !value ? <Loading /> : null}
      {value === null ? null : some ? (
        <Pane label={t('title')} className="in-listpane" onEnter={focusList}>
          <IncidentGrid incidents={incidents} onReady={(ready) => void (api.current = ready)} onOpen={open} />
        </Pane>
      ) : (
        <EmptyState
          actions={
            isFiltered(filter) ? (
              <Button onClick={() => change(NO_FILTER)}>{t('list.clear')}</Button>
            ) : (
              <Button kind="primary" keys="n" onClick={() => setCreating(true)}>
                {t('list.new')}
              </Button>
            )
          }
        >
          {t(isFiltered(filter) ? 'list.none' : 'list.empty')}
        </EmptyState>
      )}
      {value ? (
        <StatusItems>
          <span>
            {value.total > incidents.length
              ? t('list.someOf', { shown: format.number(incidents.length), total: format.number(value.total) })
              : t('list.count', { count: value.total, figure: format.number(value.total) })}
          </span>
        </StatusItems>
      ) : null}
      {importing ? <ImportCase onClose={() => setImporting(false)} /> : null}
      {creating ? <NewIncident onClose={() => setCreating(false)} onDone={open} /> : null}
    </div>
  )
}
