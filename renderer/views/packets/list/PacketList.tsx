import {
  memo,
  useCallback,
  useEffect,
  useImperativeHandle,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
  type PointerEvent,
  type ReactNode,
  type Ref,
  type MouseEvent,
} from 'react'
import { useTranslation } from 'react-i18next'
import type { PacketRow } from '../../../../shared/model/capture.ts'
import type { Severity } from '../../../../shared/model/severity.ts'
import { SeverityGlyph } from '../../../components/Severity.tsx'
import { Icon } from '../../../components/Icon.tsx'
import { visibleText } from '../../../format/text.ts'
import { useFormat } from '../../../i18n/use-format.ts'
import { toneOf, type ColourRule } from './colours.ts'
import { FIELD_PREFIX, templateOf, type Column } from './columns.ts'
import type { SelectHow } from '../use-selection.ts'
import type { RowCache } from './row-cache.ts'
import { isSelected, type Selection } from './selection.ts'
import { clampPosition, heightOf, isScaled, pageRows, positionOf, reveal, ROW, rowsAt, scrollTopOf } from './scroll.ts'
import { formatBetween, formatMomentExact, momentOf, timeText, type TimeFrame } from './times.ts'

const GUTTER = 30
const HEAD = 24

export interface ListHandle {
  focus(): void
  reveal(index: number, middle?: boolean): void
  pageRows(): number
  /** The cell of a row that is on screen. */
  cell(index: number, column: string): HTMLElement | null
}
/** The flow of the selected packet: its bracket in the gutter. */
export interface Bracket {
  readonly flow: number
  readonly first: number
  readonly last: number
}
export interface PacketListProps {
  readonly cache: RowCache
  readonly total: number
  readonly columns: readonly Column[]
  readonly frame: TimeFrame
  readonly cursor: number | null
  readonly selection: Selection | null
  readonly bracket: Bracket | null
  /** The packet that times are counted from. */
  readonly referenceNumber: number | null
  readonly alerts: ReadonlyMap<number, { readonly severity: Severity; readonly title: string }>
  readonly rules: readonly ColourRule[]
  /** The number of a row that is not loaded yet, where it can be known. */
  readonly numbered: boolean
  readonly ref: Ref<ListHandle>
  onCursor(index: number, how: SelectHow): void
  onOpen(index: number): void
  onMenu(index: number, column: string, element: HTMLElement): void
  onHead(column: Column['id'], element: HTMLElement): void
  onWidth(column: Column['id'], width: number): void
}

