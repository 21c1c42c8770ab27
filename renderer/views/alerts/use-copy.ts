/** The raw record on screen, for `c`. */
import { useCallback, useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { create } from 'zustand'
import { useNotice } from '../../state/notice.ts'

export const useShownRaw = create<{ readonly copy: (() => void) | null }>(() => ({ copy: null }))

/** Copies text to the clipboard and says so. */
export function useCopyRaw(text: string | null): () => void {
  const { t } = useTranslation('alerts')
  const say = useNotice((state) => state.say)
  const copy = useCallback(() => {
    if (text === null) return
    void navigator.clipboard.writeText(text).then(
      () => say(t('raw.copied')),
      () => say(t('raw.notCopied'), 'fault'),
    )
  }, [text, t, say])
  useEffect(() => {
    if (text === null) return
    useShownRaw.setState({ copy })
    return () => useShownRaw.setState({ copy: null })
  }, [text, copy])
  return copy
}
