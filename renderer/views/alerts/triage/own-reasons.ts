/** Reasons of verdicts: the shipped ones, and those that the desk added. */
import { useCallback, useEffect, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { create } from 'zustand'
import type { Verdict } from '../../../../shared/model/alert.ts'
import { REASONS, type OwnReason } from '../../../../shared/model/triage.ts'
import { useQuery } from '../../../client/hooks.ts'
import { visibleText } from '../../../format/text.ts'
import { useFormat } from '../../../i18n/use-format.ts'

/** Grows when this screen has changed them. */
export const useReasonsTurn = create<{ readonly turn: number }>(() => ({ turn: 0 }))

export interface Reasons {
  /** Those of the desk, retired ones too; the oldest first. */
  readonly own: readonly OwnReason[]
  /** Codes that are offered for a verdict; `other` is the last. */
  of(verdict: Verdict): readonly string[]
  /** In the language on screen. */
  text(code: string): string
}

export function useReasons(): Reasons {
  const { t } = useTranslation('alerts')
  const { language } = useFormat()
  const { value, refresh } = useQuery('triage.reasons', {})
  const turn = useReasonsTurn((state) => state.turn)
  useEffect(() => {
    if (turn > 0) refresh()
  }, [turn, refresh])
  const own = useMemo(() => value?.reasons ?? [], [value])
  const of = useCallback(
    (verdict: Verdict): readonly string[] => [
      ...REASONS[verdict].filter((code) => code !== 'other'),
      ...own.filter((reason) => reason.verdict === verdict && !reason.retired).map(({ code }) => code),
      'other',
    ],
    [own],
  )
  const text = useCallback(
    (code: string): string => {
      const words = own.find((reason) => reason.code === code)?.words
      return words ? visibleText(words[language]) : t(`reasons.${code}`, { defaultValue: visibleText(code) })
    },
    [own, language, t],
  )
  return { own, of, text }
}
