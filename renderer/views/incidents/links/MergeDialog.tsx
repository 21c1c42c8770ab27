import { useState, type FormEvent, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Incident } from '../../../../shared/model/incident.ts'
import { Button } from '../../../components/Button.tsx'
import { Field } from '../../../components/Field.tsx'
import { Dialog } from '../../../components/Popover.tsx'
import { Segmented } from '../../../components/Segmented.tsx'
import { useFormat } from '../../../i18n/use-format.ts'
import { IncidentPicker } from '../../../widgets/incident-picker/IncidentPicker.tsx'
import { useEditor } from '../editor/editor-context.ts'

const WAYS = ['in', 'out'] as const

/** One incident goes into another: which into which, why, and what comes of it. */
export function MergeDialog({
  onMerge,
  onClose,
}: {
  /** `from` goes into `into`. */
  onMerge(into: string, from: string, reason: string): Promise<boolean>
  onClose(): void
}): ReactNode {
  const { t } = useTranslation('incidents')
  const { incident } = useEditor()
  const [way, setWay] = useState<(typeof WAYS)[number]>('in')
  const [other, setOther] = useState<Incident | null>(null)
  const [reason, setReason] = useState('')
  const [asked, setAsked] = useState(false)
  const [running, setRunning] = useState(false)
  const missing = reason.trim() === ''
  const [into, from] = way === 'in' ? [incident, other] : [other, incident]
  const closed = into?.status === 'closed'
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    setAsked(true)
    if (!into || !from || missing || closed || running) return
    setRunning(true)
    void onMerge(into.number, from.number, reason.trim()).then((fine) => {
      setRunning(false)
      if (fine) onClose()
    })
  }
  return (
    <Dialog
      title={t('merge.title', { number: incident.number })}
      wide
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('common:cancel')}</Button>
          <Button kind="primary" type="submit" form="in-merge" disabled={!into || !from || closed || running}>
            {into && from ? t('merge.now', { from: from.number, into: into.number }) : t('merge.nowNone')}
          </Button>
        </>
      }
    >
      <form id="in-merge" className="in-form" onSubmit={submit}>
        <Segmented
          label={t('merge.way')}
          value={way}
          onChange={setWay}
          segments={WAYS.map((value) => ({ value, label: t(`merge.ways.${value}`, { number: incident.number }) }))}
        />
        <IncidentPicker
          label={t('merge.other')}
          chosen={other}
          closed={way === 'in'}
          leaveOut={[incident.number]}
          onChoose={setOther}
        />
        <Field label={t('merge.reason')} problem={asked && missing ? t('merge.noReason') : null}>
          {(control) => (
            <textarea
              {...control}
              className="wf-input in-area"
              rows={2}
              maxLength={4000}
              value={reason}
              onChange={(event) => setReason(event.target.value)}
            />
          )}
        </Field>
        <div aria-live="polite">
          {closed ? (
            <p className="in-fault">{t('merge.closed', { number: into.number })}</p>
          ) : into && from ? (
            <Outcome into={into} from={from} />
          ) : (
            <p className="in-quiet">{t('merge.choose')}</p>
          )}
        </div>
      </form>
    </Dialog>
  )
}

/** What will be, before it is. */
function Outcome({ into, from }: { readonly into: Incident; readonly from: Incident }): ReactNode {
  const { t } = useTranslation('incidents')
  const format = useFormat()
  const { alerts, entries, entities, evidence, notes, tasks } = from.counts
  const names = { from: from.number, into: into.number }
  return (
    <ul className="in-outcome" aria-label={t('merge.outcome')}>
      <li>{t('merge.alerts', { ...names, count: alerts, figure: format.number(alerts) })}</li>
      <li>
        {t('merge.parts', {
          ...names,
          entries: format.number(entries),
          entities: format.number(entities),
          notes: format.number(notes),
          tasks: format.number(tasks),
        })}
      </li>
      {evidence > 0 ? <li>{t('merge.evidence', { ...names, count: evidence, figure: format.number(evidence) })}</li> : null}
      <li>{t('merge.stays', names)}</li>
      <li>
        <b>{t('merge.final')}</b>
      </li>
    </ul>
  )
}
