import { useCallback, useEffect, useMemo, useReducer, useRef, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { EventRow } from '../../../shared/model/event.ts'
import type { WatchfloorError } from '../../../shared/model/result.ts'
import { withOccurring, type KnownValue } from '../../../shared/query/complete.ts'
import { formatRoute, navigate, useRoute } from '../../app/route.ts'
import { StatusItems } from '../../app/StatusBar.tsx'
import { useKeys } from '../../keys/use-keys.tsx'
import { useClient, useClientState, useJob, useQuery, useSubscription } from '../../client/hooks.ts'
import { Button } from '../../components/Button.tsx'
import type { GridApi } from '../../components/Grid.tsx'
import { Pane } from '../../components/Pane.tsx'
import { EmptyState, ErrorState, Loading } from '../../components/States.tsx'
import { TimeRangePicker } from '../../components/TimeRangePicker.tsx'
import type { TimeRange } from '../../components/time-range.ts'
import { formatTime } from '../../format/time.ts'
import { visibleText } from '../../format/text.ts'
import { useFormat } from '../../i18n/use-format.ts'
import { engineNow } from '../../state/clock.ts'
import { useNotice } from '../../state/notice.ts'
import { KeepEvidence } from '../../widgets/keep-evidence/KeepEvidence.tsx'
import { QueryInput } from '../../widgets/query-input/QueryInput.tsx'
import { ArrivalLine } from './ArrivalLine.tsx'
import { changeArrivals, QUIET } from './arrivals.ts'
import { fieldsToAsk, type Column } from './columns.ts'
import { EVENT_KEYS } from './event-keys.ts'
import { EventGrid, fieldOfCell, type CellPlace } from './EventGrid.tsx'
import { EventMenu, type Opened } from './EventMenu.tsx'
import { EventPanel } from './EventPanel.tsx'
import { ExportDialog } from './ExportDialog.tsx'
import { FieldList } from './FieldList.tsx'
import { FieldStats } from './FieldStats.tsx'
import { FoundNote } from './FoundNote.tsx'
import { step, takeFocus } from './grid-focus.ts'
import { Histogram } from './Histogram.tsx'
import { NoEvents } from './NoEvents.tsx'
import { pageSource } from './page-source.ts'
import { PageBook } from './pages.ts'
import { toggleFields, usePage, yieldFields } from './page-state.ts'
import { pivoted, type Pivot } from './pivot.ts'
import { SavedViews } from './SavedViews.tsx'
import { around, beginRun, saysSearch, searchHash, searchOfParams, widened, type Search } from './search.ts'
import { useColumns } from './use-columns.ts'
import { useEventCount } from './use-event-count.ts'
import { useFirstRange } from './use-first-range.ts'
import { useHistogram } from './use-histogram.ts'
import { useSettled } from './use-settled.ts'
import { valuesOf } from './values.ts'
import './events.css'

/** What came of reading the rows of a book. */
interface Outcome {
  readonly book: PageBook | null
  readonly read: { readonly took: number; readonly last: number | null } | null
  readonly error: WatchfloorError | null
}
const UNREAD: Outcome = { book: null, read: null, error: null }

/** Keys of a view come before those of what has the focus: the histogram keeps its own. */
const keysAreOwn = (): boolean => Boolean(document.activeElement?.closest('[data-keys="own"]'))

/** Every event there is: query, histogram, rows, fields, detail. */
export default function EventsView(): ReactNode {
  const { t } = useTranslation('events')
  const format = useFormat()
  const client = useClient()
  const connected = useClientState() === 'open'
  const say = useNotice((state) => state.say)
  const route = useRoute()
  const { fields: fieldList, lastHash } = usePage()
  const fieldsOpen = fieldList === 'open'
  const { columns, change: changeColumn, put: putColumns } = useColumns()

  const search = useMemo(() => searchOfParams(route.params), [route])
  const searchKey = JSON.stringify([search.where, search.range, search.order])
  const [turn, setTurn] = useState(0)
  // The window is fixed when the search begins: only another search, or `turn`, begins a new one.
  const runKey = `${turn} ${searchKey}`
  const [begun, setBegun] = useState(() => ({ key: runKey, run: beginRun(search, engineNow()) }))
  if (begun.key !== runKey) setBegun({ key: runKey, run: beginRun(search, engineNow()) })
  const { run } = begun

  const go = useCallback((next: Search, replace = false) => navigate(searchHash(next), replace), [])
  const found = useRef(search)
  useEffect(() => {
    found.current = search
  }, [search])
  useEffect(() => {
    if (route.view === 'events' && saysSearch(route.params))
      usePage.setState({ lastHash: searchHash({ ...searchOfParams(route.params), event: null }) })
  }, [route])
  const detail = search.event !== null
  useEffect(() => yieldFields(detail, window.innerWidth), [detail])
  useFirstRange(route.view === 'events' && !saysSearch(route.params), lastHash, connected)

  /* ---- rows */
  const gridApi = useRef<GridApi<EventRow> | null>(null)
  const fields = useMemo(() => fieldsToAsk(columns), [columns])
  const fieldsKey = fields.join('\u0000')
  const book = useMemo(() => (run ? new PageBook(pageSource(client, run), run.window, run.order) : null), [client, run])
  const [outcome, setOutcome] = useState<Outcome>(UNREAD)
  const { read, error: readError } = outcome.book === book ? outcome : UNREAD
  const firstFields = useRef(fieldsKey)
  useEffect(() => {
    if (firstFields.current === fieldsKey) return
    firstFields.current = fieldsKey
    gridApi.current?.refreshInfiniteCache()
  }, [fieldsKey])

  /* ---- counts, fields */
  const [recount, setRecount] = useState(0)
  const settled = useSettled(run, read !== null || readError !== null)
  const histogram = useHistogram(run, settled, recount)
  const total = read?.last ?? histogram.total
  const occurring = useQuery('events.fields', {})
  const known = useMemo(() => withOccurring(occurring.value?.fields ?? []), [occurring.value])
  const here = useQuery(
    'events.fields',
    fieldsOpen && run && settled && !histogram.loading ? { where: run.where, window: run.window } : null,
  )
  const knownValues = useCallback(
    async (field: string, signal: AbortSignal): Promise<readonly KnownValue[]> => {
      const stats = await client.query(
        'events.stats',
        { field, where: '', window: { from: null, to: null }, limit: 30 },
        { signal },
      )
      return stats.ok ? stats.value.top : []
    },
    [client],
  )

  /* ---- what arrives */
  const [arrivals, dispatch] = useReducer(changeArrivals, QUIET)
  const { following } = arrivals
  const [arrivalsOf, setArrivalsOf] = useState(searchKey)
  if (arrivalsOf !== searchKey) {
    setArrivalsOf(searchKey)
    dispatch({ kind: 'reset' })
  }
  useSubscription('events.watch', run?.open ? { where: run.where, fields, limit: 200 } : null, {
    next: ({ events, missed }) => dispatch({ kind: 'came', events, missed, now: engineNow() }),
  })
  useEffect(() => {
    if (!following) return
    const timer = setInterval(() => setRecount((before) => before + 1), 5000)
    return () => clearInterval(timer)
  }, [following])
  const again = useCallback(() => {
    dispatch({ kind: 'shown' })
    setTurn((before) => before + 1)
  }, [])
  // What failed because the engine was away is read again when it is back.
  const missed = readError?.code === 'engine_gone'
  useEffect(() => (missed ? client.onState((state) => void (state === 'open' && again())) : undefined), [client, missed, again])
  const hold = (reading = false): void => {
    dispatch({ kind: 'hold', reading })
    setTurn((before) => before + 1)
  }
  const follow = async (): Promise<void> => {
    if (!run?.open) return
    if (following) return hold()
    const newest = await client.query('events.search', {
      where: run.where,
      window: run.window,
      order: 'newest',
      fields,
      limit: 200,
      after: null,
    })
    dispatch({ kind: 'follow', rows: newest.ok ? newest.value.events : [] })
  }

  /* ---- the current row and what is open */
  const [chosen, setChosen] = useState<{ readonly run: object | null; readonly row: EventRow } | null>(null)
  // A row of the search before is not the current one of this.
  const current = chosen !== null && chosen.run === run ? chosen.row : null
  const [opened, setOpened] = useState<Opened | null>(null)
  const openHead = useCallback(
    (field: string, element: HTMLElement) =>
      setOpened({ kind: 'head', field, value: '', row: null, anchor: { current: element } }),
    [],
  )
  const query = useRef<HTMLInputElement>(null)
  const open = (row: EventRow): void => go({ ...found.current, event: row.id }, true)
  useEffect(() => {
    if (!current || found.current.event === null || found.current.event === current.id) return
    // The detail follows the row, but not through every row that is passed.
    const timer = setTimeout(() => go({ ...found.current, event: current.id }, true), 80)
    return () => clearTimeout(timer)
  }, [current, go])
  /** The row that ended following: the cursor goes on from it once the rows are read. */
  const wanted = useRef<string | null>(null)
  const goOn = (): void => {
    const id = wanted.current
    wanted.current = null
    if (id === null) return
    onGrid((api) => {
      for (let i = 0; i < api.getDisplayedRowCount(); i++) {
        const row = api.getDisplayedRowAtIndex(i)?.data
        if (row === undefined) return
        if (row.id === id) return takeFocus(api, i)
      }
    })
  }
  const moved = (row: EventRow | null): void => {
    if (row && following) {
      wanted.current = row.id
      hold(true)
    }
    setChosen(row && { run, row })
  }
  const focusGrid = (): void => {
    const api = gridApi.current
    if (!api) return
    const at = api.getFocusedCell()?.rowIndex ?? api.getSelectedNodes()[0]?.rowIndex ?? 0
    takeFocus(api, at)
  }

  const closeDetail = (): void => {
    go({ ...search, event: null }, true)
    focusGrid()
  }

  /* ---- pivots */
  const pivot = useCallback((how: Pivot) => go({ ...found.current, where: pivoted(found.current.where, how) }), [go])
  const copy = useCallback(
    (text: string, what: string) => {
      void navigator.clipboard.writeText(text).then(
        () => say(t('copied', { what })),
        () => say(t('notCopied'), 'fault'),
      )
    },
    [say, t],
  )
  const onGrid = (act: (api: GridApi<EventRow>) => void): void => {
    if (gridApi.current && !gridApi.current.isDestroyed()) act(gridApi.current)
  }
  const cell = (): CellPlace | null => {
    const api = gridApi.current
    const focused = api?.getFocusedCell()
    if (!api || !focused || focused.rowPinned) return null
    const row = api.getDisplayedRowAtIndex(focused.rowIndex)?.data
    const element = document.querySelector<HTMLElement>(
      `.ev-grid [row-index="${focused.rowIndex}"] [col-id="${CSS.escape(focused.column.getColId())}"]`,
    )
    return row && element ? { row, field: fieldOfCell(row, focused.column.getColId()), element } : null
  }
  const openMenu = ({ row, field, element }: CellPlace, value = valuesOf(row, field)[0] ?? ''): void =>
    setOpened({ kind: 'value', field, value, row, anchor: { current: element } })
  const onCell = (act: (place: CellPlace, value: string) => void): boolean => {
    const place = keysAreOwn() ? null : cell()
    if (!place) return false
    const value = valuesOf(place.row, place.field)[0]
    if (value !== undefined) act(place, value)
    return true
  }

  /** Event whose raw record is to be kept as evidence. */
  const [keeping, setKeeping] = useState<string | null>(null)
  const [exporting, setExporting] = useState(false)
  const [exportBegan, setExportBegan] = useState<number | null>(null)
  const exportJob = useJob('events.export')
  const counting = useEventCount(run)

  useKeys('events', EVENT_KEYS, {
    down: () => onGrid((api) => step(api, 1)),
    up: () => onGrid((api) => step(api, -1)),
    first: () => !keysAreOwn() && onGrid((api) => takeFocus(api, 0)),
    last: () => !keysAreOwn() && onGrid((api) => takeFocus(api, api.getDisplayedRowCount() - 1)),
    query: () => {
      query.current?.focus()
      query.current?.select()
    },
    open: () => {
      const place = keysAreOwn() ? null : cell()
      if (place) open(place.row)
      return place !== null
    },
    menu: () => onCell((place, value) => openMenu(place, value)),
    filter: () => onCell(({ field }, value) => pivot({ kind: 'filter', field, value })),
    exclude: () => onCell(({ field }, value) => pivot({ kind: 'exclude', field, value })),
    stats: () =>
      onCell(({ field, row, element }) => setOpened({ kind: 'stats', field, value: '', row, anchor: { current: element } })),
    copy: () => onCell(({ field }, value) => copy(value, field)),
    show: arrivals.held > 0 ? again : undefined,
    follow: run?.open ? () => void follow() : undefined,
    order: () => go({ ...search, order: search.order === 'newest' ? 'oldest' : 'newest' }),
    fields: toggleFields,
    packets: () => {
      const event = search.event ?? current?.id
      if (event === undefined || keysAreOwn()) return false
      navigate(formatRoute('packets', { event }))
      return true
    },
    keep: () => {
      const event = search.event ?? current?.id
      if (event === undefined || keysAreOwn()) return false
      setKeeping(event)
      return true
    },
    widen: () => go({ ...search, range: widened(search.range, engineNow()) }),
    close:
      search.event === null && !following
        ? undefined
        : () => {
            if (keysAreOwn()) return false
            if (search.event === null) hold()
            else closeDetail()
            return true
          },
  })

  const error = readError ?? histogram.error
  const empty = run !== null && !following && read?.last === 0
  const reading = read === null && readError === null && !following
  return (
    <div className={`ev ${search.event === null ? '' : 'ev-with-panel'} ${fieldsOpen ? 'ev-with-fields' : ''}`}>
      <div className="wf-viewbar ev-bar">
        <Button small kind="quiet" icon="filter" aria-pressed={fieldsOpen} keys="b" onClick={toggleFields}>
          {t('fields.title')}
        </Button>
        <SavedViews
          search={search}
          columns={columns}
          onOpen={(next: Search, nextColumns: readonly Column[]) => {
            putColumns(nextColumns.map((column) => ({ ...column })))
            go(next)
          }}
        />
        <span className="wf-vsep" />
        <Button small kind="quiet" disabled={!run || counting.running} onClick={counting.begin}>
          {t('count')}
        </Button>
        <Button small kind="quiet" icon="download" disabled={!run} onClick={() => setExporting(true)}>
          {exportJob.running ? t('export.chip', { written: format.number(exportJob.progress?.written ?? 0) }) : t('export.open')}
        </Button>
        <span className="grow" />
        <Button
          small
          kind="quiet"
          keys="o"
          onClick={() => go({ ...search, order: search.order === 'newest' ? 'oldest' : 'newest' })}
        >
          {t(`order.${search.order}`)}
        </Button>
        <TimeRangePicker value={search.range} onChange={(range: TimeRange) => go({ ...search, range })} />
      </div>
      <div className="ev-query">
        <QueryInput
          value={search.where}
          fields={known}
          label={t('query.label')}
          placeholder={t('query.placeholder')}
          recentKey="events.recent"
          valuesOf={knownValues}
          refused={error?.code === 'query_syntax' ? error : null}
          inputRef={query}
          note={<FoundNote counting={counting} total={total} waits={histogram.loading} took={read?.took ?? null} />}
          onApply={(where) => (where === search.where.trim() ? again() : go({ ...search, where: where === '*' ? '' : where }))}
          onLeave={focusGrid}
        >
          {search.where.trim() === '' ? null : (
            <Button
              small
              kind="quiet"
              icon="close"
              iconOnly
              aria-label={t('query.clear')}
              onClick={() => go({ ...search, where: '' })}
            />
          )}
        </QueryInput>
      </div>
      <Histogram
        data={histogram.data}
        loading={histogram.loading}
        onWindow={({ from, to }) => go({ ...search, range: { kind: 'between', from, to } })}
        onWiden={() => go({ ...search, range: widened(search.range, engineNow()) })}
      />
      <div className="ev-body">
        {fieldsOpen ? (
          <FieldList
            fields={here}
            columns={columns}
            onToggle={(field) => changeColumn({ kind: 'toggle', field })}
            onStats={(field, element) => setOpened({ kind: 'stats', field, value: '', row: null, anchor: { current: element } })}
          />
        ) : null}
        <Pane label={t('grid')} className="ev-grid" onEnter={focusGrid}>
          <ArrivalLine arrivals={arrivals} open={run?.open ?? false} onShow={again} onFollow={() => void follow()} />
          {run === null ? <EmptyState>{t('badQuery')}</EmptyState> : null}
          {readError && readError.code !== 'query_syntax' && !missed ? (
            <ErrorState error={readError} what={t('failed')} works={t('stillWorks')} onRetry={again} />
          ) : null}
          {empty ? <NoEvents search={search} onGo={go} /> : null}
          {run ? (
            <div
              className={empty || (readError !== null && read === null) ? 'ev-rows ev-rows-empty' : 'ev-rows'}
              aria-busy={reading}
            >
              <Loading waiting={reading} />
              <EventGrid
                book={following ? null : book}
                tail={following ? arrivals.tail : null}
                columns={columns}
                total={histogram.total}
                fields={fields}
                onReady={(api) => {
                  gridApi.current = api
                }}
                onCurrent={moved}
                onOpen={open}
                onMenu={(place) => openMenu(place)}
                onHead={openHead}
                onColumns={changeColumn}
                onRead={(took, last) => {
                  goOn()
                  setOutcome((before) => ({
                    book,
                    read: { took, last: last ?? (before.book === book ? (before.read?.last ?? null) : null) },
                    error: null,
                  }))
                }}
                onError={(failed) =>
                  setOutcome((before) => ({ book, read: before.book === book ? before.read : null, error: failed }))
                }
              />
            </div>
          ) : null}
        </Pane>
        {search.event === null ? null : (
          <EventPanel
            id={search.event}
            onMenu={({ row, field, value, element }) =>
              setOpened({ kind: 'value', field, value, row, anchor: { current: element } })
            }
            onNear={(where, time) => go({ ...search, where, range: around(time, 300) })}
            onCopy={copy}
            onKeep={setKeeping}
            onClose={closeDetail}
          />
        )}
      </div>
      {opened === null ? null : (
        <EventMenu
          opened={opened}
          search={search}
          columns={columns}
          onGo={go}
          onOpen={open}
          onOpened={setOpened}
          onPivot={pivot}
          onCopy={copy}
          onColumn={changeColumn}
        />
      )}
      {opened?.kind === 'stats' && run ? (
        <FieldStats
          field={opened.field}
          run={run}
          column={columns.some(({ field }) => field === opened.field)}
          anchor={opened.anchor}
          onPivot={pivot}
          onColumn={() => changeColumn({ kind: 'toggle', field: opened.field })}
          onClose={() => setOpened(null)}
        />
      ) : null}
      {keeping === null ? null : <KeepEvidence what={{ kind: 'records', events: [keeping] }} onClose={() => setKeeping(null)} />}
      {exporting && run ? (
        <ExportDialog
          run={run}
          total={total}
          columns={columns}
          job={exportJob}
          began={exportBegan}
          onBegin={(input) => {
            setExportBegan(Date.now())
            void exportJob.run(input).then((result) => {
              if (result.ok)
                say(t('export.done', { count: format.number(result.value.written), path: visibleText(result.value.path) }))
              else if (result.error.code !== 'cancelled') say(t('export.failed'), 'fault')
            })
          }}
          onCopy={copy}
          onClose={() => {
            setExporting(false)
            // What came of it has been seen: the next one begins anew.
            exportJob.forget()
          }}
        />
      ) : null}
      <StatusItems>
        {current && search.event === null ? (
          <span>{t('status.current', { time: formatTime(current.time), type: visibleText(current.type) })}</span>
        ) : null}
      </StatusItems>
    </div>
  )
}
