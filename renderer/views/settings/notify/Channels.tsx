import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Channel } from '../../../../shared/model/notification.ts'
import { useCommand } from '../../../client/hooks.ts'
import { Button } from '../../../components/Button.tsx'
import { ErrorState } from '../../../components/States.tsx'
import { visibleText } from '../../../format/text.ts'
import { formatMoment } from '../../../format/time.ts'
import { useFormat } from '../../../i18n/use-format.ts'
import { useSentence } from '../../../i18n/use-sentence.ts'
import { useNow } from '../../../state/clock.ts'
import { ChannelDialog } from './ChannelDialog.tsx'
import { TestDialog } from './TestDialog.tsx'

type Open =
  | { readonly dialog: 'edit'; readonly channel: Channel }
  | { readonly dialog: 'add'; readonly kind: 'smtp' | 'webhook' }
  | { readonly dialog: 'test'; readonly channel: Channel }

export function Channels({ channels, onChanged }: { readonly channels: readonly Channel[]; onChanged(): void }): ReactNode {
  const { t } = useTranslation('notify')
  const [open, setOpen] = useState<Open | null>(null)
  const remove = useCommand('notify.removeChannel')
  const close = (): void => setOpen(null)
  return (
    <>
      {channels.length === 0 ? <p className="dim">{t('channels.none')}</p> : null}
      {remove.error ? (
        remove.error.code === 'conflict' ? (
          <p className="no-problem" role="alert">
            {t('channels.used')}
          </p>
        ) : (
          <ErrorState error={remove.error} what={t('channels.notRemoved')} />
        )
      ) : null}
      <ul className="no-list" aria-label={t('channels.title')}>
        {channels.map((channel) => (
          <ChannelItem
            key={channel.id}
            channel={channel}
            onEdit={() => setOpen({ dialog: 'edit', channel })}
            onTest={() => setOpen({ dialog: 'test', channel })}
            onRemove={() => void remove.run({ id: channel.id }).then((done) => done.ok && onChanged())}
          />
        ))}
      </ul>
      <div className="no-buttons">
        <Button small icon="plus" onClick={() => setOpen({ dialog: 'add', kind: 'smtp' })}>
          {t('channels.addMail')}
        </Button>
        <Button small icon="plus" onClick={() => setOpen({ dialog: 'add', kind: 'webhook' })}>
          {t('channels.addWebhook')}
        </Button>
      </div>
      {open?.dialog === 'test' ? <TestDialog channel={open.channel} onClose={close} /> : null}
      {open?.dialog === 'add' || open?.dialog === 'edit' ? (
        <ChannelDialog
          channel={open.dialog === 'edit' ? open.channel : null}
          kind={open.dialog === 'edit' ? open.channel.settings.kind : open.kind}
          onDone={() => {
            close()
            onChanged()
          }}
          onClose={close}
        />
      ) : null}
    </>
  )
}

function ChannelItem({
  channel,
  onEdit,
  onTest,
  onRemove,
}: {
  readonly channel: Channel
  onEdit(): void
  onTest(): void
  onRemove(): void
}): ReactNode {
  const { t } = useTranslation('notify')
  const format = useFormat()
  const sentence = useSentence()
  const now = useNow()
  const { settings, traffic, enabled } = channel
  const name = visibleText(settings.name)
  const place =
    settings.kind === 'webhook'
      ? settings.url
      : `${settings.host}:${settings.port}, ${t(`security.${settings.security}`)}, ${settings.sender}`
  return (
    <li className="no-item">
      <div className="no-what">
        <b>{name}</b> <span className="dim">{t(`kind.${settings.kind}`)}</span>
        {enabled ? null : <span className="no-off">{t('off')}</span>}
        <code>{visibleText(place)}</code>
        {settings.acceptAnyCertificate ? <span className="no-warning">{t('channels.anyCertificate')}</span> : null}
        {traffic.problem === null ? null : (
          <span className="no-problem">
            {t('channels.problem', {
              time: traffic.since === null ? '' : formatMoment(traffic.since, now),
              problem: sentence(traffic.problem),
            })}
          </span>
        )}
        <span className="dim">
          {t('channels.traffic', {
            waiting: format.number(traffic.waiting),
            failed: format.number(traffic.failed),
            last: traffic.lastSent === null ? '–' : formatMoment(traffic.lastSent, now),
          })}
        </span>
      </div>
      <div className="no-buttons">
        <Button small aria-label={t('channels.testOf', { name })} onClick={onTest}>
          {t('channels.test')}
        </Button>
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
