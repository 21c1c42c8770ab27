import { useId, useState, type FormEvent, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { CRITICALITIES, type Asset, type Customer } from '../../../shared/model/asset.ts'
import { useCommand } from '../../client/hooks.ts'
import { Button } from '../../components/Button.tsx'
import { Field } from '../../components/Field.tsx'
import { Dialog } from '../../components/Popover.tsx'
import { ErrorState } from '../../components/States.tsx'
import { visibleText } from '../../format/text.ts'
import { EMPTY, fieldOf, meantBy, typedOf, type TypedAsset } from './draft.ts'

/** Adds an asset, changes one, or registers one that was observed. */
export function AssetDialog({
  asset,
  customers,
  onDone,
  onClose,
}: {
  /** Null is a new one. */
  readonly asset: Asset | null
  readonly customers: readonly Customer[]
  onDone(asset: Asset): void
  onClose(): void
}): ReactNode {
  const { t } = useTranslation('assets')
  const form = useId()
  const [typed, setTyped] = useState<TypedAsset>(asset ? typedOf(asset) : EMPTY)
  const [wrong, setWrong] = useState<{ readonly field: keyof TypedAsset; readonly text: string } | null>(null)
  const save = useCommand('assets.save')
  const change = (field: keyof TypedAsset, value: string): void => {
    setTyped((before) => ({ ...before, [field]: value }))
    setWrong(null)
  }
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    const meant = meantBy(typed, asset?.id ?? null)
    if (!meant.ok) {
      setWrong({
        field: meant.field,
        text: meant.field === 'name' ? t('form.nameMissing') : t('form.noService', { line: visibleText(meant.value) }),
      })
      return
    }
    void save.run(meant.draft).then((result) => {
      if (result.ok) return onDone(result.value)
      const field = result.error.code === 'invalid_input' ? fieldOf(result.error.path) : null
      if (field !== null) setWrong({ field, text: t('form.refused', { reason: visibleText(result.error.message) }) })
    })
  }
  const text = (field: keyof TypedAsset, note?: string, first = false): ReactNode => (
    <Field label={t(`form.${field}`)} note={note} problem={wrong?.field === field ? wrong.text : null}>
      {(control) => (
        <input
          {...control}
          className="wf-input"
          value={typed[field]}
          spellCheck={false}
          {...(first ? { 'data-autofocus': '' } : {})}
          onChange={(event) => change(field, event.target.value)}
        />
      )}
    </Field>
  )
  const lines = (field: keyof TypedAsset, rows: number, note?: string): ReactNode => (
    <Field label={t(`form.${field}`)} note={note} problem={wrong?.field === field ? wrong.text : null}>
      {(control) => (
        <textarea
          {...control}
          className="wf-input mono as-area"
          rows={rows}
          value={typed[field]}
          spellCheck={false}
          onChange={(event) => change(field, event.target.value)}
        />
      )}
    </Field>
  )
  const elsewhere = save.error && !(save.error.code === 'invalid_input' && fieldOf(save.error.path) !== null)
  return (
    <Dialog
      title={
        asset === null
          ? t('form.add')
          : asset.observed
            ? t('form.register', { name: visibleText(asset.name) })
            : t('form.change', { name: visibleText(asset.name) })
      }
      wide
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('common:cancel')}</Button>
          <Button kind="primary" type="submit" form={form} disabled={save.running}>
            {asset === null ? t('form.addNow') : t('form.save')}
          </Button>
        </>
      }
    >
      {elsewhere && save.error ? <ErrorState error={save.error} what={t('form.failed')} /> : null}
      <form id={form} className="as-form" onSubmit={submit}>
        <div className="as-pair">
          {text('name', undefined, true)}
          <Field label={t('form.customer')}>
            {(control) => (
              <select
                {...control}
                className="wf-input"
                value={typed.customer}
                onChange={(event) => change('customer', event.target.value)}
              >
                <option value="">{t('form.noCustomer')}</option>
                {customers.map(({ id, name }) => (
                  <option key={id} value={id}>
                    {visibleText(name)}
                  </option>
                ))}
              </select>
            )}
          </Field>
        </div>
        <div className="as-pair">
          {lines('addresses', 3, t('form.listNote'))}
          {lines('otherNames', 3)}
        </div>
        <div className="as-pair">
          {lines('networks', 2, t('form.networksNote'))}
          <Field label={t('form.criticality')} note={t('form.criticalityNote')}>
            {(control) => (
              <select
                {...control}
                className="wf-input"
                value={typed.criticality}
                onChange={(event) => change('criticality', event.target.value)}
              >
                {CRITICALITIES.map((one) => (
                  <option key={one} value={one}>
                    {t(`criticality.${one}`)}
                  </option>
                ))}
              </select>
            )}
          </Field>
        </div>
        <div className="as-pair">
          {text('owner')}
          {text('zone')}
        </div>
        {text('os')}
        {lines('services', 4, t('form.servicesNote'))}
        {lines('note', 2)}
      </form>
    </Dialog>
  )
}
