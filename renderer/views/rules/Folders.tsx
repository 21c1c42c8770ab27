import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { RuleFolder } from '../../../shared/model/rule.ts'
import { useCommand } from '../../client/hooks.ts'
import { Button } from '../../components/Button.tsx'
import { Field } from '../../components/Field.tsx'
import { Pane } from '../../components/Pane.tsx'
import { Dialog } from '../../components/Popover.tsx'
import { ErrorState } from '../../components/States.tsx'
import { visibleText } from '../../format/text.ts'
import { useFormat } from '../../i18n/use-format.ts'
import { useNotice } from '../../state/notice.ts'
import { PathChooser } from '../../widgets/path-chooser/PathChooser.tsx'

/** Where rules come from. Folders are watched: a file that is saved is loaded at once. */
export function Folders({ folders, onChanged }: { readonly folders: readonly RuleFolder[]; onChanged(): void }): ReactNode {
  const { t } = useTranslation('rules')
  const format = useFormat()
  const say = useNotice((state) => state.say)
  const remove = useCommand('rules.removeFolder')
  const [leaving, setLeaving] = useState<RuleFolder | null>(null)
  return (
    <Pane label={t('tabs.folders')} className="ru-folders">
      <p className="dim">{t('folders.note')}</p>
      <table>
        <thead>
          <tr>
            <th scope="col">{t('folders.path')}</th>
            <th scope="col" className="num">
              {t('folders.rules')}
            </th>
            <th scope="col" className="num">
              {t('folders.failed')}
            </th>
            <th scope="col">
              <span className="sr">{t('folders.actions')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {folders.map((folder) => (
            <tr key={folder.path}>
              <th scope="row">
                <code className="ru-break">{visibleText(folder.path)}</code>
                {folder.kind === 'added' ? null : <em> {t(`folders.${folder.kind}`)}</em>}
              </th>
              <td className="num">{format.number(folder.rules)}</td>
              <td className={folder.failed > 0 ? 'num ru-fault' : 'num dim'}>{format.number(folder.failed)}</td>
              <td>
                {folder.kind !== 'added' ? null : (
                  <Button small kind="quiet" onClick={() => setLeaving(folder)}>
                    {t('folders.remove')}
                  </Button>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {leaving ? (
        <Dialog
          title={t('folders.removeTitle')}
          onClose={() => setLeaving(null)}
          footer={
            <>
              <Button data-autofocus="" onClick={() => setLeaving(null)}>
                {t('common:cancel')}
              </Button>
              <Button
                kind="primary"
                disabled={remove.running}
                onClick={() =>
                  void remove.run({ path: leaving.path }).then((result) => {
                    if (!result.ok) return
                    say(t('folders.removed', { path: visibleText(leaving.path) }))
                    setLeaving(null)
                    onChanged()
                  })
                }
              >
                {t('folders.removeNow')}
              </Button>
            </>
          }
        >
          <p>
            {t('folders.removeText', { count: leaving.rules, figure: format.number(leaving.rules) })}{' '}
            <code className="ru-break">{visibleText(leaving.path)}</code>
          </p>
          {remove.error ? <ErrorState error={remove.error} what={t('folders.notRemoved')} /> : null}
        </Dialog>
      ) : null}
    </Pane>
  )
}

/** Adds a folder of rules; says how many were loaded. */
export function AddFolder({ onDone, onClose }: { onDone(folder: RuleFolder): void; onClose(): void }): ReactNode {
  const { t } = useTranslation('rules')
  const [path, setPath] = useState('')
  const [tried, setTried] = useState(false)
  const add = useCommand('rules.addFolder')
  const missing = path.trim() === ''
  const submit = (): void => {
    setTried(true)
    if (!missing) void add.run({ path: path.trim() }).then((result) => result.ok && onDone(result.value.folder))
  }
  return (
    <Dialog
      title={t('folders.add')}
      wide
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('common:cancel')}</Button>
          <Button kind="primary" disabled={add.running} onClick={submit}>
            {t('folders.addNow')}
          </Button>
        </>
      }
    >
      <form
        className="ru-form"
        onSubmit={(event) => {
          event.preventDefault()
          submit()
        }}
      >
        <Field label={t('folders.path')} note={t('folders.addNote')} problem={tried && missing ? t('folders.missing') : null}>
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
        <PathChooser folders chosen={[path]} onChoose={setPath} />
        {add.error ? <ErrorState error={add.error} what={t('folders.notAdded')} /> : null}
      </form>
    </Dialog>
  )
}
