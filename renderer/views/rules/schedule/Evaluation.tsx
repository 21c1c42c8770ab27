import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { RuleSummary } from '../../../../shared/model/rule.ts'
import { useCommand } from '../../../client/hooks.ts'
import { Button } from '../../../components/Button.tsx'
import { PaneHead } from '../../../components/Pane.tsx'
import { visibleText } from '../../../format/text.ts'
import { formatExact, secondsSince } from '../../../format/time.ts'
import { useFormat } from '../../../i18n/use-format.ts'
import { useEngineNow } from '../../../state/clock.ts'
import { useNotice } from '../../../state/notice.ts'
import { HOURS, useSchedule } from './use-schedule.ts'

/** How a rule is evaluated, what that costs, and how its runs went. */
export function Evaluation({ rule, onChanged }: { readonly rule: RuleSummary; onChanged(): void }): ReactNode {
  const { t } = useTranslation('rules')
  const format = useFormat()
  const now = useEngineNow()
  const say = useNotice((state) => state.say)
  const { set, running: setting } = useSchedule(onChanged)
  const run = useCommand('rules.runNow')
  const stop = useCommand('rules.stopRun')
  const { schedule, cost, slow } = rule
  const runs = schedule !== null && rule.enabled && !schedule.step
  const percent = (share: number): string => format.number(share * 100, share < 0.1 ? 1 : 0)
  const ago = (at: string): string => t('ago', { age: format.age(secondsSince(at, now)) })
  return (
    <section aria-label={t('schedule.title')}>
      <PaneHead title={t('schedule.title')} />
      {slow === null ? null : (
        <p className="ru-slow" role="status">
          {t(`schedule.slow.${slow.why}`, {
            share: percent(slow.share),
            longest: format.number(slow.longestMicros / 1000, 1),
          })}{' '}
          <Button small disabled={setting} onClick={() => set([rule], 24)}>
            {t('schedule.putAside')}
          </Button>
        </p>
      )}
      <p className="ru-tier">
        <select
          className="wf-input wf-input-small"
          aria-label={t('schedule.title')}
          disabled={setting}
          value={schedule?.hours ?? 0}
          onChange={(event) => set([rule], Number(event.target.value) || null)}
        >
          <option value={0}>{t('schedule.live')}</option>
          {[...new Set([...HOURS, schedule?.hours ?? 24])]
            .sort((a, b) => a - b)
            .map((hours) => (
              <option key={hours} value={hours}>
                {t('schedule.every', { count: hours, figure: format.number(hours) })}
              </option>
            ))}
        </select>
        {runs && schedule.running ? (
          <Button small disabled={stop.running} onClick={() => void stop.run({})}>
            {t('schedule.stop')}
          </Button>
        ) : runs ? (
          <Button
            small
            disabled={run.running}
            onClick={() =>
              void run.run({ ids: [rule.id] }).then((done) => (done.ok ? onChanged() : say(t('schedule.notRun'), 'fault')))
            }
          >
            {t('schedule.runNow')}
          </Button>
        ) : null}
      </p>
      {schedule === null ? null : (
        <p className="ru-statistics">
          {schedule.step ? (
            t('schedule.step')
          ) : schedule.running ? (
            t('schedule.running')
          ) : schedule.last === null ? (
            t('schedule.never')
          ) : (
            <span title={formatExact(schedule.last.at)}>
              {schedule.last.problem === null
                ? t('schedule.last', {
                    count: schedule.last.matches,
                    figure: format.number(schedule.last.matches),
                    scanned: format.number(schedule.last.scanned),
                    ago: ago(schedule.last.at),
                  })
                : t('schedule.lastFailed', { ago: ago(schedule.last.at), problem: visibleText(schedule.last.problem) })}
            </span>
          )}{' '}
          {runs && !schedule.running && schedule.last !== null ? (
            <span>{t('schedule.next', { time: formatExact(schedule.next) })}</span>
          ) : null}
        </p>
      )}
      {cost === null ? null : (
        <p className="ru-statistics">
          {t('schedule.cost', {
            share: percent(cost.share),
            events: format.number(cost.events),
            micros: format.number(cost.micros / Math.max(1, cost.events), 1),
          })}
        </p>
      )}
    </section>
  )
}
