import { useCallback, useEffect, useMemo, useRef, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Capture, PacketPlace } from '../../../shared/model/capture.ts'
import { navigate } from '../../app/route.ts'
import { StatusItems } from '../../app/StatusBar.tsx'
import { useClient, useQuery } from '../../client/hooks.ts'
import { Button } from '../../components/Button.tsx'
import { Pane } from '../../components/Pane.tsx'
import { EmptyState, ErrorState } from '../../components/States.tsx'
import { useFormat } from '../../i18n/use-format.ts'
import { useKeys } from '../../keys/use-keys.tsx'
import { useNotice } from '../../state/notice.ts'
import { machineZone, useSettings } from '../../state/settings.ts'
import { CaptureBar, ReadingErrors } from './CaptureBar.tsx'
import { ColourDialog } from './ColourDialog.tsx'
import { CommentDialog } from './CommentDialog.tsx'
import { Detail } from './detail/Detail.tsx'
import type { Range } from './detail/hex.ts'
import { FilterBar } from './filter/FilterBar.tsx'
import { FilterNote } from './filter/FilterNote.tsx'
import { joinFilters } from './filter/filter-pieces.ts'
import { useFilterRun } from './filter/use-filter-run.ts'
import { IoGraph } from './graph/IoGraph.tsx'
import { changeColumns, fieldsOf, shownColumns } from './list/columns.ts'
import { signsOf } from './list/signs.ts'
import { PacketList, type Bracket, type ListHandle } from './list/PacketList.tsx'
import { MOST_SELECTED } from './list/selection.ts'
import { momentOf, momentOfIso, TIME_FORMATS, type Moment } from './list/times.ts'
import { DropZone } from './open/DropZone.tsx'
import { FoundNote } from './open/LocatePage.tsx'
import { OpenDialog } from './open/OpenDialog.tsx'
import { useOpenCapture } from './open/open-capture.ts'
import { PACKET_KEYS } from './packet-keys.ts'
import { ALL_SPAN, placeHash, type Place } from './page-state.ts'
import { useColourRules, useColumnSetting, useLayout, useTimeFormat } from './settings.ts'
import { SidePanel } from './side/SidePanel.tsx'
import { Splitter } from './Splitter.tsx'
import { isStrip, ToolArea } from './ToolArea.tsx'
import type { ToolId } from './tools/tool-ids.ts'
import { useCursor } from './use-cursor.ts'
import { useFinding } from './use-finding.ts'
import { useMenus } from './use-menus.tsx'
import { useFollowedPacket, usePlace } from './use-place.ts'
import { useRows } from './use-rows.ts'
import { useSelection, type SelectHow } from './use-selection.ts'
import { useWindowWidth } from './use-window-width.ts'

/** Keys of the page come before those of what has the focus: tree, bytes and graph keep their own. */
const keysAreOwn = (): boolean => Boolean(document.activeElement?.closest('[data-keys="own"]'))
/** Milliseconds that a packet must stay selected before its flow is asked for. */
const STAY = 60
const NO_ALERTS: readonly never[] = []

