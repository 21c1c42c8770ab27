import { useId, useState, type FormEvent, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { isPackName } from '../../../../shared/pack-contract.ts'
import { useCommand, useQuery } from '../../../client/hooks.ts'
import type { OutputOf } from '../../../client/types.ts'
import { Button } from '../../../components/Button.tsx'
import { Field } from '../../../components/Field.tsx'
import { Dialog } from '../../../components/Popover.tsx'
import { Segmented } from '../../../components/Segmented.tsx'
import { EmptyState, Loading } from '../../../components/States.tsx'
import { visibleText } from '../../../format/text.ts'
import { useFormat } from '../../../i18n/use-format.ts'
import { PathChooser } from '../../../widgets/path-chooser/PathChooser.tsx'
import type { ExportChoice } from './export-choice.ts'
import { exportPath, formOf, type ExportForm } from './export-path.ts'
import { Refused } from './Refused.tsx'
import { Written } from './Written.tsx'
import './packs.css'

/** Writes rules with a manifest as a zip or a folder; then says what was written. */
export function ExportPack({
  choices,
  chosen,
  onClose,
}: {
  readonly choices: readonly ExportChoice[]
  /** Key of the one that it begins with; null is the first. */
  readonly chosen: string | null
  onClose(): void
}): ReactNode {
  const { t } = useTranslation('packs')
  const form = useId()
  const write = useCommand('packs.export')
  const [done, setDone] = useState<OutputOf<'packs.export'> | null>(null)
  return (
    <Dialog
      title={t('export.title')}
      wide
      onClose={onClose}
      footer={
        done ? (
          <Button key="close" kind="primary" data-autofocus="" onClick={onClose}>
            {t('common:close')}
          </Button>
        ) : (
          <>
            <Button onClick={onClose}>{t('common:cancel')}</Button>
            {choices.length > 0 ? (
              <Button key="export" kind="primary" type="submit" form={form} disabled={write.running}>
                {t('export.now')}
              </Button>
            ) : null}
          </>
        )
      }
    >
      {done ? (
        <Written written={done} />
      ) : choices.length === 0 ? (
        <EmptyState>{t('export.nothing')}</EmptyState>
      ) : (
        <>
          <Loading waiting={write.running} />
          {write.error ? <Refused doing="export" error={write.error} /> : null}
          <Form
            id={form}
            choices={choices}
            chosen={chosen}
            onSubmit={(input) => void write.run(input).then((result) => result.ok && setDone(result.value))}
          />
        </>
      )}
    </Dialog>
  )
}

type Asked = Parameters<ReturnType<typeof useCommand<'packs.export'>>['run']>[0]

function Form({
  id,
  choices,
  chosen,
  onSubmit,
}: {
  readonly id: string
  readonly choices: readonly ExportChoice[]
  readonly chosen: string | null
  onSubmit(asked: Asked): void
}): ReactNode {
  const { t } = useTranslation('packs')
  const format = useFormat()
  const begin = choices.find(({ key }) => key === chosen) ?? choices[0]
  const [key, setKey] = useState(begin?.key ?? '')
  const [said, setSaid] = useState(saidBy(begin))
  const [steps, setSteps] = useState(true)
  const [kind, setKind] = useState<ExportForm>('zip')
  /** Null is where files are looked for first. */
  const [folder, setFolder] = useState<string | null>(null)
  /** What was typed; null while it follows from the name. */
  const [typed, setTyped] = useState<string | null>(null)
  const [browsing, setBrowsing] = useState(false)
  const [tried, setTried] = useState(false)
  const { value: home } = useQuery('files.list', { path: null })
  const choice = choices.find((one) => one.key === key) ?? begin
  const path = typed ?? exportPath(folder ?? home?.path ?? '', said.name, kind)
  const wrongName = !isPackName(said.name.trim())
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    setTried(true)
    if (wrongName || path.trim() === '' || !choice) return
    onSubmit({ ...said, name: said.name.trim(), path: path.trim(), ids: [...choice.ids], steps })
  }
  const text = (one: 'author' | 'license'): ReactNode => (
    <Field label={t(one)}>
      {(control) => (
        <input
          {...control}
          className="wf-input"
          value={said[one]}
          maxLength={200}
          onChange={(event) => setSaid({ ...said, [one]: event.target.value })}
        />
      )}
    </Field>
  )
  return (
    <form id={id} className="ru-form rp-form" onSubmit={submit}>
      {choices.length === 1 ? (
        <p>{choice ? <Choice choice={choice} /> : null}</p>
      ) : (
        <Field label={t('export.which')}>
          {(control) => (
            <select
              {...control}
              className="wf-input"
              value={key}
              onChange={(event) => {
                setKey(event.target.value)
                setSaid(saidBy(choices.find((one) => one.key === event.target.value)))
              }}
            >
              {choices.map((one) => (
                <option key={one.key} value={one.key}>
                  {t('export.choice', {
                    name: t(`export.kind.${one.kind}`, { name: visibleText(one.name) }),
                    count: one.ids.length,
                    figure: format.number(one.ids.length),
                  })}
                </option>
              ))}
            </select>
          )}
        </Field>
      )}
      <Field
        label={t('export.name')}
        note={t('export.nameNote')}
        problem={(tried || said.name.length > 64) && wrongName ? t('export.nameWrong') : null}
      >
        {(control) => (
          <input
            {...control}
            className="wf-input"
            value={said.name}
            spellCheck={false}
            data-autofocus=""
            onChange={(event) => setSaid({ ...said, name: event.target.value })}
          />
        )}
      </Field>
      <Field label={t('description')}>
        {(control) => (
          <textarea
            {...control}
            className="wf-input"
            rows={2}
            maxLength={4000}
            value={said.description}
            onChange={(event) => setSaid({ ...said, description: event.target.value })}
          />
        )}
      </Field>
      <div className="rp-pair">
        {text('author')}
        {text('license')}
      </div>
      <label className="wf-check">
        <input type="checkbox" checked={steps} onChange={(event) => setSteps(event.target.checked)} />
        {t('export.steps')}
      </label>
      <div className="rp-path">
        <Segmented
          label={t('export.form')}
          value={typed === null ? kind : formOf(typed)}
          onChange={(value) => {
            setKind(value)
            setTyped(null)
          }}
          segments={[
            { value: 'zip', label: t('export.zip') },
            { value: 'folder', label: t('export.folder') },
          ]}
        />
        <Field label={t('export.path')} problem={tried && path.trim() === '' ? t('export.pathMissing') : null}>
          {(control) => (
            <input
              {...control}
              className="wf-input mono"
              value={path}
              spellCheck={false}
              onChange={(event) => setTyped(event.target.value)}
            />
          )}
        </Field>
        <Button icon="folder" aria-expanded={browsing} onClick={() => setBrowsing(!browsing)}>
          {t('export.browse')}
        </Button>
      </div>
      {browsing ? (
        <PathChooser
          folders
          chosen={folder === null ? [] : [folder]}
          onChoose={(where) => {
            setFolder(where)
            setTyped(null)
            setBrowsing(false)
          }}
        />
      ) : null}
    </form>
  )
}

function Choice({ choice: { kind, name, ids } }: { readonly choice: ExportChoice }): ReactNode {
  const { t } = useTranslation('packs')
  const format = useFormat()
  return t('export.choice', {
    name: t(`export.kind.${kind}`, { name: visibleText(name) }),
    count: ids.length,
    figure: format.number(ids.length),
  })
}

const saidBy = (choice: ExportChoice | undefined) => ({
  name: choice?.pack?.name ?? '',
  description: choice?.pack?.description ?? '',
  author: choice?.pack?.author ?? '',
  license: choice?.pack?.license ?? '',
})