/** Packets by their index, tens of millions of them: only the rows that are seen are in the page. */
export function PacketList({ ref, ...props }: PacketListProps): ReactNode {
  const { cache, total, columns, frame, cursor, selection, bracket, referenceNumber, alerts, rules, numbered } = props
  const { t } = useTranslation('packets')
  const format = useFormat()
  const words = useMemo<Words>(
    () => ({
      marked: t('list.marked'),
      reference: t('list.reference'),
      comment: (text) => t('list.comment', { text }),
      number: format.number,
    }),
    [t, format],
  )
  useSyncExternalStore(cache.subscribe, cache.version)
  const scroller = useRef<HTMLDivElement>(null)
  const [view, setView] = useState(400)
  const [position, setPosition] = useState(0)
  const extent = { total, view }
  const at = clampPosition(position, extent)
  /** Where the scrollbar was put last: a scroll event from there is no one's doing. */
  const put = useRef(0)
  const latest = useRef({ extent, at })
  useLayoutEffect(() => {
    latest.current = { extent, at }
  })
  const go = useCallback((next: number) => {
    const { extent: now } = latest.current
    const to = clampPosition(next, now)
    latest.current.at = to
    setPosition(to)
    const element = scroller.current
    if (!element) return
    element.scrollTop = scrollTopOf(to, now)
    put.current = element.scrollTop
  }, [])
  useLayoutEffect(() => {
    const element = scroller.current
    if (!element) return
    const sizes = new ResizeObserver(() => setView(Math.max(ROW, element.clientHeight - HEAD)))
    sizes.observe(element)
    return () => sizes.disconnect()
  }, [])
  // More rows, or another height: the scrollbar of a scaled list stands elsewhere for the same position.
  useLayoutEffect(() => {
    const element = scroller.current
    if (!element) return
    const wanted = scrollTopOf(latest.current.at, { total, view })
    if (Math.abs(element.scrollTop - wanted) > 1) element.scrollTop = wanted
    put.current = element.scrollTop
  }, [total, view])
  const scaled = isScaled(extent)
  useEffect(() => {
    const element = scroller.current
    if (!element || !scaled) return
    const wheel = (event: WheelEvent): void => {
      if (event.ctrlKey || event.shiftKey || event.deltaY === 0) return
      event.preventDefault()
      const unit = event.deltaMode === 1 ? ROW : event.deltaMode === 2 ? latest.current.extent.view : 1
      go(latest.current.at + event.deltaY * unit)
    }
    // Not passive: a scaled scrollbar would leap over thousands of rows.
    element.addEventListener('wheel', wheel, { passive: false })
    return () => element.removeEventListener('wheel', wheel)
  }, [scaled, go])
  const scrolled = (): void => {
    const element = scroller.current
    if (!element || Math.abs(element.scrollTop - put.current) < 1) return
    put.current = element.scrollTop
    const next = positionOf(element.scrollTop, extent)
    latest.current.at = next
    setPosition(next)
  }

  const { first, above, count } = rowsAt(at, extent)
  useEffect(() => {
    // One row before: times may be counted from it.
    cache.want(Math.max(0, first - 1), first + count + 20)
  }, [cache, first, count, total])
  useImperativeHandle(
    ref,
    () => ({
      focus: () => scroller.current?.focus({ preventScroll: true }),
      reveal: (index, middle) => go(reveal(index, latest.current.at, latest.current.extent, middle)),
      pageRows: () => pageRows(latest.current.extent),
      cell: (index, column) =>
        scroller.current?.querySelector<HTMLElement>(`[data-index="${index}"] [data-col="${CSS.escape(column)}"]`) ?? null,
    }),
    [go],
  )

  const placeOf = (event: MouseEvent): { index: number; column: string; element: HTMLElement } | null => {
    const target = event.target as Element
    const row = target.closest<HTMLElement>('[data-index]')
    const cell = target.closest<HTMLElement>('[data-col]')
    return row ? { index: Number(row.dataset['index']), column: cell?.dataset['col'] ?? '', element: cell ?? row } : null
  }
  const pressed = (event: PointerEvent): void => {
    // The other buttons open the menu, which may be of all that is selected.
    const place = event.button === 0 ? placeOf(event) : null
    if (place) props.onCursor(place.index, event.shiftKey ? 'draw' : event.ctrlKey || event.metaKey ? 'toggle' : 'only')
  }
  /** What a cell says whole is made only for the one that is pointed at. */
  const pointed = (event: PointerEvent): void => {
    const place = placeOf(event)
    const row = place && place.column !== '' ? cache.row(place.index) : null
    if (place && row) place.element.title = titleOf(place.column, row)
  }
  // Rows that come in at one end take the elements of those that left at the other.
  const pool = Math.ceil(view / ROW) + 1
  const rows: ReactNode[] = []
  for (let index = first; index < first + count; index++) {
    const row = cache.row(index)
    rows.push(
      <Row
        key={index % pool}
        index={index}
        row={row}
        number={row?.number ?? (numbered ? index + 1 : null)}
        before={cache.row(index - 1)}
        columns={columns}
        frame={frame}
        cursor={index === cursor}
        selected={selection !== null && isSelected(selection, index)}
        reference={row !== null && row.number === referenceNumber}
        bracket={row && bracket && row.number >= bracket.first && row.number <= bracket.last ? bracket : null}
        alert={row ? alerts.get(row.number) : undefined}
        rules={rules}
        words={words}
      />,
    )
  }
  return (
    <div
      ref={scroller}
      className="pk-list"
      role="grid"
      tabIndex={0}
      aria-label={t('list.label')}
      aria-rowcount={total + 1}
      aria-multiselectable="true"
      aria-activedescendant={cursor !== null && cursor >= first && cursor < first + count ? `pk-row-${cursor}` : undefined}
      style={{ ['--pk-columns' as string]: templateOf(columns, GUTTER) }}
      onScroll={scrolled}
    >
      <Head columns={columns} frame={frame} onHead={props.onHead} onWidth={props.onWidth} />
      <div className="pk-room" role="presentation" style={{ height: heightOf(extent) }}>
        <div
          className="pk-rows"
          role="rowgroup"
          style={{ height: Math.min(view, total * ROW), top: HEAD }}
          onPointerDown={pressed}
          onPointerOver={pointed}
          onMouseDown={(event) => {
            if (!event.shiftKey) return
            // The browser would select text from the row before to this one.
            event.preventDefault()
            scroller.current?.focus({ preventScroll: true })
          }}
          onDoubleClick={(event) => {
            const place = placeOf(event)
            if (place) props.onOpen(place.index)
          }}
          onContextMenu={(event) => {
            const place = placeOf(event)
            if (!place) return
            event.preventDefault()
            props.onCursor(place.index, 'keep')
            props.onMenu(place.index, place.column, place.element)
          }}
        >
          <div className="pk-shift" role="presentation" style={{ transform: `translateY(${-above}px)` }}>
            {rows}
          </div>
        </div>
      </div>
    </div>
  )
}

