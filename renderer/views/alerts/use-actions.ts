/** What a person does with alerts: one command for all that are meant, the answer shown at once, and a line that says it. */
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Alert, Verdict } from '../../../shared/model/alert.ts'
import type { Decided } from '../../../shared/model/triage.ts'
import type { Result } from '../../../shared/model/result.ts'
import { useClient } from '../../client/hooks.ts'
import { formatMoment } from '../../format/time.ts'
import { useFormat } from '../../i18n/use-format.ts'
import { engineNow } from '../../state/clock.ts'
import { useNotice } from '../../state/notice.ts'
import { useDesk } from './desk.ts'
import { usualReason } from './triage/method.ts'
import { useVerifyNow } from './verify-now.ts'

/** The contract takes so many at once. */
const MOST = 1000

/** What a decision says beside its verdict. */
export interface Said extends Decided {
  readonly reason: string
}

export interface Actions {
  /** Gives false where there is nothing to act on. */
  take(): boolean
  release(): boolean
  decide(verdict: Verdict): Promise<void>
  /** The same for alerts like one that was decided. */
  decideAlike(ids: readonly string[], verdict: Verdict, like: Said): Promise<void>
  snooze(until: string): Promise<void>
  reopen(): Promise<void>
  undo(): Promise<void>
}

export function useActions({
  targets,
  patch,
  advance,
  goTo,
  titleOf,
  onDecided,
}: {
  readonly targets: readonly string[]
  /** Shows the answer in the rows. */
  patch(alerts: readonly Alert[]): void
  /** Moves the cursor on from these. */
  advance(done: readonly string[]): void
  goTo(id: string | null): void
  /** Of an alert, for the incident that is opened for it. */
  titleOf(id: string): string
  /** Decided, and `told` so: alerts alike may be offered. */
  onDecided(alert: Alert, verdict: Verdict, said: Said, told: string): void
}): Actions {
  const { t } = useTranslation('alerts')
  const format = useFormat()
  const client = useClient()
  const say = useNotice((state) => state.say)
  return useMemo(() => {
    const ids = targets.slice(0, MOST)
    const count = ids.length
    const figure = format.number(count)
    const told = (result: Result<{ alerts: readonly Alert[] }>, done: string): boolean => {
      if (!result.ok) {
        say(
          `${t('did.failed')} ${t(`common:error.${result.error.code}`, { permission: 'permission' in result.error ? result.error.permission : '' })}`,
          'fault',
        )
        return false
      }
      patch(result.value.alerts)
      say(done)
      return true
    }
    /** Without an engine nothing is done, and the cursor stays. */
    const ready = (): boolean => {
      if (client.state === 'open') return count > 0
      say(`${t('did.failed')} ${t('common:error.engine_gone')}`, 'fault')
      return false
    }
    /** The incident that alerts with impact join: the one they fit best, or a new one with the alert's name. */
    const joins = async (some: readonly string[]): Promise<Said['join']> => {
      const fits = await client.query('incidents.suggest', { alerts: [...some] })
      const best = fits.ok ? fits.value.incidents[0] : undefined
      return best?.number ?? { title: titleOf(some[0] ?? '') }
    }
    const decided = async (some: readonly string[], verdict: Verdict, like: Said): Promise<void> => {
      const result = await client.command('alerts.decide', { ids: [...some], verdict, ...like })
      const number = result.ok ? (result.value.alerts[0]?.incident ?? null) : null
      const said = { count: some.length, figure: format.number(some.length), verdict: t(`common:verdict.${verdict}`) }
      const words = verdict === 'tp_impact' && number !== null ? t('did.joined', { ...said, number }) : t('did.decided', said)
      const done = told(result, words)
      const [first] = result.ok ? result.value.alerts : []
      if (done && first !== undefined) onDecided(first, verdict, { ...like, join: number ?? like.join }, words)
    }
    return {
      take: () => {
        if (!ready()) return false
        void client.command('alerts.take', { ids }).then((result) => told(result, t('did.taken', { count, figure })))
        return true
      },
      release: () => {
        if (!ready()) return false
        void client.command('alerts.release', { ids }).then((result) => told(result, t('did.released', { count, figure })))
        return true
      },
      decide: async (verdict) => {
        if (!ready()) return
        const { reason, why } = useDesk.getState()
        const { latest } = useVerifyNow.getState()
        const rests = ids.length === 1 && latest?.alert === ids[0] ? latest : null
        const chosen = why ?? usualReason(verdict, rests?.result ?? null, rests?.findings[0]?.family ?? null)
        if (chosen === 'other' && reason.trim() === '') return say(t('decide.wantsWords'), 'fault')
        const join = verdict === 'tp_impact' ? await joins(ids) : null
        // The next one is under the cursor before the answer is there.
        advance(ids)
        await decided(ids, verdict, {
          why: chosen,
          reason,
          restsOn: rests === null ? null : { verification: rests.number, test: rests.findings[0]?.test ?? null },
          join,
        })
      },
      decideAlike: async (alike, verdict, like) => {
        if (!ready()) return
        await decided(alike, verdict, like)
      },
      snooze: async (until) => {
        if (!ready()) return
        const { reason } = useDesk.getState()
        advance(ids)
        told(
          await client.command('alerts.snooze', { ids, until, reason }),
          t('did.snoozed', { count, figure, time: formatMoment(until, engineNow()) }),
        )
      },
      reopen: async () => {
        if (!ready()) return
        told(await client.command('alerts.reopen', { ids }), t('did.reopened', { count, figure }))
      },
      undo: async () => {
        const result = await client.command('alerts.undo', {})
        if (result.ok && result.value.action === null) return say(t('did.nothing'))
        const done =
          result.ok && result.value.action
            ? t(`did.undone.${result.value.action.action}`, { defaultValue: t('did.undone.any') })
            : ''
        const emptied = (result.ok ? result.value.emptied : []).map(({ number, closed }) =>
          t(closed ? 'did.emptiedClosed' : 'did.emptied', { number }),
        )
        if (!told(result, [done, ...emptied].join(' ')) || !result.ok) return
        const first = result.value.alerts[0]
        if (first) goTo(first.id)
      },
    }
  }, [targets, client, patch, advance, goTo, titleOf, onDecided, say, t, format])
}
