import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { AlertAction, AlertDetail } from '../../../shared/model/alert.ts'
import { formatRoute } from '../../app/route.ts'
import { PaneHead } from '../../components/Pane.tsx'
import { VerdictLabel } from '../../components/Verdict.tsx'
import { visibleText } from '../../format/text.ts'
import { formatExact, formatMoment } from '../../format/time.ts'
import { useFormat } from '../../i18n/use-format.ts'
import { useEngineNow } from '../../state/clock.ts'
import { useReasons } from './triage/own-reasons.ts'

/** Who did what when, newest first, and how the same detection on the same pair was decided before. */
export function History({
  history,
  earlier,
  onOpenAlert,
}: {
  readonly history: readonly AlertAction[]
  readonly earlier: AlertDetail['earlier']
  onOpenAlert(id: string): void
}): ReactNode {
  const { t } = useTranslation('alerts')
  const format = useFormat()
  const now = useEngineNow()
  const reasons = useReasons()
  return (
    <>
      <section className="al-section" aria-label={t('history.title')}>
        <PaneHead title={t('history.title')} />
        <ol className="al-history">
          {history.toReversed().map((entry, index) => (
            <li key={`${entry.id}.${index}`} className={entry.undone ? 'al-undone' : undefined}>
              <time className="mono" dateTime={entry.at} title={formatExact(entry.at)}>
                {formatMoment(entry.at, now)}
              </time>
              <span>
                {t(`history.${entry.action}`, {
                  by: visibleText(entry.by),
                  until: entry.until ? formatMoment(entry.until, now) : '',
                })}
                {entry.verdict ? (
                  <>
                    {' '}
                    <VerdictLabel verdict={entry.verdict} />
                  </>
                ) : null}
                {entry.undone ? <em> {t('history.takenBack')}</em> : null}
                {entry.why ? <span className="dim"> {reasons.text(entry.why)}</span> : null}
                {entry.restsOn?.test ? <span className="mono dim"> {entry.restsOn.test}</span> : null}
                {entry.incident ? (
                  <>
                    {' '}
                    <a className="link mono" href={formatRoute('incidents', {}, entry.incident)}>
                      {entry.incident}
                    </a>
                  </>
                ) : null}
                {entry.reason ? <q>{visibleText(entry.reason)}</q> : null}
              </span>
            </li>
          ))}
        </ol>
      </section>
      {earlier.length === 0 ? null : (
        <section className="al-section" aria-label={t('earlier.title')}>
          <PaneHead title={t('earlier.title')}>
            <span>{format.number(earlier.length)}</span>
          </PaneHead>
          <ul className="al-history">
            {earlier.map((one) => (
              <li key={one.id}>
                <time className="mono" dateTime={one.last} title={formatExact(one.last)}>
                  {formatMoment(one.last, now)}
                </time>
                <span>
                  <button type="button" className="link mono" onClick={() => onOpenAlert(one.id)}>
                    A-{one.id}
                  </button>{' '}
                  {one.verdict ? <VerdictLabel verdict={one.verdict} /> : <em>{t('earlier.open')}</em>}
                  {one.decidedBy ? <em> {visibleText(one.decidedBy)}</em> : null}
                </span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  )
}
