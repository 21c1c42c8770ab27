import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useCommand } from '../../../../client/hooks.ts'
import { Button } from '../../../../components/Button.tsx'
import { Field } from '../../../../components/Field.tsx'
import { Dialog } from '../../../../components/Popover.tsx'
import { ErrorState } from '../../../../components/States.tsx'
import { PathChooser } from '../../../../widgets/path-chooser/PathChooser.tsx'
import { TypedField } from '../shared/TypedField.tsx'

/** Empty is no limit; null is no number. */
const limitOf = (text: string): number | null => {
  const wanted = text.trim()
  if (wanted === '') return 0
  return /^\d{1,9}(?:\.\d{1,3})?$/.test(wanted) ? Number(wanted) : null
}
const GIGA = 1e9

/** A folder for the library, with the room and the age that its index may have. */
export function AddFolder({ onClose, onDone }: { onClose(): void; onDone(): void }): ReactNode {
  const { t } = useTranslation('packet-tools')
  const add = useCommand('library.add')
  const [path, setPath] = useState('')
  const [size, setSize] = useState('')
  const [days, setDays] = useState('')
  const budgetBytes = limitOf(size)
  const budgetDays = limitOf(days)
  const ready = path.trim() !== '' && budgetBytes !== null && budgetDays !== null
  const run = async (): Promise<void> => {
    if (budgetBytes === null || budgetDays === null) return
    const result = await add.run({ path: path.trim(), budgetBytes: budgetBytes * GIGA, budgetDays })
    if (result.ok) onDone()
  }
  const figure = (label: string, value: string, bad: boolean, change: (text: string) => void): ReactNode => (
    <Field label={label} note={t('library.noLimit')} problem={bad ? t('library.noNumber') : null}>
      {(control) => (
        <input
          {...control}
          className="wf-input"
          inputMode="decimal"
          value={value}
          maxLength={13}
          onChange={(event) => change(event.target.value)}
        />
      )}
    </Field>
  )
  return (
    <Dialog
      title={t('library.add')}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('common:cancel')}</Button>
          <Button kind="primary" disabled={!ready || add.running} onClick={() => void run()}>
            {t('library.add')}
          </Button>
        </>
      }
    >
      <p className="pt-note">{t('library.addNote')}</p>
      <TypedField label={t('library.path')} value={path} onChange={setPath} />
      <PathChooser folders chosen={path.trim() === '' ? [] : [path.trim()]} onChoose={(chosen) => setPath(chosen)} />
      <div className="pt-row2">
        {figure(t('library.budgetBytes'), size, budgetBytes === null, setSize)}
        {figure(t('library.budgetDays'), days, budgetDays === null, setDays)}
      </div>
      {add.error ? <ErrorState error={add.error} what={t('library.addFailed')} /> : null}
    </Dialog>
  )
}
