import { useEffect, useRef, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { formatRoute, navigate } from '../../../app/route.ts'
import { useCommand, useJob, useQuery } from '../../../client/hooks.ts'
import { Button } from '../../../components/Button.tsx'
import { Pane } from '../../../components/Pane.tsx'
import { SeverityGlyph } from '../../../components/Severity.tsx'
import { ErrorState, Loading } from '../../../components/States.tsx'
import { Tabs } from '../../../components/Tabs.tsx'
import { visibleText } from '../../../format/text.ts'
import { formatMoment } from '../../../format/time.ts'
import { useBindings } from '../../../keys/use-keys.tsx'
import { useEngineNow } from '../../../state/clock.ts'
import { useNotice } from '../../../state/notice.ts'
import { useDraft, type Draft } from './drafts.ts'
import { Editor } from './Editor.tsx'
import { HistoryPane } from './HistoryPane.tsx'
import { VersionsPane } from './VersionsPane.tsx'
import { newRule } from './new-rule.ts'
import './workbench.css'

/** A text is checked after this pause in typing. Milliseconds. */
const PAUSE = 300
const TOOLS = 'workbench-tools'

/** Writes one rule or scenario: text with what is wrong with it, what it finds in history, and what it was before. `new` begins one. */
export function Workbench({ id, onClose }: { readonly id: string; onClose(): void }): ReactNode {
  const isNew = id === 'new'
  const { value, error, loading, refresh } = useQuery('rules.get', isNew ? null : { id })
  const { draft, keep } = useDraft(id)
  const { t } = useTranslation('rules')
  if ((!isNew && !value) || draft === undefined)
    return (
      <>
        <Loading waiting={loading} />
        {error ? <ErrorState error={error} what={t('panel.failed')} onRetry={refresh} /> : null}
      </>
    )
  return <Bench key={id} id={isNew ? null : id} stored={value?.text ?? null} draft={draft} onKeep={keep} onClose={onClose} />
}

function Bench({
  id,
  stored,
  draft,
  onKeep: keep,
  onClose,
}: {
  readonly id: string | null
  /** Null for a new rule. */
  readonly stored: string | null
  readonly draft: Draft | null
  /** Keeps what is not saved yet; null where there is nothing more. */
  onKeep(text: string | null): void
  onClose(): void
}): ReactNode {
  const { t } = useTranslation('rules')
  const say = useNotice((state) => state.say)
  const now = useEngineNow()
  /** As it is stored, or as a new one begins. */
  const [start, setStart] = useState(() => stored ?? newRule())
  const [found] = useState(draft)
  const [text, setText] = useState(found?.text ?? start)
  const [settled, setSettled] = useState(text)
  const [tool, setTool] = useState('history')
  const job = useJob('rules.history')
  const save = useCommand('rules.save')
  const discard = useCommand('rules.discard')
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), PAUSE)
    return () => clearTimeout(timer)
  }, [text])
  const { value: checked } = useQuery('rules.check', { text: settled })
  const { value: known, refresh } = useQuery('rules.versions', id === null ? null : { id })
  const problems = checked?.problems ?? []
  const fatal = problems.filter((problem) => problem.fatal)
  const ready = checked !== null && fatal.length === 0 && settled === text
  const dirty = text !== start
  // Somebody may have gone elsewhere before the answer comes: they are not taken back.
  const here = useRef(true)
  useEffect(() => {
    here.current = true
    return () => void (here.current = false)
  }, [])
  const latest = useRef(text)
  useEffect(() => {
    latest.current = text
  }, [text])
  const write = (next: string): void => {
    setText(next)
    keep(next === start ? null : next)
  }
  const store = (): void => {
    void save.run({ file: known?.own ? known.file : null, text }).then((result) => {
      if (!result.ok) return say(visibleText(result.error.message), 'fault')
      say(t('bench.saved', { file: result.value.file }))
      setStart(text)
      if (latest.current === text) keep(null)
      if (!here.current) return
      refresh()
      const first = result.value.ids[0]
      if (first !== undefined && first !== id) navigate(formatRoute('rules', { show: 'edit' }, first), true)
    })
  }
  useBindings([
    {
      keys: ['Ctrl+S'],
      inText: true,
      run: () => {
        // What is wrong with it, the engine says.
        if (dirty && !save.running) store()
      },
    },
  ])
  return (
    <div className="rw">
      <Pane label={t('bench.title')} className="rw-left">
        <header className="rw-head">
          <ul className="rw-documents" aria-label={t('bench.documents')}>
            {checked?.documents.map((document) => (
              <li key={`${document.id}${document.line}`}>
                {document.level ? <SeverityGlyph severity={document.level} /> : null}
                <span>{t(`bench.document.${document.kind}`)}</span>
                <b className="ellipsis">{visibleText(document.title)}</b>
                {document.reachable ? null : <em>{t('unreachable')}</em>}
              </li>
            ))}
          </ul>
          <Button small kind="quiet" keys="Escape" aria-label={t('common:close')} onClick={onClose} />
        </header>
        <Editor text={text} problems={settled === text ? problems : []} onChange={write} />
        <div className="rw-problems" role="status" aria-live="polite">
          {checked === null ? null : problems.length === 0 ? (
            <span className="rw-fine">{t('bench.fine')}</span>
          ) : (
            <ul>
              {problems.map((problem, index) => (
                <li key={index} className={problem.fatal ? 'rw-wrong' : 'rw-noted'}>
                  <span className="mono">
                    {problem.line}:{problem.column}
                  </span>{' '}
                  {visibleText(problem.message)}
                </li>
              ))}
            </ul>
          )}
        </div>
        <footer className="rw-foot">
          <Button kind="primary" keys="Ctrl+S" disabled={!ready || !dirty || save.running} onClick={store}>
            {t(known?.own || id === null ? 'bench.save' : 'bench.saveOwn')}
          </Button>
          <span className="dim">
            {found !== null && dirty
              ? t('bench.draft', { time: formatMoment(found.at, now) })
              : t(known?.own || id === null ? 'bench.saveNote' : 'bench.saveOwnNote')}
          </span>
          {dirty ? (
            <Button className="ru-right" small kind="quiet" onClick={() => write(start)}>
              {t('bench.drop')}
            </Button>
          ) : null}
          {known?.own ? (
            <Button
              className={dirty ? '' : 'ru-right'}
              small
              disabled={discard.running}
              onClick={() =>
                void discard.run({ id: id ?? '' }).then((result) => {
                  if (!result.ok) return say(visibleText(result.error.message), 'fault')
                  keep(null)
                  say(t('bench.removed'))
                  if (here.current) onClose()
                })
              }
            >
              {t(known.shipped ? 'bench.backToShipped' : 'bench.remove')}
            </Button>
          ) : null}
        </footer>
      </Pane>
      <Pane label={t('bench.tools')} as="aside" className="rw-right">
        <Tabs
          label={t('bench.tools')}
          controls={TOOLS}
          selected={tool}
          tabs={[
            { id: 'history', label: t('bench.history') },
            ...(id === null ? [] : [{ id: 'versions', label: t('bench.versions') }]),
          ]}
          onSelect={setTool}
        />
        <div id={TOOLS} role="tabpanel" aria-label={t(`bench.${tool}`)} className="rw-tools">
          {tool === 'versions' && id !== null ? (
            <VersionsPane id={id} text={text} onTake={write} />
          ) : (
            <HistoryPane text={text} ready={ready} job={job} />
          )}
        </div>
      </Pane>
    </div>
  )
}
