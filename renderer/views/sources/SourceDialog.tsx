import { useEffect, useId, useRef, useState, type FormEvent, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { WatchfloorError } from '../../../shared/model/result.ts'
import type { SourceStatus } from '../../../shared/model/source.ts'
import { useClient, useCommand } from '../../client/hooks.ts'
import type { OutputOf } from '../../client/types.ts'
import { Button } from '../../components/Button.tsx'
import { Field } from '../../components/Field.tsx'
import { Dialog } from '../../components/Popover.tsx'
import { Segmented } from '../../components/Segmented.tsx'
import { ErrorState, Loading } from '../../components/States.tsx'
import { draftOf, emptyDraft, KINDS, settle, suggestedName, type Draft, type Kind, type Problem } from './draft.ts'
import { FormatFields } from './FormatFields.tsx'
import { visibleText } from '../../format/text.ts'
import { PathChooser } from '../../widgets/path-chooser/PathChooser.tsx'
import { TryPreview } from './TryPreview.tsx'

const NO_PROBLEMS: ReadonlySet<Problem> = new Set()

/** A new source, or the settings of one that is there. What would become of its first records is shown before. */
export function SourceDialog({
  source,
  kind,
  onDone,
  onClose,
}: {
  readonly source: SourceStatus | null
  readonly kind?: Kind
  onDone(source: SourceStatus): void
  onClose(): void
}): ReactNode {
  const { t } = useTranslation('sources')
  const form = useId()
  const [draft, setDraft] = useState<Draft>(() => (source ? draftOf(source.settings) : emptyDraft(kind)))
  const [tried, setTried] = useState(false)
  const [browsing, setBrowsing] = useState<'path' | 'cert' | 'key' | 'ca' | null>(
    source || kind === undefined || kind.startsWith('syslog') ? null : 'path',
  )
  const add = useCommand('sources.add')
  const change = useCommand('sources.change')
  const preview = usePreview()
  const settled = settle(draft)
  const problems = tried && !settled.ok ? settled.problems : NO_PROBLEMS
  const edit = (part: Partial<Draft>): void => {
    setDraft((before) => ({ ...before, ...part }))
    preview.forget()
  }
  const look = (wanted: Draft = draft): void => {
    const found = settle(wanted)
    setTried(true)
    if (found.ok) preview.run(found.settings)
  }
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    setTried(true)
    if (!settled.ok) return
    const done = source ? await change.run({ id: source.id, settings: settled.settings }) : await add.run(settled.settings)
    if (done.ok) onDone(done.value)
  }
  const files = draft.kind === 'file' || draft.kind === 'folder'
  const syslog = draft.kind?.startsWith('syslog') === true
  const failure = source ? change.error : add.error
  const running = source ? change.running : add.running
  return (
    <Dialog
      title={t(source ? 'form.editTitle' : 'form.addTitle')}
      wide
      onClose={onClose}
      footer={
        <>
          {files ? (
            <Button onClick={() => look()} disabled={preview.running}>
              {t('try.run')}
            </Button>
          ) : null}
          <div className="grow" />
          <Button onClick={onClose}>{t('common:cancel')}</Button>
          <Button kind="primary" type="submit" form={form} disabled={running}>
            {t(source ? 'form.change' : syslog ? 'form.listen' : 'form.follow')}
          </Button>
        </>
      }
    >
      <form id={form} className="so-form" onSubmit={(event) => void submit(event)} noValidate>
        {failure ? <ErrorState error={failure} what={t('form.failed')} /> : null}
        {source || draft.kind === null ? null : (
          <Segmented<Kind>
            label={t('form.kind')}
            value={draft.kind}
            onChange={(wanted) => {
              edit({ kind: wanted, ...(wanted.startsWith('syslog') ? { port: emptyDraft(wanted).port } : {}) })
              setBrowsing(wanted.startsWith('syslog') ? null : 'path')
            }}
            segments={KINDS.map((value) => ({ value, label: t(`kind.${value}`) }))}
          />
        )}
        {files ? (
          <div className="so-pathline">
            <Text
              label={t(draft.kind === 'folder' ? 'form.folder' : 'form.path')}
              value={draft.path}
              problem={problems.has('path') ? t('problem.path') : null}
              mono
              focus={browsing === null}
              onChange={(path) => edit({ path })}
            />
            {draft.kind === 'folder' ? (
              <Text label={t('form.pattern')} value={draft.pattern} mono narrow onChange={(pattern) => edit({ pattern })} />
            ) : null}
            <Button
              icon="folder"
              aria-expanded={browsing === 'path'}
              onClick={() => setBrowsing(browsing === 'path' ? null : 'path')}
            >
              {t('form.browse')}
            </Button>
          </div>
        ) : null}
        {files && browsing === 'path' ? (
          <PathChooser
            folders={draft.kind === 'folder'}
            chosen={[draft.path]}
            onChoose={(path) => {
              edit({ path })
              setBrowsing(null)
              look({ ...draft, path })
            }}
          />
        ) : null}
        {syslog ? (
          <div className="so-pair">
            <Text
              label={t('form.address')}
              value={draft.address}
              mono
              problem={problems.has('address') ? t('problem.address') : null}
              note={t('form.addressNote')}
              focus
              onChange={(address) => edit({ address })}
            />
            <Text
              label={t('form.port')}
              value={draft.port}
              mono
              problem={problems.has('port') ? t('problem.port') : null}
              note={t('form.portNote')}
              onChange={(port) => edit({ port })}
            />
          </div>
        ) : null}
        {draft.kind === 'syslog-tls' ? (
          <>
            {(['cert', 'key', 'ca'] as const).map((name) => (
              <div key={name}>
                <div className="so-pathline">
                  <Text
                    label={t(`form.${name}`)}
                    value={draft[name]}
                    mono
                    problem={name !== 'ca' && problems.has(name) ? t('problem.pem') : null}
                    {...(name === 'ca' ? { note: t('form.caNote') } : {})}
                    onChange={(value) => edit({ [name]: value })}
                  />
                  <Button
                    icon="folder"
                    aria-expanded={browsing === name}
                    onClick={() => setBrowsing(browsing === name ? null : name)}
                  >
                    {t('form.browse')}
                  </Button>
                </div>
                {browsing === name ? (
                  <PathChooser
                    chosen={[draft[name]]}
                    onChoose={(path) => {
                      edit({ [name]: path })
                      setBrowsing(null)
                    }}
                  />
                ) : null}
              </div>
            ))}
          </>
        ) : null}
        <Text
          label={t('form.name')}
          value={draft.name}
          placeholder={visibleText(suggestedName(draft))}
          focus={draft.kind === null}
          onChange={(name) => edit({ name })}
        />
        <FormatFields draft={draft} problems={problems} onChange={edit} />
        <Loading waiting={preview.running} />
        <TryPreview value={preview.value} error={preview.error} />
      </form>
    </Dialog>
  )
}

