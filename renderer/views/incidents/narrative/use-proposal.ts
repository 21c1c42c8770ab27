import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import { useCommand } from '../../../client/hooks.ts'
import { useNotice } from '../../../state/notice.ts'
import { useEditor } from '../editor/editor-context.ts'

/** The proposal made anew, and its sentences confirmed at once; what came of it is said. */
export function useProposal(): {
  readonly running: boolean
  /** Sentences that are proposed and rest on something. */
  readonly open: readonly string[]
  propose(): void
  confirmAll(): void
} {
  const { t } = useTranslation('incidents')
  const { number, parts } = useEditor()
  const say = useNotice((state) => state.say)
  const { run: ask, running: asking } = useCommand('incidents.propose')
  const { run: confirm, running: confirming } = useCommand('incidents.confirm')
  const open = parts.sentences.filter(({ state, cites }) => state === 'proposed' && cites.length > 0).map(({ id }) => id)
  const running = asking || confirming
  const propose = useCallback(() => {
    void ask({ number }).then((done) => {
      if (!done.ok) return say(t('proposal.failed'), 'fault')
      const { added, changed, removed, left, alertsLeftOut } = done.value
      const counts = t('proposal.made', { added, changed, removed, left })
      say(alertsLeftOut > 0 ? `${counts} ${t('proposal.leftOut', { count: alertsLeftOut })}` : counts)
    })
  }, [ask, number, say, t])
  const confirmAll = (): void => {
    if (open.length === 0) return
    void confirm({ number, sentences: open }).then((done) =>
      done.ok ? say(t('proposal.confirmed', { count: done.value.confirmed })) : say(t('proposal.notConfirmed'), 'fault'),
    )
  }
  return { running, open, propose, confirmAll }
}
