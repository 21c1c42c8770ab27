import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import type { Sentence } from '../../shared/model/sentence.ts'
import { sentenceText } from './sentence-text.ts'
import { useFormat } from './use-format.ts'

/** Puts what the engine says into the words of the language on screen. */
export function useSentence(): (sentence: Sentence) => string {
  const { t } = useTranslation('engine')
  const format = useFormat()
  return useCallback((sentence) => sentenceText(sentence, (key, options) => t(key, options), format), [t, format])
}
