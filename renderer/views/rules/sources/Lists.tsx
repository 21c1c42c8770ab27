import { useEffect, useRef, useState, type ReactNode, type Ref } from 'react'
import { useTranslation } from 'react-i18next'
import { useCommand, useQuery } from '../../../client/hooks.ts'
import { Button } from '../../../components/Button.tsx'
import { Field } from '../../../components/Field.tsx'
import { Pane } from '../../../components/Pane.tsx'
import { Dialog } from '../../../components/Popover.tsx'
import { EmptyState, ErrorState, Loading } from '../../../components/States.tsx'
import { formatExact } from '../../../format/time.ts'
import { visibleText } from '../../../format/text.ts'
import { useFormat } from '../../../i18n/use-format.ts'
import { useNotice } from '../../../state/notice.ts'
import { useListKeys, type ListKeys } from './list-keys.ts'
import './sources.css'

/** As the engine takes names. */
const NAME = /^[\p{L}\p{N}_-]{1,64}$/u
const NEW = ':new'

/** Lists whose values take the place of placeholders (`%name%`) in rules; and those that rules ask for and nobody made. */
export function Lists({
  open,
  revision,
  keys,
  onOpen,
}: {
  /** Name of the list that is shown; `:new` begins one; '' is none. */
  readonly open: string
  readonly revision: number
  readonly keys: Ref<ListKeys>
  onOpen(name: string): void
}): ReactNode {
  const { t } = useTranslation('rules')
  const format = useFormat()
  const { value, error, loading, refresh } = useQuery('lists.list', {})
  const body = useListKeys(keys)
  const known = useRef(revision)
  useEffect(() => {
    if (known.current !== revision) refresh()
    known.current = revision
  }, [revision, refresh])
  const isNew = open === NEW || value?.missing.some(({ name }) => name === open) === true
  const there = value?.lists.some(({ name }) => name === open) === true
  const opener = (name: string): ReactNode => (
    <button
      type="button"
      data-row=""
      aria-pressed={name === open}
      className="rs-open mono"
      onClick={() => onOpen(name === open ? '' : name)}
    >
      %{visibleText(name)}%
    </button>
  )
  return (
    <>
      <Pane label={t('tabs.lists')} className="rs-list">
        <div className="rs-bar">
          <p className="dim">{t('lists.note')}</p>
          <Button small icon="plus" className="ru-right" onClick={() => onOpen(NEW)}>
            {t('lists.new')}
          </Button>
        </div>
        {error ? <ErrorState error={error} what={t('lists.failed')} onRetry={refresh} /> : null}
        {loading && !value ? <Loading /> : null}
        {value && value.lists.length + value.missing.length === 0 ? <EmptyState>{t('lists.none')}</EmptyState> : null}
        <div ref={body} className="rs-scroll">
          {value && value.lists.length + value.missing.length > 0 ? (
            <table className="rs-table">
              <thead>
                <tr>
                  <th scope="col">{t('lists.name')}</th>
                  <th scope="col">{t('lists.sample')}</th>
                  <th scope="col" className="num">
                    {t('lists.values')}
                  </th>
                  <th scope="col" className="num">
                    {t('lists.rules')}
                  </th>
                  <th scope="col">{t('lists.changed')}</th>
                </tr>
              </thead>
              <tbody>
                {value.lists.map(({ name, values, sample, rules, changed }) => (
                  <tr key={name}>
                    <th scope="row">{opener(name)}</th>
                    <td className="rs-sample mono">{visibleText(sample.join(', '))}</td>
                    <td className="num">{format.number(values)}</td>
                    <td className={rules > 0 ? 'num' : 'num dim'}>{format.number(rules)}</td>
                    <td className="dim">{formatExact(changed)}</td>
                  </tr>
                ))}
                {value.missing.map(({ name, rules }) => (
                  <tr key={name}>
                    <th scope="row">{opener(name)}</th>
                    <td className="ru-fault">{t('lists.missing')}</td>
                    <td className="num dim">–</td>
                    <td className="num">{format.number(rules)}</td>
                    <td className="dim">–</td>
                  </tr>
                ))}
              </tbody>
            </table>
          ) : null}
        </div>
      </Pane>
      {isNew ? (
        <ListPanel
          key={open}
          name={open === NEW ? null : open}
          start=""
          isNew
          onSaved={(name) => (refresh(), onOpen(name))}
          onClose={() => onOpen('')}
        />
      ) : there ? (
        <StoredList
          key={open}
          name={open}
          revision={revision}
          onSaved={refresh}
          onRemoved={() => (refresh(), onOpen(''))}
          onClose={() => onOpen('')}
        />
      ) : null}
    </>
  )
}

