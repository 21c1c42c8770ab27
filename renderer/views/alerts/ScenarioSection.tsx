import { useEffect, useRef, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Alert } from '../../../shared/model/alert.ts'
import type { NearMiss, ScenarioExplanation } from '../../../shared/model/scenario.ts'
import { formatRoute } from '../../app/route.ts'
import { useQuery } from '../../client/hooks.ts'
import { PaneHead } from '../../components/Pane.tsx'
import { ErrorState, Loading } from '../../components/States.tsx'
import { visibleText } from '../../format/text.ts'
import { formatExact, formatMoment, formatTime } from '../../format/time.ts'
import { useFormat } from '../../i18n/use-format.ts'
import { useEngineNow } from '../../state/clock.ts'
import { roundTimes } from './around-scale.ts'
import { summaryOf } from './event-summary.ts'
import { useElementWidth } from './use-size.ts'

/** How a scenario was fulfilled: its steps on a line of time, who fulfilled which, when it closes, and who came near. */
export function ScenarioSection({ alert }: { readonly alert: Alert }): ReactNode {
  const { t } = useTranslation('alerts')
  const format = useFormat()
  const now = useEngineNow()
  const box = useRef<HTMLDivElement>(null)
  const width = useElementWidth(box)
  const { value, error, loading, refresh } = useQuery('scenarios.explain', { alert: alert.id })
  // Events may have joined it: what is shown stays until the new answer is there.
  const { revision } = alert
  const asked = useRef(revision)
  useEffect(() => {
    if (asked.current === revision) return
    asked.current = revision
    refresh()
  }, [revision, refresh])
  return (
    <section className="al-section al-scenario" aria-label={t('scenario.title')}>
      <PaneHead title={t('scenario.title')}>
        {value?.scenario ? (
          <span>
            {t(`scenario.type.${value.scenario.type}`, { defaultValue: value.scenario.type })} ·{' '}
            {t('scenario.within', { span: format.length(value.scenario.timespan / 1e6) })}
          </span>
        ) : null}
      </PaneHead>
      <Loading waiting={loading && value === null} />
      {error && value === null ? <ErrorState error={error} what={t('scenario.failed')} onRetry={refresh} /> : null}
      <div ref={box}>
        {value ? (
          <>
            {value.group.length > 0 ? (
              <dl className="al-scn-group">
                {value.group.map(({ field, value: text }) => (
                  <div key={field}>
                    <dt>{visibleText(field)}</dt>
                    <dd className="mono">{visibleText(text)}</dd>
                  </div>
                ))}
              </dl>
            ) : null}
            {width > 0 ? <Timeline explained={value} width={width} /> : null}
            <p className="al-why-text">
              {t('scenario.fulfilled', { time: formatMoment(value.fulfilled, now) })}{' '}
              {value.closes === null
                ? t('scenario.gone')
                : t(value.closed ? `scenario.closed.${value.scenario?.window ?? 'sliding'}` : 'scenario.open', {
                    time: formatMoment(value.closes, now),
                    span: format.length((value.scenario?.timespan ?? 0) / 1e6),
                  })}
            </p>
            <Events explained={value} />
            <Near explained={value} />
          </>
        ) : null}
      </div>
    </section>
  )
}

/** A step's name, and its events below it. */
const LANE = 34
/** Where its number stands. */
const LABEL = 22

