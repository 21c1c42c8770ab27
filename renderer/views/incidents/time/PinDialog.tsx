import { useId, useState, type FormEvent, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../../components/Button.tsx'
import { Field } from '../../../components/Field.tsx'
import { Dialog } from '../../../components/Popover.tsx'
import { eventIdsOf } from '../cites/cite-text.ts'
import { useEditor } from '../editor/editor-context.ts'

/** Events by their ids: the way of the keyboard to what dragging does. */
export function PinDialog({
  text,
  groups,
  onClose,
}: {
  /** What was pasted. */
  readonly text: string
  readonly groups: readonly string[]
  onClose(): void
}): ReactNode {
  const { t } = useTranslation('incidents')
  const { pin, keepRecords } = useEditor()
  const [keep, setKeep] = useState(false)
  const [typed, setTyped] = useState(text)
  const [group, setGroup] = useState('')
  const [asked, setAsked] = useState(false)
  const form = useId()
  const list = useId()
  const ids = eventIdsOf(typed)
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    setAsked(true)
    if (ids.length === 0) return
    void pin(ids, group.trim()).then(async (fine) => {
      if (fine && (!keep || (await keepRecords(ids)))) onClose()
    })
  }
  return (
    <Dialog
      title={t('pin.title')}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('common:cancel')}</Button>
          <Button kind="primary" type="submit" form={form}>
            {ids.length === 0 ? t('pin.open') : t('pin.now', { count: ids.length })}
          </Button>
        </>
      }
    >
      <form id={form} className="in-form" onSubmit={submit}>
        <Field label={t('pin.ids')} note={t('pin.note')} problem={asked && ids.length === 0 ? t('pin.none') : null}>
          {(control) => (
            <textarea
              {...control}
              className="wf-input in-area mono"
              data-autofocus=""
              rows={3}
              maxLength={40_000}
              value={typed}
              onChange={(event) => setTyped(event.target.value)}
            />
          )}
        </Field>
        <Field label={t('entry.group')}>
          {(control) => (
            <input
              {...control}
              className="wf-input"
              list={list}
              maxLength={100}
              value={group}
              onChange={(event) => setGroup(event.target.value)}
            />
          )}
        </Field>
        <label className="wf-check">
          <input type="checkbox" checked={keep} onChange={(event) => setKeep(event.target.checked)} />
          {t('pin.keep')}
        </label>
        <datalist id={list}>
          {groups.map((one) => (
            <option key={one} value={one} />
          ))}
        </datalist>
      </form>
    </Dialog>
  )
}
