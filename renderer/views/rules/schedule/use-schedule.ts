import { useTranslation } from 'react-i18next'
import type { RuleSummary } from '../../../../shared/model/rule.ts'
import { useCommand } from '../../../client/hooks.ts'
import { visibleText } from '../../../format/text.ts'
import { useFormat } from '../../../i18n/use-format.ts'
import { useNotice } from '../../../state/notice.ts'

/** Hours between two runs that are offered. */
export const HOURS: readonly number[] = [1, 6, 24, 168]

/** Puts rules on a schedule, or (null) has them evaluated live again; says what became of it. */
export function useSchedule(onChanged: () => void): {
  set(rules: readonly Pick<RuleSummary, 'id' | 'title'>[], hours: number | null): void
  readonly running: boolean
} {
  const { t } = useTranslation('rules')
  const format = useFormat()
  const say = useNotice((state) => state.say)
  const schedule = useCommand('rules.schedule')
  return {
    running: schedule.running,
    set(rules, hours) {
      if (rules.length === 0) return
      void schedule.run({ ids: rules.map(({ id }) => id), hours }).then((done) => {
        if (!done.ok) return say(t('notTurned'), 'fault')
        const name = visibleText(rules[0]?.title ?? '')
        const figure = format.number(rules.length)
        const every = t('schedule.every', { count: hours ?? 0, figure: format.number(hours ?? 0) })
        say(
          rules.length === 1
            ? t(hours === null ? 'schedule.nowLive' : 'schedule.nowScheduled', { name, every })
            : t(hours === null ? 'schedule.allLive' : 'schedule.allScheduled', { count: rules.length, figure, every }),
        )
        onChanged()
      })
    },
  }
}
