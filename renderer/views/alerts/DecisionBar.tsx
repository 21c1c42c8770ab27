import { useRef, useState, type ReactNode, type RefObject } from 'react'
import { useTranslation } from 'react-i18next'
import { VERDICTS, type Alert, type Verdict } from '../../../shared/model/alert.ts'
import { useQuery } from '../../client/hooks.ts'
import { Button } from '../../components/Button.tsx'
import { Menu, type MenuItem } from '../../components/Menu.tsx'
import { Segmented } from '../../components/Segmented.tsx'
import { useFormat } from '../../i18n/use-format.ts'
import { formatMoment } from '../../format/time.ts'
import { useEngineNow } from '../../state/clock.ts'
import { useDesk } from './desk.ts'
import { nextMorning } from './snooze.ts'
import { usualReason } from './triage/method.ts'
import { useReasons } from './triage/own-reasons.ts'
import { useTriage } from './triage/TriageDialogs.tsx'
import { useVerifyNow } from './verify-now.ts'

/** Seconds of the snoozes that are offered; the last is until eight in the morning, local time. */
const SNOOZES = [900, 3600, 14_400, 86_400] as const

/** At the foot of the panel, always in the same place: verdict, reason, and what is done with it. */
export function DecisionBar({
  targets,
  decided,
  reasonRef,
  snooze,
  running,
  onDecide,
  onSnooze,
  onCloseSnooze,
  onOpenSnooze,
  onTake,
  onReopen,
  onTune,
  taken,
  alerts,
}: {
  /** How many alerts it is about. */
  readonly targets: number
  /** They are all decided (or snoozed) already: they can be reopened. */
  readonly decided: boolean
  /** They are all taken. */
  readonly taken: boolean
  readonly reasonRef: RefObject<HTMLInputElement | null>
  /** The snooze menu is open. */
  readonly snooze: boolean
  readonly running: boolean
  onDecide(verdict: Verdict): void
  onSnooze(until: string): void
  onOpenSnooze(): void
  onCloseSnooze(): void
  onTake(): void
  onReopen(): void
  /** Null where there is no alert to tune by. */
  readonly onTune: (() => void) | null
  /** Those that are on screen of them. */
  readonly alerts: readonly Alert[]
}): ReactNode {
  const { t } = useTranslation('alerts')
  const format = useFormat()
  const now = useEngineNow()
  const { verdict, why, reason, armed } = useDesk()
  const reasons = useReasons()
  const latest = useVerifyNow((state) => state.latest)
  const rests = alerts.length === 1 && latest?.alert === alerts[0]?.id ? latest : null
  const chosen =
    verdict === null ? null : (why ?? usualReason(verdict, rests?.result ?? null, rests?.findings[0]?.family ?? null))
  const joining = verdict === 'tp_impact' && alerts.some(({ incident }) => incident === null)
  const fits = useQuery('incidents.suggest', joining ? { alerts: alerts.slice(0, 1000).map(({ id }) => id) } : null)
  const snoozeButton = useRef<HTMLButtonElement>(null)
  const [missing, setMissing] = useState(false)
  const decide = (): void => {
    setMissing(verdict === null)
    if (verdict !== null) onDecide(verdict)
    else {
      // The digit that decides must not be written into the reason.
      reasonRef.current?.blur()
      useDesk.setState({ armed: true })
    }
  }
  const until = (ms: number): string => new Date(ms).toISOString()
  const morning = nextMorning(now)
  const snoozes: MenuItem[] = [
    ...SNOOZES.map((seconds, index) => ({
      id: String(seconds),
      label: t('snooze.for', {
        age: format
          .age(seconds)
          .replace(/ 00$/, '')
          .replace(/ 00(시간|분|초)$/, ''),
      }),
      note: formatMoment(now + seconds * 1000, now),
      keys: String(index + 1),
      run: () => onSnooze(until(now + seconds * 1000)),
    })),
    {
      id: 'morning',
      label: t('snooze.morning'),
      note: formatMoment(morning, now),
      keys: '5',
      rule: true,
      run: () => onSnooze(until(morning)),
    },
  ]
  const label =
    joining && fits.value
      ? t(fits.value.incidents[0] ? 'decide.join' : 'decide.open', { number: fits.value.incidents[0]?.number ?? '' })
      : verdict === null
        ? t(targets > 1 ? 'decide.many' : 'decide.one', { count: targets, figure: format.number(targets) })
        : t(targets > 1 ? 'decide.manyAs' : 'decide.oneAs', {
            count: targets,
            figure: format.number(targets),
            verdict: t(`common:verdictShort.${verdict}`),
          })
  return (
    <footer className={armed ? 'al-decide on' : 'al-decide'} aria-label={t('decide.label')}>
      <Segmented
        label={t('decide.verdict')}
        value={verdict}
        onChange={(next) => useDesk.setState({ verdict: next, why: null })}
        segments={VERDICTS.map((value, index) => ({
          value,
          label: t(`common:verdictShort.${value}`),
          title: t(`common:verdict.${value}`),
          keyHint: String(index + 1),
        }))}
      />
      <div className="al-decide-why">
        <select
          className="wf-input wf-input-small"
          aria-label={t('decide.why')}
          disabled={verdict === null}
          value={chosen ?? ''}
          onChange={(event) => useDesk.setState({ why: event.target.value })}
        >
          {verdict === null ? (
            <option value="">{t('decide.why')}</option>
          ) : (
            reasons.of(verdict).map((code) => (
              <option key={code} value={code}>
                {reasons.text(code)}
              </option>
            ))
          )}
        </select>
        <Button small kind="quiet" keys="m" onClick={() => useTriage.setState({ open: 'method' })}>
          {t('method.button')}
        </Button>
      </div>
      {rests !== null && verdict !== null ? (
        <p className="al-decide-rests">
          {t('decide.rests', { test: rests.findings[0]?.test ?? t('decide.noTest'), number: rests.number })}
        </p>
      ) : null}
      <input
        ref={reasonRef}
        className="wf-input wf-input-small"
        aria-label={t('decide.reason')}
        placeholder={t('decide.reasonHint')}
        maxLength={4000}
        value={reason}
        onChange={(event) => useDesk.setState({ reason: event.target.value })}
        onKeyDown={(event) => {
          if (event.nativeEvent.isComposing) return
          if (event.key === 'Enter') decide()
          else if (event.key === 'Escape') event.currentTarget.blur()
          else return
          event.preventDefault()
          event.stopPropagation()
        }}
      />
      <div className="al-decide-buttons">
        {decided ? (
          <Button kind="primary" className="grow" keys="R" disabled={running} onClick={onReopen}>
            {t('decide.reopen', { count: targets, figure: format.number(targets) })}
          </Button>
        ) : (
          <Button kind="primary" className="grow" keys="d" disabled={running} onClick={decide}>
            {armed && verdict === null
              ? t(targets > 1 ? 'decide.armedMany' : 'decide.armed', { count: targets, figure: format.number(targets) })
              : label}
          </Button>
        )}
        {taken || decided ? null : (
          <Button keys="a" onClick={onTake}>
            {t('decide.take')}
          </Button>
        )}
        <Button keys="t" disabled={onTune === null} onClick={() => onTune?.()}>
          {t('decide.tune')}
        </Button>
        {decided ? null : (
          <Button ref={snoozeButton} keys="z" aria-haspopup="menu" aria-expanded={snooze} onClick={onOpenSnooze}>
            {t('decide.snooze')}
          </Button>
        )}
      </div>
      <span className="sr" role="status">
        {armed ? t('decide.armed') : missing && verdict === null ? t('decide.noVerdict') : ''}
      </span>
      {snooze && !decided ? (
        <Menu anchor={snoozeButton} align="end" label={t('snooze.title')} items={snoozes} onClose={onCloseSnooze} />
      ) : null}
    </footer>
  )
}
