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
import { useNotice } from '../../../state/notice.ts'
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
  const { t } = useTranslation('rules')
  if (!isNew && !value)
    return (
      <>
        <Loading waiting={loading} />
        {error ? <ErrorState error={error} what={t('panel.failed')} onRetry={refresh} /> : null}
      </>
    )
  return <Bench key={id} id={isNew ? null : id} start={value?.text ?? newRule()} onClose={onClose} />
}

function Bench({ id, start, onClose }: { readonly id: string | null; readonly start: string; onClose(): void }): ReactNode {
  const { t } = useTranslation('rules')
  const say = useNotice((state) => state.say)
  const [text, setText] = useState(start)
  const [settled, setSettled] = useState(start)
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
  const store = (): void => {
    void save.run({ file: known?.own ? known.file : null, text }).then((result) => {
      if (!result.ok) return say(visibleText(result.error.message), 'fault')
      say(t('bench.saved', { file: result.value.file }))
      if (!here.current) return
      refresh()
      const first = result.value.ids[0]
      if (first !== undefined && first !== id) navigate(formatRoute('rules', { show: 'edit' }, first), true)
    })
  }
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
        <Editor text={text} problems={settled === text ? problems : []} onChange={setText} />
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
          <Button kind="primary" disabled={!ready || !dirty || save.running} onClick={store}>
            {t(known?.own || id === null ? 'bench.save' : 'bench.saveOwn')}
          </Button>
          <span className="dim">{t(known?.own || id === null ? 'bench.saveNote' : 'bench.saveOwnNote')}</span>
          {known?.own ? (
            <Button
              className="ru-right"
              small
              disabled={discard.running}
              onClick={() =>
                void discard.run({ id: id ?? '' }).then((result) => {
                  if (!result.ok) return say(visibleText(result.error.message), 'fault')
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
            <VersionsPane id={id} text={text} onTake={setText} />
          ) : (
            <HistoryPane text={text} ready={ready} job={job} />
          )}
        </div>
      </Pane>
    </div>
  )
}
