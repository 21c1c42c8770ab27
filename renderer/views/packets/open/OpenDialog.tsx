import { useId, useState, type FormEvent, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../../components/Button.tsx'
import { Dialog } from '../../../components/Popover.tsx'
import { ChosenPaths, useChoice } from '../../../widgets/path-chooser/ChosenPaths.tsx'

/** One file or several: several are one capture, merged by time. */
export function OpenDialog({ onOpen, onClose }: { onOpen(paths: readonly string[]): void; onClose(): void }): ReactNode {
  const { t } = useTranslation('packets')
  const form = useId()
  const choice = useChoice()
  const [tried, setTried] = useState(false)
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    setTried(true)
    if (choice.all.length === 0) return
    onClose()
    onOpen(choice.all)
  }
  return (
    <Dialog
      title={t('open.title')}
      wide
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('common:cancel')}</Button>
          <Button kind="primary" type="submit" form={form}>
            {t('open.begin', { count: choice.all.length })}
          </Button>
        </>
      }
    >
      <form id={form} className="pk-form" onSubmit={submit}>
        <p className="dim">{t('open.note')}</p>
        <ChosenPaths choice={choice} missing={tried} />
      </form>
    </Dialog>
  )
}
