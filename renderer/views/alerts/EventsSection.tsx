import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Alert } from '../../../shared/model/alert.ts'
import { formatRoute } from '../../app/route.ts'
import { useQuery } from '../../client/hooks.ts'
import { Button } from '../../components/Button.tsx'
import { PaneHead } from '../../components/Pane.tsx'
import { ErrorState, Loading } from '../../components/States.tsx'
import { visibleText } from '../../format/text.ts'
import { formatExact, formatMoment } from '../../format/time.ts'
import { useFormat } from '../../i18n/use-format.ts'
import { useEngineNow } from '../../state/clock.ts'
import { summaryOf } from './event-summary.ts'

const FEW = 5
const MANY = 100

/** The events that the alert is made of, newest first: a few, then a hundred. Each opens in the Events view. */
export function EventsSection({ alert }: { readonly alert: Alert }): ReactNode {
  const { t } = useTranslation('alerts')
  const format = useFormat()
  const now = useEngineNow()
  const [limit, setLimit] = useState(FEW)
  const { value, error, loading, refresh } = useQuery('alerts.events', { id: alert.id, limit })
  const rest = alert.count - (value?.events.length ?? 0)
  return (
    <section className="al-section" aria-label={t('events.title')}>
      <PaneHead title={t('events.title')}>
        <span>{format.number(alert.count)}</span>
      </PaneHead>
      <Loading waiting={loading && value === null} />
      {error && value === null ? <ErrorState error={error} what={t('events.failed')} onRetry={refresh} /> : null}
      <ul className="al-events">
        {value?.events.map((event) => (
          <li key={event.id}>
            <a href={formatRoute('events', { all: '1', event: event.id })}>
              <time className="mono" dateTime={event.time} title={formatExact(event.time)}>
                {formatMoment(event.time, now)}
              </time>
              <span>{visibleText(event.type)}</span>
              <span className="mono ellipsis">{summaryOf(event)}</span>
            </a>
          </li>
        ))}
      </ul>
      {value && rest > 0 ? (
        limit === FEW ? (
          <Button small kind="quiet" onClick={() => setLimit(MANY)}>
            {t('events.more', { figure: format.number(Math.min(rest, MANY - FEW)) })}
          </Button>
        ) : (
          <span className="dim">{t('events.rest', { figure: format.number(rest) })}</span>
        )
      ) : null}
    </section>
  )
}
