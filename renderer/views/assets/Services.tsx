import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { AssetService } from '../../../shared/model/asset.ts'
import { EmptyState } from '../../components/States.tsx'
import { formatExact, secondsSince } from '../../format/time.ts'
import { visibleText } from '../../format/text.ts'
import { useFormat } from '../../i18n/use-format.ts'
import { useEngineNow } from '../../state/clock.ts'

/** Ports and software: what was registered, and what was only observed. */
export function Services({ services }: { readonly services: readonly AssetService[] }): ReactNode {
  const { t } = useTranslation('assets')
  const format = useFormat()
  const now = useEngineNow()
  if (services.length === 0) return <EmptyState>{t('service.none')}</EmptyState>
  return (
    <table className="as-table">
      <thead>
        <tr>
          <th scope="col">{t('service.port')}</th>
          <th scope="col">{t('service.name')}</th>
          <th scope="col">{t('service.product')}</th>
          <th scope="col">{t('service.from')}</th>
          <th scope="col" className="as-right">
            {t('column.seen')}
          </th>
        </tr>
      </thead>
      <tbody>
        {services.map((service, index) => (
          <tr key={index}>
            <td className="mono">
              {service.port ?? '–'}/{service.transport}
            </td>
            <td>{visibleText(service.name) || '–'}</td>
            <td>
              <b>{visibleText(service.product)}</b> <span className="mono">{visibleText(service.version)}</span>
              {service.cpe === null ? null : <code className="as-cpe">{visibleText(service.cpe)}</code>}
            </td>
            <td>
              {service.observed ? <em className="as-observed">{t('observed')}</em> : null}{' '}
              {service.observed
                ? t(`seenBy.${service.source.replaceAll(' ', '_')}`, { defaultValue: visibleText(service.source) })
                : visibleText(service.source)}
            </td>
            <td className="as-right mono" title={service.lastSeen ? formatExact(service.lastSeen) : undefined}>
              {service.lastSeen ? format.age(Math.max(0, secondsSince(service.lastSeen, now))) : '–'}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
