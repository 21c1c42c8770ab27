import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { formatRoute } from '../../app/route.ts'
import { useQuery } from '../../client/hooks.ts'
import { Segmented } from '../../components/Segmented.tsx'
import { SeverityGlyph } from '../../components/Severity.tsx'
import { EmptyState, ErrorState, Loading } from '../../components/States.tsx'
import { VerdictLabel } from '../../components/Verdict.tsx'
import { formatExact, formatMoment } from '../../format/time.ts'
import { visibleText } from '../../format/text.ts'
import { useFormat } from '../../i18n/use-format.ts'
import { useEngineNow } from '../../state/clock.ts'

/** Alerts in which the asset is an end, the newest first. */
export function AssetAlerts({ where }: { readonly where: string }): ReactNode {
  const { t } = useTranslation('assets')
  const format = useFormat()
  const now = useEngineNow()
  const [open, setOpen] = useState(true)
  const found = useQuery(
    'alerts.search',
    where === '' ? null : { where, states: open ? ['open'] : ['open', 'snoozed', 'decided'], order: 'newest', limit: 100 },
  )
  const total = found.value?.total ?? 0
  return (
    <>
      <div className="as-tools">
        <Segmented
          label={t('alert.which')}
          value={open ? 'open' : 'all'}
          onChange={(which) => setOpen(which === 'open')}
          segments={[
            { value: 'open', label: t('alert.open') },
            { value: 'all', label: t('alert.all') },
          ]}
        />
        {found.value ? (
          <a href={formatRoute('alerts', { where, all: '1', ...(open ? {} : { states: 'open,snoozed,decided' }) })}>
            {t('alert.count', { count: total, figure: format.number(total) })}
          </a>
        ) : null}
      </div>
      {found.error ? <ErrorState error={found.error} what={t('alert.failed')} /> : null}
      <Loading waiting={found.loading && !found.value} />
      {found.value?.alerts.length === 0 ? <EmptyState>{t(open ? 'alert.noneOpen' : 'alert.none')}</EmptyState> : null}
      <ul className="as-alerts">
        {(found.value?.alerts ?? []).map((alert) => (
          <li key={alert.id}>
            <a href={formatRoute('alerts', { where, all: '1', id: alert.id })}>
              <SeverityGlyph severity={alert.severity} size={14} />
              <b className="ellipsis">{visibleText(alert.title)}</b>
              <span className="mono ellipsis">
                {visibleText(alert.source.name ?? alert.source.ip ?? '–')} →{' '}
                {visibleText(alert.destination.name ?? alert.destination.ip ?? '–')}
              </span>
              {alert.verdict ? (
                <VerdictLabel verdict={alert.verdict} short />
              ) : (
                <span className="as-state">{t(`alertState.${alert.state}`)}</span>
              )}
              <time title={formatExact(alert.last)}>{formatMoment(alert.last, now)}</time>
            </a>
          </li>
        ))}
      </ul>
    </>
  )
}
