import { useId, useMemo, useState, type FormEvent, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import {
  DESKTOP,
  MOST_ADDRESSES,
  NOTIFY_LANGUAGES,
  type Channel,
  type Subscription,
} from '../../../../shared/model/notification.ts'
import { SEVERITIES } from '../../../../shared/model/severity.ts'
import { useCommand } from '../../../client/hooks.ts'
import { Button } from '../../../components/Button.tsx'
import { Field } from '../../../components/Field.tsx'
import { Dialog } from '../../../components/Popover.tsx'
import { Segmented } from '../../../components/Segmented.tsx'
import { ErrorState } from '../../../components/States.tsx'
import { visibleText } from '../../../format/text.ts'
import { useFormat } from '../../../i18n/use-format.ts'
import { machineZone } from '../../../state/settings.ts'
import { Check } from '../Row.tsx'
import {
  emptySubscription,
  settleSubscription,
  subscriptionDraft,
  withSeverity,
  type SubscriptionDraft,
  type SubscriptionField,
} from './drafts.ts'
import { TextField } from './TextField.tsx'

const NONE: ReadonlySet<SubscriptionField> = new Set()

/** A new subscription, or one that is there. */
export function SubscriptionDialog({
  subscription,
  channels,
  onDone,
  onClose,
}: {
  readonly subscription: Subscription | null
  readonly channels: readonly Channel[]
  onDone(): void
  onClose(): void
}): ReactNode {
  const { t } = useTranslation('notify')
  const format = useFormat()
  const form = useId()
  const zones = useMemo(() => [...new Set(['UTC', machineZone(), ...Intl.supportedValuesOf('timeZone')])], [])
  const [draft, setDraft] = useState<SubscriptionDraft>(() =>
    subscription
      ? subscriptionDraft(subscription.settings, machineZone())
      : emptySubscription(channels[0]?.id ?? DESKTOP, format.language, machineZone()),
  )
  const [tried, setTried] = useState(false)
  const save = useCommand('notify.saveSubscription')
  const desktop = draft.channel === DESKTOP
  const mails = channels.find(({ id }) => id === draft.channel)?.settings.kind === 'smtp'
  const settled = settleSubscription(draft, mails)
  const problems = tried && !settled.ok ? settled.problems : NONE
  const said = (field: SubscriptionField): string | null =>
    problems.has(field) ? t(`problem.${field}`, { most: MOST_ADDRESSES }) : null
  const edit = (part: Partial<SubscriptionDraft>): void => setDraft((before) => ({ ...before, ...part }))
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    setTried(true)
    if (!settled.ok) return
    const done = await save.run({ id: subscription?.id ?? null, settings: settled.settings })
    if (done.ok) onDone()
  }
  return (
    <Dialog
      title={t(subscription ? 'subscriptions.edit' : 'subscriptions.add')}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('common:cancel')}</Button>
          <Button kind="primary" type="submit" form={form} disabled={save.running}>
            {t('subscriptions.save')}
          </Button>
        </>
      }
    >
      <form id={form} className="no-form" onSubmit={(event) => void submit(event)} noValidate>
        {save.error ? <ErrorState error={save.error} what={t('subscriptions.notSaved')} /> : null}
        <TextField label={t('form.name')} value={draft.name} problem={said('name')} focus onChange={(name) => edit({ name })} />
        <div className="no-pair">
          <Field label={t('form.channel')} problem={said('channel')}>
            {(control) => (
              <select
                {...control}
                className="wf-input"
                value={draft.channel}
                onChange={(event) => edit({ channel: event.target.value })}
              >
                {channels.map(({ id, settings }) => (
                  <option key={id} value={id}>
                    {visibleText(settings.name)}
                  </option>
                ))}
                <option value={DESKTOP}>{t('kind.desktop')}</option>
              </select>
            )}
          </Field>
          <div className="wf-field">
            <span>{t('form.language')}</span>
            <Segmented
              label={t('form.language')}
              value={draft.language}
              onChange={(language) => edit({ language })}
              segments={NOTIFY_LANGUAGES.map((value) => ({ value, label: t(`language.${value}`) }))}
            />
          </div>
        </div>
        {mails ? (
          <TextField
            label={t('form.addresses')}
            value={draft.addresses}
            mono
            lines={2}
            note={t('form.addressesNote')}
            problem={said('addresses')}
            onChange={(addresses) => edit({ addresses })}
          />
        ) : null}
        {mails ? <Check label={t('form.people')} checked={draft.people} onChange={(people) => edit({ people })} /> : null}
        <fieldset className="no-set">
          <legend>{t('form.on')}</legend>
          {(['incidentOpened', 'incidentProgress', 'incidentClosed'] as const).map((name) => (
            <Check key={name} label={t(`on.${name}`)} checked={draft[name]} onChange={(on) => edit({ [name]: on })} />
          ))}
        </fieldset>
        <fieldset className="no-set">
          <legend>{t('form.alerts')}</legend>
          {SEVERITIES.toReversed().map((severity) => (
            <Check
              key={severity}
              label={t(`common:severityTitle.${severity}`)}
              checked={draft.alerts.includes(severity)}
              onChange={(on) => edit({ alerts: withSeverity(draft.alerts, severity, on) })}
            />
          ))}
        </fieldset>
        {problems.has('nothing') ? <p className="no-problem">{t('problem.nothing')}</p> : null}
        <div className="no-pair">
          {desktop ? null : (
            <TextField
              label={t('form.digest')}
              value={draft.digestMinutes}
              mono
              note={t('form.digestNote')}
              problem={said('digestMinutes')}
              onChange={(digestMinutes) => edit({ digestMinutes })}
            />
          )}
          <TextField
            label={t('form.mostPerMinute')}
            value={draft.mostPerMinute}
            mono
            note={t(desktop ? 'form.mostDesktopNote' : 'form.mostNote')}
            problem={said('mostPerMinute')}
            onChange={(mostPerMinute) => edit({ mostPerMinute })}
          />
        </div>
        <Check label={t('form.quiet')} checked={draft.quiet} onChange={(quiet) => edit({ quiet })} />
        {draft.quiet ? (
          <>
            <div className="no-three">
              <TextField
                label={t('form.quietFrom')}
                value={draft.quietFrom}
                mono
                problem={said('quiet')}
                onChange={(quietFrom) => edit({ quietFrom })}
              />
              <TextField label={t('form.quietTo')} value={draft.quietTo} mono onChange={(quietTo) => edit({ quietTo })} />
              <Field label={t('form.zone')}>
                {(control) => (
                  <select
                    {...control}
                    className="wf-input"
                    value={draft.quietZone}
                    onChange={(event) => edit({ quietZone: event.target.value })}
                  >
                    {zones.map((zone) => (
                      <option key={zone} value={zone}>
                        {zone}
                      </option>
                    ))}
                  </select>
                )}
              </Field>
            </div>
            <Check
              label={t('form.exceptCritical')}
              checked={draft.exceptCritical}
              onChange={(exceptCritical) => edit({ exceptCritical })}
            />
          </>
        ) : null}
        <TextField
          label={t('form.customers')}
          value={draft.customers}
          lines={2}
          note={t('form.customersNote')}
          problem={said('customers')}
          onChange={(customers) => edit({ customers })}
        />
        <Check label={t('form.subscriptionOn')} checked={draft.enabled} onChange={(enabled) => edit({ enabled })} />
      </form>
    </Dialog>
  )
}
