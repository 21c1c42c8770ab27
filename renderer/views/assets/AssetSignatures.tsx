import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Asset } from '../../../shared/model/asset.ts'
import type { EventRow } from '../../../shared/model/event.ts'
import { eventsLink, formatRoute } from '../../app/route.ts'
import { useQuery } from '../../client/hooks.ts'
import { EmptyState, ErrorState, Loading } from '../../components/States.tsx'
import { formatExact, formatMoment } from '../../format/time.ts'
import { visibleText } from '../../format/text.ts'
import { useEngineNow } from '../../state/clock.ts'

const FIELDS = ['sig.name', 'sig.id', 'src.ip', 'dst.ip', 'dst.port']
const MOST = 100

const textOf = ({ fields }: EventRow, name: string): string => {
  const value = fields[name]
  return value === undefined ? '' : visibleText(String(value))
}

const waysOf = (event: EventRow): string => {
  const port = textOf(event, 'dst.port')
  return `${textOf(event, 'src.ip')} → ${textOf(event, 'dst.ip')}${port === '' ? '' : `:${port}`}`
}

/** The other end is what is news on the page of one of them: it stands alone, behind the way that it went. */
function otherEnd(event: EventRow, own: ReadonlySet<string>): string {
  const from = textOf(event, 'src.ip')
  if (own.has(textOf(event, 'dst.ip'))) return `← ${from}`
  return own.has(from) ? waysOf(event).slice(from.length + 1) : waysOf(event)
}

/** Events in which a signature matched traffic of the asset, the newest first: what the IDS says, whether it became an alert or not. */
export function AssetSignatures({ asset, where }: { readonly asset: Asset; readonly where: string }): ReactNode {
  const { t } = useTranslation('assets')
  const now = useEngineNow()
  const own = where === '' ? '' : `(${where}) and sig.name:*`
  const found = useQuery('events.search', own === '' ? null : { where: own, order: 'newest', fields: FIELDS, limit: MOST })
  const events = found.value?.events
  const addresses = new Set([...asset.addresses, ...asset.seen.addresses])
  return (
    <>
      <div className="as-tools">
        <span>{found.value?.after ? t('signature.newest', { count: MOST }) : ''}</span>
        {own === '' ? null : <a href={eventsLink(own)}>{t('signature.all')}</a>}
      </div>
      {found.error ? <ErrorState error={found.error} what={t('signature.failed')} onRetry={found.refresh} /> : null}
      <Loading waiting={found.loading && !found.value} />
      {own === '' || events?.length === 0 ? <EmptyState>{t('signature.none')}</EmptyState> : null}
      <ul className="as-alerts as-signatures">
        {(events ?? []).map((event) => (
          <li key={event.id}>
            <a href={formatRoute('events', { where: own, all: '1', event: event.id })}>
              <span className="mono">{textOf(event, 'sig.id')}</span>
              <b className="ellipsis" title={textOf(event, 'sig.name')}>
                {textOf(event, 'sig.name')}
              </b>
              <span className="mono ellipsis" title={waysOf(event)}>
                {otherEnd(event, addresses)}
              </span>
              <time title={formatExact(event.time)}>{formatMoment(event.time, now)}</time>
            </a>
          </li>
        ))}
      </ul>
    </>
  )
}
