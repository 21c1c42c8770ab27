import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { DESKTOP, type Channel, type Subscription } from '../../../../shared/model/notification.ts'
import { SEVERITIES } from '../../../../shared/model/severity.ts'
import { useCommand } from '../../../client/hooks.ts'
import { Button } from '../../../components/Button.tsx'
import { ErrorState } from '../../../components/States.tsx'
import { visibleText } from '../../../format/text.ts'
import { useFormat } from '../../../i18n/use-format.ts'
import { SubscriptionDialog } from './SubscriptionDialog.tsx'

export function Subscriptions({
  channels,
  subscriptions,
  onChanged,
}: {
  readonly channels: readonly Channel[]
  readonly subscriptions: readonly Subscription[]
  onChanged(): void
}): ReactNode {
  const { t } = useTranslation('notify')
  const [open, setOpen] = useState<{ readonly subscription: Subscription | null } | null>(null)
  const remove = useCommand('notify.removeSubscription')
  return (
    <>
      {subscriptions.length === 0 ? <p className="dim">{t('subscriptions.none')}</p> : null}
      {remove.error ? <ErrorState error={remove.error} what={t('subscriptions.notRemoved')} /> : null}
      <ul className="no-list" aria-label={t('subscriptions.title')}>
        {subscriptions.map((subscription) => (
          <SubscriptionItem
            key={subscription.id}
            subscription={subscription}
            channel={channels.find(({ id }) => id === subscription.settings.channel)}
            onEdit={() => setOpen({ subscription })}
            onRemove={() => void remove.run({ id: subscription.id }).then((done) => done.ok && onChanged())}
          />
        ))}
      </ul>
      <div className="no-buttons">
        <Button small icon="plus" onClick={() => setOpen({ subscription: null })}>
          {t('subscriptions.add')}
        </Button>
      </div>
      {open === null ? null : (
        <SubscriptionDialog
          subscription={open.subscription}
          channels={channels}
          onDone={() => {
            setOpen(null)
            onChanged()
          }}
          onClose={() => setOpen(null)}
        />
      )}
    </>
  )
}

function SubscriptionItem({
  subscription,
  channel,
  onEdit,
  onRemove,
}: {
  readonly subscription: Subscription
  readonly channel: Channel | undefined
  onEdit(): void
  onRemove(): void
}): ReactNode {
  const { t } = useTranslation('notify')
  const format = useFormat()
  const { settings, gathered } = subscription
  const name = visibleText(settings.name)
  const wanted = [
    ...(settings.incidentOpened ? [t('on.incidentOpened')] : []),
    ...(settings.incidentProgress ? [t('on.incidentProgress')] : []),
    ...(settings.incidentClosed ? [t('on.incidentClosed')] : []),
    ...(settings.alerts.length > 0
      ? [
          t('on.alertsOf', {
            severities: format.list(
              SEVERITIES.filter((severity) => settings.alerts.includes(severity))
                .toReversed()
                .map((severity) => t(`common:severity.${severity}`)),
            ),
          }),
        ]
      : []),
  ]
  const how = [
    settings.digestMinutes > 0
      ? t('subscriptions.digest', { minutes: format.number(settings.digestMinutes) })
      : t('subscriptions.atOnce', { most: format.number(settings.mostPerMinute) }),
    ...(settings.quiet === null
      ? []
      : [t('subscriptions.quiet', { from: settings.quiet.from, to: settings.quiet.to, zone: settings.quiet.zone })]),
    ...(settings.customers.length === 0
      ? []
      : [t('subscriptions.customers', { names: format.list(settings.customers.map(visibleText)) })]),
  ]
  return (
    <li className="no-item">
      <div className="no-what">
        <b>{name}</b>{' '}
        <span className="dim">
          {settings.channel === DESKTOP ? t('kind.desktop') : visibleText(channel?.settings.name ?? '–')}
        </span>
        {settings.enabled ? null : <span className="no-off">{t('off')}</span>}
        {settings.addresses.length === 0 ? null : <code>{visibleText(settings.addresses.join(', '))}</code>}
        {settings.people ? <span>{t('form.people')}</span> : null}
        <span>{wanted.join(' · ')}</span>
        <span className="dim">{[...how, t(`language.${settings.language}`)].join(' · ')}</span>
        {gathered === 0 ? null : (
          <span className="dim">{t('subscriptions.gathered', { count: gathered, figure: format.number(gathered) })}</span>
        )}
      </div>
      <div className="no-buttons">
        <Button small aria-label={t('editOf', { name })} onClick={onEdit}>
          {t('edit')}
        </Button>
        <Button small kind="quiet" aria-label={t('removeOf', { name })} onClick={onRemove}>
          {t('remove')}
        </Button>
      </div>
    </li>
  )
}
