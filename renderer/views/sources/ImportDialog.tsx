import { useId, useState, type FormEvent, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useClient } from '../../client/hooks.ts'
import { Button } from '../../components/Button.tsx'
import { Field } from '../../components/Field.tsx'
import { Dialog } from '../../components/Popover.tsx'
import { visibleText } from '../../format/text.ts'
import { FormatFields } from './FormatFields.tsx'
import { beginImport } from './import-run.ts'
import { PathChooser } from '../../widgets/path-chooser/PathChooser.tsx'
import type { Problem } from './draft.ts'

const NO_PROBLEMS: ReadonlySet<Problem> = new Set()

/** Files and folders, once. Folders are walked; what is no log is skipped and named. */
export function ImportDialog({ onClose }: { onClose(): void }): ReactNode {
  const { t } = useTranslation('sources')
  const client = useClient()
  const form = useId()
  const [paths, setPaths] = useState<readonly string[]>([])
  const [typed, setTyped] = useState('')
  const [reading, setReading] = useState({ format: '', zone: 'UTC' })
  const [folders, setFolders] = useState(false)
  const [tried, setTried] = useState(false)
  const toggle = (path: string): void =>
    setPaths((before) => (before.includes(path) ? before.filter((one) => one !== path) : [...before, path]))
  const all = typed.trim() === '' || paths.includes(typed.trim()) ? paths : [...paths, typed.trim()]
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    setTried(true)
    if (all.length === 0) return
    beginImport(client, { paths: [...all], format: reading.format === '' ? null : reading.format, zone: reading.zone })
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
            {t('import.begin', { count: all.length })}
          </Button>
        </>
      }
    >
      <form id={form} className="so-form" onSubmit={submit}>
        <p className="dim">{t('import.note')}</p>
        <PathChooser key={String(folders)} folders={folders} chosen={paths} onChoose={toggle} />
        <div className="so-pathline">
          <Field label={t('import.path')} problem={tried && all.length === 0 ? t('import.nothing') : null}>
            {(control) => (
              <input
                {...control}
                className="wf-input mono"
                value={typed}
                spellCheck={false}
                onChange={(event) => setTyped(event.target.value)}
              />
            )}
          </Field>
          <label className="wf-check">
            <input type="checkbox" checked={folders} onChange={(event) => setFolders(event.target.checked)} />
            {t('import.folders')}
          </label>
        </div>
        {paths.length > 0 ? (
          <ul className="so-chosen" aria-label={t('import.chosen')}>
            {paths.map((path) => (
              <li key={path}>
                <code className="ellipsis">{visibleText(path)}</code>
                <Button
                  small
                  kind="quiet"
                  iconOnly
                  icon="close"
                  aria-label={t('import.drop', { path: visibleText(path) })}
                  onClick={() => toggle(path)}
                />
              </li>
            ))}
          </ul>
        ) : null}
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
