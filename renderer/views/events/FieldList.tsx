import { useMemo, useRef, useState, type KeyboardEvent, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Icon } from '../../components/Icon.tsx'
import { Pane, PaneHead } from '../../components/Pane.tsx'
import { ErrorState, Loading } from '../../components/States.tsx'
import type { QueryState } from '../../client/hooks.ts'
import type { OutputOf } from '../../client/types.ts'
import { visibleText } from '../../format/text.ts'
import { useFormat } from '../../i18n/use-format.ts'
import { SUMMARY, type Column } from './columns.ts'

/** More are found by typing. */
const SHOWN = 300

interface Line {
  readonly field: string
  readonly events: number | null
  readonly column: boolean
}

/** Fields of the events that were found, how many have them; which are columns. */
export function FieldList({
  fields,
  columns,
  onToggle,
  onStats,
}: {
  readonly fields: QueryState<OutputOf<'events.fields'>>
  readonly columns: readonly Column[]
  onToggle(field: string): void
  onStats(field: string, element: HTMLElement): void
}): ReactNode {
  const { t } = useTranslation('events')
  const format = useFormat()
  const [typed, setTyped] = useState('')
  const [current, setCurrent] = useState(0)
  const list = useRef<HTMLDivElement>(null)
  const occurring = fields.value?.fields
  const sampled = fields.value?.sampled ?? null
  const lines = useMemo<readonly Line[]>(() => {
    const counts = new Map((occurring ?? []).map(({ name, events }) => [name, events]))
    const chosen = new Set(columns.map(({ field }) => field))
    const all: Line[] = [
      ...columns.map(({ field }) => ({ field, events: counts.get(field) ?? null, column: true })),
      ...[SUMMARY, 'time', 'received', 'type', 'format', 'source', ...counts.keys()]
        .filter((name, index, names) => !chosen.has(name) && names.indexOf(name) === index)
        .map((field) => ({ field, events: counts.get(field) ?? null, column: false })),
    ]
    const wanted = typed.trim().toLowerCase()
    return wanted === '' ? all : all.filter(({ field }) => field.toLowerCase().includes(wanted))
  }, [occurring, columns, typed])
  const most = Math.max(1, ...(occurring ?? []).map(({ events }) => events))
  const focusLine = (index: number): void => {
    const at = Math.max(0, Math.min(Math.min(lines.length, SHOWN) - 1, index))
    setCurrent(at)
    list.current?.querySelectorAll<HTMLElement>('[data-name]')[at]?.focus()
  }
  const pressed = (event: KeyboardEvent): void => {
    const step =
      event.key === 'ArrowDown'
        ? 1
        : event.key === 'ArrowUp'
          ? -1
          : event.key === 'PageDown'
            ? 10
            : event.key === 'PageUp'
              ? -10
              : 0
    if (step !== 0) focusLine(current + step)
    else if (event.key === 'ArrowRight')
      (event.target as HTMLElement).closest('li')?.querySelector<HTMLElement>('[data-toggle]')?.focus()
    else if (event.key === 'ArrowLeft')
      (event.target as HTMLElement).closest('li')?.querySelector<HTMLElement>('[data-name]')?.focus()
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  const at = Math.min(current, lines.length - 1)
  const heading = (line: Line, before: Line | undefined): string | null =>
    line.column && !before?.column
      ? t('fields.columns')
      : !line.column && (before === undefined || before.column)
        ? t('fields.others')
        : null
  return (
    <Pane label={t('fields.title')} className="ev-fields" as="aside" onEnter={() => focusLine(at)}>
      <PaneHead title={t('fields.title')}>{occurring ? format.number(occurring.length) : null}</PaneHead>
      <input
        className="wf-input wf-input-small"
        type="search"
        value={typed}
        placeholder={t('fields.find')}
        aria-label={t('fields.find')}
        spellCheck={false}
        onChange={(event) => {
          setTyped(event.target.value)
          setCurrent(0)
        }}
        onKeyDown={(event) => {
          if (event.key === 'ArrowDown') {
            event.preventDefault()
            focusLine(0)
          }
        }}
      />
      {sampled === null ? null : <p className="ev-fields-sampled">{t('fields.sampled', { count: format.number(sampled) })}</p>}
      <Loading waiting={fields.loading && !fields.value} />
      {fields.error && fields.error.code !== 'query_syntax' ? (
        <ErrorState error={fields.error} what={t('fields.failed')} onRetry={fields.refresh} />
      ) : null}
      <div ref={list} className="ev-fields-list" onKeyDown={pressed}>
        <ul>
          {lines.slice(0, SHOWN).map((line, index) => (
            <li key={line.field}>
              {heading(line, lines[index - 1]) ? <div className="ev-fields-head">{heading(line, lines[index - 1])}</div> : null}
              <div className="ev-field">
                <button
                  type="button"
                  data-name=""
                  className="ev-field-name"
                  tabIndex={index === at ? 0 : -1}
                  aria-haspopup="dialog"
                  disabled={line.field === SUMMARY}
                  onFocus={() => setCurrent(index)}
                  onClick={(event) => onStats(line.field, event.currentTarget)}
                >
                  <span className="ellipsis">{line.field === SUMMARY ? t('columns.summary') : visibleText(line.field)}</span>
                  {line.events === null ? null : <em title={format.number(line.events)}>{format.number(line.events)}</em>}
                  {line.events === null ? null : <i style={{ width: `${(line.events / most) * 100}%` }} />}
                </button>
                <button
                  type="button"
                  data-toggle=""
                  className="ev-field-toggle"
                  tabIndex={index === at ? 0 : -1}
                  aria-pressed={line.column}
                  aria-label={t(line.column ? 'fields.remove' : 'fields.add', {
                    field: line.field === SUMMARY ? t('columns.summary') : visibleText(line.field),
                  })}
                  onFocus={() => setCurrent(index)}
                  onClick={() => onToggle(line.field)}
                >
                  <Icon name={line.column ? 'check' : 'plus'} size={12} />
                </button>
              </div>
            </li>
          ))}
        </ul>
        {lines.length > SHOWN ? (
          <p className="ev-fields-more">{t('fields.more', { count: format.number(lines.length - SHOWN) })}</p>
        ) : null}
        {lines.length === 0 ? <p className="ev-fields-more">{t('fields.none')}</p> : null}
      </div>
    </Pane>
  )
}
