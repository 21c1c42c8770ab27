/** What a report says in its language: words, figures, durations. Times are UTC, as on every screen. */
import type { ReportLanguage } from '../../../shared/model/report.ts'
import { microsFromIso } from '../../../shared/model/time.ts'
import { en, type WordKey } from './words.en.ts'
import { ko } from './words.ko.ts'

export type { WordKey } from './words.en.ts'

const WORDS: Readonly<Record<ReportLanguage, Readonly<Record<WordKey, string>>>> = { en, ko }

export type Values = Readonly<Record<string, string | number>>
export type Words = (key: WordKey, values?: Values) => string

/** Names in braces are filled in from `values`; numbers are written as figures. */
export const wordsOf =
  (language: ReportLanguage): Words =>
  (key, values = {}) =>
    WORDS[language][key].replace(/\{(\w+)\}/g, (whole, name: string) => {
      const value = Object.hasOwn(values, name) ? values[name] : undefined
      return value === undefined ? whole : typeof value === 'number' ? figure(value) : value
    })

const THIN = '\u202f'
/** `1842` → `1 842`, with the thin space of the screens. */
export const figure = (value: number): string => String(value).replace(/\B(?=(\d{3})+$)/g, THIN)

/** `2026-11-19 18:21:47`, UTC; decimals are not shown. */
export const dateTime = (iso: string): string => `${dayOf(iso)} ${clockOf(iso)}`
export const dayOf = (iso: string): string => iso.slice(0, iso.indexOf('T'))
export const clockOf = (iso: string): string => iso.slice(iso.indexOf('T') + 1, iso.indexOf('T') + 9)

/** From one time to a later one: `1 h 12`, `8 m 05`. */
export function duration(from: string, to: string, words: Words): string | null {
  const [begin, end] = [microsFromIso(from), microsFromIso(to)]
  if (begin === undefined || end === undefined || end < begin) return null
  const seconds = Math.floor((end - begin) / 1e6)
  const two = (value: number): string => String(value).padStart(2, '0')
  if (seconds < 60) return words('duration.seconds', { seconds })
  if (seconds < 3600) return words('duration.minutes', { minutes: Math.floor(seconds / 60), seconds: two(seconds % 60) })
  const minutes = Math.floor(seconds / 60)
  if (minutes < 1440) return words('duration.hours', { hours: Math.floor(minutes / 60), minutes: two(minutes % 60) })
  return words('duration.days', { days: Math.floor(minutes / 1440), hours: two(Math.floor(minutes / 60) % 24) })
}
