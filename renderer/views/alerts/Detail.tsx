import { memo, useEffect, useMemo, useState, type ReactNode, type RefObject } from 'react'
import { useTranslation } from 'react-i18next'
import { TECHNIQUES } from '../../../shared/attack/techniques.ts'
import type { Alert, AlertDetail, Endpoint } from '../../../shared/model/alert.ts'
import { termFor } from '../../../shared/query/print.ts'
import { eventsLink, formatRoute } from '../../app/route.ts'
import { useQuery } from '../../client/hooks.ts'
import { Button } from '../../components/Button.tsx'
import { Icon } from '../../components/Icon.tsx'
import { Kbd } from '../../components/Kbd.tsx'
import { Pane, PaneHead } from '../../components/Pane.tsx'
import { SeverityGlyph } from '../../components/Severity.tsx'
import { EmptyState, ErrorState, Loading } from '../../components/States.tsx'
import { VerdictLabel } from '../../components/Verdict.tsx'
import { visibleText } from '../../format/text.ts'
import { formatExact, formatMoment } from '../../format/time.ts'
import { useFormat } from '../../i18n/use-format.ts'
import { useEngineNow } from '../../state/clock.ts'
import { Around } from './Around.tsx'
import { endName, endsOf } from './ends.ts'
import { EventsSection } from './EventsSection.tsx'
import { History } from './History.tsx'
import { ImpactSection } from './ImpactSection.tsx'
import { pivotsOf } from './pivots.ts'
import { RawSection } from './RawSection.tsx'
import { RuleSection } from './RuleSection.tsx'
import { ScenarioSection } from './ScenarioSection.tsx'

/** Rows passed over with `j` are not asked for: the panel waits this long (milliseconds). */
const SETTLE_MS = 70

function useSettled<T>(value: T): T {
  const [settled, setSettled] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), SETTLE_MS)
    return () => clearTimeout(timer)
  }, [value])
  return settled
}

/** Everything about one alert: verdict, rule, surroundings, raw record, history; decisions stay at the foot. */
export function Detail({
  id,
  row,
  operator,
  foot,
  body,
  onClose,
  onOpenAlert,
}: {
  readonly id: string | null
  /** The alert as the queue has it now, where it is there. */
  readonly row: Alert | null
  readonly operator: string | null
  readonly foot: ReactNode
  readonly body: RefObject<HTMLDivElement | null>
  onClose(): void
  onOpenAlert(id: string): void
}): ReactNode {
  const { t } = useTranslation('alerts')
  const asked = useSettled(id)
  const { value, error, loading, refresh } = useQuery('alerts.get', asked === null ? null : { id: asked })
  const detail = value && value.alert.id === id ? value : null
  const alert = row && detail ? (row.revision >= detail.alert.revision ? row : detail.alert) : (row ?? detail?.alert ?? null)
  const behind = detail !== null && row !== null && row.revision > detail.alert.revision
  useEffect(() => {
    if (behind) refresh()
  }, [behind, row?.revision, refresh])
  useEffect(() => {
    body.current?.scrollTo(0, 0)
  }, [id, body])
  const label = id === null ? t('panel.none') : t('panel.label', { id })
  return (
    <Pane as="aside" label={label} className="al-detail" onEnter={() => body.current?.focus()}>
      {id === null ? (
        <EmptyState>{t('panel.empty')}</EmptyState>
      ) : alert === null && error && !loading ? (
        <ErrorState error={error} what={t('panel.failed')} works={t('panel.works')} onRetry={refresh} />
      ) : (
        // Of one whose row has gone and that is only being read there is nothing yet, but what is written at the foot keeps its place.
        <>
          {alert === null ? null : <Head alert={alert} detail={detail} operator={operator} onClose={onClose} />}
          <div ref={body} className="al-body" tabIndex={0} role="region" aria-label={label}>
            <Loading waiting={detail === null && (loading || alert === null)} />
            {error && alert !== null && detail === null && asked === id ? (
              <ErrorState error={error} what={t('panel.failed')} works={t('panel.works')} onRetry={refresh} />
            ) : null}
            {alert === null ? null : <Sections alert={alert} detail={detail} onOpenAlert={onOpenAlert} />}
          </div>
          {foot}
        </>
      )}
    </Pane>
  )
}

/** Drawn anew only when something of the alert changed: the queue beside it changes many times a second. */
const Sections = memo(function Sections({
  alert,
  detail,
  onOpenAlert,
}: {
  readonly alert: Alert
  readonly detail: AlertDetail | null
  onOpenAlert(id: string): void
}): ReactNode {
  return (
    <>
      <ImpactSection key={alert.id} alert={alert} />
      {detail ? (
        <>
          {alert.kind === 'scn' ? <ScenarioSection key={alert.id} alert={alert} /> : null}
          <RuleSection detail={detail} />
          <Around alert={alert} onOpenAlert={onOpenAlert} />
          <RawSection alert={alert} event={detail.event} marks={detail.marks} />
          <EventsSection key={alert.id} alert={alert} />
          <Pivots alert={alert} />
          <History history={detail.history} earlier={detail.earlier} onOpenAlert={onOpenAlert} />
        </>
      ) : null}
    </>
  )
})

