/**
 * Languages. One namespace per view and one for what all share: `en/<noun>.json` and `ko/<noun>.json`, found by glob, so a new
 * view brings its two files and nothing else changes. English is the source; a test fails on keys that are missing or extra. The English of what
 * the engine says stands in `shared/model/sentences.ts`.
 */
import i18next, { type i18n } from 'i18next'
import { initReactI18next } from 'react-i18next'
import type { Language } from '../format/time.ts'
import { engineWords } from './engine-words.ts'

export const LANGUAGES: readonly Language[] = ['en', 'ko']

interface Texts {
  readonly [key: string]: string | Texts
}
const files = import.meta.glob<Texts>('./{en,ko}/*.json', { eager: true, import: 'default' })

/** All texts: language → namespace → keys. */
export function textResources(): Record<string, Record<string, Texts>> {
  const resources: Record<string, Record<string, Texts>> = { en: { engine: { said: engineWords() } } }
  for (const [path, texts] of Object.entries(files)) {
    const match = /^\.\/([a-z]+)\/([a-z-]+)\.json$/.exec(path)
    if (!match?.[1] || !match[2]) continue
    const language = (resources[match[1]] ??= {})
    language[match[2]] = texts
  }
  return resources
}

/** Starts the language system; synchronous, the texts are in the bundle. React escapes, so i18next does not. */
export function startLanguages(language: Language): i18n {
  void i18next.use(initReactI18next).init({
    resources: textResources(),
    lng: language,
    fallbackLng: 'en',
    defaultNS: 'common',
    fallbackNS: 'common',
    interpolation: { escapeValue: false },
    returnNull: false,
    initAsync: false,
  })
  return i18next
}

/** The language of the machine, where there is one of ours. */
export function machineLanguage(): Language {
  const wanted = typeof navigator === 'undefined' ? [] : navigator.languages
  for (const tag of wanted) {
    const found = LANGUAGES.find((language) => tag.toLowerCase().startsWith(language))
    if (found) return found
  }
  return 'en'
}
