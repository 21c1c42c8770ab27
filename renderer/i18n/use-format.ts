import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { formatBytes, formatNumber, formatRate } from '../format/number.ts'
import { formatAge, formatLength, formatMillis, type Language } from '../format/time.ts'

export interface Format {
  readonly language: Language
  /** Seconds → `8 m 05`. */
  age(seconds: number): string
  /** Seconds with one decimal below ten. */
  fineAge(seconds: number): string
  /** A length of time in a sentence: `1 hour, 30 minutes`. */
  length(seconds: number): string
  /** How long something took: in milliseconds below a second. */
  span(seconds: number): string
  number(value: number, decimals?: number): string
  bytes(value: number): string
  rate(perSecond: number): string
  /** Names joined as the language joins them. */
  list(items: readonly string[]): string
}

/** The formats of `renderer/format` bound to the language on screen. */
export function useFormat(): Format {
  const { i18n } = useTranslation()
  const language: Language = i18n.language === 'ko' ? 'ko' : 'en'
  return useMemo(() => {
    const lists = new Intl.ListFormat(language, { style: 'short', type: 'conjunction' })
    return {
      language,
      age: (seconds) => formatAge(seconds, language),
      fineAge: (seconds) => formatAge(seconds, language, true),
      length: (seconds) => formatLength(seconds, language),
      span: (seconds) => (seconds < 1 ? formatMillis(seconds) : formatAge(seconds, language, true)),
      number: formatNumber,
      bytes: formatBytes,
      rate: formatRate,
      list: (items) => lists.format(items),
    }
  }, [language])
}
