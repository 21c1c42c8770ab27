import {
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  type KeyboardEvent,
  type PointerEvent,
  type ReactNode,
} from 'react'
import { useTranslation } from 'react-i18next'
import { useQuery, type QueryState } from '../../../client/hooks.ts'
import type { OutputOf } from '../../../client/types.ts'
import { SeverityGlyph } from '../../../components/Severity.tsx'
import { formatShort } from '../../../format/number.ts'
import { visibleText } from '../../../format/text.ts'
import { clockOf, formatExact } from '../../../format/time.ts'
import { useFormat } from '../../../i18n/use-format.ts'
import { severityRank } from '../../../../shared/model/severity.ts'
import type { Span } from '../page-state.ts'
import { barsPath, brushOf, groupSigns, shareOf, slotAt, spanOf, ticksOf } from './io-graph.ts'

type Found = OutputOf<'packets.alerts'>['alerts'][number]
const HEIGHT = 56
/** Pixels that a time of the axis takes: one that is cut off says another time. */
const TICK_ROOM = 64

/** Pixels of a bar. */
const BAR = 4

/** Packets over time, of all and of the filter, with the alerts of the time. A brush is a span. */
export function IoGraph({
  capture,
  view,
  span,
  turn,
  alerts,
  onSpan,
  onPacket,
}: {
  readonly capture: string
  readonly view: number | null
  readonly span: Span
  /** Another text when there are more packets. */
  readonly turn: string
  readonly alerts: readonly Found[]
  onSpan(span: Span): void
  onPacket(packet: number): void
}): ReactNode {
  const { t } = useTranslation('packets')
  const format = useFormat()
  const area = useRef<HTMLDivElement>(null)
  const [width, setWidth] = useState(800)
  const [cursor, setCursor] = useState<number | null>(null)
  const [brush, setBrush] = useState<{ a: number; b: number } | null>(null)
  useLayoutEffect(() => {
    const element = area.current
    if (!element) return
    const sizes = new ResizeObserver(() => setWidth(element.clientWidth))
    sizes.observe(element)
    return () => sizes.disconnect()
  }, [])
  const slots = Math.max(60, Math.min(960, 20 * Math.floor(width / BAR / 20)))
  const found: QueryState<OutputOf<'packets.graph'>> = useQuery('packets.graph', { capture, view, slots })
  const { refresh } = found
  useEffect(refresh, [turn, refresh])
  const graph = found.value
  const field = { from: graph?.from ?? 0, to: graph?.to ?? 0, count: graph?.packets.length ?? 0 }
  const most = useMemo(() => Math.max(1, ...(graph?.packets ?? [])), [graph])
  const all = useMemo(() => barsPath(graph?.packets ?? [], most, width, HEIGHT), [graph, most, width])
  const passing = useMemo(() => barsPath(graph?.viewPackets ?? [], most, width, HEIGHT), [graph, most, width])
  const ticks = useMemo(() => ticksOf(field.from, field.to, Math.max(2, Math.floor(width / 110))), [field.from, field.to, width])

  const signs = groupSigns(
    (field.count === 0 ? [] : alerts).flatMap((sign) => {
      const share = shareOf(Date.parse(sign.time) / 1000, field)
      return share < 0 || share > 1 ? [] : [{ at: share * width, sign }]
    }),
  )
  const here = (event: PointerEvent): number => {
    const box = area.current?.getBoundingClientRect()
    return slotAt(event.clientX - (box?.left ?? 0), box?.width ?? 1, field.count)
  }
  const apply = (chosen: { a: number; b: number }): void => {
    setBrush(null)
    onSpan(spanOf(chosen.a, chosen.b, field))
  }
  const pressed = (event: KeyboardEvent): void => {
    if (field.count === 0) return
    const at = cursor ?? 0
    const step = { ArrowLeft: -1, ArrowRight: 1, PageUp: -10, PageDown: 10 }[event.key] ?? 0
    const next =
      event.key === 'Home'
        ? 0
        : event.key === 'End'
          ? field.count - 1
          : step === 0
            ? null
            : Math.max(0, Math.min(field.count - 1, at + step))
    if (next !== null) {
      setCursor(next)
      setBrush(event.shiftKey ? { a: brush?.a ?? at, b: next } : null)
    } else if (event.key === 'Enter') apply(brush ?? { a: at, b: at })
    else if (event.key === 'Escape' && brush) setBrush(null)
    else if ((event.key === '-' || event.key === 'Backspace') && (span.from !== null || span.to !== null))
      onSpan({ from: null, to: null })
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  const shown = brush
    ? { left: Math.min(brush.a, brush.b) / field.count, right: (Math.max(brush.a, brush.b) + 1) / field.count }
    : field.count > 0
      ? brushOf(span, field)
      : null
  const told = brush ? spanOf(brush.a, brush.b, field) : shown ? { from: span.from ?? field.from, to: span.to ?? field.to } : null
  const slotSpan = cursor === null || field.count === 0 ? null : spanOf(cursor, cursor, field)
  const perSecond = most / Math.max(1e-9, (field.to - field.from) / Math.max(1, field.count))
  const clock = (seconds: number): string => clockOf(seconds * 1000).time
  const readout = slotSpan
    ? t('graph.slot', {
        from: clock(slotSpan.from),
        to: clock(slotSpan.to),
        count: format.number(graph?.packets[cursor ?? 0] ?? 0),
      })
    : ''
  return (
    <div className="pk-graph">
      <div className="pk-signs">
        <span className="pk-scale" title={t('graph.scaleTitle')}>
          {graph ? t('graph.scale', { rate: perSecond < 10 ? format.rate(perSecond) : formatShort(Math.round(perSecond)) }) : ''}
        </span>
        {signs.map((group) => {
          const worst = group.signs.reduce((one, other) =>
            severityRank(other.severity) > severityRank(one.severity) ? other : one,
          )
          const lines = group.signs.slice(0, 12).map(({ title, time }) => `${visibleText(title)} · ${formatExact(time)}`)
          return (
            <button
              key={worst.id}
              type="button"
              className="pk-sign"
              style={{ left: group.at }}
              title={lines.join('\n')}
              aria-label={t('graph.alert', { count: group.signs.length, title: visibleText(worst.title) })}
              onClick={() => worst.packet !== null && onPacket(worst.packet)}
            >
              <SeverityGlyph severity={worst.severity} size={13} />
              {group.signs.length > 1 ? <em>{group.signs.length}</em> : null}
            </button>
          )
        })}
        <span className="pk-legend" aria-hidden="true">
          <i className="pk-key-all" /> {t('graph.all')}
          {graph?.viewPackets ? (
            <>
              <i className="pk-key-view" /> {t('graph.passing')}
            </>
          ) : null}
        </span>
      </div>
      <div
        ref={area}
        className="pk-bars"
        role="slider"
        tabIndex={0}
        data-keys="own"
        aria-label={t('graph.label')}
        aria-valuemin={0}
        aria-valuemax={Math.max(0, field.count - 1)}
        aria-valuenow={cursor ?? 0}
        aria-valuetext={readout || t('graph.label')}
        onKeyDown={pressed}
        onPointerDown={(event) => {
          if (event.button !== 0 || field.count === 0) return
          event.currentTarget.setPointerCapture(event.pointerId)
          const slot = here(event)
          setBrush({ a: slot, b: slot })
        }}
        onPointerMove={(event) => {
          if (field.count === 0) return
          const slot = here(event)
          setCursor(slot)
          if (brush && event.buttons === 1) setBrush({ a: brush.a, b: slot })
        }}
        onPointerUp={() => {
          if (!brush) return
          // A click is no brush: it takes the span away.
          if (brush.a !== brush.b) apply(brush)
          else {
            setBrush(null)
            if (span.from !== null || span.to !== null) onSpan({ from: null, to: null })
          }
        }}
        onPointerLeave={() => setCursor(null)}
      >
        <svg width="100%" height={HEIGHT} preserveAspectRatio="none" viewBox={`0 0 ${width} ${HEIGHT}`} aria-hidden="true">
          <path className="pk-bar-all" d={all} />
          <path className="pk-bar-view" d={passing} />
        </svg>
        {cursor !== null && !brush ? (
          <i className="pk-cursor" style={{ left: `${((cursor + 0.5) / Math.max(1, field.count)) * 100}%` }} />
        ) : null}
        {shown ? (
          <i className="pk-brush" style={{ left: `${shown.left * 100}%`, width: `${(shown.right - shown.left) * 100}%` }} />
        ) : null}
        {told && shown ? (
          <span
            className="pk-told"
            style={shown.right < 0.7 ? { left: `${shown.right * 100}%` } : { right: `${(1 - shown.left) * 100}%` }}
          >
            {clock(told.from)} – {clock(told.to)} · {format.span(told.to - told.from)}
          </span>
        ) : null}
      </div>
      <div className="pk-axis" aria-hidden="true">
        {ticks.at
          .filter((at) => (1 - shareOf(at, field)) * width > TICK_ROOM)
          .map((at) => (
            <span key={at} style={{ left: `${shareOf(at, field) * 100}%` }}>
              {tickText(at, ticks.step)}
            </span>
          ))}
      </div>
      <span className="sr" aria-live="polite">
        {brush ? t('graph.brush', { from: clock(told?.from ?? 0), to: clock(told?.to ?? 0) }) : ''}
      </span>
    </div>
  )
}

function tickText(at: number, step: number): string {
  const { date, time } = clockOf(at * 1000)
  if (step >= 86_400) return date
  if (step >= 60) return time.slice(0, 5)
  if (step >= 1) return time
  const digits = Math.min(6, Math.ceil(-Math.log10(step)))
  return `${time}${(at % 1).toFixed(digits).slice(1)}`
}
