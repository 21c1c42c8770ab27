import { useLayoutEffect, useMemo, useRef, useState, type KeyboardEvent, type PointerEvent, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { formatDateTime, formatMoment } from '../../format/time.ts'
import { useFormat } from '../../i18n/use-format.ts'
import { heightsOf, slotAt, ticksOf, windowOfSlots } from './histogram.ts'

/** Counts in even slots from `from` to `to` (ISO). */
interface Series {
  readonly from: string
  readonly to: string
  readonly counts: readonly number[]
}
export interface HistogramData {
  /** All events of the window. */
  readonly all: Series
  /** Those that fit the query; null where the query is empty. Its ends need not be those of `all`. */
  readonly fitting: Series | null
}

interface Brush {
  readonly a: number
  readonly b: number
}

/** Events over time. A brush, with the pointer or the keyboard, is the window of a new search. */
export function Histogram({
  data,
  loading,
  onWindow,
  onWiden,
}: {
  readonly data: HistogramData | null
  readonly loading: boolean
  onWindow(window: { from: string; to: string }): void
  onWiden(): void
}): ReactNode {
  const { t } = useTranslation('events')
  const format = useFormat()
  const area = useRef<HTMLDivElement>(null)
  const [width, setWidth] = useState(800)
  const [cursor, setCursor] = useState<number | null>(null)
  const [brush, setBrush] = useState<Brush | null>(null)
  const [focused, setFocused] = useState(false)
  useLayoutEffect(() => {
    const element = area.current
    if (!element) return
    const measure = new ResizeObserver(() => setWidth(element.clientWidth))
    measure.observe(element)
    return () => measure.disconnect()
  }, [])
  const main = data?.fitting ?? data?.all
  const from = main ? Date.parse(main.from) : 0
  const to = main ? Date.parse(main.to) : 0
  // Another window: a brush over the old one means nothing.
  const [seen, setSeen] = useState(`${from} ${to}`)
  if (seen !== `${from} ${to}`) {
    setSeen(`${from} ${to}`)
    setBrush(null)
    setCursor(null)
  }

  const shown = useMemo(() => main?.counts ?? [], [main])
  const slots = shown.length
  const most = useMemo(() => Math.max(1, ...(data?.all.counts ?? []), ...shown), [data, shown])
  const ticks = useMemo(() => ticksOf(from, to, Math.max(2, Math.floor(width / 110))), [from, to, width])

  const slotOf = (event: PointerEvent): number => {
    const box = area.current?.getBoundingClientRect()
    return slotAt(event.clientX - (box?.left ?? 0), box?.width ?? 1, slots)
  }
  const down = (event: PointerEvent<HTMLDivElement>): void => {
    if (event.button !== 0 || slots === 0) return
    event.currentTarget.setPointerCapture(event.pointerId)
    const slot = slotOf(event)
    setBrush({ a: slot, b: slot })
    setCursor(slot)
  }
  const move = (event: PointerEvent<HTMLDivElement>): void => {
    if (slots === 0) return
    const slot = slotOf(event)
    setCursor(slot)
    if (brush && event.buttons === 1) setBrush({ a: brush.a, b: slot })
  }
  const up = (event: PointerEvent<HTMLDivElement>): void => {
    if (!brush || slots === 0) return
    event.currentTarget.releasePointerCapture(event.pointerId)
    // A click is no brush: it would zoom into a single bar by accident.
    if (brush.a === brush.b) setBrush(null)
    else apply(brush)
  }
  const apply = (chosen: Brush): void => {
    setBrush(null)
    onWindow(windowOfSlots(chosen.a, chosen.b, from, to, slots))
  }
  const pressed = (event: KeyboardEvent): void => {
    if (slots === 0) return
    const at = cursor ?? slots - 1
    const step =
      event.key === 'ArrowLeft'
        ? -1
        : event.key === 'ArrowRight'
          ? 1
          : event.key === 'PageUp'
            ? -10
            : event.key === 'PageDown'
              ? 10
              : 0
    const next =
      event.key === 'Home' ? 0 : event.key === 'End' ? slots - 1 : step === 0 ? null : Math.max(0, Math.min(slots - 1, at + step))
    if (next !== null) {
      setCursor(next)
      setBrush(event.shiftKey ? { a: brush?.a ?? at, b: next } : null)
    } else if (event.key === 'Enter') apply(brush ?? { a: at, b: at })
    else if (event.key === 'Escape' && brush) setBrush(null)
    else if (event.key === '-' || event.key === 'Backspace') onWiden()
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  const place = (slot: number): number => (slot / Math.max(1, slots)) * 100
  const told = brush ?? (cursor === null ? null : { a: cursor, b: cursor })
  const window = told && slots > 0 ? windowOfSlots(told.a, told.b, from, to, slots) : null
  const sum = told
    ? shown.slice(Math.min(told.a, told.b), Math.max(told.a, told.b) + 1).reduce((total, count) => total + count, 0)
    : 0
  const readout = window
    ? t('histogram.slot', {
        from: formatMoment(window.from, Date.parse(window.to)),
        to: formatMoment(window.to, Date.parse(window.from)),
        count: format.number(sum),
      })
    : ''
  return (
    <div className="ev-histogram">
      <div
        ref={area}
        className="ev-histogram-area"
        role="slider"
        tabIndex={0}
        aria-label={t('histogram.label')}
        aria-valuemin={0}
        aria-valuemax={Math.max(0, slots - 1)}
        aria-valuenow={cursor ?? Math.max(0, slots - 1)}
        aria-valuetext={readout || t('histogram.none')}
        data-keys="own"
        onKeyDown={pressed}
        onFocus={() => setFocused(true)}
        onBlur={() => {
          setFocused(false)
          setCursor(null)
          setBrush(null)
        }}
        onPointerDown={down}
        onPointerMove={move}
        onPointerUp={up}
        onPointerCancel={() => setBrush(null)}
        onPointerLeave={() => focused || setCursor(null)}
      >
        {slots > 0 ? (
          <svg viewBox="0 0 1000 1" preserveAspectRatio="none" aria-hidden="true">
            {data ? (
              <Bars series={data.all} from={from} to={to} most={most} name={data.fitting ? 'ev-bar-all' : 'ev-bar'} />
            ) : null}
            {data?.fitting ? <Bars series={data.fitting} from={from} to={to} most={most} name="ev-bar-fit" /> : null}
          </svg>
        ) : null}
        {told && slots > 0 ? (
          <div
            className={brush ? 'ev-brush' : 'ev-cursor'}
            style={{ left: `${place(Math.min(told.a, told.b))}%`, width: `${place(Math.abs(told.a - told.b) + 1)}%` }}
          />
        ) : null}
        <div className="ev-histogram-most" aria-hidden="true">
          {slots > 0 ? t('histogram.most', { count: format.number(most), age: format.length((to - from) / 1000 / slots) }) : null}
        </div>
        <div className="ev-histogram-told" aria-hidden="true">
          {readout ? (
            <b>{readout}</b>
          ) : data?.fitting ? (
            <>
              <i className="ev-key-all" />
              {t('histogram.all')}
              <i className="ev-key-fit" />
              {t('histogram.fitting')}
            </>
          ) : null}
          {focused ? <em>{t('histogram.keys')}</em> : null}
        </div>
        {loading ? <div className="ev-histogram-loading" aria-hidden="true" /> : null}
      </div>
      <div className="ev-axis" aria-hidden="true">
        {ticks.map(({ at, label }) => (
          <span key={at} style={{ left: `${((at - from) / (to - from)) * 100}%` }}>
            {label}
          </span>
        ))}
      </div>
      {data ? <span className="sr">{t('histogram.window', { from: formatDateTime(from), to: formatDateTime(to) })}</span> : null}
    </div>
  )
}

/** Each series in its own slots, at the places of their times. */
function Bars({
  series,
  from,
  to,
  most,
  name,
}: {
  readonly series: Series
  readonly from: number
  readonly to: number
  readonly most: number
  readonly name: string
}): ReactNode {
  const first = Date.parse(series.from)
  const scale = 1000 / Math.max(1, to - from)
  const step = ((Date.parse(series.to) - first) / Math.max(1, series.counts.length)) * scale
  const left = (first - from) * scale
  return heightsOf(series.counts, most).map((height, slot) =>
    height > 0 ? (
      <rect key={slot} className={name} x={left + (slot + 0.1) * step} y={1 - height} width={step * 0.8} height={height} />
    ) : null,
  )
}
