import { useRef, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { z } from 'zod'
import type { AroundLane } from '../../../shared/contract.ts'
import type { Alert } from '../../../shared/model/alert.ts'
import { eventsLink } from '../../app/route.ts'
import { useQuery } from '../../client/hooks.ts'
import { Button } from '../../components/Button.tsx'
import { PaneHead } from '../../components/Pane.tsx'
import { SeverityShape } from '../../components/Severity.tsx'
import { ErrorState, Loading } from '../../components/States.tsx'
import { visibleText } from '../../format/text.ts'
import { formatTime } from '../../format/time.ts'
import { useFormat } from '../../i18n/use-format.ts'
import { roundTimes, zoomed } from './around-scale.ts'
import { useDesk } from './desk.ts'
import { useElementWidth } from './use-size.ts'

const SLOTS = 120
const LANE = 20
const LABEL = 104

/** Events on the same flow and the same hosts, on either side of the alert, with the other alerts among them. */
export function Around({ alert, onOpenAlert }: { readonly alert: Alert; onOpenAlert(id: string): void }): ReactNode {
  const { t } = useTranslation('alerts')
  const format = useFormat()
  const minutes = useDesk(({ zoom }) => zoom)
  const { value, error, loading, refresh } = useQuery('alerts.around', { id: alert.id, minutes, slots: SLOTS })
  const box = useRef<HTMLDivElement>(null)
  const width = useElementWidth(box)
  const zoom = (step: 1 | -1): void => useDesk.setState({ zoom: zoomed(minutes, step) })
  return (
    <section className="al-section" aria-label={t('around.title')}>
      <PaneHead title={t('around.title')}>
        {value ? <span>{t('around.events', { count: value.events, figure: format.number(value.events) })}</span> : null}
        <span>
          ±{' '}
          {format
            .age(minutes * 60)
            .replace(/ 00$/, '')
            .replace(/ 00(분|초)$/, '')}
        </span>
        <Button small kind="quiet" keys="[" aria-label={t('keys.zoomOut')} onClick={() => zoom(-1)} />
        <Button small kind="quiet" keys="]" aria-label={t('keys.zoomIn')} onClick={() => zoom(1)} />
        <span>{t('around.zoom')}</span>
      </PaneHead>
      <div ref={box} className="al-around">
        <Loading waiting={loading && value === null} />
        {error ? <ErrorState error={error} what={t('around.failed')} onRetry={refresh} /> : null}
        {value && width > 0 ? (
          <Picture
            alert={alert}
            from={Date.parse(value.from)}
            to={Date.parse(value.to)}
            lanes={value.lanes}
            width={width}
            onOpenAlert={onOpenAlert}
          />
        ) : null}
      </div>
    </section>
  )
}

function Picture({
  alert,
  from,
  to,
  lanes,
  width,
  onOpenAlert,
}: {
  readonly alert: Alert
  readonly from: number
  readonly to: number
  readonly lanes: readonly z.infer<typeof AroundLane>[]
  readonly width: number
  onOpenAlert(id: string): void
}): ReactNode {
  const { t } = useTranslation('alerts')
  const room = width - LABEL - 8
  const x = (at: number): number => LABEL + ((at - from) / (to - from)) * room
  const height = lanes.length * LANE + 6
  const own = x(Date.parse(alert.last))
  const window = { from: new Date(from).toISOString(), to: new Date(to).toISOString() }
  const label = (lane: (typeof lanes)[number]): string =>
    lane.label === 'flow' || lane.label === 'source' || lane.label === 'destination'
      ? t(`around.${lane.label}`)
      : visibleText(lane.label)
  const minutes = to - from > 3_600_000
  return (
    <svg
      className="al-picture"
      width={width}
      height={height + 18}
      viewBox={`0 0 ${width} ${height + 18}`}
      role="group"
      aria-label={t('around.picture', { from: formatTime(from), to: formatTime(to), count: lanes.length })}
    >
      {roundTimes(from, to).map((at) => (
        <g key={at} aria-hidden="true">
          <line className="al-around-grid" x1={x(at)} x2={x(at)} y1={2} y2={height} />
          {Math.abs(x(at) - own) > 52 && x(at) > LABEL + 16 && x(at) < width - 18 ? (
            <text className="al-around-time" x={x(at)} y={height + 13}>
              {formatTime(at).slice(0, minutes || at % 60_000 === 0 ? 5 : 8)}
            </text>
          ) : null}
        </g>
      ))}
      <line className="al-around-own" x1={own} x2={own} y1={0} y2={height} />
      <text className="al-around-now" x={Math.max(LABEL + 26, Math.min(own, width - 28))} y={height + 13} aria-hidden="true">
        {formatTime(alert.last)}
      </text>
      {lanes.map((lane, index) => {
        const y = index * LANE + 12.5
        const most = Math.max(1, ...lane.ticks)
        const step = room / lane.ticks.length
        return (
          <g key={`${lane.kind}${index}`}>
            <a href={eventsLink(lane.where, window)} aria-label={t('around.lane', { label: label(lane) })}>
              <rect className="al-around-hit" x={0} y={y - 10} width={width} height={LANE} />
              <text className="al-around-label" x={0} y={y + 4}>
                {label(lane).length > 15 ? `${label(lane).slice(0, 14)}…` : label(lane)}
              </text>
              <title>{label(lane)}</title>
              <line className="al-around-axis" x1={LABEL} x2={width - 8} y1={y} y2={y} />
              {lane.ticks.map((count, slot) =>
                count === 0 ? null : (
                  <rect
                    key={slot}
                    className="al-around-tick"
                    x={LABEL + slot * step}
                    y={y - 2 - 3 * (count / most)}
                    width={Math.max(1, Math.min(1.8, step - 1))}
                    height={4 + 6 * (count / most)}
                  />
                ),
              )}
            </a>
            {lane.alerts.map((other) => {
              const title = `A-${other.id} ${visibleText(other.title)}`
              return (
                <g
                  key={other.id}
                  className="al-around-alert"
                  role="button"
                  tabIndex={0}
                  aria-label={title}
                  transform={`translate(${x(Date.parse(other.time)) - 6.5} ${y - 6.5}) scale(.722)`}
                  onClick={() => onOpenAlert(other.id)}
                  onKeyDown={(event) => (event.key === 'Enter' || event.key === ' ') && onOpenAlert(other.id)}
                >
                  <title>{title}</title>
                  <SeverityShape severity={other.severity} />
                </g>
              )
            })}
          </g>
        )
      })}
    </svg>
  )
}
