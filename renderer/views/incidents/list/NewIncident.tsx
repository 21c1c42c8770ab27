import { useState, type FormEvent, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { SEVERITIES, type Severity } from '../../../../shared/model/severity.ts'
import { useCommand } from '../../../client/hooks.ts'
import { Button } from '../../../components/Button.tsx'
import { Field } from '../../../components/Field.tsx'
import { Dialog } from '../../../components/Popover.tsx'
import { ErrorState } from '../../../components/States.tsx'

/** An incident that begins with no alert. */
export function NewIncident({ onClose, onDone }: { onClose(): void; onDone(number: string): void }): ReactNode {
  const { t } = useTranslation('incidents')
  const create = useCommand('incidents.create')
  const [title, setTitle] = useState('')
  const [severity, setSeverity] = useState<Severity>('medium')
  const [asked, setAsked] = useState(false)
  const missing = title.trim() === ''
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    setAsked(true)
    if (missing || create.running) return
    void create.run({ title: title.trim(), alerts: [], edit: { severity } }).then((result) => {
      if (result.ok) onDone(result.value.number)
    })
  }
  return (
    <Dialog
      title={t('list.new')}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('common:cancel')}</Button>
          <Button kind="primary" type="submit" form="in-new" disabled={create.running}>
            {t('list.openIt')}
          </Button>
        </>
      }
    >
      <form id="in-new" className="in-form" onSubmit={submit}>
        <Field label={t('field.title')} problem={asked && missing ? t('list.noTitle') : null} note={t('list.newNote')}>
          {(control) => (
            <input
              {...control}
              className="wf-input"
              data-autofocus=""
              maxLength={300}
              value={title}
              onChange={(event) => setTitle(event.target.value)}
            />
          )}
        </Field>
        <Field label={t('field.severity')}>
          {(control) => (
            <select
              {...control}
              className="wf-input wf-select"
              value={severity}
              onChange={(event) => setSeverity(event.target.value as Severity)}
            >
              {SEVERITIES.toReversed().map((one) => (
                <option key={one} value={one}>
                  {t(`common:severityTitle.${one}`)}
                </option>
              ))}
            </select>
          )}
        </Field>
        {create.error ? <ErrorState error={create.error} what={t('list.notOpened')} /> : null}
      </form>
    </Dialog>
  )
}
