import { flushSync } from 'react-dom'
import { useCallback, useEffect, useId, useMemo, useRef, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Alert, Verdict } from '../../../shared/model/alert.ts'
import { termFor } from '../../../shared/query/print.ts'
import { useCommands, type Command } from '../../app/commands.ts'
import { formatRoute, navigate, useRoute } from '../../app/route.ts'
import { useKeys } from '../../keys/use-keys.tsx'
import { Welcome } from '../../app/Welcome.tsx'
import { useClient, useQuery } from '../../client/hooks.ts'
import { Pane } from '../../components/Pane.tsx'
import { ErrorState, Loading } from '../../components/States.tsx'
import { stepOf, windowOf } from '../../components/time-range.ts'
import { useFormat } from '../../i18n/use-format.ts'
import { useBadges } from '../../state/badges.ts'
import { useMoment } from '../../state/clock.ts'
import { useEngine } from '../../state/engine.ts'
import { useNotice } from '../../state/notice.ts'
import { QueryInput } from '../../widgets/query-input/QueryInput.tsx'
import { ALERT_KEYS } from './alert-keys.ts'
import { ArrivalLine } from './ArrivalLine.tsx'
import { zoomed } from './around-scale.ts'
import type { QueueContext } from './cells.tsx'
import { DecisionBar } from './DecisionBar.tsx'
import { startReading, toggleMarks, useDesk } from './desk.ts'
import { Detail } from './Detail.tsx'
import { ALERT_FIELDS, fixedValues } from './fields.ts'
import { groupedRows, rowKeeper, type AlertRow } from './groups.ts'
import { pivotsOf } from './pivots.ts'
import { between, nextWaiting } from './queue.ts'
import { QueueEmpty } from './QueueEmpty.tsx'
import { QueueGrid } from './QueueGrid.tsx'
import { QueueStatus } from './QueueStatus.tsx'
import {
  bothOf,
  ownTabs,
  paramsOfView,
  savedTab,
  savedValue,
  tabOfParams,
  viewOfParams,
  type QueueTab,
  type QueueView,
} from './queue-view.ts'
import { eventsLink } from '../../app/route.ts'
import { TriageDialogs, useTriage } from './triage/TriageDialogs.tsx'
import { useActions, type Said } from './use-actions.ts'
import { isAlert, useCursor } from './use-cursor.ts'
import { useTabCounts } from './use-tab-counts.ts'
import { useShownRaw } from './use-copy.ts'
import { useVerifyNow } from './verify-now.ts'
import { useQueue } from './use-queue.ts'
import { ViewBar } from './ViewBar.tsx'
import './alerts.css'

/** Groups are made of loaded rows: at most so many are loaded for them. */
const GROUPED = 5000
const VERDICT_KEYS: readonly Verdict[] = ['tp_impact', 'tp_no_impact', 'false_positive', 'benign_tp', 'undetermined']

export default function AlertsView(): ReactNode {
  const fresh = useEngine(
    ({ status }) => status !== null && status.sources.total === 0 && status.events === 0 && status.openAlerts === 0,
  )
  return fresh ? <Welcome /> : <Queue />
}

function useTabs(operator: string | null): { readonly tabs: readonly QueueTab[]; reload(): void } {
  const { value, refresh } = useQuery('views.list', { page: 'alerts' })
  const tabs = useMemo(() => [...ownTabs(operator), ...(value?.views.map(savedTab) ?? [])], [operator, value])
  return { tabs, reload: refresh }
}

