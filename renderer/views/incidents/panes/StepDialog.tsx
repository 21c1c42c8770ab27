import { useEffect, useRef, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { RunAction } from '../../../../shared/model/playbook-run.ts'
import { useCommand, useQuery } from '../../../client/hooks.ts'
import { Button } from '../../../components/Button.tsx'
import { Field } from '../../../components/Field.tsx'
import { Dialog } from '../../../components/Popover.tsx'
import { ErrorState, Loading } from '../../../components/States.tsx'
import { visibleText } from '../../../format/text.ts'
import { formatExact } from '../../../format/time.ts'
import { useFormat } from '../../../i18n/use-format.ts'
import { engineNow } from '../../../state/clock.ts'

/** One step of a run: what is to be done, who does it, and how it ended. */
export function StepDialog({
  number,
  run,
  step: id,
  me,
  onClose,
}: {
  readonly number: string
  readonly run: string
  readonly step: string
  readonly me: string
  onClose(): void
}): ReactNode {
  const { t } = useTranslation('incidents')
  const { language } = useFormat()
  const { value, error, loading, refresh } = useQuery('incidents.runs', { number })
  const act = useCommand('incidents.act')
  const [note, setNote] = useState('')
  const found = value?.runs.find((one) => one.id === run)
  const step = found?.run.playbook.steps.find((one) => one.id === id)
  const view = found?.view.steps.find((one) => one.id === id)
  const state = found?.run.steps.find((one) => one.id === id)
  const of = { at: new Date(engineNow()).toISOString(), by: me, step: id }
  const said = note.trim() === '' ? null : note.trim()
  const send = (action: RunAction, close = true): void =>
    void act.run({ number, run, action }).then((done) => {
      if (!done.ok) return
      if (close) onClose()
      else refresh()
    })
  // It comes after the dialog has opened.
  const field = useRef<HTMLInputElement>(null)
  const shown = view !== undefined
  useEffect(() => {
    if (shown) field.current?.focus()
  }, [shown])
  const active = view?.state === 'ready' || view?.state === 'started' || view?.state === 'waiting'
  // Where the answer decides what follows, the engine refuses to go on without it.
  const skippable =
    step !== undefined &&
    step.kind !== 'decide' &&
    (step.kind !== 'check' || [...step.onSuccess].sort().join(' ') === [...step.onFailure].sort().join(' '))
  const settled = view?.state === 'done' || view?.state === 'skipped'
  return (
    <Dialog
      title={step ? visibleText(step.title[language]) : t('playbook.step')}
      wide
      onClose={onClose}
      footer={
        <>
          {settled ? (
            <Button disabled={act.running} onClick={() => send({ kind: 'reopen', ...of, reason: said })}>
              {t('playbook.reopen')}
            </Button>
          ) : null}
          {active && state?.assignee !== me ? (
            <Button disabled={act.running} onClick={() => send({ kind: 'assign', ...of, who: me }, false)}>
              {t('playbook.take')}
            </Button>
          ) : null}
          {active && skippable ? (
            <Button disabled={act.running || said === null} onClick={() => send({ kind: 'skip', ...of, reason: said ?? '' })}>
              {t('playbook.skip')}
            </Button>
          ) : null}
          {active && step?.kind === 'decide' ? (
            step.choices.map((choice) => (
              <Button
                key={choice.id}
                kind="primary"
                disabled={act.running}
                onClick={() => send({ kind: 'answer', ...of, choice: choice.id, note: said })}
              >
                {visibleText(choice.title[language])}
              </Button>
            ))
          ) : active ? (
            <>
              {step?.kind === 'check' ? (
                <Button
                  disabled={act.running}
                  onClick={() => send({ kind: 'done', ...of, outcome: 'failure', note: said, evidence: [] })}
                >
                  {t('playbook.no')}
                </Button>
              ) : null}
              <Button
                kind="primary"
                disabled={act.running}
                onClick={() => send({ kind: 'done', ...of, outcome: 'success', note: said, evidence: [] })}
              >
                {t(step?.kind === 'check' ? 'playbook.yes' : 'playbook.finish')}
              </Button>
            </>
          ) : null}
        </>
      }
    >
      <Loading waiting={loading && value === null} />
      {error && value === null ? <ErrorState error={error} what={t('playbook.notListed')} /> : null}
      {step && view ? (
        <>
          <p className="in-why">
            {t(`stepState.${view.state}`)}
            {view.due === null ? null : ` · ${t('playbook.dueBy', { time: formatExact(view.due) })}`}
            {state?.assignee ? ` · ${visibleText(state.assignee)}` : null}
          </p>
          {visibleText(step.text[language])
            .split('\n')
            .map((line, i) => (
              <p key={i} className="in-steplines">
                {line}
              </p>
            ))}
          {active || settled ? (
            <Field
              label={t('playbook.note')}
              note={active ? t(skippable ? 'playbook.noteHint' : 'playbook.wantsAnswer') : undefined}
            >
              {(control) => (
                <input
                  {...control}
                  ref={field}
                  className="wf-input"
                  maxLength={2000}
                  value={note}
                  onChange={({ target }) => setNote(target.value)}
                />
              )}
            </Field>
          ) : null}
        </>
      ) : null}
      {act.error ? <ErrorState error={act.error} what={t('playbook.refused')} /> : null}
    </Dialog>
  )
}
