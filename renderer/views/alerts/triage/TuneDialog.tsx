import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Alert } from '../../../../shared/model/alert.ts'
import { TUNING_KINDS, type TuningDraft } from '../../../../shared/model/triage.ts'
import { useCommand, useQuery } from '../../../client/hooks.ts'
import { Button } from '../../../components/Button.tsx'
import { Field } from '../../../components/Field.tsx'
import { Dialog } from '../../../components/Popover.tsx'
import { Segmented } from '../../../components/Segmented.tsx'
import { ErrorState, Loading } from '../../../components/States.tsx'
import { VerdictLabel } from '../../../components/Verdict.tsx'
import { visibleText } from '../../../format/text.ts'
import { useFormat } from '../../../i18n/use-format.ts'
import { engineNow } from '../../../state/clock.ts'
import { useNotice } from '../../../state/notice.ts'

const DAYS = [1, 7, 30, 90] as const
const DAY = 86_400_000
const MOST_FIELDS = 40

/** Suppression, threshold or exception for what an alert tells of, with what it would have removed. */
export function TuneDialog({
  alert,
  operator,
  onClose,
}: {
  readonly alert: Alert
  readonly operator: string
  onClose(): void
}): ReactNode {
  const { t } = useTranslation('alerts')
  const format = useFormat()
  const say = useNotice((state) => state.say)
  const [kind, setKind] = useState<TuningDraft['kind']>('suppression')
  const [ends, setEnds] = useState({
    source: alert.source.ip ?? alert.source.name ?? '',
    destination: '',
    asset: alert.asset,
    user: '',
  })
  const [threshold, setThreshold] = useState({ count: 10, seconds: 3600 })
  const [fields, setFields] = useState<Readonly<Record<string, string>>>({})
  const [days, setDays] = useState<number>(7)
  const [owner, setOwner] = useState(operator)
  const [reason, setReason] = useState('')
  const [insist, setInsist] = useState('')
  const add = useCommand('tuning.add')
  const events = useQuery('alerts.events', kind === 'exception' ? { id: alert.id, limit: 1 } : null)
  const given = (text: string): string | null => (text.trim() === '' ? null : text.trim())
  const exception = kind === 'exception'
  const draft = {
    kind,
    detection: alert.detection,
    match: {
      source: exception ? null : given(ends.source),
      destination: exception ? null : given(ends.destination),
      asset: exception ? null : given(ends.asset),
      user: exception ? null : given(ends.user),
      fields: exception ? { ...fields } : {},
    },
    threshold: kind === 'threshold' ? threshold : null,
  }
  const empty =
    (kind === 'suppression' && Object.values(draft.match).every((one) => one === null || typeof one === 'object')) ||
    (exception && Object.keys(fields).length === 0)
  const preview = useQuery('tuning.preview', empty ? null : draft)
  const hides = preview.value?.confirmedTotal ?? 0
  const ready = !empty && owner.trim() !== '' && reason.trim() !== '' && (hides === 0 || insist.trim() !== '')
  const tune = async (): Promise<void> => {
    const expires = new Date(engineNow() + days * DAY).toISOString()
    const done = await add.run({ draft: { ...draft, expires, owner, reason }, insist: hides > 0 ? insist : null })
    if (!done.ok) return
    say(t(`tune.done.${kind}`))
    onClose()
  }
  const first = events.value?.events[0]
  return (
    <Dialog
      title={t('tune.title', { title: visibleText(alert.title) })}
      wide
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('common:cancel')}</Button>
          <Button kind="primary" disabled={!ready || add.running} onClick={() => void tune()}>
            {t(`tune.add.${kind}`)}
          </Button>
        </>
      }
    >
      <Segmented
        label={t('tune.kind')}
        value={kind}
        onChange={(next) => next !== null && setKind(next)}
        segments={TUNING_KINDS.filter((one) => one !== 'exception' || alert.kind === 'rule').map((value) => ({
          value,
          label: t(`tune.kinds.${value}`),
          title: t(`tune.about.${value}`),
        }))}
      />
      <p className="dim">{t(`tune.about.${kind}`)}</p>
      {exception ? (
        <fieldset className="al-tune-fields">
          <legend>{t('tune.fields')}</legend>
          <Loading waiting={events.loading && events.value === null} />
          {Object.entries(first?.fields ?? {})
            .slice(0, MOST_FIELDS)
            .map(([name, value]) => {
              const text = Array.isArray(value) ? (value[0] ?? '') : String(value)
              return (
                <label key={name}>
                  <input
                    type="checkbox"
                    checked={fields[name] !== undefined}
                    onChange={({ target }) => {
                      const { [name]: _, ...rest } = fields
                      setFields(target.checked ? { ...rest, [name]: text } : rest)
                    }}
                  />
                  <span className="mono">{visibleText(name)}</span>
                  <span className="mono ellipsis">{visibleText(text)}</span>
                </label>
              )
            })}
        </fieldset>
      ) : (
        <div className="al-tune-ends">
          {(['source', 'destination', 'asset', 'user'] as const).map((end) => (
            <Field key={end} label={t(`tune.end.${end}`)}>
              {(control) => (
                <input
                  {...control}
                  className="wf-input mono"
                  maxLength={256}
                  value={ends[end]}
                  placeholder={t('tune.any')}
                  onChange={({ target }) => setEnds({ ...ends, [end]: target.value })}
                />
              )}
            </Field>
          ))}
        </div>
      )}
      {kind === 'threshold' ? (
        <div className="al-tune-ends">
          {(['count', 'seconds'] as const).map((part) => (
            <Field key={part} label={t(`tune.${part}`)}>
              {(control) => (
                <input
                  {...control}
                  className="wf-input mono"
                  type="number"
                  min={part === 'count' ? 2 : 1}
                  max={part === 'count' ? 1_000_000 : 86_400}
                  value={threshold[part]}
                  onChange={({ target }) =>
                    setThreshold({ ...threshold, [part]: Math.max(1, Math.round(Number(target.value) || 1)) })
                  }
                />
              )}
            </Field>
          ))}
        </div>
      ) : null}
      <div className="al-tune-ends">
        <Field label={t('tune.expires')}>
          {(control) => (
            <select {...control} className="wf-input" value={days} onChange={({ target }) => setDays(Number(target.value))}>
              {DAYS.map((one) => (
                <option key={one} value={one}>
                  {t('tune.days', { count: one })}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label={t('tune.owner')}>
          {(control) => (
            <input
              {...control}
              className="wf-input"
              maxLength={256}
              value={owner}
              onChange={({ target }) => setOwner(target.value)}
            />
          )}
        </Field>
      </div>
      <Field label={t('tune.reason')}>
        {(control) => (
          <input
            {...control}
            className="wf-input"
            data-autofocus=""
            maxLength={4000}
            value={reason}
            onChange={({ target }) => setReason(target.value)}
          />
        )}
      </Field>
      <section className="al-tune-preview" aria-live="polite" aria-label={t('tune.preview')}>
        {empty ? <p className="dim">{t('tune.empty')}</p> : null}
        <Loading waiting={preview.loading && preview.value === null} />
        {preview.error && !empty ? <ErrorState error={preview.error} what={t('tune.noPreview')} /> : null}
        {preview.value && !empty ? (
          <>
            <p>
              {t('tune.would', {
                count: preview.value.alerts,
                alerts: format.number(preview.value.alerts),
                of: format.number(preview.value.of),
                events: format.number(preview.value.events),
              })}
            </p>
            {hides > 0 ? (
              <>
                <p className="al-tune-hides">{t('tune.hides', { count: hides, figure: format.number(hides) })}</p>
                <ul>
                  {preview.value.confirmed.slice(0, 5).map((one) => (
                    <li key={one.id}>
                      <span className="mono">A-{one.id}</span> {visibleText(one.title)} <VerdictLabel verdict={one.verdict} />
                    </li>
                  ))}
                </ul>
                <Field label={t('tune.insist')} note={t('tune.insistNote')}>
                  {(control) => (
                    <input
                      {...control}
                      className="wf-input"
                      maxLength={4000}
                      value={insist}
                      onChange={({ target }) => setInsist(target.value)}
                    />
                  )}
                </Field>
              </>
            ) : null}
          </>
        ) : null}
      </section>
      {add.error ? <ErrorState error={add.error} what={t('tune.failed')} /> : null}
    </Dialog>
  )
}
