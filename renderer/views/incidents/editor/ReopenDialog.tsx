import { useId, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../../components/Button.tsx'
import { Field } from '../../../components/Field.tsx'
import { Dialog } from '../../../components/Popover.tsx'

/** A closed incident is opened again, with a reason. */
export function ReopenDialog({ onReopen, onClose }: { onReopen(reason: string): Promise<boolean>; onClose(): void }): ReactNode {
  const { t } = useTranslation('incidents')
  const [reason, setReason] = useState('')
  const [asked, setAsked] = useState(false)
  const id = useId()
  const missing = reason.trim() === ''
  return (
    <Dialog
      title={t('reopen.title')}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('common:cancel')}</Button>
          <Button kind="primary" type="submit" form={id}>
            {t('reopen.now')}
          </Button>
        </>
      }
    >
      <form
        id={id}
        className="in-form"
        onSubmit={(event) => {
          event.preventDefault()
          setAsked(true)
          if (!missing)
            void onReopen(reason.trim()).then((fine) => {
              if (fine) onClose()
            })
        }}
      >
        <Field label={t('reopen.reason')} problem={asked && missing ? t('reopen.noReason') : null}>
          {(control) => (
            <textarea
              {...control}
              className="wf-input in-area"
              data-autofocus=""
              rows={3}
              maxLength={4000}
              value={reason}
              onChange={(event) => setReason(event.target.value)}
            />
          )}
        </Field>
      </form>
    </Dialog>
  )
}