/** An open capture: graph, filter, rows, the packet's fields and bytes, and what it belongs to. */
export function Bench({
  capture,
  place,
  found,
  onLeave,
}: {
  readonly capture: Capture
  readonly place: Place
  /** What led here from an alert or event. */
  readonly found: PacketPlace | null
  onLeave(): void
}): ReactNode {
  const { t } = useTranslation('packets')
  const format = useFormat()
  const client = useClient()
  const say = useNotice((state) => state.say)
  const zone = useSettings((settings) => settings.zone) ?? machineZone()
  const [columns, setColumns] = useColumnSetting()
  const [rules] = useColourRules()
  const [timeFormat, setTimeFormat] = useTimeFormat()
  const [layout, setLayout] = useLayout()
  const [reference, setReference] = useState<{ packet: number; at: Moment | null } | null>(null)
  const [dialog, setDialog] = useState<'no' | 'open' | 'colours' | 'comment'>('no')
  const [toolMenu, setToolMenu] = useState(false)
  const { open: openCapture, error: notOpened } = useOpenCapture()
  const list = useRef<ListHandle>(null)
  const filterInput = useRef<HTMLInputElement>(null)
  const windowWidth = useWindowWidth()
  const { latest, go } = usePlace(place)

  /* ---- rows */
  const settled = capture.state !== 'indexing' && capture.state !== 'reading'
  const run = useFilterRun(capture.id, place.filter, place.span, capture.packets, settled)
  const { shown, again } = run
  const total = shown.view === null ? capture.packets : (shown.matched ?? 0)
  const fields = useMemo(() => fieldsOf(columns), [columns])
  const cache = useRows(capture.id, shown.view, total, fields, settled, again)
  // The rows of the address' filter come first, so its first packet is the one selected.
  const cursor = useCursor(capture.id, shown.view, total, cache, list, {
    first: place.packet === null && !run.running,
    whole: !run.running,
  })
  const { packet, toPacket, row } = cursor
  const selected = useSelection(capture.id, shown.view, cache, cursor.index, packet)
  const select = (index: number, how: SelectHow): void => {
    const to = Math.max(0, Math.min(total - 1, index))
    selected.to(to, how)
    cursor.to(to)
  }
  useFollowedPacket(place.packet, packet, toPacket, go)
  const [hit, setHit] = useState<(Range & { readonly packet: number }) | null>(null)
  const goPacket = useCallback(
    (number: number, bytes?: Range) => {
      setHit(bytes && bytes.length > 0 ? { packet: number, ...bytes } : null)
      void toPacket(number).then((exact) => {
        if (!exact && shown.view !== null) say(t('list.notInView', { number: format.number(number) }))
      })
    },
    [toPacket, shown.view, say, t, format],
  )
  const matched = useMemo(() => [...(found?.matched ?? []), ...(hit ? [hit] : [])], [found, hit])

  /* ---- what belongs to the packet; not to every one that is passed */
  const [stayed, setStayed] = useState<number | null>(packet)
  useEffect(() => {
    const timer = setTimeout(() => setStayed(packet), STAY)
    return () => clearTimeout(timer)
  }, [packet])
  const flow = useQuery('packets.flow', stayed === null ? null : { capture: capture.id, packet: stayed })
  const related = useQuery('packets.related', stayed === null ? null : { capture: capture.id, packet: stayed })
  const { refresh: refreshFlow } = flow
  const { refresh: refreshRelated } = related
  // What was told while the capture was read is not all of it.
  useEffect(() => {
    refreshFlow()
    refreshRelated()
  }, [capture.state, refreshFlow, refreshRelated])
  const ownFlow = stayed === null || flow.error ? null : flow.value
  const bracket = useMemo<Bracket | null>(
    () => (ownFlow ? { flow: ownFlow.flow, first: ownFlow.firstPacket, last: ownFlow.lastPacket } : null),
    [ownFlow],
  )
  const alerts = useQuery('packets.alerts', capture.packets > 0 ? { capture: capture.id } : null)
  const refreshAlerts = alerts.refresh
  useEffect(refreshAlerts, [settled, refreshAlerts])
  const signs = useMemo(() => signsOf(alerts.value?.alerts ?? NO_ALERTS), [alerts.value])

  /* ---- what is done */
  const apply = useCallback((filter: string) => go({ filter }), [go])
  const tool = (id: ToolId, ofFlow: number | null = null): void => go({ tool: id, flow: ofFlow })
  const closeTool = (): void => {
    go({ tool: null, flow: null })
    list.current?.focus()
  }
  const follow = (): void => {
    const own = row?.flow ?? ownFlow?.flow
    if (own !== undefined) tool('follow', own)
    else say(t('side.noFlow'))
  }
  const carve = (): void => tool('carve', ownFlow?.flow ?? null)
  const finding = useFinding(capture.id, shown.view, packet, ownFlow, goPacket)
  const findAgain = (backwards: boolean): void => {
    if (!finding.again(backwards)) tool('find')
  }
  const mark = (): void => {
    if (packet === null) return
    if (selected.count > MOST_SELECTED) return say(t('list.tooMany', { figure: format.number(MOST_SELECTED) }), 'fault')
    const marked = !(row?.number === packet && row.marked)
    void selected.packets().then(async (found) => {
      if (!found.ok || found.value.length === 0) return
      const packets = new Set(found.value)
      cache.patch(
        (one) => packets.has(one.number),
        (one) => ({ ...one, marked }),
      )
      const done = await client.command('packets.mark', { capture: capture.id, packets: [...packets], marked })
      if (done.ok) say(t('list.markedCount', { count: done.value.marked, figure: format.number(done.value.marked) }))
    })
  }
  const refer = (): void => {
    if (!row) return
    const same = reference?.packet === row.number
    setReference(same ? null : { packet: row.number, at: momentOf(row) })
    if (!same) setTimeFormat('reference')
  }
  const comment = (text: string): void => {
    if (packet === null) return
    void client.command('packets.comment', { capture: capture.id, packet, text }).then((done) => {
      if (done.ok) cache.renew()
    })
  }
  const copy = (text: string, what: string): void =>
    void navigator.clipboard.writeText(text).then(
      () => say(t('copied', { what })),
      () => say(t('notCopied'), 'fault'),
    )
  const menus = useMenus(ownFlow, {
    join: (how, filter) => apply(joinFilters(latest.current.filter, how, filter)),
    copy,
    follow,
    selected: selected.count,
    carve: (ofFlow) => tool('carve', ofFlow),
    mark,
    comment: () => setDialog('comment'),
    refer,
  })
  const rowMenu = (index: number, column: string, element: HTMLElement): void => {
    const chosen = cache.row(index)
    if (chosen) menus.ofRow(chosen, column, element)
  }

  const reading = !settled
  const strip = place.tool !== null && isStrip(place.tool)
  /** A tool needs more room than tree and bytes, and has a share of its own. */
  const lower = place.tool !== null && !strip ? 'tool' : 'lower'
  const page = (): number => list.current?.pageRows() ?? 10
  const { from, index: at } = cursor
  const draw = (index: number): boolean => !keysAreOwn() && at !== null && (select(index, 'draw'), true)
  useKeys('packets', PACKET_KEYS, {
    down: () => !keysAreOwn() && select(Math.floor(from + 1), 'only'),
    up: () => !keysAreOwn() && select(Math.ceil(from - 1), 'only'),
    pageDown: () => !keysAreOwn() && select(Math.floor(from) + page(), 'only'),
    pageUp: () => !keysAreOwn() && select(Math.ceil(from) - page(), 'only'),
    first: () => !keysAreOwn() && select(0, 'only'),
    last: () => !keysAreOwn() && select(total - 1, 'only'),
    drawDown: () => draw((at ?? 0) + 1),
    drawUp: () => draw((at ?? 0) - 1),
    drawPageDown: () => draw((at ?? 0) + page()),
    drawPageUp: () => draw((at ?? 0) - page()),
    filter: () => {
      filterInput.current?.focus()
      filterInput.current?.select()
    },
    find: () => tool('find'),
    findNext: () => findAgain(false),
    findPrevious: () => findAgain(true),
    goto: () => tool('goto'),
    mark: packet === null ? undefined : mark,
    nextMark: () => finding.mark(false),
    previousMark: () => finding.mark(true),
    reference: refer,
    time: () => setTimeFormat(TIME_FORMATS[(TIME_FORMATS.indexOf(timeFormat) + 1) % TIME_FORMATS.length] ?? 'utc'),
    follow: () => !keysAreOwn() && follow(),
    alerts: packet === null ? undefined : () => document.querySelector<HTMLElement>('#pk-flow-alerts a')?.focus(),
    nextInFlow: () => finding.inFlow(false),
    previousInFlow: () => finding.inFlow(true),
    comment: packet === null ? undefined : () => setDialog('comment'),
    menu: () => {
      if (keysAreOwn()) return false
      const cell = cursor.index === null ? null : list.current?.cell(cursor.index, 'source')
      if (cell && cursor.index !== null) rowMenu(cursor.index, 'info', cell)
      return true
    },
    carve: packet === null ? undefined : carve,
    conversations: () => tool('conversations'),
    tools: () => setToolMenu(true),
    side: () => setLayout({ ...layout, side: !layout.side }),
    open: () => setDialog('open'),
    close:
      place.tool !== null
        ? closeTool
        : selected.count > 1
          ? selected.single
          : run.running
            ? run.stop
            : reading
              ? () => void client.command('captures.stop', { capture: capture.id })
              : undefined,
  })

  const first = useMemo(() => momentOfIso(capture.first), [capture.first])
  const frame = useMemo(
    () => ({ format: timeFormat, digits: capture.timeDigits, zone, first, reference: reference?.at ?? null }),
    [timeFormat, capture.timeDigits, zone, first, reference],
  )
  const seen = useMemo(() => shownColumns(columns, windowWidth, capture.packets), [columns, windowWidth, capture.packets])
  const toolProps = {
    capture,
    view: shown.view,
    filter: shown.filter,
    packet,
    selected,
    flow: place.flow ?? ownFlow?.flow ?? null,
    onPacket: goPacket,
    onFilter: apply,
    onTool: (id: ToolId, ofFlow?: number) => tool(id, ofFlow ?? null),
    onCapture: (id: string) => navigate(placeHash({ capture: id })),
    onClose: closeTool,
  }
  const ownError = run.error && run.error.code !== 'query_syntax' ? run.error : cache.error
  const graphTurn = settled
    ? 'all'
    : String(Math.floor(capture.progress.of > 0 ? (capture.progress.bytes / capture.progress.of) * 20 : 0))
  return (
    <DropZone onPaths={openCapture} onUnknown={() => setDialog('open')}>
      <div className={`pk ${layout.side ? '' : 'pk-no-side'}`}>
        <CaptureBar
          capture={capture}
          from={found ? <FoundNote place={found} alert={place.alert} event={place.event} /> : null}
          menu={toolMenu}
          onMenu={setToolMenu}
          onTool={tool}
          onOpen={() => setDialog('open')}
          onClose={onLeave}
          onColours={() => setDialog('colours')}
        />
        <ReadingErrors capture={capture} />
        {notOpened ? <ErrorState error={notOpened} what={t('open.failed')} /> : null}
        <div className="pk-main">
          <Pane
            label={t('graph.label')}
            className="pk-graph-pane"
            onEnter={() => document.querySelector<HTMLElement>('.pk-bars')?.focus()}
          >
            <IoGraph
              capture={capture.id}
              view={shown.view}
              span={place.span}
              turn={`${graphTurn} ${shown.took ?? ''}`}
              alerts={alerts.value?.alerts ?? NO_ALERTS}
              onSpan={(span) => go({ span })}
              onPacket={goPacket}
            />
          </Pane>
          <FilterBar
            value={place.filter}
            refused={run.error}
            input={filterInput}
            note={
              <FilterNote
                run={run}
                filter={place.filter}
                span={place.span}
                total={total}
                packets={capture.packets}
                onAll={() => go({ span: ALL_SPAN })}
              />
            }
            onApply={apply}
            onLeave={() => list.current?.focus()}
          />
          {place.tool !== null && strip ? <ToolArea id={place.tool} {...toolProps} /> : null}
          <div
            className="pk-work"
            style={{ gridTemplateRows: `minmax(80px, ${100 - layout[lower]}fr) 5px minmax(80px, ${layout[lower]}fr)` }}
          >
            <Pane label={t('list.label')} className="pk-rows-pane" onEnter={() => list.current?.focus()}>
              {ownError ? (
                <ErrorState error={ownError} what={t('list.failed')} onRetry={() => (cache.error ? cache.retry() : again())} />
              ) : null}
              {total === 0 && !run.running && settled ? (
                <EmptyState
                  actions={
                    place.filter !== '' || place.span.from !== null ? (
                      <Button onClick={() => go({ filter: '', span: ALL_SPAN })}>{t('list.clear')}</Button>
                    ) : null
                  }
                >
                  {t(capture.packets === 0 ? 'list.empty' : 'list.nothing')}
                </EmptyState>
              ) : (
                <PacketList
                  ref={list}
                  cache={cache}
                  total={total}
                  columns={seen}
                  frame={frame}
                  cursor={cursor.index}
                  selection={selected.selection}
                  bracket={bracket}
                  referenceNumber={reference?.packet ?? null}
                  alerts={signs}
                  rules={rules}
                  numbered={shown.view === null}
                  onCursor={select}
                  onOpen={follow}
                  onMenu={rowMenu}
                  onHead={menus.ofHead}
                  onWidth={(id, width) => setColumns(changeColumns(columns, { kind: 'width', id, width }))}
                />
              )}
            </Pane>
            <Splitter
              label={t('split.lower')}
              value={layout[lower]}
              least={15}
              most={75}
              onChange={(share) => setLayout({ ...layout, [lower]: share })}
            />
            {place.tool !== null && !strip ? (
              <ToolArea id={place.tool} {...toolProps} />
            ) : (
              <Detail
                capture={capture.id}
                packet={packet}
                turn={`${capture.secrets.keyLog ?? ''} ${settled}`}
                matched={matched}
                onPacket={goPacket}
                onMenu={menus.ofField}
                onCopy={copy}
              />
            )}
          </div>
        </div>
        {layout.side ? (
          <SidePanel
            capture={capture}
            packet={stayed}
            flow={ownFlow}
            related={related.value}
            onFlow={(_flow, firstPacket) => goPacket(firstPacket)}
            onFollow={follow}
            onCarve={carve}
            onFilter={apply}
            onPacket={goPacket}
            onObjects={() => tool('objects', ownFlow?.flow ?? null)}
          />
        ) : null}
      </div>
      <StatusItems>
        {selected.count > 1 ? <span>{t('status.selected', { figure: format.number(selected.count) })}</span> : null}
        <span>{t('status.time', { format: t(`time.${timeFormat}`) })}</span>
        <span>
          {shown.view === null
            ? t('bar.packets', { count: total, figure: format.number(total) })
            : t('status.shown', { shown: format.number(total), of: format.number(capture.packets) })}
        </span>
      </StatusItems>
      {menus.element}
      {dialog === 'open' ? <OpenDialog onOpen={openCapture} onClose={() => setDialog('no')} /> : null}
      {dialog === 'colours' ? <ColourDialog onClose={() => setDialog('no')} /> : null}
      {dialog === 'comment' && packet !== null ? (
        <CommentDialog
          number={packet}
          text={row?.number === packet ? (row.comments.at(-1) ?? '') : ''}
          onSave={comment}
          onClose={() => setDialog('no')}
        />
      ) : null}
    </DropZone>
  )
}
