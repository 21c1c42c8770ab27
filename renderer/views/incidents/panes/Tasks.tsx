import { useState, type FormEvent, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Task } from '../../../../shared/model/incident.ts'
import { Button } from '../../../components/Button.tsx'
import { momentOf } from '../../../components/time-range.ts'
import { visibleText } from '../../../format/text.ts'
import { formatMoment } from '../../../format/time.ts'
import { useFormat } from '../../../i18n/use-format.ts'
import { useEngineNow } from '../../../state/clock.ts'
import { useEditor } from '../editor/editor-context.ts'
import { Avatar } from '../marks.tsx'

/** What is to be done and is no step of a playbook. */
export function Tasks({ wide }: { readonly wide: boolean }): ReactNode {
  const { t } = useTranslation('incidents')
  const { parts } = useEditor()
  return (
    <section aria-label={t('task.title')}>
      <h4>{t('task.title')}</h4>
      {parts.tasks.map((task) => (
        <TaskRow key={task.id} task={task} wide={wide} />
      ))}
      {wide ? <NewTask /> : null}
    </section>
  )
}

function TaskRow({ task, wide }: { readonly task: Task; readonly wide: boolean }): ReactNode {
  const { t } = useTranslation('incidents')
  const format = useFormat()
  const now = useEngineNow()
  const { save, remove } = useEditor()
  const [skipping, setSkipping] = useState(false)
  const [reason, setReason] = useState('')
  const set = (state: Task['state'], why = ''): void => {
    const { id, written, ...part } = task
    void save({ kind: 'task', id, base: written.revision, part: { ...part, state, reason: why } })
  }
  const due = task.due === null ? null : Date.parse(task.due)
  const late = task.state === 'open' && due !== null && due < now
  const title = visibleText(task.title)
  return (
    <>
      <div
        className={`in-stepline in-step-${task.state === 'open' ? 'open' : task.state} ${late ? 'in-late' : ''}`}
        data-row="task"
        data-id={task.id}
        tabIndex={-1}
      >
        <input
          type="checkbox"
          aria-label={title}
          checked={task.state === 'done'}
          onChange={(event) => set(event.target.checked ? 'done' : 'open')}
        />
        <span className="in-kind">{task.phase === null ? t('task.kind') : t(`phase.${task.phase}`)}</span>
        <span className="in-steptext" title={task.reason ? `${title}\n${visibleText(task.reason)}` : title}>
          {title}
        </span>
        <span className="in-who">{task.assignee === null ? null : <Avatar name={task.assignee} />}</span>
        <span className="in-when mono">
          {task.state === 'skipped'
            ? t('playbook.skipped')
            : late && due !== null
              ? t('playbook.late', { age: format.age((now - due) / 1000) })
              : due === null
                ? ''
                : t('playbook.due', { time: formatMoment(due, now).replace(/:\d\d$/, '') })}
        </span>
        {wide ? (
          <span className="in-taskactions">
            {task.state === 'open' ? (
              <Button small kind="quiet" onClick={() => setSkipping(!skipping)}>
                {t('task.skip')}
              </Button>
            ) : null}
            <Button small kind="quiet" onClick={() => void remove('task', task.id)}>
              {t('remove')}
            </Button>
          </span>
        ) : null}
      </div>
      {skipping ? (
        <form
          className="in-taskform"
          onSubmit={(event) => {
            event.preventDefault()
            if (reason.trim() === '') return
            setSkipping(false)
            set('skipped', reason.trim())
          }}
        >
          <input
            className="wf-input wf-input-small"
            aria-label={t('task.reason')}
            placeholder={t('task.reason')}
            maxLength={4000}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
          <Button small type="submit" disabled={reason.trim() === ''}>
            {t('task.skip')}
          </Button>
        </form>
      ) : null}
    </>
  )
}

function NewTask(): ReactNode {
  const { t } = useTranslation('incidents')
  const now = useEngineNow()
  const { save, me } = useEditor()
  const [title, setTitle] = useState('')
  const [who, setWho] = useState(me)
  const [due, setDue] = useState('')
  const [running, setRunning] = useState(false)
  const moment = momentOf(due, now)
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (running || title.trim() === '' || moment === undefined) return
    setRunning(true)
    void save({
      kind: 'task',
      id: null,
      base: null,
      part: { title: title.trim(), assignee: who.trim() || null, due: moment, state: 'open', reason: '', phase: null },
    }).then((saved) => {
      setRunning(false)
      if (saved) {
        setTitle('')
        setDue('')
      }
    })
  }
  return (
    <form className="in-taskform" onSubmit={submit}>
      <input
        className="wf-input wf-input-small"
        aria-label={t('task.new')}
        placeholder={t('task.new')}
        maxLength={300}
        value={title}
        onChange={(event) => setTitle(event.target.value)}
      />
      <input
        className="wf-input wf-input-small in-shortfield"
        aria-label={t('task.who')}
        placeholder={t('task.who')}
        maxLength={256}
        value={who}
        onChange={(event) => setWho(event.target.value)}
      />
      <input
        className="wf-input wf-input-small in-shortfield mono"
        aria-label={t('task.due')}
        aria-invalid={moment === undefined}
        placeholder={t('task.dueHint')}
        maxLength={40}
        value={due}
        onChange={(event) => setDue(event.target.value)}
      />
      <Button small type="submit" disabled={running || title.trim() === '' || moment === undefined}>
        {t('task.add')}
      </Button>
    </form>
  )
}
