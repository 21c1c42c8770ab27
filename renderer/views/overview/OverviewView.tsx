import { useEffect, useRef, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { StatusItems } from '../../app/StatusBar.tsx'
import { formatRoute, navigate, useRoute } from '../../app/route.ts'
import { useKeys } from '../../keys/use-keys.tsx'
import { useQuery } from '../../client/hooks.ts'
import { Button } from '../../components/Button.tsx'
import { Pane, PaneHead } from '../../components/Pane.tsx'
import { SeverityGlyph } from '../../components/Severity.tsx'
import { EmptyState, ErrorState, Loading } from '../../components/States.tsx'
import { Tabs } from '../../components/Tabs.tsx'
import { formatDateTime } from '../../format/time.ts'
import { useFormat } from '../../i18n/use-format.ts'
import { VERDICTS } from '../../../shared/model/alert.ts'
import { Figures } from './Figures.tsx'
import * as links from './links.ts'
import { HOURS, URGENT_FIRST, type Hours, type Numbers } from './numbers.ts'
import { OVERVIEW_KEYS } from './overview-keys.ts'
import { Ranking } from './Ranking.tsx'
import { TimeBars } from './TimeBars.tsx'
import './overview.css'

/** The figures come from rollups: asking for them again costs milliseconds. */
const AGAIN_MS = 5000
const BODY = 'overview-body'

export default function OverviewView(): ReactNode {
  const { t } = useTranslation('overview')
  const { params } = useRoute()
  const hours: Hours = HOURS.find((one) => String(one) === params['hours']) ?? 24
  const choose = (wanted: Hours | undefined): void =>
    wanted === undefined ? undefined : navigate(formatRoute('overview', { hours: String(wanted) }), true)
  const body = useRef<HTMLDivElement>(null)
  const step = (by: 1 | -1): void => {
    const found = [...(body.current?.querySelectorAll<HTMLElement>('a[href], [role=slider]') ?? [])]
    const at = found.indexOf(document.activeElement as HTMLElement)
    found[at < 0 ? 0 : Math.max(0, Math.min(found.length - 1, at + by))]?.focus()
  }
  const place = HOURS.indexOf(hours)
  useKeys('overview', OVERVIEW_KEYS, {
    next: () => step(1),
    previous: () => step(-1),
    shorter: () => choose(HOURS[place - 1]),
    longer: () => choose(HOURS[place + 1]),
  })
  return (
    <div className="ov">
      <div className="wf-viewbar">
        <Tabs
          label={t('window')}
          controls={BODY}
          selected={String(hours)}
          tabs={HOURS.map((one) => ({ id: String(one), label: t(`hours.${one}`) }))}
          onSelect={(id) => choose(HOURS.find((one) => String(one) === id))}
        />
      </div>
      <div ref={body} id={BODY} className="ov-body" role="tabpanel" aria-label={t(`hours.${hours}`)}>
        {/* A window's figures are never shown as another's: each begins anew. */}
        <Window key={hours} hours={hours} />
      </div>
    </div>
  )
}

function Window({ hours }: { readonly hours: Hours }): ReactNode {
  const { t } = useTranslation('overview')
  const format = useFormat()
  const { value: numbers, error, loading, refresh } = useQuery('overview.numbers', { hours })
  useEffect(() => {
    const timer = setInterval(() => document.hidden || refresh(), AGAIN_MS)
    return () => clearInterval(timer)
  }, [refresh])
  return (
    <>
      {loading && !numbers ? <Loading /> : null}
      {error ? (
        <ErrorState error={error} what={t('failed')} {...(numbers ? { works: t('kept') } : {})} onRetry={refresh} />
      ) : null}
      {numbers ? <Body numbers={numbers} hours={hours} /> : null}
      {numbers ? (
        <StatusItems>
          <span>
            {t('asOf', { from: formatDateTime(numbers.from).slice(5, 16), to: formatDateTime(numbers.to).slice(5, 16) })}
          </span>
          <span>{t('took', { ms: format.number(numbers.took, numbers.took < 10 ? 1 : 0) })}</span>
        </StatusItems>
      ) : null}
    </>
  )
}

function Body({ numbers, hours }: { readonly numbers: Numbers; readonly hours: Hours }): ReactNode {
  const { t } = useTranslation('overview')
  const { totals, open } = numbers
  const nothing = totals.events === 0 && totals.detections === 0 && Object.values(open).every((count) => count === 0)
  if (nothing)
    return (
      <EmptyState actions={<Button onClick={() => navigate(formatRoute('sources'))}>{t('toSources')}</Button>}>
        {t('nothing', { window: t(`hours.${hours}`) })}
      </EmptyState>
    )
  const occurs = t('unit.detections')
  return (
    <>
      <Figures numbers={numbers} hours={hours} />
      <div className="ov-charts">
        <Pane label={t('events.title')}>
          <PaneHead title={t('events.title')}>{t('slot', { count: numbers.slotMinutes })}</PaneHead>
          <TimeBars
            label={t('events.label')}
            numbers={numbers}
            tall
            rows={[
              {
                id: 'events',
                label: <span>{t('totals.events')}</span>,
                name: t('totals.events'),
                counts: numbers.events,
                href: links.allEvents(hours),
                linkOf: links.eventsIn,
              },
            ]}
          />
        </Pane>
        <Pane label={t('detections.title')}>
          <PaneHead title={t('detections.title')}>{t('slot', { count: numbers.slotMinutes })}</PaneHead>
          <TimeBars
            label={t('detections.label')}
            numbers={numbers}
            rows={URGENT_FIRST.map((severity) => ({
              id: severity,
              label: (
                <>
                  <SeverityGlyph severity={severity} size={14} /> <span>{t(`common:severityTitle.${severity}`)}</span>
                </>
              ),
              name: t(`common:severityTitle.${severity}`),
              counts: numbers.detections[severity],
              href: links.alertsOf(hours, 'severity', severity),
              linkOf: (window) => links.alertsIn(window, severity),
            }))}
          />
        </Pane>
      </div>
      <div className="ov-rankings">
        <Ranking
          title={t('top.detections')}
          unit={occurs}
          empty={t('top.none')}
          items={numbers.topDetections.map(({ detection, title, severity, count }) => ({
            id: detection,
            name: title,
            count,
            before: <SeverityGlyph severity={severity} size={14} />,
            href: links.alertsOf(hours, 'detection', detection),
          }))}
        />
        <Ranking
          title={t('top.assets')}
          unit={occurs}
          empty={t('top.none')}
          items={numbers.topAssets.map(({ asset, count }) => ({
            id: asset,
            name: asset,
            mono: true,
            count,
            href: links.alertsOf(hours, 'asset', asset),
          }))}
        />
        <Ranking
          title={t('top.types')}
          unit={t('unit.events')}
          empty={t('top.noEvents')}
          items={numbers.types.map(({ type, count }) => ({
            id: type,
            name: type,
            mono: true,
            count,
            href: links.eventsOf(hours, 'type', type),
          }))}
        />
        <Ranking
          title={t('top.sources')}
          unit={t('unit.events')}
          empty={t('top.noEvents')}
          items={numbers.sources.map(({ source, name, count }) => ({
            id: source,
            name,
            count,
            href: links.eventsOf(hours, 'source', source),
          }))}
        />
        <Ranking
          title={t('top.decided')}
          unit={t('unit.alerts')}
          empty={t('top.noDecisions')}
          items={VERDICTS.filter((verdict) => (numbers.decided[verdict] ?? 0) > 0).map((verdict) => ({
            id: verdict,
            name: t(`common:verdict.${verdict}`),
            count: numbers.decided[verdict] ?? 0,
            href: links.decidedAlerts(hours, verdict),
          }))}
        />
      </div>
    </>
  )
}
