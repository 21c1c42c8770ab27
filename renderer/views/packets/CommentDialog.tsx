import { useId, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../components/Button.tsx'
import { Field } from '../../components/Field.tsx'
import { Dialog } from '../../components/Popover.tsx'
import { useFormat } from '../../i18n/use-format.ts'

/** The reader's comment on a packet: kept beside the capture, which is never changed. */
export function CommentDialog({
  number,
  text: before,
  onSave,
  onClose,
}: {
  readonly number: number
  readonly text: string
  onSave(text: string): void
  onClose(): void
}): ReactNode {
  const { t } = useTranslation('packets')
  const format = useFormat()
  const form = useId()
  const [text, setText] = useState(before)
  return (
    <Dialog
      title={t('comment.title', { number: format.number(number) })}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('common:cancel')}</Button>
          <Button kind="primary" type="submit" form={form}>
            {t(text.trim() === '' && before !== '' ? 'comment.remove' : 'comment.save')}
          </Button>
        </>
      }
    >
      <form
        id={form}
        onSubmit={(event) => {
          event.preventDefault()
          onSave(text.trim())
          onClose()
        }}
      >
        <Field label={t('comment.label')} note={t('comment.note')}>
          {(control) => (
            <textarea
              {...control}
              className="wf-input pk-comment"
              maxLength={10_000}
              rows={5}
              value={text}
              onChange={(event) => setText(event.target.value)}
            />
          )}
        </Field>
      </form>
    </Dialog>
  )
}
