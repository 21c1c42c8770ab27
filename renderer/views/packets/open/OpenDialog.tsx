import { useId, useState, type FormEvent, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../../components/Button.tsx'
import { Field } from '../../../components/Field.tsx'
import { Dialog } from '../../../components/Popover.tsx'
import { visibleText } from '../../../format/text.ts'
import { PathChooser } from '../../../widgets/path-chooser/PathChooser.tsx'

/** One file or several: several are one capture, merged by time. */
export function OpenDialog({ onOpen, onClose }: { onOpen(paths: readonly string[]): void; onClose(): void }): ReactNode {
  const { t } = useTranslation('packets')
  const form = useId()
  const [paths, setPaths] = useState<readonly string[]>([])
  const [typed, setTyped] = useState('')
  const [tried, setTried] = useState(false)
  const toggle = (path: string): void =>
    setPaths((before) => (before.includes(path) ? before.filter((one) => one !== path) : [...before, path]))
  const all = typed.trim() === '' || paths.includes(typed.trim()) ? paths : [...paths, typed.trim()]
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    setTried(true)
    if (all.length === 0) return
    onClose()
    onOpen(all)
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
            {t('open.begin', { count: all.length })}
          </Button>
        </>
      }
    >
      <form id={form} className="pk-form" onSubmit={submit}>
        <p className="dim">{t('open.note')}</p>
        <PathChooser chosen={paths} onChoose={toggle} />
        <Field label={t('open.path')} problem={tried && all.length === 0 ? t('open.nothing') : null}>
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
        {paths.length > 0 ? (
          <ul className="pk-chosen" aria-label={t('open.chosen')}>
            {paths.map((path) => (
              <li key={path}>
                <code className="ellipsis">{visibleText(path)}</code>
                <Button
                  small
                  kind="quiet"
                  iconOnly
                  icon="close"
                  aria-label={t('open.dropOne', { path: visibleText(path) })}
                  onClick={() => toggle(path)}
                />
              </li>
            ))}
          </ul>
        ) : null}
      </form>
    </Dialog>
  )
}
