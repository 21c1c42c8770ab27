import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import { useNotice } from '../../../../state/notice.ts'

/** Copies text to the clipboard and says so in the status bar. */
export function useCopy(): (text: string) => void {
  const { t } = useTranslation('packet-tools')
  const say = useNotice((state) => state.say)
  return useCallback(
    (text) => {
      void navigator.clipboard.writeText(text).then(
        () => say(t('copied')),
        () => say(t('notCopied'), 'fault'),
      )
    },
    [say, t],
  )
}
