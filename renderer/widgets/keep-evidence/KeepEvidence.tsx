import { useId, useState, type FormEvent, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Incident } from '../../../shared/model/incident.ts'
import type { Result, WatchfloorError } from '../../../shared/model/result.ts'
import { useClient } from '../../client/hooks.ts'
import type { WatchfloorClient } from '../../client/types.ts'
import { Button } from '../../components/Button.tsx'
import { Field } from '../../components/Field.tsx'
import { Dialog } from '../../components/Popover.tsx'
import { ErrorState } from '../../components/States.tsx'
import { visibleText } from '../../format/text.ts'
import { useFormat } from '../../i18n/use-format.ts'
import { useNotice } from '../../state/notice.ts'
import { IncidentPicker } from '../incident-picker/IncidentPicker.tsx'
import { useLastKept } from './last-kept.ts'
import './keep-evidence.css'

/** What can be kept: raw records of events, or objects of an open capture by their ids. */
export type Kept =
  | { readonly kind: 'records'; readonly events: readonly string[] }
  | {
      readonly kind: 'objects'
      readonly capture: string
      readonly objects: readonly { readonly id: string; readonly name: string }[]
    }

/** Named one by one; more are counted. */
const MOST_NAMED = 5

/** Keeps something as evidence: of which incident, and with which note. It is copied, hashed and read-only from then on. */
export function KeepEvidence({
  what,
  alert = null,
  incident = null,
  onClose,
}: {
  readonly what: Kept
  /** An alert whose packets can be kept with it. */
  readonly alert?: string | null
  /** The incident that is meant first. */
  readonly incident?: string | null
  onClose(): void
}): ReactNode {
  const { t } = useTranslation('keep-evidence')
  const format = useFormat()
  const client = useClient()
  const say = useNotice((state) => state.say)
  const last = useLastKept((state) => state.number)
  const [into, setInto] = useState<Incident | null>(null)
  const [note, setNote] = useState('')
  const [internal, setInternal] = useState(false)
  const [packets, setPackets] = useState(false)
  const [done, setDone] = useState<readonly string[]>([])
  const [error, setError] = useState<WatchfloorError | null>(null)
  const [running, setRunning] = useState(false)
  const form = useId()
  const names = namesOf(what)
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (into === null || running) return
    setRunning(true)
    setError(null)
    void keep(client, what, { number: into.number, note: note.trim(), internal }, packets ? alert : null, done).then((kept) => {
      setRunning(false)
      useLastKept.setState({ number: into.number })
      setDone(kept.done)
      if (kept.error) return setError(kept.error)
      const ids = kept.ids.length === 0 ? '–' : format.list(kept.ids)
      say(
        [
          t('kept', { count: kept.ids.length, ids, number: into.number }),
          ...(packets && kept.flows === 0 ? [t('noPackets')] : []),
        ].join(' '),
      )
      onClose()
    })
  }
  return (
    <Dialog
      title={t('title')}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('common:cancel')}</Button>
          <Button kind="primary" type="submit" form={form} disabled={into === null || running}>
            {into ? t('keepIn', { number: into.number }) : t('keep')}
          </Button>
        </>
      }
    >
      <form id={form} className="ke" onSubmit={submit}>
        <ul aria-label={t(`what.${what.kind}`, { count: names.length, figure: format.number(names.length) })}>
          {names.slice(0, MOST_NAMED).map((name, index) => (
            <li key={index} className="mono ellipsis" title={visibleText(name)}>
              {visibleText(name)}
            </li>
          ))}
          {names.length > MOST_NAMED ? (
            <li>{t('more', { count: names.length - MOST_NAMED, figure: format.number(names.length - MOST_NAMED) })}</li>
          ) : null}
        </ul>
        <p className="dim">{t('about')}</p>
        <IncidentPicker label={t('into')} chosen={into} eager preferred={incident ?? last} onChoose={setInto} />
        <Field label={t('note')}>
          {(control) => (
            <textarea
              {...control}
              className="wf-input ke-note"
              rows={2}
              maxLength={4000}
              value={note}
              onChange={(event) => setNote(event.target.value)}
            />
          )}
        </Field>
        <label className="wf-check">
          <input type="checkbox" checked={internal} onChange={(event) => setInternal(event.target.checked)} />
          {t('internal')}
        </label>
        {alert === null ? null : (
          <label className="wf-check">
            <input type="checkbox" checked={packets} onChange={(event) => setPackets(event.target.checked)} />
            {t('packets')}
          </label>
        )}
        {error ? (
          <ErrorState
            error={error}
            what={done.length > 0 ? t('partly', { count: done.length, figure: format.number(done.length) }) : t('failed')}
          />
        ) : null}
      </form>
    </Dialog>
  )
}

const namesOf = (what: Kept): readonly string[] =>
  what.kind === 'records' ? what.events.map((id) => `E ${id}`) : what.objects.map(({ id, name }) => (name === '' ? id : name))

interface Outcome {
  readonly ids: readonly string[]
  readonly flows: number
  /** What is kept already: not kept again where the rest is tried again. */
  readonly done: readonly string[]
  readonly error: WatchfloorError | null
}

async function keep(
  client: WatchfloorClient,
  what: Kept,
  into: { readonly number: string; readonly note: string; readonly internal: boolean },
  alert: string | null,
  before: readonly string[],
): Promise<Outcome> {
  const ids: string[] = []
  const done = [...before]
  let flows = 0
  const steps: readonly (readonly [string, () => Promise<Result<{ ids: string[] }>>])[] = [
    ...(what.kind === 'records'
      ? [[what.events.join(' '), () => client.command('incidents.addRecords', { ...into, events: [...what.events] })] as const]
      : what.objects.map(
          ({ id }) => [id, () => client.command('incidents.addObject', { ...into, capture: what.capture, object: id })] as const,
        )),
    ...(alert === null
      ? []
      : [
          [
            `alert ${alert}`,
            () => client.command('incidents.addPackets', { number: into.number, from: { kind: 'alert' as const, alert } }),
          ] as const,
        ]),
  ]
  for (const [name, run] of steps) {
    if (done.includes(`${into.number} ${name}`)) continue
    const kept = await run()
    if (!kept.ok) return { ids, flows, done, error: kept.error }
    ids.push(...kept.value.ids)
    if (name.startsWith('alert ')) flows += kept.value.ids.length
    done.push(`${into.number} ${name}`)
  }
  return { ids, flows, done, error: null }
}