/** A line for each step, a tick for each of its events. */
function Timeline({ explained, width }: { readonly explained: ScenarioExplanation; readonly width: number }): ReactNode {
  const { t } = useTranslation('alerts')
  const { steps, events } = explained
  const times = events.map(({ event }) => Date.parse(event.time))
  const first = Math.min(Date.parse(explained.first), ...times)
  const last = Math.max(Date.parse(explained.last), ...times)
  const margin = Math.max(500, (last - first) * 0.03)
  const [from, to] = [first - margin, last + margin]
  const room = width - LABEL - 8
  const x = (at: number): number => LABEL + ((at - from) / (to - from)) * room
  const height = steps.length * LANE + 6
  const fulfilled = x(Date.parse(explained.fulfilled))
  return (
    <svg
      className="al-picture"
      width={width}
      height={height + 18}
      viewBox={`0 0 ${width} ${height + 18}`}
      role="img"
      aria-label={t('scenario.picture', { from: formatTime(from), to: formatTime(to), count: steps.length })}
    >
      {roundTimes(from, to).map((at) => (
        <g key={at}>
          <line className="al-around-grid" x1={x(at)} x2={x(at)} y1={2} y2={height} />
          {x(at) > LABEL + 16 && x(at) < width - 18 && Math.abs(x(at) - fulfilled) > 52 ? (
            <text className="al-around-time" x={x(at)} y={height + 13}>
              {formatTime(at).slice(0, to - from > 3_600_000 || at % 60_000 === 0 ? 5 : 8)}
            </text>
          ) : null}
        </g>
      ))}
      <line className="al-around-own" x1={fulfilled} x2={fulfilled} y1={0} y2={height} />
      <text className="al-around-now" x={Math.max(LABEL + 26, Math.min(fulfilled, width - 28))} y={height + 13}>
        {formatTime(Date.parse(explained.fulfilled))}
      </text>
      {steps.map((step, index) => {
        const y = index * LANE + 26
        const title = visibleText(step.title)
        const note = step.events > 0 ? null : t(step.wanted ? 'scenario.noEvent' : 'scenario.stayedAway')
        const most = Math.max(8, Math.floor(room / 7) - (note === null ? 0 : 2 * note.length))
        return (
          <g key={step.rule} className={step.wanted ? '' : 'al-scn-unwanted'}>
            <title>{title}</title>
            <text className="al-scn-number" x={9} y={y - 10}>
              {index + 1}
            </text>
            <text className="al-around-label" x={LABEL} y={y - 10}>
              {title.length > most ? `${title.slice(0, most - 1)}…` : title}
            </text>
            <line className="al-around-axis" x1={LABEL} x2={width - 8} y1={y} y2={y} />
            {events.map(({ step: rule, event }, at) =>
              rule === step.rule ? (
                <circle key={`${event.id}${at}`} className="al-scn-event" cx={x(Date.parse(event.time))} cy={y} r={3.2} />
              ) : null,
            )}
            {note === null ? null : (
              <text className="al-around-time al-scn-note" x={width - 8} y={y - 10}>
                {note}
              </text>
            )}
          </g>
        )
      })}
    </svg>
  )
}

function Events({ explained }: { readonly explained: ScenarioExplanation }): ReactNode {
  const { t } = useTranslation('alerts')
  const format = useFormat()
  const now = useEngineNow()
  const { steps, events, more } = explained
  const number = (rule: string): number => steps.findIndex((step) => step.rule === rule) + 1
  return (
    <>
      <ol className="al-events al-scn-events" aria-label={t('scenario.events')}>
        {events.slice(0, SHOWN).map(({ step, event }, index) => (
          <li key={`${event.id}${index}`}>
            <a
              href={formatRoute('events', { all: '1', event: event.id })}
              title={visibleText(steps[number(step) - 1]?.title ?? step)}
            >
              <b className="al-scn-badge">{number(step)}</b>
              <time className="mono" dateTime={event.time} title={formatExact(event.time)}>
                {formatMoment(event.time, now)}
              </time>
              <span className="ellipsis">{visibleText(event.format)}</span>
              <span className="mono ellipsis">{summaryOf(event)}</span>
            </a>
          </li>
        ))}
      </ol>
      {more + Math.max(0, events.length - SHOWN) > 0 ? (
        <span className="dim">{t('events.rest', { figure: format.number(more + Math.max(0, events.length - SHOWN)) })}</span>
      ) : null}
    </>
  )
}
const SHOWN = 60

function Near({ explained }: { readonly explained: ScenarioExplanation }): ReactNode {
  const { t } = useTranslation('alerts')
  if (explained.near.length === 0) return null
  const title = (id: string): string => visibleText(explained.steps.find(({ rule }) => rule === id)?.title ?? id)
  return (
    <>
      <h4 className="al-scn-sub">{t('scenario.near')}</h4>
      <ul className="al-scn-near">
        {explained.near.map((near) => (
          <NearLine key={near.group.map(({ value }) => value).join(' ') + near.last} near={near} title={title} />
        ))}
      </ul>
    </>
  )
}

function NearLine({ near, title }: { readonly near: NearMiss; readonly title: (id: string) => string }): ReactNode {
  const { t } = useTranslation('alerts')
  const format = useFormat()
  const now = useEngineNow()
  return (
    <li>
      <span className="mono ellipsis">{near.group.map(({ value }) => visibleText(value)).join(' · ') || t('scenario.all')}</span>
      <time className="mono" dateTime={near.last} title={formatExact(near.last)}>
        {formatMoment(near.last, now)}
      </time>
      <span>
        {near.missing.length > 0
          ? t('scenario.missing', { list: format.list(near.missing.map(title)) })
          : near.needed === null
            ? t('scenario.reached', { reached: format.number(near.reached) })
            : t('scenario.reachedOf', { reached: format.number(near.reached), needed: format.number(near.needed) })}
        {near.open ? ` · ${t('scenario.stillOpen')}` : ''}
      </span>
    </li>
  )
}
