import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { SeverityGlyph } from '../../components/Severity.tsx'
import { Pane, PaneHead } from '../../components/Pane.tsx'
import { formatExact, secondsSince } from '../../format/time.ts'
import { useFormat } from '../../i18n/use-format.ts'
import { useEngineNow } from '../../state/clock.ts'
import * as links from './links.ts'
import { URGENT_FIRST, type Numbers } from './numbers.ts'

/** What waits, how fast it is answered, and how much came in. */
export function Figures({ numbers, hours }: { readonly numbers: Numbers; readonly hours: number }): ReactNode {
  const { t } = useTranslation('overview')
  const format = useFormat()
  const now = useEngineNow()
  const { open, oldestOpen, response, totals } = numbers
  const waiting = Object.values(open).reduce((all, count) => all + count, 0)
  const age = (seconds: number | null): string => (seconds === null ? '–' : format.age(seconds))
  return (
    <div className="ov-figures">
      <Pane label={t('open.title')} as="div">
        <PaneHead title={<a href={links.openAlerts()}>{t('open.title')}</a>}>
          <a className="ov-figure" href={links.openAlerts()}>
            {format.number(waiting)}
          </a>
        </PaneHead>
        <dl className="ov-blocks">
          {URGENT_FIRST.map((severity) => (
            <div key={severity}>
              <dt>
                <SeverityGlyph severity={severity} size={14} /> {t(`common:severityTitle.${severity}`)}
              </dt>
              <dd>
                <a className={open[severity] > 0 ? 'ov-big' : 'ov-big ov-none'} href={links.openAlerts(severity)}>
                  {format.number(open[severity])}
                </a>
              </dd>
            </div>
          ))}
          <div className="ov-wide">
            <dt>{t('open.oldest')}</dt>
            <dd>
              {oldestOpen ? (
                <a className="ov-big" href={links.oldestOpen()} title={formatExact(oldestOpen)}>
                  {format.age(secondsSince(oldestOpen, now))}
                </a>
              ) : (
                <span className="ov-big ov-none">–</span>
              )}
            </dd>
          </div>
        </dl>
      </Pane>
      <Pane label={t('response.title')} as="div">
        <PaneHead title={t('response.title')}>
          <span>{t('response.note')}</span>
        </PaneHead>
        <dl className="ov-blocks">
          {(
            [
              ['taken', response.taken50, response.taken90, links.takenAlerts(hours)],
              ['decided', response.decided50, response.decided90, links.decidedAlerts(hours)],
            ] as const
          ).map(([name, median, late, href]) => (
            <div key={name} className="ov-wide">
              <dt>{t(`response.${name}`)}</dt>
              <dd>
                <a
                  className={median === null ? 'ov-big ov-none' : 'ov-big'}
                  href={href}
                  title={median === null ? t('response.none') : undefined}
                >
                  {age(median)}
                </a>{' '}
                <span className="ov-late">{late === null ? '' : t('response.late', { age: format.age(late) })}</span>
              </dd>
            </div>
          ))}
        </dl>
      </Pane>
      <Pane label={t('totals.title')} as="div">
        <PaneHead title={t('totals.title')}>
          <span>{t(`hours.${hours}`)}</span>
        </PaneHead>
        <dl className="ov-blocks">
          {(
            [
              ['events', totals.events, links.allEvents(hours)],
              ['detections', totals.detections, links.allAlerts(hours)],
              ['rejected', totals.rejected, links.rejectedRecords()],
            ] as const
          ).map(([name, count, href]) => (
            <div key={name} className={name === 'events' ? 'ov-widest' : 'ov-wide'}>
              <dt>{t(`totals.${name}`)}</dt>
              <dd>
                <a className={count > 0 ? 'ov-big' : 'ov-big ov-none'} href={href}>
                  {format.number(count)}
                </a>
              </dd>
            </div>
          ))}
        </dl>
      </Pane>
    </div>
  )
}
