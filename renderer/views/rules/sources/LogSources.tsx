import { useEffect, useMemo, useRef, useState, type ReactNode, type Ref } from 'react'
import { useTranslation } from 'react-i18next'
import type { LogSourceFile, LogSourceRow } from '../../../../shared/log-source-contract.ts'
import { useCommand, useQuery } from '../../../client/hooks.ts'
import { Button } from '../../../components/Button.tsx'
import { Pane, PaneHead } from '../../../components/Pane.tsx'
import { EmptyState, ErrorState, Loading } from '../../../components/States.tsx'
import { visibleText } from '../../../format/text.ts'
import { useFormat } from '../../../i18n/use-format.ts'
import { useNotice } from '../../../state/notice.ts'
import { useListKeys, type ListKeys } from './list-keys.ts'
import { idOf, mappings, nameText, NEW_FILE, shownFiles } from './shown-sources.ts'
import { TextSheet } from './TextSheet.tsx'
import './sources.css'

/** A text is checked after this pause in typing. Milliseconds. */
const PAUSE = 300
const NEW = 'new'

/** Which records rules mean, where their fields are, and who needs it; a file's text can be changed for this desk. */
export function LogSources({
  open,
  revision,
  keys,
  onOpen,
}: {
  /** Id of the file whose text is shown; `new` begins one; '' is none. */
  readonly open: string
  /** Another number: rules or log sources were loaded anew. */
  readonly revision: number
  readonly keys: Ref<ListKeys>
  onOpen(id: string): void
}): ReactNode {
  const { t } = useTranslation('rules')
  const format = useFormat()
  const { value, error, loading, refresh } = useQuery('logsources.list', {})
  const [words, setWords] = useState('')
  const body = useListKeys(keys)
  const known = useRef(revision)
  useEffect(() => {
    if (known.current !== revision) refresh()
    known.current = revision
  }, [revision, refresh])
  const files = useMemo(() => value?.files ?? [], [value])
  const shown = useMemo(() => shownFiles(files, words), [files, words])
  const file = files.find(({ id }) => id === open)
  return (
    <>
      <Pane label={t('sources.table')} className="rs-list">
        <div className="rs-bar">
          <input
            className="wf-input rs-words"
            type="search"
            value={words}
            placeholder={t('sources.words')}
            aria-label={t('sources.words')}
            onChange={(event) => setWords(event.target.value)}
          />
          <p className="dim">{t('sources.note')}</p>
          <Button small icon="plus" className="ru-right" onClick={() => onOpen(NEW)}>
            {t('sources.new')}
          </Button>
        </div>
        {error ? <ErrorState error={error} what={t('sources.failed')} onRetry={refresh} /> : null}
        {loading && !value ? <Loading /> : null}
        {value && shown.length === 0 ? <EmptyState>{t('sources.none')}</EmptyState> : null}
        <div ref={body} className="rs-scroll">
          {shown.length > 0 ? (
            <table className="rs-table">
              <thead>
                <tr>
                  <th scope="col">{t('sources.names')}</th>
                  <th scope="col">{t('sources.records')}</th>
                  <th scope="col" className="rs-mapped">
                    {t('sources.fields')}
                  </th>
                  <th scope="col" className="num">
                    {t('sources.rules')}
                  </th>
                </tr>
              </thead>
              {shown.map((one) => (
                <tbody key={one.id}>
                  <tr className="rs-file">
                    <th scope="rowgroup" colSpan={3}>
                      <button
                        type="button"
                        data-row=""
                        aria-pressed={one.id === open}
                        className="rs-open"
                        onClick={() => onOpen(one.id === open ? '' : one.id)}
                      >
                        {visibleText(one.title)}
                      </button>
                      <State file={one} />
                    </th>
                    <td className="num">{format.number(one.rules)}</td>
                  </tr>
                  {one.sources.map((source, index) => (
                    <Row key={index} source={source} />
                  ))}
                </tbody>
              ))}
            </table>
          ) : null}
        </div>
      </Pane>
      {open === NEW ? (
        <FilePanel key={NEW} file={null} onSaved={(id) => (refresh(), onOpen(id))} onClose={() => onOpen('')} />
      ) : file ? (
        <FilePanel key={`${file.id} ${file.text}`} file={file} onSaved={refresh} onClose={() => onOpen('')} />
      ) : null}
    </>
  )
}

/** Whether the desk has its own text, and whether that can be used. */
function State({ file: { shipped, changed, problems } }: { readonly file: LogSourceFile }): ReactNode {
  const { t } = useTranslation('rules')
  if (!changed) return null
  return (
    <>
      <em>{t(shipped ? 'sources.changed' : 'sources.own')}</em>
      {problems.length > 0 ? <em className="ru-fault">{t('sources.broken')}</em> : null}
    </>
  )
}

