import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Tuning } from '../../../../shared/model/triage.ts'
import { eventsLink, formatRoute } from '../../../app/route.ts'
import { useCommand } from '../../../client/hooks.ts'
import { Button } from '../../../components/Button.tsx'
import { Field } from '../../../components/Field.tsx'
import { Pane } from '../../../components/Pane.tsx'
import { ErrorState } from '../../../components/States.tsx'
import { visibleText } from '../../../format/text.ts'
import { formatExact } from '../../../format/time.ts'
import { useFormat } from '../../../i18n/use-format.ts'
import { engineNow } from '../../../state/clock.ts'
import { useNotice } from '../../../state/notice.ts'
import { alertsOfRule } from '../links.ts'
import { heldBack } from './held-back.ts'
import { Ends, Matches } from './TuningRow.tsx'

const DAYS = [1, 7, 30, 90, 365] as const
const DAY = 86_400_000
/** gid:sid has no page among the rules. */
const SIGNATURE = /^\d+:\d+$/

/** One tuning: everything that was said of it, what it held back, and how it ends. */
export function TuningPanel({
  tuning,
  onChanged,
  onClose,
}: {
  readonly tuning: Tuning
  onChanged(): void
  onClose(): void
}): ReactNode {
  const { t } = useTranslation('rules')
  const format = useFormat()
  const say = useNotice((state) => state.say)
  const end = useCommand('tuning.end')
  const change = useCommand('tuning.change')
  const [days, setDays] = useState<number>(7)
  const [reason, setReason] = useState('')
  const active = tuning.state === 'active'
  const way = heldBack(tuning, engineNow())
  const running = end.running || change.running
  const endNow = async (): Promise<void> => {
    const done = await end.run({ id: tuning.id, reason: reason.trim() })
    if (!done.ok) return
    say(t('tuning.endedNow', { name: visibleText(tuning.title) }))
    onChanged()
  }
  const changeExpiry = async (): Promise<void> => {
    const expires = new Date(engineNow() + days * DAY).toISOString()
    const done = await change.run({ id: tuning.id, expires, reason: reason.trim() })
    if (!done.ok) return
    say(t('tuning.changed', { time: formatExact(expires) }))
    setReason('')
    onChanged()
  }
  const facts: readonly (readonly [string, ReactNode])[] = [
    [t('tuning.kind'), t(`alerts:tune.kinds.${tuning.kind}`)],
    [t('tuning.about'), t(`alerts:tune.about.${tuning.kind}`)],
    [t('tuning.matches'), <Matches key="matches" tuning={tuning} />],
    [t('tuning.owner'), visibleText(tuning.owner)],
    [t('tuning.reason'), visibleText(tuning.reason)],
    [t('tuning.made'), t('tuning.madeBy', { by: visibleText(tuning.createdBy), time: formatExact(tuning.created) })],
    [t('tuning.ends'), <Ends key="ends" tuning={tuning} />],
    ...(tuning.endedBy === null ? [] : [[t('tuning.endedBy'), visibleText(tuning.endedBy)] as const]),
    ...(tuning.insisted === null ? [] : [[t('tuning.insisted'), visibleText(tuning.insisted)] as const]),
    [
      t('tuning.removed'),
      tuning.kind === 'exception'
        ? t('tuning.notCounted')
        : t('tuning.removedOf', { count: tuning.removed, figure: format.number(tuning.removed) }),
    ],
    [t('tuning.last'), tuning.last === null ? '–' : formatExact(tuning.last)],
  ]
  return (
    <Pane as="aside" label={t('tuning.panel')} className="rt-panel">
      <header className="rt-head">
        <h2 className="ellipsis" title={visibleText(tuning.title)}>
          {visibleText(tuning.title)}
        </h2>
        <Button small kind="quiet" keys="Escape" aria-label={t('common:close')} onClick={onClose} />
      </header>
      <dl className="rt-facts">
        {facts.map(([name, text]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
      <ul className="rt-ways">
        {way === null ? (
          <li className="dim">{t('tuning.noEvents')}</li>
        ) : (
          <li>
            <a className="link" href={eventsLink(way.where, way.window)}>
              {t('tuning.events')}
            </a>
          </li>
        )}
        <li>
          <a className="link" href={alertsOfRule(tuning.detection)}>
            {t('tuning.alerts')}
          </a>
        </li>
        {SIGNATURE.test(tuning.detection) ? null : (
          <li>
            <a className="link" href={formatRoute('rules', {}, tuning.detection)}>
              {t('tuning.rule')}
            </a>
          </li>
        )}
      </ul>
      {active ? (
        <div className="rt-acts">
          <Field label={t('tuning.why')}>
            {(control) => (
              <input
                {...control}
                className="wf-input"
                maxLength={4000}
                value={reason}
                onChange={(event) => setReason(event.target.value)}
              />
            )}
          </Field>
          <div className="rt-row">
            <Field label={t('tuning.newEnd')}>
              {(control) => (
                <select {...control} className="wf-input" value={days} onChange={({ target }) => setDays(Number(target.value))}>
                  {DAYS.map((one) => (
                    <option key={one} value={one}>
                      {t('alerts:tune.days', { count: one })}
                    </option>
                  ))}
                </select>
              )}
            </Field>
            <Button disabled={running} onClick={() => void changeExpiry()}>
              {t('tuning.change')}
            </Button>
            <span className="grow" />
            <Button kind="primary" disabled={running} onClick={() => void endNow()}>
              {t('tuning.end')}
            </Button>
          </div>
          {end.error ? <ErrorState error={end.error} what={t('tuning.notEnded')} /> : null}
          {change.error ? <ErrorState error={change.error} what={t('tuning.notChanged')} /> : null}
        </div>
      ) : null}
    </Pane>
  )
}
