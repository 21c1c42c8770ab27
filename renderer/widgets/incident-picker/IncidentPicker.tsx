import { useEffect, useId, useRef, useState, type KeyboardEvent, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Incident, IncidentStatus } from '../../../shared/model/incident.ts'
import { useQuery } from '../../client/hooks.ts'
import { Field } from '../../components/Field.tsx'
import { SeverityGlyph } from '../../components/Severity.tsx'
import { ErrorState, Loading } from '../../components/States.tsx'
import { visibleText } from '../../format/text.ts'
import { formatExact, secondsSince } from '../../format/time.ts'
import { useFormat } from '../../i18n/use-format.ts'
import { useEngineNow } from '../../state/clock.ts'
import './incident-picker.css'

const OPEN = ['open', 'contained', 'eradicated', 'recovered'] as const satisfies readonly IncidentStatus[]
/** More are found by words. */
const MOST = 30

/**
 * One of the incidents, the newest first, found by its number or words of its title. The arrows move the choice while the focus stays in
 * the field, so Enter is the form's. Incidents that were merged into others are never offered.
 */
export function IncidentPicker({
  label,
  chosen,
  closed = false,
  eager = false,
  preferred = null,
  leaveOut = [],
  onChoose,
}: {
  readonly label: string
  readonly chosen: Incident | null
  /** Closed ones too. */
  readonly closed?: boolean
  /** The first is chosen by itself. */
  readonly eager?: boolean
  /** Number of the one that stands first while no words are given. */
  readonly preferred?: string | null
  readonly leaveOut?: readonly string[]
  onChoose(incident: Incident | null): void
}): ReactNode {
  const { t } = useTranslation('incident-picker')
  const [text, setText] = useState('')
  const { value, error, loading, refresh } = useQuery('incidents.list', {
    text: text.trim(),
    status: closed ? [...OPEN, 'closed'] : [...OPEN],
    limit: MOST + leaveOut.length,
  })
  const id = useId()
  const list = useRef<HTMLDivElement>(null)
  const first = useQuery('incidents.get', preferred === null ? null : { number: preferred })
  const statuses: readonly IncidentStatus[] = closed ? [...OPEN, 'closed'] : OPEN
  const wanted = first.value && text.trim() === '' && statuses.includes(first.value.status) ? first.value : null
  const others = (value?.incidents ?? []).filter(({ number }) => !leaveOut.includes(number) && number !== wanted?.number)
  const shown = (wanted ? [wanted, ...others] : others).slice(0, MOST)
  const at = shown.findIndex(({ number }) => number === chosen?.number)
  // What is chosen is always on screen: it goes with the words that found it.
  const answered = value !== null && !loading && !first.loading
  const standing = useRef({ shown, chosen, onChoose })
  useEffect(() => {
    standing.current = { shown, chosen, onChoose }
  })
  const numbers = shown.map(({ number }) => number).join(' ')
  useEffect(() => {
    if (!answered) return
    const { shown: found, chosen: was, onChoose: choose } = standing.current
    const next = eager ? (found[0] ?? null) : null
    if (was === null ? next !== null : !found.some(({ number }) => number === was.number)) choose(next)
  }, [answered, numbers, eager])
  const current = chosen?.number
  useEffect(() => {
    list.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' })
  }, [current])
  const moved = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    if (step === 0 || event.nativeEvent.isComposing) return
    event.preventDefault()
    const next = shown[at < 0 ? (step > 0 ? 0 : shown.length - 1) : Math.max(0, Math.min(shown.length - 1, at + step))]
    if (next) onChoose(next)
  }
  return (
    <div className="ip">
      <Field label={label}>
        {(control) => (
          <input
            {...control}
            className="wf-input"
            role="combobox"
            type="text"
            autoComplete="off"
            aria-autocomplete="list"
            aria-expanded="true"
            aria-controls={id}
            aria-activedescendant={at < 0 ? undefined : `${id}-${at}`}
            data-autofocus=""
            placeholder={t('hint')}
            maxLength={500}
            value={text}
            onChange={(event) => setText(event.target.value)}
            onKeyDown={moved}
          />
        )}
      </Field>
      <Loading waiting={loading && value === null} />
      {error ? <ErrorState error={error} what={t('failed')} onRetry={refresh} /> : null}
      <div ref={list} id={id} role="listbox" aria-label={t('found')} className="ip-list">
        {shown.map((incident, index) => (
          <Row
            key={incident.number}
            id={`${id}-${index}`}
            incident={incident}
            chosen={index === at}
            onChoose={() => onChoose(incident)}
          />
        ))}
      </div>
      {value !== null && shown.length === 0 ? (
        <p className="dim">{t(text.trim() === '' ? 'none' : 'notFound')}</p>
      ) : value !== null && value.total > value.incidents.length ? (
        <p className="dim">{t('more')}</p>
      ) : null}
    </div>
  )
}

function Row({
  id,
  incident,
  chosen,
  onChoose,
}: {
  readonly id: string
  readonly incident: Incident
  readonly chosen: boolean
  onChoose(): void
}): ReactNode {
  const { t } = useTranslation('incidents')
  const format = useFormat()
  const now = useEngineNow()
  return (
    // The field has the focus and the keys.
    <div id={id} role="option" aria-selected={chosen} className={chosen ? 'ip-row on' : 'ip-row'} onClick={onChoose}>
      <SeverityGlyph severity={incident.severity} size={14} />
      <span className="mono">{incident.number}</span>
      <span className="ellipsis ip-title" title={visibleText(incident.title)}>
        {visibleText(incident.title)}
      </span>
      <span>{t(`status.${incident.status}`)}</span>
      <span className="ip-age" title={formatExact(incident.created)}>
        {format.age(secondsSince(incident.created, now))}
      </span>
    </div>
  )
}
