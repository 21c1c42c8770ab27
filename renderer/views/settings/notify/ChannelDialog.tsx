import { useId, useState, type FormEvent, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { MAIL_SECURITIES, type Channel } from '../../../../shared/model/notification.ts'
import { LEAST_WEBHOOK_SECRET } from '../../../../shared/notify-contract.ts'
import { useCommand } from '../../../client/hooks.ts'
import { Button } from '../../../components/Button.tsx'
import { Dialog } from '../../../components/Popover.tsx'
import { Segmented } from '../../../components/Segmented.tsx'
import { ErrorState } from '../../../components/States.tsx'
import { Check } from '../Row.tsx'
import { channelDraft, emptyChannel, settleChannel, USUAL_PORT, type ChannelDraft, type ChannelField } from './drafts.ts'
import { TextField } from './TextField.tsx'

const NONE: ReadonlySet<ChannelField> = new Set()

/** A new channel, or one that is there. A password that is kept is never shown; an empty field leaves it. */
export function ChannelDialog({
  channel,
  kind,
  onDone,
  onClose,
}: {
  readonly channel: Channel | null
  readonly kind: 'smtp' | 'webhook'
  onDone(): void
  onClose(): void
}): ReactNode {
  const { t } = useTranslation('notify')
  const form = useId()
  const [draft, setDraft] = useState<ChannelDraft>(() => (channel ? channelDraft(channel) : emptyChannel(kind)))
  const [tried, setTried] = useState(false)
  const save = useCommand('notify.saveChannel')
  const settled = settleChannel(draft)
  const problems = tried && !settled.ok ? settled.problems : NONE
  const said = (field: ChannelField): string | null => (problems.has(field) ? t(`problem.${field}`) : null)
  const edit = (part: Partial<ChannelDraft>): void => setDraft((before) => ({ ...before, ...part }))
  const secretAsked = save.error?.code === 'invalid_input' && save.error.path === 'secret'
  const shortSecret = kind === 'webhook' && draft.secret !== '' && draft.secret.length < LEAST_WEBHOOK_SECRET
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    setTried(true)
    if (!settled.ok || shortSecret) return
    const done = await save.run({
      id: channel?.id ?? null,
      enabled: draft.enabled,
      settings: settled.settings,
      // Without a login there is no password to keep.
      ...(draft.secret !== '' ? { secret: draft.secret } : kind === 'smtp' && draft.user.trim() === '' ? { secret: null } : {}),
    })
    if (done.ok) onDone()
  }
  return (
    <Dialog
      title={t(channel ? 'form.edit' : kind === 'smtp' ? 'channels.addMail' : 'channels.addWebhook')}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('common:cancel')}</Button>
          <Button kind="primary" type="submit" form={form} disabled={save.running}>
            {t('form.save')}
          </Button>
        </>
      }
    >
      <form id={form} className="no-form" onSubmit={(event) => void submit(event)} noValidate>
        {save.error && !secretAsked ? <ErrorState error={save.error} what={t('form.failed')} /> : null}
        <TextField label={t('form.name')} value={draft.name} problem={said('name')} focus onChange={(name) => edit({ name })} />
        {kind === 'smtp' ? (
          <>
            <Segmented
              label={t('form.security')}
              value={draft.security}
              onChange={(security) =>
                edit({ security, ...(draft.port === USUAL_PORT[draft.security] ? { port: USUAL_PORT[security] } : {}) })
              }
              segments={MAIL_SECURITIES.map((value) => ({ value, label: t(`security.${value}`) }))}
            />
            {draft.security === 'none' ? <p className="no-warning">{t('form.readable')}</p> : null}
            <div className="no-pair">
              <TextField
                label={t('form.host')}
                value={draft.host}
                mono
                problem={said('host')}
                onChange={(host) => edit({ host })}
              />
              <TextField
                label={t('form.port')}
                value={draft.port}
                mono
                problem={said('port')}
                onChange={(port) => edit({ port })}
              />
            </div>
            <div className="no-pair">
              <TextField
                label={t('form.user')}
                value={draft.user}
                mono
                note={t('form.userNote')}
                problem={said('user')}
                onChange={(user) => edit({ user })}
              />
              <TextField
                label={t('form.password')}
                value={draft.secret}
                type="password"
                note={t(channel?.secretSet === true ? 'form.secretKept' : 'form.secretNone')}
                problem={secretAsked ? t('form.passwordAgain') : null}
                onChange={(secret) => edit({ secret })}
              />
            </div>
            <div className="no-pair">
              <TextField
                label={t('form.sender')}
                value={draft.sender}
                mono
                problem={said('sender')}
                onChange={(sender) => edit({ sender })}
              />
              <TextField
                label={t('form.senderName')}
                value={draft.senderName}
                problem={said('senderName')}
                onChange={(senderName) => edit({ senderName })}
              />
            </div>
          </>
        ) : (
          <>
            <TextField
              label={t('form.url')}
              value={draft.url}
              mono
              note={t('form.urlNote')}
              problem={said('url')}
              onChange={(url) => edit({ url })}
            />
            <TextField
              label={t('form.sharedSecret')}
              value={draft.secret}
              type="password"
              note={t(channel?.secretSet === true ? 'form.secretKept' : 'form.sharedNote', { least: LEAST_WEBHOOK_SECRET })}
              problem={(tried && shortSecret) || secretAsked ? t('form.sharedNote', { least: LEAST_WEBHOOK_SECRET }) : null}
              onChange={(secret) => edit({ secret })}
            />
          </>
        )}
        <TextField
          label={t('form.ca')}
          value={draft.ca}
          mono
          note={t('form.caNote')}
          problem={said('ca')}
          onChange={(ca) => edit({ ca })}
        />
        <Check
          label={t('form.anyCertificate')}
          checked={draft.acceptAnyCertificate}
          onChange={(acceptAnyCertificate) => edit({ acceptAnyCertificate })}
        />
        {draft.acceptAnyCertificate ? <p className="no-warning">{t('form.anyCertificateNote')}</p> : null}
        <Check label={t('form.enabled')} checked={draft.enabled} onChange={(enabled) => edit({ enabled })} />
      </form>
    </Dialog>
  )
}
