import { useCallback, useEffect, useMemo, useRef, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Capture, PacketPlace, TreeNode } from '../../../shared/model/capture.ts'
import { navigate } from '../../app/route.ts'
import { StatusItems } from '../../app/StatusBar.tsx'
import { useClient, useJob, useQuery } from '../../client/hooks.ts'
import { Button } from '../../components/Button.tsx'
import { Menu, type MenuItem } from '../../components/Menu.tsx'
import { Pane } from '../../components/Pane.tsx'
import { EmptyState, ErrorState } from '../../components/States.tsx'
import { visibleText } from '../../format/text.ts'
import { useFormat } from '../../i18n/use-format.ts'
import { useKeys } from '../../keys/use-keys.tsx'
import { useNotice } from '../../state/notice.ts'
import { machineZone, useSettings } from '../../state/settings.ts'
import { CaptureBar, ReadingErrors } from './CaptureBar.tsx'
import { ColourDialog } from './ColourDialog.tsx'
import { CommentDialog } from './CommentDialog.tsx'
import { dumpOf, type Range } from './detail/hex.ts'
import { HexPane } from './detail/HexPane.tsx'
import { changeStanding, fieldAt, namesAlong, nodeAt, samePath, standingOpen, type Standing } from './detail/tree-lines.ts'
import { TreePane } from './detail/TreePane.tsx'
import { useDetail } from './detail/use-detail.ts'
import { FilterBar } from './filter/FilterBar.tsx'
import { joinFilters, type Joining } from './filter/filter-pieces.ts'
import { FilterNote } from './filter/FilterNote.tsx'
import { useFilterRun } from './filter/use-filter-run.ts'
import { IoGraph } from './graph/IoGraph.tsx'
import { useLastFind } from './last-find.ts'
import { cellFilter } from './list/cell-filter.ts'
import {
  changeColumns,
  COLUMN_IDS,
  fieldsOf,
  FIELD_PREFIX,
  shownColumns,
  STEP_WIDTH,
  type Column,
  type ColumnChange,
} from './list/columns.ts'
import { PacketList, type Bracket, type ListHandle } from './list/PacketList.tsx'
import { RowCache } from './list/row-cache.ts'
import { momentOf, momentOfIso, TIME_FORMATS, type Moment } from './list/times.ts'
import { FoundNote } from './open/LocatePage.tsx'
import { DropZone } from './open/DropZone.tsx'
import { OpenDialog } from './open/OpenDialog.tsx'
import { useOpenCapture } from './open/open-capture.ts'
import { PACKET_KEYS } from './packet-keys.ts'
import { ALL_SPAN, placeHash, type Place, type Span } from './page-state.ts'
import { useColourRules, useColumnSetting, useLayout, useTimeFormat } from './settings.ts'
import { flowFilter } from './side/flow-filter.ts'
import { SidePanel } from './side/SidePanel.tsx'
import { Splitter } from './Splitter.tsx'
import { isStrip, ToolArea } from './ToolArea.tsx'
import type { ToolId } from './tools/define.ts'
import { useCursor } from './use-cursor.ts'
import { useWindowWidth } from './use-window-width.ts'

/** Keys of the page come before those of what has the focus: tree, bytes and graph keep their own. */
const keysAreOwn = (): boolean => Boolean(document.activeElement?.closest('[data-keys="own"]'))

