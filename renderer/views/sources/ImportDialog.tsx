import { useId, useState, type FormEvent, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useClient } from '../../client/hooks.ts'
import { Button } from '../../components/Button.tsx'
import { Dialog } from '../../components/Popover.tsx'
import { FormatFields } from './FormatFields.tsx'
import { beginImport } from './import-run.ts'
import { ChosenPaths, useChoice } from '../../widgets/path-chooser/ChosenPaths.tsx'
import type { Problem } from './draft.ts'

const NO_PROBLEMS: ReadonlySet<Problem> = new Set()

/** Files and folders, once. Folders are walked; what is no log is skipped and named. */
export function ImportDialog({ onClose }: { onClose(): void }): ReactNode {
  const { t } = useTranslation('sources')
  const client = useClient()
  const form = useId()
  const choice = useChoice()
  const [reading, setReading] = useState({ format: '', zone: 'UTC' })
  const [tried, setTried] = useState(false)
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    setTried(true)
    if (choice.all.length === 0) return
    beginImport(client, { paths: [...choice.all], format: reading.format === '' ? null : reading.format, zone: reading.zone })
    onClose()
  }
  return (
    <Dialog
      title={t('import.title')}
      wide
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('common:cancel')}</Button>
          <Button kind="primary" type="submit" form={form}>
            {t('import.begin', { count: choice.all.length })}
          </Button>
        </>
      }
    >
      <form id={form} className="so-form" onSubmit={submit}>
        <p className="dim">{t('import.note')}</p>
        <ChosenPaths choice={choice} folders="too" missing={tried} />
        <FormatFields
          draft={reading}
          problems={NO_PROBLEMS}
          onChange={(change) =>
            setReading((before) => ({ format: change.format ?? before.format, zone: change.zone ?? before.zone }))
          }
        />
      </form>
    </Dialog>
  )
}