function Head({ columns, frame, onHead, onWidth }: Pick<PacketListProps, 'columns' | 'frame' | 'onHead' | 'onWidth'>): ReactNode {
  const { t } = useTranslation('packets')
  const drag = (column: Column, event: PointerEvent<HTMLElement>): void => {
    event.preventDefault()
    event.stopPropagation()
    const from = event.clientX
    const handle = event.currentTarget
    handle.setPointerCapture(event.pointerId)
    const move = (moved: globalThis.PointerEvent): void => onWidth(column.id, column.width + moved.clientX - from)
    handle.addEventListener('pointermove', move)
    handle.addEventListener('pointerup', () => handle.removeEventListener('pointermove', move), { once: true })
  }
  return (
    <div className="pk-head" role="rowgroup">
      <div className="pk-row" role="row" aria-rowindex={1}>
        <span role="columnheader" className="pk-gutter">
          <span className="sr">{t('column.gutter')}</span>
        </span>
        {columns.map((column) => {
          const name = column.id.startsWith(FIELD_PREFIX) ? column.id.slice(FIELD_PREFIX.length) : t(`column.${column.id}`)
          const label = column.id === 'time' ? t(`time.head.${frame.format}`) : name
          return (
            <span key={column.id} role="columnheader" className={`pk-h pk-c-${classOf(column)}`}>
              <button
                type="button"
                tabIndex={-1}
                className="ellipsis"
                aria-haspopup="menu"
                onClick={(event) => onHead(column.id, event.currentTarget)}
              >
                {visibleText(label)}
              </button>
              {column.id === 'info' ? null : <i className="pk-grip" onPointerDown={(event) => drag(column, event)} />}
            </span>
          )
        })}
      </div>
    </div>
  )
}

const classOf = ({ id }: Column): string => (id.startsWith(FIELD_PREFIX) ? 'field' : id)

/** What rows say in the reader's language. */
interface Words {
  readonly marked: string
  readonly reference: string
  comment(text: string): string
  number(value: number): string
}