function Head({
  alert,
  detail,
  operator,
  onClose,
}: {
  readonly alert: Alert
  readonly detail: AlertDetail | null
  readonly operator: string | null
  onClose(): void
}): ReactNode {
  const { t } = useTranslation('alerts')
  const format = useFormat()
  const now = useEngineNow()
  const title = visibleText(alert.title)
  const { from, to } = endsOf(alert)
  return (
    <header className="al-head-block">
      <div className="al-head-title">
        <SeverityGlyph severity={alert.severity} size={20} />
        <h2 title={title}>{title}</h2>
        <Button small kind="quiet" keys="Escape" aria-label={t('panel.close')} onClick={onClose} />
      </div>
      <div className="al-head-facts">
        <span className="mono">A-{alert.id}</span>
        <span>{t(`kind.${alert.kind}`)}</span>
        {alert.attack.map((id) => (
          <span
            key={id}
            className="mono"
            title={TECHNIQUES.get(id)?.name ?? visibleText(t(`common:tactic.${id}`, { defaultValue: id }))}
          >
            {visibleText(id)}
          </span>
        ))}
        <span>{t('panel.events', { count: alert.count, figure: format.number(alert.count) })}</span>
        <span>
          {alert.owner === null
            ? t('unowned')
            : t(alert.owner === operator ? 'panel.yours' : 'panel.owned', {
                name: visibleText(alert.owner),
                time: alert.takenAt ? formatMoment(alert.takenAt, now).replace(/:\d\d$/, '') : '',
              })}
        </span>
        {alert.incident ? (
          <a className="link mono" href={formatRoute('incidents', {}, alert.incident)}>
            {alert.incident}
          </a>
        ) : null}
        {alert.verdict ? <VerdictLabel verdict={alert.verdict} /> : null}
      </div>
      <div className="al-pair">
        <End end={from} seen={detail?.firstSeen.source ?? null} />
        {endName(to) === null ? null : (
          <>
            <Icon name="arrow" size={14} />
            <End end={to} seen={detail?.firstSeen.destination ?? null} />
          </>
        )}
      </div>
      <div className="al-head-times">
        <span title={formatExact(alert.first)}>{t('panel.first', { time: formatMoment(alert.first, now) })}</span>
        <span title={formatExact(alert.last)}>{t('panel.last', { time: formatMoment(alert.last, now) })}</span>
        {alert.user ? (
          <span>
            {t('panel.user')} <b className="mono">{visibleText(alert.user)}</b>
          </span>
        ) : null}
      </div>
    </header>
  )
}

function End({ end, seen }: { readonly end: Endpoint; readonly seen: string | null }): ReactNode {
  const { t } = useTranslation('alerts')
  const now = useEngineNow()
  return (
    <div>
      <span className="mono">
        {end.name === null ? null : <b>{visibleText(end.name)}</b>}
        {end.name !== null && end.ip !== null ? ' ' : null}
        {end.ip === null ? null : visibleText(end.ip)}
        {end.port === null ? null : <em>:{end.port}</em>}
      </span>
      {seen === null ? null : <em title={formatExact(seen)}>{t('panel.seen', { time: formatMoment(seen, now) })}</em>}
    </div>
  )
}

function Pivots({ alert }: { readonly alert: Alert }): ReactNode {
  const { t } = useTranslation('alerts')
  const pivots = useMemo(() => pivotsOf(alert), [alert])
  return (
    <section className="al-section" aria-label={t('pivot.title')}>
      <PaneHead title={t('pivot.title')} />
      <ul className="al-pivots">
        {pivots.map(({ id, value, where, window }) => (
          <li key={id}>
            <a className="link" href={eventsLink(where, window)}>
              {t(`pivot.${id}`)}
              {value === null ? null : <span className="mono">{visibleText(value)}</span>}
            </a>
          </li>
        ))}
        <li>
          <a className="link" href={formatRoute('packets', { alert: alert.id })} aria-keyshortcuts="p">
            {t('pivot.packets')} <Kbd keys="p" silent />
          </a>
        </li>
        <li>
          <a
            className="link"
            href={formatRoute('alerts', {
              where: termFor('detection', alert.detection),
              states: 'open,snoozed,decided',
              order: 'newest',
            })}
          >
            {t('pivot.detection')}
          </a>
        </li>
      </ul>
    </section>
  )
}