function StoredList({
  name,
  revision,
  onSaved,
  onRemoved,
  onClose,
}: {
  readonly name: string
  readonly revision: number
  onSaved(): void
  onRemoved(): void
  onClose(): void
}): ReactNode {
  const { t } = useTranslation('rules')
  const { value, error, refresh } = useQuery('lists.get', { name })
  const known = useRef(revision)
  useEffect(() => {
    if (known.current !== revision) refresh()
    known.current = revision
  }, [revision, refresh])
  if (error && !value) return <ErrorState error={error} what={t('lists.failed')} onRetry={refresh} />
  if (!value) return null
  const start = value.values.join('\n')
  return (
    <ListPanel key={start} name={name} start={start} isNew={false} onSaved={onSaved} onRemoved={onRemoved} onClose={onClose} />
  )
}

function ListPanel({
  name: given,
  start,
  isNew,
  onSaved,
  onRemoved,
  onClose,
}: {
  /** Null where it has none yet. */
  readonly name: string | null
  /** Its values, one on a line. */
  readonly start: string
  readonly isNew: boolean
  onSaved(name: string): void
  onRemoved?(): void
  onClose(): void
}): ReactNode {
  const { t } = useTranslation('rules')
  const format = useFormat()
  const say = useNotice((state) => state.say)
  const [name, setName] = useState(given ?? '')
  const [text, setText] = useState(start)
  const [leaving, setLeaving] = useState(false)
  const save = useCommand('lists.save')
  const remove = useCommand('lists.remove')
  const values = text.split('\n').flatMap((line) => line.trim() || [])
  const wrong = name !== '' && !NAME.test(name)
  const label = isNew ? t('lists.new') : `%${visibleText(name)}%`
  const store = (): void => {
    void save.run({ name, values }).then((result) => {
      if (!result.ok) return
      say(t('lists.saved', { count: result.value.values, figure: format.number(result.value.values), name }))
      onSaved(name)
    })
  }
  return (
    <Pane label={label} as="aside" className="ru-panel rs-panel">
      <header className="ru-panel-head">
        <h2 className={isNew ? '' : 'mono'}>{label}</h2>
        <Button small kind="quiet" keys="Escape" className="ru-right" aria-label={t('common:close')} onClick={onClose} />
      </header>
      <div className="ru-panel-body">
        {isNew ? (
          <Field label={t('lists.name')} note={t('lists.nameNote')} problem={wrong ? t('lists.nameWrong') : null}>
            {(control) => (
              <input
                {...control}
                className="wf-input mono"
                value={name}
                spellCheck={false}
                onChange={(event) => setName(event.target.value)}
              />
            )}
          </Field>
        ) : null}
        <Field
          label={t('lists.valuesLabel')}
          note={t('lists.valuesNote', { count: values.length, figure: format.number(values.length) })}
          className="rs-values"
        >
          {(control) => (
            <textarea
              {...control}
              className="wf-input mono"
              value={text}
              wrap="off"
              spellCheck={false}
              onChange={(event) => setText(event.target.value)}
            />
          )}
        </Field>
        {save.error ? <ErrorState error={save.error} what={t('lists.notSaved')} /> : null}
      </div>
      <footer className="ru-panel-foot">
        <Button kind="primary" disabled={name === '' || wrong || save.running || (!isNew && text === start)} onClick={store}>
          {t('lists.save')}
        </Button>
        {onRemoved ? (
          <Button className="ru-right" onClick={() => setLeaving(true)}>
            {t('lists.remove')}
          </Button>
        ) : null}
      </footer>
      {leaving ? (
        <Dialog
          title={t('lists.removeTitle')}
          onClose={() => setLeaving(false)}
          footer={
            <>
              <Button data-autofocus="" onClick={() => setLeaving(false)}>
                {t('common:cancel')}
              </Button>
              <Button
                kind="primary"
                disabled={remove.running}
                onClick={() =>
                  void remove.run({ name }).then((result) => {
                    if (!result.ok) return say(visibleText(result.error.message), 'fault')
                    say(t('lists.removed', { name }))
                    onRemoved?.()
                  })
                }
              >
                {t('lists.removeNow')}
              </Button>
            </>
          }
        >
          <p>{t('lists.removeText')}</p>
        </Dialog>
      ) : null}
    </Pane>
  )
}
