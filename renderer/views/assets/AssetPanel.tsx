import { useEffect, useId, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useQuery } from '../../client/hooks.ts'
import { Button } from '../../components/Button.tsx'
import { Pane } from '../../components/Pane.tsx'
import { ErrorState, Loading } from '../../components/States.tsx'
import { Tabs } from '../../components/Tabs.tsx'
import { visibleText } from '../../format/text.ts'
import { useFormat } from '../../i18n/use-format.ts'
import { AssetAlerts } from './AssetAlerts.tsx'
import { AssetIncidents } from './AssetIncidents.tsx'
import { AssetSignatures } from './AssetSignatures.tsx'
import { Baseline } from './Baseline.tsx'
import { Services } from './Services.tsx'
import { Talkers } from './Talkers.tsx'
import { Weaknesses } from './Weaknesses.tsx'

export const TABS = ['services', 'weaknesses', 'alerts', 'signatures', 'incidents', 'talkers', 'baseline'] as const
export type AssetTab = (typeof TABS)[number]

/** The page of one asset beside the list. */
export function AssetPanel({
  id,
  tab,
  revision,
  onTab,
  onEdit,
  onRemove,
  onClose,
}: {
  readonly id: string
  readonly tab: AssetTab
  readonly revision: number
  onTab(tab: AssetTab): void
  onEdit(): void
  onRemove(): void
  onClose(): void
}): ReactNode {
  const { t } = useTranslation('assets')
  const format = useFormat()
  const controls = useId()
  const { value, error, loading, refresh } = useQuery('assets.get', { id })
  useEffect(() => refresh(), [refresh, revision])
  const shown = value?.asset.id === id ? value : null
  const asset = shown?.asset ?? null
  const standing = shown ? shown.weaknesses : null
  const counts: Partial<Record<AssetTab, string | undefined>> = {
    services: asset ? format.number(asset.services.length) : undefined,
    weaknesses: standing
      ? format.number(standing.critical + standing.high + standing.medium + standing.low + standing.info)
      : undefined,
    alerts: shown?.openAlerts === null || !shown ? undefined : format.number(shown.openAlerts),
  }
  const facts: readonly (readonly [string, string])[] = asset
    ? [
        [t('fact.addresses'), [...asset.addresses, ...asset.networks].join('  ')],
        [t('fact.names'), asset.otherNames.join('  ')],
        [t('fact.customer'), shown?.customer?.name ?? ''],
        [t('fact.criticality'), asset.observed ? '' : t(`criticality.${asset.criticality}`)],
        [t('fact.owner'), asset.owner],
        [t('fact.zone'), asset.zone],
        [t('fact.os'), asset.os],
        [t('fact.seen'), [...asset.seen.names, ...asset.seen.addresses, asset.seen.os].filter((text) => text !== '').join('  ')],
        [t('fact.note'), asset.note],
      ]
    : []
  return (
    <Pane label={t('panel', { name: visibleText(asset?.name ?? '') })} as="aside" className="as-panel">
      <header className="as-panel-head">
        <h2 className="ellipsis">{visibleText(asset?.name ?? '')}</h2>
        {asset?.observed ? <em className="as-observed">{t('observed')}</em> : null}
        <span className="grow" />
        <Button small keys="e" disabled={!asset} onClick={onEdit}>
          {asset?.observed ? t('register') : t('edit')}
        </Button>
        <Button small kind="quiet" disabled={!asset} onClick={onRemove}>
          {t('remove')}
        </Button>
        <Button small kind="quiet" keys="Escape" aria-label={t('common:close')} onClick={onClose} />
      </header>
      {error && !asset ? <ErrorState error={error} what={t('failedOne')} /> : null}
      <Loading waiting={loading && !asset} />
      {asset && shown ? (
        <>
          <dl className="as-facts">
            {facts.map(([name, text]) =>
              text === '' ? null : (
                <div key={name}>
                  <dt>{name}</dt>
                  <dd className={name === t('fact.addresses') || name === t('fact.seen') ? 'mono' : undefined}>
                    {visibleText(text)}
                  </dd>
                </div>
              ),
            )}
          </dl>
          <Tabs
            label={t('tabs')}
            selected={tab}
            controls={controls}
            onSelect={(which) => onTab(TABS.find((one) => one === which) ?? 'services')}
            tabs={TABS.map((one) => ({ id: one, label: t(`tab.${one}`), count: counts[one] }))}
          />
          <div id={controls} className="as-panel-body" role="tabpanel" aria-label={t(`tab.${tab}`)} tabIndex={0}>
            {tab === 'services' ? <Services services={asset.services} /> : null}
            {tab === 'weaknesses' ? <Weaknesses asset={asset} revision={revision} /> : null}
            {tab === 'alerts' ? <AssetAlerts where={shown.alertsWhere} /> : null}
            {tab === 'signatures' ? <AssetSignatures asset={asset} where={shown.eventsWhere} /> : null}
            {tab === 'incidents' ? <AssetIncidents id={id} /> : null}
            {tab === 'talkers' ? <Talkers id={id} where={shown.eventsWhere} /> : null}
            {tab === 'baseline' ? <Baseline id={id} /> : null}
          </div>
        </>
      ) : null}
    </Pane>
  )
}