interface Opened {
  readonly label: string
  readonly items: readonly MenuItem[]
  readonly anchor: { readonly current: HTMLElement }
}

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
  const [opened, setOpened] = useState<Opened | null>(null)
  const { open: openCapture, error: notOpened } = useOpenCapture()
  const list = useRef<ListHandle>(null)
  const filterInput = useRef<HTMLInputElement>(null)
  const [toolMenu, setToolMenu] = useState(false)
  const windowWidth = useWindowWidth()

  /* ---- address */
  const latestPlace = useRef(place)
  useEffect(() => {
    latestPlace.current = place
  }, [place])
  const go = useCallback((change: Partial<Place>, replace = false) => {
    const next = { ...latestPlace.current, ...change }
    latestPlace.current = next
    navigate(placeHash(next), replace)
  }, [])

  /* ---- rows */
  const settled = capture.state !== 'indexing' && capture.state !== 'reading'
  const run = useFilterRun(capture.id, place.filter, place.span, capture.packets, settled)
  const { shown, again } = run
  const total = shown.view === null ? capture.packets : (shown.matched ?? 0)
  const fields = useMemo(() => fieldsOf(columns), [columns])
  const fieldsKey = fields.join(' ')
  const cache = useMemo(() => {
    const asked = fieldsKey === '' ? [] : fieldsKey.split(' ')
    return new RowCache((from, count) =>
      client.query('packets.rows', { capture: capture.id, view: shown.view, from, count, fields: asked }),
    )
  }, [client, capture.id, shown.view, fieldsKey])
  useEffect(() => () => cache.close(), [cache])
  useEffect(() => cache.grow(total), [cache, total])
  // Once application data has been read, rows say more.
  useEffect(() => cache.renew(), [cache, settled])
  useEffect(
    () =>
      cache.subscribe(() => {
        if (cache.error?.code === 'not_found' && shown.view !== null) again()
      }),
    [cache, shown.view, again],
  )
  // What failed because the engine was away is read again when it is back.
  useEffect(() => client.onState((state) => void (state === 'open' && cache.error && cache.retry())), [client, cache])
  const cursor = useCursor(capture.id, shown.view, total, cache, list)
  const { packet, toPacket } = cursor

  /* ---- the selected packet and the address follow each other */
  const written = useRef<number | null>(null)
  useEffect(() => {
    if (place.packet !== null && place.packet !== written.current) {
      written.current = place.packet
      void toPacket(place.packet)
    }
  }, [place.packet, toPacket])
  useEffect(() => {
    if (packet === null || packet === written.current) return
    // Not through every packet that is passed.
    const timer = setTimeout(() => {
      written.current = packet
      go({ packet }, true)
    }, 120)
    return () => clearTimeout(timer)
  }, [packet, go])
  const [matched, setMatched] = useState<{ readonly packet: number; readonly range: Range } | null>(null)
  const goPacket = useCallback(
    (number: number, bytes?: Range) => {
      setMatched(bytes && bytes.length > 0 ? { packet: number, range: bytes } : null)
      void toPacket(number).then((exact) => {
        if (!exact && shown.view !== null) say(t('list.notInView', { number: format.number(number) }))
      })
    },
    [toPacket, shown.view, say, t, format],
  )

  /* ---- what belongs to it; not of every packet that is passed */
  const [stayed, setStayed] = useState<number | null>(packet)
  useEffect(() => {
    const timer = setTimeout(() => setStayed(packet), 60)
    return () => clearTimeout(timer)
  }, [packet])
  const row = cursor.index === null ? null : cache.row(cursor.index)
  const flow = useQuery('packets.flow', stayed === null ? null : { capture: capture.id, packet: stayed })
  const related = useQuery('packets.related', stayed === null ? null : { capture: capture.id, packet: stayed })
  const ownFlow = stayed === null || flow.error ? null : flow.value
  const bracket = useMemo<Bracket | null>(
    () => (ownFlow ? { flow: ownFlow.flow, first: ownFlow.firstPacket, last: ownFlow.lastPacket } : null),
    [ownFlow],
  )
  const alerts = useQuery('packets.alerts', capture.packets > 0 ? { capture: capture.id } : null)
  const refreshAlerts = alerts.refresh
  useEffect(refreshAlerts, [settled, refreshAlerts])
  const signs = useMemo(
    () =>
      new Map((alerts.value?.alerts ?? []).flatMap((alert) => (alert.packet === null ? [] : [[alert.packet, alert] as const]))),
    [alerts.value],
  )
  const detail = useDetail(capture.id, packet, `${capture.secrets.keyLog ?? ''} ${settled}`)

  /* ---- fields and bytes */
  const [stands, setStands] = useState<Standing>({ open: new Set(), closed: new Set() })
  const [field, setField] = useState<{ readonly names: readonly string[]; readonly source: number; readonly byte: number | null }>({ names: [], source: 0, byte: null }) // prettier-ignore
  const tree = detail.detail?.tree ?? EMPTY
  const open = useMemo(() => standingOpen(tree, stands), [tree, stands])
  const path = useMemo(() => samePath(tree, field.names), [tree, field.names])
  const node = path === null ? null : nodeAt(tree, path)
  const source = Math.min(field.source, Math.max(0, detail.sources.length - 1))
  const select = (to: string, byte: number | null = null): void => {
    const chosen = nodeAt(tree, to)
    if (!chosen) return
    const names = namesAlong(tree, to)
    setField({ names, source: chosen.length > 0 ? chosen.source : field.source, byte })
    // What lies above it must stand open.
    if (names.slice(0, -1).some((name) => !open.has(name))) setStands(changeStanding(stands, names.slice(0, -1), true))
  }
  const byteChosen = (at: number): void => {
    const to = fieldAt(tree, source, at)
    if (to === null) setField({ names: [], source, byte: at })
    else select(to, at)
  }
  const marks = useMemo(() => {
    const ranges = [
      ...(found?.matched ?? []).filter((one) => one.packet === detail.number).map(({ from, length }) => ({ from, length })),
    ]
    if (matched && matched.packet === detail.number) ranges.push(matched.range)
    return ranges
  }, [found, matched, detail.number])

  /* ---- filter */
  const apply = useCallback((filter: string) => go({ filter }), [go])
  const applySpan = (span: Span): void => go({ span })
  const joined = (how: Joining, filter: string): void => apply(joinFilters(latestPlace.current.filter, how, filter))

  /* ---- tools */
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
  const findJob = useJob('packets.find')
  const lastFind = useLastFind((state) => state.spec)
  const findAgain = (backwards: boolean): void => {
    if (!lastFind) return tool('find')
    const input = { capture: capture.id, view: shown.view, ...lastFind, after: packet ?? 0, backwards }
    void findJob.run(input).then((result) => {
      if (!result.ok) return
      const { packet: hit, from, length } = result.value
      if (hit === null) say(t('list.findEnd'))
      else goPacket(hit, { from, length })
    })
  }

  /* ---- marks, comments, the flow */
  const mark = (): void => {
    if (packet === null) return
    const marked = !(row?.number === packet && row.marked)
    cache.patch(
      (one) => one.number === packet,
      (one) => ({ ...one, marked }),
    )
    void client.command('packets.mark', { capture: capture.id, packets: [packet], marked }).then((done) => {
      if (done.ok) say(t('list.markedCount', { count: done.value.marked, figure: format.number(done.value.marked) }))
    })
  }
  const toMark = (backwards: boolean): void =>
    void client.query('packets.nextMark', { capture: capture.id, after: packet ?? 0, backwards }).then((next) => {
      if (next.ok && next.value.packet !== null) goPacket(next.value.packet)
      else if (next.ok) say(t('list.noMark'))
    })
  const inFlow = (backwards: boolean): void => {
    const filter = ownFlow ? flowFilter(ownFlow) : ''
    if (packet === null || filter === '') return
    const input = { capture: capture.id, view: shown.view, what: 'filter' as const, text: filter, after: packet, backwards }
    void findJob.run(input).then((result) => {
      if (result.ok && result.value.packet !== null) goPacket(result.value.packet)
      else if (result.ok) say(t('list.flowEnd'))
    })
  }
  const refer = (): void => {
    if (!row) return
    if (reference?.packet === row.number) setReference(null)
    else {
      setReference({ packet: row.number, at: momentOf(row) })
      setTimeFormat('reference')
    }
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

  /* ---- menus */
  const change = (how: ColumnChange): void => setColumns(changeColumns(columns, how))
  const filterItems = (filter: string): MenuItem[] =>
    (['only', 'not', 'and', 'andNot', 'or'] as const).map((how) => ({
      id: how,
      label: t(`menu.filter.${how}`),
      ...(how === 'only' ? { note: <code>{visibleText(filter.length > 48 ? `${filter.slice(0, 48)}…` : filter)}</code> } : {}),
      run: () => joined(how, filter),
    }))
  const nodeMenu = (chosen: TreeNode, element: HTMLElement): void =>
    setOpened({
      label: t('menu.field', { field: visibleText(chosen.field === '' ? chosen.label : chosen.field) }),
      anchor: { current: element },
      items: [
        ...(chosen.filter === '' ? [] : filterItems(chosen.filter)),
        ...(chosen.field === ''
          ? []
          : [
              {
                id: 'column',
                label: t('menu.column'),
                rule: chosen.filter !== '',
                run: () => change({ kind: 'add', id: `${FIELD_PREFIX}${chosen.field}` }),
              },
            ]),
        { id: 'copy', label: t('menu.copyLine'), run: () => copy(chosen.label, t('menu.line')) },
        ...(chosen.field === ''
          ? []
          : [{ id: 'copyField', label: t('menu.copyField'), run: () => copy(chosen.field, chosen.field) }]),
        { id: 'follow', label: t('menu.follow'), rule: true, run: follow },
        { id: 'carve', label: t('menu.carve'), run: () => tool('carve', ownFlow?.flow ?? null) },
      ],
    })
  const rowMenu = (index: number, column: string, element: HTMLElement): void => {
    const chosen = cache.row(index)
    if (!chosen) return
    const filter = cellFilter(chosen, column)
    setOpened({
      label: t('menu.packet', { number: format.number(chosen.number) }),
      anchor: { current: element },
      items: [
        ...(filter === '' ? [] : filterItems(filter)),
        { id: 'mark', label: t(chosen.marked ? 'menu.unmark' : 'menu.mark'), rule: filter !== '', run: mark },
        { id: 'comment', label: t('menu.comment'), run: () => setDialog('comment') },
        { id: 'reference', label: t('menu.reference'), run: refer },
        {
          id: 'copy',
          label: t('menu.copyLine'),
          run: () =>
            copy(`${chosen.number}\t${chosen.source}\t${chosen.destination}\t${chosen.protocol}\t${chosen.info}`, t('menu.line')),
        },
        { id: 'follow', label: t('menu.follow'), rule: true, disabled: chosen.flow === null, run: follow },
        {
          id: 'only',
          label: t('menu.onlyFlow'),
          disabled: !ownFlow || flowFilter(ownFlow) === '',
          run: () => ownFlow && apply(flowFilter(ownFlow)),
        },
        { id: 'carve', label: t('menu.carve'), run: () => tool('carve', chosen.flow) },
      ],
    })
  }
  const headMenu = (id: Column['id'], element: HTMLElement): void => {
    const width = columns.find((one) => one.id === id)?.width ?? 0
    setOpened({
      label: t('menu.columns'),
      anchor: { current: element },
      items: [
        ...(id === 'time' ? TIME_FORMATS.map((one) => ({ id: `t-${one}`, label: t(`time.${one}`), checked: one === timeFormat, run: () => setTimeFormat(one) })) : []),
        { id: 'left', label: t('menu.left'), rule: id === 'time', run: () => change({ kind: 'move', id, by: -1 }) },
        { id: 'right', label: t('menu.right'), run: () => change({ kind: 'move', id, by: 1 }) },
        ...(id === 'info' ? [] : [
          { id: 'wider', label: t('menu.wider'), run: () => change({ kind: 'width', id, width: width + STEP_WIDTH }) },
          { id: 'narrower', label: t('menu.narrower'), run: () => change({ kind: 'width', id, width: width - STEP_WIDTH }) },
        ]),
        { id: 'remove', label: t('menu.remove'), run: () => change({ kind: 'remove', id }) },
        ...COLUMN_IDS.filter((one) => !columns.some((column) => column.id === one)).map((one, index) => ({
          id: `a-${one}`,
          label: t('menu.add', { column: t(`column.${one}`) }),
          rule: index === 0,
          run: () => change({ kind: 'add', id: one }),
        })),
        { id: 'reset', label: t('menu.reset'), rule: true, run: () => change({ kind: 'reset' }) },
      ], // prettier-ignore
    })
  }

  const reading = !settled
  const strip = place.tool !== null && isStrip(place.tool)
  const page = (): number => list.current?.pageRows() ?? 10
  const at = cursor.index ?? -1
  useKeys('packets', PACKET_KEYS, {
    down: () => !keysAreOwn() && cursor.to(at + 1),
    up: () => !keysAreOwn() && cursor.to(at < 0 ? 0 : at - 1),
    pageDown: () => !keysAreOwn() && cursor.to(at + page()),
    pageUp: () => !keysAreOwn() && cursor.to(at - page()),
    first: () => !keysAreOwn() && cursor.to(0),
    last: () => !keysAreOwn() && cursor.to(total - 1),
    filter: () => {
      filterInput.current?.focus()
      filterInput.current?.select()
    },
    find: () => tool('find'),
    findNext: () => findAgain(false),
    findPrevious: () => findAgain(true),
    goto: () => tool('goto'),
    mark: packet === null ? undefined : mark,
    nextMark: () => toMark(false),
    previousMark: () => toMark(true),
    reference: refer,
    time: () => setTimeFormat(TIME_FORMATS[(TIME_FORMATS.indexOf(timeFormat) + 1) % TIME_FORMATS.length] ?? 'utc'),
    follow: () => !keysAreOwn() && follow(),
    alerts: packet === null ? undefined : () => document.querySelector<HTMLElement>('#pk-flow-alerts a')?.focus(),
    nextInFlow: () => inFlow(false),
    previousInFlow: () => inFlow(true),
    comment: packet === null ? undefined : () => setDialog('comment'),
    menu: () => {
      if (keysAreOwn()) return false
      const cell = cursor.index === null ? null : list.current?.cell(cursor.index, 'source')
      if (cell && cursor.index !== null) rowMenu(cursor.index, 'info', cell)
      return true
    },
    carve: packet === null ? undefined : () => tool('carve', ownFlow?.flow ?? null),
    conversations: () => tool('conversations'),
    tools: () => setToolMenu(true),
    open: () => setDialog('open'),
    close:
      place.tool !== null
        ? closeTool
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
  const seen = useMemo(() => shownColumns(columns, windowWidth), [columns, windowWidth])
  const toolProps = {
    capture,
    view: shown.view,
    filter: shown.filter,
    packet,
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
              onSpan={applySpan}
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
            style={{ gridTemplateRows: `minmax(80px, ${100 - layout.lower}fr) 5px minmax(80px, ${layout.lower}fr)` }}
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
                  bracket={bracket}
                  referenceNumber={reference?.packet ?? null}
                  alerts={signs}
                  rules={rules}
                  numbered={shown.view === null}
                  onCursor={cursor.to}
                  onOpen={follow}
                  onMenu={rowMenu}
                  onHead={headMenu}
                  onWidth={(id, width) => change({ kind: 'width', id, width })}
                />
              )}
            </Pane>
            <Splitter
              label={t('split.lower')}
              value={layout.lower}
              least={15}
              most={75}
              onChange={(lower) => setLayout({ ...layout, lower })}
            />
            {place.tool !== null && !strip ? (
              <ToolArea id={place.tool} {...toolProps} />
            ) : (
              <div
                className="pk-lower"
                style={{ gridTemplateColumns: `minmax(120px, ${100 - layout.tree}fr) 5px minmax(120px, ${layout.tree}fr)` }}
              >
                <TreePane
                  number={detail.number}
                  detail={detail.detail}
                  loading={detail.loading}
                  open={open}
                  selected={path}
                  onOpen={(names, now) => setStands(changeStanding(stands, names, now))}
                  onSelect={(to) => select(to)}
                  onPacket={goPacket}
                  onMenu={nodeMenu}
                />
                <Splitter
                  label={t('split.tree')}
                  upright
                  value={layout.tree}
                  least={20}
                  most={80}
                  onChange={(share) => setLayout({ ...layout, tree: share })}
                />
                <HexPane
                  sources={detail.sources}
                  source={source}
                  field={node && node.length > 0 && node.source === source ? { from: node.from, length: node.length } : null}
                  matched={marks}
                  cursor={field.byte}
                  fieldName={node?.field ?? ''}
                  onSource={(to) => setField({ names: field.names, source: to, byte: null })}
                  onByte={byteChosen}
                  onCopy={(bytes) => copy(dumpOf(bytes), t('bytes.title'))}
                />
              </div>
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
            onCarve={() => tool('carve', ownFlow?.flow ?? null)}
            onFilter={apply}
            onPacket={goPacket}
            onObjects={() => tool('objects', ownFlow?.flow ?? null)}
          />
        ) : null}
      </div>
      <StatusItems>
        <span>{t('status.time', { format: t(`time.${timeFormat}`) })}</span>
        <span>
          {shown.view === null
            ? t('bar.packets', { count: total, figure: format.number(total) })
            : t('status.shown', { shown: format.number(total), of: format.number(capture.packets) })}
        </span>
      </StatusItems>
      {opened ? <Menu anchor={opened.anchor} label={opened.label} items={opened.items} onClose={() => setOpened(null)} /> : null}
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
const EMPTY: readonly TreeNode[] = []
const NO_ALERTS: readonly never[] = []
