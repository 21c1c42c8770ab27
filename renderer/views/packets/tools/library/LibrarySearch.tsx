import { useMemo, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Capture, LibraryHit } from '../../../../../shared/model/capture.ts'
import { useCommand, useQuery } from '../../../../client/hooks.ts'
import type { InputOf } from '../../../../client/types.ts'
import { Button } from '../../../../components/Button.tsx'
import { Field } from '../../../../components/Field.tsx'
import { EmptyState, ErrorState, Loading } from '../../../../components/States.tsx'
import { formatDateTime } from '../../../../format/time.ts'
import { useFormat } from '../../../../i18n/use-format.ts'
import { isoSeconds } from '../shared/capture-time.ts'
import { ToolGrid, type ToolColumn } from '../shared/ToolGrid.tsx'
import { EMPTY_FORM, searchOf, type FormProblem, type LibraryForm } from './search-form.ts'

/** Which captures of the library hold packets of these hosts at this time; what is found is opened. */
export function LibrarySearch({
  capture,
  flow,
  empty,
  onAdd,
  onCapture,
}: {
  readonly capture: Capture | null
  readonly flow: number | null
  /** There is no folder yet. */
  readonly empty: boolean
  onAdd(): void
  onCapture(id: string): void
}): ReactNode {
  const { t } = useTranslation('packet-tools')
  const format = useFormat()
  const open = useCommand('captures.open')
  const own = useQuery('packets.flow', capture && flow !== null ? { capture: capture.id, flow } : null)
  const [form, setForm] = useState<LibraryForm>(EMPTY_FORM)
  const [tried, setTried] = useState(false)
  const [asked, setAsked] = useState<InputOf<'library.search'> | null>(null)
  const [current, setCurrent] = useState<LibraryHit | null>(null)
  const found = useQuery('library.search', asked)
  const { problems, search } = searchOf(form, isoSeconds(capture?.first ?? null))
  const columns = useMemo<ToolColumn<LibraryHit>[]>(
    () => [
      { id: 'path', head: t('library.column.path'), flex: 3, minWidth: 220, mono: true, text: (hit) => hit.path },
      { id: 'first', head: t('library.column.first'), width: 158, mono: true, text: (hit) => (hit.first === null ? '–' : formatDateTime(hit.first)) },
      { id: 'last', head: t('library.column.last'), width: 158, mono: true, text: (hit) => (hit.last === null ? '–' : formatDateTime(hit.last)) },
      { id: 'size', head: t('library.column.size'), width: 92, right: true, text: (hit) => format.bytes(hit.size) },
      { id: 'flows', head: t('library.column.flows'), width: 128, right: true, text: (hit) => (hit.flows === null ? t('library.timeOnly') : format.number(hit.flows)) },
    ],
    [t, format],
  ) // prettier-ignore
  const openHit = async (hit: LibraryHit): Promise<void> => {
    const result = await open.run({ paths: [hit.path] })
    if (result.ok) onCapture(result.value.id)
  }
  const fill = (): void => {
    const ends = own.value
    if (!ends) return
    setForm({
      ...EMPTY_FORM,
      one: ends.client.ip,
      other: ends.server.ip,
      port: ends.server.port === null ? '' : String(ends.server.port),
    })
  }
  const field = (name: keyof LibraryForm, autofocus = false, note?: string): ReactNode => {
    const bad = tried && (problems.has(name as FormProblem) || (name === 'to' && problems.has('backwards')))
    return (
      <Field
        label={t(`library.field.${name}`)}
        note={note}
        problem={bad ? t(`library.problem.${name === 'to' && problems.has('backwards') ? 'backwards' : name}`) : null}
      >
        {(control) => (
          <input
            {...control}
            data-autofocus={autofocus ? '' : undefined}
            className="wf-input mono"
            value={form[name]}
            maxLength={64}
            spellCheck={false}
            onChange={(event) => setForm({ ...form, [name]: event.target.value })}
          />
        )}
      </Field>
    )
  }
  if (empty) return <EmptyState actions={<Button onClick={onAdd}>{t('library.add')}</Button>}>{t('library.empty')}</EmptyState>
  const value = asked ? found.value : null
  return (
    <div className="pt-fill pt-search-page">
      <form
        className="pt-query"
        onSubmit={(event) => {
          event.preventDefault()
          setTried(true)
          if (search) setAsked(search)
        }}
      >
        {field('one', true)}
        {field('other')}
        {field('port')}
        {field('from', false, t('library.timeNote'))}
        {field('to', false, t('library.utc'))}
        {field('communityId')}
        <div className="pt-actions">
          <Button kind="primary" type="submit">
            {t('library.run')}
          </Button>
          {own.value ? (
            <Button type="button" onClick={fill}>
              {t('library.fill')}
            </Button>
          ) : null}
          {tried && problems.has('nothing') ? <span className="pt-fault">{t('library.problem.nothing')}</span> : null}
        </div>
      </form>
      {found.error ? <ErrorState error={found.error} what={t('library.searchFailed')} onRetry={found.refresh} /> : null}
      {open.error ? <ErrorState error={open.error} what={t('library.openFailed')} /> : null}
      <Loading waiting={found.loading} />
      {value && value.hits.length === 0 ? <EmptyState>{t('library.noHit')}</EmptyState> : null}
      {value && value.hits.length > 0 ? (
        <ToolGrid<LibraryHit>
          label={t('library.hits')}
          columns={columns}
          rows={value.hits}
          idOf={(hit) => hit.path}
          onCurrent={setCurrent}
          onChoose={(hit) => void openHit(hit)}
        />
      ) : null}
      <div className="pt-foot">
        <Button
          small
          icon="folder"
          disabled={!current || !value || open.running}
          onClick={() => current && void openHit(current)}
        >
          {t('library.open')}
        </Button>
        <span className="grow" />
        {value ? <span>{t('library.found', { count: value.hits.length, figure: format.number(value.hits.length) })}</span> : null}
        {value && value.notIndexed > 0 ? (
          <span className="pt-late">
            {t('library.notIndexed', { count: value.notIndexed, figure: format.number(value.notIndexed) })}
          </span>
        ) : null}
        {value?.truncated ? <span className="pt-late">{t('library.cut')}</span> : null}
      </div>
    </div>
  )
}
