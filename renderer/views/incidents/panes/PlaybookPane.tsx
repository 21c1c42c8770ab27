import { memo, useMemo, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../../components/Button.tsx'
import { Icon } from '../../../components/Icon.tsx'
import { Pane, PaneHead } from '../../../components/Pane.tsx'
import { visibleText } from '../../../format/text.ts'
import { formatExact, formatMoment } from '../../../format/time.ts'
import { useFormat } from '../../../i18n/use-format.ts'
import { useEngineNow } from '../../../state/clock.ts'
import { useEditor } from '../editor/editor-context.ts'
import { Avatar } from '../marks.tsx'
import { runOf, type StepView } from './run-view.ts'
import { StartPlaybook } from './StartPlaybook.tsx'
import { StepDialog } from './StepDialog.tsx'
import { Tasks } from './Tasks.tsx'

/** Kinds of steps that have a word of ours. */
const KINDS = new Set(['check', 'decide', 'contain', 'eradicate', 'recover', 'notify', 'wait'])

/** Playbooks that are being carried out, step by step, and the other tasks. */
export const PlaybookPane = memo(function PlaybookPane({ wide = false }: { readonly wide?: boolean }): ReactNode {
  const { t } = useTranslation('incidents')
  const format = useFormat()
  const { parts, number, me } = useEditor()
  const [starting, setStarting] = useState(false)
  const [opened, setOpened] = useState<{ readonly run: string; readonly step: string } | null>(null)
  const runs = useMemo(
    () =>
      parts.playbooks.flatMap(({ id, run }) => {
        const view = runOf(run)
        return view ? [{ id, view }] : []
      }),
    [parts.playbooks],
  )
  const only = runs.length === 1 ? runs[0] : undefined
  const steps = runs.reduce((sum, { view }) => sum + view.steps.length, 0) + parts.tasks.length
  const done = runs.reduce((sum, { view }) => sum + view.done, 0) + parts.tasks.filter(({ state }) => state !== 'open').length
  return (
    <Pane label={t('pane.playbook')} className={wide ? 'in-pane in-playbook in-playbook-wide' : 'in-pane in-playbook'}>
      <PaneHead title={only ? t('playbook.of', { title: visibleText(only.view.title[format.language]) }) : t('pane.playbook')}>
        <Button small kind="quiet" onClick={() => setStarting(true)}>
          {t('playbook.startButton')}
        </Button>
        {steps > 0 ? <span>{t('playbook.done', { done: format.number(done), total: format.number(steps) })}</span> : null}
      </PaneHead>
      <div className="in-steps">
        {runs.length === 0 && parts.tasks.length === 0 && !wide ? <p className="in-none">{t('playbook.empty')}</p> : null}
        {runs.map(({ id, view }) => (
          <section key={id} aria-label={visibleText(view.title[format.language])}>
            {only ? null : <h4>{visibleText(view.title[format.language])}</h4>}
            {view.steps.map((step) => (
              <Step key={step.id} step={step} onOpen={() => setOpened({ run: id, step: step.id })} />
            ))}
          </section>
        ))}
        {parts.tasks.length > 0 || wide ? <Tasks wide={wide} /> : null}
      </div>
      {starting ? <StartPlaybook number={number} onClose={() => setStarting(false)} /> : null}
      {opened ? <StepDialog number={number} me={me} {...opened} onClose={() => setOpened(null)} /> : null}
    </Pane>
  )
})

const withoutSeconds = (moment: string): string => moment.replace(/:\d\d$/, '')

function Step({ step, onOpen }: { readonly step: StepView; onOpen(): void }): ReactNode {
  const { t } = useTranslation('incidents')
  const format = useFormat()
  const now = useEngineNow()
  const waits = step.status === 'open' || step.status === 'started'
  const late = waits && step.due !== null && step.due < now
  const when = step.ended
    ? step.status === 'skipped'
      ? t('playbook.skipped')
      : withoutSeconds(formatMoment(step.ended.at, now))
    : step.due === null
      ? ''
      : late
        ? t('playbook.late', { age: format.age((now - step.due) / 1000) })
        : t('playbook.due', { time: withoutSeconds(formatMoment(step.due, now)) })
  const title = visibleText(step.title[format.language])
  return (
    <div
      className={`in-stepline in-step-${step.status} ${late ? 'in-late' : ''}`}
      tabIndex={0}
      role="button"
      onClick={onOpen}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' && event.key !== ' ') return
        event.preventDefault()
        onOpen()
      }}
      aria-label={`${t(`stepStatus.${step.status}`)}: ${title}`}
      data-row="step"
      data-id={step.id}
    >
      <span className="in-box" aria-hidden="true">
        {step.status === 'done' ? (
          <Icon name="check" size={12} />
        ) : step.status === 'skipped' ? (
          <Icon name="arrow" size={12} />
        ) : late ? (
          <Icon name="warning" size={13} />
        ) : step.status === 'started' ? (
          <i className="in-run" />
        ) : (
          <i className="in-open" />
        )}
      </span>
      <span className="in-kind">{KINDS.has(step.kind) ? t(`stepKind.${step.kind}`) : visibleText(step.kind)}</span>
      <span className="in-steptext" title={step.ended?.note ? `${title}\n${visibleText(step.ended.note)}` : title}>
        {title}
      </span>
      <span className="in-who">
        {step.ended?.auto ? (
          <em>{t('playbook.auto')}</em>
        ) : (step.ended?.by ?? step.assignee) === null ? null : (
          <Avatar name={step.ended?.by ?? step.assignee ?? ''} />
        )}
      </span>
      <span className="in-when mono" title={step.ended ? formatExact(step.ended.at) : undefined}>
        {when}
      </span>
    </div>
  )
}
