import { useRef, useState, type FormEvent, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { formatDateTime, formatMoment } from '../format/time.ts'
import { useFormat } from '../i18n/use-format.ts'
import { useEngineNow } from '../state/clock.ts'
import { Button } from './Button.tsx'
import { Popover } from './Popover.tsx'
import { LAST_SECONDS, momentOf, windowOf, type TimeRange } from './time-range.ts'
import './time-range.css'

/** Last so long, between two moments (UTC), or all. */
export function TimeRangePicker({
  value,
  onChange,
  align = 'end',
}: {
  readonly value: TimeRange
  readonly align?: 'start' | 'end'
  onChange(range: TimeRange): void
}): ReactNode {
  const { t } = useTranslation()
  const now = useEngineNow()
  const anchor = useRef<HTMLButtonElement>(null)
  const [open, setOpen] = useState(false)
  const window = windowOf(value, now)
  const label = useRangeLabel()
  const edges =
    value.kind === 'all'
      ? null
      : value.kind === 'last'
        ? t('range.edges', { from: formatMoment(window.from ?? now, now).slice(0, -3), to: t('range.now') })
        : null
  return (
    <>
      <Button ref={anchor} small icon="clock" opens aria-haspopup="dialog" aria-expanded={open} onClick={() => setOpen(!open)}>
        <span className="sr">{t('range.title')}</span> {label(value)}
        {edges ? <em className="wf-range-edges">{edges}</em> : null}
      </Button>
      {open ? (
        <Popover anchor={anchor} label={t('range.title')} align={align} onClose={() => setOpen(false)}>
          <Choices
            value={value}
            now={now}
            onChange={(range) => {
              setOpen(false)
              onChange(range)
            }}
          />
        </Popover>
      ) : null}
    </>
  )
}

/** The words for a range: `Last 4 h`, `All time`, `11-19 18:21 – 18:40`. */
export function useRangeLabel(): (range: TimeRange) => string {
  const { t } = useTranslation()
  const format = useFormat()
  return (range) => {
    if (range.kind === 'all') return t('range.all')
    if (range.kind === 'last')
      return t(`range.last.${range.seconds}`, { defaultValue: t('range.lastAge', { age: format.length(range.seconds) }) })
    const text = (at: string | null): string => (at === null ? '…' : formatDateTime(at).slice(5))
    return `${text(range.from)} – ${text(range.to)}`
  }
}

function Choices({
  value,
  now,
  onChange,
}: {
  readonly value: TimeRange
  readonly now: number
  onChange(range: TimeRange): void
}): ReactNode {
  const { t } = useTranslation()
  const label = useRangeLabel()
  const shown = windowOf(value, now)
  const [from, setFrom] = useState(shown.from ? formatDateTime(shown.from) : '')
  const [to, setTo] = useState(shown.to ? formatDateTime(shown.to) : '')
  const [tried, setTried] = useState(false)
  const start = momentOf(from, now)
  const end = momentOf(to, now)
  const problem =
    start === undefined || end === undefined
      ? 'range.noTime'
      : start !== null && end !== null && start >= end
        ? 'range.backwards'
        : start === null && end === null
          ? 'range.noEnd'
          : null
  const apply = (event: FormEvent): void => {
    event.preventDefault()
    setTried(true)
    if (problem === null && start !== undefined && end !== undefined) onChange({ kind: 'between', from: start, to: end })
  }
  const lasts: TimeRange[] = [...LAST_SECONDS.map((seconds) => ({ kind: 'last', seconds }) as const), { kind: 'all' }]
  return (
    <div className="wf-range">
      <div className="wf-range-lasts" role="group" aria-label={t('range.title')}>
        {lasts.map((range) => (
          <Button
            key={range.kind === 'last' ? range.seconds : 'all'}
            small
            kind="quiet"
            aria-pressed={
              range.kind === value.kind && (range.kind !== 'last' || value.kind !== 'last' || range.seconds === value.seconds)
            }
            onClick={() => onChange(range)}
          >
            {label(range)}
          </Button>
        ))}
      </div>
      <form className="wf-range-between" onSubmit={apply}>
        <label className="wf-field">
          <span>{t('range.from')}</span>
          <input
            className="wf-input wf-input-small mono"
            value={from}
            placeholder="2026-11-19 18:00"
            spellCheck={false}
            aria-invalid={tried && start === undefined}
            onChange={(event) => setFrom(event.target.value)}
          />
        </label>
        <label className="wf-field">
          <span>{t('range.to')}</span>
          <input
            className="wf-input wf-input-small mono"
            value={to}
            placeholder={t('range.now')}
            spellCheck={false}
            aria-invalid={tried && end === undefined}
            onChange={(event) => setTo(event.target.value)}
          />
        </label>
        <div className="wf-field" aria-live="polite">
          {tried && problem ? (
            <span className="wf-field-problem">{t(problem)}</span>
          ) : (
            <span className="wf-field-note">{t('range.utc')}</span>
          )}
        </div>
        <Button small type="submit">
          {t('range.apply')}
        </Button>
      </form>
    </div>
  )
}
