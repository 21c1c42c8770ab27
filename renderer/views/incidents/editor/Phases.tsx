import { useRef, useState, type FormEvent, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { PHASES, type Phase } from '../../../../shared/model/incident.ts'
import { Button } from '../../../components/Button.tsx'
import { Field } from '../../../components/Field.tsx'
import { Icon } from '../../../components/Icon.tsx'
import { Popover } from '../../../components/Popover.tsx'
import { momentOf } from '../../../components/time-range.ts'
import { formatDateTime, formatExact, formatMoment, secondsSince } from '../../../format/time.ts'
import { useFormat } from '../../../i18n/use-format.ts'
import { useEngineNow } from '../../../state/clock.ts'
import { useEditor } from './editor-context.ts'

/** Phases whose reaching is a change of status. */
export const REACHED: ReadonlySet<Phase> = new Set(['contained', 'eradicated', 'recovered', 'closed'])

/** The way of the incident: when each phase was reached, and how long it took from the one before. */
export function Phases({ onReach }: { onReach(phase: Phase, at: string | null): Promise<boolean> }): ReactNode {
  const { t } = useTranslation('incidents')
  const format = useFormat()
  const now = useEngineNow()
  const { incident } = useEditor()
  const [opened, setOpened] = useState<Phase | null>(null)
  const cells = useRef<HTMLDivElement>(null)
  const anchor = useRef<HTMLElement | null>(null)
  const last = PHASES.findLastIndex((phase) => incident.times[phase])
  const { tasks, tasksDone } = incident.counts
  return (
    <div ref={cells} className="in-phases" role="group" aria-label={t('phases')}>
      {PHASES.map((phase, index) => {
        const at = incident.times[phase]
        const since =
          PHASES.slice(0, index)
            .map((earlier) => incident.times[earlier] ?? null)
            .findLast((earlier) => earlier !== null) ?? null
        const current = !at && index === last + 1
        const took = at && since ? (Date.parse(at) - Date.parse(since)) / 1000 : null
        const share = tasks > 0 ? tasksDone / tasks : 0
        return (
          <button
            key={phase}
            type="button"
            className={at ? 'in-phase in-phase-done' : current ? 'in-phase in-phase-now' : 'in-phase'}
            title={at ? formatExact(at) : t('setTime')}
            onClick={(event) => {
              anchor.current = event.currentTarget
              setOpened(phase)
            }}
          >
            <b>
              {at ? <Icon name="check" size={12} /> : current ? <i className="in-run" aria-hidden="true" /> : null}
              {t(`phase.${phase}`)}
            </b>
            <span>
              {at
                ? formatMoment(at, now)
                : current && tasks > 0
                  ? t('tasksOf', { done: format.number(tasksDone), total: format.number(tasks) })
                  : current
                    ? ''
                    : '–'}
              {took === null ? null : <em>{`+${format.age(Math.max(0, took))}`}</em>}
              {current && since ? <em>{format.age(secondsSince(since, now))}</em> : null}
            </span>
            {current && share > 0 ? <i className="in-phase-bar" style={{ width: `${share * 100}%` }} aria-hidden="true" /> : null}
          </button>
        )
      })}
      {opened ? (
        <Popover anchor={anchor} label={t('setTimeOf', { phase: t(`phase.${opened}`) })} onClose={() => setOpened(null)}>
          <PhaseTime key={opened} phase={opened} onReach={onReach} onClose={() => setOpened(null)} />
        </Popover>
      ) : null}
    </div>
  )
}

function PhaseTime({
  phase,
  onReach,
  onClose,
}: {
  readonly phase: Phase
  onReach(phase: Phase, at: string | null): Promise<boolean>
  onClose(): void
}): ReactNode {
  const { t } = useTranslation('incidents')
  const now = useEngineNow()
  const { incident, edit } = useEditor()
  const at = incident.times[phase] ?? null
  const [from] = useState(at)
  const [text, setText] = useState(formatDateTime(at ?? now))
  const [asked, setAsked] = useState(false)
  const moment = momentOf(text, now)
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    setAsked(true)
    if (!moment) return
    onClose()
    if (from === null && REACHED.has(phase)) void onReach(phase, moment)
    else if (moment.slice(0, 19) !== from?.slice(0, 19)) void edit({ times: { [phase]: moment } }, { times: { [phase]: from } })
  }
  return (
    <form className="in-phaseform" onSubmit={submit}>
      <Field
        label={t(`phase.${phase}`)}
        note={t('common:range.utc')}
        problem={asked && !moment ? t('common:range.noTime') : null}
      >
        {(control) => (
          <input
            {...control}
            className="wf-input mono"
            data-autofocus=""
            maxLength={40}
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        )}
      </Field>
      <Button kind="primary" type="submit">
        {t('setTime')}
      </Button>
    </form>
  )
}
