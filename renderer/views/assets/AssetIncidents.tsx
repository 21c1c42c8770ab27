import { useEffect, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { formatRoute } from '../../app/route.ts'
import { useQuery, useStream } from '../../client/hooks.ts'
import { Segmented } from '../../components/Segmented.tsx'
import { SeverityGlyph } from '../../components/Severity.tsx'
import { EmptyState, ErrorState, Loading } from '../../components/States.tsx'
import { ImpactBadge } from '../../components/Verdict.tsx'
import { formatExact, formatMoment } from '../../format/time.ts'
import { visibleText } from '../../format/text.ts'
import { useFormat } from '../../i18n/use-format.ts'
import { useEngineNow } from '../../state/clock.ts'

/** Incidents in which the asset is: by their alerts, or as an entity; the newest first. */
export function AssetIncidents({ id }: { readonly id: string }): ReactNode {
  const { t } = useTranslation('assets')
  const format = useFormat()
  const now = useEngineNow()
  const [open, setOpen] = useState(true)
  const { value, error, loading, refresh } = useQuery('assets.incidents', { id, open })
  const { value: watched } = useStream('incidents.watch', { number: null })
  const revision = watched?.revision ?? 0
  useEffect(() => {
    if (revision > 0) refresh()
  }, [revision, refresh])
  return (
    <>
      <div className="as-tools">
        <Segmented
          label={t('incident.which')}
          value={open ? 'open' : 'all'}
          onChange={(which) => setOpen(which === 'open')}
          segments={[
            { value: 'open', label: t('incident.open') },
            { value: 'all', label: t('incident.all') },
          ]}
        />
        {value ? <span>{t('incident.count', { count: value.total, figure: format.number(value.total) })}</span> : null}
      </div>
      {error ? <ErrorState error={error} what={t('incident.failed')} onRetry={refresh} /> : null}
      <Loading waiting={loading && !value} />
      {value?.incidents.length === 0 ? <EmptyState>{t(open ? 'incident.noneOpen' : 'incident.none')}</EmptyState> : null}
      <ul className="as-incidents">
        {(value?.incidents ?? []).map(({ incident, alerts }) => (
          <li key={incident.number}>
            <a href={formatRoute('incidents', {}, incident.number)}>
              <SeverityGlyph severity={incident.severity} size={14} />
              <span className="mono">{incident.number}</span>
              <b className="ellipsis" title={visibleText(incident.title)}>
                {visibleText(incident.title)}
              </b>
              <ImpactBadge impact={incident.impact?.result ?? 'unverified'} />
              <span>{t(`incidents:status.${incident.status}`)}</span>
              <span className="as-state">
                {alerts === 0 ? t('incident.named') : t('incident.alerts', { count: alerts, figure: format.number(alerts) })}
              </span>
              <time title={formatExact(incident.created)}>{formatMoment(incident.created, now)}</time>
            </a>
          </li>
        ))}
      </ul>
    </>
  )
}