function Text({
  label,
  value,
  problem = null,
  note,
  placeholder,
  mono = false,
  narrow = false,
  focus = false,
  onChange,
}: {
  readonly label: string
  readonly value: string
  readonly problem?: string | null
  readonly note?: string
  readonly placeholder?: string
  readonly mono?: boolean
  readonly narrow?: boolean
  readonly focus?: boolean
  onChange(text: string): void
}): ReactNode {
  return (
    <Field label={label} problem={problem} note={note} className={narrow ? 'so-narrow' : ''}>
      {(control) => (
        <input
          {...control}
          className={mono ? 'wf-input mono' : 'wf-input'}
          value={value}
          placeholder={placeholder}
          spellCheck={false}
          autoComplete="off"
          data-autofocus={focus ? '' : undefined}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  )
}

/** The engine's look at the first records; an older answer never replaces a newer one. */
function usePreview() {
  const client = useClient()
  const [state, setState] = useState<{ value: OutputOf<'sources.try'> | null; error: WatchfloorError | null; running: boolean }>({
    value: null,
    error: null,
    running: false,
  })
  const current = useRef<AbortController | null>(null)
  useEffect(() => () => current.current?.abort(), [])
  return {
    ...state,
    run(settings: SourceStatus['settings']): void {
      current.current?.abort()
      const controller = new AbortController()
      current.current = controller
      setState((before) => ({ ...before, running: true }))
      void client.query('sources.try', settings, { signal: controller.signal }).then((result) => {
        if (controller.signal.aborted) return
        setState(
          result.ok ? { value: result.value, error: null, running: false } : { value: null, error: result.error, running: false },
        )
      })
    },
    forget(): void {
      current.current?.abort()
      setState({ value: null, error: null, running: false })
    },
  }
}
