import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { OutputOf } from '../../client/types.ts'
import { eventsLink, formatRoute } from '../../app/route.ts'
import { useQuery } from '../../client/hooks.ts'
import { PaneHead } from '../../components/Pane.tsx'
import { Segmented } from '../../components/Segmented.tsx'
import { EmptyState, ErrorState, Loading } from '../../components/States.tsx'
import { visibleText } from '../../format/text.ts'
import { useFormat } from '../../i18n/use-format.ts'

const HOURS = [1, 24, 168] as const
type Peers = OutputOf<'assets.talkers'>['toward']

/** With whom it exchanged most: whom it called, and who called it. */
export function Talkers({ id, where }: { readonly id: string; readonly where: string }): ReactNode {
  const { t } = useTranslation('assets')
  const [hours, setHours] = useState<(typeof HOURS)[number]>(24)
  const found = useQuery('assets.talkers', { id, hours })
  return (
    <>
      <div className="as-tools">
        <Segmented
          label={t('talkers.window')}
          value={String(hours) as '1' | '24' | '168'}
          onChange={(value) => setHours(HOURS.find((one) => String(one) === value) ?? 24)}
          segments={[
            { value: '1', label: t('talkers.hour') },
            { value: '24', label: t('talkers.day') },
            { value: '168', label: t('talkers.week') },
          ]}
        />
        {where === '' ? null : <a href={eventsLink(where)}>{t('talkers.events')}</a>}
      </div>
      {found.error ? <ErrorState error={found.error} what={t('talkers.failed')} /> : null}
      <Loading waiting={found.loading && !found.value} />
      {found.value ? (
        <>
          <PeerList title={t('talkers.toward')} peers={found.value.toward} />
          <PeerList title={t('talkers.from')} peers={found.value.from} />
        </>
      ) : null}
    </>
  )
}

function PeerList({ title, peers }: { readonly title: string; readonly peers: Peers }): ReactNode {
  const { t } = useTranslation('assets')
  const format = useFormat()
  const most = Math.max(1, ...peers.map(({ count }) => count))
  return (
    <section aria-label={title}>
      <PaneHead title={title} />
      {peers.length === 0 ? (
        <EmptyState>{t('talkers.none')}</EmptyState>
      ) : (
        <ul className="as-peers">
          {peers.map(({ value, count, asset, name }) => (
            <li key={value}>
              <i style={{ width: `${(count / most) * 100}%` }} aria-hidden="true" />
              <span className="mono">{visibleText(value)}</span>
              {asset === null ? null : <a href={formatRoute('assets', {}, asset)}>{visibleText(name ?? '')}</a>}
              <b className="mono">{format.number(count)}</b>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
