import { useId, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Alert } from '../../../../shared/model/alert.ts'
import { Button } from '../../../components/Button.tsx'
import { Field } from '../../../components/Field.tsx'
import { Dialog } from '../../../components/Popover.tsx'
import { visibleText } from '../../../format/text.ts'
import { useFormat } from '../../../i18n/use-format.ts'

/** Named one by one; more are counted. */
const MOST_NAMED = 5

/** Alerts are taken out of the incident, with a reason; what stays and what goes is said. Others may have taken them out meanwhile. */
export function TakeOutDialog({
  alerts,
  onTakeOut,
  onClose,
}: {
  readonly alerts: readonly Alert[]
  onTakeOut(alerts: readonly string[], reason: string): Promise<boolean>
  onClose(): void
}): ReactNode {
  const { t } = useTranslation('incidents')
  const format = useFormat()
  const [reason, setReason] = useState('')
  const [asked, setAsked] = useState(false)
  const [running, setRunning] = useState(false)
  const id = useId()
  const missing = reason.trim() === ''
  const count = alerts.length
  const gone = count === 0 && !running
  const impact = alerts.filter(({ verdict }) => verdict === 'tp_impact').length
  if (gone)
    return (
      <Dialog
        title={t('takeOut.goneTitle')}
        onClose={onClose}
        footer={
          <Button kind="primary" onClick={onClose}>
            {t('common:close')}
          </Button>
        }
      >
        <p>{t('takeOut.gone')}</p>
        {reason.trim() === '' ? null : <p className="in-quiet">{visibleText(reason)}</p>}
      </Dialog>
    )
  return (
    <Dialog
      title={t('takeOut.title', { count, figure: format.number(count) })}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('common:cancel')}</Button>
          <Button kind="primary" type="submit" form={id} disabled={running}>
            {t('takeOut.now', { count, figure: format.number(count) })}
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
          if (missing || running) return
          setRunning(true)
          void onTakeOut(
            alerts.map((alert) => alert.id),
            reason.trim(),
          ).then((fine) => {
            setRunning(false)
            if (fine) onClose()
          })
        }}
      >
        <ul className="in-outcome">
          {alerts.slice(0, MOST_NAMED).map((alert) => (
            <li key={alert.id}>
              <span className="mono">A-{alert.id}</span> {visibleText(alert.title)}
            </li>
          ))}
          {count > MOST_NAMED ? (
            <li>{t('takeOut.more', { count: count - MOST_NAMED, figure: format.number(count - MOST_NAMED) })}</li>
          ) : null}
        </ul>
        <Field label={t('takeOut.reason')} problem={asked && missing ? t('takeOut.noReason') : null}>
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
        <p className="in-quiet">{t('takeOut.stays')}</p>
        {impact > 0 ? <p>{t('takeOut.impact', { count: impact, figure: format.number(impact) })}</p> : null}
      </form>
    </Dialog>
  )
}
