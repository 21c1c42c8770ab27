import { useId, useState, type FormEvent, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useCommand, useQuery } from '../../../client/hooks.ts'
import { Button } from '../../../components/Button.tsx'
import { Field } from '../../../components/Field.tsx'
import { Dialog } from '../../../components/Popover.tsx'
import { Loading } from '../../../components/States.tsx'
import { visibleText } from '../../../format/text.ts'
import { useFormat } from '../../../i18n/use-format.ts'
import { useNotice } from '../../../state/notice.ts'
import { PathChooser } from '../../../widgets/path-chooser/PathChooser.tsx'
import { Preview } from './Preview.tsx'
import { Refused } from './Refused.tsx'
import { hindrance, usable } from './shown-documents.ts'

/** A zip or a folder is chosen, looked at, and imported as it was seen. */
export function ImportPack({ onDone, onClose }: { onDone(id: string): void; onClose(): void }): ReactNode {
  const { t } = useTranslation('packs')
  const format = useFormat()
  const say = useNotice((state) => state.say)
  const form = useId()
  const [path, setPath] = useState('')
  const [tried, setTried] = useState(false)
  /** What is looked at; null while one is chosen. */
  const [asked, setAsked] = useState<string | null>(null)
  const read = useQuery('packs.read', asked === null ? null : { path: asked })
  const take = useCommand('packs.import')
  // An answer to another path is none.
  const preview = asked !== null && !read.loading && !read.error ? read.value : null
  const typed = path.trim()
  const look = (which: string): void => {
    setPath(which)
    setTried(true)
    if (which === '') return
    if (asked === which) read.refresh()
    setAsked(which)
  }
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    look(typed)
  }
  const run = (): void => {
    if (preview === null) return
    const { name, documents } = preview
    void take.run({ path: preview.path, sha256: preview.sha256 }).then((result) => {
      if (!result.ok) return
      const count = usable(documents)
      say(t('import.done', { name, count, figure: format.number(count) }))
      onDone(result.value.id)
    })
  }
  return (
    <Dialog
      title={t('import.title')}
      wide
      onClose={onClose}
      footer={
        <>
          {preview ? (
            <Button className="rp-other" icon="back" onClick={() => setAsked(null)}>
              {t('import.other')}
            </Button>
          ) : null}
          <Button onClick={onClose}>{t('common:cancel')}</Button>
          {preview ? (
            <Button
              key="import"
              kind="primary"
              data-autofocus=""
              disabled={take.running || hindrance(preview) !== null}
              onClick={run}
            >
              {preview.replaces === null
                ? t('import.now', { count: usable(preview.documents), figure: format.number(usable(preview.documents)) })
                : t('import.replace', { name: visibleText(preview.replaces.id) })}
            </Button>
          ) : (
            <Button key="look" kind="primary" type="submit" form={form} disabled={read.loading}>
              {t('import.look')}
            </Button>
          )}
        </>
      }
    >
      {preview ? (
        <>
          {take.error ? <Refused doing="import" error={take.error} onRetry={read.refresh} /> : null}
          <Loading waiting={take.running} />
          <Preview preview={preview} />
        </>
      ) : (
        <form id={form} className="ru-form" onSubmit={submit}>
          <Field label={t('import.path')} note={t('import.note')} problem={tried && typed === '' ? t('import.missing') : null}>
            {(control) => (
              <input
                {...control}
                className="wf-input mono"
                value={path}
                spellCheck={false}
                data-autofocus=""
                onChange={(event) => setPath(event.target.value)}
              />
            )}
          </Field>
          <Loading waiting={read.loading} />
          {asked !== null && read.error && !read.loading ? <Refused doing="read" error={read.error} /> : null}
          <PathChooser folders="too" chosen={[typed]} onChoose={look} />
        </form>
      )}
    </Dialog>
  )
}
