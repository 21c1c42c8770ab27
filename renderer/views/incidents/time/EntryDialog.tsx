import { useId, useState, type FormEvent, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { TimelineEntry } from '../../../../shared/model/incident.ts'
import { Button } from '../../../components/Button.tsx'
import { Field } from '../../../components/Field.tsx'
import { Dialog } from '../../../components/Popover.tsx'
import { Segmented } from '../../../components/Segmented.tsx'
import { momentOf } from '../../../components/time-range.ts'
import { formatDateTime } from '../../../format/time.ts'
import { engineNow, useEngineNow } from '../../../state/clock.ts'
import { useEditor } from '../editor/editor-context.ts'

const OWN = ['action', 'call', 'note'] as const
type Own = (typeof OWN)[number]

/** An entry that a person writes, or the words of one that came by itself. */
export function EntryDialog({
  entry,
  groups,
  onClose,
  onSaved,
}: {
  /** Null: a new one. */
  readonly entry: TimelineEntry | null
  readonly groups: readonly string[]
  onClose(): void
  onSaved(id: string): void
}): ReactNode {
  const { t } = useTranslation('incidents')
  const { save } = useEditor()
  const now = useEngineNow()
  const [kind, setKind] = useState<TimelineEntry['kind']>(entry?.kind ?? 'action')
  const [time, setTime] = useState(() => formatDateTime(entry?.time ?? engineNow()))
  const [until, setUntil] = useState(entry?.until ? formatDateTime(entry.until) : '')
  const [title, setTitle] = useState(entry?.title ?? '')
  const [text, setText] = useState(entry?.text ?? '')
  const [group, setGroup] = useState(entry?.group ?? '')
  const [internal, setInternal] = useState(entry?.internal ?? false)
  const [asked, setAsked] = useState(false)
  const [saving, setSaving] = useState(false)
  const form = useId()
  const list = useId()
  const own = entry === null || OWN.includes(entry.kind as Own)
  const from = momentOf(time, now)
  const to = kind === 'call' ? momentOf(until, now) : null
  const timeProblem = !from ? t('common:range.noTime') : null
  const untilProblem = to === undefined ? t('common:range.noTime') : from && to && to < from ? t('common:range.backwards') : null
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    setAsked(true)
    if (saving || !from || timeProblem || untilProblem || title.trim() === '') return
    setSaving(true)
    // What was not touched keeps all its decimals.
    const kept = entry && formatDateTime(entry.time) === time ? entry.time : from
    const keptUntil = entry?.until && formatDateTime(entry.until) === until ? entry.until : (to ?? null)
    const saved = await save({
      kind: 'entry',
      id: entry?.id ?? null,
      base: entry?.written.revision ?? null,
      part: {
        kind,
        time: kept,
        until: kind === 'call' ? keptUntil : (entry?.until ?? null),
        title: title.trim(),
        text,
        severity: entry?.severity ?? null,
        alert: entry?.alert ?? null,
        event: entry?.event ?? null,
        cites: entry?.cites ?? [],
        group: group.trim(),
        internal,
      },
    })
    setSaving(false)
    if (!saved) return
    onSaved(saved.id)
    onClose()
  }
  return (
    <Dialog
      title={t(entry ? 'entry.edit' : 'entry.new')}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('common:cancel')}</Button>
          <Button kind="primary" type="submit" form={form} disabled={saving}>
            {t(entry ? 'entry.save' : 'entry.add')}
          </Button>
        </>
      }
    >
      <form id={form} className="in-form" onSubmit={(event) => void submit(event)}>
        {own ? (
          <Segmented
            label={t('entry.kind')}
            segments={OWN.map((one) => ({ value: one, label: t(`entryKind.${one}`) }))}
            value={OWN.find((one) => one === kind) ?? null}
            onChange={setKind}
          />
        ) : null}
        <Field label={t('entry.title')} problem={asked && title.trim() === '' ? t('entry.noTitle') : null}>
          {(control) => (
            <input
              {...control}
              className="wf-input"
              data-autofocus=""
              maxLength={1000}
              value={title}
              onChange={(event) => setTitle(event.target.value)}
            />
          )}
        </Field>
        <div className="in-formrow">
          <Field label={t('entry.time')} note={t('common:range.utc')} problem={asked ? timeProblem : null}>
            {(control) => (
              <input
                {...control}
                className="wf-input mono"
                disabled={!own}
                maxLength={40}
                value={time}
                onChange={(event) => setTime(event.target.value)}
              />
            )}
          </Field>
          {kind === 'call' ? (
            <Field label={t('entry.until')} note={t('entry.untilNote')} problem={asked ? untilProblem : null}>
              {(control) => (
                <input
                  {...control}
                  className="wf-input mono"
                  maxLength={40}
                  value={until}
                  onChange={(event) => setUntil(event.target.value)}
                />
              )}
            </Field>
          ) : null}
          <Field label={t('entry.group')} note={t('entry.groupNote')}>
            {(control) => (
              <input
                {...control}
                className="wf-input"
                list={list}
                maxLength={100}
                value={group}
                onChange={(event) => setGroup(event.target.value)}
              />
            )}
          </Field>
          <datalist id={list}>
            {groups.map((one) => (
              <option key={one} value={one} />
            ))}
          </datalist>
        </div>
        <Field label={t('entry.text')}>
          {(control) => (
            <textarea
              {...control}
              className="wf-input in-area"
              rows={4}
              maxLength={100_000}
              value={text}
              onChange={(event) => setText(event.target.value)}
            />
          )}
        </Field>
        <label className="wf-check">
          <input type="checkbox" checked={internal} onChange={(event) => setInternal(event.target.checked)} />
          {t('note.internal')}
        </label>
      </form>
    </Dialog>
  )
}
