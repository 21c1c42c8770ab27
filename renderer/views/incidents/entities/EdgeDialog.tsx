import { useId, useState, type FormEvent, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Cite } from '../../../../shared/model/impact.ts'
import type { Edge } from '../../../../shared/model/incident.ts'
import { Button } from '../../../components/Button.tsx'
import { Field } from '../../../components/Field.tsx'
import { Dialog } from '../../../components/Popover.tsx'
import { momentOf } from '../../../components/time-range.ts'
import { visibleText } from '../../../format/text.ts'
import { formatDateTime } from '../../../format/time.ts'
import { useEngineNow } from '../../../state/clock.ts'
import { citeKey, citeLabel, citeOf } from '../cites/cite-text.ts'
import { useEditor } from '../editor/editor-context.ts'

const STATES = ['worked', 'tried', 'seen'] as const

/** What went from one entity to another, and what shows it. */
export function EdgeDialog({
  edge,
  from,
  onClose,
}: {
  readonly edge: Edge | null
  readonly from: string | null
  onClose(): void
}): ReactNode {
  const { t } = useTranslation('incidents')
  const now = useEngineNow()
  const { save, parts } = useEditor()
  const first = parts.entities[0]?.id ?? ''
  const [form, setForm] = useState({
    from: edge?.from ?? from ?? first,
    to: edge?.to ?? parts.entities.find(({ id }) => id !== (from ?? first))?.id ?? first,
    label: edge?.label ?? '',
    state: edge?.state ?? ('seen' as Edge['state']),
    step: edge?.step ? String(edge.step) : '',
    time: edge?.time ? formatDateTime(edge.time) : '',
    cites: edge?.cites ?? ([] as readonly Cite[]),
    adding: '',
  })
  const [wrong, setWrong] = useState(false)
  const [saving, setSaving] = useState(false)
  const id = useId()
  const change = (to: Partial<typeof form>): void => setForm({ ...form, ...to })
  const typed = form.adding.trim() === '' ? null : citeOf(form.adding)
  const time = momentOf(form.time, now)
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    const bad = form.adding.trim() !== '' && typed?.kind !== 'cite'
    setWrong(bad)
    if (bad || saving || time === undefined) return
    setSaving(true)
    const saved = await save({
      kind: 'edge',
      id: edge?.id ?? null,
      base: edge?.written.revision ?? null,
      part: {
        from: form.from,
        to: form.to,
        label: form.label.trim(),
        state: form.state,
        step: /^\d{1,3}$/.test(form.step) && Number(form.step) > 0 ? Number(form.step) : null,
        time: edge?.time && formatDateTime(edge.time) === form.time ? edge.time : time,
        cites: typed?.kind === 'cite' ? [...form.cites, typed.cite] : [...form.cites],
      },
    })
    setSaving(false)
    if (saved) onClose()
  }
  const ends = parts.entities.map(({ id: one, value, label }) => (
    <option key={one} value={one}>
      {visibleText(label || value)}
    </option>
  ))
  return (
    <Dialog
      title={t(edge ? 'edge.edit' : 'edge.new')}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('common:cancel')}</Button>
          <Button kind="primary" type="submit" form={id} disabled={saving}>
            {t(edge ? 'entity.save' : 'edge.add')}
          </Button>
        </>
      }
    >
      <form id={id} className="in-form" onSubmit={(event) => void submit(event)}>
        <div className="in-formrow">
          <Field label={t('edge.from')}>
            {(control) => (
              <select
                {...control}
                className="wf-input wf-select mono"
                value={form.from}
                onChange={(event) => change({ from: event.target.value })}
              >
                {ends}
              </select>
            )}
          </Field>
          <Field label={t('edge.to')}>
            {(control) => (
              <select
                {...control}
                className="wf-input wf-select mono"
                value={form.to}
                onChange={(event) => change({ to: event.target.value })}
              >
                {ends}
              </select>
            )}
          </Field>
        </div>
        <Field label={t('edge.label')}>
          {(control) => (
            <input
              {...control}
              className="wf-input"
              maxLength={300}
              value={form.label}
              onChange={(event) => change({ label: event.target.value })}
            />
          )}
        </Field>
        <div className="in-formrow">
          <Field label={t('edge.state')}>
            {(control) => (
              <select
                {...control}
                className="wf-input wf-select"
                value={form.state}
                onChange={(event) => change({ state: event.target.value as Edge['state'] })}
              >
                {STATES.map((one) => (
                  <option key={one} value={one}>
                    {t(`edgeState.${one}`)}
                  </option>
                ))}
              </select>
            )}
          </Field>
          <Field label={t('sentence.step')}>
            {(control) => (
              <input
                {...control}
                className="wf-input"
                inputMode="numeric"
                maxLength={3}
                value={form.step}
                onChange={(event) => change({ step: event.target.value })}
              />
            )}
          </Field>
          <Field label={t('entry.time')} problem={time === undefined ? t('common:range.noTime') : null}>
            {(control) => (
              <input
                {...control}
                className="wf-input mono"
                maxLength={40}
                value={form.time}
                onChange={(event) => change({ time: event.target.value })}
              />
            )}
          </Field>
        </div>
        <div className="in-chips">
          {form.cites.map((cite) => (
            <button
              key={citeKey(cite)}
              type="button"
              className="in-chip"
              aria-label={t('sentence.takeCite', { cite: citeLabel(cite) })}
              onClick={() => change({ cites: form.cites.filter((one) => one !== cite) })}
            >
              {visibleText(citeLabel(cite))} ×
            </button>
          ))}
        </div>
        <Field label={t('sentence.cite')} note={t('edge.citeNote')} problem={wrong ? t('sentence.noCite') : null}>
          {(control) => (
            <input
              {...control}
              className="wf-input mono"
              maxLength={4200}
              value={form.adding}
              onChange={(event) => change({ adding: event.target.value })}
            />
          )}
        </Field>
      </form>
    </Dialog>
  )
}
