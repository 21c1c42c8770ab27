import { memo, useMemo, useRef, useState, type PointerEvent, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { inLanguage } from '../../../../shared/model/both-languages.ts'
import type { TimelineEntry } from '../../../../shared/model/incident.ts'
import { SeverityShape } from '../../../components/Severity.tsx'
import { visibleText } from '../../../format/text.ts'
import { formatTime } from '../../../format/time.ts'
import { useFormat } from '../../../i18n/use-format.ts'
import { useEngineNow } from '../../../state/clock.ts'
import { useElementSize } from '../use-element-size.ts'
import { ticksOf, type Span } from './axis.ts'
import { alertMarks, brackets, labelled, laneCounts, LANE_OF, LANES, type Lane, type Placed } from './lanes.ts'
import { fitted, textWidth } from './measure.ts'
import { useEntryTitle } from './entry-title.ts'
import { firstFrom } from './use-entries.ts'
import type { Timeline } from './use-timeline.ts'

const GUTTER = 120
const RIGHT = 10
const GLYPH = 13
/** More marks than these on a lane are drawn as counts. */
const MOST_MARKS = 250

/** The timeline on one axis: alerts, events, actions, calls; groups above, gaps hatched. Drag marks a stretch, a press chooses an entry. */
export function TimeAxis({ timeline, lane = 26 }: { readonly timeline: Timeline; readonly lane?: number }): ReactNode {
  const box = useRef<HTMLDivElement>(null)
  const { width } = useElementSize(box)
  return (
    <div ref={box} className="in-axis">
      {timeline.window && width > GUTTER + 100 ? (
        <Plot timeline={timeline} window={timeline.window} width={width} lane={lane} />
      ) : null}
    </div>
  )
}

function Plot({
  timeline,
  window,
  width,
  lane,
}: {
  readonly timeline: Timeline
  readonly window: Span
  readonly width: number
  readonly lane: number
}): ReactNode {
  const title = useEntryTitle()
  const { t } = useTranslation('incidents')
  const { language } = useFormat()
  const now = useEngineNow()
  const { counted, current, entries } = timeline
  const [drag, setDrag] = useState<{ readonly from: number; readonly to: number } | null>(null)
  const room = width - GUTTER - RIGHT
  const x = (at: number): number => GUTTER + ((at - window.from) / (window.to - window.from)) * room
  const timeAt = (place: number): number => window.from + ((place - GUTTER) / room) * (window.to - window.from)
  const levels = useMemo(() => {
    const found = brackets(
      (counted?.groups ?? []).filter(({ from, to }) => to >= window.from && from <= window.to),
      3,
      (window.to - window.from) * 0.004,
    )
    return { found, count: Math.max(1, ...found.map(({ level }) => level + 1)) }
  }, [counted, window])
  const top = levels.count * 18 + 4
  const bottom = top + LANES.length * lane
  const height = bottom + 20
  const cursor = current ? Date.parse(current.time) : null
  const cursorX = cursor !== null && cursor >= window.from && cursor <= window.to ? x(cursor) : null

  const nearest = (place: number): TimelineEntry | null => {
    const at = timeAt(place)
    const index = firstFrom(entries, at)
    const [before, after] = [entries[index - 1], entries[index]]
    if (!before || !after) return before ?? after ?? null
    return at - Date.parse(before.time) < Date.parse(after.time) - at ? before : after
  }
  const place = (event: PointerEvent<SVGSVGElement>): number =>
    Math.max(GUTTER, Math.min(width - RIGHT, event.clientX - event.currentTarget.getBoundingClientRect().left))
  const index = timeline.index
  return (
    <svg
      className="in-plot"
      width={width}
      height={height}
      role="slider"
      tabIndex={0}
      aria-label={t('axis.label')}
      aria-orientation="horizontal"
      aria-valuemin={0}
      aria-valuemax={Math.max(0, entries.length - 1)}
      aria-valuenow={Math.max(0, index)}
      aria-valuetext={current ? `${formatTime(current.time)} ${title(current)}` : t('axis.noEntry')}
      onPointerDown={(event) => {
        if (event.button !== 0) return
        const from = place(event)
        event.currentTarget.setPointerCapture(event.pointerId)
        setDrag({ from, to: from })
      }}
      onPointerMove={(event) => {
        if (drag) setDrag({ from: drag.from, to: place(event) })
      }}
      onPointerCancel={() => setDrag(null)}
      onPointerUp={(event) => {
        if (!drag) return
        const to = place(event)
        setDrag(null)
        const [from, until] = [timeAt(Math.min(drag.from, to)), timeAt(Math.max(drag.from, to))]
        if (Math.abs(to - drag.from) > 6 && until - from > 100) timeline.setWindow({ from, to: until })
        else {
          // The lanes' marks say by themselves which entry they are.
          const named = (event.target as Element).closest('[data-entry]')?.getAttribute('data-entry')
          const entry = entries.find(({ id }) => id === named) ?? nearest(to)
          timeline.choose(entry)
        }
      }}
      onDoubleClick={() => timeline.setWindow(null)}
    >
      <Grid window={window} width={width} top={top} bottom={bottom} cursor={cursorX} />
      <g aria-hidden="true">
        {levels.found.map(({ group: named, from, to, level }) => {
          const group = inLanguage(named, language)
          const [a, b] = [Math.max(GUTTER, x(from)), Math.min(width - RIGHT, Math.max(x(to), x(from) + 3))]
          const y = 14 + level * 18
          const label = fitted(visibleText(group), Math.max(0, roomBehind(levels.found, level, from, x, width) - a))
          return (
            <g key={`${group} ${from}`}>
              <title>{visibleText(group)}</title>
              <path className="in-bracket" d={`M${a} ${y + 6}V${y + 2}H${b}V${y + 6}`} />
              <text className="in-bracketname" x={a + 1} y={y - 2}>
                {label}
              </text>
            </g>
          )
        })}
      </g>
      <Lanes
        entries={entries}
        counted={counted}
        whole={timeline.whole}
        current={current?.id ?? null}
        window={window}
        width={width}
        top={top}
        lane={lane}
      />
      {now >= window.from && now <= window.to ? (
        <line className="in-now" x1={x(now)} x2={x(now)} y1={top - 4} y2={bottom} />
      ) : null}
      {cursorX !== null && cursor !== null ? (
        <g aria-hidden="true">
          <line className="in-cursor" x1={cursorX} x2={cursorX} y1={top - 4} y2={bottom} />
          <text className="in-cursortime" x={Math.max(GUTTER + 24, Math.min(width - 30, cursorX))} y={bottom + 14}>
            {formatTime(cursor)}
          </text>
        </g>
      ) : null}
      {drag && Math.abs(drag.to - drag.from) > 2 ? (
        <rect
          className="in-brush"
          x={Math.min(drag.from, drag.to)}
          width={Math.abs(drag.to - drag.from)}
          y={top}
          height={bottom - top}
        />
      ) : null}
    </svg>
  )
}

/** Where the next bracket of the same row begins, or the plot ends: so far a name may reach. */
function roomBehind(
  all: readonly { readonly from: number; readonly level: number }[],
  level: number,
  from: number,
  x: (at: number) => number,
  width: number,
): number {
  const next = all.find((one) => one.level === level && one.from > from)
  return Math.min(next ? x(next.from) - 6 : width - RIGHT, width - RIGHT)
}

const Grid = memo(function Grid({
  window,
  width,
  top,
  bottom,
  cursor,
}: {
  readonly window: Span
  readonly width: number
  readonly top: number
  readonly bottom: number
  readonly cursor: number | null
}): ReactNode {
  const room = width - GUTTER - RIGHT
  const x = (at: number): number => GUTTER + ((at - window.from) / (window.to - window.from)) * room
  return (
    <g aria-hidden="true">
      {ticksOf(window, Math.max(2, Math.floor(room / 84))).map(({ at, label }) => (
        <g key={at}>
          <line className="in-grid" x1={x(at)} x2={x(at)} y1={top} y2={bottom} />
          {(cursor === null || Math.abs(x(at) - cursor) > 58) && x(at) < width - 24 ? (
            <text className="in-tick" x={x(at)} y={bottom + 14}>
              {label}
            </text>
          ) : null}
        </g>
      ))}
    </g>
  )
})

const Lanes = memo(function Lanes({
  entries,
  counted,
  whole,
  current,
  window,
  width,
  top,
  lane,
}: Pick<Timeline, 'entries' | 'counted' | 'whole'> & {
  readonly current: string | null
  readonly window: Span
  readonly width: number
  readonly top: number
  readonly lane: number
}): ReactNode {
  const { t } = useTranslation('incidents')
  const format = useFormat()
  const room = width - GUTTER - RIGHT
  const spans = useMemo(
    () =>
      entries.map((entry) => ({
        entry,
        at: Date.parse(entry.time),
        until: entry.until === null ? null : Date.parse(entry.until),
      })),
    [entries],
  )
  const placed = useMemo(() => {
    const x = (at: number): number => GUTTER + ((at - window.from) / (window.to - window.from)) * room
    const lanes: Record<Lane, Placed[]> = { alerts: [], events: [], actions: [], calls: [] }
    for (const { entry, at, until } of spans) {
      if (at > window.to || (until ?? at) < window.from) continue
      lanes[LANE_OF[entry.kind]].push({
        entry,
        x: Math.max(GUTTER, x(at)),
        end: until === null ? null : Math.min(width - RIGHT, x(until)),
      })
    }
    return lanes
  }, [spans, window, room, width])
  return (
    <>
      {LANES.map((name, index) => {
        const y = top + index * lane + lane / 2
        const slots = counted ? laneCounts(counted.counts, name) : []
        const count = whole ? placed[name].length : slots.reduce((sum, one) => sum + one, 0)
        const marks = name !== 'events' && placed[name].length <= MOST_MARKS
        return (
          <g key={name}>
            <line className="in-laneline" x1={GUTTER} x2={width - RIGHT} y1={y + lane / 2} y2={y + lane / 2} />
            <text className="in-lanename" x={12} y={y + 4}>
              {t(`lane.${name}`)}
            </text>
            <text className="in-lanecount" x={GUTTER - 10} y={y + 4}>
              {format.number(count)}
            </text>
            {marks ? (
              name === 'alerts' ? (
                <Alerts placed={placed.alerts} y={y} current={current} />
              ) : name === 'actions' ? (
                <Actions placed={placed.actions} y={y} end={width - RIGHT} current={current} />
              ) : (
                <Calls placed={placed.calls} y={y} end={width - RIGHT} />
              )
            ) : (
              <Ticks slots={slots} counted={counted} window={window} width={width} y={y} lane={lane} />
            )}
            {name === 'events' ? <Gaps gaps={counted?.gaps ?? []} window={window} width={width} y={y} lane={lane} /> : null}
          </g>
        )
      })}
    </>
  )
})

/** How many there are in each slot; one path for all of them. */
function Ticks({
  slots,
  counted,
  window,
  width,
  y,
  lane,
}: {
  readonly slots: readonly number[]
  readonly counted: Timeline['counted']
  readonly window: Span
  readonly width: number
  readonly y: number
  readonly lane: number
}): ReactNode {
  const path = useMemo(() => {
    if (!counted) return ''
    const room = width - GUTTER - RIGHT
    const most = Math.max(1, ...slots)
    const step = (counted.to - counted.from) / Math.max(1, slots.length)
    let d = ''
    slots.forEach((count, slot) => {
      if (count === 0) return
      const at = GUTTER + ((counted.from + slot * step - window.from) / (window.to - window.from)) * room
      const wide = Math.max(1.4, (step / (window.to - window.from)) * room - 1.4)
      if (at + wide < GUTTER || at > width - RIGHT) return
      const tall = 2 + (lane - 10) * (count / most)
      const base = y + lane / 2 - 3
      d += `M${Math.max(GUTTER, at).toFixed(1)} ${base}v${(-tall).toFixed(1)}h${Math.min(wide, width - RIGHT - at).toFixed(1)}v${tall.toFixed(1)}z`
    })
    return d
  }, [slots, counted, window, width, y, lane])
  return <path className="in-ticks" d={path} aria-hidden="true" />
}

function Gaps({
  gaps,
  window,
  width,
  y,
  lane,
}: {
  readonly gaps: readonly Span[]
  readonly window: Span
  readonly width: number
  readonly y: number
  readonly lane: number
}): ReactNode {
  const { t } = useTranslation('incidents')
  const format = useFormat()
  const room = width - GUTTER - RIGHT
  const x = (at: number): number =>
    Math.max(GUTTER, Math.min(width - RIGHT, GUTTER + ((at - window.from) / (window.to - window.from)) * room))
  return (
    <g>
      <defs>
        <pattern id="in-hatch" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <rect width="3" height="8" className="in-hatchline" />
        </pattern>
      </defs>
      {gaps
        .filter(({ from, to }) => to > window.from && from < window.to)
        .map(({ from, to }) => {
          const [a, b] = [x(from), x(to)]
          const text = t('axis.gap', { age: format.age((to - from) / 1000) })
          return (
            <g key={from}>
              <title>{t('axis.gapTitle', { from: formatTime(from), to: formatTime(to) })}</title>
              <rect className="in-gap" x={a} y={y - lane / 2 + 2} width={Math.max(2, b - a)} height={lane - 4} />
              {b - a > textWidth(text, false) + 8 ? (
                <text className="in-gapname" x={(a + b) / 2} y={y + 4}>
                  {text}
                </text>
              ) : null}
            </g>
          )
        })}
    </g>
  )
}

function Alerts({
  placed,
  y,
  current,
}: {
  readonly placed: readonly Placed[]
  readonly y: number
  readonly current: string | null
}): ReactNode {
  const title = useEntryTitle()
  const format = useFormat()
  const marks = useMemo(() => alertMarks(placed, GLYPH * 0.8), [placed])
  return (
    <>
      {marks.map(({ x, severity, entries }) => {
        const first = entries[0]
        if (!first) return null
        const on = entries.some(({ id }) => id === current)
        return (
          <g
            key={first.id}
            data-entry={first.id}
            className={on ? 'in-mark on' : 'in-mark'}
            transform={`translate(${x - GLYPH / 2} ${y - GLYPH / 2}) scale(${GLYPH / 18})`}
          >
            <title>
              {entries
                .slice(0, 12)
                .map((entry) => `${formatTime(entry.time)} ${title(entry)}`)
                .join('\n')}
            </title>
            <SeverityShape severity={severity} />
            {entries.length > 1 ? (
              <text className="in-markcount" x={20} y={5}>
                {format.number(entries.length)}
              </text>
            ) : null}
          </g>
        )
      })}
    </>
  )
}

function Actions({
  placed,
  y,
  end,
  current,
}: {
  readonly placed: readonly Placed[]
  readonly y: number
  readonly end: number
  readonly current: string | null
}): ReactNode {
  const title = useEntryTitle()
  const found = useMemo(() => labelled(placed, end, 7, 36, (entry) => textWidth(title(entry), false)), [placed, end, title])
  return (
    <>
      {found.map(({ entry, x, room, left }) => (
        <g key={entry.id} data-entry={entry.id} className={entry.id === current ? 'in-action on' : 'in-action'}>
          <title>{`${formatTime(entry.time)} ${title(entry)}`}</title>
          <circle cx={x} cy={y} r={3.5} />
          {room > 0 ? (
            <text x={left ? x - 7 : x + 7} y={y + 4} textAnchor={left ? 'end' : 'start'}>
              {fitted(title(entry), room)}
            </text>
          ) : null}
        </g>
      ))}
    </>
  )
}

/** A bar for how long it lasted; hollow where nobody answered. */
function Calls({ placed, y, end }: { readonly placed: readonly Placed[]; readonly y: number; readonly end: number }): ReactNode {
  const title = useEntryTitle()
  const found = useMemo(() => labelled(placed, end, 8, 36, (entry) => textWidth(title(entry), false)), [placed, end, title])
  return (
    <>
      {found.map(({ entry, x, end: until, room, left }) => (
        <g key={entry.id} data-entry={entry.id} className={until === null ? 'in-call in-call-missed' : 'in-call'}>
          <title>{`${formatTime(entry.time)}${entry.until ? `–${formatTime(entry.until)}` : ''} ${title(entry)}`}</title>
          <rect x={x} y={y - 4} width={until === null ? 9 : Math.max(3, until - x)} height={8} rx={1} />
          {room > 0 ? (
            <text
              x={left ? x - 8 : Math.max(x + 1, until ?? x) + (until === null ? 15 : 8)}
              y={y + 4}
              textAnchor={left ? 'end' : 'start'}
            >
              {fitted(title(entry), room - (until === null ? 7 : 0))}
            </text>
          ) : null}
        </g>
      ))}
    </>
  )
}
