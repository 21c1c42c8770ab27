import { useId, useState, type FormEvent, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { ENTITY_KINDS, type Entity } from '../../../../shared/model/incident.ts'
import { Button } from '../../../components/Button.tsx'
import { Field } from '../../../components/Field.tsx'
import { Dialog } from '../../../components/Popover.tsx'
import { useEditor } from '../editor/editor-context.ts'

export const ROLES = ['attacker', 'staging', 'target', 'seen'] as const

/** One entity: what it is, its part in the story, where it stands. */
export function EntityDialog({ entity, onClose }: { readonly entity: Entity | null; onClose(): void }): ReactNode {
  const { t } = useTranslation('incidents')
  const { save, parts } = useEditor()
  const [form, setForm] = useState({
    kind: entity?.kind ?? ('host' as Entity['kind']),
    value: entity?.value ?? '',
    label: entity?.label ?? '',
    role: entity?.role ?? ('seen' as Entity['role']),
    zone: entity?.zone ?? '',
    note: entity?.note ?? '',
  })
  const [asked, setAsked] = useState(false)
  const [saving, setSaving] = useState(false)
  const id = useId()
  const zones = useId()
  const change = (to: Partial<typeof form>): void => setForm({ ...form, ...to })
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    setAsked(true)
    if (saving || form.value.trim() === '') return
    setSaving(true)
    const saved = await save({
      kind: 'entity',
      id: entity?.id ?? null,
      base: entity?.written.revision ?? null,
      part: { ...form, value: form.value.trim(), zone: form.zone.trim(), asset: entity?.asset ?? null },
    })
    setSaving(false)
    if (saved) onClose()
  }
  return (
    <Dialog
      title={t(entity ? 'entity.edit' : 'entity.new')}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('common:cancel')}</Button>
          <Button kind="primary" type="submit" form={id} disabled={saving}>
            {t(entity ? 'entity.save' : 'entity.add')}
          </Button>
        </>
      }
    >
      <form id={id} className="in-form" onSubmit={(event) => void submit(event)}>
        <div className="in-formrow">
          <Field label={t('entity.kind')}>
            {(control) => (
              <select
                {...control}
                className="wf-input wf-select"
                value={form.kind}
                onChange={(event) => change({ kind: event.target.value as Entity['kind'] })}
              >
                {ENTITY_KINDS.map((one) => (
                  <option key={one} value={one}>
                    {t(`entityKind.${one}`)}
                  </option>
                ))}
              </select>
            )}
          </Field>
          <Field
            label={t('entity.value')}
            note={t('entity.valueNote')}
            problem={asked && form.value.trim() === '' ? t('entity.noValue') : null}
          >
            {(control) => (
              <input
                {...control}
                className="wf-input mono"
                maxLength={1024}
                data-autofocus=""
                value={form.value}
                onChange={(event) => change({ value: event.target.value })}
              />
            )}
          </Field>
        </div>
        <div className="in-formrow">
          <Field label={t('entity.role')}>
            {(control) => (
              <select
                {...control}
                className="wf-input wf-select"
                value={form.role}
                onChange={(event) => change({ role: event.target.value as Entity['role'] })}
              >
                {ROLES.map((one) => (
                  <option key={one} value={one}>
                    {t(`role.${one}`)}
                  </option>
                ))}
              </select>
            )}
          </Field>
          <Field label={t('entity.zone')} note={t('entity.zoneNote')}>
            {(control) => (
              <input
                {...control}
                className="wf-input"
                list={zones}
                maxLength={100}
                value={form.zone}
                onChange={(event) => change({ zone: event.target.value })}
              />
            )}
          </Field>
          <datalist id={zones}>
            {[...new Set(parts.entities.map(({ zone }) => zone))].map((zone) => (
              <option key={zone} value={zone} />
            ))}
          </datalist>
        </div>
        <Field label={t('entity.label')}>
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
        <Field label={t('entity.note')}>
          {(control) => (
            <textarea
              {...control}
              className="wf-input in-area"
              rows={3}
              maxLength={4000}
              value={form.note}
              onChange={(event) => change({ note: event.target.value })}
            />
          )}
        </Field>
      </form>
    </Dialog>
  )
}