function Queue(): ReactNode {
  const { t } = useTranslation('alerts')
  const format = useFormat()
  const client = useClient()
  const route = useRoute()
  const operator = useEngine(({ status }) => status?.operator ?? null)
  const last = useEngine(({ status }) => status?.lastAlert ?? null)
  const say = useNotice((state) => state.say)
  const controls = useId()

  /* ---------------------------------------------------------------- what is shown: the route says it */
  const { tabs, reload } = useTabs(operator)
  const tab = tabOfParams(tabs, route.params)
  const view = useMemo(() => viewOfParams(tab, route.params), [tab, route.params])
  const setView = useCallback(
    (change: Partial<QueueView>) => navigate(formatRoute('alerts', paramsOfView(tab, { ...view, ...change }))),
    [tab, view],
  )
  const changed = Object.keys(paramsOfView(tab, view)).some((name) => name !== 'tab')
  const moment = useMoment(stepOf(view.range))
  const filter = useMemo(
    () => ({ where: bothOf(tab.base, view.where), states: [...view.states], window: windowOf(view.range, moment) }),
    [tab.base, view, moment],
  )

  /* ---------------------------------------------------------------- rows */
  const { current, marked, closed, detail, following, stopped, zoom, armed, verdict } = useDesk()
  const { queue, loading, loadingMore, loaded, error, refresh, more, patch } = useQueue(filter, view.order, following)
  // An empty queue has nothing to hold still: it fills by itself until the reader begins.
  const blank = loaded && queue.rows.length === 0 && view.where === ''
  useEffect(() => {
    if (blank && !useDesk.getState().following) useDesk.setState({ following: true, untilRead: true, stopped: false })
  }, [blank])
  const [keep] = useState(() => rowKeeper())
  const rows = useMemo(
    () =>
      keep(
        groupedRows(
          queue.rows.map((alert): AlertRow => ({
            kind: 'alert',
            id: alert.id,
            alert,
            marked: marked.has(alert.id),
            left: queue.left.has(alert.id),
          })),
          view.group,
          closed,
        ),
      ),
    [keep, queue.rows, queue.left, marked, view.group, closed],
  )
  const byId = useMemo(() => new Map(rows.map((row) => [row.id, row])), [rows])
  /** Also those in closed groups. */
  const loadedAlerts = useMemo(() => new Map(queue.rows.map((alert) => [alert.id, alert])), [queue.rows])
  const alertIds = useMemo(() => rows.flatMap((row) => (row.kind === 'alert' ? [row.id] : [])), [rows])
  useEffect(() => {
    if (view.group !== 'none' && queue.after !== null && queue.rows.length < GROUPED) more()
  }, [view.group, queue.after, queue.rows.length, more])

  /* ---------------------------------------------------------------- the cursor */
  const { setApi, peek, endPeek, focused, goToIndex, goToLast, toGrid, move, followRow, goTo, openAlert } = useCursor(
    rows,
    route.params['id'],
  )
  const currentRow = current === null ? undefined : byId.get(current)
  // Its row may have gone, and the cursor not gone on yet: what is written of it must not lose its place in passing.
  const passing = current !== null && rows.length > 0 && currentRow === undefined && isAlert(current)
  const shown = peek ?? (passing || currentRow?.kind === 'alert' ? current : null)
  const shownRow = (shown === null ? undefined : loadedAlerts.get(shown)) ?? null
  // Of one that is looked at outside the rows it must be known too what it is: what can be done depends on it.
  const outside = useQuery('alerts.get', shown === null || shownRow !== null ? null : { id: shown })
  const shownAlert = shownRow ?? (outside.value?.alert.id === shown ? outside.value.alert : null)

  /* ---------------------------------------------------------------- what is done */
  const targets = useMemo(() => {
    const chosen = queue.rows.flatMap(({ id }) => (marked.has(id) ? [id] : []))
    return chosen.length > 0 ? chosen : shown === null ? [] : [shown]
  }, [queue.rows, marked, shown])
  const targetAlerts = targets.flatMap((id): Alert[] => {
    const alert = loadedAlerts.get(id) ?? (id === shownAlert?.id ? shownAlert : undefined)
    return alert ? [alert] : []
  })
  const reason = useRef<HTMLInputElement>(null)
  const advance = useCallback(
    (done: readonly string[]) => {
      const waits = (id: string): boolean => {
        const row = byId.get(id)
        return row?.kind === 'alert' && !row.left && row.alert.state === 'open'
      }
      const from = useDesk.getState().current
      useDesk.setState({ marked: new Set(), anchor: null, verdict: null, why: null, reason: '', armed: false })
      endPeek()
      if (from !== null && !done.includes(from)) return
      const next = nextWaiting(alertIds, waits, from, new Set(done))
      // After the last one, keys are no longer meant for the reason.
      if (next === null) reason.current?.blur()
      goTo(next)
    },
    [alertIds, byId, goTo, endPeek],
  )
  const titleOf = useCallback(
    (id: string): string => loadedAlerts.get(id)?.title ?? shownAlert?.title ?? id,
    [loadedAlerts, shownAlert],
  )
  const offerAlike = useCallback(
    (alert: Alert, verdict: Verdict, said: Said, told: string) => {
      void client.query('triage.similar', { alert: alert.id, limit: 50 }).then((found) => {
        const count = found.ok ? found.value.alerts.length : 0
        useTriage.setState({ last: count > 0 ? { alert, verdict, said } : null })
        if (count === 0) return
        // It comes in the place of what was said of the decision, and says that too.
        say(`${told} ${t('alike.offer', { count, figure: format.number(count) })}`)
      })
    },
    [client, say, t, format],
  )
  const actions = useActions({ targets, patch, advance, goTo, titleOf, onDecided: offerAlike })

  const body = useRef<HTMLDivElement>(null)
  const filterInput = useRef<HTMLInputElement>(null)
  const [filtering, setFiltering] = useState(false)
  const [ordering, setOrdering] = useState(false)
  const [snoozing, setSnoozing] = useState(false)
  const reopenable = targetAlerts.length > 0 && targetAlerts.every(({ state }) => state !== 'open')
  // The menu must not open again by itself when there is something to snooze again.
  if (snoozing && (targets.length === 0 || reopenable || !detail)) setSnoozing(false)
  const showFilter = filtering || error?.code === 'query_syntax'
  useEffect(() => {
    if (filtering) filterInput.current?.focus()
  }, [filtering])
  const leaveFilter = (): void => {
    setFiltering(false)
    toGrid()
  }
  const toggleGroup = useCallback(
    (id: string) =>
      useDesk.setState(({ closed: before }) => {
        const after = new Set(before)
        if (!after.delete(id)) after.add(id)
        return { closed: after }
      }),
    [],
  )
  const extendTo = useCallback(
    (id: string) => toggleMarks(between(alertIds, useDesk.getState().anchor ?? useDesk.getState().current ?? id, id), true),
    [alertIds],
  )
  const context = useMemo<QueueContext>(() => ({ operator, extendTo, toggleGroup }), [operator, extendTo, toggleGroup])
  const markAndMove = (step: 1 | -1): void => {
    if (currentRow?.kind === 'alert') toggleMarks([currentRow.id], true)
    move(step)
    const row = byId.get(useDesk.getState().current ?? '')
    if (row?.kind === 'alert') toggleMarks([row.id], true)
  }
  const withPanel = (run: () => void): void => {
    // At once: what is typed next must not reach the queue as keys.
    if (!useDesk.getState().detail) flushSync(() => useDesk.setState({ detail: true }))
    run()
  }
  const decideKey = (): boolean => {
    if (targets.length === 0) return false
    startReading()
    if (verdict !== null) void actions.decide(verdict)
    else useDesk.setState({ armed: true, detail: true })
    return true
  }
  const verdictKey = (value: Verdict) => (): boolean => {
    if (targets.length === 0) return false
    startReading()
    if (armed) void actions.decide(value)
    else useDesk.setState({ verdict: verdict === value ? null : value, detail: true })
    return true
  }
  const back = (): boolean => {
    if (armed || verdict !== null) useDesk.setState({ armed: false, verdict: null })
    else if (body.current?.closest('.al-detail')?.contains(document.activeElement)) toGrid()
    else if (peek !== null) endPeek()
    else if (marked.size > 0) useDesk.setState({ marked: new Set(), anchor: null })
    else if (filtering) leaveFilter()
    else if (detail) useDesk.setState({ detail: false })
    else return false
    return true
  }
  const shownRaw = useShownRaw((state) => state.copy)
  const lastDecided = useTriage((state) => state.last)
  const verifyNow = useVerifyNow((state) => state.run)
  const toggleFollow = (): void => useDesk.setState({ following: !following, untilRead: false, stopped: false })
  useKeys('alerts', ALERT_KEYS, {
    next: () => move(1),
    previous: () => move(-1),
    first: () => goToIndex(0),
    last: goToLast,
    mark: () => {
      if (currentRow?.kind === 'alert') toggleMarks([currentRow.id])
      else if (currentRow)
        toggleMarks(
          queue.rows
            .filter(
              (alert) =>
                groupedRows([{ kind: 'alert', id: alert.id, alert, marked: false, left: false }], view.group, new Set())[0]
                  ?.id === currentRow.id,
            )
            .map(({ id }) => id),
        )
    },
    markDown: () => markAndMove(1),
    markUp: () => markAndMove(-1),
    filter: () => {
      setFiltering(true)
      filterInput.current?.focus()
    },
    order: () => setOrdering(true),
    show: refresh,
    follow: toggleFollow,
    take: () => actions.take(),
    release: () => actions.release(),
    decide: decideKey,
    ...Object.fromEntries(VERDICT_KEYS.map((value, index) => [`verdict${index + 1}`, verdictKey(value)])),
    reason: () => withPanel(() => reason.current?.focus()),
    snooze: () => (targets.length === 0 || reopenable ? false : withPanel(() => setSnoozing(true))),
    tune: () => (shownAlert === null ? false : useTriage.setState({ open: 'tune', alert: shownAlert })),
    keep: () => (shownAlert === null ? false : useTriage.setState({ open: 'keep', alert: shownAlert })),
    alike: lastDecided === null ? undefined : () => useTriage.setState({ open: 'alike' }),
    method: () => useTriage.setState({ open: 'method' }),
    undo: () => void actions.undo(),
    reopen: () => (reopenable ? void actions.reopen() : false),
    open: () => {
      if (currentRow?.kind === 'group') toggleGroup(currentRow.id)
      else withPanel(() => body.current?.focus())
    },
    back,
    rule: () => {
      if (!shownAlert || shownAlert.kind === 'sig') return false
      navigate(formatRoute('rules', {}, shownAlert.detection))
      return true
    },
    copy: shownRaw ?? undefined,
    verify: verifyNow ?? undefined,
    zoomIn: () => useDesk.setState({ zoom: zoomed(zoom, 1) }),
    zoomOut: () => useDesk.setState({ zoom: zoomed(zoom, -1) }),
    events: () => {
      const pivot = shownAlert ? pivotsOf(shownAlert)[0] : undefined
      if (!pivot) return false
      navigate(eventsLink(pivot.where, pivot.window))
      return true
    },
    packets: () => {
      if (shown === null) return false
      navigate(formatRoute('packets', { alert: shown }))
      return true
    },
  })
  useCommands(
    'alerts',
    useMemo<readonly Command[]>(
      () =>
        tabs.map(({ id, name }) => ({
          id: `alerts.tab.${id}`,
          label: name ?? t(`tabs.${id}`),
          place: t('title'),
          run: () => navigate(formatRoute('alerts', id === 'open' ? {} : { tab: id })),
        })),
      [tabs, t],
    ),
  )

  /* ---------------------------------------------------------------- figures */
  const counted = useTabCounts(tabs, queue)
  const counts = counted?.map((count, index) => (tabs[index]?.id === tab.id && !changed && loaded ? queue.total : count)) ?? null
  const held = queue.held.size
  useEffect(() => {
    useBadges.getState().set('alerts', held)
    return () => useBadges.getState().set('alerts', 0)
  }, [held])
  const valuesOf = useCallback(
    async (field: string, signal: AbortSignal) => {
      const values = fixedValues(field)
      if (values.length === 0) return []
      const found = await client.query(
        'alerts.counts',
        { filters: values.map((value) => ({ where: termFor(field, value), states: [...view.states] })) },
        { signal },
      )
      return values.map((value, index) => ({ value, count: found.ok ? (found.value.counts[index] ?? 0) : 0 }))
    },
    [client, view.states],
  )

  const save = (name: string): void => {
    const id = tab.name === name ? tab.id : `v${Date.now().toString(36)}`
    void client.command('views.save', { id, page: 'alerts', name, value: savedValue(view, tab.base) }).then((saved) => {
      if (!saved.ok) return say(t('save.failed'), 'fault')
      reload()
      navigate(formatRoute('alerts', { tab: id }))
    })
  }
  const remove = (): void => {
    void client.command('views.remove', { id: tab.id }).then((removed) => {
      if (!removed.ok) return say(t('save.failed'), 'fault')
      reload()
      navigate(formatRoute('alerts'))
    })
  }
  const nothing = loaded && !loading && queue.rows.length === 0 && held === 0
  return (
    <>
      <ViewBar
        tabs={tabs}
        tab={tab}
        view={view}
        counts={counts}
        controls={controls}
        orderOpen={ordering}
        changed={changed}
        onTab={(id) => navigate(formatRoute('alerts', id === 'open' ? {} : { tab: id }))}
        onView={setView}
        onFilter={() => setFiltering(!filtering)}
        onOrderOpen={setOrdering}
        onSave={save}
        onRemove={remove}
      />
      {showFilter ? (
        <div className="al-filter">
          <QueryInput
            value={view.where}
            fields={ALERT_FIELDS}
            label={t('filter.label')}
            placeholder={t('filter.placeholder')}
            recentKey="alerts.recent"
            valuesOf={valuesOf}
            inputRef={filterInput}
            refused={
              error?.code === 'query_syntax' ? { offset: error.offset, length: error.length, message: error.message } : null
            }
            note={<span>{t('filter.found', { count: queue.total, figure: format.number(queue.total) })}</span>}
            onApply={(where) => setView({ where })}
            onLeave={leaveFilter}
          />
        </div>
      ) : null}
      <div className={detail ? 'al-panes' : 'al-panes al-alone'}>
        <Pane label={t('queue')} id={controls} className="al-queue" onEnter={toGrid}>
          <QueueGrid
            rows={rows}
            label={t('queue')}
            order={view.order}
            context={context}
            onApi={setApi}
            onOrder={(order) => setView({ order })}
            onCurrent={focused}
            onClicked={endPeek}
            onOpen={() => useDesk.setState({ detail: true })}
            onNearEnd={more}
            onRows={followRow}
          />
          <ArrivalLine queue={queue} following={following} stopped={stopped} onShow={refresh} onFollow={toggleFollow} />
          {error && error.code !== 'query_syntax' ? (
            <div className="al-over">
              <ErrorState
                error={error}
                what={t('failed')}
                {...(queue.rows.length > 0 ? { works: t('kept') } : {})}
                onRetry={refresh}
              />
            </div>
          ) : null}
          <div className="al-busy">
            <Loading waiting={loading && !loaded} />
            <Loading waiting={loadingMore} done={queue.rows.length} of={queue.total} />
          </div>
          {nothing ? (
            <div className="al-over al-nothing">
              <QueueEmpty
                tab={tab}
                filtered={view.where.trim() !== '' || view.range.kind !== 'all'}
                following={following}
                last={last}
                onClear={() => setView({ where: '', range: { kind: 'all' } })}
                onFollow={toggleFollow}
              />
            </div>
          ) : null}
        </Pane>
        {detail ? (
          <Detail
            id={shown}
            row={shownRow}
            operator={operator}
            body={body}
            onClose={() => {
              useDesk.setState({ detail: false })
              toGrid()
            }}
            onOpenAlert={openAlert}
            foot={
              <DecisionBar
                targets={targets.length}
                decided={reopenable}
                taken={targetAlerts.length > 0 && targetAlerts.every(({ owner }) => owner !== null)}
                reasonRef={reason}
                snooze={snoozing}
                running={false}
                onDecide={(value) => void actions.decide(value)}
                onSnooze={(until) => void actions.snooze(until)}
                onOpenSnooze={() => setSnoozing(!snoozing)}
                onCloseSnooze={() => setSnoozing(false)}
                onTake={() => actions.take()}
                onReopen={() => void actions.reopen()}
                onTune={shownAlert && (() => useTriage.setState({ open: 'tune', alert: shownAlert }))}
                alerts={targetAlerts}
              />
            }
          />
        ) : null}
      </div>
      <TriageDialogs operator={operator} actions={actions} />
      <QueueStatus queue={queue} shown={shownAlert} grouped={view.group !== 'none'} marked={marked.size} />
    </>
  )
}