const Row = memo(function Row({
  index,
  row,
  number,
  before,
  columns,
  frame,
  cursor,
  selected,
  reference,
  bracket,
  alert,
  rules,
  words,
}: {
  readonly index: number
  readonly row: PacketRow | null
  readonly number: number | null
  readonly before: PacketRow | null
  readonly columns: readonly Column[]
  readonly frame: TimeFrame
  readonly cursor: boolean
  readonly selected: boolean
  readonly reference: boolean
  readonly bracket: Bracket | null
  readonly alert: { readonly severity: Severity; readonly title: string } | undefined
  readonly rules: readonly ColourRule[]
  readonly words: Words
}): ReactNode {
  const tone = row ? toneOf(row, rules) : null
  const names = [
    'pk-row',
    tone ? `pk-tone-${tone}` : '',
    cursor ? 'pk-on' : selected ? 'pk-also' : '',
    row?.marked ? 'pk-marked' : '',
    index % 2 === 1 ? 'pk-odd' : '',
  ]
  return (
    <div
      id={`pk-row-${index}`}
      className={names.filter(Boolean).join(' ')}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={selected}
      data-index={index}
    >
      <span className="pk-gutter" role="gridcell">
        {alert ? (
          <span title={visibleText(alert.title)}>
            <SeverityGlyph severity={alert.severity} size={13} />
          </span>
        ) : row && row.comments.length > 0 ? (
          <span className="pk-note" title={visibleText(row.comments.join('\n'))}>
            <Icon name="file" size={12} />
            <span className="sr">{words.comment(visibleText(row.comments.join(' ')))}</span>
          </span>
        ) : null}
        {row && bracket ? <FlowMark row={row} bracket={bracket} /> : null}
      </span>
      {columns.map((column) => (
        <span key={column.id} role="gridcell" data-col={column.id} className={`pk-cell pk-c-${classOf(column)}`}>
          {column.id === 'number' ? (
            number === null ? (
              ''
            ) : (
              <>
                {row?.marked ? <span className="sr">{words.marked} </span> : null}
                {reference ? words.reference : words.number(number)}
              </>
            )
          ) : row ? (
            cellText(column, row, before, frame)
          ) : (
            ''
          )}
        </span>
      ))}
    </div>
  )
})

function cellText(column: Column, row: PacketRow, before: PacketRow | null, frame: TimeFrame): ReactNode {
  const at = momentOf(row)
  switch (column.id) {
    case 'number':
      return null
    case 'time':
      return at ? timeText(at, before ? momentOf(before) : null, frame) : '–'
    case 'delta': {
      const from = before ? momentOf(before) : null
      return at && from ? formatBetween(from, at, frame.digits) : ''
    }
    case 'source':
      return visibleText(row.source)
    case 'destination':
      return visibleText(row.destination)
    case 'sourcePort':
      return row.sourcePort
    case 'destinationPort':
      return row.destinationPort
    case 'protocol':
      return visibleText(row.protocol)
    case 'length':
      return row.wire
    case 'info':
      return visibleText(row.info)
    default:
      return visibleText(row.fields[column.id.slice(FIELD_PREFIX.length)] ?? '')
  }
}

/** A cell in full: its column may be too narrow for it. */
function titleOf(column: string, row: PacketRow): string {
  const at = momentOf(row)
  if (column === 'time') return at ? `${formatMomentExact(at, 9)} UTC` : ''
  if (column === 'source' || column === 'destination' || column === 'info' || column === 'protocol')
    return visibleText(row[column])
  return column.startsWith(FIELD_PREFIX) ? visibleText(row.fields[column.slice(FIELD_PREFIX.length)] ?? '') : ''
}

/** The bracket of the selected flow: a line from its first to its last packet, with a tick at each of its own. */
function FlowMark({ row, bracket }: { readonly row: PacketRow; readonly bracket: Bracket }): ReactNode {
  if (row.number < bracket.first || row.number > bracket.last) return null
  const own = row.flow === bracket.flow
  const top = row.number === bracket.first ? ROW / 2 : 0
  const bottom = row.number === bracket.last ? ROW / 2 : ROW
  return (
    <svg className="pk-bracket" width="10" height={ROW} aria-hidden="true">
      {bottom > top ? <path d={`M2.500 ${top}V${bottom}`} /> : null}
      {own ? <path d={`M2.500 ${ROW / 2}h${row.number === bracket.first || row.number === bracket.last ? 6 : 3}`} /> : null}
    </svg>
  )
}