function Row({ source }: { readonly source: LogSourceRow }): ReactNode {
  const { t } = useTranslation('rules')
  const format = useFormat()
  const { names, formats, types, values, has, fields, rules } = source
  const conditions = [
    ...(types.length > 0 ? [t('sources.type', { types: types.join(', ') })] : []),
    ...values.map(({ field, values: all }) => `${field} = ${all.join(' | ')}`),
    ...(has.length > 0 ? [t('sources.has', { fields: has.join(', ') })] : []),
  ]
  return (
    <tr>
      <th scope="row">
        {names.map((name) => (
          <div key={nameText(name)}>{visibleText(nameText(name))}</div>
        ))}
      </th>
      <td>
        <span className="dim">{visibleText(formats.join(', '))}</span>
        {conditions.map((one) => (
          <div key={one} className="rs-when">
            {visibleText(one)}
          </div>
        ))}
      </td>
      <td className="dim rs-mapped" title={visibleText(fields.map(fieldText).join('\n'))}>
        {fields.length === 0 ? '–' : t('sources.mapped', { count: fields.length, figure: format.number(fields.length) })}
      </td>
      <td className={rules > 0 ? 'num' : 'num dim'}>{format.number(rules)}</td>
    </tr>
  )
}

const fieldText = ({ name, from, derive }: LogSourceRow['fields'][number]): string =>
  `${name} ← ${derive === null ? from.join(' | ') : `${derive} (http.url)`}`

/** One file: what it is, where its fields are, and its text. */
function FilePanel({
  file,
  onSaved,
  onClose,
}: {
  /** Null for one that is not there yet. */
  readonly file: LogSourceFile | null
  onSaved(id: string): void
  onClose(): void
}): ReactNode {
  const { t } = useTranslation('rules')
  const say = useNotice((state) => state.say)
  const start = file?.text ?? NEW_FILE
  const [text, setText] = useState(start)
  const [settled, setSettled] = useState(start)
  const save = useCommand('logsources.save')
  const reset = useCommand('logsources.reset')
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), PAUSE)
    return () => clearTimeout(timer)
  }, [text])
  const { value: checked } = useQuery('logsources.check', { id: file?.id ?? null, text: settled })
  const problems = settled === text ? (checked?.problems ?? []) : []
  const id = file?.id ?? idOf(text)
  const ready = settled === text && checked?.problems.length === 0 && (file === null || text !== start) && id !== ''
  const fields = file === null ? [] : mappings(file)
  const store = (): void => {
    void save.run({ id, text }).then((result) => {
      if (!result.ok) return say(visibleText(result.error.message), 'fault')
      say(t('sources.saved', { id }))
      onSaved(id)
    })
  }
  return (
    <Pane label={file ? visibleText(file.title) : t('sources.new')} as="aside" className="ru-panel rs-panel">
      <header className="ru-panel-head">
        <h2>{file ? visibleText(file.title) : t('sources.new')}</h2>
        <Button small kind="quiet" keys="Escape" className="ru-right" aria-label={t('common:close')} onClick={onClose} />
      </header>
      <div className="ru-panel-body">
        {file?.doc ? <p>{visibleText(file.doc)}</p> : null}
        {file?.spec ? <code className="ru-break dim">{visibleText(file.spec)}</code> : null}
        {file && file.problems.length > 0 ? (
          <ul className="rs-broken">
            {file.problems.map(({ line, column, message }, index) => (
              <li key={index} className="ru-fault">
                {line}:{column} {visibleText(message)}
              </li>
            ))}
          </ul>
        ) : null}
        <section aria-label={t('sources.text')} className="rs-text">
          <PaneHead title={t('sources.text')}>{file ? <State file={file} /> : null}</PaneHead>
          <TextSheet label={t('sources.text')} text={text} problems={problems} fine={t('sources.fine')} onChange={setText} />
        </section>
        {fields.length > 0 ? (
          <section aria-label={t('sources.fields')}>
            <PaneHead title={t('sources.fields')} />
            <table className="rs-table">
              <thead>
                <tr>
                  <th scope="col">{t('sources.inRules')}</th>
                  <th scope="col">{t('sources.inEvents')}</th>
                </tr>
              </thead>
              <tbody>
                {fields.map((field) => (
                  <tr key={fieldText(field)}>
                    <th scope="row">{visibleText(field.name)}</th>
                    <td>
                      {field.derive === null
                        ? visibleText(field.from.join(' | '))
                        : t('sources.derived', { part: t(`sources.part.${field.derive}`) })}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </section>
        ) : null}
      </div>
      <footer className="ru-panel-foot">
        <Button kind="primary" disabled={!ready || save.running} onClick={store}>
          {t('sources.save')}
        </Button>
        <span className="dim rs-foot-note">{t('sources.saveNote')}</span>
        {file?.changed ? (
          <Button
            className="ru-right"
            disabled={reset.running}
            onClick={() =>
              void reset.run({ id: file.id }).then((result) => {
                if (!result.ok) return say(visibleText(result.error.message), 'fault')
                say(t('sources.reset', { id: file.id }))
                if (!file.shipped) onClose()
                onSaved(file.id)
              })
            }
          >
            {t(file.shipped ? 'sources.back' : 'sources.remove')}
          </Button>
        ) : null}
      </footer>
    </Pane>
  )
}
