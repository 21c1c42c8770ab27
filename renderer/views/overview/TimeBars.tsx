import { useLayoutEffect, useMemo, useRef, useState, type KeyboardEvent, type PointerEvent, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { navigate } from '../../app/route.ts'
import { formatMoment } from '../../format/time.ts'
import { useFormat } from '../../i18n/use-format.ts'
import { heights, slotWindow, sum, ticks, type Numbers, type SlotWindow } from './numbers.ts'

export interface BarRow {
  readonly id: string
  readonly label: ReactNode
  /** The same in words, for the readout. */
  readonly name: string
  readonly counts: readonly number[]
  /** All of the row, as a list. */
  readonly href: string
  /** One slot of it, as a list. */
  linkOf(window: SlotWindow): string
}

interface Cursor {
  readonly slot: number
  readonly row: number
}

/** Rows of bars over one axis of time, each on its own scale. A slot is read by pointing or with the arrows, and opened by a click or Enter. */
export function TimeBars({
  label,
  numbers,
  rows,
  tall = false,
}: {
  readonly label: string
  readonly numbers: Pick<Numbers, 'from' | 'to' | 'slotMinutes'>
  readonly rows: readonly BarRow[]
  readonly tall?: boolean
}): ReactNode {
  const { t } = useTranslation('overview')
  const format = useFormat()
  const area = useRef<HTMLDivElement>(null)
  const [width, setWidth] = useState(800)
  const [cursor, setCursor] = useState<Cursor | null>(null)
  const [focused, setFocused] = useState(false)
  const slots = rows[0]?.counts.length ?? 0
  useLayoutEffect(() => {
    const element = area.current
    if (!element) return
    const observer = new ResizeObserver(() => setWidth(element.clientWidth))
    observer.observe(element)
    return () => observer.disconnect()
  }, [])
  const axis = useMemo(
    () => ticks(numbers.from, numbers.to, Math.max(2, Math.floor(width / 90))),
    [numbers.from, numbers.to, width],
  )

  const at = cursor && cursor.slot < slots ? cursor : null
  const pointed = (event: PointerEvent<HTMLDivElement>): Cursor => {
    const box = event.currentTarget.getBoundingClientRect()
    const within = (value: number, size: number, count: number): number =>
      Math.max(0, Math.min(count - 1, Math.floor((value / Math.max(1, size)) * count)))
    return {
      slot: within(event.clientX - box.left, box.width, slots),
      row: within(event.clientY - box.top, box.height, rows.length),
    }
  }
  const open = ({ slot, row }: Cursor): void => {
    const chosen = rows[row]
    if (chosen && slots > 0) navigate(chosen.linkOf(slotWindow(numbers, slot)))
  }
  const pressed = (event: KeyboardEvent): void => {
    if (slots === 0) return
    const from = at ?? { slot: slots - 1, row: 0 }
    const step = { ArrowLeft: -1, ArrowRight: 1, PageUp: -10, PageDown: 10, Home: -slots, End: slots }[event.key] ?? 0
    const line = { ArrowUp: -1, ArrowDown: 1 }[event.key] ?? 0
    if (step !== 0 || line !== 0) {
      setCursor({
        slot: Math.max(0, Math.min(slots - 1, from.slot + step)),
        row: Math.max(0, Math.min(rows.length - 1, from.row + line)),
      })
    } else if (event.key === 'Enter') open(from)
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  const window = at ? slotWindow(numbers, at.slot) : null
  const times = window
    ? `${formatMoment(window.from, Date.parse(window.to))} – ${formatMoment(window.to, Date.parse(window.from))}`
    : ''
  const figure = (row: BarRow): string => (at ? `${row.name} ${format.number(row.counts[at.slot] ?? 0)}` : '')
  const chosen = at ? rows[at.row] : undefined
  return (
    <div className={tall ? 'ov-bars ov-bars-tall' : 'ov-bars'}>
      <div className="ov-bars-names">
        {rows.map((row) => (
          <div key={row.id}>{row.label}</div>
        ))}
      </div>
      <div
        ref={area}
        className="ov-bars-area"
        role="slider"
        tabIndex={0}
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={Math.max(0, slots - 1)}
        aria-valuenow={at?.slot ?? Math.max(0, slots - 1)}
        aria-valuetext={at && chosen ? `${times}, ${figure(chosen)}` : t('chart.none')}
        data-keys="own"
        onKeyDown={pressed}
        onFocus={() => {
          setFocused(true)
          setCursor((before) => before ?? { slot: Math.max(0, slots - 1), row: 0 })
        }}
        onBlur={() => {
          setFocused(false)
          setCursor(null)
        }}
        onPointerMove={(event) => setCursor(pointed(event))}
        onPointerLeave={() => focused || setCursor(null)}
        onClick={(event) => open(pointed(event as unknown as PointerEvent<HTMLDivElement>))}
      >
        {rows.map((row, index) => (
          <Bars key={row.id} counts={row.counts} current={at?.row === index} />
        ))}
        {at && slots > 0 ? (
          <div className="ov-cursor" style={{ left: `${(at.slot / slots) * 100}%`, width: `${100 / slots}%` }} />
        ) : null}
      </div>
      <div className="ov-bars-sums">
        {rows.map((row) => (
          <div key={row.id}>
            <a className="ov-figure" href={row.href}>
              <span className="sr">{row.name}: </span>
              {format.number(sum(row.counts))}
            </a>
          </div>
        ))}
      </div>
      <div className="ov-axis" aria-hidden="true">
        {axis.map(({ place, label: text }) => (
          <span key={place} style={{ left: `${place * 100}%` }}>
            {text}
          </span>
        ))}
      </div>
      <div className="ov-told" aria-hidden="true">
        {at ? (
          <>
            <b>{times}</b>
            {rows.length === 1 ? (
              <span>{figure(rows[0]!)}</span>
            ) : (
              rows.filter((row) => (row.counts[at.slot] ?? 0) > 0).map((row) => <span key={row.id}>{figure(row)}</span>)
            )}
            {focused ? <em>{t('chart.keys')}</em> : null}
          </>
        ) : rows.length === 1 ? (
          <em>{t('chart.most', { count: format.number(Math.max(0, ...rows[0]!.counts)) })}</em>
        ) : null}
      </div>
    </div>
  )
}

function Bars({ counts, current }: { readonly counts: readonly number[]; readonly current: boolean }): ReactNode {
  const tall = useMemo(() => heights(counts, Math.max(1, ...counts)), [counts])
  return (
    <svg
      className={current ? 'ov-row ov-row-on' : 'ov-row'}
      viewBox={`0 0 ${Math.max(1, counts.length)} 1`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      {tall.map((height, slot) =>
        height > 0 ? <rect key={slot} x={slot + 0.1} y={1 - height} width={0.8} height={height} /> : null,
      )}
    </svg>
  )
}
